//! Whether the ledger can still be replayed after a change. What is held of an instrument depends on the entries about
//! that instrument alone, so only its [`Story`] is replayed, inside of the change's own transaction.

use super::story::{Story, Told};
use crate::{
    ledger::{Member, Reason, Refusal},
    sandbox::{DomainError, convert::number},
    store::tenant::WriteTx,
};
use contract::{
    Decimal, FieldError,
    ids::InstrumentId,
    transactions::{Transaction, TransactionType as Type},
};

/// Adds `entry`, which stands in the ledger at `seq`, to the story of its instrument.
///
/// # Errors
/// [`DomainError::Invalid`], saying which date or quantity fails.
pub(super) async fn enter(
    tx: &mut WriteTx,
    story: &mut Story,
    (seq, entry): (i64, &Transaction),
) -> Result<(), DomainError> {
    let Err(refusal) = story.enter(tx, seq).await? else {
        return Ok(());
    };
    let fault = if refusal.number == number(seq) {
        let member = refusal.reason.member().unwrap_or(Member::Quantity);
        let detail = on_its_day(&refusal);
        FieldError::at(format!("/{}", member.as_str()), detail)
    } else {
        let member = match entry.r#type {
            Type::CorporateAction => Member::Ratio,
            _ => Member::Quantity,
        };
        let detail = format!(
            "would make a later transaction impossible: {}",
            later(&refusal, story.told())
        );
        FieldError::at(format!("/{}", member.as_str()), detail)
    };
    Err(DomainError::Invalid(vec![fault]))
}

/// Takes the transaction at `seq` out of the story of its instrument.
///
/// # Errors
/// [`DomainError::InUse`], naming the transaction that would become impossible.
pub(super) fn delete(story: &mut Story, seq: i64) -> Result<(), DomainError> {
    story.delete(seq).map_err(|refusal| DomainError::InUse {
        detail: format!(
            "A later transaction depends on it: {}.",
            later(&refusal, story.told())
        ),
    })
}

/// Whether what was entered about an instrument can be replayed as its places are accounted for now.
///
/// # Errors
/// [`DomainError::InUse`], naming the transaction that would become impossible.
pub(in crate::sandbox) async fn check_method(
    tx: &mut WriteTx,
    instrument: &InstrumentId,
) -> Result<(), DomainError> {
    match Story::read(tx, instrument).await? {
        Ok(_) => Ok(()),
        Err((refusal, told)) => Err(DomainError::InUse {
            detail: format!("The ledger cannot be replayed by it: {}.", later(&refusal, &told)),
        }),
    }
}

/// What is wrong on the day of the new transaction itself.
fn on_its_day(refusal: &Refusal) -> String {
    match &refusal.reason {
        Reason::NotHeld { held, wanted } => format!(
            "takes {} on {}, where {} are held",
            plain(*wanted),
            refusal.date,
            plain(*held)
        ),
        Reason::LotsTooSmall { held, wanted } => format!(
            "hold {} together, where {} are to go on {}",
            plain(*held),
            plain(*wanted),
            refusal.date
        ),
        Reason::LotNotOpen(_) => format!("names a lot that is not open there on {}", refusal.date),
        Reason::LotsRequired => format!("names no lots on {}", refusal.date),
        reason => reason.to_string(),
    }
}

/// What becomes impossible later, and which transaction it is.
fn later(refusal: &Refusal, told: &Told) -> String {
    let named = told
        .get(&refusal.number)
        .map_or_else(String::new, |(kind, id)| format!("{} {id} ", kind.as_str()));
    format!("{named}{}", on_its_day(refusal))
}

fn plain(value: rust_decimal::Decimal) -> Decimal {
    Decimal::from(value).as_quantity()
}
