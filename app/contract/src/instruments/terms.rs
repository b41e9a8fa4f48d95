//! The terms of instruments: what else defines one, by its type.

use crate::{
    Day, Decimal, Field,
    ids::InstrumentId,
    text::{Currency, Name},
};
use serde::{Deserialize, Serialize};

/// How often interest is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CouponFrequency {
    /// Every twelve months.
    Annually,
    /// Every six months.
    Semiannually,
    /// Every three months.
    Quarterly,
}

/// How the days of a period make a fraction of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum DayCount {
    /// Every month has 30 days, every year 360.
    #[serde(rename = "30/360")]
    Thirty360,
    /// Days as they are, over 360.
    #[serde(rename = "actual/360")]
    Actual360,
    /// Days of leap years over 366, all others over 365.
    #[serde(rename = "actual/actual")]
    ActualActual,
}

/// What a private fund invests in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// Companies bought with borrowed money.
    LeveragedBuyout,
    /// Loans outside of the market.
    PrivateDebt,
    /// Young companies.
    VentureCapital,
    /// All else.
    Other,
}

/// What an option lets its holder do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum OptionRight {
    /// Buy the underlying.
    Call,
    /// Sell the underlying.
    Put,
}

macro_rules! terms {
    ($($(#[doc = $doc:literal])+ $(#[cfg_attr($($attr:tt)+)])* $field:ident: $type:ty),+ $(,)?) => {
        /// What else defines an instrument. Its type says which members there are; those of other types are absent.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[cfg_attr(feature = "schema", schemars(rename = "InstrumentTerms"))]
        #[serde(deny_unknown_fields)]
        pub struct Terms {
            $(
                $(#[doc = $doc])+
                #[serde(default, skip_serializing_if = "Option::is_none")]
                $(#[cfg_attr($($attr)+)])*
                pub $field: Option<$type>,
            )+
        }

        /// Changes to terms; members that are left out stay as they are.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[cfg_attr(feature = "schema", schemars(rename = "InstrumentTermsPatch"))]
        #[serde(deny_unknown_fields)]
        pub struct TermsPatch {
            $(
                $(#[doc = $doc])+
                #[serde(default, skip_serializing_if = "Field::is_absent")]
                $(#[cfg_attr($($attr)+)])*
                pub $field: Field<$type>,
            )+
        }

        impl Terms {
            /// Each member's name, and whether it is there.
            pub fn members(&self) -> impl Iterator<Item = (&'static str, bool)> {
                [$((stringify!($field), self.$field.is_some())),+].into_iter()
            }
        }

        impl TermsPatch {
            /// The terms after the patch, given what they were before.
            pub fn over(self, before: Terms) -> Terms {
                Terms { $($field: self.$field.over(before.$field)),+ }
            }
        }
    };
}

terms! {
    /// Interest as a fraction of the nominal a year: `0.035` is 3.5 %. Bonds and loans.
    coupon_rate: Decimal,
    /// How often interest is paid. Bonds and loans.
    coupon_frequency: CouponFrequency,
    /// How days count. Bonds and loans.
    day_count: DayCount,
    /// When the first coupon period begins. Bonds and loans.
    dated_date: Day,
    /// When the nominal is repaid. Bonds, zero-coupon bonds and loans.
    maturity_date: Day,
    /// The rate that the interest of a loan follows, such as `euribor`.
    reference_rate: Name,
    /// What a loan pays above its reference rate, as a fraction a year.
    margin: Decimal,
    /// How much of a loan is repaid a year, as a fraction of the original par.
    amortisation: Decimal,
    /// What was promised to a private fund, in its currency.
    commitment: Decimal,
    /// When it was promised.
    commitment_date: Day,
    /// Who runs a private fund.
    manager: Name,
    /// What a private fund invests in.
    strategy: Strategy,
    /// Where a private fund invests.
    region: Name,
    /// The year in which a private fund began.
    #[cfg_attr(feature = "schema", schemars(range(min = 1900, max = 2200)))]
    vintage: u16,
    /// What an option is on.
    underlying_id: InstrumentId,
    /// What an option lets its holder do.
    right: OptionRight,
    /// The price at which an option may be exercised.
    strike: Decimal,
    /// The last day of an option.
    expiry: Day,
    /// Units of the underlying for each option. Without it, 100.
    multiplier: Decimal,
    /// What a currency forward buys.
    base_currency: Currency,
    /// What a currency forward pays with: the currency of the instrument.
    quote_currency: Currency,
    /// How much a unit of a currency forward buys, in its base currency.
    notional: Decimal,
    /// Units of the quote currency for one of the base currency.
    forward_rate: Decimal,
    /// When a currency forward settles.
    settlement_date: Day,
}
