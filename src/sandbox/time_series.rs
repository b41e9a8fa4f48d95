//! Points of time series: the platform's, and over them the tenant's own.

use super::{
    DomainError, PageRequest, Rows, cashflows,
    error::require,
    instruments::{self, known, too_long},
    positions,
    reference::{self, Measure},
};
use crate::{
    ids,
    ledger::{Point as Quote, Series},
    store::{
        StoreError,
        tenant::{
            Conn, WriteTx,
            points::{self as store, OwnPoint},
        },
    },
};
use contract::{
    Day, FieldError, Timestamp,
    ids::{InstrumentId, PointId},
    instruments::{Instrument, InstrumentType as Type},
    time_series::{NewPoint, Point, PointSource, PointsQuery},
};
use jiff::civil::{Date, date};
use rust_decimal::Decimal;
use sha2::{Digest as _, Sha256};
use std::{collections::BTreeMap, sync::Arc};

/// Positions in a series are days since this one, which lies before every point.
const EPOCH: Date = date(1900, 1, 1);

/// A page of the points of an instrument up to `today`, oldest first; the tenant's own hide the platform's of their
/// days.
///
/// # Errors
/// [`DomainError::NotFound`].
pub async fn list(
    conn: &mut impl Conn,
    (id, measure): (&InstrumentId, Measure),
    query: &PointsQuery,
    (page, today): (PageRequest, Date),
) -> Result<Rows<Point>, DomainError> {
    instruments::get(conn, id).await?;
    let own = store::of(conn, id, measure).await?;
    let published = published(conn, id, measure, today);
    let from = query.from.map_or(Date::MIN, Day::date);
    let to = query.to.map_or(today, |day| day.date().min(today));
    let after = page.after.unwrap_or(i64::MIN);
    let is_wanted = |day: Date| from <= day && day <= to && position(day) > after;
    let limit = usize::from(page.limit);
    let start = published.partition_point(|point| !is_wanted(point.date) && point.date <= to);
    let mut days: BTreeMap<Date, Point> = BTreeMap::new();
    // One more than asked for, and one for each that is hidden, is as many as can matter.
    for quote in published[start..].iter().take(limit + 1 + own.len()) {
        if is_wanted(quote.date) {
            days.insert(quote.date, shown(id, measure, quote)?);
        }
    }
    let own = own.into_iter().filter(|point| is_wanted(point.date));
    days.extend(own.map(|point| (point.date, Point::from(point))));
    let has_more = days.len() > limit;
    let rows = days.into_iter().take(limit);
    Ok(Rows {
        rows: rows.map(|(day, point)| (position(day), point)).collect(),
        has_more,
    })
}

/// Adds a point of the tenant's own.
///
/// # Errors
/// [`DomainError::NotFound`] when there is no such instrument, [`DomainError::Invalid`] when it has no such series or the
/// point is not one of it, [`DomainError::AlreadyExists`] when the tenant has one of that day.
pub async fn create(
    tx: &mut WriteTx,
    now: Timestamp,
    (id, measure): (&InstrumentId, Measure),
    new: NewPoint,
) -> Result<Point, DomainError> {
    let instrument = instruments::get(tx, id).await?;
    let faults = faults(&instrument, measure, &new, now.date());
    if !faults.is_empty() {
        return Err(DomainError::Invalid(faults));
    }
    let own = store::of(tx, id, measure).await?;
    if let Some(other) = own.iter().find(|point| point.date == new.date.date()) {
        return Err(DomainError::AlreadyExists {
            pointer: "/date",
            detail: format!("Point {} of your own has this date.", other.id),
        });
    }
    let point = OwnPoint {
        id: ids::object_id(now),
        date: new.date.date(),
        value: new.value.value().normalize(),
        source: new.source,
    };
    store::insert(tx, (id, measure), &point, now).await?;
    tx.mark_changed();
    follow(tx, now, (&instrument, measure), &own).await?;
    let path = format!("/v1/instruments/{id}/{}/{}", measure.as_str(), point.id);
    Ok(Point {
        path: Some(path),
        ..Point::from(point)
    })
}

/// Deletes a point of the tenant's own, if it is the version that `expected` recognises.
///
/// # Errors
/// [`DomainError::NotFound`], [`DomainError::ReadOnly`] when it is the platform's, [`DomainError::PreconditionFailed`].
pub async fn delete(
    tx: &mut WriteTx,
    now: Timestamp,
    (id, measure, point): (&InstrumentId, Measure, &PointId),
    expected: &(dyn Fn(&Point) -> bool + Sync),
) -> Result<(), DomainError> {
    let instrument = instruments::get(tx, id).await?;
    let own = store::of(tx, id, measure).await?;
    let Some(found) = own.iter().find(|known| known.id == *point) else {
        return Err(absent(tx, (id, measure, point), now.date())?);
    };
    require(expected, &Point::from(found.clone()))?;
    store::delete(tx, id, point).await?;
    tx.mark_changed();
    follow(tx, now, (&instrument, measure), &own).await
}

