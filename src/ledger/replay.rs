//! One entry folded onto the state before it.

use super::{
    Chart, CorporateAction, Entry, Instrument, InstrumentNo, Kind, Market, Member, Method, Place, Point,
    Reason, Refusal, State, Terms, TransactionNo,
    arithmetic::{Overflow, add, div, mul, sub},
    closing::Closings,
    corporate, fx,
    lots::{DealRate, Lot},
    position::Moved,
    rules,
    valuation::Valuation,
};
use rust_decimal::Decimal;

/// What entries are folded by.
#[derive(Clone, Copy, Debug)]
pub(super) struct World<'a> {
    pub(super) chart: &'a Chart,
    pub(super) market: &'a Market,
    /// The entry that is not accepted yet. It must name the lots that it closes, where the method asks for names; an
    /// older one may be from before the method was chosen, and closes the oldest.
    pub(super) new: Option<TransactionNo>,
}

/// Adds `entry` to `state`. On refusal the state is of no further use.
pub(super) fn fold(
    state: &mut State,
    world: World<'_>,
    entry: &Entry,
    closings: &mut Closings,
) -> Result<(), Refusal> {
    let fold = Fold {
        state,
        chart: world.chart,
        market: world.market,
        is_new: world.new == Some(entry.number),
        entry,
        closings,
    };
    rules::check(world.chart, entry)
        .and_then(|()| fold.run())
        .map_err(|reason| Refusal {
            number: entry.number,
            date: entry.trade_date,
            reason,
        })
}

/// An entry, and what it is folded onto.
pub(super) struct Fold<'a> {
    pub(super) state: &'a mut State,
    pub(super) chart: &'a Chart,
    pub(super) market: &'a Market,
    is_new: bool,
    pub(super) entry: &'a Entry,
    pub(super) closings: &'a mut Closings,
}

