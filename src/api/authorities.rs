//! Custodian authorities, on v1 and, in another presentation, on v2.

use contract::{
    Operation, Page,
    authorities::{
        Authority, CreateAuthority, GetAuthority, LinkAuthorityOp, ListAuthorities, RefreshAuthority,
        RevokeAuthority,
    },
    ids::{AuthorityId, ById},
    legacy::{
        CreateAuthorityV2, LegacyAuthority, LinkAuthorityV2, ListAuthoritiesV2, RefreshAuthorityV2,
        RevokeAuthorityV2,
    },
    page::List,
};

use super::{call::Call, mount::Operations};
use crate::{
    problem::ApiError,
    sandbox::{PageRequest, authorities},
};

/// A legacy list answers everything at once, up to this many rows.
const LEGACY_CAP: usize = 1_000;

/// Serves them.
pub(super) fn mount(all: Operations) -> Operations {
    all.mount::<ListAuthorities, _, _>(list)
        .mount::<CreateAuthority, _, _>(create)
        .mount::<GetAuthority, _, _>(get)
        .mount::<LinkAuthorityOp, _, _>(link)
        .mount::<RefreshAuthority, _, _>(refresh)
        .mount::<RevokeAuthority, _, _>(revoke)
        .mount::<ListAuthoritiesV2, _, _>(list_v2)
        .mount::<CreateAuthorityV2, _, _>(create)
        .mount::<LinkAuthorityV2, _, _>(link)
        .mount::<RefreshAuthorityV2, _, _>(refresh)
        .mount::<RevokeAuthorityV2, _, _>(revoke)
}

async fn list(call: Call<ListAuthorities>) -> Result<Page<Authority>, ApiError> {
    let page = call.page_request()?;
    let rows = authorities::list(&mut call.read().await?, &call.path.id, page).await?;
    Ok(call.page(rows))
}

async fn list_v2(call: Call<ListAuthoritiesV2>) -> Result<List<LegacyAuthority>, ApiError> {
    let mut connection = call.read().await?;
    let (mut data, mut after, mut truncated) = (Vec::new(), None, true);
    while data.len() < LEGACY_CAP {
        let page = PageRequest {
            after,
            limit: contract::page::MAX_LIMIT.into(),
        };
        let rows = authorities::list(&mut connection, &call.path.id, page).await?;
        after = rows.rows.last().map(|(seq, _)| *seq);
        data.extend(rows.rows.into_iter().map(|(_, authority)| authority.into()));
        if !rows.has_more {
            truncated = false;
            break;
        }
    }
    Ok(List { data, truncated })
}

async fn get(call: Call<GetAuthority>) -> Result<Authority, ApiError> {
    Ok(authorities::get(&mut call.read().await?, &call.path.id).await?)
}

async fn create<O>(call: Call<O>) -> Result<O::Reply, ApiError>
where
    O: Operation<Path = ById<contract::ids::LegalEntityId>, Body = contract::authorities::NewAuthority>,
    O::Reply: From<Authority>,
{
    call.write(|tx, input| {
        Box::pin(async move {
            Ok(authorities::create(tx, input.now, &input.path.id, input.body)
                .await?
                .into())
        })
    })
    .await
}

async fn link<O>(call: Call<O>) -> Result<O::Reply, ApiError>
where
    O: Operation<Path = ById<AuthorityId>, Body = contract::authorities::LinkAuthority>,
    O::Reply: From<Authority>,
{
    call.write(|tx, input| {
        Box::pin(async move {
            Ok(authorities::link(tx, input.now, &input.path.id, input.body)
                .await?
                .into())
        })
    })
    .await
}

async fn refresh<O>(call: Call<O>) -> Result<O::Reply, ApiError>
where
    O: Operation<Path = ById<AuthorityId>, Body = contract::Nothing>,
    O::Reply: From<Authority>,
{
    call.write(|tx, input| {
        Box::pin(async move { Ok(authorities::refresh(tx, input.now, &input.path.id).await?.into()) })
    })
    .await
}

async fn revoke<O>(call: Call<O>) -> Result<O::Reply, ApiError>
where
    O: Operation<Path = ById<AuthorityId>, Body = contract::Nothing>,
    O::Reply: From<Authority>,
{
    call.write(|tx, input| {
        Box::pin(async move { Ok(authorities::revoke(tx, input.now, &input.path.id).await?.into()) })
    })
    .await
}
