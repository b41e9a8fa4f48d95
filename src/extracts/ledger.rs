//! The ledger as a table: as many rows as there are, of which few are in memory at a time.

use super::{
    progress::Progress,
    table::{Cell, Column, Kind, Sink, columns},
    trouble::Trouble,
};
use crate::store::tenant::{
    Tenant,
    book::{self, BookAccount},
    entries::{self, Chunk, Entry, Wanted},
};
use contract::{Decimal, Timestamp, transactions::TransactionType};
use std::collections::HashMap;
use tokio::sync::mpsc;

columns! { TRANSACTIONS:
    "id" Text, "type" Text, "account_id" Text, "depository_id" Text, "instrument_id" Text, "trade_date" Date,
    "value_date" Date, "amount" Decimal, "currency" Text, "quantity" Decimal, "price" Decimal, "fees" Decimal,
    "accrued_interest" Decimal, "lot_ids" Ids, "ratio" Decimal, "counterparty_account_id" Text,
    "counterparty_depository_id" Text, "counter_account_id" Text, "counter_amount" Decimal, "category" Text,
    "effect_on_commitment" Decimal, "recallable_amount" Decimal, "affects_multiples" Flag, "affects_irr" Flag,
    "affects_cost_basis" Flag, "affects_nav" Flag, "comment" Text, "created_at" Instant,
}

/// What the writing thread is handed: the accounts first, then rows.
pub(super) enum Part {
    /// What the money of each account is in.
    Accounts(Vec<BookAccount>),
    Rows(Chunk),
}

/// Reads everything that is wanted, as of one moment, and hands it on as it comes.
pub(super) async fn read(
    tenant: &Tenant,
    wanted: &Wanted,
    progress: &Progress,
    parts: &mpsc::Sender<Part>,
) -> Result<(), Trouble> {
    let mut conn = tenant.read_long().await?;
    conn.begin_snapshot().await?;
    progress.expect(entries::count(&mut conn, wanted).await?);
    let mut part = Part::Accounts(book::accounts(&mut conn).await?);
    let mut last = 0;
    while parts.send(part).await.is_ok() {
        let Some(chunk) = entries::chunk(&mut conn, wanted, last).await? else {
            break;
        };
        last = chunk.last;
        part = Part::Rows(chunk);
    }
    Ok(conn.close().await?)
}

/// Writes everything that comes.
pub(super) fn write(
    mut parts: mpsc::Receiver<Part>,
    progress: &Progress,
    sink: &mut dyn Sink,
) -> Result<(), Trouble> {
    let mut currencies: HashMap<Box<str>, Box<str>> = HashMap::new();
    while let Some(part) = parts.blocking_recv() {
        match part {
            Part::Accounts(accounts) => {
                currencies = accounts
                    .into_iter()
                    .map(|account| (account.id.as_str().into(), account.currency.as_str().into()))
                    .collect();
            }
            Part::Rows(chunk) => {
                for entry in chunk.entries()? {
                    let currency = currencies.get(entry.account_id).map(AsRef::as_ref);
                    sink.row(&cells(&entry, currency))?;
                    progress.row()?;
                }
            }
        }
    }
    // What ends because the reading failed is not whole.
    progress.go_on()
}

fn cells<'a>(entry: &'a Entry<'a>, currency: Option<&'a str>) -> [Cell<'a>; TRANSACTIONS.len()] {
    let is_of_fund = matches!(
        entry.kind,
        TransactionType::CapitalCall | TransactionType::Distribution
    );
    let flag = |stored: Option<u8>| Cell::flag(stored.map(|flag| flag != 0).or(is_of_fund.then_some(true)));
    let money = |amount: Option<_>| Cell::decimal(amount.map(|amount| Decimal::from(amount).as_money()));
    let units = |units: Option<_>| Cell::decimal(units.map(|units| Decimal::from(units).as_quantity()));
    [
        Cell::Text(entry.id),
        Cell::Text(entry.kind.as_str()),
        Cell::Text(entry.account_id),
        Cell::text(entry.depository_id),
        Cell::text(entry.instrument_id),
        Cell::Date(entry.trade_date),
        Cell::Date(entry.value_date),
        money(Some(entry.amount)),
        Cell::text(currency),
        units(entry.quantity),
        units(entry.price),
        money(entry.fees),
        money(entry.accrued_interest),
        entry.lot_ids.as_deref().map_or(Cell::Null, Cell::Ids),
        units(entry.ratio),
        Cell::text(entry.counterparty_account_id),
        Cell::text(entry.counterparty_depository_id),
        Cell::text(entry.counter_account_id),
        money(entry.counter_amount),
        Cell::text(entry.category),
        money(entry.effect_on_commitment),
        money(entry.recallable_amount),
        flag(entry.affects_multiples),
        flag(entry.affects_irr),
        flag(entry.affects_cost_basis),
        flag(entry.affects_nav),
        Cell::text(entry.comment.as_deref()),
        Cell::Instant(Timestamp::from_millis(entry.created_at)),
    ]
}
