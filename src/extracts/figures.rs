//! Figures as tables: holdings, performance, positions and cashflows, worked out as the API works them out.

use super::{
    progress::Progress,
    table::{Cell, Column, Kind, Sink, columns},
    trouble::Trouble,
};
use crate::sandbox::book::{OpenBook, cashflows, holdings, performance, positions};
use contract::{
    cashflows::{Cashflow, CashflowQuery},
    holdings::Holding,
    ids::ReportingEntityId,
    performance::PerformanceDay,
    positions::{Position, PositionQuery},
};
use jiff::civil::Date;

columns! { HOLDINGS:
    "reporting_entity_id" Text, "instrument_id" Text, "instrument_class_id" Text, "account_id" Text,
    "portfolio_id" Text, "depository_id" Text, "as_of" Date, "quantity" Decimal, "price" Decimal, "price_date" Date,
    "accrued_interest" Decimal, "market_value" Decimal, "cost_basis" Decimal, "unrealised_pnl" Decimal,
    "currency" Text, "fx_rate" Decimal,
}

columns! { PERFORMANCE:
    "reporting_entity_id" Text, "currency" Text, "date" Date, "net_cash_flow" Decimal, "return" Decimal,
    "twr" Decimal, "cumulative_return" Decimal, "cumulative_twr" Decimal,
}

columns! { POSITIONS:
    "id" Text, "portfolio_id" Text, "issuer_id" Text, "issuer_name" Text, "asset_id" Text, "asset_name" Text,
    "instrument_id" Text, "industry" Text, "currency" Text, "par" Decimal, "mark_price" Decimal,
    "market_value" Decimal, "accrued_interest" Decimal, "status" Text, "updated_at" Instant,
}

columns! { CASHFLOWS:
    "id" Text, "position_id" Text, "portfolio_id" Text, "asset_id" Text, "instrument_id" Text, "type" Text,
    "status" Text, "expected_date" Date, "posted_date" Date, "amount" Decimal, "currency" Text,
    "transaction_id" Text, "updated_at" Instant,
}

/// Writes the holdings of each reporting entity that is asked for.
pub(super) fn write_holdings(
    book: &OpenBook,
    asked: &[holdings::Request],
    progress: &Progress,
    sink: &mut dyn Sink,
) -> Result<(), Trouble> {
    for request in asked {
        for (_, row) in holdings::holdings(book, request)? {
            sink.row(&holding(&request.entity, &row))?;
            progress.row()?;
        }
    }
    Ok(())
}

fn holding<'a>(entity: &'a ReportingEntityId, row: &'a Holding) -> [Cell<'a>; HOLDINGS.len()] {
    [
        Cell::Text(entity.as_str()),
        Cell::text(
            row.instrument_id
                .as_ref()
                .map(contract::ids::InstrumentId::as_str),
        ),
        Cell::text(
            row.instrument_class_id
                .as_ref()
                .map(contract::ids::InstrumentClassId::as_str),
        ),
        Cell::text(row.account_id.as_ref().map(contract::ids::AccountId::as_str)),
        Cell::text(row.portfolio_id.as_ref().map(contract::ids::PortfolioId::as_str)),
        Cell::text(
            row.depository_id
                .as_ref()
                .map(contract::ids::DepositoryId::as_str),
        ),
        Cell::Date(row.as_of.date()),
        Cell::Decimal(row.quantity),
        Cell::decimal(row.price),
        Cell::date(row.price_date.map(contract::Day::date)),
        Cell::Decimal(row.accrued_interest),
        Cell::Decimal(row.market_value),
        Cell::Decimal(row.cost_basis),
        Cell::Decimal(row.unrealised_pnl),
        Cell::Text(row.currency.as_str()),
        Cell::Decimal(row.fx_rate),
    ]
}

