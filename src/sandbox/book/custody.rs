//! What custodians say they hold, and how far that is from the ledger.
//!
//! A custodian books what was delivered on its value date, where the ledger counts it from its trade date on; single
//! transactions it may book later or never. It knows nothing of commitments to private funds, and nothing of accounts
//! that are kept by hand.

use super::{
    Book,
    convert::{self, inconsistent},
    figures::{Money, units},
    holdings::Key,
};
use crate::{
    ledger::{
        AccountNo, Currency, Entry, Fault, HoldingsQuery, InstrumentNo, Kind, Ledger, Place, Scope, Terms,
        TransactionNo, Units,
    },
    sandbox::DomainError,
    store::tenant::{Tenant, book as rows},
};
use contract::{
    holdings::{CustodianHolding, Difference},
    ids::{CustodianId, LegalEntityId},
};
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// Every row of the custodians of a legal entity at the end of a day, in order of its key.
///
/// # Errors
/// When the database fails.
pub async fn custodian_holdings(
    tenant: &Tenant,
    book: &Book,
    entity: &LegalEntityId,
    date: Date,
) -> Result<Vec<(Key, CustodianHolding)>, DomainError> {
    let mut conn = tenant.read().await?;
    let mut booked = Vec::new();
    let mut after = 0;
    loop {
        let found = rows::booked(&mut conn, entity, date, after).await?;
        let Some(last) = found.last() else {
            break;
        };
        after = last.seq;
        for row in found {
            booked.push(convert::entry(row, &mut book.names())?);
        }
    }
    drop(conn);
    booked.sort_by_key(|entry| (entry.trade_date, entry.number));
    let mut statement = Units::default();
    for entry in &booked {
        let added = statement.add(book.ledger().chart(), entry);
        added.ok_or_else(|| inconsistent("a custodian's figure leaves the range of 28 digits"))?;
    }
    Comparison::of(book, entity, date).rows(&statement)
}

/// What is kept of one thing: how much, at what price, and what that is worth in its own currency.
#[derive(Clone, Copy, Debug, Default)]
struct Kept {
    quantity: Decimal,
    price: Option<Decimal>,
    worth: Decimal,
}

struct Comparison<'a> {
    book: &'a Book,
    entity: &'a LegalEntityId,
    date: Date,
}

impl<'a> Comparison<'a> {
    fn of(book: &'a Book, entity: &'a LegalEntityId, date: Date) -> Self {
        Self { book, entity, date }
    }

