//! Performance: returns over time, and the metrics of private funds.

use crate::{
    Day, Decimal, Nothing, Page, Reply, demo,
    grouping::Dimension,
    ids::{ById, DepositoryId, InstrumentClassId, InstrumentId, PortfolioId, ReportingEntityId, at, id},
    operation::operation,
    query::list_query,
    text::{Currency, text},
};
use serde::{Deserialize, Serialize};

/// How the wealth of a reporting entity did in a window of days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Performance {
    /// Whose.
    pub reporting_entity_id: ReportingEntityId,
    /// The currency of every amount.
    pub currency: Currency,
    /// The first day of the window.
    pub from: Day,
    /// Its last day.
    pub to: Day,
    /// Every day of the window, oldest first.
    pub series: Vec<PerformanceDay>,
    /// The window as a whole.
    pub summary: PerformanceSummary,
    /// The same for each group; `null` unless `group_by` asks for it.
    pub groups: Option<Vec<PerformanceGroup>>,
}

impl Reply for Performance {}

/// How one group did. The one member of the three ids that was grouped by is set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PerformanceGroup {
    /// The portfolio.
    pub portfolio_id: Option<PortfolioId>,
    /// The depository.
    pub depository_id: Option<DepositoryId>,
    /// The class of instruments.
    pub instrument_class_id: Option<InstrumentClassId>,
    /// Every day of the window, oldest first.
    pub series: Vec<PerformanceDay>,
    /// The window as a whole.
    pub summary: PerformanceSummary,
}

/// One day; figures are those at its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PerformanceDay {
    /// The day.
    pub date: Day,
    /// What came in from outside less what went out.
    pub net_cash_flow: Decimal,
    /// The change of value that no flow explains.
    pub r#return: Decimal,
    /// The time-weighted return of the day, a fraction.
    pub twr: Decimal,
    /// The sum of `return` since the first day.
    pub cumulative_return: Decimal,
    /// `twr` linked since the first day, a fraction.
    pub cumulative_twr: Decimal,
}

/// A window in four figures, all of them fractions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PerformanceSummary {
    /// `cumulative_twr` of the last day.
    pub total_return: Decimal,
    /// The same a year; `null` for a window under 365 days.
    pub annualised_return: Option<Decimal>,
    /// The deviation of the daily returns from Mondays to Fridays, a year; `null` under 20 such days.
    pub volatility: Option<Decimal>,
    /// The deepest fall from a peak: zero or negative.
    pub max_drawdown: Decimal,
}

/// Which window, in what currency.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PerformanceQuery {
    /// The first day. Without it, the window is the year that ends with `to`.
    #[serde(default)]
    pub from: Option<Day>,
    /// The last day. Without it, the sandbox's today.
    #[serde(default)]
    pub to: Option<Day>,
    /// The currency of every amount. Without it, that of the reporting entity.
    #[serde(default)]
    pub currency: Option<Currency>,
    /// Show each portfolio, depository or class of instruments as well.
    #[serde(default)]
    pub group_by: Option<Dimension>,
}

/// Where a commitment to a private fund stands, in the fund's currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PrivateFund {
    /// The fund.
    pub instrument_id: InstrumentId,
    /// The day of the figures.
    pub date: Day,
    /// The currency of every amount: the fund's own.
    pub currency: Currency,
    /// What was promised, and what became of it.
    pub commitment: Commitment,
    /// Capital calls that count in multiples.
    pub paid_in: Decimal,
    /// Distributions that count in multiples.
    pub distributed: Decimal,
    /// The latest net asset value, with calls added and distributions taken off that came after it.
    pub nav: Decimal,
    /// The day that net asset value is of; `null` before the first.
    pub nav_date: Option<Day>,
    /// `distributed` ÷ `paid_in`; `null` before the first call.
    pub dpi: Option<Decimal>,
    /// `nav` ÷ `paid_in`; `null` before the first call.
    pub rvpi: Option<Decimal>,
    /// `dpi` + `rvpi`.
    pub tvpi: Option<Decimal>,
    /// The internal rate of return a year; `null` where flows have one sign.
    pub irr: Option<Decimal>,
}

/// A commitment to a private fund.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Commitment {
    /// What was promised.
    pub total: Decimal,
    /// What was called of it, less what may be called again.
    pub called: Decimal,
    /// What may still be called.
    pub uncalled: Decimal,
}

list_query! {
    /// Which day's figures.
    PrivateFundsQuery {
        /// The day. Without it, the sandbox's today.
        date: Day,
    }
}

fn decimal(literal: &str) -> Decimal {
    literal.parse().unwrap_or_default()
}

fn summary() -> PerformanceSummary {
    PerformanceSummary {
        total_return: decimal("0.0004582395"),
        annualised_return: None,
        volatility: None,
        max_drawdown: decimal("0.0000000000"),
    }
}

fn example() -> Performance {
    let day = Day::from(jiff::civil::date(2026, 6, 26));
    Performance {
        reporting_entity_id: id(demo::REPORTING_ENTITY),
        currency: text("EUR"),
        from: day,
        to: day,
        series: vec![PerformanceDay {
            date: day,
            net_cash_flow: decimal("0.00"),
            r#return: decimal("9115.66"),
            twr: decimal("0.0004582395"),
            cumulative_return: decimal("9115.66"),
            cumulative_twr: decimal("0.0004582395"),
        }],
        summary: summary(),
        groups: None,
    }
}

fn fund() -> PrivateFund {
    PrivateFund {
        instrument_id: id("66a1f0c2d4e5b60718296048"),
        date: Day::from(jiff::civil::date(2026, 6, 30)),
        currency: text("EUR"),
        commitment: Commitment {
            total: decimal("4000000.00"),
            called: decimal("3400000.00"),
            uncalled: decimal("600000.00"),
        },
        paid_in: decimal("3400000.00"),
        distributed: decimal("2320000.00"),
        nav: decimal("1510478.90"),
        nav_date: Some(Day::from(jiff::civil::date(2026, 6, 30))),
        dpi: Some(decimal("0.6823529412")),
        rvpi: Some(decimal("0.4442585000")),
        tvpi: Some(decimal("1.1266114412")),
        irr: Some(decimal("0.0800519718")),
    }
}

operation! {
    /// Reads how a reporting entity did in a window of days.
    ///
    /// Both ends are included, and the window may be ten years long. `group_by` adds the same for each portfolio,
    /// each depository or each class of instruments.
    GetPerformance = "performance.get", Get "/v1/reporting-entities/{id}/performance" => 200;
    V1 Performance, auth: PerformanceRead, problems: [RateUnknown],
    path: ById<ReportingEntityId>, query: PerformanceQuery, body: Nothing, reply: Performance,
    example: (at(demo::REPORTING_ENTITY), Nothing {}, example()),
}

operation! {
    /// Lists where a reporting entity's commitments to private funds stand.
    ListPrivateFunds = "private_markets.list", Get "/v1/reporting-entities/{id}/performance/private-markets" => 200;
    V1 Performance, auth: PerformanceRead, problems: [RateUnknown],
    path: ById<ReportingEntityId>, query: PrivateFundsQuery, body: Nothing, reply: Page<PrivateFund>,
    example: (at("66a1f0c2d4e5b60718294006"), Nothing {}, Page::whole(vec![fund()])),
}

/// Every operation of this file.
#[cfg(feature = "schema")]
pub(crate) fn cards(all: &mut crate::card::Generators) -> Vec<crate::Card> {
    vec![all.card::<GetPerformance>(), all.card::<ListPrivateFunds>()]
}
