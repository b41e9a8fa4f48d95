//! A plausible history of an account: deposits, trades, income and costs, in which money and holdings never run
//! below zero.

mod figures;

use super::{coupon::Coupons, price, seed::Seed};
use crate::store::{
    market::instrument::{Instrument, InstrumentType},
    tenant::transactions::{Transaction, TransactionType},
};
use contract::{
    Timestamp,
    ids::{AccountId, DepositoryId},
};
use figures::{Trade, accrued, business_day, commission, ends_quarter, is_business_day, lot, worth};
use jiff::{ToSpan, civil::Date};
use rust_decimal::Decimal;

/// What a history is about.
#[derive(Clone, Debug)]
pub(super) struct Plot<'a> {
    /// The account whose money moves.
    pub(super) account_id: &'a AccountId,
    /// Where its holdings sit; none for an account of money alone.
    pub(super) depository_id: Option<&'a DepositoryId>,
    /// What it trades, in its own currency.
    pub(super) instruments: Vec<&'a Instrument>,
    /// Its first day.
    pub(super) from: Date,
    /// No day comes after this one.
    pub(super) to: Date,
    /// How many days lie between two trades on average.
    pub(super) pace: u32,
    /// The money it starts with, in whole units.
    pub(super) start: u32,
    /// When the transactions are entered, in domain time.
    pub(super) created_at: Timestamp,
}

/// The history that `seed` tells of `plot`, in order of time.
pub(super) fn tell(plot: &Plot<'_>, seed: Seed) -> Vec<Transaction> {
    let mut teller = Teller {
        plot,
        seed,
        cash: Decimal::ZERO,
        holdings: vec![Decimal::ZERO; plot.instruments.len()],
        told: Vec::new(),
    };
    teller.run();
    teller.told
}

struct Teller<'p, 'a> {
    plot: &'p Plot<'a>,
    seed: Seed,
    cash: Decimal,
    /// How much of each of the plot's instruments is held.
    holdings: Vec<Decimal>,
    told: Vec<Transaction>,
}

impl Teller<'_, '_> {
    fn run(&mut self) {
        let mut day = business_day(self.plot.from);
        self.money(TransactionType::Deposit, day, Decimal::from(self.plot.start));
        let mut next_trade = day;
        while let Some(next) = day.tomorrow().ok().filter(|next| *next <= self.plot.to) {
            day = next;
            self.income(day);
            self.costs(day);
            if day >= next_trade && is_business_day(day) {
                self.trade(day);
                let gap = i64::from(self.seed.between(1, (2 * self.plot.pace).saturating_sub(1)));
                next_trade = day.saturating_add(gap.days());
            }
        }
    }

    /// One decision: mostly to buy, sometimes to sell, seldom to move money.
    fn trade(&mut self, day: Date) {
        let decision = self.seed.below(100);
        let done = match decision {
            0..58 => self.buy(day),
            58..86 => self.sell(day),
            86..92 => self.withdraw(day),
            _ => false,
        };
        if !done && decision >= 40 {
            let amount = self.seed.between(10, 60) * (self.plot.start / 400).max(1);
            self.money(TransactionType::Deposit, day, Decimal::from(amount));
        }
    }

    fn buy(&mut self, day: Date) -> bool {
        let Some(index) = self.some_instrument(|_| true) else {
            return false;
        };
        let instrument = self.plot.instruments[index];
        if Coupons::of(instrument).is_some_and(|coupons| coupons.period(day).is_none()) {
            return false;
        }
        let price = price::on(instrument, day);
        let unit = lot(instrument);
        let budget = self.cash * Decimal::new(i64::from(self.seed.between(6, 22)), 2);
        let quantity = (budget / worth(instrument, unit, price)).floor() * unit;
        let accrued = accrued(instrument, quantity, day);
        let value = worth(instrument, quantity, price);
        let fees = commission(value);
        let amount = -(value + fees + accrued.unwrap_or_default());
        if quantity.is_zero() || self.cash + amount < Decimal::ZERO {
            return false;
        }
        self.settle(
            TransactionType::Buy,
            day,
            index,
            (quantity, price, amount, fees, accrued),
        );
        true
    }

    fn sell(&mut self, day: Date) -> bool {
        let Some(index) = self.some_instrument(|held| !held.is_zero()) else {
            return false;
        };
        let instrument = self.plot.instruments[index];
        let unit = lot(instrument);
        let share = Decimal::new(i64::from(self.seed.between(25, 110).min(100)), 2);
        let quantity = (self.holdings[index] * share / unit).ceil() * unit;
        let price = price::on(instrument, day);
        let accrued = accrued(instrument, quantity, day);
        let value = worth(instrument, quantity, price);
        let fees = commission(value);
        let amount = value - fees + accrued.unwrap_or_default();
        self.settle(
            TransactionType::Sell,
            day,
            index,
            (-quantity, price, amount, fees, accrued),
        );
        true
    }

