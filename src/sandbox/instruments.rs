//! Instruments, their classes and their published series, as a sandbox sees them.

use super::{
    DomainError, PageRequest, Rows,
    reference::{self, Measure},
};
use crate::store::{
    StoreError,
    market::{Market, instrument},
};
use contract::{
    Day,
    ids::{InstrumentClassId, InstrumentId, MalformedId, PointId},
    instruments::{Instrument, InstrumentClass, InstrumentSource, InstrumentsQuery, Issuer},
    time_series::{Point, PointSource, PointsQuery},
};
use jiff::civil::{Date, date};
use sha2::{Digest as _, Sha256};

/// Positions in a series are days since this one, which lies before every point.
const EPOCH: Date = date(1900, 1, 1);

/// The instrument with this id.
///
/// # Errors
/// [`DomainError::NotFound`].
pub fn get(market: &Market, id: &InstrumentId) -> Result<Instrument, DomainError> {
    let found = market.instrument(id).ok_or(DomainError::NotFound)?;
    Ok(shown(market, found)?)
}

/// A page of the instruments that the query asks for, in the order of the catalogue.
///
/// # Errors
/// When the catalogue is inconsistent.
pub fn list(
    market: &Market,
    query: &InstrumentsQuery,
    page: PageRequest,
) -> Result<Rows<Instrument>, DomainError> {
    let after = page.after.unwrap_or(0);
    let fitting = (1_i64..)
        .zip(market.instruments())
        .filter(|(position, instrument)| *position > after && fits(market, query, instrument));
    collect(fitting, page, |instrument| Ok(shown(market, instrument)?))
}

/// A page of the classes, parents before children.
///
/// # Errors
/// When the catalogue is inconsistent.
pub fn classes(market: &Market, page: PageRequest) -> Result<Rows<InstrumentClass>, DomainError> {
    let after = page.after.unwrap_or(0);
    let later = (1_i64..)
        .zip(market.classes())
        .filter(|(position, _)| *position > after);
    collect(later, page, |class| {
        Ok(InstrumentClass {
            id: known(&class.id)?,
            name: class.name.clone(),
            parent_id: class.parent_id.as_deref().map(known).transpose()?,
        })
    })
}

/// A page of the points that were published for an instrument up to `today`, oldest first.
///
/// # Errors
/// [`DomainError::NotFound`], or [`DomainError::Invalid`] when the days are the wrong way round.
pub fn points(
    market: &Market,
    (id, measure): (&InstrumentId, Measure),
    query: &PointsQuery,
    (page, today): (PageRequest, Date),
) -> Result<Rows<Point>, DomainError> {
    let instrument = market.instrument(id).ok_or(DomainError::NotFound)?;
    let from = query.from.map_or(Date::MIN, Day::date);
    let to = query.to.map_or(today, |day| day.date().min(today));
    let series = reference::series(instrument, measure, today);
    let start = series.partition_point(|point| point.date < from);
    let wanted = series[start..].iter().take_while(|point| point.date <= to);
    let after = page.after.unwrap_or(i64::MIN);
    let later = wanted
        .map(|point| (position(point.date), point))
        .filter(|(position, _)| *position > after);
    collect(later, page, |point| {
        Ok(Point {
            id: point_id(instrument, measure, point.date)?,
            date: point.date.into(),
            value: point.value.normalize().into(),
            source: PointSource::Reference,
        })
    })
}

fn collect<'a, T: 'a, R>(
    rows: impl Iterator<Item = (i64, &'a T)>,
    page: PageRequest,
    row: impl Fn(&T) -> Result<R, DomainError>,
) -> Result<Rows<R>, DomainError> {
    let mut rows = rows.peekable();
    let mut taken = Vec::new();
    while taken.len() < usize::from(page.limit)
        && let Some((position, found)) = rows.next()
    {
        taken.push((position, row(found)?));
    }
    Ok(Rows {
        rows: taken,
        has_more: rows.peek().is_some(),
    })
}

fn position(day: Date) -> i64 {
    i64::from((day - EPOCH).get_days())
}

/// Ids of published points need no register: they are made of what they are of.
fn point_id(
    instrument: &instrument::Instrument,
    measure: Measure,
    day: Date,
) -> Result<PointId, DomainError> {
    let digest = Sha256::digest(format!("{} {measure:?} {day}", instrument.id));
    let mut number = [0; 16];
    number[4..].copy_from_slice(&digest[..12]);
    Ok(known(&format!("{:024x}", u128::from_be_bytes(number)))?)
}

fn fits(market: &Market, query: &InstrumentsQuery, instrument: &instrument::Instrument) -> bool {
    let text = query.q.as_deref().map(str::to_lowercase);
    let holds = |value: &str| {
        text.as_deref()
            .is_none_or(|text| value.to_lowercase().contains(text))
    };
    let names = [
        Some(instrument.name.as_str()),
        instrument.isin.as_deref(),
        instrument.ticker.as_deref(),
    ];
    let class = |wanted: &InstrumentClassId| {
        let own = [
            Some(instrument.class_id.as_str()),
            instrument.detailed_class_id.as_deref(),
        ];
        own.into_iter().flatten().any(|id| id == wanted.as_str())
            || market
                .classes()
                .iter()
                .filter(|class| class.parent_id.as_deref() == Some(wanted.as_str()))
                .any(|class| Some(class.id.as_str()) == instrument.detailed_class_id.as_deref())
    };
    names.into_iter().flatten().any(holds)
        && query.r#type.is_none_or(|kind| kind == instrument.kind)
        && query.class_id.as_ref().is_none_or(class)
        && query
            .isin
            .as_deref()
            .is_none_or(|isin| instrument.isin.as_deref() == Some(isin))
}

fn shown(market: &Market, instrument: &instrument::Instrument) -> Result<Instrument, StoreError> {
    let issuer = instrument.issuer_id.as_deref().and_then(|id| market.issuer(id));
    Ok(Instrument {
        id: instrument.id.clone(),
        r#type: instrument.kind,
        name: instrument.name.clone(),
        currency: instrument.currency.clone(),
        country: instrument.country.clone(),
        isin: instrument.isin.clone(),
        ticker: instrument.ticker.clone(),
        exchange: instrument.exchange.clone(),
        class_id: known(&instrument.class_id)?,
        detailed_class_id: instrument.detailed_class_id.as_deref().map(known).transpose()?,
        issuer: issuer
            .map(|issuer| {
                Ok::<_, StoreError>(Issuer {
                    id: known(&issuer.id)?,
                    name: issuer.name.clone(),
                    industry: issuer.industry.clone(),
                })
            })
            .transpose()?,
        source: InstrumentSource::Aleta,
        terms: instrument.terms.clone(),
        created_at: instrument.created_at,
        updated_at: instrument.created_at,
    })
}

/// An id of the catalogue, which only holds well-formed ones.
fn known<I: std::str::FromStr<Err = MalformedId>>(text: &str) -> Result<I, StoreError> {
    let malformed = |_| StoreError::Inconsistent(format!("the catalogue has an id {text}"));
    text.parse().map_err(malformed)
}
