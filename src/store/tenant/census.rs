//! How many objects of each kind a tenant holds.

use super::Conn;
use crate::store::{StoreError, sqlite::column};

/// The numbers of a tenant's objects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Census {
    /// Clients, nested ones included.
    pub clients: u64,
    /// Legal entities.
    pub legal_entities: u64,
    /// Accounts.
    pub accounts: u64,
    /// Depositories.
    pub depositories: u64,
    /// Reporting entities.
    pub reporting_entities: u64,
    /// Portfolios.
    pub portfolios: u64,
    /// Custodian authorities, in any state.
    pub authorities: u64,
    /// Transactions.
    pub transactions: u64,
}

/// Counts a tenant's objects, all as of one instant.
///
/// # Errors
/// When the database fails.
pub async fn take(conn: &mut impl Conn) -> Result<Census, StoreError> {
    let row = sqlx::query(
        "SELECT (SELECT count(*) FROM clients), (SELECT count(*) FROM legal_entities),
                (SELECT count(*) FROM accounts), (SELECT count(*) FROM depositories),
                (SELECT count(*) FROM reporting_entities), (SELECT count(*) FROM portfolios),
                (SELECT count(*) FROM authorities), (SELECT count(*) FROM transactions)",
    )
    .fetch_one(conn.sql())
    .await?;
    Ok(Census {
        clients: column(&row, 0)?,
        legal_entities: column(&row, 1)?,
        accounts: column(&row, 2)?,
        depositories: column(&row, 3)?,
        reporting_entities: column(&row, 4)?,
        portfolios: column(&row, 5)?,
        authorities: column(&row, 6)?,
        transactions: column(&row, 7)?,
    })
}
