//! Instruments and their classes.

use contract::{
    Nothing, Page,
    instruments::{
        CreateInstrument, DeleteInstrument, GetInstrument, Instrument, InstrumentClass,
        ListInstrumentClasses, ListInstruments, UpdateInstrument,
    },
};

use futures::future::ready;

use super::{call::Call, mount::Operations};
use crate::{problem::ApiError, sandbox::instruments};

/// Serves them.
pub(super) fn mount(all: Operations) -> Operations {
    all.mount::<ListInstruments, _, _>(list)
        .mount::<CreateInstrument, _, _>(create)
        .mount::<GetInstrument, _, _>(get)
        .mount::<UpdateInstrument, _, _>(update)
        .mount::<DeleteInstrument, _, _>(delete)
        .mount::<ListInstrumentClasses, _, _>(|call| ready(classes(&call)))
}

async fn list(call: Call<ListInstruments>) -> Result<Page<Instrument>, ApiError> {
    let page = call.page_request()?;
    let rows = instruments::list(&mut call.read().await?, &call.query, page).await?;
    Ok(call.page(rows))
}

async fn create(call: Call<CreateInstrument>) -> Result<Instrument, ApiError> {
    call.write(|tx, input| Box::pin(async move { instruments::create(tx, input.now, input.body).await }))
        .await
}

async fn get(call: Call<GetInstrument>) -> Result<Instrument, ApiError> {
    Ok(instruments::get(&mut call.read().await?, &call.path.id).await?)
}

async fn update(call: Call<UpdateInstrument>) -> Result<Instrument, ApiError> {
    call.write(|tx, mut input| {
        Box::pin(async move {
            let patch = std::mem::take(&mut input.body);
            instruments::update(tx, input.now, &input.path.id, patch, &|current| {
                input.allows(current)
            })
            .await
        })
    })
    .await
}

async fn delete(call: Call<DeleteInstrument>) -> Result<Nothing, ApiError> {
    call.write(|tx, input| {
        Box::pin(async move {
            instruments::delete(tx, &input.path.id, &|current| input.allows(current)).await?;
            Ok(Nothing {})
        })
    })
    .await
}

fn classes(call: &Call<ListInstrumentClasses>) -> Result<Page<InstrumentClass>, ApiError> {
    let page = call.page_request()?;
    let rows = instruments::classes(call.context.tenant.market(), page)?;
    Ok(call.page(rows))
}
