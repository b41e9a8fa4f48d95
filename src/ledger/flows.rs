//! What a day's entries bring into a scope from outside, and take out of it.

use super::{
    AccountNo, Chart, CorporateAction, DepositoryNo, Entry, Fault, InstrumentNo, Kind, Place, Point, Scope,
    arithmetic::mul,
    holders::{Holders, affected},
    sums::Sums,
    valuation::{Valuation, Worth},
};
use jiff::civil::Date;
use rust_decimal::Decimal;

/// The flows of a day over the borders of several scopes.
///
/// An amount of money that stands for what is held (a purchase, income, a fee) is an inflow of who pays and an outflow
/// of who holds: `amount × (paid inside − part held inside)`. So it is no flow where both are inside, and the flows of
/// scopes that do not overlap add up. Units that move are valued at the end of the day.
pub(super) struct Flows<'a> {
    scopes: &'a [Scope],
    day: Date,
    sums: Vec<Sums>,
    moved: Vec<Moved>,
}

/// What is held where: a scope may hold the one and not the other.
type Side = (Place, InstrumentNo);

/// Units that moved on the day, to be valued at its end.
#[derive(Clone, Copy, Debug)]
struct Moved {
    /// What is valued.
    instrument: InstrumentNo,
    from: Option<Side>,
    to: Option<Side>,
    /// In the units that the sender and the receiver count in at the end of the day: one may have been split since.
    sent: Decimal,
    received: Decimal,
    /// Units and price as the transfer states them.
    stated: Option<(Decimal, Decimal)>,
}

impl Moved {
    /// What the units are worth at the end of `day`, for a scope that has one of the sides.
    fn worth(
        &self,
        valuation: &Valuation<'_>,
        (place, units): (Place, Decimal),
        day: Date,
    ) -> Result<Option<Worth>, Fault> {
        let Some(instrument) = valuation.chart.instrument(self.instrument) else {
            return Ok(None);
        };
        let worth = match self.stated {
            Some((units, value)) => {
                let price = Some(Point { date: day, value });
                valuation.priced((self.instrument, instrument), units, (price, day))?
            }
            None => valuation.quantity((self.instrument, instrument, Some(place)), units, day)?,
        };
        Ok(Some(worth))
    }
}

impl<'a> Flows<'a> {
    /// None yet.
    pub(super) fn of(scopes: &'a [Scope], day: Date) -> Self {
        Self {
            scopes,
            day,
            sums: vec![Sums::default(); scopes.len()],
            moved: Vec::new(),
        }
    }

    /// Adds the flows of an entry; `valuation` knows the state before it.
    pub(super) fn add(&mut self, valuation: &Valuation<'_>, entry: &Entry) -> Result<(), Fault> {
        match &entry.kind {
            Kind::Deposit | Kind::Withdrawal => self.deposited(valuation.chart, entry),
            Kind::FxTrade { account, amount } => self.exchanged(valuation.chart, entry, (*account, *amount)),
            Kind::Transfer { account, depository } => {
                self.money_moved(valuation.chart, entry, *account)?;
                self.units_moved(valuation, entry, (*account, *depository))
            }
            Kind::CorporateAction(action) => self.acted(valuation, entry, action),
            _ => self.paid(valuation, entry),
        }
    }

    /// The flows of the day, in several currencies; `valuation` knows the state at its end.
    pub(super) fn finish(mut self, valuation: &Valuation<'_>) -> Result<Vec<Sums>, Fault> {
        for moved in std::mem::take(&mut self.moved) {
            for (scope, sums) in self.scopes.iter().zip(&mut self.sums) {
                match (inside(scope, moved.from), inside(scope, moved.to)) {
                    (Some(place), None) => {
                        if let Some(worth) = moved.worth(valuation, (place, moved.sent), self.day)? {
                            sums.sub(worth.currency, worth.whole()?)?;
                        }
                    }
                    (None, Some(place)) => {
                        if let Some(worth) = moved.worth(valuation, (place, moved.received), self.day)? {
                            sums.add(worth.currency, worth.whole()?)?;
                        }
                    }
                    _ => {}
                }
            }
        }
        Ok(self.sums)
    }

    fn each(&mut self, mut flow: impl FnMut(&Scope, &mut Sums) -> Result<(), Fault>) -> Result<(), Fault> {
        let mut scopes = self.scopes.iter().zip(&mut self.sums);
        scopes.try_for_each(|(scope, sums)| flow(scope, sums))
    }

    fn deposited(&mut self, chart: &Chart, entry: &Entry) -> Result<(), Fault> {
        let Some((account, currency)) = entry
            .account
            .and_then(|account| Some((account, chart.currency(account)?)))
        else {
            return Ok(());
        };
        self.each(|scope, sums| {
            if scope.has_cash(account) {
                sums.add(currency, entry.amount)?;
            }
            Ok(())
        })
    }

    /// What is received is the inflow of the one side and the outflow of the other, so that the spread is a return of
    /// who pays.
    fn exchanged(
        &mut self,
        chart: &Chart,
        entry: &Entry,
        (other, counter): (AccountNo, Decimal),
    ) -> Result<(), Fault> {
        let Some(own) = entry.account else { return Ok(()) };
        let (source, payee, received) = if entry.amount.is_sign_negative() {
            (own, other, counter)
        } else {
            (other, own, entry.amount)
        };
        let Some(currency) = chart.currency(payee) else {
            return Ok(());
        };
        self.each(
            |scope, sums| match (scope.has_cash(source), scope.has_cash(payee)) {
                (true, false) => sums.sub(currency, received),
                (false, true) => sums.add(currency, received),
                _ => Ok(()),
            },
        )
    }