/// Why a point that is none of the tenant's own cannot be deleted.
fn absent(
    tx: &WriteTx,
    (id, measure, point): (&InstrumentId, Measure, &PointId),
    today: Date,
) -> Result<DomainError, DomainError> {
    for quote in published(tx, id, measure, today)
        .iter()
        .take_while(|quote| quote.date <= today)
    {
        if point_id(id, measure, quote.date)? == *point {
            return Ok(DomainError::ReadOnly {
                detail: "The point is the platform's, the same for every sandbox.",
            });
        }
    }
    Ok(DomainError::NotFound)
}

fn faults(instrument: &Instrument, measure: Measure, new: &NewPoint, today: Date) -> Vec<FieldError> {
    let kind = instrument.r#type;
    let mut faults = Vec::new();
    if !has_series(kind, measure) {
        let detail = format!(
            "a `{}` has no {}",
            kind.as_str(),
            measure.as_str().replace('-', " ")
        );
        faults.push(FieldError::at("", detail));
    }
    let day = new.date.date();
    if day > today {
        let detail = format!("{day} is after the sandbox's today, {today}");
        faults.push(FieldError::at("/date", detail));
    }
    if day < EPOCH {
        faults.push(FieldError::at("/date", format!("is before {EPOCH}")));
    }
    let value = new.value.value();
    let least = if measure == Measure::InterestRate {
        Decimal::NEGATIVE_ONE
    } else {
        Decimal::ZERO
    };
    if value < least {
        faults.push(FieldError::at("/value", format!("is less than {least}")));
    } else if measure == Measure::IndexFactor && value.is_zero() {
        faults.push(FieldError::at("/value", "must be positive"));
    } else if let Some(detail) = too_long(value) {
        faults.push(FieldError::at("/value", detail));
    }
    faults
}

/// Whether an instrument of this type is described by such a series.
const fn has_series(kind: Type, measure: Measure) -> bool {
    match measure {
        Measure::Price => !matches!(kind, Type::Fund | Type::PrivateMarketFund | Type::FxForward),
        Measure::NetAssetValue => matches!(kind, Type::Fund | Type::PrivateMarketFund),
        Measure::InterestRate => matches!(kind, Type::Loan),
        Measure::IndexFactor => matches!(kind, Type::IndexLinkedBond),
    }
}

/// Tells of the positions that are worth something else today than with the points of before.
async fn follow(
    tx: &mut WriteTx,
    now: Timestamp,
    (instrument, measure): (&Instrument, Measure),
    before: &[OwnPoint],
) -> Result<(), DomainError> {
    let fields: &[&'static str] = match measure {
        Measure::Price | Measure::NetAssetValue => &["mark_price", "market_value"],
        Measure::IndexFactor => &["market_value", "accrued_interest"],
        Measure::InterestRate => return Ok(()),
    };
    let today = now.date();
    let published = published(tx, &instrument.id, measure, today);
    let after = store::of(tx, &instrument.id, measure).await?;
    let holds = |own: &[OwnPoint]| {
        let own = own.iter().map(|point| Quote {
            date: point.date,
            value: point.value,
        });
        Series::new(Arc::clone(&published), own.collect()).on(today)
    };
    if holds(before) == holds(&after) {
        return Ok(());
    }
    if measure == Measure::IndexFactor {
        cashflows::restate(tx, now, &instrument.id).await?;
    }
    positions::restate(tx, now, &instrument.id, fields).await
}

/// What the platform publishes of an instrument; nothing of the tenant's own.
fn published(conn: &impl Conn, id: &InstrumentId, measure: Measure, today: Date) -> Arc<[Quote]> {
    let found = conn.market().instrument(id);
    found.map_or_else(Arc::default, |found| reference::series(found, measure, today))
}

impl From<OwnPoint> for Point {
    fn from(own: OwnPoint) -> Self {
        Self {
            id: own.id,
            date: own.date.into(),
            value: own.value.into(),
            source: own.source.into(),
            path: None,
        }
    }
}

fn shown(id: &InstrumentId, measure: Measure, quote: &Quote) -> Result<Point, StoreError> {
    Ok(Point {
        id: point_id(id, measure, quote.date)?,
        date: quote.date.into(),
        value: quote.value.normalize().into(),
        source: PointSource::Reference,
        path: None,
    })
}

fn position(day: Date) -> i64 {
    i64::from((day - EPOCH).get_days())
}

/// Ids of published points need no register: they are made of what they are of.
fn point_id(instrument: &InstrumentId, measure: Measure, day: Date) -> Result<PointId, StoreError> {
    let digest = Sha256::digest(format!("{instrument} {measure:?} {day}"));
    known(&hex::encode(&digest[..12]))
}
