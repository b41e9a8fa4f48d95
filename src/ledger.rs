//! The pure ledger: every figure of holdings, performance, private markets and expected cash flows, replayed from
//! transactions and time series. No database, no clock, no I/O.
//!
//! A caller builds a [`Chart`] (accounts, depositories, instruments; each addition returns a handle), turns its rows into
//! [`Entry`] values and loads a [`Ledger`]; a [`Market`] holds prices, net asset values, index factors and rates. Then
//! the ledger answers for a [`Scope`], with unrounded figures.
//!
//! ```text
//! entry → rules → replay ─→ state (cash, positions → lots | rolling) ─→ valuation (accrual, fx, private)
//!                   ↑                                                      ↓
//!        book (insert, delete) → checkpoints           holdings, performance (flows, summary), private, cashflows
//! ```
//!
//! Entries are replayed by trade date, then by order of creation. A change is folded on from the nearest checkpoint
//! before it; when a later entry becomes impossible it is refused, and nothing has changed.

mod accrual;
mod answer;
mod arithmetic;
mod book;
mod cashflows;
mod chart;
mod checkpoints;
mod closing;
mod corporate;
mod cost;
mod currency;
mod days;
mod entry;
mod flows;
mod fx;
mod gains;
mod handle;
mod holders;
mod holdings;
mod instrument;
mod irr;
mod layers;
mod lots;
mod market;
mod method;
mod performance;
mod position;
mod private;
mod refusal;
mod replay;
mod rolling;
mod rules;
mod scope;
mod series;
mod stamp;
mod state;
mod summary;
mod sums;
mod traded;
mod trial;
mod units;
mod valuation;

#[cfg(test)]
mod tests;

pub use answer::{
    Amounts, CashflowKind, ExpectedCashflow, Holding, OpenLot, Performance, PerformanceDay, PrivateFund,
    Summary,
};
pub use book::Ledger;
pub use chart::{Account, Chart, Depository};
pub use closing::Closing;
pub use currency::Currency;
pub use entry::{CorporateAction, Details, Entry, FundEffect, Kind};
pub use gains::RealisedGain;
pub use handle::{AccountNo, ClientNo, DepositoryNo, InstrumentNo, Place, TransactionNo};
pub use holdings::HoldingsQuery;
pub use instrument::{Coupons, DayCount, Forward, Frequency, Instrument, Terms};
pub use lots::{DealRate, Lot};
pub use market::{Market, Quotes};
pub use method::Method;
pub use performance::Window;
pub use position::Position;
pub use refusal::{Fault, Member, Reason, Refusal};
pub use scope::Scope;
pub use series::{Point, Series};
pub use state::State;
pub use trial::Trial;
pub use units::{Held, Units};
