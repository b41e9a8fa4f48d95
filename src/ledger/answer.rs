//! What the ledger answers with. Figures are unrounded: whoever prints them rounds, half to even.

use super::{Fault, InstrumentNo, Place, TransactionNo};
use jiff::civil::Date;
use rust_decimal::Decimal;

/// What is held at one place, valued at the end of a day in the reporting currency unless said otherwise.
#[derive(Clone, Debug, PartialEq)]
pub struct Holding {
    /// Where.
    pub place: Place,
    /// What; none is money, whose quantity is in the account's currency.
    pub instrument: Option<InstrumentNo>,
    /// Units, or nominal.
    pub quantity: Decimal,
    /// What was used to value it, in the instrument's currency; none for money, or where nothing is known.
    pub price: Option<Decimal>,
    /// The day of that price.
    pub price_date: Option<Date>,
    /// What it is worth; none where that cannot be told, and why.
    pub amounts: Result<Amounts, Fault>,
    /// The open lots, oldest first; empty unless they were asked for.
    pub lots: Vec<OpenLot>,
}

/// What a holding is worth, in the reporting currency.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Amounts {
    /// Interest since the last payment; part of the market value.
    pub accrued_interest: Decimal,
    /// What it is worth.
    pub market_value: Decimal,
    /// What the open lots cost, each at the rate of its trade date. Of money: the market value.
    pub cost_basis: Decimal,
    /// Market value less accrued interest less cost basis.
    pub unrealised_pnl: Decimal,
    /// Reporting currency for one of the instrument's or account's currency.
    pub fx_rate: Decimal,
}

/// A lot that is open.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenLot {
    /// The transaction that opened it, whose id names the lot.
    pub opened_by: TransactionNo,
    /// The trade date of that transaction, kept by transfers.
    pub acquired_on: Date,
    /// Units, or nominal.
    pub quantity: Decimal,
    /// In the reporting currency, at the rate of the trade date.
    pub cost: Decimal,
}

/// The performance of a window.
#[derive(Clone, Debug, PartialEq)]
pub struct Performance {
    /// Every day from the first to the last.
    pub series: Vec<PerformanceDay>,
    /// The window as a whole.
    pub summary: Summary,
}

/// One day of performance; amounts in the reporting currency.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PerformanceDay {
    /// The day.
    pub date: Date,
    /// The value at its end.
    pub value: Decimal,
    /// Net external flow on it.
    pub net_cash_flow: Decimal,
    /// Change of value that no flow explains.
    pub profit: Decimal,
    /// The day's time-weighted return, a fraction; none where it leaves the range of 28 digits.
    pub twr: Option<Decimal>,
    /// Sum of `profit` since the first day.
    pub cumulative_return: Decimal,
    /// Linked `twr` since the first day; none from the first day on that has none.
    pub cumulative_twr: Option<Decimal>,
}

/// A window in a few figures; returns are fractions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// The linked return; none where it leaves the range of 28 digits.
    pub total_return: Option<Decimal>,
    /// The same a year; none for windows under 365 days.
    pub annualised_return: Option<Decimal>,
    /// Sample deviation of Mondays to Fridays × √252; none under 20 such days.
    pub volatility: Option<Decimal>,
    /// The deepest fall from a peak, zero or negative; none where the linked return has none.
    pub max_drawdown: Option<Decimal>,
    /// Gains of the lots that were closed in the window, in the reporting currency.
    pub realised_gain: Decimal,
}

/// A private fund at a date; amounts in the fund's currency.
#[derive(Clone, Debug, PartialEq)]
pub struct PrivateFund {
    /// The fund.
    pub instrument: InstrumentNo,
    /// What was promised.
    pub commitment: Decimal,
    /// What was called of it, less what may be called again.
    pub called: Decimal,
    /// What may still be called.
    pub uncalled: Decimal,
    /// Capital calls.
    pub paid_in: Decimal,
    /// Distributions.
    pub distributed: Decimal,
    /// The latest net asset value, carried on to the date.
    pub nav: Decimal,
    /// The day of that value; none where there is none yet.
    pub nav_date: Option<Date>,
    /// Distributed ÷ paid in; none before the first call.
    pub dpi: Option<Decimal>,
    /// Net asset value ÷ paid in.
    pub rvpi: Option<Decimal>,
    /// The sum of both.
    pub tvpi: Option<Decimal>,
    /// Internal rate of return a year; none where flows have one sign.
    pub irr: Option<Decimal>,
}

/// A payment that the terms of a holding promise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ExpectedCashflow {
    /// Where the instrument is held.
    pub place: Place,
    /// What pays.
    pub instrument: InstrumentNo,
    /// What for.
    pub kind: CashflowKind,
    /// When.
    pub date: Date,
    /// In the instrument's currency, on the quantity held today.
    pub amount: Decimal,
}

/// What a payment is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CashflowKind {
    /// Interest of a bond.
    Coupon,
    /// Interest of a loan.
    Interest,
    /// Repayment, in part or at maturity.
    Principal,
}
