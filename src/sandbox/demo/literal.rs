//! Literals of the demo data as checked values.

use contract::{
    Timestamp,
    ids::{AuthorityId, MalformedId},
};
use std::{fmt::Debug, str::FromStr};

/// The instant that the dates of consents and events are relative to: 2026-01-01. A copy moves it to its own creation.
pub(super) fn birth() -> Timestamp {
    Timestamp::from_millis(1_767_225_600_000)
}

/// The literal as a value; the tests read every one of them.
pub(super) fn literal<T: FromStr<Err: Debug>>(text: &str) -> T {
    match text.parse() {
        Ok(value) => value,
        Err(error) => unreachable!("malformed literal {text}: {error:?}"),
    }
}

/// The literal as a value, or none where it is empty.
pub(super) fn if_any<T: FromStr<Err: Debug>>(text: &str) -> Option<T> {
    Some(text).filter(|text| !text.is_empty()).map(literal)
}

/// The rows of a table: a line each, its cells between bars; what starts with `#` tells people what they are.
pub(super) fn rows<const CELLS: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; CELLS]> {
    table.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let mut cells = line.split('|').map(str::trim);
        let row = [(); CELLS].map(|()| cells.next().unwrap_or_default());
        debug_assert!(cells.next().is_none(), "too many cells: {line}");
        row
    })
}

/// The kinds of objects that the demo data numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Client,
    LegalEntity,
    Account,
    Depository,
    ReportingEntity,
    Portfolio,
    Instrument,
    Point,
}

/// The id of the demo object of this kind and number, which `contract::demo` names some of.
pub(super) fn object<I: FromStr<Err = MalformedId>>(kind: Kind, number: u32) -> I {
    let thousands = match kind {
        Kind::Client => 0,
        Kind::LegalEntity => 1,
        Kind::Account => 2,
        Kind::Depository => 3,
        Kind::ReportingEntity => 4,
        Kind::Portfolio => 5,
        Kind::Instrument => 6,
        Kind::Point => 7,
    };
    literal(&format!("66a1f0c2d4e5b6071829{:04}", thousands * 1000 + number))
}

/// The ids of the demo objects of this kind and these numbers, which stand in a text.
pub(super) fn objects<I: FromStr<Err = MalformedId>>(kind: Kind, numbers: &str) -> Vec<I> {
    numbers
        .split(' ')
        .map(|number| object(kind, literal(number)))
        .collect()
}

/// The id of the demo authority of this number.
pub(super) fn authority(number: u32) -> AuthorityId {
    literal(&format!("6f9d1c3e-2b4a-4c5d-8e7f-0a1b2c3d4e{number:02}"))
}
