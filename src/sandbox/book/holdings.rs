//! What a reporting entity holds at the end of a day.

use super::{
    Ask, Book, View,
    figures::{Money, rate, units},
};
use crate::{
    ledger::{self, Amounts, Fault, HoldingsQuery, Place},
    sandbox::DomainError,
};
use contract::{
    Day,
    grouping::{Dimension, Grouping},
    holdings::{Holding, Lot},
    ids::{InstrumentClassId, PortfolioId, ReportingEntityId},
};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Where a row stands in the list: class, portfolio, depository, instrument and account, each by its order of creation
/// and zero where rows are not told apart by it. A row keeps its key whatever comes and goes around it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub [u32; 5]);

/// How long a key is as bytes.
pub const KEY_LENGTH: usize = 20;

impl Key {
    /// The key as bytes, which stand in the same order.
    pub fn to_bytes(self) -> [u8; KEY_LENGTH] {
        let mut bytes = [0; KEY_LENGTH];
        for (part, number) in bytes.chunks_exact_mut(4).zip(self.0) {
            part.copy_from_slice(&number.to_be_bytes());
        }
        bytes
    }
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Request {
    /// Whose holdings.
    pub entity: ReportingEntityId,
    /// At the end of which day.
    pub as_of: Date,
    /// In what currency.
    pub ask: Ask,
    /// What rows are told apart by.
    pub grouping: Grouping,
    /// Whether the lots are shown.
    pub lots: bool,
}

/// The money of accounts stands in this class.
const CASH: &str = "cash";

/// Every row, in order of its key.
///
/// # Errors
/// [`DomainError::RateUnknown`].
pub fn holdings(book: &Book, request: &Request) -> Result<Vec<(Key, Holding)>, DomainError> {
    let mut table = Table {
        book,
        request,
        rows: BTreeMap::new(),
    };
    if request.grouping.by(Dimension::Portfolio) {
        for (seq, id, view) in book.views(&request.entity) {
            table.add(&view, Some((seq, &id)))?;
        }
    } else {
        table.add(&book.view(&request.entity), None)?;
    }
    table
        .rows
        .into_iter()
        .map(|(key, row)| Ok((key, row.written(book, request)?)))
        .collect()
}

/// The rows as far as they are added up.
struct Table<'a> {
    book: &'a Book,
    request: &'a Request,
    rows: BTreeMap<Key, Row>,
}

/// What a row adds up: one or several places that hold the same.
struct Row {
    portfolio: Option<PortfolioId>,
    several_places: bool,
    sum: ledger::Holding,
    lots: Vec<(Place, ledger::OpenLot)>,
}

impl Table<'_> {
    fn add(&mut self, view: &View, portfolio: Option<(u32, &PortfolioId)>) -> Result<(), DomainError> {
        let query = HoldingsQuery {
            as_of: self.request.as_of,
            currency: self.request.ask.code,
            lots: self.request.lots,
        };
        let found = self.book.ledger().holdings(&view.scope(), query)?;
        for holding in found {
            let key = self.key(&holding, portfolio.map_or(0, |(seq, _)| seq));
            match self.rows.entry(key) {
                std::collections::btree_map::Entry::Occupied(mut row) => {
                    row.get_mut().add(holding);
                }
                std::collections::btree_map::Entry::Vacant(place) => {
                    let id = portfolio.map(|(_, id)| id.clone());
                    place.insert(Row::of(holding, id));
                }
            }
        }
        Ok(())
    }

    fn key(&self, holding: &ledger::Holding, portfolio: u32) -> Key {
        let (names, grouping) = (self.book.names(), &self.request.grouping);
        let class = match holding.instrument {
            Some(instrument) => u32::from(names.instrument(instrument).class_place) + 1,
            None => u32::MAX,
        };
        let (depository, account) = match holding.place {
            Place::Depository(depository) if grouping.by(Dimension::Depository) => {
                (names.depository(depository).seq, 0)
            }
            Place::Depository(_) => (0, 0),
            Place::Account(account) => (0, names.account(account).seq),
        };
        Key([
            if grouping.by(Dimension::InstrumentClass) {
                class
            } else {
                0
            },
            portfolio,
            depository,
            // Money after everything else.
            holding
                .instrument
                .map_or(u32::MAX, |number| names.instrument(number).place),
            account,
        ])
    }
}

