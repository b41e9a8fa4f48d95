//! What the demo office knows better than the market: instruments of its own, and points of its own.

use super::literal::{Kind, birth, literal, object};
use crate::store::{
    StoreError,
    tenant::{
        WriteTx, instruments as instrument_rows,
        points::{self as point_rows, Measure, OwnPoint},
    },
};
use contract::{
    ids::InstrumentId,
    instruments::{Instrument, InstrumentSource, InstrumentType, Issuer, Terms},
    time_series::OwnPointSource,
};

/// Adds them all. None of them is held, so no figure of the office depends on them.
pub(super) async fn fill(tx: &mut WriteTx) -> Result<(), StoreError> {
    for instrument in instruments() {
        instrument_rows::insert(tx, &instrument).await?;
    }
    for (instrument, measure, point) in points() {
        point_rows::insert(tx, (&instrument, measure), &point, birth()).await?;
    }
    Ok(())
}

fn instruments() -> impl Iterator<Item = Instrument> {
    let issuer = Issuer {
        id: literal("iss_STRANDVEJEN"),
        name: literal("Strandvejen Ejendomme"),
        industry: literal("real-estate"),
    };
    [
        (
            901,
            InstrumentType::Stock,
            "Strandvejen Ejendomme A/S",
            "equity-small-cap",
            Some(issuer),
        ),
        (
            902,
            InstrumentType::Fund,
            "Halvorsen Familiefond",
            "equity-funds",
            None,
        ),
    ]
    .into_iter()
    .map(|(number, kind, name, detailed, issuer)| Instrument {
        id: object(Kind::Instrument, number),
        r#type: kind,
        name: literal(name),
        currency: literal("DKK"),
        country: Some(literal("DK")),
        isin: None,
        ticker: None,
        exchange: None,
        class_id: literal("equity"),
        detailed_class_id: Some(literal(detailed)),
        issuer,
        source: InstrumentSource::Client,
        terms: Terms::default(),
        created_at: birth(),
        updated_at: birth(),
    })
}

/// The instrument, the series, and the point.
fn points() -> impl Iterator<Item = (InstrumentId, Measure, OwnPoint)> {
    use Measure::{IndexFactor, InterestRate, NetAssetValue, Price};
    use OwnPointSource::{Custodian, Manual};
    [
        (1, 901, Price, "2025-12-31", "1210", Manual),
        (2, 902, NetAssetValue, "2025-12-31", "102.15", Manual),
        (3, 41, InterestRate, "2026-04-15", "0.0362", Custodian),
        (4, 38, IndexFactor, "2026-05-20", "1.1920", Custodian),
        (5, 901, Price, "2026-03-31", "1240", Manual),
    ]
    .into_iter()
    .map(|(number, instrument, measure, day, value, source)| {
        let point = OwnPoint {
            id: object(Kind::Point, number),
            date: literal(day),
            value: literal(value),
            source,
        };
        (object(Kind::Instrument, instrument), measure, point)
    })
}
