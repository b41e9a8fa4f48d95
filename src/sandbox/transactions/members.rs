//! Which members a transaction of each type needs and takes, and which signs they have.

use contract::{
    FieldError,
    transactions::{NewTransaction, TransactionType as Type},
};
use rust_decimal::Decimal;

/// A figure has at most this many decimal places.
const PLACES: u32 = 8;
/// A figure is smaller than ten to this power.
const DIGITS: u32 = 15;

/// The name of a member, and whether a transaction has it.
type Member = (&'static str, fn(&NewTransaction) -> bool);

/// Each member that depends on the type.
const MEMBERS: [Member; 20] = [
    ("depository_id", |new| new.depository_id.is_some()),
    ("instrument_id", |new| new.instrument_id.is_some()),
    ("amount", |new| new.amount.is_some()),
    ("quantity", |new| new.quantity.is_some()),
    ("price", |new| new.price.is_some()),
    ("fees", |new| new.fees.is_some()),
    ("accrued_interest", |new| new.accrued_interest.is_some()),
    ("lot_ids", |new| new.lot_ids.is_some()),
    ("ratio", |new| new.ratio.is_some()),
    ("counterparty_account_id", |new| {
        new.counterparty_account_id.is_some()
    }),
    ("counterparty_depository_id", |new| {
        new.counterparty_depository_id.is_some()
    }),
    ("counter_account_id", |new| new.counter_account_id.is_some()),
    ("counter_amount", |new| new.counter_amount.is_some()),
    ("category", |new| new.category.is_some()),
    ("effect_on_commitment", |new| new.effect_on_commitment.is_some()),
    ("recallable_amount", |new| new.recallable_amount.is_some()),
    ("affects_multiples", |new| new.affects_multiples.is_some()),
    ("affects_irr", |new| new.affects_irr.is_some()),
    ("affects_cost_basis", |new| new.affects_cost_basis.is_some()),
    ("affects_nav", |new| new.affects_nav.is_some()),
];

/// Every way in which the members of `new` do not go with its type; empty when they do.
pub(super) fn faults(new: &NewTransaction) -> Vec<FieldError> {
    let (needed, taken) = table(new);
    let mut faults: Vec<FieldError> = MEMBERS
        .iter()
        .filter_map(|(name, is_there)| {
            let detail = match (is_there(new), needed.contains(name), taken.contains(name)) {
                (false, true, _) => "is required",
                (true, false, false) => "is not taken",
                _ => return None,
            };
            Some(fault(name, format!("{detail} {}", of(new))))
        })
        .collect();
    figures(new, &mut faults);
    if faults.is_empty() {
        signs(new, &mut faults);
    }
    faults
}

/// What a type needs, and what it takes besides.
fn table(new: &NewTransaction) -> (&'static [&'static str], &'static [&'static str]) {
    match new.r#type {
        Type::Buy => (
            &["depository_id", "instrument_id", "amount", "quantity", "price"],
            &["fees", "accrued_interest"],
        ),
        Type::Sell | Type::Redemption => (
            &["depository_id", "instrument_id", "amount", "quantity", "price"],
            &["fees", "accrued_interest", "lot_ids"],
        ),
        Type::Deposit | Type::Withdrawal => (&["amount"], &[]),
        Type::Transfer if new.instrument_id.is_some() || new.quantity.is_some() => (
            &["instrument_id", "quantity"],
            &[
                "depository_id",
                "price",
                "lot_ids",
                "counterparty_account_id",
                "counterparty_depository_id",
            ],
        ),
        Type::Transfer => (&["amount"], &["counterparty_account_id"]),
        Type::Dividend | Type::Coupon => (&["instrument_id", "amount"], &["depository_id"]),
        Type::Interest => (&["amount"], &["instrument_id", "depository_id"]),
        Type::Fee => (&["amount", "category"], &["instrument_id", "depository_id"]),
        Type::FxTrade => (&["amount", "counter_account_id", "counter_amount"], &[]),
        Type::CorporateAction => (&["instrument_id", "ratio"], &["depository_id"]),
        Type::CapitalCall | Type::Distribution => (
            &["instrument_id", "amount"],
            &[
                "depository_id",
                "category",
                "effect_on_commitment",
                "recallable_amount",
                "affects_multiples",
                "affects_irr",
                "affects_cost_basis",
                "affects_nav",
            ],
        ),
    }
}

/// Bounds that keep every sum of the ledger exact.
fn figures(new: &NewTransaction, faults: &mut Vec<FieldError>) {
    let figures = [
        ("amount", new.amount),
        ("quantity", new.quantity),
        ("price", new.price),
        ("fees", new.fees),
        ("accrued_interest", new.accrued_interest),
        ("ratio", new.ratio),
        ("counter_amount", new.counter_amount),
        ("effect_on_commitment", new.effect_on_commitment),
        ("recallable_amount", new.recallable_amount),
    ];
    let bound = Decimal::from(10_u64.pow(DIGITS));
    for (name, figure) in figures {
        let Some(value) = figure.map(|figure| figure.value().normalize()) else {
            continue;
        };
        if value.abs() >= bound {
            faults.push(fault(
                name,
                format!("has more than {DIGITS} digits before the point"),
            ));
        } else if value.scale() > PLACES {
            faults.push(fault(name, format!("has more than {PLACES} decimal places")));
        }
    }
}

