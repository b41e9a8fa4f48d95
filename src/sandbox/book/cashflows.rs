//! Cashflows as they are read: worked out of the ledger and of terms, for positions that are known.

use super::{Book, OpenBook, figures::Money, positions::start_of};
use crate::{
    ledger::{AccountNo, CashflowKind, Entry, Held, InstrumentNo, Place, Scope, TransactionNo},
    sandbox::{
        DomainError,
        cashflows::{
            cashflow_id,
            flows::{Flow, Standing, Story, Which, first_expected, horizon},
        },
        positions::position_id,
    },
    store::tenant::{
        Tenant, book as rows,
        cashflows::{self as store, Lost, Payer},
    },
};
use contract::{
    Day,
    cashflows::{Cashflow, CashflowQuery, CashflowStatus, CashflowType},
    ids::PortfolioId,
};
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::collections::HashMap;

/// How long the place of a cashflow in the order of change is.
pub const KEY_LENGTH: usize = 24;

/// The place of a cashflow in the order of change: its position's, and what tells it from the others.
pub type Key = [u8; KEY_LENGTH];

/// The positions that pay, and a book that is at least as new.
pub struct Known {
    /// In the order of change.
    payers: Vec<Payer>,
    book: OpenBook,
}

/// Reads both.
///
/// # Errors
/// When the database fails.
pub async fn known(tenant: &Tenant, today: Date) -> Result<Known, DomainError> {
    let mut conn = tenant.read().await?;
    conn.begin_snapshot().await?;
    let payers = store::payers(&mut conn).await?;
    let version = rows::version(&mut conn).await?;
    conn.end_snapshot().await?;
    drop(conn);
    let book = super::open_since(tenant, today, version).await?;
    Ok(Known { payers, book })
}

/// The cashflows that `query` asks for on `today`, in the order of change.
///
/// # Errors
/// When a figure leaves the range of 28 digits.
pub fn cashflows(
    known: &Known,
    query: &CashflowQuery,
    today: Date,
) -> Result<Vec<(Key, Cashflow)>, DomainError> {
    let book: &Book = &known.book;
    let mut entries: HashMap<InstrumentNo, Vec<&Entry>> = HashMap::new();
    let mut numbered: HashMap<TransactionNo, &Entry> = HashMap::new();
    let entered = book.ledger().entries().iter();
    for entry in entered.take_while(|entry| entry.trade_date <= today) {
        if let Some(instrument) = entry.instrument {
            entries.entry(instrument).or_default().push(entry);
            numbered.insert(entry.number, entry);
        }
    }
    let scopes: HashMap<&PortfolioId, Scope> = book
        .every_view()
        .map(|(portfolio, view)| (portfolio, view.scope()))
        .collect();
    let mut found = Vec::new();
    for payer in &known.payers {
        let asked = query.portfolio_id.as_ref();
        let instrument = book.names().instrument_no(&payer.instrument_id);
        let (Some(instrument), true) = (instrument, asked.is_none_or(|id| *id == payer.portfolio_id)) else {
            continue;
        };
        let nothing = Scope::default();
        let payments = Payments {
            book,
            payer,
            scope: scopes.get(&payer.portfolio_id).unwrap_or(&nothing),
            story: Story {
                ledger: book.ledger(),
                instrument,
                entries: entries.get(&instrument).cloned().unwrap_or_default(),
            },
            numbered: &numbered,
            today,
        };
        found.extend(payments.all()?.into_iter().filter(|flow| is_wanted(flow, query)));
    }
    let mut keyed: Vec<(Key, Cashflow)> = found
        .into_iter()
        .map(|(seq, flow)| (key(seq, &flow), flow))
        .collect();
    keyed.sort_by_key(|(key, _)| *key);
    Ok(keyed)
}

fn is_wanted((_, flow): &(i64, Cashflow), query: &CashflowQuery) -> bool {
    let day = flow.posted_date.or(flow.expected_date);
    let within = |bound: Option<Day>, holds: fn(Date, Date) -> bool| {
        bound.is_none_or(|bound| day.is_some_and(|day| holds(day.date(), bound.date())))
    };
    query.status.unwrap_or_default().takes(flow.status)
        && within(query.from, |day, from| day >= from)
        && within(query.to, |day, to| day <= to)
        && query.updated_since.is_none_or(|since| flow.updated_at >= since)
}

fn key(seq: i64, flow: &Cashflow) -> Key {
    let day = flow.expected_date.or(flow.posted_date).map_or(0, |day| {
        let days = (day.date() - jiff::civil::date(1, 1, 1)).get_days();
        u32::try_from(days).unwrap_or_default()
    });
    let mut key = [0; KEY_LENGTH];
    key[..8].copy_from_slice(&seq.to_be_bytes());
    key[8..12].copy_from_slice(&day.to_be_bytes());
    // Ids are random from their fourth character on.
    let id = flow.id.as_str().as_bytes();
    key[12..].copy_from_slice(&id[3..15]);
    key
}

/// The payments of one position.
struct Payments<'a> {
    book: &'a Book,
    payer: &'a Payer,
    scope: &'a Scope,
    story: Story<'a>,
    numbered: &'a HashMap<TransactionNo, &'a Entry>,
    today: Date,
}

