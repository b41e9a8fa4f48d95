//! What an entry must have before it is replayed, whatever stands before it.

use super::{Chart, Entry, Kind, Member, Reason, Terms};
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
    match &entry.kind {
        Kind::Buy => traded(
            entry,
            |quantity| quantity > Decimal::ZERO,
            |amount| amount <= Decimal::ZERO,
        ),
        Kind::Sell => traded(entry, |quantity| quantity < Decimal::ZERO, |_| true),
        Kind::Redemption => {
            traded(
                entry,
                |quantity| quantity < Decimal::ZERO,
                |amount| amount >= Decimal::ZERO,
            )?;
            quoted_in_per_cent(chart, entry)
        }
        Kind::Deposit => paid(entry, |amount| amount > Decimal::ZERO),
        Kind::Withdrawal | Kind::Fee => paid(entry, |amount| amount < Decimal::ZERO),
        Kind::Interest => paid(entry, |amount| !amount.is_zero()),
        Kind::Dividend | Kind::Coupon => {
            present(entry.instrument.is_some(), Member::Instrument)?;
            paid(entry, |amount| amount > Decimal::ZERO)
        }
        Kind::Transfer { .. } => transferred(entry),
        Kind::FxTrade { amount, .. } => {
            paid(entry, |amount| !amount.is_zero())?;
            let opposite = amount.is_sign_negative() != entry.amount.is_sign_negative();
            signed(opposite && !amount.is_zero(), Member::CounterAmount)
        }
        Kind::CorporateAction { ratio } => {
            present(entry.instrument.is_some(), Member::Instrument)?;
            signed(*ratio > Decimal::ZERO, Member::Ratio)
        }
        Kind::CapitalCall(_) => of_private_fund(chart, entry, |amount| amount < Decimal::ZERO),
        Kind::Distribution(_) => of_private_fund(chart, entry, |amount| amount > Decimal::ZERO),
    }
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

fn traded(
    entry: &Entry,
    quantity: impl Fn(Decimal) -> bool,
    amount: impl Fn(Decimal) -> bool,
) -> Result<(), Reason> {
    present(entry.instrument.is_some(), Member::Instrument)?;
    present(entry.place().is_some(), Member::Depository)?;
    present(entry.price.is_some(), Member::Price)?;
    signed(quantity(entry.quantity), Member::Quantity)?;
    paid(entry, amount)
}

fn transferred(entry: &Entry) -> Result<(), Reason> {
    if entry.instrument.is_some() {
        present(entry.place().is_some(), Member::Depository)?;
        return signed(!entry.quantity.is_zero(), Member::Quantity);
    }
    paid(entry, |amount| !amount.is_zero())
}

fn quoted_in_per_cent(chart: &Chart, entry: &Entry) -> Result<(), Reason> {
    let instrument = entry.instrument.and_then(|number| chart.instrument(number));
    match instrument {
        Some(instrument) if instrument.terms.is_quoted_in_per_cent() => Ok(()),
        _ => Err(Reason::WrongInstrumentType),
    }
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
            let currency = |number: Option<_>| number.and_then(|number| chart.account(number));
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
