//! What the ledger's small numbers stand for: accounts, depositories, instruments and transactions by their ids.

use super::quotes;
use crate::{
    ledger::{Account, AccountNo, ClientNo, Depository, DepositoryNo, InstrumentNo, Ledger, TransactionNo},
    sandbox::{DomainError, convert},
    store::tenant::{
        Conn, Read,
        book::{self as rows, BookAccount, BookDepository, BookPortfolio},
    },
};
use contract::{
    ids::{AccountId, AssetId, ClientId, DepositoryId, InstrumentClassId, InstrumentId, TransactionId},
    instruments::Issuer,
    text::{Currency, Name},
};
use std::collections::HashMap;

/// An instrument as figures show it.
#[derive(Clone, Debug, PartialEq)]
pub struct BookInstrument {
    /// Its id.
    pub id: InstrumentId,
    /// Its place in lists, which it keeps.
    pub place: u32,
    /// Its name.
    pub name: Name,
    /// The name under which integrations know it.
    pub asset_id: AssetId,
    /// Who issued it.
    pub issuer: Option<Issuer>,
    /// Its class.
    pub class_id: InstrumentClassId,
    /// The place of its class among all.
    pub class_place: u16,
    /// What its prices are in.
    pub currency: Currency,
}

/// The ids behind the ledger's numbers. Numbers are never given twice, so what went away keeps its own.
#[derive(Debug, Default)]
pub struct Names {
    clients: HashMap<ClientId, ClientNo>,
    accounts: Vec<BookAccount>,
    accounts_by_id: HashMap<AccountId, AccountNo>,
    depositories: Vec<BookDepository>,
    depositories_by_id: HashMap<DepositoryId, DepositoryNo>,
    instruments: Vec<BookInstrument>,
    instruments_by_id: HashMap<InstrumentId, InstrumentNo>,
    portfolios: Vec<BookPortfolio>,
    /// In the order of creation.
    transactions: Vec<Noted>,
}

/// A transaction's number and id. There are many, so the 24 hexadecimal digits are kept as the bytes that they stand
/// for, without an allocation of their own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Noted {
    number: TransactionNo,
    id: [u8; 12],
}

impl Noted {
    pub(super) fn new(number: TransactionNo, id: &TransactionId) -> Self {
        Self {
            number,
            id: id.to_bytes(),
        }
    }
}

impl Names {
    /// An account.
    pub fn account(&self, number: AccountNo) -> &BookAccount {
        &self.accounts[number.0 as usize]
    }
    /// The number of an account.
    pub fn account_no(&self, id: &AccountId) -> Option<AccountNo> {
        self.accounts_by_id.get(id).copied()
    }
    /// Every account there ever was since the tenant was opened.
    pub fn accounts(&self) -> impl Iterator<Item = (AccountNo, &BookAccount)> {
        (0..).map(AccountNo).zip(&self.accounts)
    }
    /// A depository.
    pub fn depository(&self, number: DepositoryNo) -> &BookDepository {
        &self.depositories[number.0 as usize]
    }
    /// The number of a depository.
    pub fn depository_no(&self, id: &DepositoryId) -> Option<DepositoryNo> {
        self.depositories_by_id.get(id).copied()
    }
    /// Every depository there ever was since the tenant was opened.
    pub fn depositories(&self) -> impl Iterator<Item = (DepositoryNo, &BookDepository)> {
        (0..).map(DepositoryNo).zip(&self.depositories)
    }
    /// An instrument.
    pub fn instrument(&self, number: InstrumentNo) -> &BookInstrument {
        &self.instruments[number.0 as usize]
    }
    /// The number of an instrument.
    pub fn instrument_no(&self, id: &InstrumentId) -> Option<InstrumentNo> {
        self.instruments_by_id.get(id).copied()
    }
    /// Every instrument.
    pub fn instruments(&self) -> impl Iterator<Item = (InstrumentNo, &BookInstrument)> {
        (0..).map(InstrumentNo).zip(&self.instruments)
    }
    /// Every portfolio, oldest first.
    pub fn portfolios(&self) -> &[BookPortfolio] {
        &self.portfolios
    }

    /// The id of a transaction.
    pub fn transaction(&self, number: TransactionNo) -> Option<TransactionId> {
        let place = self
            .transactions
            .binary_search_by_key(&number, |noted| noted.number);
        place
            .ok()
            .map(|place| TransactionId::from_bytes(self.transactions[place].id))
    }

