//! The limit: a bare axum + sqlx server on the same data, without any of our work. `cargo xtask bench` measures it in
//! the same run as the portal, so that every ratio compares two numbers of one machine and one moment.

use axum::{
    Json, Router,
    extract::{Path, State},
    routing::get,
};
use serde::Serialize;
use sqlx::{
    FromRow, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions},
};

#[derive(Serialize, FromRow)]
struct Client {
    id: String,
    name: String,
    parent_id: Option<String>,
    reference_currency: String,
    accounting_method: String,
    created_at: i64,
    updated_at: i64,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // `cargo bench` runs every bench with flags of its own; only `xtask bench` names an address.
    let Some(address) = std::env::var_os("LIMIT_ADDR").and_then(|text| text.into_string().ok()) else {
        return Ok(());
    };
    let file = tempfile::NamedTempFile::new()?;
    let options = SqliteConnectOptions::new()
        .filename(file.path())
        .journal_mode(SqliteJournalMode::Wal);
    let pool = SqlitePoolOptions::new()
        .max_connections(4)
        .test_before_acquire(false)
        .connect_with(options)
        .await?;
    fill(&pool).await?;
    let router = Router::new()
        .route("/clients", get(list))
        .route("/clients/{id}", get(point))
        .with_state(pool);
    let listener = tokio::net::TcpListener::bind(address).await?;
    axum::serve(listener, router).await?;
    Ok(())
}

async fn fill(pool: &SqlitePool) -> Result<(), sqlx::Error> {
    sqlx::query(
        "CREATE TABLE clients (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, \
         parent_id TEXT, reference_currency TEXT NOT NULL, accounting_method TEXT NOT NULL, \
         created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL)",
    )
    .execute(pool)
    .await?;
    for number in 0..100 {
        sqlx::query(
            "INSERT INTO clients VALUES (NULL, ?1, ?2, NULL, 'EUR', 'fifo', 1767225600000, 1767225600000)",
        )
        .bind(format!("{number:024x}"))
        .bind(format!("Client {number}"))
        .execute(pool)
        .await?;
    }
    Ok(())
}

async fn point(State(pool): State<SqlitePool>, Path(id): Path<String>) -> Result<Json<Client>, String> {
    sqlx::query_as(
        "SELECT id, name, parent_id, reference_currency, accounting_method, created_at, updated_at \
         FROM clients WHERE id = ?1",
    )
    .bind(id)
    .fetch_one(&pool)
    .await
    .map(Json)
    .map_err(|error| error.to_string())
}

async fn list(State(pool): State<SqlitePool>) -> Result<Json<Vec<Client>>, String> {
    sqlx::query_as(
        "SELECT id, name, parent_id, reference_currency, accounting_method, created_at, updated_at \
         FROM clients WHERE seq > 10 ORDER BY seq LIMIT 25",
    )
    .fetch_all(&pool)
    .await
    .map(Json)
    .map_err(|error| error.to_string())
}
