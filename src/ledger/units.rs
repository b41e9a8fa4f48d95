//! Quantities and money alone, without lots, costs or rules: what a custodian's books add up to, and how a holding
//! changed over time.

use super::{AccountNo, Chart, CorporateAction, Entry, InstrumentNo, Kind, Place, State};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// What is held where, and the money of accounts. Nothing is refused: sums may become negative.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Units {
    held: BTreeMap<(Place, InstrumentNo), Held>,
    money: BTreeMap<AccountNo, Decimal>,
}

/// How much is held of an instrument at a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Units, or nominal.
    pub quantity: Decimal,
    /// The nominal as it was acquired, which redemptions leave as it is.
    pub original: Decimal,
}

impl Units {
    /// What a state holds of one instrument; a commitment to a private fund is no quantity.
    pub fn of(state: &State, instrument: InstrumentNo) -> Self {
        let positions = state
            .positions()
            .filter(|position| position.instrument == instrument);
        let held = positions.map(|position| {
            let held = Held {
                quantity: position.units,
                original: position.original,
            };
            ((position.place, instrument), held)
        });
        Self {
            held: held.collect(),
            money: BTreeMap::new(),
        }
    }

    /// Everything that was ever held, with what is left of it.
    pub fn assets(&self) -> impl Iterator<Item = ((Place, InstrumentNo), Held)> {
        self.held.iter().map(|(thing, held)| (*thing, *held))
    }

    /// What is left of an instrument at a place.
    pub fn asset(&self, place: Place, instrument: InstrumentNo) -> Held {
        self.held.get(&(place, instrument)).copied().unwrap_or_default()
    }

    /// The money of an account.
    pub fn money(&self, account: AccountNo) -> Decimal {
        self.money.get(&account).copied().unwrap_or_default()
    }

    /// Adds an entry; none where a sum leaves the range of 28 digits.
    #[must_use]
    pub fn add(&mut self, chart: &Chart, entry: &Entry) -> Option<()> {
        if let Some(account) = entry.account {
            self.pay(account, entry.amount)?;
        }
        match (&entry.kind, entry.instrument, entry.place()) {
            // What is committed to a private fund is no quantity.
            (Kind::CapitalCall(_) | Kind::Distribution(_), _, _) => Some(()),
            (Kind::FxTrade { account, amount }, _, _) => self.pay(*account, *amount),
            (Kind::Transfer { account, depository }, instrument, _) => {
                if let Some(account) = account {
                    self.pay(*account, -entry.amount)?;
                }
                let Some(instrument) = instrument else {
                    return Some(());
                };
                let route = entry.route((*account, *depository));
                let quantity = entry.quantity.abs();
                let original = match route.from {
                    Some(from) => self.receive((from, instrument), -quantity, false)?,
                    None => quantity,
                };
                if let Some(to) = route.to {
                    self.receive((to, instrument), quantity, true)?;
                    let held = self.held.entry((to, instrument)).or_default();
                    // What came in counted as new; what it was before goes with it.
                    held.original = held.original.checked_sub(quantity)?.checked_add(original)?;
                }
                Some(())
            }
            (Kind::CorporateAction(action), Some(instrument), _) => {
                self.act(chart, entry, (instrument, action))
            }
            (Kind::Redemption, Some(instrument), Some(place)) => {
                let held = self.held.entry((place, instrument)).or_default();
                held.quantity = held.quantity.checked_add(entry.quantity)?;
                if held.quantity.is_zero() {
                    held.original = Decimal::ZERO;
                }
                Some(())
            }
            (_, Some(instrument), Some(place)) => {
                self.receive((place, instrument), entry.quantity, true).map(drop)
            }
            _ => Some(()),
        }
    }

    fn pay(&mut self, account: AccountNo, amount: Decimal) -> Option<()> {
        let sum = self.money.entry(account).or_default();
        *sum = sum.checked_add(amount)?;
        Some(())
    }

