//! The market database's file: written whole from a catalogue, then only read.

use super::{
    Catalogue, Flow,
    instrument::{Instrument, InstrumentClass, InstrumentType, Issuer},
};
use crate::store::{
    StoreError,
    sqlite::{self, column, instant, one_of, parsed, parsed_if_any},
    tenant::files,
};
use contract::{
    authorities::UpstreamRevocation,
    custodians::{AuthFlow, AuthFlowKind, Custodian, DataFreshness},
    ids::CustodianId,
};
use sha2::{Digest, Sha256};
use sqlx::{
    AssertSqlSafe, ConnectOptions, Connection, SqliteConnection, migrate::Migrator, sqlite::SqliteRow,
};
use std::path::Path;

static MIGRATOR: Migrator = sqlx::migrate!("migrations/market");

/// What the file at `path` holds; it is written first when it is absent or of another catalogue.
pub(super) async fn open(path: &Path, catalogue: &Catalogue) -> Result<Catalogue, StoreError> {
    let version = version(catalogue);
    if let Some(found) = read(path, version).await? {
        return Ok(found);
    }
    // Another process may be starting on the same folder: each writes its own draft, and either one will do.
    let draft = path.with_extension(format!("draft-{}", std::process::id()));
    files::remove(&draft).await;
    write(&draft, catalogue, version).await?;
    files::sync(&draft).await?;
    tokio::fs::rename(&draft, path).await?;
    read(path, version)
        .await?
        .ok_or_else(|| StoreError::Inconsistent("the market database changed while it was opened".into()))
}

/// A number that changes with the catalogue and with the schema; what fits in SQLite's `user_version`.
fn version(catalogue: &Catalogue) -> i64 {
    let mut digest = Sha256::new();
    for migration in MIGRATOR.iter() {
        digest.update(&migration.checksum);
    }
    digest.update(format!("{catalogue:?}"));
    let digest = digest.finalize();
    i64::from(u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]) >> 1).max(1)
}

async fn read(path: &Path, version: i64) -> Result<Option<Catalogue>, StoreError> {
    if !tokio::fs::try_exists(path).await? {
        return Ok(None);
    }
    let mut conn = sqlite::immutable(path).connect().await?;
    let found = if sqlite::user_version(&mut conn).await? == version {
        Some(load(&mut conn).await?)
    } else {
        None
    };
    conn.close().await?;
    Ok(found)
}

async fn write(path: &Path, catalogue: &Catalogue, version: i64) -> Result<(), StoreError> {
    let mut conn = sqlite::builder(path).connect().await?;
    MIGRATOR.run_direct(None, &mut conn, false).await?;
    let mut tx = conn.begin().await?;
    for custodian in &catalogue.custodians {
        insert_custodian(&mut tx, custodian).await?;
    }
    for flow in &catalogue.flows {
        insert_flow(&mut tx, flow).await?;
    }
    for issuer in &catalogue.issuers {
        insert_issuer(&mut tx, issuer).await?;
    }
    for class in &catalogue.classes {
        insert_class(&mut tx, class).await?;
    }
    for instrument in &catalogue.instruments {
        insert_instrument(&mut tx, instrument).await?;
    }
    // PRAGMA takes no parameters; the value is a number of our own.
    sqlx::query(AssertSqlSafe(format!("PRAGMA user_version = {version}")))
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    // Not WAL: a file that never changes is read without locks and without companions.
    sqlx::query("PRAGMA journal_mode = DELETE")
        .execute(&mut conn)
        .await?;
    Ok(conn.close().await?)
}

async fn insert_custodian(conn: &mut SqliteConnection, new: &Custodian) -> Result<(), StoreError> {
    let done = sqlx::query(
        "INSERT INTO custodians (id, name, country, data_freshness, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )
    .bind(new.id.as_str())
    .bind(new.name.as_str())
    .bind(new.country.as_str())
    .bind(new.data_freshness.as_str())
    .bind(new.created_at.as_millis())
    .bind(new.updated_at.as_millis())
    .execute(conn)
    .await?;
    sqlite::affected("add a custodian", 1, &done)
}

async fn insert_flow(conn: &mut SqliteConnection, new: &Flow) -> Result<(), StoreError> {
    let shown = &new.shown;
    let done = sqlx::query(
        "INSERT INTO auth_flows (id, custodian_id, kind, requires_user_action, retention_days, silent_renewal,
                                 upstream_revocation, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )
    .bind(shown.id.as_str())
    .bind(shown.custodian_id.as_str())
    .bind(shown.kind.as_str())
    .bind(shown.requires_user_action)
    .bind(shown.retention_days)
    .bind(shown.silent_renewal)
    .bind(new.upstream_revocation.as_str())
    .bind(shown.created_at.as_millis())
    .bind(shown.updated_at.as_millis())
    .execute(conn)
    .await?;
    sqlite::affected("add an auth flow", 1, &done)
}

async fn insert_issuer(conn: &mut SqliteConnection, new: &Issuer) -> Result<(), StoreError> {
    let done = sqlx::query("INSERT INTO issuers (id, name, industry, country) VALUES (?1, ?2, ?3, ?4)")
        .bind(new.id.as_str())
        .bind(new.name.as_str())
        .bind(new.industry.as_str())
        .bind(new.country.as_str())
        .execute(conn)
        .await?;
    sqlite::affected("add an issuer", 1, &done)
}

async fn insert_class(conn: &mut SqliteConnection, new: &InstrumentClass) -> Result<(), StoreError> {
    let done = sqlx::query("INSERT INTO instrument_classes (id, name, parent_id) VALUES (?1, ?2, ?3)")
        .bind(new.id.as_str())
        .bind(new.name.as_str())
        .bind(new.parent_id.as_deref())
        .execute(conn)
        .await?;
    sqlite::affected("add an instrument class", 1, &done)
}

async fn insert_instrument(conn: &mut SqliteConnection, new: &Instrument) -> Result<(), StoreError> {
    let done = sqlx::query(
        "INSERT INTO instruments (id, type, name, currency, country, isin, ticker, exchange, class_id,
                                  detailed_class_id, issuer_id, asset_id, terms, base_price, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?15)",
    )
    .bind(new.id.as_str())
    .bind(new.kind.as_str())
    .bind(new.name.as_str())
    .bind(new.currency.as_str())
    .bind(new.country.as_ref().map(contract::text::Country::as_str))
    .bind(new.isin.as_deref())
    .bind(new.ticker.as_deref())
    .bind(new.exchange.as_deref())
    .bind(new.class_id.as_str())
    .bind(new.detailed_class_id.as_deref())
    .bind(new.issuer_id.as_deref())
    .bind(new.asset_id.as_str())
    .bind(serde_json::Value::Object(new.terms.clone()).to_string())
    .bind(new.base_price.to_string())
    .bind(new.created_at.as_millis())
    .execute(conn)
    .await?;
    sqlite::affected("add an instrument", 1, &done)
}

