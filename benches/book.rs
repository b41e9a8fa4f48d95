//! The ledger as it is served: a tenant of 100,000 transactions in its file, and the book that the API answers from.
//! Prints a Markdown table. `BOOK_ROWS` takes another number of transactions.

use contract::{demo, ids::ReportingEntityId, sandbox::Plan, transactions::NewTransaction};
use jiff::civil::Date;
use memory::memory;
use portal::{
    clock::Clock,
    ledger::Terms,
    sandbox::{
        DomainError,
        book::{self, Ask, Book, holdings, performance},
        tenants::{Tenants, TenantsConfig},
        transactions,
    },
    store::{
        control::Control,
        tenant::{Tenant, files},
    },
};
use scratch::measure_in;
use serde_json::{Value, json};
use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};
use std::{
    hint::black_box,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

const INSTRUMENTS: usize = 50;
const FROM: Date = jiff::civil::date(2021, 7, 1);
const TO: Date = jiff::civil::date(2026, 6, 30);

#[path = "stand/memory.rs"]
mod memory;
#[path = "stand/scratch.rs"]
mod scratch;

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome {
    measure_in("book", measure)
}

async fn measure(folder: &Path) -> Outcome {
    let rows: u64 = std::env::var("BOOK_ROWS").map_or(Ok(100_000), |rows| rows.parse())?;
    let clock = Clock::system();
    let control = Control::open(&folder.join("control.db")).await?;
    let tenants = Tenants::open(folder, control, clock.clone(), TenantsConfig::default()).await?;
    let mut made = Vec::new();
    for _ in 0..2 {
        made.push(tenants.create("Bench".parse()?, Plan::Unlimited, None).await?.id);
    }
    // What is in a fresh sandbox is the same in each: one tells where transactions can be, the other takes them.
    let fresh = tenants.get_current(&made[0]).await?;
    let seats = seats(&*book::open(&fresh, TO).await?)?;
    fill(&files::tenant(&files::folder(folder, &made[1]), 1), &seats, rows).await?;
    println!("| through | what | measured | target |\n| --- | --- | --- | --- |");
    let before = memory("VmRSS:")?;
    let mut desk = Desk {
        today: clock.now().date(),
        tenant: tenants.get_current(&made[1]).await?,
        clock,
        seats,
    };
    desk.open(rows).await?;
    let held = memory("VmRSS:")?.saturating_sub(before);
    row(
        "resident, the file's cache included",
        &format!("{held} MiB"),
        "< 64 MiB",
    );
    desk.ask().await?;
    desk.change().await
}

fn row(what: &str, measured: &str, target: &str) {
    println!("| book | {what} | {measured} | {target} |");
}

fn told(what: &str, took: Duration, target: &str) {
    row(what, &format!("{:.2} ms", took.as_secs_f64() * 1000.0), target);
}

/// Where transactions about an instrument are entered.
#[derive(Clone, Debug)]
struct Seat {
    instrument: String,
    account: String,
    depository: String,
    is_bond: bool,
}

/// Instruments that are bought and sold at a price, in the places of the consolidated view.
fn seats(book: &Book) -> Outcome<Vec<Seat>> {
    let (names, chart) = (book.names(), book.ledger().chart());
    let view = book.view(&entity()?);
    let priced = names.instruments().filter_map(|(number, instrument)| {
        let terms = &chart.instrument(number)?.terms;
        let is_priced = !matches!(
            terms,
            Terms::PrivateMarketFund { .. } | Terms::FxForward(_) | Terms::Cash
        );
        is_priced.then(|| (instrument.id.to_string(), matches!(terms, Terms::Bond(_))))
    });
    let places = view.accounts.iter().zip(&view.depositories).cycle();
    let seats: Vec<Seat> = priced
        .zip(places)
        .take(INSTRUMENTS)
        .map(|((instrument, is_bond), (account, depository))| Seat {
            instrument,
            account: names.account(*account).id.to_string(),
            depository: names.depository(*depository).id.to_string(),
            is_bond,
        })
        .collect();
    let (shares, bonds): (Vec<&Seat>, Vec<&Seat>) = seats.iter().partition(|seat| !seat.is_bond);
    assert!(!shares.is_empty() && !bonds.is_empty());
    eprintln!("{} instruments, {} of them bonds", seats.len(), bonds.len());
    Ok(seats)
}

fn entity() -> Outcome<ReportingEntityId> {
    Ok(demo::REPORTING_ENTITY.parse()?)
}

/// Adds to the demo ledger until it has so many rows: purchases of two units and sales of one, in turn.
async fn fill(path: &Path, seats: &[Seat], rows: u64) -> Outcome {
    let count = i64::try_from(seats.len())?;
    let seats = seats
        .iter()
        .map(|seat| json!([seat.instrument, seat.account, seat.depository]));
    let seats: Value = seats.collect();
    let mut conn = SqliteConnectOptions::new().filename(path).connect().await?;
    sqlx::query(
        "INSERT INTO transactions (id, type, account_id, depository_id, instrument_id, trade_date, value_date, amount,
                                   quantity, price, fees, created_at)
         WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n
                                  WHERE i + 1 < ?2 - (SELECT count(*) FROM transactions)),
              seats AS (SELECT key AS place, value ->> 0 AS instrument, value ->> 1 AS account,
                               value ->> 2 AS depository FROM json_each(?1)),
              planned AS (SELECT i, i / ?3 % 2 AS sold, date('2021-07-01', (i * 1825 / ?2) || ' days') AS day,
                                 instrument, account, depository FROM n JOIN seats ON place = i % ?3)
         SELECT printf('%024x', i + 1), iif(sold, 'sell', 'buy'), account, depository, instrument, day, day,
                iif(sold, '100.05', '-200.10'), iif(sold, '-1', '2'), '100.05', '0.25', 1751328000000 + i
         FROM planned ORDER BY i",
    )
    .bind(seats.to_string())
    .bind(i64::try_from(rows)?)
    .bind(count)
    .execute(&mut conn)
    .await?;
    Ok(conn.close().await?)
}

