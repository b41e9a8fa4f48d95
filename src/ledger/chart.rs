//! The chart of a ledger: what its entries may name.

use super::{AccountNo, ClientNo, Currency, DepositoryNo, Instrument, InstrumentNo, Method, Place, accrual};
use jiff::civil::Date;

/// Accounts, depositories and instruments, each known by its place in the order of addition. Nothing is ever removed.
#[derive(Clone, Debug, Default)]
pub struct Chart {
    accounts: Vec<Account>,
    depositories: Vec<Depository>,
    instruments: Vec<Listed>,
}

/// An account, as far as figures depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    /// What its money is in.
    pub currency: Currency,
    /// The client whose legal entity it belongs to.
    pub client: ClientNo,
    /// Whether its transactions may sell what is not held.
    pub allows_short: bool,
}

/// A depository, as far as figures depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Depository {
    /// Which lots a sale from it closes: the method of its client.
    pub method: Method,
    /// The client whose legal entity it belongs to.
    pub client: ClientNo,
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
    /// Adds an account.
    pub fn add_account(&mut self, account: Account) -> AccountNo {
        self.accounts.push(account);
        AccountNo::at(self.accounts.len() - 1)
    }
    /// Adds a depository.
    pub fn add_depository(&mut self, depository: Depository) -> DepositoryNo {
        self.depositories.push(depository);
        DepositoryNo::at(self.depositories.len() - 1)
    }
    /// Adds an instrument.
    pub fn add_instrument(&mut self, instrument: Instrument) -> InstrumentNo {
        self.instruments.push(instrument.into());
        InstrumentNo::at(self.instruments.len() - 1)
    }
    /// An account.
    pub fn account(&self, account: AccountNo) -> Option<Account> {
        self.accounts.get(account.index()).copied()
    }
    /// The currency of an account.
    pub fn currency(&self, account: AccountNo) -> Option<Currency> {
        self.account(account).map(|account| account.currency)
    }
    /// A depository.
    pub fn depository(&self, depository: DepositoryNo) -> Option<Depository> {
        self.depositories.get(depository.index()).copied()
    }
    /// The client that a place belongs to.
    pub fn client(&self, place: Place) -> Option<ClientNo> {
        match place {
            Place::Account(account) => self.account(account).map(|account| account.client),
            Place::Depository(depository) => self.depository(depository).map(|depository| depository.client),
        }
    }
    /// Which lots are closed at a place; money's own places keep one rolling lot.
    pub(super) fn method(&self, place: Place) -> Method {
        match place {
            Place::Depository(depository) => self.depository(depository).map(|depository| depository.method),
            Place::Account(_) => None,
        }
        .unwrap_or(Method::Average)
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
    pub fn accounts(&self) -> impl Iterator<Item = (AccountNo, Account)> {
        self.accounts
            .iter()
            .enumerate()
            .map(|(index, account)| (AccountNo::at(index), *account))
    }
    /// Every instrument.
    pub fn instruments(&self) -> impl Iterator<Item = (InstrumentNo, &Instrument)> {
        self.instruments
            .iter()
            .enumerate()
            .map(|(index, listed)| (InstrumentNo::at(index), &listed.instrument))
    }
    /// Replaces an account.
    pub(super) fn set_account(&mut self, number: AccountNo, account: Account) {
        if let Some(held) = self.accounts.get_mut(number.index()) {
            *held = account;
        }
    }
    /// Replaces a depository.
    pub(super) fn set_depository(&mut self, number: DepositoryNo, depository: Depository) {
        if let Some(held) = self.depositories.get_mut(number.index()) {
            *held = depository;
        }
    }
    /// Replaces an instrument.
    pub(super) fn set_instrument(&mut self, number: InstrumentNo, instrument: Instrument) {
        if let Some(held) = self.instruments.get_mut(number.index()) {
            *held = instrument.into();
        }
    }
}
