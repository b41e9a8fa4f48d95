//! Time series of instruments: prices, net asset values, interest rates and index factors.

use crate::{
    Day, Decimal, Nothing, Page, Reply, demo,
    ids::{ById, InstrumentId, PointId, PointPath, at, id},
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
    /// Its own path, which is known where it was just added.
    #[serde(skip)]
    pub path: Option<String>,
}

impl Reply for Point {
    fn location(&self) -> Option<String> {
        self.path.clone()
    }
}

/// Where a point of one's own comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum OwnPointSource {
    /// A custodian's statement.
    Custodian,
    /// Entered by hand.
    #[default]
    Manual,
}

impl From<OwnPointSource> for PointSource {
    fn from(source: OwnPointSource) -> Self {
        match source {
            OwnPointSource::Custodian => Self::Custodian,
            OwnPointSource::Manual => Self::Manual,
        }
    }
}

/// A point of your own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewPoint {
    /// The day, at whose end it begins to hold; not after the sandbox's today.
    pub date: Day,
    /// The value.
    pub value: Decimal,
    /// Where it comes from. Without it, `manual`.
    #[serde(default)]
    pub source: OwnPointSource,
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

fn point(point: &str, value: (i64, u32), source: PointSource) -> Point {
    Point {
        id: id(point),
        date: jiff::civil::date(2026, 6, 30).into(),
        value: rust_decimal::Decimal::new(value.0, value.1).into(),
        source,
        path: None,
    }
}

fn example() -> Point {
    point("2f1d6a0b9c3e4d5f60718293", (8_915_400, 4), PointSource::Reference)
}

fn new(value: (i64, u32)) -> NewPoint {
    NewPoint {
        date: jiff::civil::date(2026, 6, 30).into(),
        value: rust_decimal::Decimal::new(value.0, value.1).into(),
        source: OwnPointSource::Manual,
    }
}

fn own(point: &str) -> PointPath {
    PointPath {
        id: id(match point {
            demo::OWN_PRICE => demo::OWN_INSTRUMENT,
            demo::OWN_NET_ASSET_VALUE => demo::OWN_FUND,
            demo::OWN_INTEREST_RATE => demo::LOAN,
            _ => demo::LINKED_BOND,
        }),
        point_id: id(point),
    }
}

operation! {
    /// Lists the prices of an instrument.
    ///
    /// Per unit, or in per cent of par for bonds and loans. Funds and private funds have net asset values instead. Oldest first; a day without a point has the value of the last one before it, and one of your own hides the platform's of its day.
    ListPrices = "time_series.prices.list", Get "/v1/instruments/{id}/prices" => 200;
    V1 TimeSeries, auth: InstrumentsRead, problems: [],
    path: ById<InstrumentId>, query: PointsQuery, body: Nothing, reply: Page<Point>,
    example: (at(demo::INSTRUMENT), Nothing {}, Page::whole(vec![example()])),
}

operation! {
    /// Adds a price of your own.
    ///
    /// It holds for you alone, and overrides the platform's of the same day. Of your own, there is one a day: to correct it, delete it first.
    CreatePrice = "time_series.prices.create", Post "/v1/instruments/{id}/prices" => 201;
    V1 TimeSeries, auth: InstrumentsWrite, problems: [AlreadyExists],
    path: ById<InstrumentId>, query: Nothing, body: NewPoint, reply: Point,
    example: (at(demo::OWN_INSTRUMENT), new((1_250, 0)), point("66a1f0c2d4e5b60718297009", (1_250, 0), PointSource::Manual)),
}

operation! {
    /// Deletes a price of your own.
    ///
    /// The platform's of the same day holds again, where there is one. The platform's own are refused with `read-only`.
    DeletePrice = "time_series.prices.delete", Delete "/v1/instruments/{id}/prices/{point_id}" => 204;
    V1 TimeSeries, auth: InstrumentsWrite, problems: [ReadOnly],
    path: PointPath, query: Nothing, body: Nothing, reply: Nothing,
    example: (own(demo::OWN_PRICE), Nothing {}, Nothing {}),
}

operation! {
    /// Lists the net asset values of a fund.
    ///
    /// Per unit of a fund; of the whole commitment to a private fund. Oldest first; a day without a point has the value of the last one before it, and one of your own hides the platform's of its day.
    ListNetAssetValues = "time_series.net_asset_values.list", Get "/v1/instruments/{id}/net-asset-values" => 200;
    V1 TimeSeries, auth: InstrumentsRead, problems: [],
    path: ById<InstrumentId>, query: PointsQuery, body: Nothing, reply: Page<Point>,
    example: (at(demo::FUND), Nothing {}, Page::whole(vec![example()])),
}

operation! {
    /// Adds a net asset value of your own.
    ///
    /// It holds for you alone, and overrides the platform's of the same day. Of your own, there is one a day: to correct it, delete it first.
    CreateNetAssetValue = "time_series.net_asset_values.create", Post "/v1/instruments/{id}/net-asset-values" => 201;
    V1 TimeSeries, auth: InstrumentsWrite, problems: [AlreadyExists],
    path: ById<InstrumentId>, query: Nothing, body: NewPoint, reply: Point,
    example: (at(demo::OWN_FUND), new((10_425, 2)), point("66a1f0c2d4e5b60718297009", (10_425, 2), PointSource::Manual)),
}