impl Row {
    fn of(mut holding: ledger::Holding, portfolio: Option<PortfolioId>) -> Self {
        let lots = std::mem::take(&mut holding.lots);
        Self {
            portfolio,
            several_places: false,
            lots: lots.into_iter().map(|lot| (holding.place, lot)).collect(),
            sum: holding,
        }
    }

    fn add(&mut self, holding: ledger::Holding) {
        let (sum, place) = (&mut self.sum, holding.place);
        self.several_places |= place != sum.place;
        sum.quantity = sum.quantity.saturating_add(holding.quantity);
        sum.amounts = match (sum.amounts, holding.amounts) {
            (Ok(sum), Ok(more)) => together(sum, more).ok_or(Fault::Overflow),
            (Err(fault), _) | (_, Err(fault)) => Err(fault),
        };
        self.lots.extend(holding.lots.into_iter().map(|lot| (place, lot)));
    }

    fn written(mut self, book: &Book, request: &Request) -> Result<Holding, DomainError> {
        let (names, sum) = (book.names(), self.sum);
        let amounts = sum.amounts?;
        let money = Money::of(&request.ask.currency);
        let instrument = sum.instrument.map(|number| names.instrument(number));
        let quantity = match (sum.instrument, sum.place) {
            (None, Place::Account(account)) => {
                Money::of(&names.account(account).currency).write(sum.quantity)
            }
            _ => units(sum.quantity),
        };
        self.lots.sort_by_key(|(_, lot)| (lot.acquired_on, lot.opened_by));
        Ok(Holding {
            instrument_id: instrument.map(|instrument| instrument.id.clone()),
            instrument_class_id: instrument.map_or_else(cash, |instrument| Some(instrument.class_id.clone())),
            account_id: match sum.place {
                Place::Account(account) => Some(names.account(account).id.clone()),
                Place::Depository(_) => None,
            },
            portfolio_id: self.portfolio,
            depository_id: match sum.place {
                Place::Depository(depository) if !self.several_places => {
                    Some(names.depository(depository).id.clone())
                }
                _ => None,
            },
            as_of: request.as_of.into(),
            quantity,
            price: sum.price.map(units),
            price_date: sum.price_date.map(Day::from),
            accrued_interest: money.write(amounts.accrued_interest),
            market_value: money.write(amounts.market_value),
            cost_basis: money.write(amounts.cost_basis),
            unrealised_pnl: money.write(amounts.unrealised_pnl),
            currency: request.ask.currency.clone(),
            fx_rate: rate(amounts.fx_rate),
            lots: request.lots.then(|| lots(self.lots, book, money)),
        })
    }
}

/// The amounts of two places that hold the same; none where a sum leaves the range of 28 digits.
fn together(left: Amounts, right: Amounts) -> Option<Amounts> {
    Some(Amounts {
        accrued_interest: left.accrued_interest.checked_add(right.accrued_interest)?,
        market_value: left.market_value.checked_add(right.market_value)?,
        cost_basis: left.cost_basis.checked_add(right.cost_basis)?,
        unrealised_pnl: left.unrealised_pnl.checked_add(right.unrealised_pnl)?,
        fx_rate: left.fx_rate,
    })
}

fn cash() -> Option<InstrumentClassId> {
    CASH.parse().ok()
}

fn lots(open: Vec<(Place, ledger::OpenLot)>, book: &Book, money: Money) -> Vec<Lot> {
    open.into_iter()
        .filter_map(|(place, lot)| {
            Some(Lot {
                id: book.names().transaction(lot.opened_by)?,
                depository_id: match place {
                    Place::Depository(depository) => Some(book.names().depository(depository).id.clone()),
                    Place::Account(_) => None,
                },
                acquired_on: lot.acquired_on.into(),
                quantity: units(lot.quantity),
                cost: money.write(lot.cost),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn keys_stand_in_the_same_order_as_their_bytes(left in any::<[u32; 5]>(), right in any::<[u32; 5]>()) {
            let bytes = Key(left).to_bytes().cmp(&Key(right).to_bytes());
            prop_assert_eq!(Key(left).cmp(&Key(right)), bytes);
        }
    }
}
