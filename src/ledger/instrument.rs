//! What an instrument is, as far as figures depend on it.

use super::Currency;
use jiff::civil::Date;
use rust_decimal::Decimal;

/// An instrument.
#[derive(Clone, Debug, PartialEq)]
pub struct Instrument {
    /// The currency of its prices and income.
    pub currency: Currency,
    /// How it is quoted, valued and paid.
    pub terms: Terms,
}

/// The terms of an instrument, by type.
#[derive(Clone, Debug, PartialEq)]
pub enum Terms {
    /// A share: quantity × price.
    Stock,
    /// A fund: quantity × net asset value per unit (price where there is none).
    Fund,
    /// A bond with a fixed coupon.
    Bond(Coupons),
    /// A bond whose nominal follows its index-factor series.
    IndexLinkedBond(Coupons),
    /// A bond that pays at maturity alone.
    ZeroCouponBond {
        /// When it is repaid.
        maturity: Date,
    },
    /// A loan that may be repaid by instalments.
    Loan {
        /// Interest, as of a bond; none where the terms do not say, and then nothing accrues.
        coupons: Option<Coupons>,
        /// Fraction of the original par that is repaid a year.
        amortisation: Decimal,
        /// When the rest is repaid.
        maturity: Option<Date>,
    },
    /// A private fund: valued by the net asset value of the whole commitment, carried on by calls and distributions.
    PrivateMarketFund {
        /// What was promised, in the fund's currency.
        commitment: Decimal,
    },
    /// A listed option: quantity × price × multiplier.
    Option {
        /// Units of the underlying for each contract.
        multiplier: Decimal,
        /// The last day that it is worth anything; none where the terms do not say.
        expiry: Option<Date>,
    },
    /// A currency forward: quantity × (spot − forward rate) × notional, in the quote currency.
    FxForward(Forward),
    /// Money held as an instrument; a unit is worth one where it has no price.
    Cash,
}

/// A currency forward. Its instrument's currency is the quote currency.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Forward {
    /// What is bought.
    pub base: Currency,
    /// What is paid with.
    pub quote: Currency,
    /// In the base currency, for each unit held.
    pub notional: Decimal,
    /// Quote for one base.
    pub rate: Decimal,
    /// When it settles.
    pub settlement: Date,
}

/// How interest is paid.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coupons {
    /// Fraction of the nominal a year.
    pub rate: Decimal,
    /// How often.
    pub frequency: Frequency,
    /// How days count.
    pub day_count: DayCount,
    /// When the first period begins.
    pub dated: Date,
    /// When the first period ends, where that is not one frequency after `dated`: a short or long first period.
    pub first_coupon: Option<Date>,
    /// Whether payments fall on the last day of their month when the first one does.
    pub end_of_month: bool,
    /// When the last one ends.
    pub maturity: Date,
}

/// How often interest is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frequency {
    /// Every twelve months.
    Annually,
    /// Every six months.
    Semiannually,
    /// Every three months.
    Quarterly,
}

impl Frequency {
    /// Months between two payments.
    pub const fn months(self) -> i32 {
        match self {
            Self::Annually => 12,
            Self::Semiannually => 6,
            Self::Quarterly => 3,
        }
    }
    /// Payments a year.
    pub const fn per_year(self) -> i64 {
        match self {
            Self::Annually => 1,
            Self::Semiannually => 2,
            Self::Quarterly => 4,
        }
    }
}

/// How the days of a period make a fraction of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayCount {
    /// `30/360`, bond basis.
    Thirty360,
    /// `actual/360`.
    Actual360,
    /// `actual/365`, fixed: days over 365, leap years or not.
    Actual365,
    /// `actual/actual`, ISDA: days of leap years over 366, all others over 365.
    ActualActual,
    /// `actual/actual`, ICMA: days over those of the regular coupon period, times the payments a year.
    ActualActualIcma,
}

impl Terms {
    /// Whether a price is in per cent of par and a quantity is nominal.
    pub const fn is_quoted_in_per_cent(&self) -> bool {
        matches!(
            self,
            Self::Bond(_) | Self::IndexLinkedBond(_) | Self::ZeroCouponBond { .. } | Self::Loan { .. }
        )
    }
    /// The interest that accrues and is paid.
    pub const fn coupons(&self) -> Option<&Coupons> {
        match self {
            Self::Bond(coupons)
            | Self::IndexLinkedBond(coupons)
            | Self::Loan {
                coupons: Some(coupons),
                ..
            } => Some(coupons),
            _ => None,
        }
    }
    /// The last day that it is held: an option's expiry, a forward's settlement. After it there is nothing to value.
    pub const fn last_day(&self) -> Option<Date> {
        match self {
            Self::Option { expiry, .. } => *expiry,
            Self::FxForward(forward) => Some(forward.settlement),
            _ => None,
        }
    }
    /// Whether a redemption may close it.
    pub const fn is_redeemable(&self) -> bool {
        self.is_quoted_in_per_cent() || self.is_settled()
    }
    /// Whether it ends by a settlement in money, whose amount alone says what it was worth.
    pub const fn is_settled(&self) -> bool {
        matches!(self, Self::Option { .. } | Self::FxForward(_))
    }
    /// When the principal is due at the latest.
    pub const fn maturity(&self) -> Option<Date> {
        match self {
            Self::Bond(coupons) | Self::IndexLinkedBond(coupons) => Some(coupons.maturity),
            Self::ZeroCouponBond { maturity } => Some(*maturity),
            Self::Loan { maturity, .. } => *maturity,
            _ => None,
        }
    }
}
