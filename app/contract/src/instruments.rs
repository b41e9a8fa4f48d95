//! Instruments: everything that can be held, and the classes it falls into.

mod draft;
mod terms;

pub use draft::{InstrumentPatch, IssuerPatch, NewInstrument, NewIssuer};
pub use terms::{CouponFrequency, DayCount, OptionRight, Strategy, Terms, TermsPatch};

use crate::{
    Change, ListQuery, Nothing, Page, Reply, Timestamp, demo,
    ids::{ById, Industry, InstrumentClassId, InstrumentId, IssuerId, at, id},
    operation::operation,
    query::list_query,
    text::{Country, Currency, Name, text},
};
use serde::{Deserialize, Serialize};

macro_rules! types {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal),+ $(,)?) => {
        /// What an instrument is. Its `terms` depend on it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum InstrumentType {
            $($(#[doc = $doc])+ $name),+
        }
        impl InstrumentType {
            /// Every type.
            pub const ALL: &[Self] = &[$(Self::$name),+];
            /// The value as it stands on the wire and in the database.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }
            /// The value of this text.
            pub fn from_text(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.as_str() == text)
            }
        }
    };
}

types! {
    /// A share.
    Stock = "stock",
    /// A bond with a fixed coupon.
    Bond = "bond",
    /// A bond whose nominal follows an index.
    IndexLinkedBond = "index_linked_bond",
    /// A bond that pays at maturity alone.
    ZeroCouponBond = "zero_coupon_bond",
    /// A listed or open-ended fund.
    Fund = "fund",
    /// A fund with commitments, calls and distributions.
    PrivateMarketFund = "private_market_fund",
    /// A loan.
    Loan = "loan",
    /// A listed option.
    Option = "option",
    /// A currency forward.
    FxForward = "fx_forward",
    /// Money.
    Cash = "cash",
}

impl InstrumentType {
    /// Whether its price is in per cent of par, and a quantity of it is nominal.
    pub const fn is_quoted_in_per_cent(self) -> bool {
        matches!(
            self,
            Self::Bond | Self::IndexLinkedBond | Self::ZeroCouponBond | Self::Loan
        )
    }
}

/// Who keeps an instrument's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum InstrumentSource {
    /// The platform: the same for every tenant.
    Aleta,
    /// The tenant itself.
    Client,
}

/// Who issued an instrument.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Issuer {
    /// Stable id.
    pub id: IssuerId,
    /// Its name.
    pub name: Name,
    /// What it does, as a slug (`packaging`).
    pub industry: Industry,
}

/// Something that can be held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Instrument {
    /// Stable id.
    pub id: InstrumentId,
    /// What it is.
    pub r#type: InstrumentType,
    /// Its name.
    pub name: Name,
    /// The currency it is quoted in.
    pub currency: Currency,
    /// Where it is at home.
    pub country: Option<Country>,
    /// Its ISIN (ISO 6166).
    pub isin: Option<String>,
    /// Its short name on the exchange.
    pub ticker: Option<String>,
    /// The exchange's code (ISO 10383).
    pub exchange: Option<String>,
    /// Its class.
    pub class_id: InstrumentClassId,
    /// Its class in finer terms.
    pub detailed_class_id: Option<InstrumentClassId>,
    /// Who issued it.
    pub issuer: Option<Issuer>,
    /// Who keeps its data.
    pub source: InstrumentSource,
    /// What else defines it; the members depend on `type`.
    pub terms: Terms,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Reply for Instrument {
    fn location(&self) -> Option<String> {
        Some(format!("/v1/instruments/{}", self.id))
    }
}

/// A class of instruments; finer classes stand under it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct InstrumentClass {
    /// A readable, stable slug.
    pub id: InstrumentClassId,
    /// Its name.
    pub name: Name,
    /// The class it is part of.
    pub parent_id: Option<InstrumentClassId>,
}

list_query! {
    /// Which instruments to list.
    InstrumentsQuery {
        /// Part of the name, the ISIN or the ticker, in any case.
        #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 100)))]
        q: String,
        /// Of this type alone.
        r#type: InstrumentType,
        /// Of this class, or of a class under it.
        class_id: InstrumentClassId,
        /// With this ISIN alone.
        #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 12)))]
        isin: String,
    }
}

fn example() -> Instrument {
    Instrument {
        id: id(demo::INSTRUMENT),
        r#type: InstrumentType::Stock,
        name: text("Nordhavn Shipping A/S"),
        currency: text("DKK"),
        country: Some(text("DK")),
        isin: Some("DKZZ00079193".to_owned()),
        ticker: Some("NRDH".to_owned()),
        exchange: Some("XCSE".to_owned()),
        class_id: id("equity"),
        detailed_class_id: Some(id("equity-large-cap")),
        issuer: Some(Issuer {
            id: id("iss_NRD"),
            name: text("Nordhavn Shipping"),
            industry: id("shipping"),
        }),
        source: InstrumentSource::Aleta,
        terms: Terms::default(),
        created_at: Timestamp::from_millis(1_767_225_600_000),
        updated_at: Timestamp::from_millis(1_767_225_600_000),
    }
}