/// A tenant and who asks.
struct Desk {
    tenant: Arc<Tenant>,
    clock: Clock,
    today: Date,
    seats: Vec<Seat>,
}

impl Desk {
    /// Opens the book for the first time.
    async fn open(&mut self, rows: u64) -> Outcome {
        let request = performance::Request {
            entity: entity()?,
            from: FROM,
            to: TO,
            ask: Ask::in_currency("EUR".parse()?)?,
            group_by: None,
        };
        let start = Instant::now();
        let book = book::open(&self.tenant, self.today).await?;
        told(
            &format!("{rows} transactions read and replayed"),
            start.elapsed(),
            "",
        );
        let then = Instant::now();
        black_box(performance::performance(&book, &request)?);
        told("5 years of daily performance, worked out", then.elapsed(), "");
        told("both, cold", start.elapsed(), "< 500 ms");
        drop(book);
        self.holdings(TO).await
    }

    async fn holdings(&self, as_of: Date) -> Outcome {
        let request = holdings::Request {
            entity: entity()?,
            as_of,
            ask: Ask::in_currency("EUR".parse()?)?,
            grouping: contract::grouping::Grouping::default(),
            lots: false,
        };
        let book = book::open(&self.tenant, self.today).await?;
        black_box(holdings::holdings(&book, &request)?);
        Ok(())
    }

    /// Enters a purchase by the rules, in a transaction of its own.
    async fn buy(&self, seat: &Seat, day: Date) -> Outcome {
        let new: NewTransaction = serde_json::from_value(json!({
            "type": "buy", "account_id": seat.account, "depository_id": seat.depository,
            "instrument_id": seat.instrument, "trade_date": day, "amount": "-1000.50", "quantity": "10",
            "price": "100.05",
        }))?;
        let now = self.tenant.now(&self.clock);
        let entered = self.tenant.write(move |tx| {
            Box::pin(async move { Ok::<_, DomainError>(transactions::create(tx, now, new).await?.id) })
        });
        black_box(entered.await?);
        Ok(())
    }

    async fn ask(&self) -> Outcome {
        let took = median(async |_| self.holdings(TO).await).await?;
        told("holdings, warm", took, "< 2 ms");
        let between = jiff::civil::date(2024, 2, 13);
        let took = median(async |_| self.holdings(between).await).await?;
        told("holdings of a day in the past", took, "");
        Ok(())
    }

    async fn change(&self) -> Outcome {
        let share = self.seats.iter().find(|seat| !seat.is_bond).ok_or("no share")?;
        let bond = self.seats.iter().find(|seat| seat.is_bond).ok_or("no bond")?;
        for (of, seat) in [("a share", share), ("a bond", bond)] {
            let (mut writes, mut reads) = (Vec::new(), Vec::new());
            for _ in 0..11 {
                let start = Instant::now();
                self.buy(seat, TO).await?;
                writes.push(start.elapsed());
                let start = Instant::now();
                self.holdings(TO).await?;
                reads.push(start.elapsed());
            }
            told(
                &format!("a new transaction of {of} accepted, durable"),
                middle(writes),
                "",
            );
            told(&format!("holdings after it ({of})"), middle(reads), "< 5 ms");
        }
        let took = median(async |_| {
            self.buy(share, FROM).await?;
            self.holdings(TO).await
        });
        told(
            "insert at the ledger's start, then holdings",
            took.await?,
            "< 300 ms",
        );
        Ok(())
    }
}

/// The median of eleven runs.
async fn median(mut run: impl AsyncFnMut(u32) -> Outcome) -> Outcome<Duration> {
    let mut times = Vec::new();
    for round in 0..11 {
        let start = Instant::now();
        run(round).await?;
        times.push(start.elapsed());
    }
    Ok(middle(times))
}

fn middle(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
