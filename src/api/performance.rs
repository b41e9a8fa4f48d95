//! Performance, and the metrics of private funds.

use contract::{
    Day, FieldError, Page,
    performance::{GetPerformance, ListPrivateFunds, Performance, PerformanceQuery, PrivateFund},
};
use jiff::{ToSpan, civil::Date};

use super::{call::Call, holdings::worked_out, mount::Operations};
use crate::{
    problem::ApiError,
    sandbox::{
        DomainError,
        book::{self, Ask, day_or_today, performance, private_funds},
        reporting_entities,
    },
};

/// Serves them.
pub(super) fn mount(all: Operations) -> Operations {
    all.mount::<GetPerformance, _, _>(get)
        .mount::<ListPrivateFunds, _, _>(list_private_funds)
}

async fn get(call: Call<GetPerformance>) -> Result<Performance, ApiError> {
    let query = call.query;
    let mut conn = call.context.tenant.read().await?;
    let entity = reporting_entities::get(&mut conn, &call.path.id).await?;
    drop(conn);
    let (from, to) = window(&query, call.context.now.date())?;
    let request = performance::Request {
        from,
        to,
        ask: Ask::in_currency(query.currency.unwrap_or(entity.currency))?,
        group_by: query.group_by,
        entity: entity.id,
    };
    let book = book::open(&call.context.tenant, call.context.now.date()).await?;
    worked_out(book, move |book| performance::performance(book, &request)).await
}

/// The first and last day that are asked for: without them, the year that ends today.
fn window(query: &PerformanceQuery, today: Date) -> Result<(Date, Date), DomainError> {
    let to = day_or_today("to", query.to, today)?;
    let a_year = to.saturating_sub(1.year()).saturating_add(1.day());
    let from = query.from.map_or(a_year, Day::date);
    let refused = |detail: String| Err(DomainError::Parameter(FieldError::parameter("from", detail)));
    if from > to {
        return refused(format!("lies after `to`, {to}"));
    }
    if (to - from).get_days() >= performance::LONGEST_WINDOW_DAYS {
        let longest = performance::LONGEST_WINDOW_DAYS;
        return refused(format!(
            "lies too far before `to`: a window has at most {longest} days"
        ));
    }
    Ok((from, to))
}

async fn list_private_funds(call: Call<ListPrivateFunds>) -> Result<Page<PrivateFund>, ApiError> {
    let entity = reporting_entities::get(&mut call.read().await?, &call.path.id).await?;
    let date = day_or_today("date", call.query.date, call.context.now.date())?;
    let book = book::open(&call.context.tenant, call.context.now.date()).await?;
    let rows = worked_out(book, move |book| {
        private_funds::private_funds(book, &entity.id, date)
    })
    .await?;
    let keyed = rows.into_iter().map(|(place, row)| (place.to_be_bytes(), row));
    call.page_of(keyed.collect())
}
