//! Clients.

use contract::{
    Nothing, Page,
    clients::{Client, CreateClient, DeleteClient, GetClient, ListClients, UpdateClient},
};

use super::{call::Call, mount::Operations};
use crate::{problem::ApiError, sandbox::clients};

/// Serves them.
pub(super) fn mount(all: Operations) -> Operations {
    all.mount::<ListClients, _, _>(list)
        .mount::<CreateClient, _, _>(create)
        .mount::<GetClient, _, _>(get)
        .mount::<UpdateClient, _, _>(update)
        .mount::<DeleteClient, _, _>(delete)
}

async fn list(call: Call<ListClients>) -> Result<Page<Client>, ApiError> {
    let page = call.page_request()?;
    let rows = clients::list(&mut call.read().await?, page).await?;
    Ok(call.page(rows))
}

async fn create(call: Call<CreateClient>) -> Result<Client, ApiError> {
    call.write(|tx, input| Box::pin(async move { clients::create(tx, input.now, input.body).await }))
        .await
}

async fn get(call: Call<GetClient>) -> Result<Client, ApiError> {
    Ok(clients::get(&mut call.read().await?, &call.path.id).await?)
}

async fn update(call: Call<UpdateClient>) -> Result<Client, ApiError> {
    call.write(|tx, mut input| {
        Box::pin(async move {
            let patch = std::mem::take(&mut input.body);
            clients::update(tx, input.now, &input.path.id, patch, &|current| {
                input.allows(current)
            })
            .await
        })
    })
    .await
}

async fn delete(call: Call<DeleteClient>) -> Result<Nothing, ApiError> {
    call.write(|tx, input| {
        Box::pin(async move {
            clients::delete(tx, input.now, &input.path.id, &|current| input.allows(current)).await?;
            Ok(Nothing {})
        })
    })
    .await
}
