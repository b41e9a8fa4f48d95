//! Why a ledger cannot be: what the caller wrote, and what it would make impossible later.

use super::{Currency, TransactionNo};
use jiff::civil::Date;
use rust_decimal::Decimal;

/// A transaction that cannot stand where it stands.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("transaction {} of {date}: {reason}", number.0)]
pub struct Refusal {
    /// The transaction that becomes impossible: the new one itself, or a later one that it (or a deletion) breaks.
    pub number: TransactionNo,
    /// Its trade date.
    pub date: Date,
    /// What is wrong with it.
    pub reason: Reason,
}

/// What is wrong with a transaction.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Reason {
    /// A member that this kind needs is absent.
    #[error("{} is required", .0.as_str())]
    Missing(Member),
    /// A member has the wrong sign for this kind, or is zero.
    #[error("{} has the wrong sign", .0.as_str())]
    WrongSign(Member),
    /// The handle in this member is not in the chart.
    #[error("{} is unknown", .0.as_str())]
    Unknown(Member),
    /// More leaves than is held at this point.
    #[error("{wanted} leave where {held} are held")]
    NotHeld {
        /// What is held in that depository before the transaction.
        held: Decimal,
        /// What the transaction takes, without its sign.
        wanted: Decimal,
    },
    /// The method is `specific_id` and no lots are named.
    #[error("lots must be named")]
    LotsRequired,
    /// A named lot is not open in that depository and instrument.
    #[error("lot {} is not open", .0.0)]
    LotNotOpen(TransactionNo),
    /// The named lots hold less than the transaction takes.
    #[error("the named lots hold {held} of {wanted}")]
    LotsTooSmall {
        /// What the named lots hold together.
        held: Decimal,
        /// What the transaction takes.
        wanted: Decimal,
    },
    /// The two accounts of a transfer have different currencies.
    #[error("{} has another currency", .0.as_str())]
    WrongCurrency(Member),
    /// The instrument that is received is the one that is held.
    #[error("the target is the instrument itself")]
    SameInstrument,
    /// A figure is outside the range that this member has.
    #[error("{} is out of range", .0.as_str())]
    OutOfRange(Member),
    /// No rate of the currency is known on or before the trade date.
    #[error("no rate of {0} is known on that day")]
    NoRate(Currency, Member),
    /// The type of the instrument does not go with this kind.
    #[error("the instrument is of the wrong type")]
    WrongInstrumentType,
    /// A number was used twice.
    #[error("the number is taken")]
    Duplicate,
    /// A figure leaves the range of 28 digits.
    #[error("a figure leaves the range of 28 digits")]
    Overflow,
}

/// A member of a transaction, to point at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Member {
    /// `account_id`
    Account,
    /// `depository_id`
    Depository,
    /// `instrument_id`
    Instrument,
    /// `amount`
    Amount,
    /// `quantity`
    Quantity,
    /// `price`
    Price,
    /// `fees`
    Fees,
    /// `accrued_interest`
    AccruedInterest,
    /// `lot_ids`
    Lots,
    /// `ratio`
    Ratio,
    /// `target_instrument_id`
    TargetInstrument,
    /// `cost_fraction`
    CostFraction,
    /// `fx_rate`
    FxRate,
    /// `cost`
    Cost,
    /// `counter_account_id`
    CounterAccount,
    /// `counter_amount`
    CounterAmount,
    /// `counterparty_account_id`
    CounterpartyAccount,
    /// `counterparty_depository_id`
    CounterpartyDepository,
}

impl Member {
    /// Its name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account_id",
            Self::Depository => "depository_id",
            Self::Instrument => "instrument_id",
            Self::Amount => "amount",
            Self::Quantity => "quantity",
            Self::Price => "price",
            Self::Fees => "fees",
            Self::AccruedInterest => "accrued_interest",
            Self::Lots => "lot_ids",
            Self::Ratio => "ratio",
            Self::TargetInstrument => "target_instrument_id",
            Self::CostFraction => "cost_fraction",
            Self::FxRate => "fx_rate",
            Self::Cost => "cost",
            Self::CounterAccount => "counter_account_id",
            Self::CounterAmount => "counter_amount",
            Self::CounterpartyAccount => "counterparty_account_id",
            Self::CounterpartyDepository => "counterparty_depository_id",
        }
    }
}

impl Reason {
    /// The member that the caller should look at.
    pub const fn member(&self) -> Option<Member> {
        match self {
            Self::Missing(member)
            | Self::WrongSign(member)
            | Self::Unknown(member)
            | Self::OutOfRange(member)
            | Self::NoRate(_, member)
            | Self::WrongCurrency(member) => Some(*member),
            Self::SameInstrument => Some(Member::TargetInstrument),
            Self::NotHeld { .. } => Some(Member::Quantity),
            Self::LotsRequired | Self::LotNotOpen(_) | Self::LotsTooSmall { .. } => Some(Member::Lots),
            Self::WrongInstrumentType => Some(Member::Instrument),
            Self::Duplicate | Self::Overflow => None,
        }
    }
}

/// Why a sound ledger has no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No rate of this currency is known at all.
    #[error("no rate of {0} is known")]
    NoRate(Currency),
    /// A figure leaves the range of 28 digits.
    #[error("a figure leaves the range of 28 digits")]
    Overflow,
    /// `from` lies after `to`, or at the end of time.
    #[error("the window is empty")]
    EmptyWindow,
}
