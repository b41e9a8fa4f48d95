//! Whether the ledger can still be replayed after a change. What is held of an instrument depends on the entries about
//! that instrument alone, so only these are read and replayed, inside of the change's own transaction.

use crate::{
    ledger::{
        AccountNo, Chart, Currency, DepositoryNo, Instrument, InstrumentNo, Kind, Ledger, Member, Place,
        Reason, Refusal, Scope, Terms, TransactionNo,
    },
    sandbox::{
        DomainError,
        book::terms,
        convert::{self, Numbers, method, number},
        instruments,
    },
    store::{
        StoreError,
        tenant::{
            WriteTx,
            book::{self, LedgerRow},
            transactions as store,
        },
    },
};
use contract::{
    Decimal, FieldError,
    clients::AccountingMethod,
    ids::{AccountId, DepositoryId, InstrumentId, TransactionId},
    instruments::InstrumentType,
    portfolios::Portfolio,
    transactions::{Transaction, TransactionType as Type},
};
use jiff::civil::Date;
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

/// What is held of an instrument, all of the ledger counted.
///
/// # Errors
/// When the store fails.
pub(in crate::sandbox) async fn held(
    tx: &mut WriteTx,
    instrument: &InstrumentId,
) -> Result<Held, DomainError> {
    let rows = book::about(tx, instrument).await?;
    replay(tx, instrument, &rows).await?.map_err(|refusal| {
        StoreError::Inconsistent(format!("the ledger cannot be replayed: {refusal}")).into()
    })
}

/// Whether the ledger can be replayed with `entry`, which stands in it at `seq`, and what is held then.
///
/// # Errors
/// [`DomainError::Invalid`], saying which date or quantity fails.
pub(super) async fn check_entry(
    tx: &mut WriteTx,
    seq: i64,
    entry: &Transaction,
) -> Result<Held, DomainError> {
    let Some(instrument) = &entry.instrument_id else {
        return Ok(Held::new());
    };
    let rows = book::about(tx, instrument).await?;
    let refusal = match replay(tx, instrument, &rows).await? {
        Ok(held) => return Ok(held),
        Err(refusal) => refusal,
    };
    let fault = if refusal.number == number(seq) {
        let member = refusal.reason.member().unwrap_or(Member::Quantity);
        let detail = on_its_day(&refusal);
        FieldError::at(format!("/{}", member.as_str()), detail)
    } else {
        let member = match entry.r#type {
            Type::CorporateAction => Member::Ratio,
            _ => Member::Quantity,
        };
        let detail = format!(
            "would make a later transaction impossible: {}",
            later(&refusal, &rows)
        );
        FieldError::at(format!("/{}", member.as_str()), detail)
    };
    Err(DomainError::Invalid(vec![fault]))
}

/// Whether the ledger can be replayed without `entry`, which stands in it no longer, and what is held then.
///
/// # Errors
/// [`DomainError::InUse`], naming the transaction that would become impossible.
pub(super) async fn check_deletion(tx: &mut WriteTx, entry: &Transaction) -> Result<Held, DomainError> {
    let Some(instrument) = &entry.instrument_id else {
        return Ok(Held::new());
    };
    let rows = book::about(tx, instrument).await?;
    match replay(tx, instrument, &rows).await? {
        Ok(held) => Ok(held),
        Err(refusal) => Err(DomainError::InUse {
            detail: format!("A later transaction depends on it: {}.", later(&refusal, &rows)),
        }),
    }
}

/// Whether what was entered about an instrument can be replayed as its places are accounted for now.
///
/// # Errors
/// [`DomainError::InUse`], naming the transaction that would become impossible.
pub(in crate::sandbox) async fn check_method(
    tx: &mut WriteTx,
    instrument: &InstrumentId,
) -> Result<(), DomainError> {
    let rows = book::about(tx, instrument).await?;
    match replay(tx, instrument, &rows).await? {
        Ok(_) => Ok(()),
        Err(refusal) => Err(DomainError::InUse {
            detail: format!("The ledger cannot be replayed by it: {}.", later(&refusal, &rows)),
        }),
    }
}

/// What is wrong on the day of the new transaction itself.
fn on_its_day(refusal: &Refusal) -> String {
    match &refusal.reason {
        Reason::NotHeld { held, wanted } => format!(
            "takes {} on {}, where {} are held",
            plain(*wanted),
            refusal.date,
            plain(*held)
        ),
        Reason::LotsTooSmall { held, wanted } => format!(
            "hold {} together, where {} are to go on {}",
            plain(*held),
            plain(*wanted),
            refusal.date
        ),
        Reason::LotNotOpen(_) => format!("names a lot that is not open there on {}", refusal.date),
        Reason::LotsRequired => format!("names no lots on {}", refusal.date),
        reason => reason.to_string(),
    }
}

