//! The platform's instruments and their classes, as a sandbox sees them.

use crate::{
    sandbox::{DomainError, PageRequest, Rows},
    store::{
        StoreError,
        market::{Market, instrument},
    },
};
use contract::{
    ids::{InstrumentClassId, InstrumentId, MalformedId},
    instruments::{Instrument, InstrumentClass, InstrumentSource, InstrumentsQuery, Issuer},
};
use serde_json::Value;

/// The platform's instrument with this id.
pub(super) fn find(market: &Market, id: &InstrumentId) -> Result<Option<Instrument>, DomainError> {
    let found = market.instrument(id).map(|found| shown(market, found));
    Ok(found.transpose()?)
}

/// A page of the platform's instruments that the query asks for, in the order of the catalogue.
pub(super) fn list(
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

/// A class and those that stand under it.
pub(super) fn with_those_under<'m>(market: &'m Market, class: &'m InstrumentClassId) -> Vec<&'m str> {
    let under = market
        .classes()
        .iter()
        .filter(|known| known.parent_id.as_deref() == Some(class.as_str()))
        .map(|known| known.id.as_str());
    std::iter::once(class.as_str()).chain(under).collect()
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
        let wanted = with_those_under(market, wanted);
        let own = [
            Some(instrument.class_id.as_str()),
            instrument.detailed_class_id.as_deref(),
        ];
        own.into_iter().flatten().any(|id| wanted.contains(&id))
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
    let terms = Value::Object(instrument.terms.clone());
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
        issuer: issuer.map(self::issuer).transpose()?,
        source: InstrumentSource::Aleta,
        terms: serde_json::from_value(terms)
            .map_err(|error| StoreError::Inconsistent(format!("the terms of {}: {error}", instrument.id)))?,
        created_at: instrument.created_at,
        updated_at: instrument.created_at,
    })
}

/// One of the platform's issuers.
pub(in crate::sandbox) fn issuer(issuer: &instrument::Issuer) -> Result<Issuer, StoreError> {
    Ok(Issuer {
        id: known(&issuer.id)?,
        name: issuer.name.clone(),
        industry: known(&issuer.industry)?,
    })
}

/// An id of the catalogue, which only holds well-formed ones.
pub(in crate::sandbox) fn known<I: std::str::FromStr<Err = MalformedId>>(
    text: &str,
) -> Result<I, StoreError> {
    let malformed = |_| StoreError::Inconsistent(format!("the catalogue has an id {text}"));
    text.parse().map_err(malformed)
}
