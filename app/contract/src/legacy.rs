//! The legacy track v2: the same consents, flat bodies, JSON:API errors.

use crate::{
    Nothing, Reply, Timestamp,
    authorities::{Authority, AuthorityStatus, LinkAuthority, NewAuthority},
    demo,
    ids::{AuthFlowId, AuthorityId, ById, CustodianId, LegalEntityId, at, id},
    operation::operation,
    page::List,
    text::text,
};
use serde::{Deserialize, Serialize};

/// A custodian authority as v2 shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LegacyAuthority {
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
}

impl Reply for LegacyAuthority {}

impl From<Authority> for LegacyAuthority {
    fn from(authority: Authority) -> Self {
        let Authority {
            id,
            legal_entity_id,
            custodian_id,
            auth_flow_id,
            status,
            expires_at,
            ..
        } = authority;
        Self {
            id,
            legal_entity_id,
            custodian_id,
            auth_flow_id,
            status,
            expires_at,
        }
    }
}

/// The one the docs show.
fn example() -> LegacyAuthority {
    LegacyAuthority {
        id: id(demo::AUTHORITY),
        legal_entity_id: id(demo::LEGAL_ENTITY),
        custodian_id: id(demo::CUSTODIAN),
        auth_flow_id: id(demo::AUTH_FLOW),
        status: AuthorityStatus::Active,
        expires_at: Some(Timestamp::from_millis(1_782_777_600_000)),
    }
}

fn with(status: AuthorityStatus, authority: &str, expires: bool) -> LegacyAuthority {
    let expires_at = example().expires_at.filter(|_| expires);
    LegacyAuthority {
        id: id(authority),
        status,
        expires_at,
        ..example()
    }
}

operation! {
    /// Lists the authorities of a legal entity, active or otherwise.
    ///
    /// Everything at once: v2 has no cursor.
    ListAuthoritiesV2 = "v2.authorities.list", Get "/v2/legal-entities/{id}/custodian-authorities" => 200;
    V2 Authorities, auth: AuthoritiesRead, problems: [],
    successor: "/v1/legal-entities/{id}/custodian-authorities",
    path: ById<LegalEntityId>, query: Nothing, body: Nothing, reply: List<LegacyAuthority>,
    example: (at(demo::LEGAL_ENTITY), Nothing {}, List { data: vec![example()], truncated: false }),
}

operation! {
    /// Creates a pending authority.
    ///
    /// Its id is what you pass through the custodian's redirect, so that the link call knows which reservation to fulfil.
    CreateAuthorityV2 = "v2.authorities.create", Post "/v2/legal-entities/{id}/custodian-authorities" => 201;
    V2 Authorities, auth: AuthoritiesWrite, problems: [],
    successor: "/v1/legal-entities/{id}/custodian-authorities",
    path: ById<LegalEntityId>, query: Nothing, body: NewAuthority, reply: LegacyAuthority,
    example: (at(demo::LEGAL_ENTITY), NewAuthority { custodian_id: id(demo::CUSTODIAN), auth_flow_id: id(demo::AUTH_FLOW) }, with(AuthorityStatus::Pending, demo::PENDING_AUTHORITY, false)),
}

operation! {
    /// Completes the consent.
    ///
    /// The authority becomes `active` and the first ingestion starts.
    LinkAuthorityV2 = "v2.authorities.link", Post "/v2/custodian-authorities/{id}/link" => 200;
    V2 Authorities, auth: AuthoritiesWrite, problems: [InvalidStateTransition],
    successor: "/v1/custodian-authorities/{id}/link",
    path: ById<AuthorityId>, query: Nothing, body: LinkAuthority, reply: LegacyAuthority,
    example: (at(demo::PENDING_AUTHORITY), LinkAuthority { consent_reference: text("nordea-consent-7f3a") }, with(AuthorityStatus::Active, demo::PENDING_AUTHORITY, true)),
}

operation! {
    /// Extends the validity window.
    ///
    /// Needed before the retention ceiling of the flow lapses, unless the flow renews by itself.
    RefreshAuthorityV2 = "v2.authorities.refresh", Post "/v2/custodian-authorities/{id}/refresh" => 200;
    V2 Authorities, auth: AuthoritiesWrite, problems: [InvalidStateTransition],
    successor: "/v1/custodian-authorities/{id}/refresh",
    path: ById<AuthorityId>, query: Nothing, body: Nothing, reply: LegacyAuthority,
    example: (at(demo::AUTHORITY), Nothing {}, example()),
}

operation! {
    /// Revokes an authority.
    ///
    /// Ends the consent here and, as far as the custodian allows, there. Revoking again answers the same and changes nothing.
    RevokeAuthorityV2 = "v2.authorities.revoke", Post "/v2/custodian-authorities/{id}/revoke" => 200;
    V2 Authorities, auth: AuthoritiesWrite, problems: [InvalidStateTransition],
    successor: "/v1/custodian-authorities/{id}/revoke",
    path: ById<AuthorityId>, query: Nothing, body: Nothing, reply: LegacyAuthority,
    example: (at(demo::AUTHORITY), Nothing {}, with(AuthorityStatus::Revoked, demo::AUTHORITY, true)),
}

/// Every operation of this file.
#[cfg(feature = "schema")]
pub(crate) fn cards(all: &mut crate::card::Generators) -> Vec<crate::Card> {
    vec![
        all.card::<ListAuthoritiesV2>(),
        all.card::<CreateAuthorityV2>(),
        all.card::<LinkAuthorityV2>(),
        all.card::<RefreshAuthorityV2>(),
        all.card::<RevokeAuthorityV2>(),
    ]
}