impl Payments<'_> {
    fn all(&self) -> Result<Vec<(i64, Cashflow)>, DomainError> {
        let flows = self.story.flows(self.scope, self.today)?;
        let ahead = self.ahead(&flows)?;
        let mut all = Vec::with_capacity(flows.len());
        for flow in flows {
            all.extend(self.shown(flow, &ahead)?);
        }
        let lost = self.payer.lost.iter().map(|lost| self.lost(lost));
        let known: Vec<_> = all.iter().map(|flow: &Cashflow| flow.id.clone()).collect();
        all.extend(lost.filter(|flow| !known.contains(&flow.id)));
        Ok(all.into_iter().map(|flow| (self.payer.seq, flow)).collect())
    }

    /// What is held pays after today, by the terms.
    fn ahead(&self, flows: &[Flow]) -> Result<HashMap<(Date, CashflowType), Decimal>, DomainError> {
        let held = flows.iter().find_map(|flow| match (flow.which, flow.standing) {
            (Which::Promised(day, _), Standing::Expected(held)) if day > self.today => Some(held),
            _ => None,
        });
        match held {
            Some(held) => self.promised(held, (self.today, horizon(self.today))),
            None => Ok(HashMap::new()),
        }
    }

    fn promised(
        &self,
        held: Held,
        days: (Date, Date),
    ) -> Result<HashMap<(Date, CashflowType), Decimal>, DomainError> {
        let thing = (Place::Account(AccountNo(0)), self.story.instrument);
        let nominal = (held.quantity, held.original);
        let found = self.book.ledger().promised(thing, nominal, days)?;
        let mut sums = HashMap::new();
        for flow in found {
            let kind = match flow.kind {
                CashflowKind::Coupon => CashflowType::Coupon,
                CashflowKind::Interest => CashflowType::Interest,
                CashflowKind::Principal => CashflowType::Principal,
            };
            *sums.entry((flow.date, kind)).or_insert(Decimal::ZERO) += flow.amount;
        }
        Ok(sums)
    }

    /// The cashflow; none where a transaction is not known by an id.
    fn shown(
        &self,
        flow: Flow,
        ahead: &HashMap<(Date, CashflowType), Decimal>,
    ) -> Result<Option<Cashflow>, DomainError> {
        let names = self.book.names();
        let (which, day) = match flow.which {
            Which::Promised(day, _) => (day.to_string(), Some(day)),
            Which::Entered(number, _) => match names.transaction(number) {
                Some(id) => (id.to_string(), None),
                None => return Ok(None),
            },
        };
        let kind = flow.which.kind();
        let mut cashflow = Cashflow {
            expected_date: day.map(Day::from),
            updated_at: self
                .payer
                .updated_at
                .max(day.map_or(self.payer.updated_at, |day| start_of(first_expected(day)))),
            ..self.cancelled(kind, &which)
        };
        match flow.standing {
            Standing::Cancelled => {}
            Standing::Expected(held) => {
                let amount = match day {
                    Some(day) if day > self.today => ahead.get(&(day, kind)).copied(),
                    Some(day) => {
                        let eve = day.yesterday().unwrap_or(day);
                        self.promised(held, (eve, day))?.get(&(day, kind)).copied()
                    }
                    None => None,
                };
                cashflow.status = CashflowStatus::Expected;
                cashflow.amount = Money::of(&cashflow.currency).write(amount.unwrap_or_default());
            }
            Standing::Posted(number) => {
                let Some(entry) = self.numbered.get(&number) else {
                    return Ok(None);
                };
                cashflow.status = CashflowStatus::Posted;
                cashflow.posted_date = Some(entry.trade_date.into());
                cashflow.transaction_id = names.transaction(number);
                if let Some(account) = entry.account {
                    cashflow.currency = names.account(account).currency.clone();
                }
                cashflow.amount = Money::of(&cashflow.currency).write(entry.amount);
            }
        }
        Ok(Some(cashflow))
    }

    fn lost(&self, lost: &Lost) -> Cashflow {
        let day = lost.which.parse::<Date>().ok();
        Cashflow {
            expected_date: day.map(Day::from),
            ..self.cancelled(lost.kind, &lost.which)
        }
    }

    fn cancelled(&self, kind: CashflowType, which: &str) -> Cashflow {
        let instrument = self.book.names().instrument(self.story.instrument);
        let payer = (&self.payer.portfolio_id, &self.payer.instrument_id);
        Cashflow {
            id: cashflow_id(payer, kind, which),
            position_id: position_id(payer.0, payer.1),
            portfolio_id: payer.0.clone(),
            asset_id: instrument.asset_id.clone(),
            instrument_id: instrument.id.clone(),
            r#type: kind,
            status: CashflowStatus::Cancelled,
            expected_date: None,
            posted_date: None,
            amount: Money::of(&instrument.currency).write(Decimal::ZERO),
            currency: instrument.currency.clone(),
            transaction_id: None,
            updated_at: self.payer.updated_at,
        }
    }
}
