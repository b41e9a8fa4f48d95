//! What of a data set may be asked for, and whether it is there.

use crate::{
    sandbox::{DomainError, book::performance::LONGEST_WINDOW_DAYS, instruments},
    store::tenant::{Conn, accounts, depositories, portfolios, reporting_entities},
};
use contract::{
    Day, FieldError,
    extracts::{Dataset, ExtractFilters},
};
use jiff::{ToSpan, civil::Date};

/// Whether `filters` go with `dataset`, and what they name is there.
///
/// # Errors
/// [`DomainError::Invalid`] with every member that is at fault.
pub(super) async fn check(
    conn: &mut impl Conn,
    dataset: Dataset,
    as_of: Date,
    filters: &ExtractFilters,
) -> Result<(), DomainError> {
    let mut faults: Vec<FieldError> = misplaced(dataset, filters)
        .map(|name| {
            let detail = format!("does not go with {}", dataset.as_str());
            FieldError::at(format!("/filters/{name}"), detail)
        })
        .collect();
    if let Some(detail) = window_fault(dataset, as_of, filters) {
        faults.push(FieldError::at("/filters/from", detail));
    }
    for (name, is_there) in named(conn, filters).await? {
        if !is_there {
            let detail = "names nothing of this sandbox";
            faults.push(FieldError::at(format!("/filters/{name}"), detail));
        }
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(DomainError::Invalid(faults))
    }
}

/// The members that are given but do not go with the data set.
fn misplaced(dataset: Dataset, filters: &ExtractFilters) -> impl Iterator<Item = &'static str> {
    use Dataset::{Cashflows, Holdings, Performance, Positions, Transactions};
    let given: [(&'static str, bool, &[Dataset]); 11] = [
        (
            "reporting_entity_id",
            filters.reporting_entity_id.is_some(),
            &[Holdings, Transactions, Performance],
        ),
        (
            "portfolio_id",
            filters.portfolio_id.is_some(),
            &[Positions, Cashflows],
        ),
        ("account_id", filters.account_id.is_some(), &[Transactions]),
        ("depository_id", filters.depository_id.is_some(), &[Transactions]),
        ("instrument_id", filters.instrument_id.is_some(), &[Transactions]),
        ("type", filters.r#type.is_some(), &[Transactions]),
        (
            "from",
            filters.from.is_some(),
            &[Transactions, Performance, Cashflows],
        ),
        ("industry", filters.industry.is_some(), &[Positions]),
        ("status", filters.status.is_some(), &[Positions]),
        ("currency", filters.currency.is_some(), &[Holdings, Performance]),
        ("group_by", filters.group_by.is_some(), &[Holdings]),
    ];
    given
        .into_iter()
        .filter(move |(_, given, of)| *given && !of.contains(&dataset))
        .map(|(name, ..)| name)
}

fn window_fault(dataset: Dataset, as_of: Date, filters: &ExtractFilters) -> Option<String> {
    let from = filters.from?.date();
    if from > as_of {
        return Some(format!("lies after `as_of`, {as_of}"));
    }
    let too_long = dataset == Dataset::Performance && (as_of - from).get_days() >= LONGEST_WINDOW_DAYS;
    too_long.then(|| format!("lies too far before `as_of`: a window has at most {LONGEST_WINDOW_DAYS} days"))
}

/// What the filters name, and whether it is there.
async fn named(
    conn: &mut impl Conn,
    filters: &ExtractFilters,
) -> Result<Vec<(&'static str, bool)>, DomainError> {
    let mut found = Vec::new();
    if let Some(id) = &filters.reporting_entity_id {
        let is_there = reporting_entities::find(conn, id).await?.is_some();
        found.push(("reporting_entity_id", is_there));
    }
    if let Some(id) = &filters.portfolio_id {
        found.push(("portfolio_id", portfolios::find(conn, id).await?.is_some()));
    }
    if let Some(id) = &filters.account_id {
        found.push(("account_id", accounts::find(conn, id).await?.is_some()));
    }
    if let Some(id) = &filters.depository_id {
        found.push(("depository_id", depositories::find(conn, id).await?.is_some()));
    }
    if let Some(id) = &filters.instrument_id {
        let is_there = match instruments::get(conn, id).await {
            Ok(_) => true,
            Err(DomainError::NotFound) => false,
            Err(error) => return Err(error),
        };
        found.push(("instrument_id", is_there));
    }
    Ok(found)
}

/// The days that performance is exported of: without `from`, the year that ends with `as_of`.
pub fn window(from: Option<Day>, as_of: Date) -> (Date, Date) {
    let a_year = as_of.saturating_sub(1.year()).saturating_add(1.day());
    (from.map_or(a_year, Day::date), as_of)
}