operation! {
    /// Deletes a net asset value of your own.
    ///
    /// The platform's of the same day holds again, where there is one. The platform's own are refused with `read-only`.
    DeleteNetAssetValue = "time_series.net_asset_values.delete", Delete "/v1/instruments/{id}/net-asset-values/{point_id}" => 204;
    V1 TimeSeries, auth: InstrumentsWrite, problems: [ReadOnly],
    path: PointPath, query: Nothing, body: Nothing, reply: Nothing,
    example: (own(demo::OWN_NET_ASSET_VALUE), Nothing {}, Nothing {}),
}

operation! {
    /// Lists the reference rates of a loan.
    ///
    /// As fractions a year: 0.0365 is 3.65 %. Oldest first; a day without a point has the value of the last one before it, and one of your own hides the platform's of its day.
    ListInterestRates = "time_series.interest_rates.list", Get "/v1/instruments/{id}/interest-rates" => 200;
    V1 TimeSeries, auth: InstrumentsRead, problems: [],
    path: ById<InstrumentId>, query: PointsQuery, body: Nothing, reply: Page<Point>,
    example: (at(demo::LOAN), Nothing {}, Page::whole(vec![example()])),
}

operation! {
    /// Adds a reference rate of your own.
    ///
    /// It holds for you alone, and overrides the platform's of the same day. Of your own, there is one a day: to correct it, delete it first.
    CreateInterestRate = "time_series.interest_rates.create", Post "/v1/instruments/{id}/interest-rates" => 201;
    V1 TimeSeries, auth: InstrumentsWrite, problems: [AlreadyExists],
    path: ById<InstrumentId>, query: Nothing, body: NewPoint, reply: Point,
    example: (at(demo::LOAN), new((365, 4)), point("66a1f0c2d4e5b60718297009", (365, 4), PointSource::Manual)),
}

operation! {
    /// Deletes a reference rate of your own.
    ///
    /// The platform's of the same day holds again, where there is one. The platform's own are refused with `read-only`.
    DeleteInterestRate = "time_series.interest_rates.delete", Delete "/v1/instruments/{id}/interest-rates/{point_id}" => 204;
    V1 TimeSeries, auth: InstrumentsWrite, problems: [ReadOnly],
    path: PointPath, query: Nothing, body: Nothing, reply: Nothing,
    example: (own(demo::OWN_INTEREST_RATE), Nothing {}, Nothing {}),
}

operation! {
    /// Lists the index factors of an index-linked bond.
    ///
    /// The nominal is multiplied by the factor of the day. Oldest first; a day without a point has the value of the last one before it, and one of your own hides the platform's of its day.
    ListIndexFactors = "time_series.index_factors.list", Get "/v1/instruments/{id}/index-factors" => 200;
    V1 TimeSeries, auth: InstrumentsRead, problems: [],
    path: ById<InstrumentId>, query: PointsQuery, body: Nothing, reply: Page<Point>,
    example: (at(demo::LINKED_BOND), Nothing {}, Page::whole(vec![example()])),
}

operation! {
    /// Adds an index factor of your own.
    ///
    /// It holds for you alone, and overrides the platform's of the same day. Of your own, there is one a day: to correct it, delete it first.
    CreateIndexFactor = "time_series.index_factors.create", Post "/v1/instruments/{id}/index-factors" => 201;
    V1 TimeSeries, auth: InstrumentsWrite, problems: [AlreadyExists],
    path: ById<InstrumentId>, query: Nothing, body: NewPoint, reply: Point,
    example: (at(demo::LINKED_BOND), new((11_942, 4)), point("66a1f0c2d4e5b60718297009", (11_942, 4), PointSource::Manual)),
}

operation! {
    /// Deletes an index factor of your own.
    ///
    /// The platform's of the same day holds again, where there is one. The platform's own are refused with `read-only`.
    DeleteIndexFactor = "time_series.index_factors.delete", Delete "/v1/instruments/{id}/index-factors/{point_id}" => 204;
    V1 TimeSeries, auth: InstrumentsWrite, problems: [ReadOnly],
    path: PointPath, query: Nothing, body: Nothing, reply: Nothing,
    example: (own(demo::OWN_INDEX_FACTOR), Nothing {}, Nothing {}),
}

/// Every operation of this file.
#[cfg(feature = "schema")]
pub(crate) fn cards(all: &mut crate::card::Generators) -> Vec<crate::Card> {
    vec![
        all.card::<ListPrices>(),
        all.card::<CreatePrice>(),
        all.card::<DeletePrice>(),
        all.card::<ListNetAssetValues>(),
        all.card::<CreateNetAssetValue>(),
        all.card::<DeleteNetAssetValue>(),
        all.card::<ListInterestRates>(),
        all.card::<CreateInterestRate>(),
        all.card::<DeleteInterestRate>(),
        all.card::<ListIndexFactors>(),
        all.card::<CreateIndexFactor>(),
        all.card::<DeleteIndexFactor>(),
    ]
}
