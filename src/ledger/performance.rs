//! Time-weighted performance of a scope, day by day.

use super::{
    Currency, Fault, Ledger, Performance, PerformanceDay, Scope, State,
    arithmetic::{add, sub},
    closing::Closings,
    flows::Flows,
    replay::fold,
    summary,
    sums::Sums,
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
    pub fn performance(&self, scope: &Scope, window: Window) -> Result<Performance, Fault> {
        let mut one = self.performances(std::slice::from_ref(scope), window)?;
        one.pop().ok_or(Fault::EmptyWindow)
    }

    /// The performance of several scopes in their order: groups of a whole, say. The ledger is walked through once.
    ///
    /// # Errors
    /// When the window is empty, a currency has no rate at all, or a figure leaves the range of 28 digits.
    pub fn performances(&self, scopes: &[Scope], window: Window) -> Result<Vec<Performance>, Fault> {
        let eve = window.from.yesterday().map_err(|_| Fault::EmptyWindow)?;
        if window.to < window.from {
            return Err(Fault::EmptyWindow);
        }
        let mut walk = Walk {
            ledger: self,
            scopes,
            currency: window.currency,
            state: self.state_at(eve)?,
            gains: vec![Decimal::ZERO; scopes.len()],
            next: self.entries().partition_point(|entry| entry.trade_date <= eve),
        };
        let mut chains: Vec<Chain> = walk.values(eve)?.into_iter().map(Chain::new).collect();
        let mut day = window.from;
        loop {
            let flows = walk.advance(day)?;
            let values = walk.values(day)?;
            for (chain, (value, flow)) in chains.iter_mut().zip(values.into_iter().zip(flows)) {
                chain.link(day, value, flow)?;
            }
            if day >= window.to {
                break;
            }
            day = day.tomorrow().map_err(|_| Fault::EmptyWindow)?;
        }
        chains
            .into_iter()
            .zip(walk.gains)
            .map(|(chain, gain)| chain.finish(gain))
            .collect()
    }
}

/// The ledger, walked through day by day.
struct Walk<'a> {
    ledger: &'a Ledger,
    scopes: &'a [Scope],
    currency: Currency,
    state: State,
    /// The first entry that is not in the state yet.
    next: usize,
    /// What closed lots gained in each scope so far.
    gains: Vec<Decimal>,
}

impl Walk<'_> {
    /// Takes in the entries of `day` and returns their net external flow into each scope.
    fn advance(&mut self, day: Date) -> Result<Vec<Decimal>, Fault> {
        let mut flows = Flows::of(self.scopes, day);
        let mut closings = Closings::kept();
        while let Some(entry) = self.ledger.entries().get(self.next) {
            if entry.trade_date > day {
                break;
            }
            flows.add(&self.ledger.valuation(&self.state), entry)?;
            fold(&mut self.state, self.ledger.world(), entry, &mut closings).map_err(|_| Fault::Overflow)?;
            self.next += 1;
        }
        for closing in closings.take() {
            let (place, instrument) = (closing.place, closing.instrument);
            let scopes = self.scopes.iter().zip(&mut self.gains);
            let mut inside = scopes
                .filter(|(scope, _)| scope.has(place, instrument))
                .peekable();
            if inside.peek().is_some() {
                let gain = self.ledger.gain(closing, self.currency)?.gain;
                for (_, sum) in inside {
                    *sum = add(*sum, gain)?;
                }
            }
        }
        let flows = flows.finish(&self.ledger.valuation(&self.state))?;
        self.totals(&flows, day)
    }

    /// What each scope is worth at the end of `day`.
    fn values(&self, day: Date) -> Result<Vec<Decimal>, Fault> {
        let mut sums = vec![Sums::default(); self.scopes.len()];
        let valuation = self.ledger.valuation(&self.state);
        for position in self.state.positions().filter(|position| position.is_open()) {
            let mut worth = None;
            for (scope, sums) in self.scopes.iter().zip(&mut sums) {
                if !scope.has(position.place, position.instrument) {
                    continue;
                }
                if worth.is_none() {
                    worth = valuation.position(position, day)?;
                }
                if let Some(worth) = &worth {
                    sums.add(worth.currency, worth.whole()?)?;
                }
            }
        }
        for (number, account) in self.ledger.chart().accounts() {
            for (scope, sums) in self.scopes.iter().zip(&mut sums) {
                if scope.has_cash(number) {
                    sums.add(account.currency, self.state.cash(number))?;
                }
            }
        }
        self.totals(&sums, day)
    }

    fn totals(&self, sums: &[Sums], day: Date) -> Result<Vec<Decimal>, Fault> {
        sums.iter()
            .map(|sums| sums.total(self.ledger.market(), self.currency, day))
            .collect()
    }
}

/// Days linked to each other.
struct Chain {
    series: Vec<PerformanceDay>,
    value: Decimal,
    /// None once it has left the range of 28 digits.
    index: Option<Decimal>,
    profit: Decimal,
}

impl Chain {
    fn new(value: Decimal) -> Self {
        Self {
            series: Vec::new(),
            value,
            index: Some(Decimal::ONE),
            profit: Decimal::ZERO,
        }
    }

    fn link(&mut self, date: Date, value: Decimal, flow: Decimal) -> Result<(), Fault> {
        let profit = sub(sub(value, self.value)?, flow)?;
        let twr = twr(self.value, value, flow)?;
        self.value = value;
        self.index = match (self.index, twr) {
            (Some(index), Some(twr)) => Decimal::ONE
                .checked_add(twr)
                .and_then(|growth| index.checked_mul(growth)),
            _ => None,
        };
        self.profit = add(self.profit, profit)?;
        self.series.push(PerformanceDay {
            date,
            value,
            net_cash_flow: flow,
            profit,
            twr,
            cumulative_return: self.profit,
            cumulative_twr: self.index.and_then(|index| index.checked_sub(Decimal::ONE)),
        });
        Ok(())
    }

    fn finish(self, realised_gain: Decimal) -> Result<Performance, Fault> {
        let summary = summary::of(&self.series, realised_gain)?;
        Ok(Performance {
            series: self.series,
            summary,
        })
    }
}

/// An inflow works from the start of the day, an outflow until its end. A day that begins with nothing, or with less,
/// has no return to link. None where it leaves the range of 28 digits.
fn twr(before: Decimal, after: Decimal, flow: Decimal) -> Result<Option<Decimal>, Fault> {
    let (end, start) = if flow.is_sign_negative() {
        (sub(after, flow)?, before)
    } else {
        (after, add(before, flow)?)
    };
    if start < DUST {
        return Ok(Some(Decimal::ZERO));
    }
    Ok(end
        .checked_div(start)
        .and_then(|growth| growth.checked_sub(Decimal::ONE)))
}