/// The private company of the demo data.
fn own() -> Instrument {
    Instrument {
        id: id(demo::OWN_INSTRUMENT),
        name: text("Strandvejen Ejendomme A/S"),
        isin: None,
        ticker: None,
        exchange: None,
        detailed_class_id: Some(id("equity-small-cap")),
        issuer: Some(Issuer {
            id: id("iss_STRANDVEJEN"),
            name: text("Strandvejen Ejendomme"),
            industry: id("real-estate"),
        }),
        source: InstrumentSource::Client,
        ..example()
    }
}

fn new() -> NewInstrument {
    NewInstrument {
        r#type: InstrumentType::Bond,
        name: text("Strandvejen 4.00 % 2031"),
        currency: text("DKK"),
        country: Some(text("DK")),
        isin: None,
        ticker: None,
        exchange: None,
        class_id: id("fixed-income"),
        detailed_class_id: Some(id("corporate-bonds")),
        issuer: Some(NewIssuer {
            id: id("iss_STRANDVEJEN"),
            name: text("Strandvejen Ejendomme"),
            industry: id("real-estate"),
        }),
        terms: Terms {
            coupon_rate: Some(rust_decimal::Decimal::new(4, 2).into()),
            coupon_frequency: Some(CouponFrequency::Semiannually),
            day_count: Some(DayCount::Thirty360),
            dated_date: Some(jiff::civil::date(2026, 3, 31).into()),
            maturity_date: Some(jiff::civil::date(2031, 3, 31).into()),
            ..Terms::default()
        },
    }
}

/// What [`new`] comes to.
fn created() -> Instrument {
    let new = new();
    Instrument {
        id: id("66a1f0c2d4e5b60718296903"),
        r#type: new.r#type,
        name: new.name,
        class_id: new.class_id,
        detailed_class_id: new.detailed_class_id,
        terms: new.terms,
        ..own()
    }
}

operation! {
    /// Lists instruments.
    ///
    /// Every instrument that can be held in the sandbox: the platform's, then your own. The filters add up.
    ListInstruments = "instruments.list", Get "/v1/instruments" => 200;
    V1 Instruments, auth: InstrumentsRead, problems: [],
    path: Nothing, query: InstrumentsQuery, body: Nothing, reply: Page<Instrument>,
    example: (Nothing {}, Nothing {}, Page::whole(vec![example()])),
}

operation! {
    /// Reads one instrument.
    GetInstrument = "instruments.get", Get "/v1/instruments/{id}" => 200;
    V1 Instruments, auth: InstrumentsRead, problems: [],
    path: ById<InstrumentId>, query: Nothing, body: Nothing, reply: Instrument,
    example: (at(demo::INSTRUMENT), Nothing {}, example()),
}

operation! {
    /// Adds an instrument of your own.
    ///
    /// For what the platform does not know: an unlisted company, a house, a loan between relatives. No other tenant sees it. Which `terms` it needs depends on its `type`; it is worth what its [own points](/reference/v1/time-series) say.
    CreateInstrument = "instruments.create", Post "/v1/instruments" => 201;
    V1 Instruments, auth: InstrumentsWrite, problems: [AlreadyExists],
    path: Nothing, query: Nothing, body: NewInstrument, reply: Instrument,
    example: (Nothing {}, new(), created()),
}

operation! {
    /// Changes an instrument of your own.
    ///
    /// The platform's are refused with `read-only`. What is held is valued by the new terms from the first day on.
    UpdateInstrument = "instruments.update", Patch "/v1/instruments/{id}" => 200;
    V1 Instruments, auth: InstrumentsWrite, problems: [AlreadyExists, InUse, ReadOnly],
    path: ById<InstrumentId>, query: Nothing, body: InstrumentPatch, reply: Instrument,
    example: (at(demo::OWN_INSTRUMENT), InstrumentPatch { name: Change::To(text("Strandvejen Ejendomme A/S")), ..InstrumentPatch::default() }, own()),
}

operation! {
    /// Deletes an instrument of your own.
    ///
    /// Refused with `in-use` while transactions, points or options refer to it, and with `read-only` where it is the platform's.
    DeleteInstrument = "instruments.delete", Delete "/v1/instruments/{id}" => 204;
    V1 Instruments, auth: InstrumentsWrite, problems: [InUse, ReadOnly],
    path: ById<InstrumentId>, query: Nothing, body: Nothing, reply: Nothing,
    example: (at(demo::OWN_INSTRUMENT), Nothing {}, Nothing {}),
}

operation! {
    /// Lists the classes of instruments.
    ///
    /// Two levels: a class, and the finer classes under it.
    ListInstrumentClasses = "instrument_classes.list", Get "/v1/instrument-classes" => 200;
    V1 Instruments, auth: InstrumentsRead, problems: [],
    path: Nothing, query: ListQuery, body: Nothing, reply: Page<InstrumentClass>,
    example: (Nothing {}, Nothing {}, Page::whole(vec![
        InstrumentClass { id: id("equity"), name: text("Equity"), parent_id: None },
        InstrumentClass { id: id("equity-large-cap"), name: text("Large caps"), parent_id: Some(id("equity")) },
    ])),
}

/// Every operation of this file.
#[cfg(feature = "schema")]
pub(crate) fn cards(all: &mut crate::card::Generators) -> Vec<crate::Card> {
    vec![
        all.card::<ListInstruments>(),
        all.card::<CreateInstrument>(),
        all.card::<GetInstrument>(),
        all.card::<UpdateInstrument>(),
        all.card::<DeleteInstrument>(),
        all.card::<ListInstrumentClasses>(),
    ]
}
