//! Everything that was entered about one instrument, replayed as a ledger of its own while a change is made: read once,
//! and followed through the change.

use crate::{
    ledger::{
        Account, AccountNo, ClientNo, Currency, Depository, DepositoryNo, Instrument, InstrumentNo, Kind,
        Ledger, Place, Refusal, Scope, Terms, TransactionNo,
    },
    sandbox::{
        DomainError,
        book::terms,
        convert::{self, Numbers, method, number},
        instruments,
    },
    store::{
        StoreError,
        tenant::{TransactionType, WriteTx, book, transactions as store},
    },
};
use contract::{
    clients::AccountingMethod,
    ids::{AccountId, DepositoryId, InstrumentId, TransactionId},
    instruments::InstrumentType,
    portfolios::Portfolio,
};
use std::collections::{BTreeSet, HashMap};

/// Where something is held.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(in crate::sandbox) enum HeldAt {
    /// In a depository.
    Depository(DepositoryId),
    /// In an account itself, as a commitment to a private fund may be.
    Account(AccountId),
}

impl HeldAt {
    /// The id of the place.
    pub(in crate::sandbox) fn as_str(&self) -> &str {
        match self {
            Self::Depository(id) => id.as_str(),
            Self::Account(id) => id.as_str(),
        }
    }
}

/// How much of one instrument is held in each place; places that hold none are left out.
pub(in crate::sandbox) type Held = HashMap<HeldAt, rust_decimal::Decimal>;

/// What entries are, and by which ids they are known.
pub(super) type Told = HashMap<TransactionNo, (TransactionType, TransactionId)>;

/// What was entered about an instrument.
pub(in crate::sandbox) struct Story {
    desk: Desk,
    told: Told,
    kind: Option<InstrumentType>,
}

impl Story {
    /// Reads it.
    ///
    /// # Errors
    /// When the store fails.
    pub(in crate::sandbox) async fn of(
        tx: &mut WriteTx,
        instrument: &InstrumentId,
    ) -> Result<Self, DomainError> {
        let read = Self::read(tx, instrument).await?;
        read.map_err(|(refusal, _)| {
            StoreError::Inconsistent(format!("the ledger cannot be replayed: {refusal}")).into()
        })
    }

    /// Reads it, or finds that it cannot be replayed.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn read(
        tx: &mut WriteTx,
        instrument: &InstrumentId,
    ) -> Result<Result<Self, (Refusal, Told)>, DomainError> {
        let rows = book::about(tx, instrument).await?;
        let found = instruments::find(tx, instrument).await?;
        let terms = found.as_ref().map_or(Terms::Stock, terms::read);
        let mut desk = Desk::new(terms, store::methods(tx).await?);
        let told: Told = rows
            .iter()
            .map(|row| (number(row.seq), (row.kind, row.id.clone())))
            .collect();
        let mut entries = Vec::with_capacity(rows.len());
        for row in rows {
            entries.push(convert::entry(row, &mut desk)?);
        }
        Ok(match desk.ledger.extend(entries) {
            Ok(()) => Ok(Self {
                desk,
                told,
                kind: found.map(|found| found.r#type),
            }),
            Err(refusal) => Err((refusal, told)),
        })
    }

    /// Adds the transaction that was entered last, at `seq`. When it is refused, nothing has changed here.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) async fn enter(
        &mut self,
        tx: &mut WriteTx,
        seq: i64,
    ) -> Result<Result<(), Refusal>, DomainError> {
        for row in book::entries(tx, seq - 1).await? {
            self.told.insert(number(row.seq), (row.kind, row.id.clone()));
            let entry = convert::entry(row, &mut self.desk)?;
            if let Err(refusal) = self.desk.ledger.extend(vec![entry]) {
                return Ok(Err(refusal));
            }
        }
        Ok(Ok(()))
    }

    /// Takes out the transaction at `seq`.
    ///
    /// # Errors
    /// Names the first later one that would be impossible without it; nothing has changed then.
    pub(super) fn delete(&mut self, seq: i64) -> Result<(), Refusal> {
        self.desk.ledger.delete(number(seq)).map(drop)
    }

    /// What its entries are called.
    pub(super) fn told(&self) -> &Told {
        &self.told
    }

    /// The type of the instrument; none where it is not known.
    pub(super) fn kind(&self) -> Option<InstrumentType> {
        self.kind
    }

    /// The ledger of the instrument alone.
    pub(in crate::sandbox) fn ledger(&self) -> &Ledger {
        &self.desk.ledger
    }

    /// The number of the instrument.
    pub(in crate::sandbox) fn instrument(&self) -> InstrumentNo {
        self.desk.instrument
    }

    /// The id of an entry.
    pub(in crate::sandbox) fn transaction(&self, number: TransactionNo) -> Option<&TransactionId> {
        self.told.get(&number).map(|(_, id)| id)
    }

    /// What is held, all entries counted.
    pub(in crate::sandbox) fn held(&self) -> Held {
        self.desk.held()
    }

    /// The places that anything was entered about.
    pub(in crate::sandbox) fn places(&self) -> Vec<&str> {
        let accounts = self.desk.accounts.keys().map(AccountId::as_str);
        let named = self
            .desk
            .ledger
            .entries()
            .iter()
            .flat_map(|entry| match entry.kind {
                Kind::Transfer { depository, .. } => [entry.depository, depository],
                _ => [entry.depository, None],
            });
        let named: BTreeSet<DepositoryNo> = named.flatten().collect();
        let depositories = self.desk.depositories.iter();
        let depositories = depositories.filter(|(_, number)| named.contains(number));
        accounts.chain(depositories.map(|(id, _)| id.as_str())).collect()
    }

    /// The places of a portfolio, `excluded` accounts left out.
    pub(in crate::sandbox) fn scope(&self, portfolio: &Portfolio, excluded: &[AccountId]) -> Scope {
        let counted = portfolio.account_ids.iter().filter(|id| !excluded.contains(id));
        Scope::new(
            counted.filter_map(|id| self.desk.accounts.get(id).copied()),
            portfolio
                .depository_ids
                .iter()
                .filter_map(|id| self.desk.depositories.get(id).copied()),
        )
    }
}

