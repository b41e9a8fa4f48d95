//! One case file, read into a ledger and a market.

use crate::ledger::{
    Account, AccountNo, Chart, ClientNo, Coupons, Currency, DayCount, Depository, DepositoryNo, Entry,
    Forward, Frequency, FundEffect, Instrument, InstrumentNo, Kind, Ledger, Market, Method, Point, Quotes,
    Scope, Series, Terms, TransactionNo,
};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::{Value, json};

/// A case file and what it was read into.
pub(super) struct Case {
    pub(super) name: String,
    pub(super) ledger: Ledger,
    pub(super) scope: Scope,
    file: Value,
}

/// A date member.
pub(super) fn date(value: &Value) -> Date {
    value.as_str().unwrap().parse().unwrap()
}

fn decimal(value: &Value) -> Option<Decimal> {
    value.as_str().map(|text| text.parse().unwrap())
}

fn or_zero(value: &Value) -> Decimal {
    decimal(value).unwrap_or_default()
}

fn points(value: &Value) -> Series {
    let points = value.as_array().unwrap().iter().map(|point| Point {
        date: date(&point["date"]),
        value: or_zero(&point["value"]),
    });
    Series::of(points.collect())
}

fn currency(value: &Value) -> Currency {
    Currency::new(value.as_str().unwrap_or("EUR")).unwrap()
}

impl Case {
    pub(super) fn read(text: &str) -> Self {
        let mut file: Value = serde_json::from_str(text).unwrap();
        if let Some(commitment) = file.get("commitment").cloned() {
            file["accounts"] = json!([{"id": "a1", "currency": "EUR"}]);
            file["depositories"] = json!([]);
            file["instruments"] =
                json!([{"id": "f1", "type": "private_market_fund", "terms": {"commitment": commitment}}]);
            file["prices"] = json!({"f1": file["navs"].clone()});
            file["fx"] = json!({});
        }
        let mut case = Self {
            name: file["name"].as_str().unwrap().to_owned(),
            ledger: Ledger::default(),
            scope: Scope::default(),
            file,
        };
        case.open();
        case
    }

    fn list(&self, member: &str) -> &[Value] {
        self.file[member].as_array().unwrap()
    }

    pub(super) fn expected(&self, member: &str) -> &[Value] {
        self.file["expected"]
            .get(member)
            .map_or(&[], |cases| cases.as_array().unwrap())
    }

    fn index(&self, member: &str, id: &Value) -> Option<usize> {
        let is = |row: &Value| row == id || row.get("id") == Some(id);
        let found = self.list(member).iter().position(is);
        assert!(id.is_null() || found.is_some(), "{id} is not in {member}");
        found
    }

    pub(super) fn account(&self, number: AccountNo) -> &Value {
        &self.list("accounts")[number.index()]["id"]
    }
    pub(super) fn depository(&self, number: DepositoryNo) -> &Value {
        &self.list("depositories")[number.index()]
    }
    pub(super) fn instrument(&self, number: InstrumentNo) -> &Value {
        &self.list("instruments")[number.index()]["id"]
    }
    pub(super) fn transaction(&self, number: TransactionNo) -> &Value {
        &self.list("transactions")[usize::try_from(number.0).unwrap()]["id"]
    }

    fn open(&mut self) {
        let (mut chart, mut market) = (Chart::new(), Market::new());
        let method = match self.file["accounting_method"].as_str() {
            Some("average") => Method::Average,
            Some("specific_id") => Method::SpecificId,
            _ => Method::Fifo,
        };
        let accounts = self.list("accounts").iter();
        let accounts: Vec<_> = accounts
            .map(|row| {
                chart.add_account(Account {
                    currency: currency(&row["currency"]),
                    client: ClientNo(0),
                    allows_short: false,
                })
            })
            .collect();
        let depositories = self.list("depositories").iter();
        let client = ClientNo(0);
        let depositories: Vec<_> = depositories
            .map(|_| chart.add_depository(Depository { method, client }))
            .collect();
        for row in self.list("instruments").to_vec() {
            let instrument = chart.add_instrument(instrument(&row));
            let Some(prices) = self.file["prices"].get(row["id"].as_str().unwrap()) else {
                continue;
            };
            let is_private = row["type"] == "private_market_fund";
            let mut quotes = Quotes::default();
            *(if is_private {
                &mut quotes.net_asset_values
            } else {
                &mut quotes.prices
            }) = points(prices);
            market.set_quotes(instrument, quotes);
        }
        for (code, rates) in self.file["fx"].as_object().unwrap() {
            market.set_rates(Currency::new(code).unwrap(), points(rates));
        }
        let entries = self.list("transactions").iter().enumerate();
        let entries = entries.map(|(index, row)| self.entry(index, row)).collect();
        self.ledger = Ledger::load(chart, market, entries).unwrap();
        self.scope = Scope::new(accounts, depositories);
    }

