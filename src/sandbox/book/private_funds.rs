//! Where the commitments to private funds stand.

use super::{
    Book,
    figures::{Money, rate},
};
use crate::sandbox::DomainError;
use contract::{
    Day,
    ids::ReportingEntityId,
    performance::{Commitment, PrivateFund},
};
use jiff::civil::Date;

/// Every fund that the entity has a commitment to, each with its place in the list.
///
/// # Errors
/// [`DomainError::RateUnknown`].
pub fn private_funds(
    book: &Book,
    entity: &ReportingEntityId,
    date: Date,
) -> Result<Vec<(u32, PrivateFund)>, DomainError> {
    let scope = book.view(entity).scope();
    let mut funds = book.ledger().private_markets(&scope, date)?;
    funds.sort_by_key(|fund| book.names().instrument(fund.instrument).place);
    Ok(funds
        .into_iter()
        .map(|fund| {
            let instrument = book.names().instrument(fund.instrument);
            let money = Money::of(&instrument.currency);
            let row = PrivateFund {
                instrument_id: instrument.id.clone(),
                date: date.into(),
                currency: instrument.currency.clone(),
                commitment: Commitment {
                    total: money.write(fund.commitment),
                    called: money.write(fund.called),
                    uncalled: money.write(fund.uncalled),
                },
                paid_in: money.write(fund.paid_in),
                distributed: money.write(fund.distributed),
                nav: money.write(fund.nav),
                nav_date: fund.nav_date.map(Day::from),
                dpi: fund.dpi.map(rate),
                rvpi: fund.rvpi.map(rate),
                tvpi: fund.tvpi.map(rate),
                irr: fund.irr.map(rate),
            };
            (instrument.place, row)
        })
        .collect())
}
