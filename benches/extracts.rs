//! The export of a large ledger: how long a million rows take in each format, and in how much memory. Prints a Markdown
//! table.

use contract::{
    extracts::{Dataset, Extract, ExtractFilters, ExtractFormat, ExtractStatus, NewExtract},
    ids::ExtractId,
    sandbox::Plan,
};
use memory::memory;
use portal::{
    clock::Clock,
    extracts::Extracts,
    sandbox::{
        DomainError, extracts as rules,
        tenants::{Tenants, TenantsConfig},
    },
    store::{
        control::Control,
        tenant::{Tenant, files},
    },
};
use scratch::measure_in;
use sqlx::{ConnectOptions, Connection, sqlite::SqliteConnectOptions};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};
use tokio_util::sync::CancellationToken;

const ROWS: u64 = 1_000_000;

#[path = "stand/memory.rs"]
mod memory;
#[path = "stand/scratch.rs"]
mod scratch;

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome {
    measure_in("extracts", measure)
}

async fn measure(folder: &Path) -> Outcome {
    let (clock, stop) = (Clock::system(), CancellationToken::new());
    let control = Control::open(&folder.join("control.db")).await?;
    let settings = TenantsConfig::default();
    let tenants = Tenants::open(folder, control.clone(), clock.clone(), settings).await?;
    let sandbox = tenants.create("Bench".parse()?, Plan::Unlimited, None).await?;
    fill(&files::tenant(&files::folder(folder, &sandbox.id), 1)).await?;
    let extracts = Extracts::new(control, tenants.clone(), clock.clone(), 1);
    let running = tokio::spawn({
        let (extracts, stop) = (extracts.clone(), stop.clone());
        async move { extracts.run(stop).await }
    });
    let tenant = tenants.get_current(&sandbox.id).await?;
    println!("| format | what | measured | target |\n| --- | --- | --- | --- |");
    for format in ExtractFormat::ALL {
        // Forgets the peak of what was before.
        fs::write("/proc/self/clear_refs", "5")?;
        let start = Instant::now();
        let done = export(&extracts, &tenant, &clock, *format).await?;
        let (name, millis) = (format.as_str(), start.elapsed().as_millis());
        let size = done.size_bytes.unwrap_or_default() / 1024 / 1024;
        println!("| {name} | export of 1,000,000 transactions | {millis} ms | < 5000 ms |");
        println!(
            "| {name} | most resident meanwhile, the file not counted | {} MiB | < 100 MiB |",
            memory("VmHWM:")?
        );
        println!("| {name} | the file | {size} MiB | |");
    }
    stop.cancel();
    Ok(running.await?)
}

/// Multiplies the demo ledger until it has a million rows.
async fn fill(path: &PathBuf) -> Outcome {
    let mut conn = SqliteConnectOptions::new().filename(path).connect().await?;
    let missing = "(SELECT 1000000 - count(*) FROM transactions)";
    let statement = format!(
        "INSERT INTO transactions (id, type, account_id, depository_id, instrument_id, trade_date, value_date, amount,
                                   quantity, price, fees, accrued_interest, category, created_at)
         SELECT printf('%024x', row_number() OVER ()), t.type, t.account_id, t.depository_id, t.instrument_id,
                t.trade_date, t.value_date, t.amount, t.quantity, t.price, t.fees, t.accrued_interest, t.category,
                t.created_at
         FROM transactions t, (WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
                               SELECT i FROM n)
         LIMIT {missing}"
    );
    sqlx::query(sqlx::AssertSqlSafe(statement))
        .execute(&mut conn)
        .await?;
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM transactions")
        .fetch_one(&mut conn)
        .await?;
    assert_eq!(u64::try_from(rows)?, ROWS);
    Ok(conn.close().await?)
}

/// Orders the ledger and waits for it.
async fn export(
    extracts: &Extracts,
    tenant: &Arc<Tenant>,
    clock: &Clock,
    format: ExtractFormat,
) -> Outcome<Extract> {
    let (now, new) = (
        tenant.now(clock),
        NewExtract {
            dataset: Dataset::Transactions,
            as_of: None,
            format,
            filters: ExtractFilters::default(),
            purpose: "Bench".parse()?,
        },
    );
    let ordered = tenant.write(move |tx| {
        Box::pin(
            async move { Ok::<_, DomainError>(rules::create(tx, now, "bench".to_owned(), new).await?.id) },
        )
    });
    let id: ExtractId = ordered.await?;
    extracts.nudge();
    loop {
        tokio::time::sleep(Duration::from_millis(5)).await;
        let found = rules::get(&mut tenant.read().await?, &id).await?;
        match found.status {
            ExtractStatus::Queued | ExtractStatus::Running => {}
            ExtractStatus::Succeeded => {
                assert_eq!(found.row_count, Some(ROWS));
                return Ok(found);
            }
            ExtractStatus::Failed | ExtractStatus::Expired => return Err(format!("{found:?}").into()),
        }
    }
}
