//! Everything that is held in a scope at the end of a day.

use super::{
    Amounts, Currency, Fault, Holding, Ledger, OpenLot, Place, Position, Scope, State,
    arithmetic::sub,
    cost::Costs,
    fx,
    valuation::{Valuation, Worth},
};
use jiff::civil::Date;
use rust_decimal::Decimal;

/// What holdings are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HoldingsQuery {
    /// The day at whose end.
    pub as_of: Date,
    /// The reporting currency.
    pub currency: Currency,
    /// Whether to list open lots.
    pub lots: bool,
}

impl Ledger {
    /// Everything that is held in `scope`: instruments by place and instrument, then money by account. What is zero
    /// is left out. A row whose worth cannot be told says why.
    ///
    /// # Errors
    /// None that a ledger which was accepted could give.
    pub fn holdings(&self, scope: &Scope, query: HoldingsQuery) -> Result<Vec<Holding>, Fault> {
        let is_latest = self
            .entries()
            .last()
            .is_none_or(|last| last.trade_date <= query.as_of);
        if is_latest {
            return Ok(self.held(self.head(), scope, query));
        }
        Ok(self.held(&self.state_at(query.as_of)?, scope, query))
    }

    fn held(&self, state: &State, scope: &Scope, query: HoldingsQuery) -> Vec<Holding> {
        let valuation = self.valuation(state);
        let report = Report { valuation, query };
        let mut positions: Vec<_> = state
            .positions()
            .filter(|position| scope.has(position.place, position.instrument) && position.is_open())
            .collect();
        positions.sort_by_key(|position| (position.place, position.instrument));
        let mut rows = Vec::with_capacity(positions.len());
        for position in positions {
            rows.extend(report.position(position));
        }
        for (number, account) in self.chart().accounts() {
            let cash = state.cash(number);
            if scope.has_cash(number) && !cash.is_zero() {
                rows.push(report.cash(Place::Account(number), cash, account.currency));
            }
        }
        rows
    }
}

struct Report<'a> {
    valuation: Valuation<'a>,
    query: HoldingsQuery,
}

impl Report<'_> {
    fn reported(&self, amount: Decimal, currency: Currency) -> Result<Decimal, Fault> {
        let pair = (currency, self.query.currency);
        fx::convert(self.valuation.market, amount, pair, self.query.as_of)
    }

    fn fx_rate(&self, currency: Currency) -> Result<Decimal, Fault> {
        fx::rate(
            self.valuation.market,
            (currency, self.query.currency),
            self.query.as_of,
        )
    }

    /// None where it has ended, as an option does.
    fn position(&self, position: &Position) -> Option<Holding> {
        let row = |price: Option<super::Point>, lots, amounts| Holding {
            place: position.place,
            instrument: Some(position.instrument),
            quantity: position.quantity(),
            price: price.map(|point| point.value),
            price_date: price.map(|point| point.date),
            amounts,
            lots,
        };
        let worth = match self.valuation.position(position, self.query.as_of) {
            Ok(worth) => worth?,
            Err(fault) => return Some(row(None, Vec::new(), Err(fault))),
        };
        let mut lots = Vec::new();
        let amounts = self.amounts(position, &worth, &mut lots);
        Some(row(worth.price, lots, amounts))
    }

    fn amounts(&self, position: &Position, worth: &Worth, lots: &mut Vec<OpenLot>) -> Result<Amounts, Fault> {
        let currency = worth.currency;
        let costs = Costs::new(self.valuation.market, (currency, self.query.currency))?;
        let cost_basis = if self.query.lots {
            costs.each(position, |lot, cost| {
                lots.push(OpenLot {
                    opened_by: lot.opened_by,
                    acquired_on: lot.acquired_on,
                    quantity: lot.quantity,
                    cost,
                });
            })?
        } else {
            costs.total(position)?
        };
        let market_value = self.reported(worth.whole()?, currency)?;
        let accrued_interest = self.reported(worth.accrued, currency)?;
        Ok(Amounts {
            accrued_interest,
            market_value,
            cost_basis,
            unrealised_pnl: sub(sub(market_value, accrued_interest)?, cost_basis)?,
            fx_rate: self.fx_rate(currency)?,
        })
    }

    fn cash(&self, place: Place, cash: Decimal, currency: Currency) -> Holding {
        let amounts = || {
            let market_value = self.reported(cash, currency)?;
            Ok(Amounts {
                accrued_interest: Decimal::ZERO,
                market_value,
                cost_basis: market_value,
                unrealised_pnl: Decimal::ZERO,
                fx_rate: self.fx_rate(currency)?,
            })
        };
        Holding {
            place,
            instrument: None,
            quantity: cash,
            price: None,
            price_date: None,
            amounts: amounts(),
            lots: Vec::new(),
        }
    }
}
