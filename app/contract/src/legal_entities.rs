//! Legal entities: the tree that says who owns.

use crate::{
    Change, Field, ListQuery, Nothing, Page, Reply, Timestamp, demo,
    ids::{ById, ClientId, LegalEntityId, at, id},
    operation::operation,
    text::{Country, Name, text},
};
use serde::{Deserialize, Serialize};

/// What kind of person or body a legal entity is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum LegalEntityType {
    /// A natural person.
    Individual,
    /// A trust.
    Trust,
    /// A company.
    Company,
    /// A foundation.
    Foundation,
}

impl LegalEntityType {
    /// The value as it stands on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Individual => "individual",
            Self::Trust => "trust",
            Self::Company => "company",
            Self::Foundation => "foundation",
        }
    }
    /// The value of this text.
    pub fn from_text(text: &str) -> Option<Self> {
        Some(match text {
            "individual" => Self::Individual,
            "trust" => Self::Trust,
            "company" => Self::Company,
            "foundation" => Self::Foundation,
            _ => return None,
        })
    }
}

/// A legal entity owns accounts and depositories. The tree of them says who owns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LegalEntity {
    /// Stable id.
    pub id: LegalEntityId,
    /// The client it belongs to.
    pub client_id: ClientId,
    /// The legal entity that owns it; `null` at the top.
    pub parent_legal_entity_id: Option<LegalEntityId>,
    /// Its registered name.
    pub name: Name,
    /// What kind of person or body it is.
    pub r#type: LegalEntityType,
    /// The country under whose law it stands.
    pub jurisdiction: Country,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Reply for LegalEntity {
    fn location(&self) -> Option<String> {
        Some(format!("/v1/legal-entities/{}", self.id))
    }
}

/// A new legal entity.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewLegalEntity {
    /// The legal entity that owns it, of the same client; without it, it stands at the top.
    #[serde(default)]
    pub parent_legal_entity_id: Option<LegalEntityId>,
    /// Its registered name.
    pub name: Name,
    /// What kind of person or body it is.
    pub r#type: LegalEntityType,
    /// The country under whose law it stands.
    pub jurisdiction: Country,
}

/// Changes to a legal entity; members that are left out stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LegalEntityPatch {
    /// The legal entity that owns it, of the same client; `null` moves it to the top.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub parent_legal_entity_id: Field<LegalEntityId>,
    /// Its registered name.
    #[serde(default, skip_serializing_if = "Change::is_absent")]
    pub name: Change<Name>,
    /// What kind of person or body it is.
    #[serde(default, skip_serializing_if = "Change::is_absent")]
    pub r#type: Change<LegalEntityType>,
    /// The country under whose law it stands.
    #[serde(default, skip_serializing_if = "Change::is_absent")]
    pub jurisdiction: Change<Country>,
}

/// The one the docs show.
fn example() -> LegalEntity {
    LegalEntity {
        id: id(demo::LEGAL_ENTITY),
        client_id: id(demo::CLIENT),
        parent_legal_entity_id: None,
        name: text("Halvorsen Holding ApS"),
        r#type: LegalEntityType::Company,
        jurisdiction: text("DK"),
        created_at: Timestamp::from_millis(1_767_225_600_000),
        updated_at: Timestamp::from_millis(1_767_225_600_000),
    }
}

fn page() -> Page<LegalEntity> {
    Page::whole(vec![example()])
}

operation! {
    /// Lists the legal entities of a client.
    ///
    /// The whole tree, oldest first; `parent_legal_entity_id` gives its shape.
    ListLegalEntities = "legal_entities.list", Get "/v1/clients/{id}/legal-entities" => 200;
    V1 LegalEntities, auth: ClientsRead, problems: [],
    path: ById<ClientId>, query: ListQuery, body: Nothing, reply: Page<LegalEntity>,
    example: (at(demo::CLIENT), Nothing {}, page()),
}

operation! {
    /// Creates a legal entity.
    CreateLegalEntity = "legal_entities.create", Post "/v1/clients/{id}/legal-entities" => 201;
    V1 LegalEntities, auth: ClientsWrite, problems: [],
    path: ById<ClientId>, query: Nothing, body: NewLegalEntity, reply: LegalEntity,
    example: (at(demo::CLIENT), NewLegalEntity { parent_legal_entity_id: None, name: text("Halvorsen Holding ApS"), r#type: LegalEntityType::Company, jurisdiction: text("DK") }, example()),
}

operation! {
    /// Reads one legal entity.
    GetLegalEntity = "legal_entities.get", Get "/v1/legal-entities/{id}" => 200;
    V1 LegalEntities, auth: ClientsRead, problems: [],
    path: ById<LegalEntityId>, query: Nothing, body: Nothing, reply: LegalEntity,
    example: (at(demo::LEGAL_ENTITY), Nothing {}, example()),
}

operation! {
    /// Changes a legal entity.
    ///
    /// It cannot be moved under itself or one of its own descendants.
    UpdateLegalEntity = "legal_entities.update", Patch "/v1/legal-entities/{id}" => 200;
    V1 LegalEntities, auth: ClientsWrite, problems: [],
    path: ById<LegalEntityId>, query: Nothing, body: LegalEntityPatch, reply: LegalEntity,
    example: (at(demo::LEGAL_ENTITY), LegalEntityPatch { jurisdiction: Change::To(text("DK")), ..LegalEntityPatch::default() }, example()),
}

operation! {
    /// Deletes a legal entity.
    ///
    /// Refused with `in-use` while it has accounts, depositories, custodian authorities, or entities under it.
    DeleteLegalEntity = "legal_entities.delete", Delete "/v1/legal-entities/{id}" => 204;
    V1 LegalEntities, auth: ClientsWrite, problems: [InUse],
    path: ById<LegalEntityId>, query: Nothing, body: Nothing, reply: Nothing,
    example: (at(demo::LEGAL_ENTITY), Nothing {}, Nothing {}),
}

/// Every operation of this file.
#[cfg(feature = "schema")]
pub(crate) fn cards(all: &mut crate::card::Generators) -> Vec<crate::Card> {
    vec![
        all.card::<ListLegalEntities>(),
        all.card::<CreateLegalEntity>(),
        all.card::<GetLegalEntity>(),
        all.card::<UpdateLegalEntity>(),
        all.card::<DeleteLegalEntity>(),
    ]
}
