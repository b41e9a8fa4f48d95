//! Depositories: where assets physically sit.

use crate::{
    Change, Field, ListQuery, Nothing, Page, Reply, Timestamp, demo,
    ids::{AccountId, ById, CustodianId, DepositoryId, LegalEntityId, at, id},
    operation::operation,
    text::{ExternalIdentifier, Name, text},
};
use serde::{Deserialize, Serialize};

/// A depository is where securities physically sit; accounts settle into it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Depository {
    /// Stable id.
    pub id: DepositoryId,
    /// The legal entity that owns what sits there.
    pub legal_entity_id: LegalEntityId,
    /// The custodian that keeps it.
    pub custodian_id: CustodianId,
    /// What people call it.
    pub name: Name,
    /// The custodian's own number of it; unique per custodian.
    pub external_identifier: Option<ExternalIdentifier>,
    /// The accounts that settle into it.
    pub account_ids: Vec<AccountId>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Reply for Depository {
    fn location(&self) -> Option<String> {
        Some(format!("/v1/depositories/{}", self.id))
    }
}

/// A new depository.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewDepository {
    /// The custodian that keeps it.
    pub custodian_id: CustodianId,
    /// What people call it.
    pub name: Name,
    /// The custodian's own number of it; unique per custodian.
    #[serde(default)]
    pub external_identifier: Option<ExternalIdentifier>,
}

/// Changes to a depository; members that are left out stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DepositoryPatch {
    /// The custodian that keeps it; fixed once accounts settle into it.
    #[serde(default, skip_serializing_if = "Change::is_absent")]
    pub custodian_id: Change<CustodianId>,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Change::is_absent")]
    pub name: Change<Name>,
    /// The custodian's own number of it; unique per custodian.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub external_identifier: Field<ExternalIdentifier>,
}

/// The one the docs show.
fn example() -> Depository {
    Depository {
        id: id(demo::DEPOSITORY),
        legal_entity_id: id(demo::LEGAL_ENTITY),
        custodian_id: id(demo::CUSTODIAN),
        name: text("Nordea depository"),
        external_identifier: Some(text("NDEA-DEP-7788")),
        account_ids: vec![id(demo::ACCOUNT)],
        created_at: Timestamp::from_millis(1_767_225_600_000),
        updated_at: Timestamp::from_millis(1_767_225_600_000),
    }
}

fn page() -> Page<Depository> {
    Page::whole(vec![example()])
}

operation! {
    /// Lists every depository of the sandbox.
    ListDepositories = "depositories.list", Get "/v1/depositories" => 200;
    V1 Depositories, auth: ClientsRead, problems: [],
    path: Nothing, query: ListQuery, body: Nothing, reply: Page<Depository>,
    example: (Nothing {}, Nothing {}, page()),
}

operation! {
    /// Lists the depositories of a legal entity.
    ListLegalEntityDepositories = "depositories.list_by_legal_entity", Get "/v1/legal-entities/{id}/depositories" => 200;
    V1 Depositories, auth: ClientsRead, problems: [],
    path: ById<LegalEntityId>, query: ListQuery, body: Nothing, reply: Page<Depository>,
    example: (at(demo::LEGAL_ENTITY), Nothing {}, page()),
}

operation! {
    /// Creates a depository by hand.
    CreateDepository = "depositories.create", Post "/v1/legal-entities/{id}/depositories" => 201;
    V1 Depositories, auth: ClientsWrite, problems: [AlreadyExists],
    path: ById<LegalEntityId>, query: Nothing, body: NewDepository, reply: Depository,
    example: (at(demo::LEGAL_ENTITY), NewDepository { custodian_id: id(demo::CUSTODIAN), name: text("Nordea depository"), external_identifier: Some(text("NDEA-DEP-9001")) }, Depository { external_identifier: Some(text("NDEA-DEP-9001")), ..example() }),
}

operation! {
    /// Reads one depository.
    GetDepository = "depositories.get", Get "/v1/depositories/{id}" => 200;
    V1 Depositories, auth: ClientsRead, problems: [],
    path: ById<DepositoryId>, query: Nothing, body: Nothing, reply: Depository,
    example: (at(demo::DEPOSITORY), Nothing {}, example()),
}

operation! {
    /// Changes a depository.
    UpdateDepository = "depositories.update", Patch "/v1/depositories/{id}" => 200;
    V1 Depositories, auth: ClientsWrite, problems: [AlreadyExists, InUse],
    path: ById<DepositoryId>, query: Nothing, body: DepositoryPatch, reply: Depository,
    example: (at(demo::DEPOSITORY), DepositoryPatch { name: Change::To(text("Nordea depository")), ..DepositoryPatch::default() }, example()),
}

operation! {
    /// Deletes a depository.
    ///
    /// Refused with `in-use` while accounts settle into it or transactions name it.
    DeleteDepository = "depositories.delete", Delete "/v1/depositories/{id}" => 204;
    V1 Depositories, auth: ClientsWrite, problems: [InUse],
    path: ById<DepositoryId>, query: Nothing, body: Nothing, reply: Nothing,
    example: (at(demo::DEPOSITORY), Nothing {}, Nothing {}),
}

/// Every operation of this file.
#[cfg(feature = "schema")]
pub(crate) fn cards(all: &mut crate::card::Generators) -> Vec<crate::Card> {
    vec![
        all.card::<ListDepositories>(),
        all.card::<ListLegalEntityDepositories>(),
        all.card::<CreateDepository>(),
        all.card::<GetDepository>(),
        all.card::<UpdateDepository>(),
        all.card::<DeleteDepository>(),
    ]
}
