//! What nobody needs any more is deleted every hour.

use std::time::Duration;
use tokio_util::sync::CancellationToken;

use crate::{
    api::state::Api,
    sandbox::tenants::sweep::Swept,
    store::{
        StoreError,
        control::{invitations, password_links, sessions, staff_sessions},
    },
};

/// Deletes expired sessions and links, and what nobody has used for long, once an hour, until told to stop.
pub(super) async fn sweep(api: Api, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(error) = forget_expired(&api).await {
            tracing::warn!(%error, "expired sessions wait for the next hour");
        }
        match api.tenants.sweep().await {
            Ok(Swept {
                sandboxes: 0,
                leftovers: 0,
            }) => {}
            Ok(swept) => tracing::info!(swept.sandboxes, swept.leftovers, "unused sandboxes removed"),
            Err(error) => tracing::warn!(%error, "unused sandboxes wait for the next hour"),
        }
        let hour = tokio::time::sleep(Duration::from_hours(1));
        tokio::select! { () = hour => {}, () = stop.cancelled() => {} }
    }
}

async fn forget_expired(api: &Api) -> Result<(), StoreError> {
    let now = api.clock.now();
    let mut write = api.control.begin().await?;
    sessions::forget_expired(&mut write, now).await?;
    staff_sessions::forget_expired(&mut write, now).await?;
    invitations::forget_expired(&mut write, now).await?;
    password_links::forget_expired(&mut write, now).await?;
    write.commit().await
}
