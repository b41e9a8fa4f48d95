//! Cashflows.

use contract::{
    Page,
    cashflows::{Cashflow, ListCashflows},
};
use std::sync::Arc;

use super::{call::Call, mount::Operations};
use crate::{
    problem::ApiError,
    sandbox::book::cashflows::{cashflows, known},
};

/// Serves them.
pub(super) fn mount(all: Operations) -> Operations {
    all.mount::<ListCashflows, _, _>(list)
}

async fn list(call: Call<ListCashflows>) -> Result<Page<Cashflow>, ApiError> {
    let (tenant, query) = (Arc::clone(&call.context.tenant), call.query.clone());
    let today = call.context.now.date();
    let known = known(&tenant, today).await?;
    let work = move || cashflows(&known, &query, today);
    let found = tokio::task::spawn_blocking(work)
        .await
        .map_err(ApiError::internal)??;
    call.page_of(found)
}
