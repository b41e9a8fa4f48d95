//! Accounts.

use contract::{
    Nothing, Page,
    accounts::{
        Account, CreateAccount, DeleteAccount, GetAccount, ListAccounts, ListLegalEntityAccounts,
        UpdateAccount,
    },
};

use super::{call::Call, mount::Operations};
use crate::{problem::ApiError, sandbox::accounts};

/// Serves them.
pub(super) fn mount(all: Operations) -> Operations {
    all.mount::<ListAccounts, _, _>(list)
        .mount::<ListLegalEntityAccounts, _, _>(list_of)
        .mount::<CreateAccount, _, _>(create)
        .mount::<GetAccount, _, _>(get)
        .mount::<UpdateAccount, _, _>(update)
        .mount::<DeleteAccount, _, _>(delete)
}

async fn list(call: Call<ListAccounts>) -> Result<Page<Account>, ApiError> {
    let page = call.page_request()?;
    let rows = accounts::list(&mut call.read().await?, page).await?;
    Ok(call.page(rows))
}

async fn list_of(call: Call<ListLegalEntityAccounts>) -> Result<Page<Account>, ApiError> {
    let page = call.page_request()?;
    let rows = accounts::list_of(&mut call.read().await?, &call.path.id, page).await?;
    Ok(call.page(rows))
}

async fn create(call: Call<CreateAccount>) -> Result<Account, ApiError> {
    call.write(|tx, input| {
        Box::pin(async move { accounts::create(tx, input.now, &input.path.id, input.body).await })
    })
    .await
}

async fn get(call: Call<GetAccount>) -> Result<Account, ApiError> {
    Ok(accounts::get(&mut call.read().await?, &call.path.id).await?)
}

async fn update(call: Call<UpdateAccount>) -> Result<Account, ApiError> {
    call.write(|tx, mut input| {
        Box::pin(async move {
            let patch = std::mem::take(&mut input.body);
            accounts::update(tx, input.now, &input.path.id, patch, &|current| {
                input.allows(current)
            })
            .await
        })
    })
    .await
}

async fn delete(call: Call<DeleteAccount>) -> Result<Nothing, ApiError> {
    call.write(|tx, input| {
        Box::pin(async move {
            accounts::delete(tx, input.now, &input.path.id, &|current| input.allows(current)).await?;
            Ok(Nothing {})
        })
    })
    .await
}
