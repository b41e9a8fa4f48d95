//! What the entries of a ledger may name, what things were worth, and changes of either that need entries replayed.

use super::{Ledger, Replayed};
use crate::ledger::{
    Account, AccountNo, Chart, Currency, Depository, DepositoryNo, Entry, Instrument, InstrumentNo, Kind,
    Market, Quotes, Refusal, Series, Terms,
};
use jiff::civil::Date;

impl Ledger {
    /// What entries may name.
    pub fn chart(&self) -> &Chart {
        &self.chart
    }
    /// What things were worth.
    pub fn market(&self) -> &Market {
        &self.market
    }
    /// Adds an account.
    pub fn add_account(&mut self, account: Account) -> AccountNo {
        self.chart.add_account(account)
    }
    /// Adds a depository.
    pub fn add_depository(&mut self, depository: Depository) -> DepositoryNo {
        self.chart.add_depository(depository)
    }
    /// Adds an instrument.
    pub fn add_instrument(&mut self, instrument: Instrument) -> InstrumentNo {
        self.chart.add_instrument(instrument)
    }

    /// Replaces an account, as when it may no longer be short, and replays everything.
    ///
    /// # Errors
    /// Names the first entry that cannot be then; nothing has changed.
    pub fn set_account(&mut self, number: AccountNo, account: Account) -> Result<(), Refusal> {
        let mut chart = self.chart.clone();
        chart.set_account(number, account);
        self.rechart(chart)
    }

    /// Replaces depositories, as when the method of their client changes, and replays everything.
    ///
    /// # Errors
    /// Names the first entry that cannot be under the new method; nothing has changed then.
    pub fn set_depositories(&mut self, changed: &[(DepositoryNo, Depository)]) -> Result<(), Refusal> {
        let mut chart = self.chart.clone();
        for (number, depository) in changed {
            chart.set_depository(*number, *depository);
        }
        self.rechart(chart)
    }

    /// Replaces an instrument, as when its terms change, and replays everything.
    ///
    /// # Errors
    /// Names the first entry that does not go with the new terms; nothing has changed then.
    pub fn set_instrument(&mut self, number: InstrumentNo, instrument: Instrument) -> Result<(), Refusal> {
        let mut chart = self.chart.clone();
        chart.set_instrument(number, instrument);
        self.rechart(chart)
    }

    /// Sets the series of an instrument. What was acquired at its prices or factors is replayed from the first day that
    /// changes.
    ///
    /// # Errors
    /// Names the first entry whose cost would leave the range of 28 digits; nothing has changed then.
    pub fn set_quotes(&mut self, number: InstrumentNo, quotes: Quotes) -> Result<(), Refusal> {
        let known = self.market.quotes(number).cloned().unwrap_or_default();
        let first = known.first_difference(&quotes).and_then(|changed| {
            self.first_concerned(changed, |entry| {
                entry.instrument == Some(number) && self.costs_by_quotes(entry)
            })
        });
        self.reprice(first, |market| market.set_quotes(number, quotes))
    }

    /// Sets the rates of a currency: units of it for 1 EUR. What converts at them is replayed from the first day that
    /// changes.
    ///
    /// # Errors
    /// Names the first entry whose cost would leave the range of 28 digits; nothing has changed then.
    pub fn set_rates(&mut self, currency: Currency, series: Series) -> Result<(), Refusal> {
        let known = self.market.rates(currency).cloned().unwrap_or_default();
        // A first point holds before its day as well.
        let first = known
            .first_difference(&series)
            .and_then(|_| self.first_concerned(Date::MIN, |entry| self.costs_by_rates(entry)));
        self.reprice(first, |market| market.set_rates(currency, series))
    }

    /// Whether the cost of what the entry brings in follows from quotes.
    fn costs_by_quotes(&self, entry: &Entry) -> bool {
        let instrument = entry.instrument.and_then(|number| self.chart.instrument(number));
        let is_linked = instrument.is_some_and(|found| matches!(found.terms, Terms::IndexLinkedBond(_)));
        let is_unpriced = matches!(entry.kind, Kind::Transfer { .. }) && entry.price.is_none();
        is_linked || is_unpriced
    }

    /// Whether the cost of what the entry brings in follows from exchange rates.
    fn costs_by_rates(&self, entry: &Entry) -> bool {
        let Some(instrument) = entry.instrument.and_then(|number| self.chart.instrument(number)) else {
            return false;
        };
        let account = entry.account.and_then(|account| self.chart.currency(account));
        match &entry.kind {
            Kind::CorporateAction(_) => true,
            Kind::Transfer { .. } => matches!(instrument.terms, Terms::FxForward(_)),
            _ => account != Some(instrument.currency) && entry.fx_rate().is_none() && !entry.fees.is_zero(),
        }
    }

    fn first_concerned(&self, from: Date, concerns: impl Fn(&Entry) -> bool) -> Option<usize> {
        let first = self.entries.partition_point(|entry| entry.trade_date < from);
        let found = self.entries[first..].iter().position(concerns);
        found.map(|place| first + place)
    }

    /// Changes the market, and replays from the entry at `first` on; nothing where there is none.
    fn reprice(&mut self, first: Option<usize>, change: impl FnOnce(&mut Market)) -> Result<(), Refusal> {
        let Some(first) = first else {
            change(&mut self.market);
            return Ok(());
        };
        let before = self.market.clone();
        change(&mut self.market);
        let tail = self
            .replayed
            .again(self.world(), first, self.entries.len(), |start| {
                Box::new(self.entries[start..].iter())
            });
        match tail {
            Ok(tail) => {
                self.replayed.replace(tail);
                Ok(())
            }
            Err(refused) => {
                self.market = before;
                Err(refused)
            }
        }
    }

    fn rechart(&mut self, chart: Chart) -> Result<(), Refusal> {
        let before = std::mem::replace(&mut self.chart, chart);
        let mut replayed = Replayed::default();
        match replayed.again(self.world(), 0, 0, |_| Box::new(self.entries.iter())) {
            Ok(tail) => {
                replayed.replace(tail);
                self.replayed = replayed;
                Ok(())
            }
            Err(refused) => {
                self.chart = before;
                Err(refused)
            }
        }
    }
}
