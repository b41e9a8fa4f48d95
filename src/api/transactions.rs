//! Transactions.

use contract::{
    Nothing, Page,
    transactions::{
        CreateTransaction, DeleteTransaction, GetTransaction, ListReportingEntityTransactions,
        ListTransactions, Transaction,
    },
};

use super::{call::Call, mount::Operations};
use crate::{problem::ApiError, sandbox::transactions};

/// Serves them.
pub(super) fn mount(all: Operations) -> Operations {
    all.mount::<ListTransactions, _, _>(list)
        .mount::<ListReportingEntityTransactions, _, _>(list_of)
        .mount::<CreateTransaction, _, _>(create)
        .mount::<GetTransaction, _, _>(get)
        .mount::<DeleteTransaction, _, _>(delete)
}

async fn list(call: Call<ListTransactions>) -> Result<Page<Transaction>, ApiError> {
    let page = call.page_request()?;
    let rows = transactions::list(&mut call.read().await?, &call.query, page).await?;
    Ok(call.page(rows))
}

async fn list_of(call: Call<ListReportingEntityTransactions>) -> Result<Page<Transaction>, ApiError> {
    let page = call.page_request()?;
    let rows = transactions::list_of(&mut call.read().await?, &call.path.id, &call.query, page).await?;
    Ok(call.page(rows))
}

async fn create(call: Call<CreateTransaction>) -> Result<Transaction, ApiError> {
    call.write(|tx, input| Box::pin(async move { transactions::create(tx, input.now, input.body).await }))
        .await
}

async fn get(call: Call<GetTransaction>) -> Result<Transaction, ApiError> {
    Ok(transactions::get(&mut call.read().await?, &call.path.id).await?)
}

async fn delete(call: Call<DeleteTransaction>) -> Result<Nothing, ApiError> {
    call.write(|tx, input| {
        Box::pin(async move {
            transactions::delete(tx, input.now, &input.path.id, &|current| input.allows(current)).await?;
            Ok(Nothing {})
        })
    })
    .await
}