/// The ledger of one instrument, its places added as entries name them.
struct Desk {
    ledger: Ledger,
    instrument: InstrumentNo,
    accounts: HashMap<AccountId, AccountNo>,
    depositories: HashMap<DepositoryId, DepositoryNo>,
}

impl Desk {
    fn new(terms: Terms, methods: Vec<(DepositoryId, AccountingMethod)>) -> Self {
        let mut ledger = Ledger::default();
        let instrument = ledger.add_instrument(Instrument {
            currency: Currency::EUR,
            terms,
        });
        let depositories = methods
            .into_iter()
            .map(|(id, known)| {
                let depository = Depository {
                    method: method(known),
                    client: ClientNo(0),
                };
                (id, ledger.add_depository(depository))
            })
            .collect();
        Self {
            ledger,
            instrument,
            accounts: HashMap::new(),
            depositories,
        }
    }

    fn held(&self) -> Held {
        let depositories: HashMap<_, _> = self
            .depositories
            .iter()
            .map(|(id, number)| (*number, id))
            .collect();
        let accounts: HashMap<_, _> = self.accounts.iter().map(|(id, number)| (*number, id)).collect();
        let positions = self.ledger.head().positions();
        positions
            .filter(|position| !position.quantity().is_zero())
            .filter_map(|position| {
                let place = match position.place {
                    Place::Depository(number) => HeldAt::Depository((*depositories.get(&number)?).clone()),
                    Place::Account(number) => HeldAt::Account((*accounts.get(&number)?).clone()),
                };
                Some((place, position.quantity()))
            })
            .collect()
    }
}

impl Numbers for Desk {
    fn account(&mut self, id: &AccountId) -> Option<AccountNo> {
        if let Some(known) = self.accounts.get(id) {
            return Some(*known);
        }
        let number = self.ledger.add_account(Account {
            currency: Currency::EUR,
            client: ClientNo(0),
            allows_short: false,
        });
        self.accounts.insert(id.clone(), number);
        Some(number)
    }

    fn depository(&mut self, id: &DepositoryId) -> Option<DepositoryNo> {
        self.depositories.get(id).copied()
    }

    fn instrument(&mut self, _: &InstrumentId) -> Option<InstrumentNo> {
        Some(self.instrument)
    }
}
