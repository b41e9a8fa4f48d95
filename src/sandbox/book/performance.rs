//! How a reporting entity did in a window of days.

use super::{
    Ask, Book,
    figures::{Money, rate},
};
use crate::{
    ledger::{self, Fault, InstrumentNo, Scope, Window},
    sandbox::DomainError,
};
use contract::{
    grouping::Dimension,
    ids::{DepositoryId, InstrumentClassId, PortfolioId, ReportingEntityId},
    performance::{Performance, PerformanceDay, PerformanceGroup, PerformanceSummary},
};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Classes by their place among all, each with its instruments.
type Classes = BTreeMap<u16, (InstrumentClassId, Vec<InstrumentNo>)>;

/// The longest window: ten years.
pub const LONGEST_WINDOW_DAYS: i32 = 3_660;

/// What is asked.
#[derive(Clone, Debug)]
pub struct Request {
    /// Whose performance.
    pub entity: ReportingEntityId,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// In what currency.
    pub ask: Ask,
    /// What is shown apart as well.
    pub group_by: Option<Dimension>,
}

/// The figures of the window.
///
/// # Errors
/// [`DomainError::RateUnknown`].
pub fn performance(book: &Book, request: &Request) -> Result<Performance, DomainError> {
    let (groups, parts): (Vec<Group>, Vec<Scope>) = match request.group_by {
        None => (Vec::new(), Vec::new()),
        Some(dimension) => groups(book, request, dimension)?.into_iter().unzip(),
    };
    let whole = book.view(&request.entity).scope();
    let scopes: Vec<Scope> = std::iter::once(whole).chain(parts).collect();
    let mut found = figures(book, request, &scopes)?.into_iter();
    let (series, summary) = found.next().ok_or(Fault::EmptyWindow)?;
    let groups = request.group_by.map(|_| {
        let groups = groups.into_iter().zip(found);
        groups.map(|(group, figures)| group.with(figures)).collect()
    });
    Ok(Performance {
        reporting_entity_id: request.entity.clone(),
        currency: request.ask.currency.clone(),
        from: request.from.into(),
        to: request.to.into(),
        series,
        summary,
        groups,
    })
}

/// Which group: the one id that is set says what it is grouped by.
#[derive(Default)]
struct Group {
    portfolio: Option<PortfolioId>,
    depository: Option<DepositoryId>,
    class: Option<InstrumentClassId>,
}

impl Group {
    fn with(self, (series, summary): (Vec<PerformanceDay>, PerformanceSummary)) -> PerformanceGroup {
        PerformanceGroup {
            portfolio_id: self.portfolio,
            depository_id: self.depository,
            instrument_class_id: self.class,
            series,
            summary,
        }
    }
}

fn groups(book: &Book, request: &Request, dimension: Dimension) -> Result<Vec<(Group, Scope)>, DomainError> {
    let view = book.view(&request.entity);
    Ok(match dimension {
        Dimension::Portfolio => book
            .views(&request.entity)
            .into_iter()
            .map(|(_, id, view)| {
                let group = Group {
                    portfolio: Some(id),
                    ..Group::default()
                };
                (group, view.scope())
            })
            .collect(),
        Dimension::Depository => view
            .depositories
            .iter()
            .map(|number| {
                let group = Group {
                    depository: Some(book.names().depository(*number).id.clone()),
                    ..Group::default()
                };
                (group, Scope::new([], [*number]))
            })
            .collect(),
        Dimension::InstrumentClass => classes(book, &view.scope(), request.to)?
            .into_values()
            .map(|(class, instruments)| {
                let group = Group {
                    class: Some(class),
                    ..Group::default()
                };
                (group, view.scope().only(instruments))
            })
            .collect(),
    })
}

/// The classes that anything in the scope is or was of, in their own order, each with all its instruments.
fn classes(book: &Book, scope: &Scope, to: Date) -> Result<Classes, DomainError> {
    let names = book.names();
    let held: BTreeSet<u16> = book
        .ledger()
        .positions(to)?
        .iter()
        .filter(|position| scope.has(position.place, position.instrument))
        .map(|position| names.instrument(position.instrument).class_place)
        .collect();
    let mut classes = Classes::new();
    for (number, instrument) in names.instruments() {
        if held.contains(&instrument.class_place) {
            let class = || (instrument.class_id.clone(), Vec::new());
            let (_, members) = classes.entry(instrument.class_place).or_insert_with(class);
            members.push(number);
        }
    }
    Ok(classes)
}

/// The figures of each scope; the ledger is walked through once.
fn figures(
    book: &Book,
    request: &Request,
    scopes: &[Scope],
) -> Result<Vec<(Vec<PerformanceDay>, PerformanceSummary)>, DomainError> {
    let window = Window {
        from: request.from,
        to: request.to,
        currency: request.ask.code,
    };
    let found = book.ledger().performances(scopes, window)?;
    let money = Money::of(&request.ask.currency);
    let figures = found.iter().map(|found| {
        let series: Result<_, Fault> = found.series.iter().map(|day| written(day, money)).collect();
        let summary = PerformanceSummary {
            total_return: rate(found.summary.total_return.ok_or(Fault::Overflow)?),
            annualised_return: found.summary.annualised_return.map(rate),
            volatility: found.summary.volatility.map(rate),
            max_drawdown: rate(found.summary.max_drawdown.ok_or(Fault::Overflow)?),
        };
        Ok((series?, summary))
    });
    figures.collect()
}

fn written(day: &ledger::PerformanceDay, money: Money) -> Result<PerformanceDay, Fault> {
    Ok(PerformanceDay {
        date: day.date.into(),
        net_cash_flow: money.write(day.net_cash_flow),
        r#return: money.write(day.profit),
        twr: rate(day.twr.ok_or(Fault::Overflow)?),
        cumulative_return: money.write(day.cumulative_return),
        cumulative_twr: rate(day.cumulative_twr.ok_or(Fault::Overflow)?),
    })
}
