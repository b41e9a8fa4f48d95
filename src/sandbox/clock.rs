//! The sandbox clock: domain time, which only goes forward, and what happens as it passes.

use super::{DomainError, authorities};
use crate::store::{
    StoreError,
    tenant::{Tenant, WriteTx, extracts as rows},
};
use contract::{
    Timestamp,
    sandbox::{AdvanceClock, Clock},
};

/// How far a sandbox's clock can be ahead of real time, in milliseconds: ten years of 365 days.
const FARTHEST_MILLIS: i64 = 315_360_000 * 1000;

/// The sandbox's clock at `real_now`.
pub fn get(tenant: &Tenant, real_now: Timestamp) -> Clock {
    shown(real_now, tenant.clock_offset())
}

/// Moves the clock forward. Everything that falls due on the way happens, in order, each at its own instant.
///
/// # Errors
/// [`DomainError::Invalid`] when not exactly one member is given, or the clock would go back or too far ahead.
pub async fn advance(
    tx: &mut WriteTx,
    real_now: Timestamp,
    advance: AdvanceClock,
) -> Result<Clock, DomainError> {
    let offset = tx.clock_offset();
    let (pointer, by) = match (advance.by_seconds, advance.to) {
        (Some(seconds), None) => ("/by_seconds", seconds.saturating_mul(1000)),
        (None, Some(to)) => (
            "/to",
            to.as_millis() - real_now.as_millis().saturating_add(offset),
        ),
        _ => return Err(DomainError::at("", "give either by_seconds or to")),
    };
    if by <= 0 {
        return Err(DomainError::at(pointer, "the clock only goes forward"));
    }
    let ahead = offset.saturating_add(by);
    if ahead > FARTHEST_MILLIS {
        return Err(DomainError::at(
            pointer,
            "the clock goes at most ten years ahead of real time",
        ));
    }
    tx.set_clock_offset(ahead).await?;
    run_due(tx, real_now.plus_millis(ahead)).await?;
    Ok(shown(real_now, ahead))
}

/// Has everything happen that is due at `now`, which is domain time, so that no call sees a state that is overdue.
///
/// # Errors
/// When the store fails.
pub async fn settle(tenant: &Tenant, now: Timestamp) -> Result<(), StoreError> {
    if tenant.next_due().is_none_or(|due| due > now) {
        return Ok(());
    }
    tenant.write(move |tx| Box::pin(run_due(tx, now))).await
}

/// Has everything happen that is due at `now`, in order.
pub(super) async fn run_due(tx: &mut WriteTx, now: Timestamp) -> Result<(), StoreError> {
    while authorities::run_first_due(tx, now).await? {}
    // Nothing follows from it, so it matters not what else happened before.
    rows::expire(tx, now).await?;
    Ok(())
}

fn shown(real_now: Timestamp, offset: i64) -> Clock {
    Clock {
        now: real_now.plus_millis(offset),
        ahead_by_seconds: offset / 1000,
    }
}