async fn load(conn: &mut SqliteConnection) -> Result<Catalogue, StoreError> {
    Ok(Catalogue {
        custodians: custodians(conn).await?,
        flows: flows(conn).await?,
        issuers: issuers(conn).await?,
        classes: classes(conn).await?,
        instruments: instruments(conn).await?,
    })
}

async fn custodians(conn: &mut SqliteConnection) -> Result<Vec<Custodian>, StoreError> {
    sqlx::query(
        "SELECT id, name, country, data_freshness, created_at, updated_at,
                (SELECT json_group_array(f.id ORDER BY f.seq) FROM auth_flows f WHERE f.custodian_id = c.id)
         FROM custodians c ORDER BY seq",
    )
    .fetch_all(conn)
    .await?
    .iter()
    .map(|row| {
        Ok(Custodian {
            id: parsed(row, 0)?,
            name: parsed(row, 1)?,
            country: parsed(row, 2)?,
            supported_auth_flow_ids: sqlite::parsed_list(row, 6)?,
            data_freshness: one_of(row, 3, DataFreshness::from_text)?,
            created_at: instant(row, 4)?,
            updated_at: instant(row, 5)?,
        })
    })
    .collect()
}

async fn flows(conn: &mut SqliteConnection) -> Result<Vec<Flow>, StoreError> {
    sqlx::query(
        "SELECT id, custodian_id, kind, requires_user_action, retention_days, silent_renewal, upstream_revocation,
                created_at, updated_at
         FROM auth_flows ORDER BY seq",
    )
    .fetch_all(conn)
    .await?
    .iter()
    .map(|row| {
        Ok(Flow {
            shown: AuthFlow {
                id: parsed(row, 0)?,
                custodian_id: parsed::<CustodianId>(row, 1)?,
                kind: one_of(row, 2, AuthFlowKind::from_text)?,
                requires_user_action: column(row, 3)?,
                retention_days: column(row, 4)?,
                silent_renewal: column(row, 5)?,
                created_at: instant(row, 7)?,
                updated_at: instant(row, 8)?,
            },
            upstream_revocation: one_of(row, 6, UpstreamRevocation::from_text)?,
        })
    })
    .collect()
}

async fn issuers(conn: &mut SqliteConnection) -> Result<Vec<Issuer>, StoreError> {
    sqlx::query("SELECT id, name, industry, country FROM issuers ORDER BY seq")
        .fetch_all(conn)
        .await?
        .iter()
        .map(|row| {
            Ok(Issuer {
                id: column(row, 0)?,
                name: parsed(row, 1)?,
                industry: column(row, 2)?,
                country: parsed(row, 3)?,
            })
        })
        .collect()
}

async fn classes(conn: &mut SqliteConnection) -> Result<Vec<InstrumentClass>, StoreError> {
    sqlx::query("SELECT id, name, parent_id FROM instrument_classes ORDER BY seq")
        .fetch_all(conn)
        .await?
        .iter()
        .map(|row| {
            Ok(InstrumentClass {
                id: column(row, 0)?,
                name: parsed(row, 1)?,
                parent_id: column(row, 2)?,
            })
        })
        .collect()
}

async fn instruments(conn: &mut SqliteConnection) -> Result<Vec<Instrument>, StoreError> {
    sqlx::query(
        "SELECT id, type, name, currency, country, isin, ticker, exchange, class_id, detailed_class_id, issuer_id,
                asset_id, terms, base_price, created_at
         FROM instruments ORDER BY seq",
    )
    .fetch_all(conn)
    .await?
    .iter()
    .map(instrument)
    .collect()
}

fn instrument(row: &SqliteRow) -> Result<Instrument, StoreError> {
    let terms: &str = column(row, 12)?;
    Ok(Instrument {
        id: parsed(row, 0)?,
        kind: one_of(row, 1, InstrumentType::from_text)?,
        name: parsed(row, 2)?,
        currency: parsed(row, 3)?,
        country: parsed_if_any(row, 4)?,
        isin: column(row, 5)?,
        ticker: column(row, 6)?,
        exchange: column(row, 7)?,
        class_id: column(row, 8)?,
        detailed_class_id: column(row, 9)?,
        issuer_id: column(row, 10)?,
        asset_id: column(row, 11)?,
        terms: serde_json::from_str(terms).map_err(|error| StoreError::Inconsistent(error.to_string()))?,
        base_price: parsed(row, 13)?,
        created_at: instant(row, 14)?,
    })
}
