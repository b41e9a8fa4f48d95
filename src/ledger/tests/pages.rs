//! The worked examples of the concept pages, worked out again.

use super::properties::world::{account, depository};
use crate::ledger::{
    AccountNo, Chart, Coupons, Currency, DayCount, DepositoryNo, Entry, Frequency, FundEffect, HoldingsQuery,
    Instrument, InstrumentNo, Kind, Ledger, Market, Method, Point, Quotes, Scope, Series, Terms,
    TransactionNo, Window,
};
use jiff::civil::{Date, date};
use rust_decimal::Decimal;

const LOTS: &str = include_str!("../../../content/concepts/ledger-and-lots.md");
const VALUATION: &str = include_str!("../../../content/concepts/valuation.md");
const PERFORMANCE: &str = include_str!("../../../content/concepts/performance.md");
const PRIVATE_MARKETS: &str = include_str!("../../../content/concepts/private-markets.md");

const ACCOUNT: AccountNo = AccountNo(0);
const DEPOSITORY: DepositoryNo = DepositoryNo(0);
const INSTRUMENT: InstrumentNo = InstrumentNo(0);

fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn chart(method: Method, terms: Terms) -> Chart {
    let mut chart = Chart::new();
    let currency = Currency::EUR;
    chart.add_account(account(currency));
    chart.add_depository(depository(method));
    chart.add_instrument(Instrument { currency, terms });
    chart
}

fn scope() -> Scope {
    Scope::new([ACCOUNT], [DEPOSITORY])
}

fn series(points: &[(Date, &str)]) -> Series {
    let points = points.iter().map(|(date, value)| Point {
        date: *date,
        value: dec(value),
    });
    Series::of(points.collect())
}

fn trade(number: u64, date: Date, (quantity, price, fees): (&str, &str, &str)) -> Entry {
    let (quantity, price, fees) = (dec(quantity), dec(price), dec(fees));
    let kind = if quantity.is_sign_positive() {
        Kind::Buy
    } else {
        Kind::Sell
    };
    Entry {
        account: Some(ACCOUNT),
        depository: Some(DEPOSITORY),
        instrument: Some(INSTRUMENT),
        amount: -quantity * price - fees,
        quantity,
        price: Some(price),
        fees,
        ..Entry::new(TransactionNo(number), date, kind)
    }
}

fn flow(number: u64, date: Date, kind: Kind, amount: &str) -> Entry {
    Entry {
        account: Some(ACCOUNT),
        amount: dec(amount),
        ..Entry::new(TransactionNo(number), date, kind)
    }
}

#[track_caller]
fn says(page: &str, row: &str) {
    assert!(page.contains(row), "the page should say\n{row}");
}

#[test]
fn the_sale_gains_what_the_page_says_under_each_method() {
    let (january, march, june) = (date(2026, 1, 10), date(2026, 3, 12), date(2026, 6, 2));
    for (name, method, dated) in [
        ("fifo", Method::Fifo, "12 March"),
        ("average", Method::Average, "10 January"),
        ("specific_id", Method::SpecificId, "10 January"),
    ] {
        let sale = Entry {
            lots: [TransactionNo(2), TransactionNo(1)].into(),
            ..trade(3, june, ("-120", "50", "10"))
        };
        let entries = vec![
            trade(1, january, ("100", "40", "10")),
            trade(2, march, ("50", "46", "10")),
            sale,
        ];
        let ledger = Ledger::load(chart(method, Terms::Stock), Market::new(), entries).unwrap();
        let query = HoldingsQuery {
            as_of: june,
            currency: Currency::EUR,
            lots: true,
        };
        let row = ledger.holdings(&scope(), query).unwrap().remove(0);
        let acquired = row.lots[0].acquired_on.strftime("%-d %B").to_string();
        assert_eq!(acquired, dated);
        let closings = ledger.closings(june, june).unwrap().into_iter();
        let gain: Decimal = closings.map(|closing| closing.proceeds - closing.cost).sum();
        let rest = row.amounts.unwrap().cost_basis;
        says(LOTS, &format!("| `{name}` | {gain:.2} | {rest:.2} | {dated} |"));
    }
}