    fn withdraw(&mut self, day: Date) -> bool {
        let share = Decimal::new(i64::from(self.seed.between(5, 15)), 2);
        let amount = (self.cash * share).floor();
        if amount.is_zero() {
            return false;
        }
        self.money(TransactionType::Withdrawal, day, -amount);
        true
    }

    /// Dividends in the second month of a quarter, coupons when they are due, interest at the end of a quarter.
    fn income(&mut self, day: Date) {
        for index in 0..self.holdings.len() {
            let held = self.holdings[index];
            if !held.is_zero() {
                self.income_of(day, index, held);
            }
        }
        if ends_quarter(day) && self.cash > Decimal::from(10_000) {
            let interest = (self.cash * Decimal::new(15, 4)).round_dp(2);
            self.money(TransactionType::Interest, day, interest);
        }
    }

    fn income_of(&mut self, day: Date, index: usize, held: Decimal) {
        let instrument = self.plot.instruments[index];
        if let Some(coupons) = Coupons::of(instrument) {
            let eve = day.yesterday().ok().and_then(|eve| coupons.period(eve));
            if let Some(period) = eve.filter(|period| period.end == day) {
                let amount = coupons.interest(held, period.start, period.end);
                self.earn(TransactionType::Coupon, day, index, amount);
            }
            return;
        }
        let pays = matches!(instrument.kind, InstrumentType::Stock | InstrumentType::Fund);
        let month = 2 + 3 * i8::try_from(index % 4).unwrap_or_default();
        if pays && day.month() == month && day.day() == 15 {
            let amount =
                (worth(instrument, held, price::on(instrument, day)) * Decimal::new(24, 3)).round_dp(2);
            self.earn(TransactionType::Dividend, day, index, amount);
        }
    }

    /// The custodian's fee at the end of a quarter.
    fn costs(&mut self, day: Date) {
        if !ends_quarter(day) {
            return;
        }
        let fee = (Decimal::from(self.plot.start) * Decimal::new(2, 4)).round_dp(2);
        if fee <= self.cash {
            self.money(TransactionType::Fee, day, -fee);
        }
    }

    fn some_instrument(&mut self, fits: impl Fn(Decimal) -> bool) -> Option<usize> {
        let fitting: Vec<usize> = (0..self.holdings.len())
            .filter(|index| fits(self.holdings[*index]))
            .collect();
        self.seed.pick(&fitting).copied()
    }

    fn money(&mut self, kind: TransactionType, day: Date, amount: Decimal) {
        let entry = Transaction {
            category: (kind == TransactionType::Fee).then(|| "custody".to_owned()),
            ..self.entry(kind, day, amount)
        };
        self.tell(entry);
    }

    fn earn(&mut self, kind: TransactionType, day: Date, index: usize, amount: Decimal) {
        let entry = Transaction {
            instrument_id: Some(self.plot.instruments[index].id.clone()),
            depository_id: self.plot.depository_id.cloned(),
            ..self.entry(kind, day, amount)
        };
        self.tell(entry);
    }

    fn settle(&mut self, kind: TransactionType, day: Date, index: usize, trade: Trade) {
        let (quantity, price, amount, fees, accrued_interest) = trade;
        self.holdings[index] += quantity;
        let entry = Transaction {
            instrument_id: Some(self.plot.instruments[index].id.clone()),
            depository_id: self.plot.depository_id.cloned(),
            value_date: business_day(day.saturating_add(2.days())),
            quantity: Some(quantity),
            price: Some(price),
            fees: Some(fees),
            accrued_interest,
            ..self.entry(kind, day, amount)
        };
        self.tell(entry);
    }

    fn entry(&mut self, kind: TransactionType, day: Date, amount: Decimal) -> Transaction {
        Transaction {
            id: self.seed.object_id(),
            kind,
            account_id: self.plot.account_id.clone(),
            depository_id: None,
            instrument_id: None,
            trade_date: day,
            value_date: day,
            amount,
            quantity: None,
            price: None,
            fees: None,
            accrued_interest: None,
            category: None,
            created_at: self.plot.created_at,
        }
    }

    fn tell(&mut self, entry: Transaction) {
        self.cash += entry.amount;
        self.told.push(entry);
    }
}
