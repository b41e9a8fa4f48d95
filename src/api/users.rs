//! Users and invites.

use contract::{
    Nothing, Page,
    users::{
        CancelInvite, CreateInvite, CreateUser, DeleteUser, GetUser, Invite, ListInvites, ListUsers,
        UpdateUser, User,
    },
};

use super::{call::Call, mount::Operations};
use crate::{problem::ApiError, sandbox::users};

/// Serves them.
pub(super) fn mount(all: Operations) -> Operations {
    all.mount::<ListUsers, _, _>(list)
        .mount::<CreateUser, _, _>(create)
        .mount::<GetUser, _, _>(get)
        .mount::<UpdateUser, _, _>(update)
        .mount::<DeleteUser, _, _>(delete)
        .mount::<ListInvites, _, _>(list_invites)
        .mount::<CreateInvite, _, _>(invite)
        .mount::<CancelInvite, _, _>(cancel_invite)
}

async fn list(call: Call<ListUsers>) -> Result<Page<User>, ApiError> {
    let page = call.page_request()?;
    let rows = users::list(&mut call.read().await?, &call.path.id, page).await?;
    Ok(call.page(rows))
}

async fn create(call: Call<CreateUser>) -> Result<User, ApiError> {
    call.write(|tx, input| {
        Box::pin(async move { users::create(tx, input.now, &input.path.id, input.body).await })
    })
    .await
}

async fn get(call: Call<GetUser>) -> Result<User, ApiError> {
    Ok(users::get(&mut call.read().await?, &call.path.id).await?)
}

async fn update(call: Call<UpdateUser>) -> Result<User, ApiError> {
    call.write(|tx, mut input| {
        Box::pin(async move {
            let patch = std::mem::take(&mut input.body);
            users::update(tx, input.now, &input.path.id, patch, &|current| {
                input.allows(current)
            })
            .await
        })
    })
    .await
}

async fn delete(call: Call<DeleteUser>) -> Result<Nothing, ApiError> {
    call.write(|tx, input| {
        Box::pin(async move {
            users::delete(tx, &input.path.id, &|current| input.allows(current)).await?;
            Ok(Nothing {})
        })
    })
    .await
}

async fn list_invites(call: Call<ListInvites>) -> Result<Page<Invite>, ApiError> {
    let page = call.page_request()?;
    let now = call.context.now;
    let rows = users::list_invites(&mut call.read().await?, now, &call.path.id, page).await?;
    Ok(call.page(rows))
}

async fn invite(call: Call<CreateInvite>) -> Result<Invite, ApiError> {
    call.write(|tx, input| {
        Box::pin(async move { users::invite(tx, input.now, &input.path.id, input.body).await })
    })
    .await
}

async fn cancel_invite(call: Call<CancelInvite>) -> Result<Invite, ApiError> {
    call.write(|tx, input| {
        Box::pin(async move {
            let path = &input.path;
            users::cancel_invite(tx, input.now, &path.id, &path.invite_id).await
        })
    })
    .await
}
