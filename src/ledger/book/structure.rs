//! What the entries of a ledger may name, and changes of it that need everything replayed.

use super::{Ledger, Replayed};
use crate::ledger::{AccountNo, Chart, Currency, DepositoryNo, Instrument, InstrumentNo, Method, Refusal};

impl Ledger {
    /// What entries may name.
    pub fn chart(&self) -> &Chart {
        &self.chart
    }
    /// Adds an account.
    pub fn add_account(&mut self, currency: Currency) -> AccountNo {
        self.chart.add_account(currency)
    }
    /// Adds a depository.
    pub fn add_depository(&mut self, method: Method) -> DepositoryNo {
        self.chart.add_depository(method)
    }
    /// Adds an instrument.
    pub fn add_instrument(&mut self, instrument: Instrument) -> InstrumentNo {
        self.chart.add_instrument(instrument)
    }

    /// Changes the method of depositories, as when a client's changes, and replays everything.
    ///
    /// # Errors
    /// Names the first entry that cannot be under the new method; nothing has changed then.
    pub fn set_methods(&mut self, methods: &[(DepositoryNo, Method)]) -> Result<(), Refusal> {
        let mut chart = self.chart.clone();
        for (depository, method) in methods {
            chart.set_method(*depository, *method);
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

    fn rechart(&mut self, chart: Chart) -> Result<(), Refusal> {
        let mut replayed = Replayed::default();
        let tail = replayed.again(&chart, 0, 0, |_| Box::new(self.entries.iter()))?;
        replayed.replace(tail);
        (self.chart, self.replayed) = (chart, replayed);
        Ok(())
    }
}
