//! What a reporting entity looks at: the places of its portfolios, as scopes of the ledger.

use super::Book;
use crate::{
    ledger::{AccountNo, DepositoryNo, Scope},
    store::tenant::book::BookPortfolio,
};
use contract::ids::{PortfolioId, ReportingEntityId};

/// The places of some portfolios: accounts that are not excluded, and depositories. Each stands in it once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// The accounts.
    pub accounts: Vec<AccountNo>,
    /// The depositories.
    pub depositories: Vec<DepositoryNo>,
}

impl View {
    /// The scope of these places.
    pub fn scope(&self) -> Scope {
        Scope::new(self.accounts.iter().copied(), self.depositories.iter().copied())
    }

    fn of<'p>(book: &Book, portfolios: impl Iterator<Item = &'p BookPortfolio>) -> Self {
        let mut view = Self::default();
        for portfolio in portfolios {
            let accounts = portfolio.account_ids.iter();
            let accounts = accounts.filter_map(|id| book.names().account_no(id));
            let depositories = portfolio.depository_ids.iter();
            view.accounts
                .extend(accounts.filter(|number| !book.names().account(*number).excluded));
            view.depositories
                .extend(depositories.filter_map(|id| book.names().depository_no(id)));
        }
        view.accounts.sort_unstable();
        view.accounts.dedup();
        view.depositories.sort_unstable();
        view.depositories.dedup();
        view
    }
}

impl Book {
    /// What a reporting entity looks at: its own portfolios together.
    pub fn view(&self, entity: &ReportingEntityId) -> View {
        View::of(self, self.portfolios_of(entity))
    }

    /// The portfolios of a reporting entity, oldest first, each with what it looks at.
    pub fn views(&self, entity: &ReportingEntityId) -> Vec<(u32, PortfolioId, View)> {
        self.portfolios_of(entity)
            .map(|portfolio| {
                let view = View::of(self, std::iter::once(portfolio));
                (portfolio.seq, portfolio.id.clone(), view)
            })
            .collect()
    }

    /// Every portfolio with what it looks at, oldest first.
    pub(super) fn every_view(&self) -> impl Iterator<Item = (&PortfolioId, View)> {
        let all = self.names().portfolios().iter();
        all.map(|portfolio| (&portfolio.id, View::of(self, std::iter::once(portfolio))))
    }

    fn portfolios_of<'b>(
        &'b self,
        entity: &'b ReportingEntityId,
    ) -> impl Iterator<Item = &'b BookPortfolio> + 'b {
        let all = self.names().portfolios().iter();
        all.filter(move |portfolio| portfolio.reporting_entity_id == *entity)
    }
}
