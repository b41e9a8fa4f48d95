//! The chart of a ledger: what its entries may name.

use super::{AccountNo, Currency, DepositoryNo, Instrument, InstrumentNo, Method};

/// Accounts, depositories and instruments, each known by its place in the order of addition. Nothing is ever removed.
#[derive(Clone, Debug, Default)]
pub struct Chart {
    accounts: Vec<Currency>,
    depositories: Vec<Method>,
    instruments: Vec<Instrument>,
}

impl Chart {
    /// An empty chart.
    pub fn new() -> Self {
        Self::default()
    }
    /// Adds an account of this currency.
    pub fn add_account(&mut self, currency: Currency) -> AccountNo {
        self.accounts.push(currency);
        AccountNo::at(self.accounts.len() - 1)
    }
    /// Adds a depository that is accounted for by this method.
    pub fn add_depository(&mut self, method: Method) -> DepositoryNo {
        self.depositories.push(method);
        DepositoryNo::at(self.depositories.len() - 1)
    }
    /// Adds an instrument.
    pub fn add_instrument(&mut self, instrument: Instrument) -> InstrumentNo {
        self.instruments.push(instrument);
        InstrumentNo::at(self.instruments.len() - 1)
    }
    /// The currency of an account.
    pub fn account(&self, account: AccountNo) -> Option<Currency> {
        self.accounts.get(account.index()).copied()
    }
    /// The method of a depository.
    pub fn depository(&self, depository: DepositoryNo) -> Option<Method> {
        self.depositories.get(depository.index()).copied()
    }
    /// An instrument.
    pub fn instrument(&self, instrument: InstrumentNo) -> Option<&Instrument> {
        self.instruments.get(instrument.index())
    }
    /// Every account.
    pub fn accounts(&self) -> impl Iterator<Item = (AccountNo, Currency)> {
        self.accounts
            .iter()
            .enumerate()
            .map(|(index, currency)| (AccountNo::at(index), *currency))
    }
    /// Every instrument.
    pub fn instruments(&self) -> impl Iterator<Item = (InstrumentNo, &Instrument)> {
        self.instruments
            .iter()
            .enumerate()
            .map(|(index, instrument)| (InstrumentNo::at(index), instrument))
    }
    /// Sets the method of a depository.
    pub fn set_method(&mut self, depository: DepositoryNo, method: Method) {
        if let Some(held) = self.depositories.get_mut(depository.index()) {
            *held = method;
        }
    }
    /// Replaces an instrument.
    pub fn set_instrument(&mut self, number: InstrumentNo, instrument: Instrument) {
        if let Some(held) = self.instruments.get_mut(number.index()) {
            *held = instrument;
        }
    }
}
