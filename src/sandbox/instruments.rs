//! Instruments: the platform's, which are the same for everybody, and the tenant's own.

mod change;
mod published;
mod rules;
mod terms;

use super::{
    DomainError, PageRequest, Rows, cashflows, error::require, positions, transactions::story::Story,
};
use crate::store::tenant::{Conn, WriteTx, instruments as store};
use contract::{
    Timestamp,
    ids::InstrumentId,
    instruments::{Instrument, InstrumentPatch, InstrumentSource, InstrumentsQuery, NewInstrument},
};
use rules::check;
use std::sync::Arc;

pub use published::classes;
pub(super) use {published::issuer, published::known, terms::too_long};

/// Own instruments stand behind the platform's in lists: their positions are their places in the order of creation,
/// and this.
const OWN: i64 = 1 << 32;

/// The instrument with this id, whoever keeps it.
///
/// # Errors
/// When the store fails.
pub(super) async fn find(conn: &mut impl Conn, id: &InstrumentId) -> Result<Option<Instrument>, DomainError> {
    match published::find(conn.market(), id)? {
        Some(found) => Ok(Some(found)),
        None => Ok(store::find(conn, id).await?),
    }
}

/// The instrument with this id.
///
/// # Errors
/// [`DomainError::NotFound`].
pub async fn get(conn: &mut impl Conn, id: &InstrumentId) -> Result<Instrument, DomainError> {
    find(conn, id).await?.ok_or(DomainError::NotFound)
}

/// A page of the instruments that the query asks for: the platform's in the order of the catalogue, then the tenant's
/// own, oldest first.
///
/// # Errors
/// When the store fails.
pub async fn list(
    conn: &mut impl Conn,
    query: &InstrumentsQuery,
    page: PageRequest,
) -> Result<Rows<Instrument>, DomainError> {
    let market = Arc::clone(conn.market());
    let mut found = published::list(&market, query, page)?;
    if found.has_more {
        return Ok(found);
    }
    let wanted = store::Wanted {
        text: query.q.as_deref().map(str::to_lowercase),
        kind: query.r#type,
        classes: query
            .class_id
            .as_ref()
            .map(|class| published::with_those_under(&market, class)),
        isin: query.isin.as_deref(),
    };
    let taken = u16::try_from(found.rows.len()).unwrap_or(u16::MAX);
    let rest = PageRequest {
        after: page.after.map(|after| (after - OWN).max(0)),
        limit: page.limit.saturating_sub(taken),
    };
    let own = store::page(conn, &wanted, rest).await?;
    found
        .rows
        .extend(own.rows.into_iter().map(|(seq, row)| (OWN + seq, row)));
    found.has_more = own.has_more;
    Ok(found)
}

/// Adds an instrument of the tenant's own.
///
/// # Errors
/// [`DomainError::Invalid`] when its terms do not go with its type or it names what there is not,
/// [`DomainError::AlreadyExists`] when another instrument has its ISIN.
pub async fn create(tx: &mut WriteTx, now: Timestamp, new: NewInstrument) -> Result<Instrument, DomainError> {
    let instrument = change::added(new, now);
    check(tx, &instrument).await?;
    store::insert(tx, &instrument).await?;
    tx.mark_changed();
    Ok(instrument)
}

/// Changes an instrument of the tenant's own, if it is the version that `expected` recognises.
///
/// # Errors
/// [`DomainError::NotFound`], [`DomainError::ReadOnly`], [`DomainError::PreconditionFailed`], [`DomainError::InUse`] when
/// the currency would change under transactions or points, and what [`create`] refuses.
pub async fn update(
    tx: &mut WriteTx,
    now: Timestamp,
    id: &InstrumentId,
    patch: InstrumentPatch,
    expected: &(dyn Fn(&Instrument) -> bool + Sync),
) -> Result<Instrument, DomainError> {
    let before = own(tx, id).await?;
    require(expected, &before)?;
    let mut after = change::patched(&before, patch)?;
    if after == before {
        return Ok(before);
    }
    check(tx, &after).await?;
    if after.currency != before.currency {
        let found = store::dependants(tx, id).await?;
        DomainError::unless_free(&[
            (
                found.transactions,
                "transaction, which fixes its currency",
                "transactions, which fix its currency",
            ),
            (
                found.points,
                "point, which fixes its currency",
                "points, which fix its currency",
            ),
        ])?;
    }
    after.updated_at = now;
    let mut paid = None;
    if after.terms != before.terms {
        let story = Story::of(tx, id).await?;
        paid = Some(cashflows::standings(tx, &story, now.date()).await?);
    }
    store::update(tx, &after).await?;
    tx.mark_changed();
    if let Some(paid) = paid {
        let story = Story::of(tx, id).await?;
        let pays = cashflows::standings(tx, &story, now.date()).await?;
        cashflows::tell(tx, now, id, [&paid, &pays]).await?;
        cashflows::restate(tx, now, id).await?;
    }
    let fields = change::shown_by_positions(&before, &after);
    positions::restate(tx, now, id, &fields).await?;
    Ok(after)
}

/// Deletes an instrument of the tenant's own, if it is the version that `expected` recognises.
///
/// # Errors
/// [`DomainError::NotFound`], [`DomainError::ReadOnly`], [`DomainError::PreconditionFailed`], or [`DomainError::InUse`]
/// while something refers to it.
pub async fn delete(
    tx: &mut WriteTx,
    id: &InstrumentId,
    expected: &(dyn Fn(&Instrument) -> bool + Sync),
) -> Result<(), DomainError> {
    require(expected, &own(tx, id).await?)?;
    let found = store::dependants(tx, id).await?;
    DomainError::unless_free(&[
        (found.transactions, "transaction", "transactions"),
        (found.points, "point of its own", "points of its own"),
        (found.options, "option on it", "options on it"),
    ])?;
    store::delete(tx, id).await?;
    tx.mark_changed();
    Ok(())
}

/// The tenant's own instrument with this id.
async fn own(tx: &mut WriteTx, id: &InstrumentId) -> Result<Instrument, DomainError> {
    let found = get(tx, id).await?;
    match found.source {
        InstrumentSource::Client => Ok(found),
        InstrumentSource::Aleta => Err(DomainError::ReadOnly {
            detail: "The instrument is the platform's, the same for every sandbox.",
        }),
    }
}
