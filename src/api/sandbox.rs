//! Sandbox controls.

use contract::sandbox::{AdvanceClockOp, Clock, GetClock, GetSandbox, ResetSandbox, Sandbox};

use super::{
    call::{Call, Context, remember},
    mount::Operations,
};
use crate::{
    problem::ApiError,
    sandbox::clock,
    store::{
        StoreError,
        control::sandboxes::{self, SandboxRow},
        tenant::idempotency,
    },
};

/// Serves them.
pub(super) fn mount(all: Operations) -> Operations {
    all.mount::<GetSandbox, _, _>(get)
        .mount::<ResetSandbox, _, _>(reset)
        .mount::<GetClock, _, _>(get_clock)
        .mount::<AdvanceClockOp, _, _>(advance)
}

fn shown(row: &SandboxRow, now: contract::Timestamp) -> Sandbox {
    Sandbox {
        id: row.id.clone(),
        name: row.name.clone(),
        plan: row.plan,
        epoch: row.epoch,
        now,
        created_at: row.created_at,
        updated_at: row.updated_at,
    }
}

async fn get(call: Call<GetSandbox>) -> Result<Sandbox, ApiError> {
    let found = sandboxes::get(&call.context.api.control, call.context.tenant.sandbox_id()).await?;
    let row = found.ok_or_else(ApiError::not_found)?;
    Ok(shown(&row, call.context.now))
}

/// The stored answer of an idempotent reset goes into the new epoch's file before anyone can see it.
async fn reset(call: Call<ResetSandbox>) -> Result<Sandbox, ApiError> {
    let Context {
        api,
        tenant,
        idempotent,
        running,
        ..
    } = call.context;
    let at = api.clock.now();
    let answered = tokio::spawn(async move {
        let _running = running;
        let idempotent = &idempotent;
        api.tenants
            .reset(tenant.sandbox_id(), |tx, row| {
                let idempotent = idempotent.clone();
                Box::pin(async move {
                    let Some(idempotent) = idempotent else {
                        return Ok(());
                    };
                    let answer = remember::<ResetSandbox>(&idempotent, &shown(row, at), at)
                        .map_err(|error| StoreError::Inconsistent(format!("{error:?}")))?;
                    idempotency::insert(tx, &idempotent.slot, &answer).await
                })
            })
            .await
    });
    let row = answered.await.map_err(ApiError::internal)??;
    Ok(shown(&row, at))
}

async fn get_clock(call: Call<GetClock>) -> Result<Clock, ApiError> {
    Ok(clock::get(&call.context.tenant, call.context.api.clock.now()))
}

async fn advance(call: Call<AdvanceClockOp>) -> Result<Clock, ApiError> {
    let real_now = call.context.api.clock.now();
    call.write(move |tx, input| Box::pin(async move { clock::advance(tx, real_now, input.body).await }))
        .await
}
