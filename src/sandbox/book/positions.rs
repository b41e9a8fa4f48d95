//! Positions as they are read: those that are known, with figures of the book.

use super::{
    Book, OpenBook,
    figures::{Money, units},
};
use crate::{
    ledger::{Currency, HoldingsQuery, InstrumentNo},
    sandbox::{DomainError, positions::position_id},
    store::tenant::{
        Tenant, book as rows,
        positions::{self as store, KnownPosition},
    },
};
use contract::{
    Timestamp,
    ids::{InstrumentId, PortfolioId},
    positions::{Position, PositionFilter, PositionQuery, PositionStatus},
};
use jiff::{civil::Date, tz::TimeZone};
use rust_decimal::Decimal;
use std::collections::HashMap;

/// The positions that are known, and a book that is at least as new.
pub struct Known {
    /// In the order of change.
    positions: Vec<KnownPosition>,
    book: OpenBook,
}

/// Reads both. A position that changes later is read with its new figures, or is met again at the end of the order.
///
/// # Errors
/// When the database fails.
pub async fn known(tenant: &Tenant, today: Date) -> Result<Known, DomainError> {
    let mut conn = tenant.read().await?;
    conn.begin_snapshot().await?;
    let positions = store::all(&mut conn).await?;
    let version = rows::version(&mut conn).await?;
    conn.end_snapshot().await?;
    drop(conn);
    let book = super::open_since(tenant, today, version).await?;
    Ok(Known { positions, book })
}

/// What is held of an instrument in a portfolio, in the instrument's currency.
#[derive(Clone, Copy, Debug, Default)]
struct Figures {
    par: Decimal,
    mark: Option<(Decimal, Option<Date>)>,
    market_value: Decimal,
    accrued_interest: Decimal,
}

/// The positions that `query` asks for at the end of `today`, each with its place in the order of change.
///
/// # Errors
/// When a figure leaves the range of 28 digits.
pub fn positions(
    known: &Known,
    query: &PositionQuery,
    today: Date,
) -> Result<Vec<(i64, Position)>, DomainError> {
    let figures = figures(&known.book, today)?;
    let status = query.status.unwrap_or_default();
    let mut found = Vec::new();
    for position in &known.positions {
        if query
            .portfolio_id
            .as_ref()
            .is_some_and(|id| *id != position.portfolio_id)
        {
            continue;
        }
        let held = figures
            .get(&(&position.portfolio_id, &position.instrument_id))
            .copied();
        let Some(shown) = shown(&known.book, position, held) else {
            continue;
        };
        let is_wanted = match status {
            PositionFilter::Open => shown.status == PositionStatus::Open,
            PositionFilter::Closed => shown.status == PositionStatus::Closed,
            PositionFilter::All => true,
        };
        let in_industry = query.industry.is_none() || query.industry == shown.industry;
        let is_new = query.updated_since.is_none_or(|since| shown.updated_at >= since);
        if is_wanted && in_industry && is_new {
            found.push((position.seq, shown));
        }
    }
    Ok(found)
}

fn figures(book: &Book, today: Date) -> Result<HashMap<(&PortfolioId, &InstrumentId), Figures>, DomainError> {
    let mut by_currency: HashMap<Currency, Vec<InstrumentNo>> = HashMap::new();
    for (number, instrument) in book.ledger().chart().instruments() {
        by_currency.entry(instrument.currency).or_default().push(number);
    }
    let mut all: HashMap<_, Figures> = HashMap::new();
    for (portfolio, view) in book.every_view() {
        for (currency, instruments) in &by_currency {
            let query = HoldingsQuery {
                as_of: today,
                currency: *currency,
                lots: false,
            };
            let scope = view.scope().only(instruments.iter().copied());
            for holding in book.ledger().holdings(&scope, query)? {
                let Some(number) = holding.instrument else {
                    continue;
                };
                let id = &book.names().instrument(number).id;
                let sum = all.entry((portfolio, id)).or_default();
                sum.par += holding.quantity;
                sum.mark = holding.price.map(|price| (price, holding.price_date));
                let amounts = holding.amounts?;
                sum.market_value += amounts.market_value;
                sum.accrued_interest += amounts.accrued_interest;
            }
        }
    }
    Ok(all)
}

/// The position as it is shown; none where its instrument is no longer there.
fn shown(book: &Book, position: &KnownPosition, held: Option<Figures>) -> Option<Position> {
    let number = book.names().instrument_no(&position.instrument_id)?;
    let instrument = book.names().instrument(number);
    let issuer = instrument.issuer.as_ref();
    let figures = held.filter(|figures| !figures.par.is_zero());
    let currency = instrument.currency.clone();
    let money = Money::of(&currency);
    let amount = |of: fn(&Figures) -> Decimal| money.write(figures.as_ref().map(of).unwrap_or_default());
    let priced_on = figures.and_then(|figures| figures.mark?.1);
    Some(Position {
        id: position_id(&position.portfolio_id, &position.instrument_id),
        portfolio_id: position.portfolio_id.clone(),
        issuer_id: issuer.map(|issuer| issuer.id.clone()),
        issuer_name: issuer.map(|issuer| issuer.name.clone()),
        asset_id: instrument.asset_id.clone(),
        asset_name: instrument.name.clone(),
        instrument_id: instrument.id.clone(),
        industry: issuer.map(|issuer| issuer.industry.as_str().to_owned()),
        par: units(figures.map(|figures| figures.par).unwrap_or_default()),
        mark_price: figures.and_then(|figures| Some(units(figures.mark?.0))),
        market_value: amount(|figures| figures.market_value),
        accrued_interest: amount(|figures| figures.accrued_interest),
        status: if figures.is_some() {
            PositionStatus::Open
        } else {
            PositionStatus::Closed
        },
        updated_at: position
            .updated_at
            .max(priced_on.map_or(position.updated_at, start_of)),
        currency,
    })
}

/// The first instant of a day.
pub(super) fn start_of(day: Date) -> Timestamp {
    let start = day
        .to_zoned(TimeZone::UTC)
        .map(|start| start.timestamp().as_millisecond());
    Timestamp::from_millis(start.unwrap_or_default())
}
