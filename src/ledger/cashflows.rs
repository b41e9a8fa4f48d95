//! Payments that the terms of holdings promise.

use super::{
    CashflowKind, ExpectedCashflow, Fault, InstrumentNo, Ledger, Place, Scope, Terms, accrual,
    arithmetic::{div, mul, sub},
    valuation::Valuation,
};
use jiff::civil::Date;
use rust_decimal::Decimal;

impl Ledger {
    /// What the holdings of `scope` at the end of `today` will pay after it, up to `horizon`, ordered by date.
    ///
    /// # Errors
    /// When a figure leaves the range of 28 digits.
    pub fn expected_cashflows(
        &self,
        scope: &Scope,
        today: Date,
        horizon: Date,
    ) -> Result<Vec<ExpectedCashflow>, Fault> {
        let state = self.state_at(today)?;
        let mut expected = Vec::new();
        for position in state.positions() {
            if position.is_open() && scope.has(position.place, position.instrument) {
                let promise = Promise {
                    valuation: self.valuation(&state),
                    place: position.place,
                    instrument: position.instrument,
                    nominal: position.quantity(),
                    original: position.original_par(),
                };
                expected.extend(promise.payments(today, horizon)?);
            }
        }
        expected.sort_by_key(|flow| (flow.date, flow.place, flow.instrument, flow.kind));
        Ok(expected)
    }

    /// What a holding of an instrument pays after one day up to another by its terms: `nominal` is left of the
    /// `original` that instalments are a fraction of.
    ///
    /// # Errors
    /// When a figure leaves the range of 28 digits.
    pub fn promised(
        &self,
        (place, instrument): (Place, InstrumentNo),
        (nominal, original): (Decimal, Decimal),
        (after, until): (Date, Date),
    ) -> Result<Vec<ExpectedCashflow>, Fault> {
        let promise = Promise {
            valuation: self.valuation(self.head()),
            place,
            instrument,
            nominal,
            original,
        };
        promise.payments(after, until)
    }
}

/// What is held of one instrument, and its terms.
struct Promise<'a> {
    valuation: Valuation<'a>,
    place: Place,
    instrument: InstrumentNo,
    nominal: Decimal,
    original: Decimal,
}

impl Promise<'_> {
    fn payments(&self, after: Date, until: Date) -> Result<Vec<ExpectedCashflow>, Fault> {
        let Some(instrument) = self.valuation.chart.instrument(self.instrument) else {
            return Ok(Vec::new());
        };
        let terms = &instrument.terms;
        let bounds = self.valuation.chart.bounds(self.instrument);
        let mut left = self.nominal;
        let mut payments = Vec::new();
        for period in bounds.windows(2) {
            let [start, end] = [period[0], period[1]];
            if end <= after {
                continue;
            }
            if end > until {
                break;
            }
            if let Some(coupons) = terms.coupons() {
                let interest = accrual::interest(coupons, left, start, end)?;
                payments.push(self.payment(interest_of(terms), end, self.indexed(terms, interest, after)?));
            }
            let instalment = nearer_to_zero(instalment(terms, self.original)?, left);
            if !instalment.is_zero() && terms.maturity() != Some(end) {
                payments.push(self.payment(CashflowKind::Principal, end, instalment));
                left = sub(left, instalment)?;
            }
        }
        if let Some(maturity) = terms.maturity().filter(|day| *day > after && *day <= until)
            && !left.is_zero()
        {
            payments.push(self.payment(
                CashflowKind::Principal,
                maturity,
                self.indexed(terms, left, after)?,
            ));
        }
        Ok(payments)
    }

    /// Index-linked payments at the latest known factor.
    fn indexed(&self, terms: &Terms, amount: Decimal, day: Date) -> Result<Decimal, Fault> {
        if !matches!(terms, Terms::IndexLinkedBond(_)) {
            return Ok(amount);
        }
        Ok(mul(
            amount,
            self.valuation.market.index_factor(self.instrument, day),
        )?)
    }

    fn payment(&self, kind: CashflowKind, date: Date, amount: Decimal) -> ExpectedCashflow {
        ExpectedCashflow {
            place: self.place,
            instrument: self.instrument,
            kind,
            date,
            amount,
        }
    }
}

fn interest_of(terms: &Terms) -> CashflowKind {
    match terms {
        Terms::Loan { .. } => CashflowKind::Interest,
        _ => CashflowKind::Coupon,
    }
}

/// An instalment, but no more than what is left; both have the sign of what is held.
fn nearer_to_zero(instalment: Decimal, left: Decimal) -> Decimal {
    if instalment.abs() > left.abs() {
        left
    } else if left.is_sign_negative() {
        -instalment.abs()
    } else {
        instalment
    }
}

/// What a loan repays with every interest payment: a fraction of its original par.
fn instalment(terms: &Terms, original: Decimal) -> Result<Decimal, Fault> {
    let Terms::Loan {
        coupons: Some(coupons),
        amortisation,
        ..
    } = terms
    else {
        return Ok(Decimal::ZERO);
    };
    let months = Decimal::from(coupons.frequency.months());
    Ok(div(
        mul(mul(original, *amortisation)?, months)?,
        Decimal::from(12),
    )?)
}
