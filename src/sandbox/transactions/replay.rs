//! Whether the ledger can still be replayed after a change. What is held of an instrument depends on the entries about
//! that instrument alone, so only these are read and replayed, inside of the change's own transaction.

use crate::{
    ledger::{
        AccountNo, Chart, Currency, DepositoryNo, Entry, FundEffect, Instrument, Kind, Ledger, Member,
        Method, Place, Reason, Refusal, Terms, TransactionNo,
    },
    sandbox::DomainError,
    store::{
        StoreError,
        market::instrument::InstrumentType,
        tenant::{Conn, WriteTx, transactions as store},
    },
};
use contract::{
    Decimal, FieldError,
    clients::AccountingMethod,
    ids::{AccountId, DepositoryId, InstrumentId},
    transactions::{Transaction, TransactionType as Type},
};
use jiff::civil::Date;
use std::collections::HashMap;

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
    let rows = store::about(tx, instrument).await?;
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
    let rows = store::about(tx, instrument).await?;
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
    let rows = store::about(tx, instrument).await?;
    match replay(tx, instrument, &rows).await? {
        Ok(held) => Ok(held),
        Err(refusal) => Err(DomainError::InUse {
            detail: format!("A later transaction depends on it: {}.", later(&refusal, &rows)),
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
        reason => reason.to_string(),
    }
}

/// What becomes impossible later, and which transaction it is.
fn later(refusal: &Refusal, rows: &[(i64, Transaction)]) -> String {
    let named = rows
        .iter()
        .find(|(seq, _)| number(*seq) == refusal.number)
        .map_or_else(String::new, |(_, entry)| {
            format!("{} {} ", entry.r#type.as_str(), entry.id)
        });
    format!("{named}{}", on_its_day(refusal))
}

fn plain(value: rust_decimal::Decimal) -> Decimal {
    Decimal::from(value).as_quantity()
}

async fn replay(
    tx: &mut WriteTx,
    instrument: &InstrumentId,
    rows: &[(i64, Transaction)],
) -> Result<Result<Held, Refusal>, DomainError> {
    let kind = tx
        .market()
        .instrument(instrument)
        .map_or(InstrumentType::Stock, |found| found.kind);
    let methods = store::methods(tx).await?;
    let mut desk = Desk::new(kind, methods);
    let numbers: HashMap<_, _> = rows
        .iter()
        .map(|(seq, entry)| (&entry.id, number(*seq)))
        .collect();
    let mut entries = Vec::with_capacity(rows.len());
    for (seq, row) in rows {
        let mut entry = desk.entry(*seq, row)?;
        entry.lots = row
            .lot_ids
            .iter()
            .flatten()
            // A lot whose transaction is gone is one that is not open.
            .map(|id| numbers.get(id).copied().unwrap_or(TransactionNo(u64::MAX)))
            .collect();
        entries.push(entry);
    }
    let chart = std::mem::take(&mut desk.chart);
    Ok(Ledger::load(chart, entries).map(|ledger| desk.held(&ledger)))
}

fn number(seq: i64) -> TransactionNo {
    TransactionNo(seq.unsigned_abs())
}

fn inconsistent() -> DomainError {
    StoreError::Inconsistent("a transaction names what is not there".to_owned()).into()
}

/// The chart of the entries about one instrument, put together as they name its places.
struct Desk {
    chart: Chart,
    instrument: crate::ledger::InstrumentNo,
    accounts: HashMap<AccountId, AccountNo>,
    depositories: HashMap<DepositoryId, DepositoryNo>,
}

impl Desk {
    fn new(kind: InstrumentType, methods: Vec<(DepositoryId, AccountingMethod)>) -> Self {
        let mut chart = Chart::new();
        // What is held does not depend on what it is worth, so the terms need be no more than of the right type.
        let terms = match kind {
            InstrumentType::PrivateMarketFund => Terms::PrivateMarketFund {
                commitment: rust_decimal::Decimal::ZERO,
            },
            kind if kind.is_quoted_in_per_cent() => Terms::ZeroCouponBond { maturity: Date::MAX },
            _ => Terms::Stock,
        };
        let instrument = chart.add_instrument(Instrument {
            currency: Currency::EUR,
            terms,
        });
        let depositories = methods
            .into_iter()
            .map(|(id, method)| (id, chart.add_depository(known(method))))
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

    fn account(&mut self, id: &AccountId) -> AccountNo {
        if let Some(known) = self.accounts.get(id) {
            return *known;
        }
        let number = self.chart.add_account(Currency::EUR);
        self.accounts.insert(id.clone(), number);
        number
    }

    /// # Errors
    /// When there is no such depository.
    fn depository(&self, id: Option<&DepositoryId>) -> Result<Option<DepositoryNo>, DomainError> {
        id.map(|id| self.depositories.get(id).copied().ok_or_else(inconsistent))
            .transpose()
    }

    /// The row as the ledger reads it, its lots left out.
    fn entry(&mut self, seq: i64, row: &Transaction) -> Result<Entry, DomainError> {
        let kind = self.kind(row)?;
        let mut entry = Entry::new(number(seq), row.trade_date.date(), kind);
        entry.account = Some(self.account(&row.account_id));
        entry.depository = self.depository(row.depository_id.as_ref())?;
        entry.instrument = Some(self.instrument);
        entry.amount = row.amount.value();
        entry.quantity = row.quantity.unwrap_or_default().value();
        entry.price = row.price.map(Decimal::value);
        entry.fees = row.fees.unwrap_or_default().value();
        entry.accrued_interest = row.accrued_interest.unwrap_or_default().value();
        Ok(entry)
    }

    fn kind(&mut self, row: &Transaction) -> Result<Kind, DomainError> {
        Ok(match row.r#type {
            Type::Buy => Kind::Buy,
            Type::Sell => Kind::Sell,
            Type::Deposit => Kind::Deposit,
            Type::Withdrawal => Kind::Withdrawal,
            Type::Transfer => Kind::Transfer {
                account: row.counterparty_account_id.as_ref().map(|id| self.account(id)),
                depository: self.depository(row.counterparty_depository_id.as_ref())?,
            },
            Type::Dividend => Kind::Dividend,
            Type::Coupon => Kind::Coupon,
            Type::Interest => Kind::Interest,
            Type::Fee => Kind::Fee,
            Type::FxTrade => Kind::FxTrade {
                account: self.account(row.counter_account_id.as_ref().ok_or_else(inconsistent)?),
                amount: row.counter_amount.unwrap_or_default().value(),
            },
            Type::Redemption => Kind::Redemption,
            Type::CorporateAction => Kind::CorporateAction {
                ratio: row.ratio.unwrap_or_default().value(),
            },
            Type::CapitalCall => Kind::CapitalCall(effect(row)),
            Type::Distribution => Kind::Distribution(effect(row)),
        })
    }
}

fn effect(row: &Transaction) -> FundEffect {
    FundEffect {
        effect_on_commitment: row.effect_on_commitment.map(Decimal::value),
        recallable_amount: row.recallable_amount.unwrap_or_default().value(),
        affects_multiples: row.affects_multiples.unwrap_or(true),
        affects_irr: row.affects_irr.unwrap_or(true),
        affects_cost_basis: row.affects_cost_basis.unwrap_or(true),
        affects_nav: row.affects_nav.unwrap_or(true),
    }
}

fn known(method: AccountingMethod) -> Method {
    match method {
        AccountingMethod::Fifo => Method::Fifo,
        AccountingMethod::Average => Method::Average,
        AccountingMethod::SpecificId => Method::SpecificId,
    }
}
