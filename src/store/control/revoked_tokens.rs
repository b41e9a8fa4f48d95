//! Access tokens that ended before their time, and what else a good token depends on.

use super::{Control, StoreError, Write, api_clients::ClientKey, parsed};
use contract::{ScopeSet, Timestamp, ids::SandboxId, sandbox::Plan};

/// Revokes an access token until it would have expired anyway. Also forgets those that expired before `now`.
///
/// # Errors
/// When the sandbox does not exist.
pub async fn revoke(
    write: &mut Write,
    sandbox: &SandboxId,
    jti: &str,
    (now, expires_at): (Timestamp, Timestamp),
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM revoked_tokens WHERE expires_at < ?1")
        .bind(now.as_millis())
        .execute(write.connection())
        .await?;
    sqlx::query(
        "INSERT INTO revoked_tokens (jti, sandbox_id, expires_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
    )
    .bind(jti)
    .bind(sandbox.as_str())
    .bind(expires_at.as_millis())
    .execute(write.connection())
    .await?;
    Ok(())
}

/// What the control database says of a token whose signature is good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The sandbox's plan.
    pub plan: Plan,
    /// The sandbox's epoch.
    pub epoch: u32,
    /// What the client may do at most.
    pub scopes: ScopeSet,
    /// When the sandbox was last called, to the minute.
    pub last_used_at: Timestamp,
    /// Whether this token was revoked.
    pub revoked: bool,
}

/// How a token stands; none when its client or its sandbox is gone.
///
/// # Errors
/// When the database fails.
pub async fn standing(
    control: &Control,
    client_id: &ClientKey,
    sandbox: &SandboxId,
    jti: &str,
) -> Result<Option<Standing>, StoreError> {
    let row: Option<(String, u32, String, i64, bool)> = sqlx::query_as(
        "SELECT s.plan, s.epoch, c.scopes, s.last_used_at,
                EXISTS (SELECT 1 FROM revoked_tokens r WHERE r.jti = ?3)
         FROM api_clients c JOIN sandboxes s ON s.id = c.sandbox_id
         WHERE c.client_id = ?1 AND s.id = ?2",
    )
    .bind(client_id.as_str())
    .bind(sandbox.as_str())
    .bind(jti)
    .fetch_optional(control.readers())
    .await?;
    row.map(|(plan, epoch, scopes, last_used_at, revoked)| {
        Ok(Standing {
            plan: Plan::from_text(&plan).ok_or_else(|| StoreError::Inconsistent(format!("plan `{plan}`")))?,
            epoch,
            scopes: parsed("scopes", &scopes)?,
            last_used_at: Timestamp::from_millis(last_used_at),
            revoked,
        })
    })
    .transpose()
}