/// What becomes impossible later, and which transaction it is.
fn later(refusal: &Refusal, rows: &[LedgerRow]) -> String {
    let named = rows
        .iter()
        .find(|row| number(row.seq) == refusal.number)
        .map_or_else(String::new, |row| format!("{} {} ", row.kind.as_str(), row.id));
    format!("{named}{}", on_its_day(refusal))
}

fn plain(value: rust_decimal::Decimal) -> Decimal {
    Decimal::from(value).as_quantity()
}

async fn replay(
    tx: &mut WriteTx,
    instrument: &InstrumentId,
    rows: &[LedgerRow],
) -> Result<Result<Held, Refusal>, DomainError> {
    let kind = instruments::find(tx, instrument)
        .await?
        .map_or(InstrumentType::Stock, |found| found.r#type);
    // What is held does not depend on what it is worth, so the terms need be no more than of the right type.
    let terms = match kind {
        InstrumentType::PrivateMarketFund => Terms::PrivateMarketFund {
            commitment: rust_decimal::Decimal::ZERO,
        },
        kind if kind.is_quoted_in_per_cent() => Terms::ZeroCouponBond { maturity: Date::MAX },
        _ => Terms::Stock,
    };
    let mut desk = Desk::new(terms, store::methods(tx).await?);
    let mut entries = Vec::with_capacity(rows.len());
    for row in rows {
        entries.push(convert::entry(row.clone(), &mut desk)?);
    }
    let chart = std::mem::take(&mut desk.chart);
    Ok(Ledger::load(chart, entries).map(|ledger| desk.held(&ledger)))
}

/// Everything that was entered about an instrument, as a ledger of its own.
pub(in crate::sandbox) struct Story {
    desk: Desk,
    ids: HashMap<TransactionNo, TransactionId>,
    /// The ledger.
    pub(in crate::sandbox) ledger: Ledger,
}

impl Story {
    /// Reads what was entered about the instrument.
    ///
    /// # Errors
    /// When the store fails.
    pub(in crate::sandbox) async fn of(
        tx: &mut WriteTx,
        instrument: &InstrumentId,
    ) -> Result<Self, DomainError> {
        let rows = book::about(tx, instrument).await?;
        let found = instruments::find(tx, instrument).await?;
        let terms = found.map_or(Terms::Stock, |found| terms::read(&found));
        let mut desk = Desk::new(terms, store::methods(tx).await?);
        let ids = rows.iter().map(|row| (number(row.seq), row.id.clone())).collect();
        let mut entries = Vec::with_capacity(rows.len());
        for row in rows {
            entries.push(convert::entry(row, &mut desk)?);
        }
        let chart = std::mem::take(&mut desk.chart);
        let ledger = Ledger::load(chart, entries).map_err(|refusal| {
            StoreError::Inconsistent(format!("the ledger cannot be replayed: {refusal}"))
        })?;
        Ok(Self { desk, ids, ledger })
    }

    /// The number of the instrument.
    pub(in crate::sandbox) fn instrument(&self) -> InstrumentNo {
        self.desk.instrument
    }

    /// The id of an entry.
    pub(in crate::sandbox) fn transaction(&self, number: TransactionNo) -> Option<&TransactionId> {
        self.ids.get(&number)
    }

    /// The places that anything was entered about.
    pub(in crate::sandbox) fn places(&self) -> Vec<&str> {
        let accounts = self.desk.accounts.keys().map(AccountId::as_str);
        let named = self.ledger.entries().iter().flat_map(|entry| match entry.kind {
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

/// The chart of the entries about one instrument, put together as they name its places.
struct Desk {
    chart: Chart,
    instrument: InstrumentNo,
    accounts: HashMap<AccountId, AccountNo>,
    depositories: HashMap<DepositoryId, DepositoryNo>,
}

impl Desk {
    fn new(terms: Terms, methods: Vec<(DepositoryId, AccountingMethod)>) -> Self {
        let mut chart = Chart::new();
        let instrument = chart.add_instrument(Instrument {
            currency: Currency::EUR,
            terms,
        });
        let depositories = methods
            .into_iter()
            .map(|(id, known)| (id, chart.add_depository(method(known))))
            .collect();
        Self {
            chart,
            instrument,
            accounts: HashMap::new(),
            depositories,
        }
    }

    fn held(&self, ledger: &Ledger) -> Held {
        let depositories: HashMap<_, _> = self
            .depositories
            .iter()
            .map(|(id, number)| (*number, id))
            .collect();
        let accounts: HashMap<_, _> = self.accounts.iter().map(|(id, number)| (*number, id)).collect();
        let positions = ledger.head().positions();
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
        let number = self.chart.add_account(Currency::EUR);
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
