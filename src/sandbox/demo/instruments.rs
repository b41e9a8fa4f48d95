//! The reference instruments of the demo market, of every type, and who issued them.

use super::{
    catalogue::since,
    literal::{Kind, if_any, literal, object, rows},
};
use crate::store::market::instrument::{Instrument, InstrumentClass, InstrumentType, Issuer};
use contract::{
    ids::InstrumentId,
    text::{Country, Name},
};
use serde_json::{Map, Value};

/// The issuers as a table.
pub(super) const ISSUERS: &str = include_str!("tables/issuers.txt");

/// The instruments as a table.
pub(super) const INSTRUMENTS: &str = include_str!("tables/instruments.txt");

/// Every issuer.
pub(super) fn issuers() -> Vec<Issuer> {
    rows(ISSUERS)
        .map(|[short, name, industry, country]| Issuer {
            id: format!("iss_{short}"),
            name: literal(name),
            industry: industry.to_owned(),
            country: literal(country),
        })
        .collect()
}

/// Every class, parents before children.
pub(super) fn classes() -> Vec<InstrumentClass> {
    [
        ("equity", "Equity", None),
        ("equity-large-cap", "Large caps", Some("equity")),
        ("equity-small-cap", "Small and mid caps", Some("equity")),
        ("equity-funds", "Equity funds", Some("equity")),
        ("fixed-income", "Fixed income", None),
        ("government-bonds", "Government bonds", Some("fixed-income")),
        ("corporate-bonds", "Corporate bonds", Some("fixed-income")),
        ("inflation-linked", "Inflation-linked bonds", Some("fixed-income")),
        ("leveraged-loans", "Leveraged loans", Some("fixed-income")),
        ("bond-funds", "Bond funds", Some("fixed-income")),
        ("private-markets", "Private markets", None),
        ("buyout", "Buyout", Some("private-markets")),
        ("private-debt", "Private debt", Some("private-markets")),
        ("venture-capital", "Venture capital", Some("private-markets")),
        ("derivatives", "Derivatives", None),
        ("options", "Options", Some("derivatives")),
        ("fx-forwards", "Currency forwards", Some("derivatives")),
        ("cash", "Cash", None),
    ]
    .into_iter()
    .map(|(id, name, parent)| InstrumentClass {
        id: id.to_owned(),
        name: literal(name),
        parent_id: parent.map(str::to_owned),
    })
    .collect()
}

/// Every instrument, numbered in the order of the table.
pub(super) fn instruments() -> Vec<Instrument> {
    let issuers = issuers();
    (1..)
        .zip(rows(INSTRUMENTS))
        .map(|(number, row)| instrument(number, row, &issuers))
        .collect()
}

fn instrument(number: u32, row: [&'static str; 11], issuers: &[Issuer]) -> Instrument {
    let [
        kind,
        issuer,
        asset,
        name,
        currency,
        class,
        detailed,
        ticker,
        exchange,
        price,
        terms,
    ] = row;
    let issuer = issuers
        .iter()
        .find(|known| known.id.strip_prefix("iss_") == Some(issuer));
    let Some(kind) = InstrumentType::from_text(kind) else {
        unreachable!("no type of instruments is called {kind}");
    };
    let country = issuer.map(|issuer| issuer.country.clone());
    Instrument {
        id: object(Kind::Instrument, number),
        kind,
        name: literal(name),
        currency: literal(currency),
        isin: country
            .as_ref()
            .filter(|_| has_isin(kind))
            .map(|country| isin(country, number)),
        country,
        ticker: if_any(ticker),
        exchange: if_any(exchange),
        class_id: class.to_owned(),
        detailed_class_id: if_any(detailed),
        issuer_id: issuer.map(|issuer| issuer.id.clone()),
        asset_id: match issuer {
            Some(issuer) => issuer.id.replacen("iss", "ast", 1) + "_" + asset,
            None => format!("ast_{asset}"),
        },
        terms: read_terms(kind, terms, issuer.map(|issuer| &issuer.name)),
        base_price: literal(price),
        created_at: since(),
    }
}

/// Terms as they stand in the table: names and values, in which `_` is a blank where it is people who read them.
fn read_terms(kind: InstrumentType, terms: &str, issuer: Option<&Name>) -> Map<String, Value> {
    let mut read: Map<String, Value> = terms
        .split_whitespace()
        .filter_map(|term| term.split_once('='))
        .map(|(name, value)| match name {
            "underlying" => {
                let id: InstrumentId = object(Kind::Instrument, literal(value));
                ("underlying_id".to_owned(), id.as_str().into())
            }
            "region" => (name.to_owned(), value.replace('_', " ").into()),
            "vintage" => (name.to_owned(), literal::<u16>(value).into()),
            _ => (name.to_owned(), value.into()),
        })
        .collect();
    if let (InstrumentType::PrivateMarketFund, Some(manager)) = (kind, issuer) {
        read.insert("manager".to_owned(), manager.as_str().into());
    }
    read
}

const fn has_isin(kind: InstrumentType) -> bool {
    matches!(
        kind,
        InstrumentType::Stock
            | InstrumentType::Fund
            | InstrumentType::Bond
            | InstrumentType::IndexLinkedBond
            | InstrumentType::ZeroCouponBond
    )
}

/// A well-formed ISIN (ISO 6166) that belongs to nothing real: country, nine characters, check digit.
fn isin(country: &Country, number: u32) -> String {
    let body = format!("{country}ZZ{:07}", number * 7919);
    let digits: Vec<u32> = body
        .chars()
        .filter_map(|character| character.to_digit(36))
        .flat_map(|value| {
            if value < 10 {
                vec![value]
            } else {
                vec![value / 10, value % 10]
            }
        })
        .collect();
    let doubled = |digit: u32| digit * 2 / 10 + digit * 2 % 10;
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(index, digit)| if index % 2 == 0 { doubled(*digit) } else { *digit })
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}
