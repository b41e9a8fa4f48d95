//! What an entry must have before it is replayed, whatever stands before it.

use super::{Chart, CorporateAction, Entry, Kind, Member, Reason, Terms};
use rust_decimal::Decimal;

/// Checks members, signs and handles of an entry.
pub(super) fn check(chart: &Chart, entry: &Entry) -> Result<(), Reason> {
    known(chart, entry)?;
    if entry.fees < Decimal::ZERO {
        return Err(Reason::WrongSign(Member::Fees));
    }
    if entry.price.is_some_and(|price| price < Decimal::ZERO) {
        return Err(Reason::WrongSign(Member::Price));
    }
    if entry.fx_rate().is_some_and(|rate| rate <= Decimal::ZERO) {
        return Err(Reason::WrongSign(Member::FxRate));
    }
    match &entry.kind {
        Kind::Buy => {
            priced(entry)?;
            signed(entry.quantity > Decimal::ZERO, Member::Quantity)?;
            paid(entry, |amount| amount <= Decimal::ZERO)
        }
        Kind::Sell => {
            priced(entry)?;
            signed(entry.quantity < Decimal::ZERO, Member::Quantity)?;
            paid(entry, |_| true)
        }
        Kind::Redemption => redeemed(chart, entry),
        Kind::Deposit => paid(entry, |amount| amount > Decimal::ZERO),
        Kind::Withdrawal | Kind::Fee => paid(entry, |amount| amount < Decimal::ZERO),
        Kind::Interest => paid(entry, |amount| !amount.is_zero()),
        Kind::Dividend | Kind::Coupon => {
            present(entry.instrument.is_some(), Member::Instrument)?;
            // Who is short pays what the units pay.
            let may_pay = allows_short(chart, entry);
            paid(entry, |amount| {
                amount > Decimal::ZERO || (may_pay && !amount.is_zero())
            })
        }
        Kind::Transfer { .. } => transferred(entry),
        Kind::FxTrade { amount, .. } => {
            paid(entry, |amount| !amount.is_zero())?;
            let opposite = amount.is_sign_negative() != entry.amount.is_sign_negative();
            signed(opposite && !amount.is_zero(), Member::CounterAmount)
        }
        Kind::CorporateAction(action) => acted(chart, entry, action),
        Kind::CapitalCall(_) => of_private_fund(chart, entry, |amount| amount < Decimal::ZERO),
        Kind::Distribution(_) => of_private_fund(chart, entry, |amount| amount > Decimal::ZERO),
    }
}

fn allows_short(chart: &Chart, entry: &Entry) -> bool {
    let account = entry.account.and_then(|account| chart.account(account));
    account.is_some_and(|account| account.allows_short)
}

fn acted(chart: &Chart, entry: &Entry, action: &CorporateAction) -> Result<(), Reason> {
    let instrument = entry.instrument.ok_or(Reason::Missing(Member::Instrument))?;
    if let Some(target) = action.target() {
        present_in(chart, target)?;
        if target == instrument {
            return Err(Reason::SameInstrument);
        }
    }
    match action {
        CorporateAction::Split { ratio } | CorporateAction::Merger { ratio, .. } => {
            signed(*ratio > Decimal::ZERO, Member::Ratio)
        }
        CorporateAction::SpinOff {
            ratio, cost_fraction, ..
        } => {
            signed(*ratio > Decimal::ZERO, Member::Ratio)?;
            let is_fraction = *cost_fraction >= Decimal::ZERO && *cost_fraction <= Decimal::ONE;
            is_fraction
                .then_some(())
                .ok_or(Reason::OutOfRange(Member::CostFraction))
        }
        CorporateAction::ReturnOfCapital => {
            let may_pay = allows_short(chart, entry);
            paid(entry, |amount| {
                amount > Decimal::ZERO || (may_pay && !amount.is_zero())
            })
        }
    }
}

fn present_in(chart: &Chart, target: super::InstrumentNo) -> Result<(), Reason> {
    chart
        .instrument(target)
        .map(drop)
        .ok_or(Reason::Unknown(Member::TargetInstrument))
}

