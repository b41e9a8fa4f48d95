//! One transaction, as the arithmetic needs it.

use super::{AccountNo, DepositoryNo, InstrumentNo, Place, TransactionNo};
use jiff::civil::Date;
use rust_decimal::Decimal;

/// A transaction. What a kind has no use for is zero, empty or none.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Identity, and order of creation.
    pub number: TransactionNo,
    /// The day whose end it first counts at.
    pub trade_date: Date,
    /// What it does.
    pub kind: Kind,
    /// Whose money it moves, and whose client a corporate action is reported for.
    pub account: Option<AccountNo>,
    /// Where the instrument is held.
    pub depository: Option<DepositoryNo>,
    /// What it is about.
    pub instrument: Option<InstrumentNo>,
    /// In the account's currency; positive into the account.
    pub amount: Decimal,
    /// Units, or nominal of bonds and loans; positive when received.
    pub quantity: Decimal,
    /// Per unit, or in per cent of par, in the instrument's currency.
    pub price: Option<Decimal>,
    /// Part of `amount`, in the account's currency, never negative.
    pub fees: Decimal,
    /// Part of `amount`, never negative: interest bought or sold along.
    pub accrued_interest: Decimal,
    /// The transactions whose lots it closes or moves, in that order; only `specific_id` reads them.
    pub lots: Box<[TransactionNo]>,
    /// What few transactions state.
    pub details: Option<Box<Details>>,
}

/// What few transactions state, boxed so that the others stay small.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Details {
    /// The deal's own rate: units of the account's currency for one of the instrument's. It takes the place of the
    /// market's for cost, fees and proceeds.
    pub fx_rate: Option<Decimal>,
    /// What comes in by a transfer has cost so much in all, in the instrument's currency.
    pub cost: Option<Decimal>,
    /// When what comes in by a transfer was acquired.
    pub acquired_on: Option<Date>,
    /// What a private fund that is bought or sold on the secondary market counts for.
    pub effect: Option<FundEffect>,
}

/// What a transaction does, with what only this kind has.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Opens a lot, or closes short ones.
    Buy,
    /// Closes lots, or opens a short one where the account allows it.
    Sell,
    /// Money from outside.
    Deposit,
    /// Money to the outside.
    Withdrawal,
    /// Moves lots or money. A negative quantity (or amount) leaves the entry's own place for the counterparty's, a
    /// positive one comes from there. No counterparty of the tenant: from or to the outside.
    Transfer {
        /// The other account.
        account: Option<AccountNo>,
        /// The other depository.
        depository: Option<DepositoryNo>,
    },
    /// Income of a share or fund.
    Dividend,
    /// Income of a bond or loan.
    Coupon,
    /// Income, or cost, of money or of a loan.
    Interest,
    /// A cost.
    Fee,
    /// Money of one currency for money of another.
    FxTrade {
        /// The account of the other leg.
        account: AccountNo,
        /// In that account's currency, signed.
        amount: Decimal,
    },
    /// Closes lots of a bond or loan, in part or at maturity, or settles an option or a forward.
    Redemption,
    /// Changes what is held without a trade.
    CorporateAction(Box<CorporateAction>),
    /// Money called by a private fund. Boxed, since few entries are one and all would be as large.
    CapitalCall(Box<FundEffect>),
    /// Money paid out by a private fund.
    Distribution(Box<FundEffect>),
}

/// What a corporate action does to the holdings of the client whose account reports it: in the entry's depository,
/// or in all of the client's where it names none.
#[derive(Clone, Debug, PartialEq)]
pub enum CorporateAction {
    /// Multiplies quantities at unchanged cost, and divides the price of the latest trade.
    Split {
        /// New units for each old one; positive.
        ratio: Decimal,
    },
    /// Adds units of another instrument, which take over a part of the cost.
    SpinOff {
        /// What is received.
        target: InstrumentNo,
        /// Units of it for each unit held; positive.
        ratio: Decimal,
        /// The part of the cost that goes over, from 0 to 1.
        cost_fraction: Decimal,
    },
    /// Turns what is held into units of another instrument, which take over cost and dates. Money that is paid along
    /// lowers the cost; what exceeds it is gain.
    Merger {
        /// What is received.
        target: InstrumentNo,
        /// Units of it for each unit given up; positive.
        ratio: Decimal,
    },
    /// Pays a part of the cost back; what exceeds it is gain.
    ReturnOfCapital,
}

/// What a capital call or distribution counts for.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four independent flags of the contract"
)]
pub struct FundEffect {
    /// Change of the unfunded commitment, signed as the amount is. None: the amount of a call, nothing of a
    /// distribution.
    pub effect_on_commitment: Option<Decimal>,
    /// How much of a distribution may be called again.
    pub recallable_amount: Decimal,
    /// Whether it counts in paid in and distributed.
    pub affects_multiples: bool,
    /// Whether it counts in the internal rate of return.
    pub affects_irr: bool,
    /// Whether it changes the cost basis.
    pub affects_cost_basis: bool,
    /// Whether it changes the net asset value until the next one is published.
    pub affects_nav: bool,
}

impl Default for FundEffect {
    fn default() -> Self {
        Self {
            effect_on_commitment: None,
            recallable_amount: Decimal::ZERO,
            affects_multiples: true,
            affects_irr: true,
            affects_cost_basis: true,
            affects_nav: true,
        }
    }
}

impl CorporateAction {
    /// The instrument that is received.
    pub fn target(&self) -> Option<InstrumentNo> {
        match self {
            Self::SpinOff { target, .. } | Self::Merger { target, .. } => Some(*target),
            Self::Split { .. } | Self::ReturnOfCapital => None,
        }
    }
}

impl Kind {
    /// A split.
    pub fn split(ratio: Decimal) -> Self {
        Self::CorporateAction(Box::new(CorporateAction::Split { ratio }))
    }
}

impl Entry {
    /// An entry of this kind that moves nothing yet.
    pub fn new(number: TransactionNo, trade_date: Date, kind: Kind) -> Self {
        Self {
            number,
            trade_date,
            kind,
            account: None,
            depository: None,
            instrument: None,
            amount: Decimal::ZERO,
            quantity: Decimal::ZERO,
            price: None,
            fees: Decimal::ZERO,
            accrued_interest: Decimal::ZERO,
            lots: Box::default(),
            details: None,
        }
    }

    /// Where the instrument is held: the depository, or the account where there is none.
    pub fn place(&self) -> Option<Place> {
        self.depository
            .map(Place::Depository)
            .or(self.account.map(Place::Account))
    }

    /// Where entries stand in the replay: by day, then by order of creation.
    pub fn rank(&self) -> (Date, TransactionNo) {
        (self.trade_date, self.number)
    }

    /// The deal's own rate, where it states one.
    pub(super) fn fx_rate(&self) -> Option<Decimal> {
        self.details.as_ref().and_then(|details| details.fx_rate)
    }

    /// The places that a transfer leaves and reaches; none is the outside.
    pub(super) fn route(&self, other: (Option<AccountNo>, Option<DepositoryNo>)) -> Route {
        // Without a depository of its own, a commitment moves between accounts.
        let account = other.0.filter(|_| self.depository.is_none());
        let other = other.1.map(Place::Depository).or(account.map(Place::Account));
        if self.quantity.is_sign_negative() {
            Route {
                from: self.place(),
                to: other,
            }
        } else {
            Route {
                from: other,
                to: self.place(),
            }
        }
    }
}

/// The way of a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Route {
    pub(super) from: Option<Place>,
    pub(super) to: Option<Place>,
}
