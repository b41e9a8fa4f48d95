//! Clients: the owners of all data.

use crate::{
    Change, Field, ListQuery, Nothing, Page, Reply, Timestamp, demo,
    ids::{ById, ClientId, at, id},
    operation::operation,
    text::{Currency, Name, text},
};
use serde::{Deserialize, Serialize};

/// Which lots a sale closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AccountingMethod {
    /// The oldest lots first.
    Fifo,
    /// One rolling lot per depository and instrument, at its average cost.
    Average,
    /// The lots that the transaction names.
    SpecificId,
}

impl AccountingMethod {
    /// The value as it stands on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fifo => "fifo",
            Self::Average => "average",
            Self::SpecificId => "specific_id",
        }
    }
    /// The value of this text.
    pub fn from_text(text: &str) -> Option<Self> {
        Some(match text {
            "fifo" => Self::Fifo,
            "average" => Self::Average,
            "specific_id" => Self::SpecificId,
            _ => return None,
        })
    }
}

/// A client owns data: legal entities, reporting entities, and everything under them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Client {
    /// Stable id.
    pub id: ClientId,
    /// What people call it.
    pub name: Name,
    /// The client it is nested under; `null` at the root.
    pub parent_id: Option<ClientId>,
    /// The currency its figures are shown in where none is asked for.
    pub reference_currency: Currency,
    /// Which lots its sales close.
    pub accounting_method: AccountingMethod,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Reply for Client {
    fn location(&self) -> Option<String> {
        Some(format!("/v1/clients/{}", self.id))
    }
}

/// A new client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewClient {
    /// What people call it.
    pub name: Name,
    /// The client to nest it under; without it, it stands at the root.
    #[serde(default)]
    pub parent_id: Option<ClientId>,
    /// The currency its figures are shown in where none is asked for.
    pub reference_currency: Currency,
    /// Which lots its sales close. Without it, `fifo`.
    #[serde(default)]
    pub accounting_method: Option<AccountingMethod>,
}

/// Changes to a client; members that are left out stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ClientPatch {
    /// What people call it.
    #[serde(default, skip_serializing_if = "Change::is_absent")]
    pub name: Change<Name>,
    /// The client to nest it under; `null` moves it to the root.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub parent_id: Field<ClientId>,
    /// The currency its figures are shown in where none is asked for.
    #[serde(default, skip_serializing_if = "Change::is_absent")]
    pub reference_currency: Change<Currency>,
    /// Which lots its sales close.
    #[serde(default, skip_serializing_if = "Change::is_absent")]
    pub accounting_method: Change<AccountingMethod>,
}

/// The one the docs show.
fn example() -> Client {
    Client {
        id: id(demo::CLIENT),
        name: text("Halvorsen Family"),
        parent_id: None,
        reference_currency: text("EUR"),
        accounting_method: AccountingMethod::Fifo,
        created_at: Timestamp::from_millis(1_767_225_600_000),
        updated_at: Timestamp::from_millis(1_767_225_600_000),
    }
}

fn page() -> Page<Client> {
    Page::whole(vec![example()])
}

operation! {
    /// Lists clients.
    ///
    /// Every client of the sandbox, nested ones included, oldest first.
    ListClients = "clients.list", Get "/v1/clients" => 200;
    V1 Clients, auth: ClientsRead, problems: [],
    path: Nothing, query: ListQuery, body: Nothing, reply: Page<Client>,
    example: (Nothing {}, Nothing {}, page()),
}

operation! {
    /// Creates a client.
    ///
    /// Nest it under another with `parent_id`. Nothing else is needed before legal and reporting entities can be added.
    CreateClient = "clients.create", Post "/v1/clients" => 201;
    V1 Clients, auth: ClientsWrite, problems: [],
    path: Nothing, query: Nothing, body: NewClient, reply: Client,
    example: (Nothing {}, NewClient { name: text("Halvorsen Family"), parent_id: None, reference_currency: text("EUR"), accounting_method: Some(AccountingMethod::Fifo) }, example()),
}

operation! {
    /// Reads one client.
    GetClient = "clients.get", Get "/v1/clients/{id}" => 200;
    V1 Clients, auth: ClientsRead, problems: [],
    path: ById<ClientId>, query: Nothing, body: Nothing, reply: Client,
    example: (at(demo::CLIENT), Nothing {}, example()),
}

operation! {
    /// Changes a client.
    ///
    /// A client cannot be moved under itself or under one of its own descendants.
    UpdateClient = "clients.update", Patch "/v1/clients/{id}" => 200;
    V1 Clients, auth: ClientsWrite, problems: [InUse],
    path: ById<ClientId>, query: Nothing, body: ClientPatch, reply: Client,
    example: (at(demo::CLIENT), ClientPatch { name: Change::To(text("Halvorsen Family")), ..ClientPatch::default() }, example()),
}

operation! {
    /// Deletes a client.
    ///
    /// Refused with `in-use` while it has nested clients, legal entities, or reporting entities.
    DeleteClient = "clients.delete", Delete "/v1/clients/{id}" => 204;
    V1 Clients, auth: ClientsWrite, problems: [InUse],
    path: ById<ClientId>, query: Nothing, body: Nothing, reply: Nothing,
    example: (at(demo::CLIENT), Nothing {}, Nothing {}),
}

/// Every operation of this file.
#[cfg(feature = "schema")]
pub(crate) fn cards(all: &mut crate::card::Generators) -> Vec<crate::Card> {
    vec![
        all.card::<ListClients>(),
        all.card::<CreateClient>(),
        all.card::<GetClient>(),
        all.card::<UpdateClient>(),
        all.card::<DeleteClient>(),
    ]
}