fn signs(new: &NewTransaction, faults: &mut Vec<FieldError>) {
    let value = |figure: Option<contract::Decimal>| figure.map(contract::Decimal::value).unwrap_or_default();
    let (amount, quantity) = (value(new.amount), value(new.quantity));
    let mut require = |name: &str, holds: bool, rule: &str| {
        if !holds {
            faults.push(fault(name, format!("{rule} {}", of(new))));
        }
    };
    let zero = Decimal::ZERO;
    require("fees", value(new.fees) >= zero, "must not be negative");
    require("price", value(new.price) >= zero, "must not be negative");
    require(
        "accrued_interest",
        value(new.accrued_interest) >= zero,
        "must not be negative",
    );
    match new.r#type {
        Type::Buy => {
            require("quantity", quantity > zero, "must be positive");
            require("amount", amount <= zero, "must not be positive");
        }
        Type::Sell | Type::Redemption => {
            require("quantity", quantity < zero, "must be negative");
            let least = if new.r#type == Type::Sell {
                -value(new.fees)
            } else {
                zero
            };
            require("amount", amount >= least, "must not be negative, fees aside,");
        }
        Type::Deposit | Type::Dividend | Type::Coupon | Type::Distribution => {
            require("amount", amount > zero, "must be positive");
        }
        Type::Withdrawal | Type::Fee | Type::CapitalCall => {
            require("amount", amount < zero, "must be negative");
        }
        Type::Transfer if new.instrument_id.is_some() => {
            require("quantity", !quantity.is_zero(), "must not be zero");
        }
        Type::Transfer | Type::Interest => require("amount", !amount.is_zero(), "must not be zero"),
        Type::FxTrade => {
            let other = value(new.counter_amount);
            require("amount", !amount.is_zero(), "must not be zero");
            require(
                "counter_amount",
                !other.is_zero() && other.is_sign_negative() != amount.is_sign_negative(),
                "must have the opposite sign of `amount`",
            );
        }
        Type::CorporateAction => require("ratio", value(new.ratio) > zero, "must be positive"),
    }
    commitment(new, faults);
}

/// What a call or distribution does to the commitment has its own sign, and cannot be recalled beyond its amount.
fn commitment(new: &NewTransaction, faults: &mut Vec<FieldError>) {
    let amount = new.amount.unwrap_or_default().value();
    if let Some(effect) = new.effect_on_commitment.map(contract::Decimal::value)
        && !effect.is_zero()
        && effect.is_sign_negative() != amount.is_sign_negative()
    {
        faults.push(fault(
            "effect_on_commitment",
            "must have the sign of `amount`".to_owned(),
        ));
    }
    let recallable = new.recallable_amount.unwrap_or_default().value();
    if recallable < Decimal::ZERO || recallable > amount.abs() {
        faults.push(fault(
            "recallable_amount",
            "must be between zero and `amount` without its sign".to_owned(),
        ));
    }
}

fn fault(member: &str, detail: String) -> FieldError {
    FieldError::at(format!("/{member}"), detail)
}

fn of(new: &NewTransaction) -> String {
    match new.r#type {
        Type::Transfer if new.instrument_id.is_some() => "by a transfer of an instrument".to_owned(),
        Type::Transfer => "by a transfer of money".to_owned(),
        kind => format!("by the type `{}`", kind.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::{Decimal as Figure, transactions::Category};

    fn figure(text: &str) -> Figure {
        text.parse().unwrap()
    }

    fn empty(kind: Type) -> NewTransaction {
        let account = "66a1f0c2d4e5b60718292001".parse().unwrap();
        NewTransaction::of(kind, account, "2026-06-30".parse().unwrap())
    }

    fn pointers(new: &NewTransaction) -> Vec<String> {
        faults(new)
            .into_iter()
            .filter_map(|fault| fault.pointer)
            .collect()
    }

    #[test]
    fn without_its_members_each_type_names_what_it_needs() {
        for (kind, needed) in [
            (Type::Buy, "depository_id instrument_id amount quantity price"),
            (
                Type::Redemption,
                "depository_id instrument_id amount quantity price",
            ),
            (Type::Withdrawal, "amount"),
            (Type::Transfer, "amount"),
            (Type::Coupon, "instrument_id amount"),
            (Type::Fee, "amount category"),
            (Type::FxTrade, "amount counter_account_id counter_amount"),
            (Type::CorporateAction, "instrument_id ratio"),
            (Type::Distribution, "instrument_id amount"),
        ] {
            let expected: Vec<_> = needed.split(' ').map(|name| format!("#/{name}")).collect();
            assert_eq!(pointers(&empty(kind)), expected, "{kind:?}");
        }
    }

    #[test]
    fn a_member_of_another_type_is_refused() {
        let deposit = NewTransaction {
            amount: Some(figure("10")),
            ratio: Some(figure("2")),
            category: Some(Category::Custody),
            ..empty(Type::Deposit)
        };
        assert_eq!(pointers(&deposit), ["#/ratio", "#/category"]);
    }

    #[test]
    fn a_figure_that_sums_could_not_keep_is_refused() {
        let deposit = |amount| NewTransaction {
            amount: Some(figure(amount)),
            ..empty(Type::Deposit)
        };
        assert_eq!(pointers(&deposit("999999999999999.99999999")), [""; 0]);
        assert_eq!(pointers(&deposit("1000000000000000")), ["#/amount"]);
        assert_eq!(pointers(&deposit("0.000000001")), ["#/amount"]);
        assert_eq!(pointers(&deposit("0.0000000010")), ["#/amount"]);
        assert_eq!(pointers(&deposit("1.0000000000")), [""; 0]);
    }
}