/// What is redeemed is a bond or loan, or an option or forward that ends. A short one costs money.
fn redeemed(chart: &Chart, entry: &Entry) -> Result<(), Reason> {
    let number = entry.instrument.ok_or(Reason::Missing(Member::Instrument))?;
    let terms = chart.instrument(number).map(|instrument| &instrument.terms);
    let Some(terms) = terms.filter(|terms| terms.is_redeemable()) else {
        return Err(Reason::WrongInstrumentType);
    };
    present(entry.place().is_some(), Member::Depository)?;
    if !terms.is_settled() {
        present(entry.price.is_some(), Member::Price)?;
    }
    if allows_short(chart, entry) && entry.quantity > Decimal::ZERO {
        return paid(entry, |_| true);
    }
    signed(entry.quantity < Decimal::ZERO, Member::Quantity)?;
    let may_cost = matches!(terms, Terms::FxForward(_));
    paid(entry, |amount| may_cost || amount >= Decimal::ZERO)
}

fn present(is_there: bool, member: Member) -> Result<(), Reason> {
    is_there.then_some(()).ok_or(Reason::Missing(member))
}

fn signed(is_right: bool, member: Member) -> Result<(), Reason> {
    is_right.then_some(()).ok_or(Reason::WrongSign(member))
}

fn paid(entry: &Entry, is_right: impl Fn(Decimal) -> bool) -> Result<(), Reason> {
    present(entry.account.is_some(), Member::Account)?;
    signed(is_right(entry.amount), Member::Amount)
}

fn priced(entry: &Entry) -> Result<(), Reason> {
    present(entry.instrument.is_some(), Member::Instrument)?;
    present(entry.place().is_some(), Member::Depository)?;
    present(entry.price.is_some(), Member::Price)
}

fn transferred(entry: &Entry) -> Result<(), Reason> {
    if entry.instrument.is_some() {
        present(entry.place().is_some(), Member::Depository)?;
        let cost = entry.details.as_ref().and_then(|details| details.cost);
        signed(cost.is_none_or(|cost| cost >= Decimal::ZERO), Member::Cost)?;
        return signed(!entry.quantity.is_zero(), Member::Quantity);
    }
    paid(entry, |amount| !amount.is_zero())
}

fn of_private_fund(chart: &Chart, entry: &Entry, is_right: impl Fn(Decimal) -> bool) -> Result<(), Reason> {
    let number = entry.instrument.ok_or(Reason::Missing(Member::Instrument))?;
    match chart.instrument(number).map(|instrument| &instrument.terms) {
        Some(Terms::PrivateMarketFund { .. }) => paid(entry, is_right),
        _ => Err(Reason::WrongInstrumentType),
    }
}

fn known(chart: &Chart, entry: &Entry) -> Result<(), Reason> {
    let account = |number: Option<_>, member| match number {
        Some(number) if chart.account(number).is_none() => Err(Reason::Unknown(member)),
        _ => Ok(()),
    };
    let depository = |number: Option<_>, member| match number {
        Some(number) if chart.depository(number).is_none() => Err(Reason::Unknown(member)),
        _ => Ok(()),
    };
    account(entry.account, Member::Account)?;
    depository(entry.depository, Member::Depository)?;
    if entry
        .instrument
        .is_some_and(|number| chart.instrument(number).is_none())
    {
        return Err(Reason::Unknown(Member::Instrument));
    }
    match entry.kind {
        Kind::FxTrade { account: other, .. } => account(Some(other), Member::CounterAccount),
        Kind::Transfer {
            account: to,
            depository: at,
        } => {
            account(to, Member::CounterpartyAccount)?;
            depository(at, Member::CounterpartyDepository)?;
            let currency = |number: Option<_>| number.and_then(|number| chart.currency(number));
            match (currency(entry.account), currency(to)) {
                (Some(from), Some(to)) if from != to && !entry.amount.is_zero() => {
                    Err(Reason::WrongCurrency(Member::CounterpartyAccount))
                }
                _ => Ok(()),
            }
        }
        _ => Ok(()),
    }
}
