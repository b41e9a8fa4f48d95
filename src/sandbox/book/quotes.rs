//! Instruments and their series, as the book reads them.

use super::{Names, convert, names::BookInstrument, terms};
use crate::{
    ledger::{self, Currency, Market, Point, Quotes, Series},
    sandbox::{
        DomainError,
        reference::{self, Measure},
    },
    store::{market as store, tenant::Conn},
};
use jiff::civil::Date;
use std::sync::Arc;

/// How far the series go that the market of the ledger has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Known {
    /// How many instruments have theirs.
    instruments: usize,
    /// The year to whose end they go; none before there are any.
    year: Option<i16>,
}

impl Known {
    /// Whether they go as far as `day`.
    pub(super) fn reaches(self, day: Date) -> bool {
        self.year.is_some_and(|year| year >= day.year())
    }
}

/// Every instrument.
pub(super) fn instruments(
    conn: &impl Conn,
) -> Result<Vec<(BookInstrument, ledger::Instrument)>, DomainError> {
    let market = conn.market();
    let mut all = Vec::new();
    for instrument in market.instruments() {
        let class_place = market
            .classes()
            .iter()
            .position(|class| class.id == instrument.class_id);
        all.push((
            BookInstrument {
                id: instrument.id.clone(),
                class_id: convert::class(&instrument.class_id)?,
                class_place: class_place
                    .and_then(|place| u16::try_from(place).ok())
                    .unwrap_or(u16::MAX),
                currency: instrument.currency.clone(),
            },
            ledger::Instrument {
                currency: convert::currency(&instrument.currency)?,
                terms: terms::of(instrument.kind, &instrument.terms),
            },
        ));
    }
    Ok(all)
}

/// Gives the market of the ledger the series of every instrument that is new to it, as far as `today`; all of them, and
/// the exchange rates, where those it has do not go so far.
pub(super) fn follow(
    shared: &store::Market,
    names: &Names,
    market: &mut Market,
    (known, today): (Known, Date),
) -> Known {
    let skip = if known.reaches(today) {
        known.instruments
    } else {
        0
    };
    if skip == 0 {
        for code in reference::CURRENCIES {
            if let Some(currency) = Currency::new(code) {
                market.set_rates(currency, published(reference::rates(code, today)));
            }
        }
    }
    for (number, instrument) in names.instruments().skip(skip) {
        if let Some(found) = shared.instrument(&instrument.id) {
            let series = |measure| published(reference::series(found, measure, today));
            let quotes = Quotes {
                prices: series(Measure::Price),
                net_asset_values: series(Measure::NetAssetValue),
                index_factors: series(Measure::IndexFactor),
            };
            market.set_quotes(number, quotes);
        }
    }
    Known {
        instruments: names.instruments().count(),
        year: Some(today.year()),
    }
}

fn published(points: Arc<[Point]>) -> Series {
    Series::new(points, Vec::new())
}
