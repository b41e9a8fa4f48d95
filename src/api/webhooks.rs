//! Webhook endpoints, their deliveries and the keys that sign them.

use contract::{
    Nothing, Page,
    deliveries::{
        Delivery, DeliveryReport, GetDelivery, ListDeliveries, Replay, ReplayDelivery, ReplayWebhook,
    },
    webhooks::{
        CreateWebhook, DeleteWebhook, GetWebhook, ListWebhookKeys, ListWebhookKeysV2, ListWebhooks,
        RotateWebhookSecret, TestWebhook, UpdateWebhook, Webhook, WebhookKeys,
    },
};

use super::{call::Call, mount::Operations, state::Api};
use crate::{
    problem::ApiError,
    sandbox::{
        deliveries,
        webhooks::{self, keys},
    },
};

/// Serves them.
pub(super) fn mount(all: Operations) -> Operations {
    all.mount::<ListWebhooks, _, _>(list)
        .mount::<CreateWebhook, _, _>(create)
        .mount::<GetWebhook, _, _>(get)
        .mount::<UpdateWebhook, _, _>(update)
        .mount::<DeleteWebhook, _, _>(delete)
        .mount::<RotateWebhookSecret, _, _>(rotate)
        .mount::<TestWebhook, _, _>(test)
        .mount::<ReplayWebhook, _, _>(replay_many)
        .mount::<ListDeliveries, _, _>(list_deliveries)
        .mount::<GetDelivery, _, _>(get_delivery)
        .mount::<ReplayDelivery, _, _>(replay)
        .mount::<ListWebhookKeys, _, _>(async |call: Call<ListWebhookKeys>| {
            list_keys(&call.context.api).await
        })
        .mount::<ListWebhookKeysV2, _, _>(async |call: Call<ListWebhookKeysV2>| {
            list_keys(&call.context.api).await
        })
}

async fn list(call: Call<ListWebhooks>) -> Result<Page<Webhook>, ApiError> {
    let rows = webhooks::list(&mut call.read().await?, call.page_request()?).await?;
    Ok(call.page(rows))
}

async fn create(call: Call<CreateWebhook>) -> Result<Webhook, ApiError> {
    let (installation, sandbox) = (
        call.context.api.installation.clone(),
        call.context.tenant.sandbox_id().clone(),
    );
    call.write(move |tx, input| {
        Box::pin(async move { webhooks::create(tx, &installation, &sandbox, input.body).await })
    })
    .await
}

async fn get(call: Call<GetWebhook>) -> Result<Webhook, ApiError> {
    Ok(webhooks::get(&mut call.read().await?, &call.path.id).await?.1)
}

async fn update(call: Call<UpdateWebhook>) -> Result<Webhook, ApiError> {
    let installation = call.context.api.installation.clone();
    call.write(move |tx, mut input| {
        Box::pin(async move {
            let patch = std::mem::take(&mut input.body);
            webhooks::update(tx, &installation, (&input.path.id, patch), &|current| {
                input.allows(current)
            })
            .await
        })
    })
    .await
}

async fn delete(call: Call<DeleteWebhook>) -> Result<Nothing, ApiError> {
    call.write(|tx, input| {
        Box::pin(async move {
            webhooks::delete(tx, &input.path.id, &|current| input.allows(current)).await?;
            Ok(Nothing {})
        })
    })
    .await
}

async fn rotate(call: Call<RotateWebhookSecret>) -> Result<Webhook, ApiError> {
    let (installation, sandbox) = (
        call.context.api.installation.clone(),
        call.context.tenant.sandbox_id().clone(),
    );
    call.write(move |tx, input| {
        Box::pin(async move { webhooks::rotate(tx, &installation, &sandbox, &input.path.id).await })
    })
    .await
}

async fn test(call: Call<TestWebhook>) -> Result<Delivery, ApiError> {
    call.write(|tx, input| Box::pin(async move { webhooks::test(tx, input.now, &input.path.id).await }))
        .await
}

async fn replay_many(call: Call<ReplayWebhook>) -> Result<Replay, ApiError> {
    call.write(|tx, input| {
        Box::pin(async move { deliveries::replay_many(tx, &input.path.id, &input.body).await })
    })
    .await
}

async fn list_deliveries(call: Call<ListDeliveries>) -> Result<Page<Delivery>, ApiError> {
    let asked = (&call.path.id, &call.query);
    let rows = deliveries::list(&mut call.read().await?, asked, call.page_request()?).await?;
    Ok(call.page(rows))
}

async fn get_delivery(call: Call<GetDelivery>) -> Result<DeliveryReport, ApiError> {
    let (delivery, body, attempts) = deliveries::report(&mut call.read().await?, &call.path.id).await?;
    Ok(delivery.report(body, attempts))
}

async fn replay(call: Call<ReplayDelivery>) -> Result<Delivery, ApiError> {
    call.write(|tx, input| Box::pin(async move { deliveries::replay(tx, &input.path.id).await }))
        .await
}

async fn list_keys(api: &Api) -> Result<WebhookKeys, ApiError> {
    Ok(keys::published(&api.control).await?)
}
