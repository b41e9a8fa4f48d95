//! Instruments and their series, as the book reads them.

use super::{Names, names::BookInstrument, terms};
use crate::{
    ledger::{self, Currency, Ledger, Point, Quotes, Refusal, Series},
    sandbox::{
        DomainError, convert,
        instruments::{issuer, known},
        positions::asset_id,
        reference::{self, Measure},
    },
    store::{
        market as store,
        tenant::{Conn, Read, instruments, points},
    },
};
use contract::instruments::Instrument;
use jiff::civil::Date;
use std::{collections::HashMap, sync::Arc};

/// Own instruments stand behind the platform's: their places are those of their creation, and this.
const OWN: u32 = 1 << 24;

/// How far the series go that the market of the ledger has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Known {
    /// How many instruments have theirs.
    instruments: usize,
    /// The year to whose end they go; none before there are any.
    year: Option<i16>,
    /// The last change of own instruments and points that is in them.
    change: i64,
}

impl Known {
    /// Whether they go as far as `day`.
    pub(super) fn reaches(self, day: Date) -> bool {
        self.year.is_some_and(|year| year >= day.year())
    }

    /// The last change of own instruments and points that the book has seen.
    pub(super) const fn change(self) -> i64 {
        self.change
    }
}

/// An instrument as figures show it, and as the ledger values it.
pub(super) type Listed = (BookInstrument, ledger::Instrument);

/// Every instrument of the platform.
pub(super) fn published(market: &store::Market) -> Result<Vec<Listed>, DomainError> {
    let mut all = Vec::new();
    for (place, instrument) in (0..).zip(market.instruments()) {
        let published = instrument.issuer_id.as_deref().and_then(|id| market.issuer(id));
        all.push((
            BookInstrument {
                id: instrument.id.clone(),
                place,
                name: instrument.name.clone(),
                asset_id: known(&instrument.asset_id)?,
                issuer: published.map(issuer).transpose()?,
                class_id: convert::class(&instrument.class_id)?,
                class_place: class_place(market, &instrument.class_id),
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

/// The tenant's own instruments that changed behind the change `after`, and the last change there is.
pub(super) async fn own(conn: &mut Read, after: i64) -> Result<(Vec<Listed>, i64), DomainError> {
    let (changed, latest) = instruments::changed(conn, after).await?;
    let market = Arc::clone(conn.market());
    let listed = changed
        .into_iter()
        .map(|(seq, instrument)| listed(&market, OWN.saturating_add(seq), instrument))
        .collect::<Result<_, _>>()?;
    Ok((listed, latest))
}

fn listed(market: &store::Market, place: u32, own: Instrument) -> Result<Listed, DomainError> {
    let of_ledger = ledger::Instrument {
        currency: convert::currency(&own.currency)?,
        terms: terms::read(&own),
    };
    let class_place = class_place(market, own.class_id.as_str());
    let of_book = BookInstrument {
        place,
        name: own.name,
        asset_id: known(&asset_id(market, &own.id))?,
        id: own.id,
        issuer: own.issuer,
        class_id: own.class_id,
        class_place,
        currency: own.currency,
    };
    Ok((of_book, of_ledger))
}

fn class_place(market: &store::Market, class: &str) -> u16 {
    let place = market.classes().iter().position(|known| known.id == class);
    place
        .and_then(|place| u16::try_from(place).ok())
        .unwrap_or(u16::MAX)
}

/// What is new to the market of the ledger.
pub(super) struct News {
    own: HashMap<contract::ids::InstrumentId, Own>,
    change: i64,
    today: Date,
}

/// The own points of one instrument.
#[derive(Default)]
struct Own {
    prices: Vec<Point>,
    net_asset_values: Vec<Point>,
    index_factors: Vec<Point>,
}

/// The own points that the market of the ledger lacks, where the last change is `change`; all of them where its
/// series do not go as far as `today`.
pub(super) async fn news(
    conn: &mut Read,
    (already, today): (Known, Date),
    change: i64,
) -> Result<News, DomainError> {
    let after = if already.reaches(today) { already.change } else { 0 };
    let mut own = HashMap::new();
    for (instrument, points) in points::changed(conn, after).await? {
        let mut sorted = Own::default();
        for (measure, date, value) in points {
            let series = match measure {
                Measure::Price => &mut sorted.prices,
                Measure::NetAssetValue => &mut sorted.net_asset_values,
                Measure::IndexFactor => &mut sorted.index_factors,
                Measure::InterestRate => continue,
            };
            series.push(Point { date, value });
        }
        own.insert(instrument, sorted);
    }
    Ok(News { own, change, today })
}

/// Gives the market of the ledger what is new to it: the series of new instruments and those whose own points changed;
/// all of them, and the exchange rates, where those it has do not go far enough.
pub(super) fn follow(
    shared: &store::Market,
    names: &Names,
    ledger: &mut Ledger,
    (already, mut news): (Known, News),
) -> Result<Known, Refusal> {
    let today = news.today;
    let skip = if already.reaches(today) {
        already.instruments
    } else {
        0
    };
    if skip == 0 {
        for code in reference::CURRENCIES {
            if let Some(currency) = Currency::new(code) {
                let rates = Series::new(reference::rates(code, today), Vec::new());
                ledger.set_rates(currency, rates)?;
            }
        }
    }
    for (place, (number, instrument)) in names.instruments().enumerate() {
        let own = news.own.remove(&instrument.id);
        if place < skip && own.is_none() {
            continue;
        }
        let own = own.unwrap_or_default();
        let found = shared.instrument(&instrument.id);
        let series = |measure, own| {
            let published = found.map_or_else(Arc::default, |found| reference::series(found, measure, today));
            Series::new(published, own)
        };
        let quotes = Quotes {
            prices: series(Measure::Price, own.prices),
            net_asset_values: series(Measure::NetAssetValue, own.net_asset_values),
            index_factors: series(Measure::IndexFactor, own.index_factors),
        };
        ledger.set_quotes(number, quotes)?;
    }
    Ok(Known {
        instruments: names.instruments().count(),
        year: Some(already.year.map_or(today.year(), |year| year.max(today.year()))),
        change: news.change,
    })
}