    /// Who keeps what is at a place of this legal entity.
    fn custodian(&self, place: Place) -> Option<&'a CustodianId> {
        let names = self.book.names();
        match place {
            Place::Depository(number) => {
                let depository = names.depository(number);
                (depository.legal_entity_id == *self.entity).then_some(&depository.custodian_id)
            }
            Place::Account(number) => {
                let account = names.account(number);
                let custodian = account.custodian_id.as_ref();
                custodian.filter(|_| account.legal_entity_id == *self.entity)
            }
        }
    }

    fn rows(&self, statement: &Units) -> Result<Vec<(Key, CustodianHolding)>, DomainError> {
        let mut rows = Vec::new();
        let ours = self.assets(self.book.ledger())?;
        let known = statement.assets().map(|(thing, _)| thing);
        let all: BTreeSet<(Place, InstrumentNo)> = ours.keys().copied().chain(known).collect();
        for (place, instrument) in all {
            if self.is_private_fund(instrument) {
                continue;
            }
            let quantity = statement.asset(place, instrument).quantity;
            let ours = ours.get(&(place, instrument)).copied().unwrap_or_default();
            let (Some(custodian), false) = (
                self.custodian(place),
                quantity.is_zero() && ours.quantity.is_zero(),
            ) else {
                continue;
            };
            let theirs = self.theirs(instrument, quantity, ours)?;
            rows.push(self.asset(custodian, (place, instrument), ours, theirs));
        }
        for (account, _) in self.book.names().accounts() {
            let Some(custodian) = self.custodian(Place::Account(account)) else {
                continue;
            };
            let (ours, theirs) = (self.money(account)?, statement.money(account));
            if !ours.is_zero() || !theirs.is_zero() {
                rows.push(self.cash(custodian, account, ours, theirs));
            }
        }
        rows.sort_by_key(|(key, _)| *key);
        Ok(rows)
    }

    /// What the ledger has of each thing at the places of the legal entity, in the thing's own currency.
    fn assets(&self, ledger: &Ledger) -> Result<BTreeMap<(Place, InstrumentNo), Kept>, DomainError> {
        let names = self.book.names();
        let accounts = names.accounts().map(|(number, _)| number);
        let depositories = names.depositories().map(|(number, _)| number);
        let scope = Scope::new(
            accounts.filter(|number| self.custodian(Place::Account(*number)).is_some()),
            depositories.filter(|number| self.custodian(Place::Depository(*number)).is_some()),
        );
        let mut by_currency: BTreeMap<Currency, Vec<InstrumentNo>> = BTreeMap::new();
        for (number, instrument) in ledger.chart().instruments() {
            if !matches!(instrument.terms, Terms::PrivateMarketFund { .. }) {
                by_currency.entry(instrument.currency).or_default().push(number);
            }
        }
        let mut kept = BTreeMap::new();
        for (currency, instruments) in by_currency {
            let query = HoldingsQuery {
                as_of: self.date,
                currency,
                lots: false,
            };
            let scope = scope.clone().only(instruments);
            for holding in ledger.holdings(&scope, query)? {
                if let Some(instrument) = holding.instrument {
                    let found = Kept {
                        quantity: holding.quantity,
                        price: holding.price,
                        worth: holding.amounts?.market_value,
                    };
                    kept.insert((holding.place, instrument), found);
                }
            }
        }
        Ok(kept)
    }

    fn is_private_fund(&self, instrument: InstrumentNo) -> bool {
        let instrument = self.book.ledger().chart().instrument(instrument);
        instrument.is_some_and(|instrument| matches!(instrument.terms, Terms::PrivateMarketFund { .. }))
    }

    fn money(&self, account: AccountNo) -> Result<Decimal, DomainError> {
        Ok(self.book.ledger().state_at(self.date)?.cash(account))
    }

    /// What the custodian makes of its quantity: it values as we do, so that prices never explain a difference.
    fn theirs(&self, instrument: InstrumentNo, quantity: Decimal, ours: Kept) -> Result<Kept, DomainError> {
        let reference = if ours.quantity.is_zero() {
            self.unit(instrument)?
        } else {
            ours
        };
        let worth = if reference.quantity.is_zero() {
            Some(Decimal::ZERO)
        } else {
            (reference.worth.checked_mul(quantity)).and_then(|worth| worth.checked_div(reference.quantity))
        };
        Ok(Kept {
            quantity,
            price: reference.price,
            worth: worth.ok_or(Fault::Overflow)?,
        })
    }

    /// A thousand units of what the ledger has none of, valued.
    fn unit(&self, instrument: InstrumentNo) -> Result<Kept, DomainError> {
        let mut ledger = Ledger::new(self.book.ledger().chart().clone(), self.book.market().clone());
        let place = self.book.names().depositories().find_map(|(number, _)| {
            let here = Place::Depository(number);
            self.custodian(here).map(|_| number)
        });
        let (account, depository) = (None, None);
        let mut entry = Entry::new(
            TransactionNo(1),
            self.date,
            Kind::Transfer { account, depository },
        );
        entry.depository = place;
        entry.instrument = Some(instrument);
        entry.quantity = Decimal::ONE_THOUSAND;
        if place.is_none() || ledger.insert(entry).is_err() {
            return Ok(Kept::default());
        }
        let valued = self.assets(&ledger)?.into_values().next();
        Ok(valued.unwrap_or_default())
    }

    fn asset(
        &self,
        custodian: &CustodianId,
        (place, number): (Place, InstrumentNo),
        ours: Kept,
        theirs: Kept,
    ) -> (Key, CustodianHolding) {
        let names = self.book.names();
        let instrument = names.instrument(number);
        let money = Money::of(&instrument.currency);
        let (depository, account) = match place {
            Place::Depository(number) => (Some(names.depository(number)), None),
            Place::Account(number) => (None, Some(names.account(number))),
        };
        let row = CustodianHolding {
            custodian_id: custodian.clone(),
            depository_id: depository.map(|depository| depository.id.clone()),
            account_id: account.map(|account| account.id.clone()),
            instrument_id: Some(instrument.id.clone()),
            date: self.date.into(),
            quantity: units(theirs.quantity),
            price: theirs.price.map(units),
            market_value: money.write(theirs.worth),
            currency: instrument.currency.clone(),
            difference: Difference {
                quantity: units(theirs.quantity - ours.quantity),
                market_value: money.write(theirs.worth - ours.worth),
            },
        };
        let depository = depository.map_or(0, |depository| depository.seq);
        let account = account.map_or(0, |account| account.seq);
        (Key([0, 0, depository, instrument.place + 1, account]), row)
    }

    fn cash(
        &self,
        custodian: &CustodianId,
        number: AccountNo,
        ours: Decimal,
        theirs: Decimal,
    ) -> (Key, CustodianHolding) {
        let account = self.book.names().account(number);
        let money = Money::of(&account.currency);
        let apart = money.write(theirs - ours);
        let row = CustodianHolding {
            custodian_id: custodian.clone(),
            depository_id: None,
            account_id: Some(account.id.clone()),
            instrument_id: None,
            date: self.date.into(),
            quantity: money.write(theirs),
            price: None,
            market_value: money.write(theirs),
            currency: account.currency.clone(),
            difference: Difference {
                quantity: apart,
                market_value: apart,
            },
        };
        // Money after everything else.
        (Key([0, 0, u32::MAX, 0, account.seq]), row)
    }
}
