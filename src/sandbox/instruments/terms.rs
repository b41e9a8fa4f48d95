//! Which terms an instrument of each type needs and takes, and what they may say.

use contract::{
    Day, FieldError,
    instruments::{Instrument, InstrumentType as Type, Terms},
};
use jiff::{ToSpan, civil::Date};
use rust_decimal::Decimal;

/// A figure has at most this many decimal places.
const PLACES: u32 = 10;
/// A figure is smaller than ten to this power.
const DIGITS: u32 = 15;
/// Nothing begins earlier.
const EARLIEST: Date = jiff::civil::date(1900, 1, 1);
/// Nothing runs longer, in years.
const LONGEST: i32 = 100;

const COUPONS: &[&str] = &[
    "coupon_rate",
    "coupon_frequency",
    "day_count",
    "dated_date",
    "maturity_date",
];

/// What a type needs, and what it takes besides.
const fn table(kind: Type) -> (&'static [&'static str], &'static [&'static str]) {
    match kind {
        Type::Stock | Type::Fund | Type::Cash => (&[], &[]),
        Type::Bond | Type::IndexLinkedBond => (COUPONS, &[]),
        Type::ZeroCouponBond => (&["maturity_date"], &[]),
        Type::Loan => (COUPONS, &["reference_rate", "margin", "amortisation"]),
        Type::PrivateMarketFund => (
            &["commitment"],
            &["commitment_date", "manager", "strategy", "region", "vintage"],
        ),
        Type::Option => (&["underlying_id", "right", "strike", "expiry"], &["multiplier"]),
        Type::FxForward => (
            &[
                "base_currency",
                "quote_currency",
                "notional",
                "forward_rate",
                "settlement_date",
            ],
            &[],
        ),
    }
}