    /// Notes the ids of transactions, given in the order of creation; those known already are left out.
    pub(super) fn note(&mut self, transactions: &[Noted]) {
        let last = self.transactions.last().map(|noted| noted.number);
        let known = transactions.partition_point(|noted| Some(noted.number) <= last);
        self.transactions.extend_from_slice(&transactions[known..]);
    }

    /// Takes in what has changed in the structure, and tells the ledger. Own instruments that changed up to `seen` are
    /// known; returns the last change.
    pub(super) async fn follow(
        &mut self,
        conn: &mut Read,
        ledger: &mut Ledger,
        seen: i64,
    ) -> Result<i64, DomainError> {
        let accounts = rows::accounts(conn).await?;
        let depositories = rows::depositories(conn).await?;
        let portfolios = rows::portfolios(conn).await?;
        let published = if self.instruments.is_empty() {
            quotes::published(conn.market())?
        } else {
            Vec::new()
        };
        let (own, last) = quotes::own(conn, seen).await?;
        for account in accounts {
            self.take_account(account, ledger)?;
        }
        self.take_depositories(depositories, ledger)?;
        for (instrument, of_ledger) in published.into_iter().chain(own) {
            self.take_instrument(instrument, of_ledger, ledger)?;
        }
        self.portfolios = portfolios;
        Ok(last)
    }

    fn take_account(&mut self, account: BookAccount, ledger: &mut Ledger) -> Result<(), DomainError> {
        let of_ledger = Account {
            currency: convert::currency(&account.currency)?,
            client: self.client_no(&account.client_id),
            allows_short: false,
        };
        if let Some(number) = self.account_no(&account.id) {
            self.accounts[number.0 as usize] = account;
            if ledger.chart().account(number) != Some(of_ledger) {
                ledger.set_account(number, of_ledger).map_err(super::impossible)?;
            }
            return Ok(());
        }
        let number = ledger.add_account(of_ledger);
        self.accounts_by_id.insert(account.id.clone(), number);
        self.accounts.push(account);
        Ok(())
    }

    fn take_depositories(
        &mut self,
        depositories: Vec<BookDepository>,
        ledger: &mut Ledger,
    ) -> Result<(), DomainError> {
        let mut changed = Vec::new();
        for depository in depositories {
            let of_ledger = Depository {
                method: convert::method(depository.method),
                client: self.client_no(&depository.client_id),
            };
            if let Some(number) = self.depository_no(&depository.id) {
                if ledger.chart().depository(number) != Some(of_ledger) {
                    changed.push((number, of_ledger));
                }
                self.depositories[number.0 as usize] = depository;
            } else {
                let number = ledger.add_depository(of_ledger);
                self.depositories_by_id.insert(depository.id.clone(), number);
                self.depositories.push(depository);
            }
        }
        if changed.is_empty() {
            return Ok(());
        }
        ledger.set_depositories(&changed).map_err(super::impossible)
    }

    /// The number of a client, which it is given when it is first met.
    fn client_no(&mut self, id: &ClientId) -> ClientNo {
        let next = ClientNo::at(self.clients.len());
        *self.clients.entry(id.clone()).or_insert(next)
    }

    fn take_instrument(
        &mut self,
        instrument: BookInstrument,
        of_ledger: crate::ledger::Instrument,
        ledger: &mut Ledger,
    ) -> Result<(), DomainError> {
        if let Some(number) = self.instrument_no(&instrument.id) {
            self.instruments[number.0 as usize] = instrument;
            if ledger.chart().instrument(number) != Some(&of_ledger) {
                ledger
                    .set_instrument(number, of_ledger)
                    .map_err(super::impossible)?;
            }
            return Ok(());
        }
        let number = ledger.add_instrument(of_ledger);
        self.instruments_by_id.insert(instrument.id.clone(), number);
        self.instruments.push(instrument);
        Ok(())
    }
}

impl convert::Numbers for &Names {
    fn account(&mut self, id: &AccountId) -> Option<AccountNo> {
        self.account_no(id)
    }
    fn depository(&mut self, id: &DepositoryId) -> Option<DepositoryNo> {
        self.depository_no(id)
    }
    fn instrument(&mut self, id: &InstrumentId) -> Option<InstrumentNo> {
        self.instrument_no(id)
    }
}
