//! Positions.

use contract::{
    Page,
    positions::{ListPositions, Position},
};
use std::sync::Arc;

use super::{call::Call, mount::Operations};
use crate::{
    problem::ApiError,
    sandbox::book::positions::{known, positions},
};

/// Serves them.
pub(super) fn mount(all: Operations) -> Operations {
    all.mount::<ListPositions, _, _>(list)
}

async fn list(call: Call<ListPositions>) -> Result<Page<Position>, ApiError> {
    let (tenant, query) = (Arc::clone(&call.context.tenant), call.query.clone());
    let today = call.context.now.date();
    let known = known(&tenant, today).await?;
    let work = move || positions(&known, &query, today);
    let found = tokio::task::spawn_blocking(work)
        .await
        .map_err(ApiError::internal)??;
    call.page_of(
        found
            .into_iter()
            .map(|(seq, position)| (seq.to_be_bytes(), position))
            .collect(),
    )
}