/// Writes the days of each reporting entity that is asked for.
pub(super) fn write_performance(
    book: &OpenBook,
    asked: &[performance::Request],
    progress: &Progress,
    sink: &mut dyn Sink,
) -> Result<(), Trouble> {
    let days = |request: &performance::Request| u64::try_from((request.to - request.from).get_days() + 1);
    progress.expect(
        asked
            .iter()
            .map(|request| days(request).unwrap_or_default())
            .sum(),
    );
    for request in asked {
        for day in performance::performance(book, request)?.series {
            sink.row(&performance_day(request, &day))?;
            progress.row()?;
        }
    }
    Ok(())
}

fn performance_day<'a>(
    request: &'a performance::Request,
    day: &PerformanceDay,
) -> [Cell<'a>; PERFORMANCE.len()] {
    [
        Cell::Text(request.entity.as_str()),
        Cell::Text(request.ask.currency.as_str()),
        Cell::Date(day.date.date()),
        Cell::Decimal(day.net_cash_flow),
        Cell::Decimal(day.r#return),
        Cell::Decimal(day.twr),
        Cell::Decimal(day.cumulative_return),
        Cell::Decimal(day.cumulative_twr),
    ]
}

/// Writes the positions that are asked for, at the end of `day`.
pub(super) fn write_positions(
    known: &positions::Known,
    (query, day): (&PositionQuery, Date),
    progress: &Progress,
    sink: &mut dyn Sink,
) -> Result<(), Trouble> {
    let found = positions::positions(known, query, day)?;
    progress.expect(found.len() as u64);
    for (_, row) in &found {
        sink.row(&position(row))?;
        progress.row()?;
    }
    Ok(())
}

fn position(row: &Position) -> [Cell<'_>; POSITIONS.len()] {
    [
        Cell::Text(row.id.as_str()),
        Cell::Text(row.portfolio_id.as_str()),
        Cell::text(row.issuer_id.as_ref().map(contract::ids::IssuerId::as_str)),
        Cell::text(row.issuer_name.as_ref().map(contract::text::Name::as_str)),
        Cell::Text(row.asset_id.as_str()),
        Cell::Text(row.asset_name.as_str()),
        Cell::Text(row.instrument_id.as_str()),
        Cell::text(row.industry.as_deref()),
        Cell::Text(row.currency.as_str()),
        Cell::Decimal(row.par),
        Cell::decimal(row.mark_price),
        Cell::Decimal(row.market_value),
        Cell::Decimal(row.accrued_interest),
        Cell::Text(row.status.as_str()),
        Cell::Instant(row.updated_at),
    ]
}

/// Writes the cashflows that are asked for, as they stand at the end of `day`.
pub(super) fn write_cashflows(
    known: &cashflows::Known,
    (query, day): (&CashflowQuery, Date),
    progress: &Progress,
    sink: &mut dyn Sink,
) -> Result<(), Trouble> {
    let found = cashflows::cashflows(known, query, day)?;
    progress.expect(found.len() as u64);
    for (_, row) in &found {
        sink.row(&cashflow(row))?;
        progress.row()?;
    }
    Ok(())
}

fn cashflow(row: &Cashflow) -> [Cell<'_>; CASHFLOWS.len()] {
    [
        Cell::Text(row.id.as_str()),
        Cell::Text(row.position_id.as_str()),
        Cell::Text(row.portfolio_id.as_str()),
        Cell::Text(row.asset_id.as_str()),
        Cell::Text(row.instrument_id.as_str()),
        Cell::Text(row.r#type.as_str()),
        Cell::Text(row.status.as_str()),
        Cell::date(row.expected_date.map(contract::Day::date)),
        Cell::date(row.posted_date.map(contract::Day::date)),
        Cell::Decimal(row.amount),
        Cell::Text(row.currency.as_str()),
        Cell::text(
            row.transaction_id
                .as_ref()
                .map(contract::ids::TransactionId::as_str),
        ),
        Cell::Instant(row.updated_at),
    ]
}