    fn money_moved(&mut self, chart: &Chart, entry: &Entry, other: Option<AccountNo>) -> Result<(), Fault> {
        let account = entry.account.or(other);
        let Some(currency) = account.and_then(|account| chart.currency(account)) else {
            return Ok(());
        };
        self.each(|scope, sums| {
            let inside = |account: Option<AccountNo>| account.is_some_and(|account| scope.has_cash(account));
            match (inside(entry.account), inside(other)) {
                (true, false) => sums.add(currency, entry.amount),
                (false, true) => sums.sub(currency, entry.amount),
                _ => Ok(()),
            }
        })
    }

    /// Money that is paid for what is held, or comes of it.
    fn paid(&mut self, valuation: &Valuation<'_>, entry: &Entry) -> Result<(), Fault> {
        let (Some(account), Some(instrument)) = (entry.account, entry.instrument) else {
            return Ok(());
        };
        let Some(currency) = valuation.chart.currency(account) else {
            return Ok(());
        };
        let holders = Holders::of(valuation, entry, instrument)?;
        self.each(|scope, sums| {
            let paid = scope.has_cash(account);
            let held = holders.part(entry.amount, (scope, instrument), paid)?;
            if paid {
                sums.add(currency, entry.amount)?;
            }
            sums.sub(currency, held)
        })
    }

    /// Money of a corporate action, and units that turn into those of another instrument.
    fn acted(
        &mut self,
        valuation: &Valuation<'_>,
        entry: &Entry,
        action: &CorporateAction,
    ) -> Result<(), Fault> {
        let Some(instrument) = entry.instrument else {
            return Ok(());
        };
        if !entry.amount.is_zero() {
            self.paid(valuation, entry)?;
        }
        match action {
            CorporateAction::Split { ratio } => self.split(valuation, entry, (instrument, *ratio)),
            // For a class that holds the one and not the other, they come from outside or go there.
            CorporateAction::SpinOff { target, ratio, .. } | CorporateAction::Merger { target, ratio } => {
                for (place, units) in affected(valuation, entry, instrument) {
                    let units = mul(units, *ratio)?;
                    self.moved.push(Moved {
                        instrument: *target,
                        from: Some((place, instrument)),
                        to: Some((place, *target)),
                        sent: units,
                        received: units,
                        stated: None,
                    });
                }
                Ok(())
            }
            CorporateAction::ReturnOfCapital => Ok(()),
        }
    }

    /// Units that moved before a split of the same day count in the units after it.
    fn split(
        &mut self,
        valuation: &Valuation<'_>,
        entry: &Entry,
        (instrument, ratio): (InstrumentNo, Decimal),
    ) -> Result<(), Fault> {
        let client = entry.place().and_then(|place| valuation.chart.client(place));
        let holds = affected(valuation, entry, instrument);
        let acts = |side: Option<Side>| {
            side.is_some_and(|(place, _)| match entry.depository {
                Some(_) => holds.iter().any(|(known, _)| *known == place),
                None => client.is_none() || valuation.chart.client(place) == client,
            })
        };
        for moved in self
            .moved
            .iter_mut()
            .filter(|moved| moved.instrument == instrument)
        {
            if acts(moved.from) {
                moved.sent = mul(moved.sent, ratio)?;
            }
            if acts(moved.to) {
                moved.received = mul(moved.received, ratio)?;
            }
        }
        Ok(())
    }

    fn units_moved(
        &mut self,
        valuation: &Valuation<'_>,
        entry: &Entry,
        other: (Option<AccountNo>, Option<DepositoryNo>),
    ) -> Result<(), Fault> {
        let Some(instrument) = entry.instrument else {
            return Ok(());
        };
        let route = entry.route(other);
        let side = |place: Option<Place>| place.map(|place| (place, instrument));
        let (from, to) = (side(route.from), side(route.to));
        let crosses = |scope: &Scope| inside(scope, from).is_some() != inside(scope, to).is_some();
        if !self.scopes.iter().any(crosses) {
            return Ok(());
        }
        let held = route
            .from
            .and_then(|from| valuation.state.position(from, instrument));
        if let Some(stake) = held.filter(|position| position.is_stake()) {
            return self.stake_moved(valuation.position(stake, self.day)?, (from, to));
        }
        let units = entry.quantity.abs();
        self.moved.push(Moved {
            instrument,
            from,
            to,
            sent: units,
            received: units,
            stated: entry.price.map(|price| (units, price)),
        });
        Ok(())
    }

    /// A commitment goes with all that was called and paid out so far, so it is valued before it goes.
    fn stake_moved(
        &mut self,
        worth: Option<Worth>,
        (from, to): (Option<Side>, Option<Side>),
    ) -> Result<(), Fault> {
        let Some(worth) = worth else { return Ok(()) };
        let whole = worth.whole()?;
        self.each(|scope, sums| match (inside(scope, from), inside(scope, to)) {
            (Some(_), None) => sums.sub(worth.currency, whole),
            (None, Some(_)) => sums.add(worth.currency, whole),
            _ => Ok(()),
        })
    }
}

/// The place of a side that is in the scope.
fn inside(scope: &Scope, side: Option<Side>) -> Option<Place> {
    side.filter(|(place, instrument)| scope.has(*place, *instrument))
        .map(|(place, _)| place)
}
