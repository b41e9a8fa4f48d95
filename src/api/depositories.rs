//! Depositories.

use contract::{
    Nothing, Page,
    depositories::{
        CreateDepository, DeleteDepository, Depository, GetDepository, ListDepositories,
        ListLegalEntityDepositories, UpdateDepository,
    },
};

use super::{call::Call, mount::Operations};
use crate::{problem::ApiError, sandbox::depositories};

/// Serves them.
pub(super) fn mount(all: Operations) -> Operations {
    all.mount::<ListDepositories, _, _>(list)
        .mount::<ListLegalEntityDepositories, _, _>(list_of)
        .mount::<CreateDepository, _, _>(create)
        .mount::<GetDepository, _, _>(get)
        .mount::<UpdateDepository, _, _>(update)
        .mount::<DeleteDepository, _, _>(delete)
}

async fn list(call: Call<ListDepositories>) -> Result<Page<Depository>, ApiError> {
    let page = call.page_request()?;
    let rows = depositories::list(&mut call.read().await?, page).await?;
    Ok(call.page(rows))
}

async fn list_of(call: Call<ListLegalEntityDepositories>) -> Result<Page<Depository>, ApiError> {
    let page = call.page_request()?;
    let rows = depositories::list_of(&mut call.read().await?, &call.path.id, page).await?;
    Ok(call.page(rows))
}

async fn create(call: Call<CreateDepository>) -> Result<Depository, ApiError> {
    call.write(|tx, input| {
        Box::pin(async move { depositories::create(tx, input.now, &input.path.id, input.body).await })
    })
    .await
}

async fn get(call: Call<GetDepository>) -> Result<Depository, ApiError> {
    Ok(depositories::get(&mut call.read().await?, &call.path.id).await?)
}

async fn update(call: Call<UpdateDepository>) -> Result<Depository, ApiError> {
    call.write(|tx, mut input| {
        Box::pin(async move {
            let patch = std::mem::take(&mut input.body);
            depositories::update(tx, input.now, &input.path.id, patch, &|current| {
                input.allows(current)
            })
            .await
        })
    })
    .await
}

async fn delete(call: Call<DeleteDepository>) -> Result<Nothing, ApiError> {
    call.write(|tx, input| {
        Box::pin(async move {
            depositories::delete(tx, input.now, &input.path.id, &|current| input.allows(current)).await?;
            Ok(Nothing {})
        })
    })
    .await
}
