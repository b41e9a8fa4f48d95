//! Accounts: the unit of custody.

use crate::{
    Change, Field, ListQuery, Nothing, Page, Reply, Timestamp, demo,
    ids::{AccountId, AuthorityId, ById, CustodianId, DepositoryId, LegalEntityId, at, id},
    operation::operation,
    text::{Currency, ExternalIdentifier, Name, text},
};
use serde::{Deserialize, Serialize};

/// An account is the unit of custody: money in one currency, and the depositories where its assets sit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Account {
    /// Stable id.
    pub id: AccountId,
    /// The legal entity that owns it.
    pub legal_entity_id: LegalEntityId,
    /// The custodian that keeps it; `null` for an account entered by hand without a depository.
    pub custodian_id: Option<CustodianId>,
    /// The consent that brings its data; `null` for an account entered by hand.
    pub custodian_authority_id: Option<AuthorityId>,
    /// What people call it.
    pub name: Name,
    /// The custodian's own number of it; unique per custodian.
    pub external_identifier: Option<ExternalIdentifier>,
    /// The currency its money is in.
    pub currency: Currency,
    /// The depositories where its assets sit.
    pub depository_ids: Vec<DepositoryId>,
    /// Whether it is left out of holdings and performance. Fixed when it is created.
    pub exclude_from_reporting: bool,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Reply for Account {
    fn location(&self) -> Option<String> {
        Some(format!("/v1/accounts/{}", self.id))
    }
}

/// A new account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    /// What people call it.
    pub name: Name,
    /// The custodian's own number of it; unique per custodian.
    #[serde(default)]
    pub external_identifier: Option<ExternalIdentifier>,
    /// The currency its money is in.
    pub currency: Currency,
    /// The depositories where its assets sit, of the same legal entity.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(length(max = 100)))]
    pub depository_ids: Vec<DepositoryId>,
    /// Whether to leave it out of holdings and performance. Cannot be changed later.
    #[serde(default)]
    pub exclude_from_reporting: bool,
}

/// Changes to an account; members that are left out stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AccountPatch {
    /// What people call it.
    #[serde(default, skip_serializing_if = "Change::is_absent")]
    pub name: Change<Name>,
    /// The custodian's own number of it; unique per custodian.
    #[serde(default, skip_serializing_if = "Field::is_absent")]
    pub external_identifier: Field<ExternalIdentifier>,
    /// The currency its money is in; fixed once it has transactions.
    #[serde(default, skip_serializing_if = "Change::is_absent")]
    pub currency: Change<Currency>,
    /// The depositories where its assets sit, of the same legal entity; replaces the whole list.
    #[serde(default, skip_serializing_if = "Change::is_absent")]
    #[cfg_attr(feature = "schema", schemars(length(max = 100)))]
    pub depository_ids: Change<Vec<DepositoryId>>,
}

/// The one the docs show.
fn example() -> Account {
    Account {
        id: id(demo::ACCOUNT),
        legal_entity_id: id(demo::LEGAL_ENTITY),
        custodian_id: Some(id(demo::CUSTODIAN)),
        custodian_authority_id: Some(id(demo::AUTHORITY)),
        name: text("Nordea custody EUR"),
        external_identifier: Some(text("NDEA-2201-7788")),
        currency: text("EUR"),
        depository_ids: vec![id(demo::DEPOSITORY)],
        exclude_from_reporting: false,
        created_at: Timestamp::from_millis(1_767_225_600_000),
        updated_at: Timestamp::from_millis(1_767_225_600_000),
    }
}

fn page() -> Page<Account> {
    Page::whole(vec![example()])
}

operation! {
    /// Lists every account of the sandbox.
    ListAccounts = "accounts.list", Get "/v1/accounts" => 200;
    V1 Accounts, auth: ClientsRead, problems: [],
    path: Nothing, query: ListQuery, body: Nothing, reply: Page<Account>,
    example: (Nothing {}, Nothing {}, page()),
}

operation! {
    /// Lists the accounts of a legal entity.
    ListLegalEntityAccounts = "accounts.list_by_legal_entity", Get "/v1/legal-entities/{id}/accounts" => 200;
    V1 Accounts, auth: ClientsRead, problems: [],
    path: ById<LegalEntityId>, query: ListQuery, body: Nothing, reply: Page<Account>,
    example: (at(demo::LEGAL_ENTITY), Nothing {}, page()),
}

operation! {
    /// Creates an account by hand.
    ///
    /// Accounts of a linked custodian arrive by themselves; this is for what no custodian delivers. Its custodian is that of its depositories, which must all have the same one.
    CreateAccount = "accounts.create", Post "/v1/legal-entities/{id}/accounts" => 201;
    V1 Accounts, auth: ClientsWrite, problems: [AlreadyExists],
    path: ById<LegalEntityId>, query: Nothing, body: NewAccount, reply: Account,
    example: (at(demo::LEGAL_ENTITY), NewAccount { name: text("Nordea custody EUR"), external_identifier: Some(text("NDEA-2201-9001")), currency: text("EUR"), depository_ids: vec![id(demo::DEPOSITORY)], exclude_from_reporting: false }, Account { external_identifier: Some(text("NDEA-2201-9001")), ..example() }),
}

operation! {
    /// Reads one account.
    GetAccount = "accounts.get", Get "/v1/accounts/{id}" => 200;
    V1 Accounts, auth: ClientsRead, problems: [],
    path: ById<AccountId>, query: Nothing, body: Nothing, reply: Account,
    example: (at(demo::ACCOUNT), Nothing {}, example()),
}

operation! {
    /// Changes an account.
    UpdateAccount = "accounts.update", Patch "/v1/accounts/{id}" => 200;
    V1 Accounts, auth: ClientsWrite, problems: [AlreadyExists, InUse],
    path: ById<AccountId>, query: Nothing, body: AccountPatch, reply: Account,
    example: (at(demo::ACCOUNT), AccountPatch { name: Change::To(text("Nordea custody EUR")), ..AccountPatch::default() }, example()),
}

operation! {
    /// Deletes an account.
    ///
    /// Refused with `in-use` while it has transactions. It leaves the portfolios that it was in.
    DeleteAccount = "accounts.delete", Delete "/v1/accounts/{id}" => 204;
    V1 Accounts, auth: ClientsWrite, problems: [InUse],
    path: ById<AccountId>, query: Nothing, body: Nothing, reply: Nothing,
    example: (at(demo::ACCOUNT), Nothing {}, Nothing {}),
}

/// Every operation of this file.
#[cfg(feature = "schema")]
pub(crate) fn cards(all: &mut crate::card::Generators) -> Vec<crate::Card> {
    vec![
        all.card::<ListAccounts>(),
        all.card::<ListLegalEntityAccounts>(),
        all.card::<CreateAccount>(),
        all.card::<GetAccount>(),
        all.card::<UpdateAccount>(),
        all.card::<DeleteAccount>(),
    ]
}