impl Fold<'_> {
    fn run(mut self) -> Result<(), Reason> {
        if let Some(account) = self.entry.account {
            self.state.pay(account, self.entry.amount)?;
        }
        match &self.entry.kind {
            Kind::Buy | Kind::Sell | Kind::Redemption => self.trade()?,
            Kind::Transfer { account, depository } => {
                if let Some(account) = account {
                    self.state.pay(*account, -self.entry.amount)?;
                }
                self.transfer((*account, *depository))?;
            }
            Kind::FxTrade { account, amount } => self.state.pay(*account, *amount)?,
            Kind::CorporateAction(action) => corporate::act(&mut self, action)?,
            Kind::CapitalCall(effect) | Kind::Distribution(effect) => {
                let instrument = self.number()?;
                let place = self
                    .state
                    .stake_place(self.chart, self.entry, instrument)
                    .ok_or(Reason::Missing(Member::Depository))?;
                let (chart, day) = (self.chart, self.entry.trade_date);
                let position = self.state.position_mut(chart, (place, instrument), day);
                position.flow(self.entry, effect)?;
            }
            Kind::Deposit | Kind::Withdrawal | Kind::Dividend | Kind::Coupon | Kind::Interest | Kind::Fee => {
            }
        }
        self.note_price();
        Ok(())
    }

    pub(super) fn number(&self) -> Result<InstrumentNo, Reason> {
        self.entry.instrument.ok_or(Reason::Missing(Member::Instrument))
    }

    fn key(&self) -> Result<(Place, InstrumentNo), Reason> {
        let place = self.entry.place().ok_or(Reason::Missing(Member::Depository))?;
        Ok((place, self.number()?))
    }

    pub(super) fn instrument(&self, number: InstrumentNo) -> Result<&Instrument, Reason> {
        self.chart
            .instrument(number)
            .ok_or(Reason::Unknown(Member::Instrument))
    }

    /// The deal's own rate, with the currency that it is in.
    fn deal(&self) -> Option<DealRate> {
        let rate = self.entry.fx_rate()?;
        let currency = self.chart.currency(self.entry.account?)?;
        Some(DealRate { currency, rate })
    }

    /// An amount of the account's currency in the instrument's, at the deal's rate or that of the trade date. Without
    /// any rate it counts as nothing: such entries are refused before they are entered.
    pub(super) fn in_instrument_currency(
        &self,
        amount: Decimal,
        number: InstrumentNo,
    ) -> Result<Decimal, Reason> {
        if amount.is_zero() {
            return Ok(amount);
        }
        if let Some(rate) = self.entry.fx_rate() {
            return Ok(div(amount, rate)?);
        }
        let to = self.instrument(number)?.currency;
        let from = self
            .entry
            .account
            .and_then(|account| self.chart.currency(account));
        match fx::convert(
            self.market,
            amount,
            (from.unwrap_or(to), to),
            self.entry.trade_date,
        ) {
            Ok(converted) => Ok(converted),
            Err(super::Fault::NoRate(_)) => Ok(Decimal::ZERO),
            Err(_) => Err(Reason::Overflow),
        }
    }

    /// A purchase, sale, redemption or settlement.
    fn trade(&mut self) -> Result<(), Reason> {
        let (entry, deal, key) = (self.entry, self.deal(), self.key()?);
        let cost = self.consideration(key.1)?;
        self.ensure_allowed(key)?;
        let is_fund = matches!(self.instrument(key.1)?.terms, Terms::PrivateMarketFund { .. });
        self.ensure_named(key)?;
        let position = self.state.position_mut(self.chart, key, entry.trade_date);
        if position.is_stake() && entry.quantity.is_sign_negative() {
            position.sell_stake(entry, (-cost, deal), self.closings)?;
        } else {
            let lot = Lot {
                opened_by: entry.number,
                acquired_on: entry.trade_date,
                quantity: entry.quantity,
                cost,
                deal,
            };
            position.book(lot, entry, self.closings)?;
        }
        if is_fund {
            let effect = entry.details.as_ref().and_then(|details| details.effect.clone());
            position.note_flow(entry, effect.unwrap_or_default(), entry.kind == Kind::Buy);
        }
        Ok(())
    }

    /// What the trade costs, in the instrument's currency: negative for what it brings in.
    fn consideration(&self, number: InstrumentNo) -> Result<Decimal, Reason> {
        let entry = self.entry;
        let is_settlement = entry.kind == Kind::Redemption && self.instrument(number)?.terms.is_settled();
        if is_settlement {
            // The money alone says what it was worth.
            return Ok(-self.in_instrument_currency(entry.amount, number)?);
        }
        let fees = self.in_instrument_currency(entry.fees, number)?;
        let price = entry.price.ok_or(Reason::Missing(Member::Price))?;
        let principal = self.priced(number, entry.quantity.abs(), price)?;
        Ok(if entry.quantity.is_sign_negative() {
            sub(fees, principal)?
        } else {
            add(principal, fees)?
        })
    }

    /// What units are worth at a price, without accrued interest.
    fn priced(&self, number: InstrumentNo, quantity: Decimal, price: Decimal) -> Result<Decimal, Reason> {
        let terms = &self.instrument(number)?.terms;
        let value = per_unit(terms, mul(quantity, price)?)?;
        if !matches!(terms, Terms::IndexLinkedBond(_)) {
            return Ok(value);
        }
        // Its price is quoted before indexation.
        let factor = self.market.index_factor(number, self.entry.trade_date);
        Ok(mul(value, factor)?)
    }

    /// Refuses to sell what is not held, unless the account may be short, and to redeem what is not there.
    fn ensure_allowed(&self, (place, instrument): (Place, InstrumentNo)) -> Result<(), Reason> {
        let entry = self.entry;
        let position = self.state.position(place, instrument);
        let (units, is_stake) = position.map_or((Decimal::ZERO, false), |position| {
            (position.units, position.is_stake())
        });
        let is_redemption = entry.kind == Kind::Redemption;
        if entry.quantity.is_sign_positive() {
            let short = -units.min(Decimal::ZERO);
            if is_redemption && entry.quantity > short {
                return Err(Reason::NotHeld {
                    held: short,
                    wanted: entry.quantity,
                });
            }
            return Ok(());
        }
        let held = units.max(Decimal::ZERO);
        let wanted = entry.quantity.abs();
        if wanted <= held || is_stake || (self.allows_short() && !is_redemption) {
            return Ok(());
        }
        Err(Reason::NotHeld { held, wanted })
    }

    /// Refuses a new entry that closes lots without naming them, where the method asks for names.
    fn ensure_named(&self, key: (Place, InstrumentNo)) -> Result<(), Reason> {
        if !self.is_new || !self.entry.lots.is_empty() || self.chart.method(key.0) != Method::SpecificId {
            return Ok(());
        }
        let units = self
            .state
            .position(key.0, key.1)
            .map_or(Decimal::ZERO, |position| position.units);
        let closes = !units.is_zero() && units.is_sign_negative() != self.entry.quantity.is_sign_negative();
        if closes { Err(Reason::LotsRequired) } else { Ok(()) }
    }

    fn allows_short(&self) -> bool {
        let account = self.entry.account.and_then(|account| self.chart.account(account));
        account.is_some_and(|account| account.allows_short)
    }

    fn transfer(
        &mut self,
        other: (Option<super::AccountNo>, Option<super::DepositoryNo>),
    ) -> Result<(), Reason> {
        if self.entry.instrument.is_none() {
            return Ok(());
        }
        let (own, entry) = (self.key()?, self.entry);
        let quantity = entry.quantity.abs();
        let mut route = entry.route(other);
        let moved = match route.from {
            None => self.brought_in(own.1, quantity, route.to)?,
            Some(from) if self.moves_short(own.1, quantity, (from, route.to)) => {
                // What is owed moves against the units.
                std::mem::swap(&mut route.from, &mut route.to);
                let from = route.from.unwrap_or(from);
                let position = self
                    .state
                    .position_mut(self.chart, (from, own.1), entry.trade_date);
                position.take(entry, quantity)?
            }
            Some(from) => {
                match self.state.position(from, own.1) {
                    Some(position) => position.ensure_held(quantity)?,
                    None => {
                        return Err(Reason::NotHeld {
                            held: Decimal::ZERO,
                            wanted: quantity,
                        });
                    }
                }
                let position = self
                    .state
                    .position_mut(self.chart, (from, own.1), entry.trade_date);
                position.take(entry, quantity)?
            }
        };
        let Some(to) = route.to else { return Ok(()) };
        let is_empty = self
            .state
            .position(to, own.1)
            .is_none_or(|position| !position.is_open());
        if let Some(from) = route.from.filter(|_| is_empty) {
            self.state.traded_mut(own.1).inherit(self.chart, from, to);
        }
        let position = self.state.position_mut(self.chart, (to, own.1), entry.trade_date);
        position.receive(moved, entry, self.closings)
    }

    /// Whether a transfer moves what is owed: units that the sender does not have go to where they are owed.
    fn moves_short(
        &self,
        number: InstrumentNo,
        quantity: Decimal,
        (from, to): (Place, Option<Place>),
    ) -> bool {
        let units = |place| {
            let position = self.state.position(place, number);
            position.map_or(Decimal::ZERO, |position| position.units)
        };
        let Some(to) = to else { return false };
        self.allows_short() && units(from) <= Decimal::ZERO && -units(to) >= quantity
    }

    /// A lot from outside the tenant: at its stated cost, or else at its value.
    fn brought_in(
        &self,
        number: InstrumentNo,
        quantity: Decimal,
        to: Option<Place>,
    ) -> Result<Moved, Reason> {
        let entry = self.entry;
        let details = entry.details.as_deref();
        let fees = self.in_instrument_currency(entry.fees, number)?;
        let cost = match (details.and_then(|details| details.cost), entry.price) {
            (Some(cost), _) => cost,
            (None, Some(price)) => self.priced(number, quantity, price)?,
            (None, None) => self.valued(number, quantity, to)?,
        };
        let lot = Lot {
            opened_by: entry.number,
            acquired_on: details
                .and_then(|details| details.acquired_on)
                .unwrap_or(entry.trade_date),
            quantity,
            cost: add(cost, fees)?,
            deal: self.deal(),
        };
        Ok(Moved {
            lots: vec![lot],
            original: quantity,
            flows: Vec::new(),
            is_stake: false,
        })
    }

    /// What units are worth by the quotes of the day or the latest trade, without accrued interest.
    fn valued(
        &self,
        number: InstrumentNo,
        quantity: Decimal,
        place: Option<Place>,
    ) -> Result<Decimal, Reason> {
        let valuation = Valuation {
            chart: self.chart,
            market: self.market,
            state: self.state,
        };
        let held = (number, self.instrument(number)?, place);
        match valuation.quantity(held, quantity, self.entry.trade_date) {
            Ok(worth) => Ok(worth.clean),
            Err(super::Fault::Overflow) => Err(Reason::Overflow),
            // A forward between currencies without a rate.
            Err(_) => Ok(Decimal::ZERO),
        }
    }

    fn note_price(&mut self) {
        let is_split = matches!(&self.entry.kind, Kind::CorporateAction(action)
            if matches!(**action, CorporateAction::Split { .. }));
        let (Some(instrument), Some(value), Some(place)) =
            (self.entry.instrument, self.entry.price, self.entry.place())
        else {
            return;
        };
        if !is_split {
            let date = self.entry.trade_date;
            self.state
                .traded_mut(instrument)
                .trade(self.chart, place, Point { date, value });
        }
    }
}

/// Money from quantity × price.
pub(super) fn per_unit(terms: &Terms, product: Decimal) -> Result<Decimal, Overflow> {
    match terms {
        Terms::Option { multiplier, .. } => mul(product, *multiplier),
        terms if terms.is_quoted_in_per_cent() => div(product, Decimal::ONE_HUNDRED),
        _ => Ok(product),
    }
}
