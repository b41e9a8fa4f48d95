//! Holdings, and the custodians' own view of them.

use contract::{
    Page,
    holdings::{CustodianHolding, Expansion, Holding, ListCustodianHoldings, ListHoldings},
};

use super::{call::Call, mount::Operations};
use crate::{
    problem::ApiError,
    sandbox::{
        DomainError,
        book::{self, Ask, Key, OpenBook, custody, day_or_today, holdings},
        legal_entities, reporting_entities,
    },
};

/// Serves them.
pub(super) fn mount(all: Operations) -> Operations {
    all.mount::<ListHoldings, _, _>(list)
        .mount::<ListCustodianHoldings, _, _>(list_of_custodians)
}

async fn list(call: Call<ListHoldings>) -> Result<Page<Holding>, ApiError> {
    let query = &call.query;
    let entity = reporting_entities::get(&mut call.read().await?, &call.path.id).await?;
    let request = holdings::Request {
        as_of: day_or_today("as_of", query.as_of, call.context.now.date())?,
        ask: Ask::in_currency(query.currency.clone().unwrap_or(entity.currency))?,
        grouping: query.group_by.clone().unwrap_or_default(),
        lots: query.expand == Some(Expansion::Lots),
        entity: entity.id,
    };
    let book = book::open(&call.context.tenant, call.context.now.date()).await?;
    let rows = worked_out(book, move |book| holdings::holdings(book, &request)).await?;
    call.page_of(keyed(rows))
}

async fn list_of_custodians(call: Call<ListCustodianHoldings>) -> Result<Page<CustodianHolding>, ApiError> {
    let entity = legal_entities::get(&mut call.read().await?, &call.path.id).await?;
    let date = day_or_today("date", call.query.date, call.context.now.date())?;
    let tenant = &call.context.tenant;
    let book = book::open(tenant, call.context.now.date()).await?;
    let rows = custody::custodian_holdings(tenant, &book, &entity.id, date).await?;
    call.page_of(keyed(rows))
}

fn keyed<T>(rows: Vec<(Key, T)>) -> Vec<([u8; holdings::KEY_LENGTH], T)> {
    rows.into_iter().map(|(key, row)| (key.to_bytes(), row)).collect()
}

/// Works figures out where it holds nobody else up.
pub(super) async fn worked_out<T: Send + 'static>(
    book: OpenBook,
    work: impl FnOnce(&OpenBook) -> Result<T, DomainError> + Send + 'static,
) -> Result<T, ApiError> {
    let done = tokio::task::spawn_blocking(move || work(&book)).await;
    Ok(done.map_err(ApiError::internal)??)
}
