//! The pure ledger: every figure of holdings, performance, private markets and expected cash flows, replayed from
//! transactions and time series. No database, no clock, no I/O.
//!
//! A caller builds a [`Chart`] (accounts, depositories, instruments; each add returns a handle), turns its rows into
//! [`Entry`] values and loads a [`Ledger`]; a [`Market`] holds prices, net asset values, index factors and rates. Then:
//!
//! ```text
//! Ledger::load(chart, entries)                       -> Result<Ledger, Refusal>
//! ledger.check_insert(&entry)                        -> Result<(), Refusal>    nothing changes
//! ledger.insert(entry), ledger.extend(entries)       -> Result<(), Refusal>    on refusal nothing has changed
//! ledger.check_delete(number), ledger.delete(number) -> Result<(), Refusal>
//! ledger.chart(), ledger.add_account(..), add_depository(..), add_instrument(..), set_method(..), set_instrument(..)
//! ledger.holdings(&market, &scope, HoldingsQuery { as_of, currency, lots })      -> Result<Vec<Holding>, Fault>
//! ledger.performance(&market, &scope, Window { from, to, currency })             -> Result<Performance, Fault>
//! ledger.private_markets(&market, &scope, date)                                  -> Result<Vec<PrivateFund>, Fault>
//! ledger.expected_cashflows(&market, &scope, today, horizon)                     -> Result<Vec<ExpectedCashflow>, Fault>
//! ledger.positions(as_of)            every position that ever was: place, instrument, quantity, opened, closed
//! ledger.gains(as_of)                realised gains of closing transactions so far
//! ```
//!
//! Entries are replayed by trade date, then by order of creation. Figures come back unrounded.

mod answer;
mod chart;
mod currency;
mod entry;
mod handle;
mod instrument;
mod market;
mod method;
mod refusal;
mod scope;
mod series;

pub use answer::{
    CashflowKind, ExpectedCashflow, Gain, Holding, OpenLot, Performance, PerformanceDay, PrivateFund, Summary,
};
pub use chart::Chart;
pub use currency::Currency;
pub use entry::{Entry, FundEffect, Kind};
pub use handle::{AccountNo, DepositoryNo, InstrumentNo, Place, TransactionNo};
pub use instrument::{Coupons, DayCount, Forward, Frequency, Instrument, Terms};
pub use market::{Market, Quotes};
pub use method::Method;
pub use refusal::{Fault, Member, Reason, Refusal};
pub use scope::Scope;
pub use series::{Point, Series};
