//! Instruments, their classes and their time series.

use contract::{
    Operation, Page,
    ids::{ById, InstrumentId},
    instruments::{GetInstrument, Instrument, InstrumentClass, ListInstrumentClasses, ListInstruments},
    time_series::{ListIndexFactors, ListInterestRates, ListNetAssetValues, ListPrices, Point, PointsQuery},
};

use futures::future::ready;

use super::{call::Call, mount::Operations};
use crate::{
    problem::ApiError,
    sandbox::{instruments, reference::Measure},
};

/// Serves them.
pub(super) fn mount(all: Operations) -> Operations {
    all.mount::<ListInstruments, _, _>(|call| ready(list(&call)))
        .mount::<GetInstrument, _, _>(|call| ready(get(&call)))
        .mount::<ListInstrumentClasses, _, _>(|call| ready(classes(&call)))
        .mount::<ListPrices, _, _>(|call| ready(points(&call, Measure::Price)))
        .mount::<ListNetAssetValues, _, _>(|call| ready(points(&call, Measure::NetAssetValue)))
        .mount::<ListInterestRates, _, _>(|call| ready(points(&call, Measure::InterestRate)))
        .mount::<ListIndexFactors, _, _>(|call| ready(points(&call, Measure::IndexFactor)))
}

fn list(call: &Call<ListInstruments>) -> Result<Page<Instrument>, ApiError> {
    let page = call.page_request()?;
    let rows = instruments::list(call.context.tenant.market(), &call.query, page)?;
    Ok(call.page(rows))
}

fn get(call: &Call<GetInstrument>) -> Result<Instrument, ApiError> {
    Ok(instruments::get(call.context.tenant.market(), &call.path.id)?)
}

fn classes(call: &Call<ListInstrumentClasses>) -> Result<Page<InstrumentClass>, ApiError> {
    let page = call.page_request()?;
    let rows = instruments::classes(call.context.tenant.market(), page)?;
    Ok(call.page(rows))
}

fn points<O>(call: &Call<O>, measure: Measure) -> Result<Page<Point>, ApiError>
where
    O: Operation<Path = ById<InstrumentId>, Query = PointsQuery>,
{
    let page = call.page_request()?;
    let today = call.context.now.date();
    let rows = instruments::points(
        call.context.tenant.market(),
        (&call.path.id, measure),
        &call.query,
        (page, today),
    )?;
    Ok(call.page(rows))
}
