//! Portfolios.

use contract::{
    Nothing, Page,
    portfolios::{
        CreatePortfolio, DeletePortfolio, GetPortfolio, ListPortfolios, Portfolio, UpdatePortfolio,
    },
};

use super::{call::Call, mount::Operations};
use crate::{problem::ApiError, sandbox::portfolios};

/// Serves them.
pub(super) fn mount(all: Operations) -> Operations {
    all.mount::<ListPortfolios, _, _>(list)
        .mount::<CreatePortfolio, _, _>(create)
        .mount::<GetPortfolio, _, _>(get)
        .mount::<UpdatePortfolio, _, _>(update)
        .mount::<DeletePortfolio, _, _>(delete)
}

async fn list(call: Call<ListPortfolios>) -> Result<Page<Portfolio>, ApiError> {
    let page = call.page_request()?;
    let rows = portfolios::list(&mut call.read().await?, &call.path.id, page).await?;
    Ok(call.page(rows))
}

async fn create(call: Call<CreatePortfolio>) -> Result<Portfolio, ApiError> {
    call.write(|tx, input| {
        Box::pin(async move { portfolios::create(tx, input.now, &input.path.id, input.body).await })
    })
    .await
}

async fn get(call: Call<GetPortfolio>) -> Result<Portfolio, ApiError> {
    Ok(portfolios::get(&mut call.read().await?, &call.path.id).await?)
}

async fn update(call: Call<UpdatePortfolio>) -> Result<Portfolio, ApiError> {
    call.write(|tx, mut input| {
        Box::pin(async move {
            let patch = std::mem::take(&mut input.body);
            portfolios::update(tx, input.now, &input.path.id, patch, &|current| {
                input.allows(current)
            })
            .await
        })
    })
    .await
}

async fn delete(call: Call<DeletePortfolio>) -> Result<Nothing, ApiError> {
    call.write(|tx, input| {
        Box::pin(async move {
            portfolios::delete(tx, input.now, &input.path.id, &|current| input.allows(current)).await?;
            Ok(Nothing {})
        })
    })
    .await
}
