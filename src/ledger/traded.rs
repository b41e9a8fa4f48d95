//! The price of an instrument's latest trade, which values what has no quote.

use super::{
    Chart, ClientNo, Place, Point,
    arithmetic::{Overflow, div, mul},
};
use rust_decimal::Decimal;
use std::sync::Arc;

/// The price of the latest trade, as each holding sees it. Until the first split all see the same.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Traded {
    latest: Option<Point>,
    split: Option<Arc<Views>>,
}

/// How the price differs between holdings: they hear of a split on different days, or never.
#[derive(Clone, Debug, Default, PartialEq)]
struct Views {
    clients: Vec<(ClientNo, View)>,
    holdings: Vec<(Place, View)>,
}

/// The price as one holding sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct View {
    price: Option<Point>,
    /// New units for each unit of before the first split. Holdings of two clients count in the same units only if
    /// theirs are equal.
    ratio: Decimal,
}

impl View {
    fn split(&mut self, ratio: Decimal) -> Result<(), Overflow> {
        self.ratio = mul(self.ratio, ratio)?;
        if let Some(price) = &mut self.price {
            price.value = div(price.value, ratio)?;
        }
        Ok(())
    }
}

impl Traded {
    /// The price for what is held at `place`.
    pub(super) fn price(&self, chart: &Chart, place: Place) -> Option<Point> {
        self.view(chart, place).price
    }

    /// The latest price anywhere, for what is held nowhere yet.
    pub(super) const fn latest(&self) -> Option<Point> {
        self.latest
    }

    fn view(&self, chart: &Chart, place: Place) -> View {
        let whole = View {
            price: self.latest,
            ratio: Decimal::ONE,
        };
        let Some(views) = &self.split else {
            return whole;
        };
        let own = views.holdings.iter().find(|(known, _)| *known == place);
        let client = || {
            let client = chart.client(place)?;
            views
                .clients
                .iter()
                .find(|(known, _)| *known == client)
                .map(|(_, view)| *view)
        };
        own.map(|(_, view)| *view).or_else(client).unwrap_or(whole)
    }

    /// Notes a trade: it sets the price of all holdings of its client, and of all others that count in the same units.
    pub(super) fn trade(&mut self, chart: &Chart, place: Place, price: Point) {
        let ratio = self.view(chart, place).ratio;
        let client = chart.client(place);
        if ratio == Decimal::ONE {
            self.latest = Some(price);
        }
        let Some(views) = self.split.as_mut().map(Arc::make_mut) else {
            return;
        };
        for (known, view) in &mut views.clients {
            if Some(*known) == client || view.ratio == ratio {
                view.price = Some(price);
            }
        }
        for (known, view) in &mut views.holdings {
            if chart.client(*known) == client || view.ratio == ratio {
                view.price = Some(price);
            }
        }
    }

    /// Notes that the holding at `place` was split.
    pub(super) fn split_at(&mut self, chart: &Chart, place: Place, ratio: Decimal) -> Result<(), Overflow> {
        self.holding(chart, place).split(ratio)
    }

    /// Notes that all holdings of a client were split, and what its empty depositories would take over.
    pub(super) fn split_all(
        &mut self,
        chart: &Chart,
        client: ClientNo,
        ratio: Decimal,
    ) -> Result<(), Overflow> {
        let latest = self.latest;
        let views = Arc::make_mut(self.split.get_or_insert_default());
        let known = views.clients.iter().position(|(known, _)| *known == client);
        let own = known.unwrap_or_else(|| {
            let view = View {
                price: latest,
                ratio: Decimal::ONE,
            };
            views.clients.push((client, view));
            views.clients.len() - 1
        });
        views.clients[own].1.split(ratio)?;
        views
            .holdings
            .iter_mut()
            .filter(|(place, _)| chart.client(*place) == Some(client))
            .try_for_each(|(_, view)| view.split(ratio))
    }

    /// Notes that an empty place received units: it sees the sender's price from now on.
    pub(super) fn inherit(&mut self, chart: &Chart, from: Place, to: Place) {
        let view = self.view(chart, from);
        if self.view(chart, to) != view {
            *self.holding(chart, to) = view;
        }
    }

    fn holding(&mut self, chart: &Chart, place: Place) -> &mut View {
        let view = self.view(chart, place);
        let views = Arc::make_mut(self.split.get_or_insert_default());
        let own = views.holdings.iter().position(|(known, _)| *known == place);
        let own = own.unwrap_or_else(|| {
            views.holdings.push((place, view));
            views.holdings.len() - 1
        });
        &mut views.holdings[own].1
    }
}
