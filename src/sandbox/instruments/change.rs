//! An instrument of the tenant's own as it is sent, and as it becomes.

use crate::{ids, sandbox::DomainError};
use contract::{
    Change, Field, FieldError, Timestamp,
    instruments::{
        Instrument, InstrumentPatch, InstrumentSource, Issuer, IssuerPatch, NewInstrument, NewIssuer,
    },
    text::{Isin, Name},
};

/// The instrument that is sent, as one that is new at `now`.
pub(super) fn added(new: NewInstrument, now: Timestamp) -> Instrument {
    Instrument {
        id: ids::object_id(now),
        r#type: new.r#type,
        name: new.name,
        currency: new.currency,
        country: new.country,
        isin: new.isin.as_ref().map(isin),
        ticker: new.ticker.as_ref().map(text),
        exchange: new.exchange.as_ref().map(text),
        class_id: new.class_id,
        detailed_class_id: new.detailed_class_id,
        issuer: new.issuer.map(own_issuer),
        source: InstrumentSource::Client,
        terms: new.terms,
        created_at: now,
        updated_at: now,
    }
}

fn isin(isin: &Isin) -> String {
    isin.as_str().to_owned()
}

fn text(name: &Name) -> String {
    name.as_str().to_owned()
}

fn own_issuer(new: NewIssuer) -> Issuer {
    Issuer {
        id: new.id,
        name: new.name,
        industry: new.industry,
    }
}

/// The instrument after a patch.
///
/// # Errors
/// [`DomainError::Invalid`] when an issuer that is new lacks a member.
pub(super) fn patched(before: &Instrument, patch: InstrumentPatch) -> Result<Instrument, DomainError> {
    let was = before.clone();
    Ok(Instrument {
        name: patch.name.over(was.name),
        currency: patch.currency.over(was.currency),
        country: patch.country.over(was.country),
        isin: over(&patch.isin, isin, was.isin),
        ticker: over(&patch.ticker, text, was.ticker),
        exchange: over(&patch.exchange, text, was.exchange),
        class_id: patch.class_id.over(was.class_id),
        detailed_class_id: patch.detailed_class_id.over(was.detailed_class_id),
        issuer: match patch.issuer {
            Field::Absent => was.issuer,
            Field::Null => None,
            Field::Value(patch) => Some(issuer_over(patch, was.issuer)?),
        },
        terms: match patch.terms {
            Change::Absent => was.terms,
            Change::To(patch) => patch.over(was.terms),
        },
        ..before.clone()
    })
}

fn over<T>(patch: &Field<T>, value: fn(&T) -> String, before: Option<String>) -> Option<String> {
    match patch {
        Field::Absent => before,
        Field::Null => None,
        Field::Value(given) => Some(value(given)),
    }
}

/// The issuer after a patch; where there was none, each member has to be given.
fn issuer_over(patch: IssuerPatch, before: Option<Issuer>) -> Result<Issuer, DomainError> {
    let given = [
        ("/issuer/id", patch.id.is_absent()),
        ("/issuer/name", patch.name.is_absent()),
        ("/issuer/industry", patch.industry.is_absent()),
    ];
    match (before, patch) {
        (Some(before), patch) => Ok(Issuer {
            id: patch.id.over(before.id),
            name: patch.name.over(before.name),
            industry: patch.industry.over(before.industry),
        }),
        (
            None,
            IssuerPatch {
                id: Change::To(id),
                name: Change::To(name),
                industry: Change::To(industry),
            },
        ) => Ok(Issuer { id, name, industry }),
        (None, _) => {
            let missing = given.into_iter().filter(|(_, is_absent)| *is_absent);
            let faults = missing.map(|(pointer, _)| FieldError::at(pointer, "is required"));
            Err(DomainError::Invalid(faults.collect()))
        }
    }
}

/// What of an instrument's change shows in positions in it.
pub(super) fn shown_by_positions(before: &Instrument, after: &Instrument) -> Vec<&'static str> {
    let issuer = |instrument: &Instrument| instrument.issuer.clone();
    let member = |of: fn(&Issuer) -> &str| {
        let of = |instrument| issuer(instrument).as_ref().map(|issuer| of(issuer).to_owned());
        of(before) != of(after)
    };
    let worth = before.terms != after.terms;
    [
        ("issuer_id", member(|issuer| issuer.id.as_str())),
        ("issuer_name", member(|issuer| issuer.name.as_str())),
        ("asset_name", before.name != after.name),
        ("industry", member(|issuer| issuer.industry.as_str())),
        ("market_value", worth),
        ("accrued_interest", worth),
    ]
    .into_iter()
    .filter_map(|(field, changed)| changed.then_some(field))
    .collect()
}
