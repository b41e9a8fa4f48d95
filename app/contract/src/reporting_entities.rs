//! Reporting entities: the tree that says how wealth is viewed.

use crate::{
    Change, Field, ListQuery, Nothing, Page, Reply, Timestamp, demo,
    ids::{ById, ClientId, ReportingEntityId, at, id},
    operation::operation,
    text::{Currency, Name, text},
};
use serde::{Deserialize, Serialize};

/// A reporting entity is a view: what a client wants to see together. The tree of them says how wealth is viewed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReportingEntity {
    /// Stable id.
    pub id: ReportingEntityId,
    /// The client it belongs to.
    pub client_id: ClientId,
    /// The reporting entity it is part of; `null` at the top.
    pub parent_reporting_entity_id: Option<ReportingEntityId>,
    /// What people call it.
    pub name: Name,
    /// The currency its figures are in where none is asked for.
    pub currency: Currency,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Reply for ReportingEntity {
    fn location(&self) -> Option<String> {
        Some(format!("/v1/reporting-entities/{}", self.id))
    }
}

/// A new reporting entity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewReportingEntity {
    /// The reporting entity it is part of, of the same client; without it, it stands at the top.
    #[serde(default)]
    pub parent_reporting_entity_id: Option<ReportingEntityId>,
    /// What people call it.
    pub name: Name,
    /// The currency its figures are in where none is asked for.
    pub currency: Currency,
}

/// Changes to a reporting entity; members that are left out stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ReportingEntityPatch {
    /// The reporting entity it is part of, of the same client; `null` moves it to the top.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub parent_reporting_entity_id: Field<ReportingEntityId>,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Change::is_absent")]
    pub name: Change<Name>,
    /// The currency its figures are in where none is asked for.
    #[serde(default, skip_serializing_if = "Change::is_absent")]
    pub currency: Change<Currency>,
}

/// The one the docs show.
fn example() -> ReportingEntity {
    ReportingEntity {
        id: id(demo::REPORTING_ENTITY),
        client_id: id(demo::CLIENT),
        parent_reporting_entity_id: None,
        name: text("Halvorsen consolidated"),
        currency: text("EUR"),
        created_at: Timestamp::from_millis(1_767_225_600_000),
        updated_at: Timestamp::from_millis(1_767_225_600_000),
    }
}

fn page() -> Page<ReportingEntity> {
    Page::whole(vec![example()])
}

operation! {
    /// Lists the reporting entities of a client.
    ListReportingEntities = "reporting_entities.list", Get "/v1/clients/{id}/reporting-entities" => 200;
    V1 ReportingEntities, auth: ClientsRead, problems: [],
    path: ById<ClientId>, query: ListQuery, body: Nothing, reply: Page<ReportingEntity>,
    example: (at(demo::CLIENT), Nothing {}, page()),
}

operation! {
    /// Creates a reporting entity.
    CreateReportingEntity = "reporting_entities.create", Post "/v1/clients/{id}/reporting-entities" => 201;
    V1 ReportingEntities, auth: ClientsWrite, problems: [],
    path: ById<ClientId>, query: Nothing, body: NewReportingEntity, reply: ReportingEntity,
    example: (at(demo::CLIENT), NewReportingEntity { parent_reporting_entity_id: None, name: text("Halvorsen consolidated"), currency: text("EUR") }, example()),
}

operation! {
    /// Reads one reporting entity.
    GetReportingEntity = "reporting_entities.get", Get "/v1/reporting-entities/{id}" => 200;
    V1 ReportingEntities, auth: ClientsRead, problems: [],
    path: ById<ReportingEntityId>, query: Nothing, body: Nothing, reply: ReportingEntity,
    example: (at(demo::REPORTING_ENTITY), Nothing {}, example()),
}

operation! {
    /// Changes a reporting entity.
    ///
    /// It cannot be moved under itself or one of its own descendants.
    UpdateReportingEntity = "reporting_entities.update", Patch "/v1/reporting-entities/{id}" => 200;
    V1 ReportingEntities, auth: ClientsWrite, problems: [],
    path: ById<ReportingEntityId>, query: Nothing, body: ReportingEntityPatch, reply: ReportingEntity,
    example: (at(demo::REPORTING_ENTITY), ReportingEntityPatch { currency: Change::To(text("EUR")), ..ReportingEntityPatch::default() }, example()),
}

operation! {
    /// Deletes a reporting entity.
    ///
    /// Refused with `in-use` while it has portfolios or entities under it.
    DeleteReportingEntity = "reporting_entities.delete", Delete "/v1/reporting-entities/{id}" => 204;
    V1 ReportingEntities, auth: ClientsWrite, problems: [InUse],
    path: ById<ReportingEntityId>, query: Nothing, body: Nothing, reply: Nothing,
    example: (at(demo::REPORTING_ENTITY), Nothing {}, Nothing {}),
}

/// Every operation of this file.
#[cfg(feature = "schema")]
pub(crate) fn cards(all: &mut crate::card::Generators) -> Vec<crate::Card> {
    vec![
        all.card::<ListReportingEntities>(),
        all.card::<CreateReportingEntity>(),
        all.card::<GetReportingEntity>(),
        all.card::<UpdateReportingEntity>(),
        all.card::<DeleteReportingEntity>(),
    ]
}
