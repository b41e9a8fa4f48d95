//! The ledger alone: how long 100,000 transactions and five years of daily figures take. Prints a Markdown table.

use jiff::{ToSpan, civil::Date};
use memory::memory;
use portal::ledger::{
    Account, AccountNo, Chart, ClientNo, Coupons, Currency, DayCount, Depository, DepositoryNo, Entry,
    Frequency, HoldingsQuery, Instrument, InstrumentNo, Kind, Ledger, Market, Method, Point, Quotes, Scope,
    Series, Terms, TransactionNo, Window,
};
use rust_decimal::Decimal;
use std::{
    hint::black_box,
    time::{Duration, Instant},
};

const ENTRIES: u64 = 100_000;
const INSTRUMENTS: u32 = 50;
const FROM: Date = jiff::civil::date(2021, 7, 1);
const BETWEEN: Date = jiff::civil::date(2024, 2, 13);
const TO: Date = jiff::civil::date(2026, 6, 30);
const CURRENCIES: [&str; 5] = ["EUR", "USD", "DKK", "CHF", "GBP"];

#[path = "stand/memory.rs"]
mod memory;

type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome {
    println!("| method | what | measured | target |\n| --- | --- | --- | --- |");
    measure("fifo", Method::Fifo)?;
    measure("average", Method::Average)
}

fn row(method: &str, what: &str, took: Duration, target: &str) {
    let millis = took.as_secs_f64() * 1000.0;
    println!("| {method} | {what} | {millis:.2} ms | {target} |");
}

fn measure(method: &str, of: Method) -> Outcome {
    let resident_before = memory("VmRSS:")?;
    let mut plot = Plot::new(of);
    let entries = plot.entries();
    let mut desk = Desk::open(method, plot, entries)?;
    desk.ask()?;
    desk.change()?;
    let positions = desk.ledger.head().positions();
    let lots: usize = positions.map(|position| position.lots().count()).sum();
    let held = memory("VmRSS:")?.saturating_sub(resident_before);
    println!("| {method} | resident, {lots} open lots and the market included | {held} MiB | < 64 MiB |");
    Ok(())
}

/// A tenant whose ledger is warm.
struct Desk<'m> {
    method: &'m str,
    plot: Plot,
    ledger: Ledger,
}

impl<'m> Desk<'m> {
    fn open(method: &'m str, plot: Plot, entries: Vec<Entry>) -> Outcome<Self> {
        let window = Window {
            from: FROM,
            to: TO,
            currency: Currency::EUR,
        };
        let (chart, market) = (plot.chart.clone(), plot.market.clone());
        let start = Instant::now();
        let ledger = Ledger::load(chart, market, entries)?;
        row(method, "replay of 100,000 transactions", start.elapsed(), "");
        black_box(ledger.performance(&plot.scope, window)?);
        let what = "the same and 5 years of daily performance, cold";
        row(method, what, start.elapsed(), "< 500 ms");
        let desk = Self { method, plot, ledger };
        desk.holdings(TO, false)?;
        Ok(desk)
    }

    fn holdings(&self, as_of: Date, lots: bool) -> Outcome {
        let query = HoldingsQuery {
            as_of,
            currency: Currency::EUR,
            lots,
        };
        black_box(self.ledger.holdings(&self.plot.scope, query)?);
        Ok(())
    }

    fn ask(&mut self) -> Outcome {
        let took = self.median(|desk, _| desk.holdings(TO, false))?;
        row(self.method, "holdings, warm", took, "< 2 ms");
        let took = self.median(|desk, _| desk.holdings(TO, true))?;
        row(self.method, "holdings with every open lot, warm", took, "");
        let took = self.median(|desk, _| desk.holdings(BETWEEN, false))?;
        row(self.method, "holdings of a day in the past", took, "");
        Ok(())
    }

    fn change(&mut self) -> Outcome {
        let took = self.median(|desk, round| {
            desk.ledger.insert(purchase(ENTRIES + round, TO))?;
            desk.holdings(TO, false)
        })?;
        row(self.method, "new transaction, then holdings", took, "< 5 ms");
        let took = self.median(|desk, round| {
            let entry = purchase(ENTRIES + 100 + round, FROM);
            Ok(desk.ledger.insert(entry)?)
        })?;
        row(self.method, "insert at the ledger's start", took, "< 300 ms");
        Ok(())
    }

    /// The median of eleven runs.
    fn median(&mut self, run: impl Fn(&mut Self, u64) -> Outcome) -> Outcome<Duration> {
        let mut times = Vec::new();
        for round in 0..11 {
            let start = Instant::now();
            run(self, round)?;
            times.push(start.elapsed());
        }
        times.sort();
        Ok(times[times.len() / 2])
    }
}

