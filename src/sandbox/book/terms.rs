//! The terms of instruments as the ledger reads them.

use crate::{
    ledger::{Coupons, Currency, DayCount, Forward, Frequency, Terms},
    store::market::instrument::InstrumentType,
};
use contract::instruments::Instrument;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Map, Value};
use std::str::FromStr;

/// Units of the underlying for each option, where the terms do not say.
const MULTIPLIER: Decimal = Decimal::ONE_HUNDRED;

/// The terms of an instrument as the API shows it.
pub(in crate::sandbox) fn read(instrument: &Instrument) -> Terms {
    let members = serde_json::to_value(&instrument.terms).ok();
    let members = members.and_then(|members| members.as_object().cloned());
    of(instrument.r#type, &members.unwrap_or_default())
}

/// The terms of an instrument of this type. Where required members are missing, what is quoted in per cent of par still
/// is, and nothing accrues; a forward is valued like a share.
pub(super) fn of(kind: InstrumentType, members: &Map<String, Value>) -> Terms {
    let terms = Members(members);
    let found = match kind {
        InstrumentType::Stock => Some(Terms::Stock),
        InstrumentType::Fund => Some(Terms::Fund),
        InstrumentType::Cash => Some(Terms::Cash),
        InstrumentType::Bond => Some(terms.coupons().map_or_else(|| terms.loan(), Terms::Bond)),
        InstrumentType::IndexLinkedBond => {
            let linked = terms.coupons().map(Terms::IndexLinkedBond);
            Some(linked.unwrap_or_else(|| terms.loan()))
        }
        InstrumentType::ZeroCouponBond => Some(terms.zero_coupon_bond().unwrap_or_else(|| terms.loan())),
        InstrumentType::Loan => Some(terms.loan()),
        InstrumentType::PrivateMarketFund => Some(Terms::PrivateMarketFund {
            commitment: terms.read("commitment").unwrap_or_default(),
        }),
        InstrumentType::Option => Some(Terms::Option {
            multiplier: terms.read("multiplier").unwrap_or(MULTIPLIER),
            expiry: terms.read("expiry"),
        }),
        InstrumentType::FxForward => terms.forward().map(Terms::FxForward),
    };
    found.unwrap_or(Terms::Stock)
}

struct Members<'t>(&'t Map<String, Value>);

impl Members<'_> {
    fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    /// A member that stands as text or, where it is a number, as one.
    fn read<T: FromStr>(&self, name: &str) -> Option<T> {
        match self.0.get(name)? {
            Value::String(text) => text.parse().ok(),
            Value::Number(number) => number.to_string().parse().ok(),
            _ => None,
        }
    }

    fn coupons(&self) -> Option<Coupons> {
        Some(Coupons {
            rate: self.read("coupon_rate")?,
            frequency: match self.text("coupon_frequency")? {
                "annually" => Frequency::Annually,
                "semiannually" => Frequency::Semiannually,
                "quarterly" => Frequency::Quarterly,
                _ => return None,
            },
            day_count: match self.text("day_count")? {
                "30/360" => DayCount::Thirty360,
                "actual/360" => DayCount::Actual360,
                "actual/365" => DayCount::Actual365,
                "actual/actual" => DayCount::ActualActual,
                "actual/actual_icma" => DayCount::ActualActualIcma,
                _ => return None,
            },
            dated: self.read::<Date>("dated_date")?,
            first_coupon: self.read::<Date>("first_coupon_date"),
            end_of_month: self
                .0
                .get("end_of_month")
                .and_then(Value::as_bool)
                .unwrap_or_default(),
            maturity: self.read::<Date>("maturity_date")?,
        })
    }

    fn zero_coupon_bond(&self) -> Option<Terms> {
        let maturity = self.read("maturity_date")?;
        Some(Terms::ZeroCouponBond { maturity })
    }

    fn loan(&self) -> Terms {
        Terms::Loan {
            coupons: self.coupons(),
            amortisation: self.read("amortisation").unwrap_or_default(),
            maturity: self.read("maturity_date"),
        }
    }

    fn forward(&self) -> Option<Forward> {
        Some(Forward {
            base: Currency::new(self.text("base_currency")?)?,
            quote: Currency::new(self.text("quote_currency")?)?,
            notional: self.read("notional")?,
            rate: self.read("forward_rate")?,
            settlement: self.read("settlement_date")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn terms(kind: InstrumentType, members: &Value) -> Terms {
        of(kind, members.as_object().unwrap())
    }

    #[test]
    fn a_bond_is_read_with_its_coupons_whether_its_rate_is_text_or_a_number() {
        let members = |rate: Value| {
            json!({ "coupon_rate": rate, "coupon_frequency": "semiannually", "day_count": "actual/actual",
                    "dated_date": "2021-08-31", "maturity_date": "2031-08-31" })
        };
        let bond = terms(InstrumentType::Bond, &members(json!("0.03")));
        assert_eq!(terms(InstrumentType::Bond, &members(json!(0.03))), bond);
        assert_eq!(bond.coupons().unwrap().rate, Decimal::new(3, 2));
    }

    #[test]
    fn what_the_terms_leave_out_has_its_usual_value() {
        assert_eq!(
            terms(InstrumentType::Option, &json!({})),
            Terms::Option {
                multiplier: Decimal::ONE_HUNDRED,
                expiry: None,
            }
        );
    }

    #[test]
    fn what_is_quoted_in_per_cent_stays_so_whatever_its_terms_leave_out() {
        for kind in InstrumentType::ALL {
            let found = terms(*kind, &json!({ "maturity_date": "2031-08-31" }));
            assert_eq!(
                found.is_quoted_in_per_cent(),
                kind.is_quoted_in_per_cent(),
                "{kind:?}"
            );
            let found = terms(*kind, &json!({}));
            assert_eq!(
                found.is_quoted_in_per_cent(),
                kind.is_quoted_in_per_cent(),
                "{kind:?}"
            );
        }
    }
}
