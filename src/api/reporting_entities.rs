//! Reporting entities.

use contract::{
    Nothing, Page,
    reporting_entities::{
        CreateReportingEntity, DeleteReportingEntity, GetReportingEntity, ListReportingEntities,
        ReportingEntity, UpdateReportingEntity,
    },
};

use super::{call::Call, mount::Operations};
use crate::{problem::ApiError, sandbox::reporting_entities};

/// Serves them.
pub(super) fn mount(all: Operations) -> Operations {
    all.mount::<ListReportingEntities, _, _>(list)
        .mount::<CreateReportingEntity, _, _>(create)
        .mount::<GetReportingEntity, _, _>(get)
        .mount::<UpdateReportingEntity, _, _>(update)
        .mount::<DeleteReportingEntity, _, _>(delete)
}

async fn list(call: Call<ListReportingEntities>) -> Result<Page<ReportingEntity>, ApiError> {
    let page = call.page_request()?;
    let rows = reporting_entities::list(&mut call.read().await?, &call.path.id, page).await?;
    Ok(call.page(rows))
}

async fn create(call: Call<CreateReportingEntity>) -> Result<ReportingEntity, ApiError> {
    call.write(|tx, input| {
        Box::pin(async move { reporting_entities::create(tx, input.now, &input.path.id, input.body).await })
    })
    .await
}

async fn get(call: Call<GetReportingEntity>) -> Result<ReportingEntity, ApiError> {
    Ok(reporting_entities::get(&mut call.read().await?, &call.path.id).await?)
}

async fn update(call: Call<UpdateReportingEntity>) -> Result<ReportingEntity, ApiError> {
    call.write(|tx, mut input| {
        Box::pin(async move {
            let patch = std::mem::take(&mut input.body);
            reporting_entities::update(tx, input.now, &input.path.id, patch, &|current| {
                input.allows(current)
            })
            .await
        })
    })
    .await
}

async fn delete(call: Call<DeleteReportingEntity>) -> Result<Nothing, ApiError> {
    call.write(|tx, input| {
        Box::pin(async move {
            reporting_entities::delete(tx, input.now, &input.path.id, &|current| input.allows(current))
                .await?;
            Ok(Nothing {})
        })
    })
    .await
}