/// Every way in which the terms of an instrument do not go with its type or with each other; empty when they do.
pub(super) fn faults(instrument: &Instrument) -> Vec<FieldError> {
    let (needed, taken) = table(instrument.r#type);
    let kind = instrument.r#type.as_str();
    let mut faults: Vec<FieldError> = instrument
        .terms
        .members()
        .filter_map(|(name, is_there)| {
            let detail = match (is_there, needed.contains(&name), taken.contains(&name)) {
                (false, true, _) => "is required",
                (true, false, false) => "is not taken",
                _ => return None,
            };
            Some(fault(name, format!("{detail} by the type `{kind}`")))
        })
        .collect();
    let terms = &instrument.terms;
    figures(terms, &mut faults);
    days(terms, &mut faults);
    currencies(instrument, &mut faults);
    faults
}

fn figures(terms: &Terms, faults: &mut Vec<FieldError>) {
    const FRACTION: &str = "is a fraction between 0 and 1: 0.05 is 5 %";
    const POSITIVE: &str = "must be positive";
    let fraction = |value: Decimal| value >= Decimal::ZERO && value <= Decimal::ONE;
    let positive = |value: Decimal| value > Decimal::ZERO;
    let figures: [(_, _, &dyn Fn(Decimal) -> bool, _); 8] = [
        ("coupon_rate", terms.coupon_rate, &fraction, FRACTION),
        ("margin", terms.margin, &fraction, FRACTION),
        ("amortisation", terms.amortisation, &fraction, FRACTION),
        ("commitment", terms.commitment, &positive, POSITIVE),
        ("strike", terms.strike, &positive, POSITIVE),
        ("multiplier", terms.multiplier, &positive, POSITIVE),
        ("notional", terms.notional, &positive, POSITIVE),
        ("forward_rate", terms.forward_rate, &positive, POSITIVE),
    ];
    for (name, value, holds, rule) in figures {
        let Some(value) = value.map(contract::Decimal::value) else {
            continue;
        };
        if !holds(value) {
            faults.push(fault(name, rule));
        } else if let Some(detail) = too_long(value) {
            faults.push(fault(name, detail));
        }
    }
}

/// What is wrong with a figure that no sum could keep.
pub(in crate::sandbox) fn too_long(value: Decimal) -> Option<String> {
    let value = value.normalize();
    if value.abs() >= Decimal::from(10_u64.pow(DIGITS)) {
        return Some(format!("has more than {DIGITS} digits before the point"));
    }
    (value.scale() > PLACES).then(|| format!("has more than {PLACES} decimal places"))
}

fn days(terms: &Terms, faults: &mut Vec<FieldError>) {
    for (name, day) in [
        ("dated_date", terms.dated_date),
        ("maturity_date", terms.maturity_date),
        ("commitment_date", terms.commitment_date),
        ("expiry", terms.expiry),
        ("settlement_date", terms.settlement_date),
    ] {
        if day.is_some_and(|day| day.date() < EARLIEST) {
            faults.push(fault(name, format!("is before {EARLIEST}")));
        }
    }
    let (Some(dated), Some(maturity)) = (
        terms.dated_date.map(Day::date),
        terms.maturity_date.map(Day::date),
    ) else {
        return;
    };
    if maturity <= dated {
        faults.push(fault(
            "maturity_date",
            format!("must be after the dated date, {dated}"),
        ));
    } else if maturity > dated.saturating_add(LONGEST.years()) {
        let detail = format!("is more than {LONGEST} years after the dated date, {dated}");
        faults.push(fault("maturity_date", detail));
    }
}

fn currencies(instrument: &Instrument, faults: &mut Vec<FieldError>) {
    let terms = &instrument.terms;
    if let Some(quote) = &terms.quote_currency {
        if *quote != instrument.currency {
            let detail = format!("is not the currency of the instrument, {}", instrument.currency);
            faults.push(fault("quote_currency", detail));
        }
        if terms.base_currency.as_ref() == Some(quote) {
            faults.push(fault("base_currency", "is the quote currency"));
        }
    }
}

/// A fault of one of the terms.
pub(super) fn fault(name: &str, detail: impl Into<String>) -> FieldError {
    FieldError::at(format!("/terms/{name}"), detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::instruments::InstrumentSource;
    use serde_json::{Value, json};

    fn pointers(kind: Type, terms: Value) -> Vec<String> {
        let instrument = Instrument {
            id: "66a1f0c2d4e5b60718296901".parse().unwrap(),
            r#type: kind,
            name: "N".parse().unwrap(),
            currency: "USD".parse().unwrap(),
            country: None,
            isin: None,
            ticker: None,
            exchange: None,
            class_id: "equity".parse().unwrap(),
            detailed_class_id: None,
            issuer: None,
            source: InstrumentSource::Client,
            terms: serde_json::from_value(terms).unwrap(),
            created_at: contract::Timestamp::from_millis(0),
            updated_at: contract::Timestamp::from_millis(0),
        };
        let found = faults(&instrument).into_iter();
        found.filter_map(|fault| fault.pointer).collect()
    }

    #[test]
    fn each_type_names_the_terms_that_it_lacks() {
        let coupons: Vec<_> = COUPONS.iter().map(|name| format!("#/terms/{name}")).collect();
        for (kind, needed) in [
            (Type::Bond, &coupons),
            (Type::IndexLinkedBond, &coupons),
            (Type::Loan, &coupons),
        ] {
            assert_eq!(&pointers(kind, json!({})), needed, "{kind:?}");
        }
        assert_eq!(pointers(Type::Stock, json!({})), [""; 0]);
        assert_eq!(
            pointers(Type::ZeroCouponBond, json!({})),
            ["#/terms/maturity_date"]
        );
        assert_eq!(
            pointers(Type::PrivateMarketFund, json!({})),
            ["#/terms/commitment"]
        );
        assert_eq!(pointers(Type::FxForward, json!({})).len(), 5);
        assert_eq!(pointers(Type::Option, json!({})).len(), 4);
    }

    #[test]
    fn terms_of_another_type_are_refused() {
        assert_eq!(
            pointers(Type::Stock, json!({ "strike": "1", "coupon_rate": "0.1" })),
            ["#/terms/coupon_rate", "#/terms/strike"]
        );
    }

    #[test]
    fn what_terms_say_must_make_sense() {
        let bond = |rate: &str, dated: &str, maturity: &str| {
            let terms = json!({ "coupon_rate": rate, "coupon_frequency": "annually", "day_count": "30/360",
                                "dated_date": dated, "maturity_date": maturity });
            pointers(Type::Bond, terms)
        };
        assert_eq!(bond("0.035", "2020-01-01", "2030-01-01"), [""; 0]);
        assert_eq!(bond("3.5", "2020-01-01", "2030-01-01"), ["#/terms/coupon_rate"]);
        assert_eq!(
            bond("0.035", "2030-01-01", "2030-01-01"),
            ["#/terms/maturity_date"]
        );
        assert_eq!(
            bond("0.035", "1900-01-01", "2030-01-01"),
            ["#/terms/maturity_date"]
        );
        assert_eq!(bond("0.035", "1899-12-31", "1950-01-01"), ["#/terms/dated_date"]);
        let forward = |base: &str, quote: &str| {
            let terms = json!({ "base_currency": base, "quote_currency": quote, "notional": "1", "forward_rate": "1",
                                "settlement_date": "2027-01-01" });
            pointers(Type::FxForward, terms)
        };
        assert_eq!(forward("EUR", "USD"), [""; 0]);
        assert_eq!(forward("USD", "USD"), ["#/terms/base_currency"]);
        assert_eq!(forward("EUR", "DKK"), ["#/terms/quote_currency"]);
    }
}