/// A made-up tenant, the same at every run.
struct Plot {
    chart: Chart,
    market: Market,
    scope: Scope,
    held: Vec<Decimal>,
    seed: u64,
}

impl Plot {
    fn new(method: Method) -> Self {
        let mut plot = Self {
            chart: Chart::new(),
            market: Market::new(),
            scope: Scope::default(),
            held: vec![Decimal::ZERO; INSTRUMENTS as usize],
            seed: 42,
        };
        let currency = |index: u32| Currency::new(CURRENCIES[index as usize % 5]).unwrap_or(Currency::EUR);
        let accounts: Vec<_> = (0..5)
            .map(|index| {
                plot.chart.add_account(Account {
                    currency: currency(index),
                    client: ClientNo(0),
                    allows_short: false,
                })
            })
            .collect();
        let client = ClientNo(0);
        let depositories: Vec<_> = (0..5)
            .map(|_| plot.chart.add_depository(Depository { method, client }))
            .collect();
        for index in 0..INSTRUMENTS {
            let instrument = plot.chart.add_instrument(Instrument {
                currency: currency(index),
                terms: if index % 4 == 3 { bond() } else { Terms::Stock },
            });
            let quotes = Quotes {
                prices: plot.series(1_000_000, 500_000),
                ..Quotes::default()
            };
            plot.market.set_quotes(instrument, quotes);
        }
        for index in 1..5 {
            let rates = plot.series(11_000, 1000);
            plot.market.set_rates(currency(index), rates);
        }
        plot.scope = Scope::new(accounts, depositories);
        plot
    }

    /// A number below `bound`.
    fn draw(&mut self, bound: u32) -> u32 {
        self.seed = self
            .seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        u32::try_from(self.seed >> 33).unwrap_or_default() % bound
    }

    fn series(&mut self, middle: u32, reach: u32) -> Series {
        let days = FROM.series(1.day()).take_while(|day| *day <= TO);
        let points = days.map(|date| Point {
            date,
            value: Decimal::new(i64::from(middle - reach / 2 + self.draw(reach)), 4),
        });
        Series::of(points.collect())
    }

    fn entries(&mut self) -> Vec<Entry> {
        (0..ENTRIES).map(|number| self.entry(number)).collect()
    }

    /// Mostly purchases and sales, spread over the five years in the order of their numbers.
    fn entry(&mut self, number: u64) -> Entry {
        let days = i64::try_from(number * 1825 / ENTRIES).unwrap_or_default();
        let date = FROM.saturating_add(days.days());
        let instrument = self.draw(INSTRUMENTS);
        let held = self.held[instrument as usize];
        let price = Decimal::new(i64::from(800_000 + self.draw(400_000)), 4);
        let quantity = Decimal::from(1 + self.draw(200));
        let (kind, quantity) = match self.draw(100) {
            0..46 => (Kind::Buy, quantity),
            46..90 if held >= quantity => (Kind::Sell, -quantity),
            46..94 => (Kind::Dividend, Decimal::ZERO),
            _ => (Kind::Deposit, Decimal::ZERO),
        };
        self.held[instrument as usize] += quantity;
        let is_trade = matches!(kind, Kind::Buy | Kind::Sell);
        Entry {
            account: Some(AccountNo(instrument % 5)),
            depository: Some(DepositoryNo(instrument / 10)),
            instrument: (kind != Kind::Deposit).then_some(InstrumentNo(instrument)),
            amount: if is_trade {
                -(quantity * price).round_dp(2)
            } else {
                Decimal::new(12_345, 2)
            },
            quantity,
            price: is_trade.then_some(price),
            fees: Decimal::new(995, 2),
            ..Entry::new(TransactionNo(number), date, kind)
        }
    }
}

fn purchase(number: u64, date: Date) -> Entry {
    Entry {
        account: Some(AccountNo(1)),
        depository: Some(DepositoryNo(0)),
        instrument: Some(InstrumentNo(1)),
        amount: Decimal::from(-1000),
        quantity: Decimal::TEN,
        price: Some(Decimal::ONE_HUNDRED),
        ..Entry::new(TransactionNo(number), date, Kind::Buy)
    }
}

fn bond() -> Terms {
    Terms::Bond(Coupons {
        rate: Decimal::new(425, 4),
        frequency: Frequency::Semiannually,
        day_count: DayCount::ActualActual,
        dated: jiff::civil::date(2020, 3, 15),
        first_coupon: None,
        end_of_month: false,
        maturity: jiff::civil::date(2031, 3, 15),
    })
}
