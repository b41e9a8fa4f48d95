//! What a custodian's books add up to: quantities and money, without lots or costs.

use crate::{
    ledger::{AccountNo, Entry, InstrumentNo, Kind, Place},
    sandbox::DomainError,
};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// The sums of a custodian's bookings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Statement {
    assets: BTreeMap<(Place, InstrumentNo), Decimal>,
    money: BTreeMap<AccountNo, Decimal>,
}

impl Statement {
    /// The sums of bookings, which are in order of their dates.
    pub(super) fn of(bookings: &[Entry]) -> Result<Self, DomainError> {
        let mut statement = Self::default();
        for entry in bookings {
            statement.book(entry).ok_or_else(super::out_of_range)?;
        }
        Ok(statement)
    }

    /// Everything that was ever booked, with what is left of it.
    pub(super) fn assets(&self) -> impl Iterator<Item = ((Place, InstrumentNo), Decimal)> {
        self.assets.iter().map(|(thing, quantity)| (*thing, *quantity))
    }

    /// What is left of an instrument at a place.
    pub(super) fn asset(&self, place: Place, instrument: InstrumentNo) -> Decimal {
        self.assets.get(&(place, instrument)).copied().unwrap_or_default()
    }

    /// The money of an account.
    pub(super) fn money(&self, account: AccountNo) -> Decimal {
        self.money.get(&account).copied().unwrap_or_default()
    }

    fn book(&mut self, entry: &Entry) -> Option<()> {
        if let Some(account) = entry.account {
            self.pay(account, entry.amount)?;
        }
        match (&entry.kind, entry.instrument, entry.place()) {
            (Kind::CapitalCall(_) | Kind::Distribution(_), _, _) => Some(()),
            (Kind::FxTrade { account, amount }, _, _) => self.pay(*account, *amount),
            (Kind::Transfer { account, depository }, instrument, place) => {
                if let Some(account) = account {
                    self.pay(*account, -entry.amount)?;
                }
                let other = (*depository)
                    .map(Place::Depository)
                    .or((*account).map(Place::Account));
                if let (Some(instrument), Some(place)) = (instrument, place) {
                    self.receive((place, instrument), entry.quantity)?;
                    if let Some(other) = other {
                        self.receive((other, instrument), -entry.quantity)?;
                    }
                }
                Some(())
            }
            (Kind::CorporateAction { ratio }, Some(instrument), place) => {
                self.split(instrument, entry.depository.and(place), *ratio)
            }
            (_, Some(instrument), Some(place)) => self.receive((place, instrument), entry.quantity),
            _ => Some(()),
        }
    }

    fn pay(&mut self, account: AccountNo, amount: Decimal) -> Option<()> {
        let sum = self.money.entry(account).or_default();
        *sum = sum.checked_add(amount)?;
        Some(())
    }

    fn receive(&mut self, thing: (Place, InstrumentNo), quantity: Decimal) -> Option<()> {
        let sum = self.assets.entry(thing).or_default();
        *sum = sum.checked_add(quantity)?;
        Some(())
    }

    /// Multiplies what is held of an instrument at a place, or everywhere.
    fn split(&mut self, instrument: InstrumentNo, place: Option<Place>, ratio: Decimal) -> Option<()> {
        for ((at, of), quantity) in &mut self.assets {
            if *of == instrument && place.is_none_or(|place| place == *at) {
                *quantity = quantity.checked_mul(ratio)?;
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{DepositoryNo, TransactionNo};
    use jiff::civil::date;

    const HERE: DepositoryNo = DepositoryNo(0);
    const THERE: DepositoryNo = DepositoryNo(1);
    const SHARE: InstrumentNo = InstrumentNo(0);

    fn entry(number: u64, kind: Kind, quantity: i64, amount: i64) -> Entry {
        let mut entry = Entry::new(TransactionNo(number), date(2025, 1, 1), kind);
        entry.account = Some(AccountNo(0));
        entry.depository = Some(HERE);
        entry.instrument = Some(SHARE);
        entry.quantity = quantity.into();
        entry.amount = amount.into();
        entry
    }

    #[test]
    fn it_adds_up_quantities_and_money_through_splits_and_transfers() {
        let away = Kind::Transfer {
            account: None,
            depository: Some(THERE),
        };
        let bookings = [
            entry(1, Kind::Buy, 100, -1_000),
            entry(2, Kind::CorporateAction { ratio: 2.into() }, 0, 0),
            entry(3, away, -50, 0),
            entry(4, Kind::Sell, -20, 150),
            entry(5, Kind::Dividend, 0, 7),
        ];
        let statement = Statement::of(&bookings).unwrap();
        assert_eq!(statement.asset(Place::Depository(HERE), SHARE), 130.into());
        assert_eq!(statement.asset(Place::Depository(THERE), SHARE), 50.into());
        assert_eq!(statement.money(AccountNo(0)), Decimal::from(-843));
    }
}
