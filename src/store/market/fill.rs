//! How the market database is written.

use super::{
    Catalogue, Flow,
    instrument::{Instrument, InstrumentClass, Issuer},
};
use crate::store::{StoreError, sqlite};
use contract::{custodians::Custodian, text::Country};
use sqlx::SqliteConnection;

/// Writes everything into an empty database.
pub(super) async fn all(tx: &mut SqliteConnection, catalogue: &Catalogue) -> Result<(), StoreError> {
    for custodian in &catalogue.custodians {
        insert_custodian(tx, custodian).await?;
    }
    for flow in &catalogue.flows {
        insert_flow(tx, flow).await?;
    }
    for issuer in &catalogue.issuers {
        insert_issuer(tx, issuer).await?;
    }
    for class in &catalogue.classes {
        insert_class(tx, class).await?;
    }
    for instrument in &catalogue.instruments {
        insert_instrument(tx, instrument).await?;
    }
    Ok(())
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
    .bind(new.country.as_ref().map(Country::as_str))
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
