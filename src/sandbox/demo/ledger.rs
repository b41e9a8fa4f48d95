//! Five years of transactions in the demo accounts.

use super::{
    custody,
    literal::{Kind, birth, object},
};
use crate::{
    sandbox::{
        history::{self, Plot},
        reference::Flow,
        seed::Seed,
    },
    store::{
        StoreError,
        market::{
            Market,
            instrument::{Instrument, InstrumentType},
        },
        tenant::{
            Conn, WriteTx, book,
            transactions::{self, Transaction, TransactionType},
        },
    },
};
use contract::{
    accounts::Account,
    ids::{AccountId, DepositoryId, InstrumentId},
};
use jiff::{ToSpan, civil::Date};
use rust_decimal::Decimal;
use std::sync::Arc;

const FROM: Date = jiff::civil::date(2021, 7, 1);
const TO: Date = jiff::civil::date(2026, 6, 30);

/// The demo account that holds the leveraged loans.
const LOAN_BOOK: u32 = 11;

/// Adds the transactions, oldest first, and returns them.
pub(super) async fn fill(tx: &mut WriteTx) -> Result<Vec<Transaction>, StoreError> {
    let market = Arc::clone(tx.market());
    let mut told: Vec<Transaction> = custody::accounts()
        .flat_map(|account| history_of(&market, &account))
        .chain(private_markets(&market))
        .collect();
    told.sort_by_key(|entry| entry.trade_date);
    for entry in &told {
        transactions::insert(tx, entry).await?;
    }
    differ(tx, &told).await?;
    Ok(told)
}

/// Two purchases that the custodians' books tell otherwise: the last one at Nordea never got there, the last one at
/// Saxo nine days late.
async fn differ(tx: &mut WriteTx, told: &[Transaction]) -> Result<(), StoreError> {
    let last_bought = |depository: u32| {
        let depository = object::<DepositoryId>(Kind::Depository, depository);
        let mut newest = told.iter().rev();
        newest.find(|entry| {
            entry.kind == TransactionType::Buy && entry.depository_id.as_ref() == Some(&depository)
        })
    };
    if let Some(lost) = last_bought(1) {
        book::set_booking(tx, &lost.id, None).await?;
    }
    if let Some(late) = last_bought(2) {
        let booked_on = late.value_date.saturating_add(9.days());
        book::set_booking(tx, &late.id, Some(booked_on)).await?;
    }
    Ok(())
}

fn history_of(market: &Market, account: &Account) -> Vec<Transaction> {
    let mut seed = Seed::of(account.id.as_str());
    let plot = Plot {
        account_id: &account.id,
        depository_id: account.depository_ids.first(),
        instruments: instruments(market, account),
        from: FROM,
        to: TO,
        pace: 8,
        start: seed.between(60, 240) * 10_000,
        created_at: birth(),
    };
    history::tell(&plot, seed)
}

fn instruments<'m>(market: &'m Market, account: &Account) -> Vec<&'m Instrument> {
    let holds_loans = account.id == object::<AccountId>(Kind::Account, LOAN_BOOK);
    if account.depository_ids.is_empty() {
        return Vec::new();
    }
    market
        .instruments()
        .iter()
        .filter(|instrument| instrument.currency == account.currency)
        .filter(|instrument| match instrument.kind {
            InstrumentType::Loan | InstrumentType::Bond if holds_loans => true,
            InstrumentType::Stock | InstrumentType::Fund | InstrumentType::Bond => !holds_loans,
            _ => false,
        })
        .collect()
}

/// Calls and distributions of the four private funds, each call paid in on the same day.
fn private_markets(market: &Market) -> Vec<Transaction> {
    market
        .instruments()
        .iter()
        .filter(|instrument| instrument.kind == InstrumentType::PrivateMarketFund)
        .flat_map(|fund| {
            let number = if fund.currency.as_str() == "EUR" { 14 } else { 13 };
            commitment(fund, &object(Kind::Account, number))
        })
        .collect()
}

/// When a private fund calls money and gives it back.
pub(in crate::sandbox) fn calls(fund: &Instrument) -> Vec<Flow> {
    commitment(fund, &object(Kind::Account, 14))
        .into_iter()
        .filter(|entry| entry.instrument_id.is_some())
        .map(|entry| Flow {
            day: entry.trade_date,
            amount: -entry.amount,
        })
        .collect()
}

fn commitment(fund: &Instrument, account: &AccountId) -> Vec<Transaction> {
    let term = |name: &str| fund.terms.get(name).and_then(|term| term.as_str());
    let committed: Decimal = term("commitment")
        .and_then(|term| term.parse().ok())
        .unwrap_or_default();
    let mut day: Date = term("commitment_date")
        .and_then(|term| term.parse().ok())
        .unwrap_or(FROM);
    let mut seed = Seed::of(fund.asset_id.as_str());
    let (mut told, mut called, mut age) = (Vec::new(), Decimal::ZERO, 0);
    while day <= TO {
        let share = Decimal::new(i64::from(seed.between(5, 11)), 2);
        let amount = (committed * share).round_dp(2);
        if called + amount <= committed * Decimal::new(85, 2) && age % 2 == 0 {
            called += amount;
            told.push(entry(
                &mut seed,
                TransactionType::Deposit,
                day,
                (account, None),
                amount,
            ));
            let about = (account, Some(&fund.id));
            told.push(entry(
                &mut seed,
                TransactionType::CapitalCall,
                day,
                about,
                -amount,
            ));
        } else if age > 6 {
            let about = (account, Some(&fund.id));
            told.push(entry(
                &mut seed,
                TransactionType::Distribution,
                day,
                about,
                amount,
            ));
        }
        age += 1;
        day = day.saturating_add(i64::from(seed.between(80, 100)).days());
    }
    told
}

fn entry(
    seed: &mut Seed,
    kind: TransactionType,
    day: Date,
    (account, fund): (&AccountId, Option<&InstrumentId>),
    amount: Decimal,
) -> Transaction {
    Transaction {
        id: seed.object_id(),
        kind,
        account_id: account.clone(),
        depository_id: None,
        instrument_id: fund.cloned(),
        trade_date: day,
        value_date: day,
        amount,
        quantity: None,
        price: None,
        fees: None,
        accrued_interest: None,
        category: None,
        created_at: birth(),
    }
}
