//! The chart of a ledger: what its entries may name.

use super::{AccountNo, Currency, DepositoryNo, Instrument, InstrumentNo, Method, accrual};
use jiff::civil::Date;

/// Accounts, depositories and instruments, each known by its place in the order of addition. Nothing is ever removed.
#[derive(Clone, Debug, Default)]
pub struct Chart {
    accounts: Vec<Currency>,
    depositories: Vec<Method>,
    instruments: Vec<Listed>,
}

/// An instrument, and the bounds of its coupon periods.
#[derive(Clone, Debug)]
struct Listed {
    instrument: Instrument,
    bounds: Vec<Date>,
}

impl From<Instrument> for Listed {
    fn from(instrument: Instrument) -> Self {
        let bounds = instrument.terms.coupons().map(accrual::schedule);
        Self {
            instrument,
            bounds: bounds.unwrap_or_default(),
        }
    }
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
        self.instruments.push(instrument.into());
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
        self.instruments
            .get(instrument.index())
            .map(|listed| &listed.instrument)
    }
    /// The bounds of an instrument's coupon periods; empty where it pays none.
    pub(super) fn bounds(&self, instrument: InstrumentNo) -> &[Date] {
        self.instruments
            .get(instrument.index())
            .map_or(&[], |listed| listed.bounds.as_slice())
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
            .map(|(index, listed)| (InstrumentNo::at(index), &listed.instrument))
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
            *held = instrument.into();
        }
    }
}
