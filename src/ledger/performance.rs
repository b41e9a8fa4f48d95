//! Time-weighted performance of a scope, day by day.

use super::{
    Currency, Fault, Ledger, Market, Performance, PerformanceDay, Scope, State,
    arithmetic::{add, div, mul, sub},
    flows::Border,
    replay::fold,
    summary,
    sums::Sums,
    valuation::Valuation,
};
use jiff::civil::Date;
use rust_decimal::Decimal;

/// What is less than this is nothing, left over by digits lost in conversions: 0.000000001.
const DUST: Decimal = Decimal::from_parts(1, 0, 0, false, 9);

/// The days that performance is asked for, both inclusive, and its currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// The reporting currency.
    pub currency: Currency,
}

impl Ledger {
    /// The performance of `scope` on every day of `window`.
    ///
    /// # Errors
    /// When the window is empty, a currency has no rate at all, or a figure leaves the range of 28 digits.
    pub fn performance(&self, market: &Market, scope: &Scope, window: Window) -> Result<Performance, Fault> {
        let eve = window.from.yesterday().map_err(|_| Fault::EmptyWindow)?;
        if window.to < window.from {
            return Err(Fault::EmptyWindow);
        }
        let mut walk = Walk {
            ledger: self,
            market,
            scope,
            currency: window.currency,
            state: self.state_at(eve)?,
            next: self.entries().partition_point(|entry| entry.trade_date <= eve),
        };
        let mut chain = Chain::new(walk.value(eve)?);
        let mut series = Vec::new();
        let mut day = window.from;
        loop {
            let flow = walk.advance(day)?;
            series.push(chain.link(day, walk.value(day)?, flow)?);
            if day >= window.to {
                break;
            }
            day = day.tomorrow().map_err(|_| Fault::EmptyWindow)?;
        }
        let summary = summary::of(&series)?;
        Ok(Performance { series, summary })
    }
}

/// The ledger, walked through day by day.
struct Walk<'a> {
    ledger: &'a Ledger,
    market: &'a Market,
    scope: &'a Scope,
    currency: Currency,
    state: State,
    /// The first entry that is not in the state yet.
    next: usize,
}

impl Walk<'_> {
    fn valuation(&self) -> Valuation<'_> {
        Valuation {
            chart: self.ledger.chart(),
            market: self.market,
            state: &self.state,
        }
    }

    /// Takes in the entries of `day` and returns their net external flow.
    fn advance(&mut self, day: Date) -> Result<Decimal, Fault> {
        let mut flows = Sums::default();
        while let Some(entry) = self.ledger.entries().get(self.next) {
            if entry.trade_date > day {
                break;
            }
            let border = Border {
                valuation: self.valuation(),
                scope: self.scope,
                day,
            };
            border.cross(entry, &mut flows)?;
            fold(&mut self.state, self.ledger.chart(), entry).map_err(|_| Fault::Overflow)?;
            self.next += 1;
        }
        flows.total(self.market, self.currency, day)
    }

    /// What the scope is worth at the end of `day`.
    fn value(&self, day: Date) -> Result<Decimal, Fault> {
        let mut sums = Sums::default();
        let valuation = self.valuation();
        for position in self.state.positions() {
            if !position.is_open() || !self.scope.has(position.place, position.instrument) {
                continue;
            }
            if let Some(worth) = valuation.position(position, day)? {
                sums.add(worth.currency, worth.whole()?)?;
            }
        }
        for (account, currency) in self.ledger.chart().accounts() {
            if self.scope.has_cash(account) {
                sums.add(currency, self.state.cash(account))?;
            }
        }
        sums.total(self.market, self.currency, day)
    }
}

/// Days linked to each other.
struct Chain {
    value: Decimal,
    index: Decimal,
    profit: Decimal,
}

impl Chain {
    fn new(value: Decimal) -> Self {
        Self {
            value,
            index: Decimal::ONE,
            profit: Decimal::ZERO,
        }
    }

    fn link(&mut self, date: Date, value: Decimal, flow: Decimal) -> Result<PerformanceDay, Fault> {
        let profit = sub(sub(value, self.value)?, flow)?;
        let twr = twr(self.value, value, flow)?;
        self.value = value;
        self.index = mul(self.index, add(Decimal::ONE, twr)?)?;
        self.profit = add(self.profit, profit)?;
        Ok(PerformanceDay {
            date,
            value,
            net_cash_flow: flow,
            profit,
            twr,
            cumulative_return: self.profit,
            cumulative_twr: sub(self.index, Decimal::ONE)?,
        })
    }
}

/// An inflow works from the start of the day, an outflow until its end.
fn twr(before: Decimal, after: Decimal, flow: Decimal) -> Result<Decimal, Fault> {
    let (end, start) = if flow.is_sign_negative() {
        (sub(after, flow)?, before)
    } else {
        (after, add(before, flow)?)
    };
    if start.abs() < DUST {
        return Ok(Decimal::ZERO);
    }
    Ok(sub(div(end, start)?, Decimal::ONE)?)
}