#[test]
fn the_bond_is_worth_what_the_page_says() {
    let as_of = date(2026, 2, 10);
    let bond = Terms::Bond(Coupons {
        rate: dec("0.03"),
        frequency: Frequency::Semiannually,
        day_count: DayCount::ActualActual,
        dated: date(2024, 4, 15),
        first_coupon: None,
        end_of_month: false,
        maturity: date(2032, 4, 15),
    });
    let bought = trade(1, date(2026, 1, 5), ("200000", "100", "0"));
    let mut market = Market::new();
    let dollar = Currency::new("USD").unwrap();
    market.set_rates(dollar, series(&[(as_of, "1.12")]));
    let quotes = Quotes {
        prices: series(&[(as_of, "101.25")]),
        ..Quotes::default()
    };
    market.set_quotes(INSTRUMENT, quotes);
    let ledger = Ledger::load(chart(Method::Fifo, bond), market, vec![bought]).unwrap();
    let row = |currency| {
        let query = HoldingsQuery {
            as_of,
            currency,
            lots: false,
        };
        let row = ledger.holdings(&scope(), query).unwrap().remove(0);
        row.amounts.unwrap()
    };
    let (euros, dollars) = (row(Currency::EUR), row(dollar));
    says(
        VALUATION,
        &format!("| {:.2} EUR |", euros.market_value - euros.accrued_interest),
    );
    says(
        VALUATION,
        &format!("118 ÷ 365 | {:.2} EUR |", euros.accrued_interest.round_dp(2)),
    );
    says(
        VALUATION,
        &format!("| together | {:.2} EUR |", euros.market_value.round_dp(2)),
    );
    says(
        VALUATION,
        &format!("| × 1.12 | {:.2} USD |", dollars.market_value.round_dp(2)),
    );
}

#[test]
fn the_flow_works_as_the_page_says() {
    let days = [
        date(2026, 1, 31),
        date(2026, 2, 3),
        date(2026, 2, 4),
        date(2026, 2, 5),
    ];
    let entries = vec![
        flow(1, days[0], Kind::Deposit, "1000000"),
        trade(2, days[0], ("10000", "100", "0")),
        flow(3, days[1], Kind::Deposit, "200000"),
        trade(4, days[1], ("2000", "100", "0")),
        trade(5, days[3], ("-1000", "101.9898", "0")),
        flow(6, days[3], Kind::Withdrawal, "-101989.80"),
    ];
    let values = ["100", "101", "99.99", "101.9898"];
    let mut market = Market::new();
    let quotes = Quotes {
        net_asset_values: series(&days.into_iter().zip(values).collect::<Vec<_>>()),
        ..Quotes::default()
    };
    market.set_quotes(INSTRUMENT, quotes);
    let window = Window {
        from: days[1],
        to: days[3],
        currency: Currency::EUR,
    };
    let ledger = Ledger::load(chart(Method::Fifo, Terms::Fund), market, entries).unwrap();
    let answer = ledger.performance(&scope(), window).unwrap();
    let mut before = dec("1000000");
    for day in &answer.series {
        let row = format!(
            "| {} | {before:.2} | {:.2} | {:.2} | {:.2} | {:.10} | {:.10} |",
            day.date.strftime("%-d %B"),
            day.net_cash_flow,
            day.value,
            day.profit,
            day.twr.unwrap(),
            day.cumulative_twr.unwrap()
        );
        says(PERFORMANCE, &row);
        before = day.value;
    }
    let earned = answer.series.last().unwrap().cumulative_return;
    says(PERFORMANCE, &format!("The money earned, {earned:.2}, is in"));
    says(
        PERFORMANCE,
        &format!("4 February, {:.10}.", answer.summary.max_drawdown.unwrap()),
    );
}

#[test]
fn the_fund_has_the_figures_that_the_page_says() {
    let about = |entry: Entry| Entry {
        instrument: Some(INSTRUMENT),
        ..entry
    };
    let returned = FundEffect {
        recallable_amount: dec("50000"),
        ..FundEffect::default()
    };
    let call = || Kind::CapitalCall(Box::default());
    let entries = vec![
        about(flow(1, date(2024, 3, 31), call(), "-600000")),
        about(flow(2, date(2024, 9, 30), call(), "-400000")),
        about(flow(
            3,
            date(2025, 2, 15),
            Kind::Distribution(Box::new(returned)),
            "150000",
        )),
    ];
    let commitment = dec("2000000");
    let terms = Terms::PrivateMarketFund { commitment };
    let mut market = Market::new();
    let quotes = Quotes {
        net_asset_values: series(&[(date(2024, 12, 31), "1050000")]),
        ..Quotes::default()
    };
    market.set_quotes(INSTRUMENT, quotes);
    let day = date(2025, 3, 31);
    let ledger = Ledger::load(chart(Method::Fifo, terms), market, entries).unwrap();
    let fund = ledger.private_markets(&scope(), day).unwrap().remove(0);
    let amounts = [
        fund.called,
        fund.uncalled,
        fund.paid_in,
        fund.distributed,
        fund.nav,
    ];
    for (name, amount) in ["called", "uncalled", "paid_in", "distributed", "nav"]
        .iter()
        .zip(amounts)
    {
        says(PRIVATE_MARKETS, &format!("| `{name}` | {amount:.2} |"));
    }
    let rates = [fund.dpi, fund.rvpi, fund.tvpi, fund.irr];
    for (name, rate) in ["dpi", "rvpi", "tvpi", "irr"].iter().zip(rates) {
        says(
            PRIVATE_MARKETS,
            &format!("| `{name}` | {:.10} |", rate.unwrap().round_dp(10)),
        );
    }
}