    /// Adds units, or takes them with their part of the original par, which it returns.
    fn receive(&mut self, thing: (Place, InstrumentNo), quantity: Decimal, opens: bool) -> Option<Decimal> {
        let held = self.held.entry(thing).or_default();
        let before = held.quantity;
        held.quantity = before.checked_add(quantity)?;
        let grows = before.is_zero() || before.is_sign_negative() == quantity.is_sign_negative();
        if grows {
            if opens {
                held.original = held.original.checked_add(quantity.abs())?;
            }
            return Some(Decimal::ZERO);
        }
        let left = if held.quantity.is_zero() || held.quantity.is_sign_negative() != before.is_sign_negative()
        {
            held.quantity.abs()
        } else {
            held.original.checked_mul(held.quantity)?.checked_div(before)?
        };
        let gone = held.original.checked_sub(left)?;
        held.original = left;
        Some(gone)
    }

    fn act(
        &mut self,
        chart: &Chart,
        entry: &Entry,
        (instrument, action): (InstrumentNo, &CorporateAction),
    ) -> Option<()> {
        let own = entry.depository.map(Place::Depository);
        let client = entry.place().and_then(|place| chart.client(place));
        let acts = |place: Place| match own {
            Some(own) => own == place,
            None => client.is_none() || chart.client(place) == client,
        };
        let affected: Vec<(Place, Held)> = self
            .held
            .iter()
            .filter(|((place, of), held)| *of == instrument && acts(*place) && !held.quantity.is_zero())
            .map(|((place, _), held)| (*place, *held))
            .collect();
        for (place, held) in affected {
            match action {
                CorporateAction::Split { ratio } => {
                    let split = Held {
                        quantity: held.quantity.checked_mul(*ratio)?,
                        original: held.original.checked_mul(*ratio)?,
                    };
                    self.held.insert((place, instrument), split);
                }
                CorporateAction::SpinOff { target, ratio, .. } => {
                    self.receive((place, *target), held.quantity.checked_mul(*ratio)?, true)?;
                }
                CorporateAction::Merger { target, ratio } => {
                    self.held.insert((place, instrument), Held::default());
                    self.receive((place, *target), held.quantity.checked_mul(*ratio)?, true)?;
                }
                CorporateAction::ReturnOfCapital => {}
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
    fn quantities_and_money_add_up_through_splits_and_transfers() {
        let away = Kind::Transfer {
            account: None,
            depository: Some(THERE),
        };
        let mut units = Units::default();
        for entry in [
            entry(1, Kind::Buy, 100, -1_000),
            entry(2, Kind::split(2.into()), 0, 0),
            entry(3, away, -50, 0),
            entry(4, Kind::Sell, -20, 150),
            entry(5, Kind::Dividend, 0, 7),
        ] {
            units.add(&Chart::new(), &entry).unwrap();
        }
        assert_eq!(units.asset(Place::Depository(HERE), SHARE).quantity, 130.into());
        assert_eq!(units.asset(Place::Depository(THERE), SHARE).quantity, 50.into());
        assert_eq!(units.money(AccountNo(0)), Decimal::from(-843));
    }

    #[test]
    fn a_repayment_leaves_the_original_par_and_a_sale_takes_its_part() {
        let mut units = Units::default();
        for (entry, quantity, original) in [
            (entry(1, Kind::Buy, 1_000, -1_000), 1_000, 1_000),
            (entry(2, Kind::Redemption, -200, 200), 800, 1_000),
            (entry(3, Kind::Sell, -400, 400), 400, 500),
            (entry(4, Kind::Redemption, -400, 400), 0, 0),
        ] {
            units.add(&Chart::new(), &entry).unwrap();
            let held = units.asset(Place::Depository(HERE), SHARE);
            assert_eq!((held.quantity, held.original), (quantity.into(), original.into()));
        }
    }
}
