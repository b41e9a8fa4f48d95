//! The payments of one position: what its terms promise, held against what was entered.

use super::timeline::Timeline;
use crate::ledger::{
    CashflowKind, Entry, Fault, Held, InstrumentNo, Kind, Ledger, Place, Scope, TransactionNo,
};
use contract::cashflows::CashflowType;
use jiff::{Span, ToSpan, civil::Date};
use rust_decimal::Decimal;

/// How far expected payments are looked ahead.
pub(in crate::sandbox) fn horizon(today: Date) -> Date {
    today.saturating_add(ahead())
}

/// The day from which a payment of `day` is expected.
pub(in crate::sandbox) fn first_expected(day: Date) -> Date {
    day.saturating_sub(ahead())
}

fn ahead() -> Span {
    12.months()
}

/// A transaction posts what is expected so many days before it or after.
const APART: i32 = 5;

/// What tells a payment of a position from its others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::sandbox) enum Which {
    /// Promised for this day.
    Promised(Date, CashflowType),
    /// Entered without a promise.
    Entered(TransactionNo, CashflowType),
}

/// Where a payment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) enum Standing {
    /// Promised on so much of the instrument.
    Expected(Held),
    /// Entered by this transaction.
    Posted(TransactionNo),
    /// Was promised on what is no longer held.
    Cancelled,
}

/// A payment of a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::sandbox) struct Flow {
    /// Which it is.
    pub(in crate::sandbox) which: Which,
    /// Where it stands.
    pub(in crate::sandbox) standing: Standing,
}

impl Which {
    /// What it is for.
    pub(in crate::sandbox) const fn kind(self) -> CashflowType {
        match self {
            Self::Promised(_, kind) | Self::Entered(_, kind) => kind,
        }
    }
}

/// A transaction that pays.
#[derive(Clone, Copy, Debug)]
struct Posting {
    number: TransactionNo,
    day: Date,
    kind: CashflowType,
    spent: bool,
}

/// Everything that is said of one instrument.
pub(in crate::sandbox) struct Story<'a> {
    /// Where its terms are read.
    pub(in crate::sandbox) ledger: &'a Ledger,
    /// The instrument.
    pub(in crate::sandbox) instrument: InstrumentNo,
    /// Its entries, in the ledger's order.
    pub(in crate::sandbox) entries: Vec<&'a Entry>,
}

impl Story<'_> {
    /// The payments of what is held in `scope`, as far as they can be seen on `today`.
    ///
    /// # Errors
    /// When a figure leaves the range of 28 digits.
    pub(in crate::sandbox) fn flows(&self, scope: &Scope, today: Date) -> Result<Vec<Flow>, Fault> {
        let held = Timeline::of(self.ledger.chart(), &self.entries, (scope, self.instrument))?;
        let mut postings = self.postings(scope);
        let mut flows = Vec::new();
        for (day, kind) in self.promises(&held, today)? {
            let standing = if let Some(posting) = nearest(&mut postings, day, kind) {
                posting.spent = true;
                Standing::Posted(posting.number)
            } else {
                let eve = day.yesterday().map_or(today, |eve| eve.min(today));
                let on_eve = held.on(eve);
                if on_eve.quantity > Decimal::ZERO {
                    Standing::Expected(on_eve)
                } else if held.was_ever(first_expected(day), eve) {
                    Standing::Cancelled
                } else {
                    continue;
                }
            };
            flows.push(Flow {
                which: Which::Promised(day, kind),
                standing,
            });
        }
        let entered = postings.into_iter().filter(|posting| !posting.spent);
        flows.extend(entered.map(|posting| Flow {
            which: Which::Entered(posting.number, posting.kind),
            standing: Standing::Posted(posting.number),
        }));
        Ok(flows)
    }

    /// The days on which the terms promise a payment, from the first one that anything was held on.
    fn promises(&self, held: &Timeline, today: Date) -> Result<Vec<(Date, CashflowType)>, Fault> {
        let Some(first) = held.first() else {
            return Ok(Vec::new());
        };
        let thing = (Place::Account(crate::ledger::AccountNo(0)), self.instrument);
        // What a unit pays is not asked here, only when.
        let unit = (Decimal::ONE, Decimal::ONE);
        let found = self.ledger.promised(thing, unit, (first, horizon(today)))?;
        let mut days: Vec<_> = found
            .iter()
            .map(|flow| (flow.date, promised(flow.kind)))
            .collect();
        days.sort_unstable();
        days.dedup();
        Ok(days)
    }

    fn postings(&self, scope: &Scope) -> Vec<Posting> {
        let inside = |entry: &Entry| {
            let account = entry.account.is_some_and(|account| scope.has_cash(account));
            let place = entry.depository.map(Place::Depository);
            account || place.is_some_and(|place| scope.has(place, self.instrument))
        };
        let paying = self.entries.iter().filter(|entry| inside(entry));
        paying
            .filter_map(|entry| {
                Some(Posting {
                    number: entry.number,
                    day: entry.trade_date,
                    kind: entered(&entry.kind)?,
                    spent: false,
                })
            })
            .collect()
    }
}

/// The posting that pays what is promised for `day`, the nearest one first.
fn nearest(postings: &mut [Posting], day: Date, kind: CashflowType) -> Option<&mut Posting> {
    let apart = |posting: &Posting| (posting.day - day).get_days().abs();
    postings
        .iter_mut()
        .filter(|posting| !posting.spent && pays(posting.kind, kind) && apart(posting) <= APART)
        .min_by_key(|posting| apart(posting))
}

/// Whether an entry of one kind posts what is promised as another: interest goes by both names.
fn pays(entered: CashflowType, promised: CashflowType) -> bool {
    use CashflowType::{Coupon, Interest};
    entered == promised || matches!((entered, promised), (Coupon, Interest) | (Interest, Coupon))
}

const fn promised(kind: CashflowKind) -> CashflowType {
    match kind {
        CashflowKind::Coupon => CashflowType::Coupon,
        CashflowKind::Interest => CashflowType::Interest,
        CashflowKind::Principal => CashflowType::Principal,
    }
}

/// What an entry pays, if it pays anything.
pub(super) const fn entered(kind: &Kind) -> Option<CashflowType> {
    Some(match kind {
        Kind::Dividend => CashflowType::Dividend,
        Kind::Coupon => CashflowType::Coupon,
        Kind::Interest => CashflowType::Interest,
        Kind::Fee => CashflowType::Fee,
        Kind::Redemption => CashflowType::Principal,
        Kind::CapitalCall(_) => CashflowType::CapitalCall,
        Kind::Distribution(_) => CashflowType::Distribution,
        Kind::Buy
        | Kind::Sell
        | Kind::Deposit
        | Kind::Withdrawal
        | Kind::Transfer { .. }
        | Kind::FxTrade { .. }
        | Kind::CorporateAction(_) => return None,
    })
}
