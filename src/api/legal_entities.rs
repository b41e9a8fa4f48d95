//! Legal entities.

use contract::{
    Nothing, Page,
    legal_entities::{
        CreateLegalEntity, DeleteLegalEntity, GetLegalEntity, LegalEntity, ListLegalEntities,
        UpdateLegalEntity,
    },
};

use super::{call::Call, mount::Operations};
use crate::{problem::ApiError, sandbox::legal_entities};

/// Serves them.
pub(super) fn mount(all: Operations) -> Operations {
    all.mount::<ListLegalEntities, _, _>(list)
        .mount::<CreateLegalEntity, _, _>(create)
        .mount::<GetLegalEntity, _, _>(get)
        .mount::<UpdateLegalEntity, _, _>(update)
        .mount::<DeleteLegalEntity, _, _>(delete)
}

async fn list(call: Call<ListLegalEntities>) -> Result<Page<LegalEntity>, ApiError> {
    let page = call.page_request()?;
    let rows = legal_entities::list(&mut call.read().await?, &call.path.id, page).await?;
    Ok(call.page(rows))
}

async fn create(call: Call<CreateLegalEntity>) -> Result<LegalEntity, ApiError> {
    call.write(|tx, input| {
        Box::pin(async move { legal_entities::create(tx, input.now, &input.path.id, input.body).await })
    })
    .await
}

async fn get(call: Call<GetLegalEntity>) -> Result<LegalEntity, ApiError> {
    Ok(legal_entities::get(&mut call.read().await?, &call.path.id).await?)
}

async fn update(call: Call<UpdateLegalEntity>) -> Result<LegalEntity, ApiError> {
    call.write(|tx, mut input| {
        Box::pin(async move {
            let patch = std::mem::take(&mut input.body);
            legal_entities::update(tx, input.now, &input.path.id, patch, &|current| {
                input.allows(current)
            })
            .await
        })
    })
    .await
}

async fn delete(call: Call<DeleteLegalEntity>) -> Result<Nothing, ApiError> {
    call.write(|tx, input| {
        Box::pin(async move {
            legal_entities::delete(tx, input.now, &input.path.id, &|current| input.allows(current)).await?;
            Ok(Nothing {})
        })
    })
    .await
}
