//! Cases worked out by an independent implementation, reproduced to the last printed digit.

mod case;

use crate::ledger::{Currency, Holding, HoldingsQuery, Place, TransactionNo, Window};
use case::{Case, date};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Value, json};

macro_rules! reproduced {
    ($($name:ident),*) => {$(
        #[test]
        fn $name() {
            Case::read(include_str!(concat!("vectors/", stringify!($name), ".json"))).reproduce();
        }
    )*};
}

reproduced!(
    bond_accrual,
    equity_average,
    equity_fifo,
    equity_specific_id,
    multi_currency,
    private_fund
);

/// A figure as the contract prints it.
fn printed(value: Decimal, places: u32) -> Value {
    let rounded = value.round_dp(places);
    let positive = if rounded.is_zero() { Decimal::ZERO } else { rounded };
    json!(format!("{positive:.*}", places as usize))
}

fn optional(value: Option<Decimal>, places: u32) -> Value {
    value.map_or(Value::Null, |value| printed(value, places))
}

impl Case {
    fn reproduce(&self) {
        for expected in self.expected("holdings") {
            self.holdings(expected);
        }
        for expected in self.expected("performance") {
            self.performance(expected);
        }
        for expected in self.expected("private_markets") {
            self.private_markets(expected);
        }
    }

    fn holdings(&self, expected: &Value) {
        let as_of = date(&expected["as_of"]);
        let currency = Currency::new(expected["currency"].as_str().unwrap()).unwrap();
        let query = HoldingsQuery {
            as_of,
            currency,
            lots: true,
        };
        let rows = self.ledger.holdings(&self.scope, query).unwrap();
        let rows: Vec<Value> = rows.iter().map(|row| self.row(row)).collect();
        assert_eq!(json!(rows), expected["holdings"], "{} at {as_of}", self.name);
        let mut gains: Vec<(TransactionNo, Decimal)> = Vec::new();
        for closing in self.ledger.closings(Date::MIN, as_of).unwrap() {
            let gain = closing.proceeds - closing.cost;
            match gains.last_mut() {
                Some((number, sum)) if *number == closing.closed_by => *sum += gain,
                _ => gains.push((closing.closed_by, gain)),
            }
        }
        let gain = |(number, gain): &(TransactionNo, Decimal)| json!({ "transaction_id": self.transaction(*number), "realised_gain": printed(*gain, 2) });
        let gains: Vec<Value> = gains.iter().map(gain).collect();
        assert_eq!(json!(gains), expected["realised"], "{} at {as_of}", self.name);
    }

    fn row(&self, row: &Holding) -> Value {
        let amounts = row.amounts.unwrap();
        let Some(instrument) = row.instrument else {
            let Place::Account(account) = row.place else {
                panic!("money lies in accounts")
            };
            return json!({
                "account_id": self.account(account),
                "quantity": printed(row.quantity, 2),
                "market_value": printed(amounts.market_value, 2),
                "fx_rate": printed(amounts.fx_rate, 10),
            });
        };
        let Place::Depository(depository) = row.place else {
            panic!("instruments lie in depositories")
        };
        let lots: Vec<Value> = row
            .lots
            .iter()
            .map(|lot| {
                json!({
                    "acquired_on": lot.acquired_on,
                    "quantity": printed(lot.quantity, 8),
                    "cost": printed(lot.cost, 2),
                })
            })
            .collect();
        json!({
            "instrument_id": self.instrument(instrument),
            "depository_id": self.depository(depository),
            "quantity": printed(row.quantity, 8),
            "price": optional(row.price, 8),
            "price_date": row.price_date,
            "accrued_interest": printed(amounts.accrued_interest, 2),
            "market_value": printed(amounts.market_value, 2),
            "cost_basis": printed(amounts.cost_basis, 2),
            "unrealised_pnl": printed(amounts.unrealised_pnl, 2),
            "fx_rate": printed(amounts.fx_rate, 10),
            "lots": lots,
        })
    }

    fn performance(&self, expected: &Value) {
        let window = Window {
            from: date(&expected["from"]),
            to: date(&expected["to"]),
            currency: Currency::new(expected["currency"].as_str().unwrap()).unwrap(),
        };
        let answer = self.ledger.performance(&self.scope, window).unwrap();
        let series: Vec<Value> = answer
            .series
            .iter()
            .map(|day| {
                json!({
                    "date": day.date,
                    "net_cash_flow": printed(day.net_cash_flow, 2),
                    "return": printed(day.profit, 2),
                    "twr": optional(day.twr, 10),
                    "cumulative_return": printed(day.cumulative_return, 2),
                    "cumulative_twr": optional(day.cumulative_twr, 10),
                })
            })
            .collect();
        let printed_series = expected["series"].as_array().unwrap();
        assert_eq!(series.len(), printed_series.len(), "{}", self.name);
        for (day, expected) in series.iter().zip(printed_series) {
            assert_eq!(day, expected, "{}", self.name);
        }
        let summary = json!({
            "total_return": optional(answer.summary.total_return, 10),
            "annualised_return": optional(answer.summary.annualised_return, 10),
            "volatility": optional(answer.summary.volatility, 10),
            "max_drawdown": optional(answer.summary.max_drawdown, 10),
        });
        assert_eq!(summary, expected["summary"], "{}", self.name);
    }

    fn private_markets(&self, expected: &Value) {
        let day = date(&expected["date"]);
        let funds = self.ledger.private_markets(&self.scope, day).unwrap();
        let [fund] = funds.as_slice() else {
            panic!("one fund, not {}", funds.len())
        };
        let mut answer = json!({
            "date": day,
            "commitment": {
                "total": printed(fund.commitment, 2),
                "called": printed(fund.called, 2),
                "uncalled": printed(fund.uncalled, 2),
            },
            "paid_in": printed(fund.paid_in, 2),
            "distributed": printed(fund.distributed, 2),
            "nav": printed(fund.nav, 2),
            "nav_date": fund.nav_date,
            "dpi": optional(fund.dpi, 10),
            "rvpi": optional(fund.rvpi, 10),
            "tvpi": optional(fund.tvpi, 10),
            "irr": expected["irr"].clone(),
        });
        answer.sort_all_objects();
        let mut sorted = expected.clone();
        sorted.sort_all_objects();
        assert_eq!(answer, sorted, "{} at {day}", self.name);
        match expected["irr"].as_str() {
            None => assert_eq!(fund.irr, None, "{} at {day}", self.name),
            Some(irr) => {
                let distance = (fund.irr.unwrap() - irr.parse::<Decimal>().unwrap()).abs();
                assert!(
                    distance <= Decimal::new(1, 8),
                    "{} at {day}: {distance}",
                    self.name
                );
            }
        }
    }
}
