//! What the data of each type of event looks like, and a worked example of it.

use crate::{
    Day,
    authorities::AuthorityStatus,
    cashflows::CashflowType,
    demo,
    extracts::{Dataset, ExtractFormat},
    ids::{
        AccountId, AssetId, AuthorityId, CashflowId, ClientId, CustodianId, ExtractId, IssuerId,
        LegalEntityId, PortfolioId, PositionId, TransactionId, WebhookId, id,
    },
    text::{Name, text},
    transactions::TransactionType,
    webhooks::{self, DisabledReason},
};
use serde::{Deserialize, Serialize};

/// The data of `client.created` and `client.deleted`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClientEvent {
    /// The client.
    pub client_id: ClientId,
}

/// The data of `client.updated`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ClientUpdatedEvent {
    /// The client.
    pub client_id: ClientId,
    /// The members that have another value than before.
    pub changed_fields: Vec<String>,
}

/// The data of `account.*`: an account that a consent feeds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AccountEvent {
    /// The account.
    pub account_id: AccountId,
    /// The legal entity that owns it.
    pub legal_entity_id: LegalEntityId,
    /// Where it is kept.
    pub custodian_id: Option<CustodianId>,
    /// The consent that feeds, or fed, it.
    pub authority_id: Option<AuthorityId>,
}

/// The data of `authority.*`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AuthorityEvent {
    /// The authority.
    pub authority_id: AuthorityId,
    /// The legal entity it is about.
    pub legal_entity_id: LegalEntityId,
    /// Who it was granted by.
    pub custodian_id: CustodianId,
    /// The state it is in since.
    pub status: AuthorityStatus,
}

/// The data of `transaction.*`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct TransactionEvent {
    /// The transaction.
    pub transaction_id: TransactionId,
    /// The account whose money it moves.
    pub account_id: AccountId,
    /// What it does.
    pub r#type: TransactionType,
}

/// The data of `position.*`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PositionEvent {
    /// The position.
    pub position_id: PositionId,
    /// The portfolio it is in.
    pub portfolio_id: PortfolioId,
    /// Who issued what is held.
    pub issuer_id: Option<IssuerId>,
    /// What is held.
    pub asset_id: AssetId,
    /// The members of the position that have another value than before.
    pub changed_fields: Vec<String>,
}

/// The data of `cashflow.*`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CashflowEvent {
    /// The cashflow.
    pub cashflow_id: CashflowId,
    /// The position that pays, or is paid into.
    pub position_id: PositionId,
    /// The portfolio that the position is in.
    pub portfolio_id: PortfolioId,
    /// What is held.
    pub asset_id: AssetId,
    /// What it is for.
    pub r#type: CashflowType,
    /// The day on which the terms promise it.
    pub expected_date: Option<Day>,
    /// The transaction that posted it.
    pub transaction_id: Option<TransactionId>,
}

pub(super) fn cashflow(posted: bool) -> CashflowEvent {
    CashflowEvent {
        cashflow_id: id("cf_a50a73e09d5f41e956545d32"),
        position_id: id("pos_4c05aba7a5b6c74726a126a9"),
        portfolio_id: id(demo::PORTFOLIO),
        asset_id: id("ast_RHN_2031"),
        r#type: CashflowType::Coupon,
        expected_date: Some(jiff::civil::date(2026, 9, 1).into()),
        transaction_id: posted.then(|| id(demo::TRANSACTION)),
    }
}

/// The data of `extract.completed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExtractCompletedEvent {
    /// The extract.
    pub extract_id: ExtractId,
    /// What was exported.
    pub dataset: Dataset,
    /// How the file is written.
    pub format: ExtractFormat,
    /// What the export is for.
    pub purpose: Name,
    /// Rows in the file.
    pub row_count: u64,
    /// The length of the file in bytes.
    pub size_bytes: u64,
    /// The SHA-256 of the file, in hex.
    pub sha256: String,
}

/// The data of `extract.failed`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ExtractFailedEvent {
    /// The extract.
    pub extract_id: ExtractId,
    /// What was to be exported.
    pub dataset: Dataset,
    /// How the file was to be written.
    pub format: ExtractFormat,
    /// What the export was for.
    pub purpose: Name,
    /// Why it could not be written.
    pub failure: String,
}

pub(super) fn extract_completed() -> ExtractCompletedEvent {
    ExtractCompletedEvent {
        extract_id: id("ext_01k2j8x4m6v0q3r5t7w9y1z2a3"),
        dataset: Dataset::Positions,
        format: ExtractFormat::Csv,
        purpose: text("Quarterly reconciliation"),
        row_count: 18,
        size_bytes: 4_312,
        sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
    }
}

pub(super) fn extract_failed() -> ExtractFailedEvent {
    ExtractFailedEvent {
        extract_id: id("ext_01k2j8x4m6v0q3r5t7w9y1z2a3"),
        dataset: Dataset::Holdings,
        format: ExtractFormat::Csv,
        purpose: text("Quarterly reconciliation"),
        failure: "No exchange rate of ISK is known, so what is in it cannot be converted.".to_owned(),
    }
}

/// The data of `webhook.test`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WebhookEvent {
    /// The endpoint.
    pub webhook_id: WebhookId,
}

/// The data of `webhook.disabled`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WebhookDisabledEvent {
    /// The endpoint.
    pub webhook_id: WebhookId,
    /// Why nothing is sent to it any more.
    pub reason: DisabledReason,
}

pub(super) fn webhook() -> WebhookEvent {
    WebhookEvent {
        webhook_id: id(webhooks::EXAMPLE),
    }
}

pub(super) fn webhook_disabled() -> WebhookDisabledEvent {
    WebhookDisabledEvent {
        webhook_id: id(webhooks::EXAMPLE),
        reason: DisabledReason::Failing,
    }
}

pub(super) fn position(changed: &[&str]) -> PositionEvent {
    PositionEvent {
        position_id: id("pos_66a1f0c2d4e5b60718295001_66a1f0c2d4e5b60718296011"),
        portfolio_id: id(demo::PORTFOLIO),
        issuer_id: None,
        asset_id: id("ast_66a1f0c2d4e5b60718296011"),
        changed_fields: changed.iter().map(ToString::to_string).collect(),
    }
}

pub(super) fn client() -> ClientEvent {
    ClientEvent {
        client_id: id(demo::CLIENT),
    }
}

pub(super) fn client_updated() -> ClientUpdatedEvent {
    ClientUpdatedEvent {
        client_id: id(demo::CLIENT),
        changed_fields: vec!["name".to_owned()],
    }
}

pub(super) fn account() -> AccountEvent {
    AccountEvent {
        account_id: id(demo::ACCOUNT),
        legal_entity_id: id(demo::LEGAL_ENTITY),
        custodian_id: Some(id(demo::CUSTODIAN)),
        authority_id: Some(id(demo::AUTHORITY)),
    }
}

pub(super) fn authority(status: AuthorityStatus) -> AuthorityEvent {
    AuthorityEvent {
        authority_id: id(demo::AUTHORITY),
        legal_entity_id: id(demo::LEGAL_ENTITY),
        custodian_id: id(demo::CUSTODIAN),
        status,
    }
}

pub(super) fn transaction() -> TransactionEvent {
    TransactionEvent {
        transaction_id: id(demo::TRANSACTION),
        account_id: id(demo::ACCOUNT),
        r#type: TransactionType::Deposit,
    }
}
