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
    /// Whose money it moves; corporate actions may have none.
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
    /// Part of `amount`, never negative.
    pub fees: Decimal,
    /// Part of `amount`, never negative: interest bought or sold along.
    pub accrued_interest: Decimal,
    /// The transactions whose lots it closes or moves, in that order; only `specific_id` reads them.
    pub lots: Box<[TransactionNo]>,
}

/// What a transaction does, with what only this kind has.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Opens a lot.
    Buy,
    /// Closes lots.
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
    /// Income, or cost, of money.
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
    /// Closes lots of a bond or loan, in part or at maturity.
    Redemption,
    /// Multiplies quantities at unchanged cost.
    CorporateAction {
        /// New units for each old one; positive.
        ratio: Decimal,
    },
    /// Money called by a private fund. Boxed, since few entries are one and all would be as large.
    CapitalCall(Box<FundEffect>),
    /// Money paid out by a private fund.
    Distribution(Box<FundEffect>),
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
}
