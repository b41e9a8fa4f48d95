//! Custodian authorities: the consents by which data arrives.

use crate::{
    ListQuery, Nothing, Page, Reply, Timestamp, demo,
    ids::{AuthFlowId, AuthorityId, ById, CustodianId, LegalEntityId, at, id},
    operation::operation,
    text::{ConsentReference, text},
};
use serde::{Deserialize, Serialize};

/// Where a consent stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AuthorityStatus {
    /// Reserved; the user has not consented yet.
    Pending,
    /// Consent is in force and data flows.
    Active,
    /// The consent lapsed.
    Expired,
    /// The consent was withdrawn.
    Revoked,
}

impl AuthorityStatus {
    /// The value as it stands on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }
    /// The value of this text.
    pub fn from_text(text: &str) -> Option<Self> {
        Some(match text {
            "pending" => Self::Pending,
            "active" => Self::Active,
            "expired" => Self::Expired,
            "revoked" => Self::Revoked,
            _ => return None,
        })
    }
}

/// What became of the withdrawal at the custodian.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum UpstreamRevocation {
    /// The custodian confirmed it.
    Succeeded,
    /// The custodian has no way to withdraw a consent by program.
    NotSupported,
    /// The custodian did not answer, or refused.
    Failed,
}

impl UpstreamRevocation {
    /// The value as it stands on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::NotSupported => "not_supported",
            Self::Failed => "failed",
        }
    }
    /// The value of this text.
    pub fn from_text(text: &str) -> Option<Self> {
        Some(match text {
            "succeeded" => Self::Succeeded,
            "not_supported" => Self::NotSupported,
            "failed" => Self::Failed,
            _ => return None,
        })
    }
}

/// A custodian authority is the record of a consent: which custodian may deliver which legal entity's data, and until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Authority {
    /// Stable UUID.
    pub id: AuthorityId,
    /// The legal entity it is granted for.
    pub legal_entity_id: LegalEntityId,
    /// The custodian it is granted at.
    pub custodian_id: CustodianId,
    /// The flow that produces it; decides how it is renewed and withdrawn.
    pub auth_flow_id: AuthFlowId,
    /// Where it stands.
    pub status: AuthorityStatus,
    /// When the consent lapses; `null` before it is linked, and for flows without a ceiling.
    pub expires_at: Option<Timestamp>,
    /// When it was linked.
    pub linked_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// What became of the withdrawal at the custodian; `null` unless it was revoked while active.
    pub upstream_revocation: Option<UpstreamRevocation>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Reply for Authority {
    fn location(&self) -> Option<String> {
        Some(format!("/v1/custodian-authorities/{}", self.id))
    }
}

/// A reservation: the consent itself comes with link.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NewAuthority {
    /// The custodian to ask.
    pub custodian_id: CustodianId,
    /// One of the custodian's auth flows.
    pub auth_flow_id: AuthFlowId,
}

/// The proof that the user consented.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LinkAuthority {
    /// What the custodian's consent flow returned.
    pub consent_reference: ConsentReference,
}

/// The one the docs show.
fn example() -> Authority {
    Authority {
        id: id(demo::AUTHORITY),
        legal_entity_id: id(demo::LEGAL_ENTITY),
        custodian_id: id(demo::CUSTODIAN),
        auth_flow_id: id(demo::AUTH_FLOW),
        status: AuthorityStatus::Active,
        expires_at: Some(Timestamp::from_millis(1_782_777_600_000)),
        linked_at: Some(Timestamp::from_millis(1_767_225_600_000)),
        revoked_at: None,
        upstream_revocation: None,
        created_at: Timestamp::from_millis(1_767_139_200_000),
        updated_at: Timestamp::from_millis(1_767_225_600_000),
    }
}

fn pending() -> Authority {
    Authority {
        id: id(demo::PENDING_AUTHORITY),
        status: AuthorityStatus::Pending,
        expires_at: None,
        linked_at: None,
        updated_at: Timestamp::from_millis(1_767_139_200_000),
        ..example()
    }
}

fn linked() -> Authority {
    Authority {
        id: id(demo::PENDING_AUTHORITY),
        ..example()
    }
}

