//! What a day's entries bring into a scope from outside, and take out of it.

use super::{AccountNo, DepositoryNo, Entry, Fault, Kind, Place, Scope, sums::Sums, valuation::Valuation};
use jiff::civil::Date;
use rust_decimal::Decimal;

/// Looks at one day from one scope.
#[derive(Clone, Copy, Debug)]
pub(super) struct Border<'a> {
    /// Knows the state before the entry.
    pub(super) valuation: Valuation<'a>,
    pub(super) scope: &'a Scope,
    pub(super) day: Date,
}

impl Border<'_> {
    /// Adds the external flow of one entry to `flows`.
    pub(super) fn cross(&self, entry: &Entry, flows: &mut Sums) -> Result<(), Fault> {
        let paid = entry.account.is_some_and(|account| self.scope.has_cash(account));
        let held = match (entry.place(), entry.instrument) {
            (Some(place), Some(instrument)) => self.scope.has(place, instrument),
            _ => false,
        };
        match &entry.kind {
            Kind::Deposit | Kind::Withdrawal if paid => self.money(flows, entry.account, entry.amount),
            Kind::Transfer { account, depository } => {
                self.cash_transfer(flows, entry, *account)?;
                self.asset_transfer(flows, entry, (*account, *depository))
            }
            Kind::FxTrade { account, amount } => match (paid, self.scope.has_cash(*account)) {
                (true, false) => self.money(flows, entry.account, entry.amount),
                (false, true) => self.money(flows, Some(*account), *amount),
                _ => Ok(()),
            },
            // One leg outside: what was paid for crosses the border.
            Kind::Buy | Kind::Sell | Kind::Redemption | Kind::CapitalCall(_) | Kind::Distribution(_) => {
                match (paid, held) {
                    (true, false) => self.money(flows, entry.account, entry.amount),
                    (false, true) => self.money(flows, entry.account, -entry.amount),
                    _ => Ok(()),
                }
            }
            // Income that is paid to the outside was earned inside first.
            Kind::Dividend | Kind::Coupon if held && !paid => self.money(flows, entry.account, -entry.amount),
            _ => Ok(()),
        }
    }

    fn money(&self, flows: &mut Sums, account: Option<AccountNo>, amount: Decimal) -> Result<(), Fault> {
        match account.and_then(|account| self.valuation.chart.account(account)) {
            Some(currency) => flows.add(currency, amount),
            None => Ok(()),
        }
    }

    fn cash_transfer(&self, flows: &mut Sums, entry: &Entry, other: Option<AccountNo>) -> Result<(), Fault> {
        let inside = |account: Option<AccountNo>| account.is_some_and(|account| self.scope.has_cash(account));
        match (inside(entry.account), inside(other)) {
            (true, false) => self.money(flows, entry.account, entry.amount),
            (false, true) => self.money(flows, other, -entry.amount),
            _ => Ok(()),
        }
    }

    fn asset_transfer(
        &self,
        flows: &mut Sums,
        entry: &Entry,
        (account, depository): (Option<AccountNo>, Option<DepositoryNo>),
    ) -> Result<(), Fault> {
        let (Some(place), Some(number)) = (entry.place(), entry.instrument) else {
            return Ok(());
        };
        let account = account.filter(|_| entry.depository.is_none());
        let other = depository.map(Place::Depository).or(account.map(Place::Account));
        let own = self.scope.has(place, number);
        if own == other.is_some_and(|other| self.scope.has(other, number)) {
            return Ok(());
        }
        let comes = entry.quantity.is_sign_positive();
        let stake = if comes { other } else { Some(place) }
            .and_then(|from| self.valuation.state.position(from, number))
            .filter(|position| position.stake.is_some());
        let worth = match (stake, self.valuation.chart.instrument(number)) {
            (Some(position), _) => self.valuation.position(position, self.day)?,
            (None, Some(instrument)) => {
                let quantity = entry.quantity.abs();
                Some(
                    self.valuation
                        .quantity((number, instrument), quantity, self.day)?,
                )
            }
            (None, None) => None,
        };
        match worth {
            Some(worth) if comes == own => flows.add(worth.currency, worth.whole()?),
            Some(worth) => flows.sub(worth.currency, worth.whole()?),
            None => Ok(()),
        }
    }
}
