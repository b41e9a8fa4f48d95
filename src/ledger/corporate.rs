//! Corporate actions: what they do to the holdings of the client whose account reports them.

use super::{
    CorporateAction, InstrumentNo, Place, Reason,
    arithmetic::{add, mul, share},
    closing::Closing,
    fx,
    holders::affected,
    lots::{DealRate, Lot},
    replay::Fold,
    valuation::Valuation,
};
use rust_decimal::Decimal;

/// Carries out `action`, which is the entry's.
pub(super) fn act(fold: &mut Fold<'_>, action: &CorporateAction) -> Result<(), Reason> {
    let instrument = fold.number()?;
    let valuation = Valuation {
        chart: fold.chart,
        market: fold.market,
        state: fold.state,
    };
    let holdings = affected(&valuation, fold.entry, instrument);
    match action {
        CorporateAction::Split { ratio } => split(fold, (instrument, *ratio), &holdings),
        CorporateAction::SpinOff {
            target,
            ratio,
            cost_fraction,
        } => holdings.iter().try_for_each(|(place, _)| {
            let parts = fold
                .state
                .position_mut(fold.chart, (*place, instrument), fold.entry.trade_date);
            let lots = parts.lots.split_cost(*cost_fraction)?;
            turn(fold, (*place, instrument, *target), lots, *ratio)
        }),
        CorporateAction::Merger { target, ratio } => {
            pay_back(fold, instrument, &holdings)?;
            holdings.iter().try_for_each(|(place, _)| {
                let position =
                    fold.state
                        .position_mut(fold.chart, (*place, instrument), fold.entry.trade_date);
                let lots = position.take_all(fold.entry.trade_date)?;
                turn(fold, (*place, instrument, *target), lots, *ratio)
            })
        }
        CorporateAction::ReturnOfCapital => pay_back(fold, instrument, &holdings),
    }
}

fn split(
    fold: &mut Fold<'_>,
    (instrument, ratio): (InstrumentNo, Decimal),
    holdings: &[(Place, Decimal)],
) -> Result<(), Reason> {
    let (chart, day) = (fold.chart, fold.entry.trade_date);
    for (place, _) in holdings {
        fold.state
            .position_mut(chart, (*place, instrument), day)
            .multiply(ratio)?;
    }
    let client = fold
        .entry
        .account
        .map(Place::Account)
        .and_then(|place| chart.client(place));
    let traded = fold.state.traded_mut(instrument);
    match (fold.entry.depository, client) {
        (None, Some(client)) => traded.split_all(chart, client, ratio)?,
        _ => {
            for (place, _) in holdings {
                traded.split_at(chart, *place, ratio)?;
            }
        }
    }
    Ok(())
}

/// Puts lots of an instrument into a position in another one at the same place.
fn turn(
    fold: &mut Fold<'_>,
    (place, from, to): (Place, InstrumentNo, InstrumentNo),
    lots: Vec<Lot>,
    ratio: Decimal,
) -> Result<(), Reason> {
    let pair = (fold.instrument(from)?.currency, fold.instrument(to)?.currency);
    let (chart, entry) = (fold.chart, fold.entry);
    for lot in lots {
        // The cost stays what it was in every other currency, so it goes over at the rate of its own day.
        let cost = fx::convert(fold.market, lot.cost, pair, lot.acquired_on).unwrap_or(lot.cost);
        let deal = match lot.deal {
            Some(deal) if !cost.is_zero() => Some(DealRate {
                rate: share(deal.rate, lot.cost, cost)?,
                ..deal
            }),
            deal => deal,
        };
        let lot = Lot {
            quantity: mul(lot.quantity, ratio)?,
            cost,
            deal,
            ..lot
        };
        let position = fold.state.position_mut(chart, (place, to), entry.trade_date);
        position.book(lot, entry, fold.closings)?;
    }
    Ok(())
}

/// Pays the entry's amount back on what is held, by quantity: it lowers the cost, and what exceeds that is gain.
fn pay_back(
    fold: &mut Fold<'_>,
    instrument: InstrumentNo,
    holdings: &[(Place, Decimal)],
) -> Result<(), Reason> {
    let amount = fold.in_instrument_currency(fold.entry.amount, instrument)?;
    let mut all = Decimal::ZERO;
    for (_, units) in holdings {
        all = add(all, *units)?;
    }
    if amount.is_zero() || all.is_zero() {
        return Ok(());
    }
    let (chart, entry) = (fold.chart, fold.entry);
    let closings = &mut *fold.closings;
    for (place, units) in holdings {
        let part = share(amount, *units, all)?;
        let position = fold
            .state
            .position_mut(chart, (*place, instrument), entry.trade_date);
        position.lots.return_cost(part, *units, &mut |lot, excess| {
            closings.push(|| Closing {
                instrument,
                place: *place,
                opened_by: lot.opened_by,
                acquired_on: lot.acquired_on,
                closed_by: entry.number,
                closed_on: entry.trade_date,
                quantity: Decimal::ZERO,
                cost: Decimal::ZERO,
                proceeds: excess,
                layers: Vec::new(),
                opened_at: lot.deal,
                closed_at: entry.account.and_then(|account| {
                    let currency = chart.currency(account)?;
                    let rate = entry.fx_rate()?;
                    Some(DealRate { currency, rate })
                }),
            });
            Ok(())
        })?;
    }
    Ok(())
}