fn revoked() -> Authority {
    Authority {
        status: AuthorityStatus::Revoked,
        revoked_at: Some(Timestamp::from_millis(1_769_904_000_000)),
        upstream_revocation: Some(UpstreamRevocation::Succeeded),
        updated_at: Timestamp::from_millis(1_769_904_000_000),
        ..example()
    }
}

operation! {
    /// Lists the authorities of a legal entity.
    ///
    /// All of them, whatever their status.
    ListAuthorities = "authorities.list", Get "/v1/legal-entities/{id}/custodian-authorities" => 200;
    V1 Authorities, auth: AuthoritiesRead, problems: [],
    path: ById<LegalEntityId>, query: ListQuery, body: Nothing, reply: Page<Authority>,
    example: (at(demo::LEGAL_ENTITY), Nothing {}, Page::whole(vec![example()])),
}

operation! {
    /// Reserves an authority.
    ///
    /// It is `pending`, and its id can travel through the custodian's consent screens and back. The flow must be one of the custodian's.
    CreateAuthority = "authorities.create", Post "/v1/legal-entities/{id}/custodian-authorities" => 201;
    V1 Authorities, auth: AuthoritiesWrite, problems: [],
    path: ById<LegalEntityId>, query: Nothing, body: NewAuthority, reply: Authority,
    example: (at(demo::LEGAL_ENTITY), NewAuthority { custodian_id: id(demo::CUSTODIAN), auth_flow_id: id(demo::AUTH_FLOW) }, pending()),
}

operation! {
    /// Reads one authority.
    GetAuthority = "authorities.get", Get "/v1/custodian-authorities/{id}" => 200;
    V1 Authorities, auth: AuthoritiesRead, problems: [],
    path: ById<AuthorityId>, query: Nothing, body: Nothing, reply: Authority,
    example: (at(demo::AUTHORITY), Nothing {}, example()),
}

operation! {
    /// Links an authority after the user consented.
    ///
    /// `pending` becomes `active`, the consent window opens, and the first ingestion brings a depository, accounts and their history under the legal entity.
    LinkAuthorityOp = "authorities.link", Post "/v1/custodian-authorities/{id}/link" => 200;
    V1 Authorities, auth: AuthoritiesWrite, problems: [InvalidStateTransition],
    path: ById<AuthorityId>, query: Nothing, body: LinkAuthority, reply: Authority,
    example: (at(demo::PENDING_AUTHORITY), LinkAuthority { consent_reference: text("nordea-consent-7f3a") }, linked()),
}

operation! {
    /// Renews the consent window of an active authority.
    ///
    /// The window is counted anew from now.
    RefreshAuthority = "authorities.refresh", Post "/v1/custodian-authorities/{id}/refresh" => 200;
    V1 Authorities, auth: AuthoritiesWrite, problems: [InvalidStateTransition],
    path: ById<AuthorityId>, query: Nothing, body: Nothing, reply: Authority,
    example: (at(demo::AUTHORITY), Nothing {}, example()),
}

operation! {
    /// Revokes an authority.
    ///
    /// Ends the consent here and, as far as the custodian allows, there; `upstream_revocation` tells what became of that. Revoking again answers the same and changes nothing. An expired authority cannot be revoked.
    RevokeAuthority = "authorities.revoke", Post "/v1/custodian-authorities/{id}/revoke" => 200;
    V1 Authorities, auth: AuthoritiesWrite, problems: [InvalidStateTransition],
    path: ById<AuthorityId>, query: Nothing, body: Nothing, reply: Authority,
    example: (at(demo::AUTHORITY), Nothing {}, revoked()),
}

/// Every operation of this file.
#[cfg(feature = "schema")]
pub(crate) fn cards(all: &mut crate::card::Generators) -> Vec<crate::Card> {
    vec![
        all.card::<ListAuthorities>(),
        all.card::<CreateAuthority>(),
        all.card::<GetAuthority>(),
        all.card::<LinkAuthorityOp>(),
        all.card::<RefreshAuthority>(),
        all.card::<RevokeAuthority>(),
    ]
}
