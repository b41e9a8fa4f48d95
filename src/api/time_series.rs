//! Time series of instruments.

use contract::{
    Nothing, Operation, Page,
    ids::{ById, InstrumentId, PointPath},
    time_series::{
        CreateIndexFactor, CreateInterestRate, CreateNetAssetValue, CreatePrice, DeleteIndexFactor,
        DeleteInterestRate, DeleteNetAssetValue, DeletePrice, ListIndexFactors, ListInterestRates,
        ListNetAssetValues, ListPrices, NewPoint, Point, PointsQuery,
    },
};

use super::{call::Call, mount::Operations};
use crate::{
    problem::ApiError,
    sandbox::{reference::Measure, time_series},
};

/// Serves them.
pub(super) fn mount(all: Operations) -> Operations {
    all.mount::<ListPrices, _, _>(|call| list(call, Measure::Price))
        .mount::<CreatePrice, _, _>(|call| create(call, Measure::Price))
        .mount::<DeletePrice, _, _>(|call| delete(call, Measure::Price))
        .mount::<ListNetAssetValues, _, _>(|call| list(call, Measure::NetAssetValue))
        .mount::<CreateNetAssetValue, _, _>(|call| create(call, Measure::NetAssetValue))
        .mount::<DeleteNetAssetValue, _, _>(|call| delete(call, Measure::NetAssetValue))
        .mount::<ListInterestRates, _, _>(|call| list(call, Measure::InterestRate))
        .mount::<CreateInterestRate, _, _>(|call| create(call, Measure::InterestRate))
        .mount::<DeleteInterestRate, _, _>(|call| delete(call, Measure::InterestRate))
        .mount::<ListIndexFactors, _, _>(|call| list(call, Measure::IndexFactor))
        .mount::<CreateIndexFactor, _, _>(|call| create(call, Measure::IndexFactor))
        .mount::<DeleteIndexFactor, _, _>(|call| delete(call, Measure::IndexFactor))
}

async fn list<O>(call: Call<O>, measure: Measure) -> Result<Page<Point>, ApiError>
where
    O: Operation<Path = ById<InstrumentId>, Query = PointsQuery>,
{
    let page = call.page_request()?;
    let today = call.context.now.date();
    let rows = time_series::list(
        &mut call.read().await?,
        (&call.path.id, measure),
        &call.query,
        (page, today),
    )
    .await?;
    Ok(call.page(rows))
}

async fn create<O>(call: Call<O>, measure: Measure) -> Result<Point, ApiError>
where
    O: Operation<Path = ById<InstrumentId>, Body = NewPoint, Reply = Point>,
{
    call.write(move |tx, input| {
        Box::pin(
            async move { time_series::create(tx, input.now, (&input.path.id, measure), input.body).await },
        )
    })
    .await
}

async fn delete<O>(call: Call<O>, measure: Measure) -> Result<Nothing, ApiError>
where
    O: Operation<Path = PointPath, Reply = Nothing>,
{
    call.write(move |tx, input| {
        Box::pin(async move {
            let PointPath { id, point_id } = &input.path;
            let which = (id, measure, point_id);
            time_series::delete(tx, input.now, which, &|current| input.allows(current)).await?;
            Ok(Nothing {})
        })
    })
    .await
}