    fn entry(&self, index: usize, row: &Value) -> Entry {
        let account = |member: &str| self.index("accounts", &row[member]).map(AccountNo::at);
        let depository = |member: &str| self.index("depositories", &row[member]).map(DepositoryNo::at);
        let kind = match row["type"].as_str().unwrap() {
            "buy" => Kind::Buy,
            "sell" => Kind::Sell,
            "deposit" => Kind::Deposit,
            "withdrawal" => Kind::Withdrawal,
            "dividend" => Kind::Dividend,
            "coupon" => Kind::Coupon,
            "interest" => Kind::Interest,
            "fee" => Kind::Fee,
            "redemption" => Kind::Redemption,
            "transfer" => Kind::Transfer {
                account: account("counterparty_account_id"),
                depository: depository("counterparty_depository_id"),
            },
            "fx_trade" => Kind::FxTrade {
                account: account("counter_account_id").unwrap(),
                amount: or_zero(&row["counter_amount"]),
            },
            "corporate_action" => Kind::split(or_zero(&row["ratio"])),
            "capital_call" => Kind::CapitalCall(Box::new(effect(row))),
            "distribution" => Kind::Distribution(Box::new(effect(row))),
            other => panic!("{other} is no kind of transaction"),
        };
        let lots = row["lot_ids"].as_array().into_iter().flatten();
        let number = |id| TransactionNo(self.index("transactions", id).unwrap() as u64);
        Entry {
            account: account("account_id"),
            depository: depository("depository_id"),
            instrument: self
                .index("instruments", &row["instrument_id"])
                .map(InstrumentNo::at),
            amount: or_zero(&row["amount"]),
            quantity: or_zero(&row["quantity"]),
            price: decimal(&row["price"]),
            fees: or_zero(&row["fees"]),
            accrued_interest: or_zero(&row["accrued_interest"]),
            lots: lots.map(number).collect(),
            ..Entry::new(TransactionNo(index as u64), date(&row["trade_date"]), kind)
        }
    }
}

fn effect(row: &Value) -> FundEffect {
    let flag = |member: &str| row[member].as_bool().unwrap_or(true);
    FundEffect {
        effect_on_commitment: decimal(&row["effect_on_commitment"]),
        recallable_amount: or_zero(&row["recallable_amount"]),
        affects_multiples: flag("affects_multiples"),
        affects_irr: flag("affects_irr"),
        affects_cost_basis: flag("affects_cost_basis"),
        affects_nav: flag("affects_nav"),
    }
}

fn instrument(row: &Value) -> Instrument {
    let terms = &row["terms"];
    Instrument {
        currency: currency(&row["currency"]),
        terms: match row["type"].as_str().unwrap() {
            "stock" => Terms::Stock,
            "fund" => Terms::Fund,
            "bond" => Terms::Bond(coupons(terms)),
            "index_linked_bond" => Terms::IndexLinkedBond(coupons(terms)),
            "zero_coupon_bond" => Terms::ZeroCouponBond {
                maturity: date(&terms["maturity_date"]),
            },
            "loan" => Terms::Loan {
                coupons: Some(coupons(terms)),
                amortisation: or_zero(&terms["amortisation"]),
                maturity: Some(date(&terms["maturity_date"])),
            },
            "private_market_fund" => Terms::PrivateMarketFund {
                commitment: or_zero(&terms["commitment"]),
            },
            "option" => Terms::Option {
                multiplier: decimal(&terms["multiplier"]).unwrap_or(Decimal::ONE_HUNDRED),
                expiry: terms["expiry"].as_str().map(|day| day.parse().unwrap()),
            },
            "fx_forward" => Terms::FxForward(Forward {
                base: currency(&terms["base_currency"]),
                quote: currency(&terms["quote_currency"]),
                notional: or_zero(&terms["notional"]),
                rate: or_zero(&terms["forward_rate"]),
                settlement: date(&terms["settlement_date"]),
            }),
            _ => Terms::Cash,
        },
    }
}

fn coupons(terms: &Value) -> Coupons {
    Coupons {
        rate: or_zero(&terms["coupon_rate"]),
        frequency: match terms["coupon_frequency"].as_str().unwrap() {
            "annually" => Frequency::Annually,
            "semiannually" => Frequency::Semiannually,
            _ => Frequency::Quarterly,
        },
        day_count: match terms["day_count"].as_str().unwrap() {
            "30/360" => DayCount::Thirty360,
            "actual/360" => DayCount::Actual360,
            "actual/365" => DayCount::Actual365,
            "actual/actual_icma" => DayCount::ActualActualIcma,
            _ => DayCount::ActualActual,
        },
        dated: date(&terms["dated_date"]),
        first_coupon: terms["first_coupon_date"]
            .as_str()
            .map(|day| day.parse().unwrap()),
        end_of_month: terms["end_of_month"].as_bool().unwrap_or_default(),
        maturity: date(&terms["maturity_date"]),
    }
}
