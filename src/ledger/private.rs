//! Private funds: commitment, multiples and the rate of return.

use super::{
    Currency, Fault, Instrument, InstrumentNo, Ledger, Position, PrivateFund, Scope, Terms,
    arithmetic::{add, div, share, sub},
    fx, irr,
    position::FundFlow,
    valuation::Valuation,
};
use jiff::civil::Date;
use rust_decimal::Decimal;

/// A net asset value and the day it was published for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Nav {
    pub(super) date: Option<Date>,
    pub(super) value: Decimal,
}

/// The latest net asset value on or before `day`, plus calls and minus distributions since. A distribution takes no
/// more than there is.
pub(super) fn nav(
    valuation: &Valuation<'_>,
    position: &Position,
    instrument: &Instrument,
    day: Date,
) -> Result<Nav, Fault> {
    let published = valuation.market.price(position.instrument, instrument, day);
    let mut value = match published {
        Some(point) => portion(valuation, position, point.value)?,
        None => Decimal::ZERO,
    };
    for flow in position.flows.iter().filter(|flow| flow.date <= day) {
        let is_after = published.is_none_or(|point| flow.date > point.date);
        if is_after && flow.effect.affects_nav && !flow.is_secondary {
            value = sub(value, in_fund_currency(valuation, flow, instrument.currency)?)?;
            if !flow.is_call {
                value = value.max(Decimal::ZERO);
            }
        }
    }
    Ok(Nav {
        date: published.map(|point| point.date),
        value,
    })
}

/// What of the whole commitment's value belongs to one place: its part of all calls.
fn portion(valuation: &Valuation<'_>, position: &Position, value: Decimal) -> Result<Decimal, Fault> {
    let called = |position: &Position| {
        let flows = position.flows.iter();
        let calls = flows.filter(|flow| flow.is_call && !flow.is_secondary);
        calls.fold(Decimal::ZERO, |sum, flow| sum.saturating_sub(flow.amount))
    };
    let mut all = Decimal::ZERO;
    let mut is_alone = true;
    for other in valuation.state.positions() {
        if other.instrument == position.instrument && other.stake.is_some() {
            all = add(all, called(other))?;
            is_alone &= other.place == position.place;
        }
    }
    if is_alone || all.is_zero() {
        return Ok(value);
    }
    Ok(share(value, called(position), all)?)
}

fn in_fund_currency(valuation: &Valuation<'_>, flow: &FundFlow, fund: Currency) -> Result<Decimal, Fault> {
    let paid_in = flow.account.and_then(|account| valuation.chart.currency(account));
    let pair = (paid_in.unwrap_or(fund), fund);
    fx::convert(valuation.market, flow.amount, pair, flow.date)
}

impl Ledger {
    /// Every private fund that was ever called from, or bought in, `scope` up to the end of `day`, in the order of the chart.
    ///
    /// # Errors
    /// When a currency has no rate at all, or a figure leaves the range of 28 digits.
    pub fn private_markets(&self, scope: &Scope, day: Date) -> Result<Vec<PrivateFund>, Fault> {
        let state = self.state_at(day)?;
        let valuation = self.valuation(&state);
        let mut funds = Vec::new();
        for (number, instrument) in self.chart().instruments() {
            let Terms::PrivateMarketFund { commitment } = instrument.terms else {
                continue;
            };
            let positions: Vec<_> = state
                .positions()
                .filter(|position| position.instrument == number && !position.flows.is_empty())
                .filter(|position| scope.has(position.place, number))
                .collect();
            if !positions.is_empty() {
                let mut tally = Tally::new(commitment);
                for position in positions {
                    tally.add(&valuation, position, instrument, day)?;
                }
                funds.push(tally.finish(number, day)?);
            }
        }
        Ok(funds)
    }
}

struct Tally {
    commitment: Decimal,
    called: Decimal,
    paid_in: Decimal,
    distributed: Decimal,
    nav: Nav,
    cash: Vec<(Date, Decimal)>,
}

impl Tally {
    fn new(commitment: Decimal) -> Self {
        Self {
            commitment,
            called: Decimal::ZERO,
            paid_in: Decimal::ZERO,
            distributed: Decimal::ZERO,
            nav: Nav {
                date: None,
                value: Decimal::ZERO,
            },
            cash: Vec::new(),
        }
    }

    fn add(
        &mut self,
        valuation: &Valuation<'_>,
        position: &Position,
        instrument: &Instrument,
        day: Date,
    ) -> Result<(), Fault> {
        for flow in position.flows.iter().filter(|flow| flow.date <= day) {
            let amount = in_fund_currency(valuation, flow, instrument.currency)?;
            self.flow(flow, amount)?;
        }
        let nav = if position.is_stake() {
            nav(valuation, position, instrument, day)?
        } else if let Some(worth) = valuation.position(position, day)?.filter(|_| position.is_open()) {
            Nav {
                date: worth.price.map(|price| price.date),
                value: worth.clean,
            }
        } else {
            return Ok(());
        };
        self.nav = Nav {
            date: self.nav.date.max(nav.date),
            value: add(self.nav.value, nav.value)?,
        };
        Ok(())
    }

    fn flow(&mut self, flow: &FundFlow, amount: Decimal) -> Result<(), Fault> {
        let is_called = flow.is_call && !flow.is_secondary;
        let default = if is_called { amount } else { Decimal::ZERO };
        let effect = flow.effect.effect_on_commitment.unwrap_or(default);
        self.called = sub(sub(self.called, effect)?, flow.effect.recallable_amount)?;
        if flow.effect.affects_multiples && flow.is_call {
            self.paid_in = sub(self.paid_in, amount)?;
        } else if flow.effect.affects_multiples {
            self.distributed = add(self.distributed, amount)?;
        }
        if flow.effect.affects_irr {
            self.cash.push((flow.date, amount));
        }
        Ok(())
    }

    fn finish(mut self, instrument: InstrumentNo, day: Date) -> Result<PrivateFund, Fault> {
        let paid_in = Some(self.paid_in).filter(|amount| !amount.is_zero());
        let multiple = |amount: Decimal| paid_in.map(|paid_in| div(amount, paid_in)).transpose();
        let (dpi, rvpi) = (multiple(self.distributed)?, multiple(self.nav.value)?);
        let tvpi = match (dpi, rvpi) {
            (Some(dpi), Some(rvpi)) => Some(add(dpi, rvpi)?),
            _ => None,
        };
        self.cash.push((day, self.nav.value));
        self.cash.sort_by_key(|(date, _)| *date);
        Ok(PrivateFund {
            instrument,
            commitment: self.commitment,
            called: self.called,
            uncalled: sub(self.commitment, self.called)?,
            paid_in: self.paid_in,
            distributed: self.distributed,
            nav: self.nav.value,
            nav_date: self.nav.date,
            dpi,
            rvpi,
            tvpi,
            irr: irr::solve(&self.cash),
        })
    }
}
