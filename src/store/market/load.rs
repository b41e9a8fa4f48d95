//! How the market database is read.

use super::{
    Catalogue, Flow,
    instrument::{Instrument, InstrumentClass, InstrumentType, Issuer},
};
use crate::store::{
    StoreError,
    sqlite::{self, column, instant, one_of, parsed, parsed_if_any},
};
use contract::{
    authorities::UpstreamRevocation,
    custodians::{AuthFlow, AuthFlowKind, Custodian, DataFreshness},
    ids::CustodianId,
};
use sqlx::{SqliteConnection, sqlite::SqliteRow};

/// Everything.
pub(super) async fn load(conn: &mut SqliteConnection) -> Result<Catalogue, StoreError> {
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
