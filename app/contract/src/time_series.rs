//! Time series of instruments: prices, net asset values, interest rates and index factors.

use crate::{
    Day, Decimal, Nothing, Page, demo,
    ids::{ById, InstrumentId, PointId, at, id},
    operation::operation,
    query::list_query,
};
use serde::{Deserialize, Serialize};

/// Where a point comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PointSource {
    /// The market data that all tenants share.
    Reference,
    /// A custodian's statement.
    Custodian,
    /// Entered by hand.
    Manual,
}

/// A value that holds from the end of a day until the next point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Point {
    /// Stable id.
    pub id: PointId,
    /// The day.
    pub date: Day,
    /// The value.
    pub value: Decimal,
    /// Where it comes from.
    pub source: PointSource,
}

list_query! {
    /// Which points of a series to list.
    PointsQuery {
        /// From this day on, that day included.
        from: Day,
        /// Up to this day, that day included. Points after the sandbox's today are never listed.
        to: Day,
    }
}

fn example() -> Point {
    Point {
        id: id("2f1d6a0b9c3e4d5f60718293"),
        date: jiff::civil::date(2026, 6, 30).into(),
        value: rust_decimal::Decimal::new(8_915_400, 4).into(),
        source: PointSource::Reference,
    }
}

operation! {
    /// Lists the prices of an instrument.
    ///
    /// Per unit, or in per cent of par for bonds and loans. Funds and private funds have net asset values instead. Oldest first; a day without a point has the value of the last one before it.
    ListPrices = "time_series.prices.list", Get "/v1/instruments/{id}/prices" => 200;
    V1 TimeSeries, auth: InstrumentsRead, problems: [],
    path: ById<InstrumentId>, query: PointsQuery, body: Nothing, reply: Page<Point>,
    example: (at(demo::INSTRUMENT), Nothing {}, Page::whole(vec![example()])),
}

operation! {
    /// Lists the net asset values of a fund.
    ///
    /// Per unit of a fund; of the whole commitment to a private fund. Oldest first; a day without a point has the value of the last one before it.
    ListNetAssetValues = "time_series.net_asset_values.list", Get "/v1/instruments/{id}/net-asset-values" => 200;
    V1 TimeSeries, auth: InstrumentsRead, problems: [],
    path: ById<InstrumentId>, query: PointsQuery, body: Nothing, reply: Page<Point>,
    example: (at(demo::FUND), Nothing {}, Page::whole(vec![example()])),
}

operation! {
    /// Lists the reference rates of a loan.
    ///
    /// As fractions a year: 0.0365 is 3.65 %. Oldest first; a day without a point has the value of the last one before it.
    ListInterestRates = "time_series.interest_rates.list", Get "/v1/instruments/{id}/interest-rates" => 200;
    V1 TimeSeries, auth: InstrumentsRead, problems: [],
    path: ById<InstrumentId>, query: PointsQuery, body: Nothing, reply: Page<Point>,
    example: (at(demo::LOAN), Nothing {}, Page::whole(vec![example()])),
}

operation! {
    /// Lists the index factors of an index-linked bond.
    ///
    /// The nominal is multiplied by the factor of the day. Oldest first; a day without a point has the value of the last one before it.
    ListIndexFactors = "time_series.index_factors.list", Get "/v1/instruments/{id}/index-factors" => 200;
    V1 TimeSeries, auth: InstrumentsRead, problems: [],
    path: ById<InstrumentId>, query: PointsQuery, body: Nothing, reply: Page<Point>,
    example: (at(demo::LINKED_BOND), Nothing {}, Page::whole(vec![example()])),
}

/// Every operation of this file.
#[cfg(feature = "schema")]
pub(crate) fn cards(all: &mut crate::card::Generators) -> Vec<crate::Card> {
    vec![
        all.card::<ListPrices>(),
        all.card::<ListNetAssetValues>(),
        all.card::<ListInterestRates>(),
        all.card::<ListIndexFactors>(),
    ]
}
