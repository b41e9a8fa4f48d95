//! What a day's entries bring into a scope from outside, and take out of it.

use super::{
    AccountNo, Currency, Entry, Fault, Kind, Place, Scope,
    arithmetic::{add, sub},
    fx,
    valuation::Valuation,
};
use jiff::civil::Date;
use rust_decimal::Decimal;

/// Looks at one day from one scope.
#[derive(Clone, Copy, Debug)]
pub(super) struct Border<'a> {
    pub(super) valuation: Valuation<'a>,
    pub(super) scope: &'a Scope,
    pub(super) currency: Currency,
    pub(super) day: Date,
}

impl Border<'_> {
    /// The external flow of one entry, in the reporting currency; `valuation` knows the state before it.
    pub(super) fn flow(&self, entry: &Entry) -> Result<Decimal, Fault> {
        let paid = entry.account.is_some_and(|account| self.scope.has_cash(account));
        let held = match (entry.place(), entry.instrument) {
            (Some(place), Some(instrument)) => self.scope.has(place, instrument),
            _ => false,
        };
        match &entry.kind {
            Kind::Deposit | Kind::Withdrawal if paid => self.money(entry.account, entry.amount),
            Kind::Transfer { account, depository } => self.transfer(entry, (*account, paid), *depository),
            Kind::FxTrade { account, amount } => match (paid, self.scope.has_cash(*account)) {
                (true, false) => self.money(entry.account, entry.amount),
                (false, true) => self.money(Some(*account), *amount),
                _ => Ok(Decimal::ZERO),
            },
            // One leg outside: what was paid for crosses the border.
            Kind::Buy | Kind::Sell | Kind::Redemption | Kind::CapitalCall(_) | Kind::Distribution(_) => {
                match (paid, held) {
                    (true, false) => self.money(entry.account, entry.amount),
                    (false, true) => self.money(entry.account, -entry.amount),
                    _ => Ok(Decimal::ZERO),
                }
            }
            // Income that is paid to the outside was earned inside first.
            Kind::Dividend | Kind::Coupon if held && !paid => self.money(entry.account, -entry.amount),
            _ => Ok(Decimal::ZERO),
        }
    }

    fn money(&self, account: Option<AccountNo>, amount: Decimal) -> Result<Decimal, Fault> {
        let currency = account.and_then(|account| self.valuation.chart.account(account));
        let pair = (currency.unwrap_or(self.currency), self.currency);
        fx::convert(self.valuation.market, amount, pair, self.day)
    }

    fn transfer(
        &self,
        entry: &Entry,
        (account, paid): (Option<AccountNo>, bool),
        depository: Option<super::DepositoryNo>,
    ) -> Result<Decimal, Fault> {
        let mut flow = Decimal::ZERO;
        let received = account.is_some_and(|account| self.scope.has_cash(account));
        if paid != received {
            let amount = if paid { entry.amount } else { -entry.amount };
            flow = self.money(entry.account.or(account), amount)?;
        }
        let (Some(place), Some(instrument)) = (entry.place(), entry.instrument) else {
            return Ok(flow);
        };
        let account = account.filter(|_| entry.depository.is_none());
        let other = depository.map(Place::Depository).or(account.map(Place::Account));
        let own = self.scope.has(place, instrument);
        if own == other.is_some_and(|other| self.scope.has(other, instrument)) {
            return Ok(flow);
        }
        let comes = entry.quantity.is_sign_positive();
        let from = if comes { other } else { Some(place) };
        let worth = self.moved(entry, from)?;
        if comes == own {
            Ok(add(flow, worth)?)
        } else {
            Ok(sub(flow, worth)?)
        }
    }

    /// What the moved assets are worth at the end of the day.
    fn moved(&self, entry: &Entry, from: Option<Place>) -> Result<Decimal, Fault> {
        let Some((number, instrument)) = entry
            .instrument
            .and_then(|number| Some((number, self.valuation.chart.instrument(number)?)))
        else {
            return Ok(Decimal::ZERO);
        };
        let stake = from
            .and_then(|place| self.valuation.state.position(place, number))
            .filter(|position| position.stake.is_some());
        let worth = match stake {
            Some(position) => self.valuation.position(position, self.day)?,
            None => Some(
                self.valuation
                    .quantity((number, instrument), entry.quantity.abs(), self.day)?,
            ),
        };
        let Some(worth) = worth else {
            return Ok(Decimal::ZERO);
        };
        let pair = (worth.currency, self.currency);
        fx::convert(self.valuation.market, worth.whole()?, pair, self.day)
    }
}
