//! Portfolios: named buckets of accounts and depositories.

use crate::{
    Change, ListQuery, Nothing, Page, Reply, Timestamp, demo,
    ids::{AccountId, ById, DepositoryId, PortfolioId, ReportingEntityId, at, id},
    operation::operation,
    text::{Name, text},
};
use serde::{Deserialize, Serialize};

/// A portfolio is a named bucket of accounts and depositories inside a reporting entity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Portfolio {
    /// Stable id.
    pub id: PortfolioId,
    /// The reporting entity it subdivides.
    pub reporting_entity_id: ReportingEntityId,
    /// What people call it.
    pub name: Name,
    /// The accounts in it.
    pub account_ids: Vec<AccountId>,
    /// The depositories in it.
    pub depository_ids: Vec<DepositoryId>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Reply for Portfolio {
    fn location(&self) -> Option<String> {
        Some(format!("/v1/portfolios/{}", self.id))
    }
}

/// A new portfolio.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewPortfolio {
    /// What people call it.
    pub name: Name,
    /// The accounts to put in it, of the same client.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 1000)))]
    pub account_ids: Vec<AccountId>,
    /// The depositories to put in it, of the same client.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 1000)))]
    pub depository_ids: Vec<DepositoryId>,
}

/// Changes to a portfolio; members that are left out stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PortfolioPatch {
    /// What people call it.
    #[serde(default, skip_serializing_if = "Change::is_absent")]
    pub name: Change<Name>,
    /// The accounts in it; replaces the whole list.
    #[serde(default, skip_serializing_if = "Change::is_absent")]
    #[cfg_attr(feature = "schema", schemars(length(max = 1000)))]
    pub account_ids: Change<Vec<AccountId>>,
    /// The depositories in it; replaces the whole list.
    #[serde(default, skip_serializing_if = "Change::is_absent")]
    #[cfg_attr(feature = "schema", schemars(length(max = 1000)))]
    pub depository_ids: Change<Vec<DepositoryId>>,
}

/// The one the docs show.
fn example() -> Portfolio {
    Portfolio {
        id: id(demo::PORTFOLIO),
        reporting_entity_id: id(demo::REPORTING_ENTITY),
        name: text("Listed equities"),
        account_ids: vec![id(demo::ACCOUNT)],
        depository_ids: vec![id(demo::DEPOSITORY)],
        created_at: Timestamp::from_millis(1_767_225_600_000),
        updated_at: Timestamp::from_millis(1_767_225_600_000),
    }
}

fn page() -> Page<Portfolio> {
    Page::whole(vec![example()])
}

operation! {
    /// Lists the portfolios of a reporting entity.
    ListPortfolios = "portfolios.list", Get "/v1/reporting-entities/{id}/portfolios" => 200;
    V1 Portfolios, auth: ClientsRead, problems: [],
    path: ById<ReportingEntityId>, query: ListQuery, body: Nothing, reply: Page<Portfolio>,
    example: (at(demo::REPORTING_ENTITY), Nothing {}, page()),
}

operation! {
    /// Creates a portfolio.
    ///
    /// An account or depository may be in several portfolios; within one reporting entity it still counts once.
    CreatePortfolio = "portfolios.create", Post "/v1/reporting-entities/{id}/portfolios" => 201;
    V1 Portfolios, auth: ClientsWrite, problems: [],
    path: ById<ReportingEntityId>, query: Nothing, body: NewPortfolio, reply: Portfolio,
    example: (at(demo::REPORTING_ENTITY), NewPortfolio { name: text("Listed equities"), account_ids: vec![id(demo::ACCOUNT)], depository_ids: vec![id(demo::DEPOSITORY)] }, example()),
}

operation! {
    /// Reads one portfolio.
    GetPortfolio = "portfolios.get", Get "/v1/portfolios/{id}" => 200;
    V1 Portfolios, auth: ClientsRead, problems: [],
    path: ById<PortfolioId>, query: Nothing, body: Nothing, reply: Portfolio,
    example: (at(demo::PORTFOLIO), Nothing {}, example()),
}

operation! {
    /// Changes a portfolio.
    UpdatePortfolio = "portfolios.update", Patch "/v1/portfolios/{id}" => 200;
    V1 Portfolios, auth: ClientsWrite, problems: [],
    path: ById<PortfolioId>, query: Nothing, body: PortfolioPatch, reply: Portfolio,
    example: (at(demo::PORTFOLIO), PortfolioPatch { name: Change::To(text("Listed equities")), ..PortfolioPatch::default() }, example()),
}

operation! {
    /// Deletes a portfolio.
    ///
    /// The accounts and depositories in it stay.
    DeletePortfolio = "portfolios.delete", Delete "/v1/portfolios/{id}" => 204;
    V1 Portfolios, auth: ClientsWrite, problems: [],
    path: ById<PortfolioId>, query: Nothing, body: Nothing, reply: Nothing,
    example: (at(demo::PORTFOLIO), Nothing {}, Nothing {}),
}

/// Every operation of this file.
#[cfg(feature = "schema")]
pub(crate) fn cards(all: &mut crate::card::Generators) -> Vec<crate::Card> {
    vec![
        all.card::<ListPortfolios>(),
        all.card::<CreatePortfolio>(),
        all.card::<GetPortfolio>(),
        all.card::<UpdatePortfolio>(),
        all.card::<DeletePortfolio>(),
    ]
}
