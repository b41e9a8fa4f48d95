//! Extracts: asked for, read and listed here; their files are fetched by [`super::download`].

use contract::{
    Page,
    extracts::{CreateExtract, Extract, ExtractStatus, GetExtract, ListExtracts},
};

use super::{
    call::{Call, Context},
    mount::Operations,
};
use crate::{extracts::link::Target, problem::ApiError, sandbox::extracts};

/// Serves them.
pub(super) fn mount(all: Operations) -> Operations {
    all.mount::<ListExtracts, _, _>(list)
        .mount::<CreateExtract, _, _>(create)
        .mount::<GetExtract, _, _>(get)
}

async fn list(call: Call<ListExtracts>) -> Result<Page<Extract>, ApiError> {
    let page = call.page_request()?;
    let mut rows = extracts::list(&mut call.read().await?, &call.query, page).await?;
    for (_, extract) in &mut rows.rows {
        link(&call.context, extract);
    }
    Ok(call.page(rows))
}

async fn create(call: Call<CreateExtract>) -> Result<Extract, ApiError> {
    let (api, client) = (
        call.context.api.clone(),
        call.context.caller.client_id.to_string(),
    );
    let queued = call
        .write(|tx, input| Box::pin(async move { extracts::create(tx, input.now, client, input.body).await }))
        .await?;
    api.extracts.nudge();
    Ok(queued)
}

async fn get(call: Call<GetExtract>) -> Result<Extract, ApiError> {
    let mut extract = extracts::get(&mut call.read().await?, &call.path.id).await?;
    link(&call.context, &mut extract);
    Ok(extract)
}

/// Says where the file can be fetched, where there is one.
fn link(context: &Context, extract: &mut Extract) {
    if extract.status != ExtractStatus::Succeeded {
        return;
    }
    let target = Target {
        sandbox: context.tenant.sandbox_id().clone(),
        epoch: context.tenant.epoch(),
        extract: extract.id.clone(),
    };
    let api = &context.api;
    let link = api.links.seal(&target, api.clock.now());
    extract.download_url = Some(format!("{}{link}", api.api_url));
}
