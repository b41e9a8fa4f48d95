//! Reference instruments, as the platform knows them.

use contract::{
    Timestamp,
    ids::InstrumentId,
    text::{Country, Currency, Name},
};
use rust_decimal::Decimal;
use serde_json::{Map, Value};

/// What an instrument is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum InstrumentType {
    /// A share.
    Stock,
    /// A bond with a fixed coupon.
    Bond,
    /// A bond whose nominal follows an index.
    IndexLinkedBond,
    /// A bond that pays at maturity alone.
    ZeroCouponBond,
    /// A listed or open-ended fund.
    Fund,
    /// A fund with commitments, calls and distributions.
    PrivateMarketFund,
    /// A loan.
    Loan,
    /// A listed option.
    Option,
    /// A currency forward.
    FxForward,
    /// Money.
    Cash,
}

impl InstrumentType {
    /// Every type.
    pub const ALL: [Self; 10] = [
        Self::Stock,
        Self::Bond,
        Self::IndexLinkedBond,
        Self::ZeroCouponBond,
        Self::Fund,
        Self::PrivateMarketFund,
        Self::Loan,
        Self::Option,
        Self::FxForward,
        Self::Cash,
    ];

    /// The value as it stands on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stock => "stock",
            Self::Bond => "bond",
            Self::IndexLinkedBond => "index_linked_bond",
            Self::ZeroCouponBond => "zero_coupon_bond",
            Self::Fund => "fund",
            Self::PrivateMarketFund => "private_market_fund",
            Self::Loan => "loan",
            Self::Option => "option",
            Self::FxForward => "fx_forward",
            Self::Cash => "cash",
        }
    }

    /// The value of this text.
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// Whether its price is in per cent of par, and a quantity of it is nominal.
    pub const fn is_quoted_in_per_cent(self) -> bool {
        matches!(
            self,
            Self::Bond | Self::IndexLinkedBond | Self::ZeroCouponBond | Self::Loan
        )
    }
}

/// Who issued an instrument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    /// `iss_` and a short name.
    pub id: String,
    /// Its name.
    pub name: Name,
    /// What it does.
    pub industry: String,
    /// Where it is seated.
    pub country: Country,
}

/// A class of instruments; detailed classes stand under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstrumentClass {
    /// A readable, stable slug.
    pub id: String,
    /// Its name.
    pub name: Name,
    /// The class it is part of.
    pub parent_id: Option<String>,
}

/// A reference instrument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instrument {
    /// Stable id.
    pub id: InstrumentId,
    /// What it is.
    pub kind: InstrumentType,
    /// Its name.
    pub name: Name,
    /// The currency it is quoted in.
    pub currency: Currency,
    /// Where it is at home.
    pub country: Option<Country>,
    /// ISO 6166.
    pub isin: Option<String>,
    /// Its short name on the exchange.
    pub ticker: Option<String>,
    /// The exchange's ISO 10383 code.
    pub exchange: Option<String>,
    /// Its class.
    pub class_id: String,
    /// Its class in finer terms.
    pub detailed_class_id: Option<String>,
    /// Who issued it.
    pub issuer_id: Option<String>,
    /// The name under which positions and cashflows know it: `ast_` and a short name.
    pub asset_id: String,
    /// What else defines it; the members depend on the type.
    pub terms: Map<String, Value>,
    /// Where its price series starts, per unit or in per cent of par.
    pub base_price: Decimal,
    /// When it was added.
    pub created_at: Timestamp,
}
