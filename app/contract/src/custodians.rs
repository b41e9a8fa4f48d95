//! Custodians and the auth flows by which they are linked.

use crate::{
    ListQuery, Nothing, Page, Reply, Timestamp, demo,
    ids::{AuthFlowId, ById, CustodianId, at, id},
    operation::operation,
    text::{Country, Name, text},
};
use serde::{Deserialize, Serialize};

/// How often a custodian's data arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DataFreshness {
    /// Once a day, after the close.
    Daily,
    /// Several times a day.
    Intraday,
    /// When it is asked for.
    OnDemand,
}

impl DataFreshness {
    /// The value as it stands on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Daily => "daily",
            Self::Intraday => "intraday",
            Self::OnDemand => "on_demand",
        }
    }
    /// The value of this text.
    pub fn from_text(text: &str) -> Option<Self> {
        Some(match text {
            "daily" => Self::Daily,
            "intraday" => Self::Intraday,
            "on_demand" => Self::OnDemand,
            _ => return None,
        })
    }
}

/// How consent is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AuthFlowKind {
    /// The user signs in at the custodian and is sent back.
    Oauth,
    /// The user enters credentials that the custodian issued.
    Credentials,
    /// The custodian delivers files after a signed mandate.
    FileDelivery,
    /// Someone uploads statements.
    ManualUpload,
}

impl AuthFlowKind {
    /// The value as it stands on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Oauth => "oauth",
            Self::Credentials => "credentials",
            Self::FileDelivery => "file_delivery",
            Self::ManualUpload => "manual_upload",
        }
    }
    /// The value of this text.
    pub fn from_text(text: &str) -> Option<Self> {
        Some(match text {
            "oauth" => Self::Oauth,
            "credentials" => Self::Credentials,
            "file_delivery" => Self::FileDelivery,
            "manual_upload" => Self::ManualUpload,
            _ => return None,
        })
    }
}

/// A custodian that data can come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Custodian {
    /// A readable, stable slug.
    pub id: CustodianId,
    /// Its name.
    pub name: Name,
    /// The country of its head office.
    pub country: Country,
    /// The auth flows by which it can be linked.
    pub supported_auth_flow_ids: Vec<AuthFlowId>,
    /// How often its data arrives.
    pub data_freshness: DataFreshness,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Reply for Custodian {}

/// A procedure by which a custodian grants consent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct AuthFlow {
    /// A readable, stable slug: the custodian and the date of the version.
    pub id: AuthFlowId,
    /// The custodian it belongs to.
    pub custodian_id: CustodianId,
    /// How consent is given.
    pub kind: AuthFlowKind,
    /// Whether a person has to act before the authority can be linked.
    pub requires_user_action: bool,
    /// How many days a consent lasts; `null` when it has no ceiling.
    pub retention_days: Option<u32>,
    /// Whether the platform renews a consent by itself, 7 days before it lapses.
    pub silent_renewal: bool,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

impl Reply for AuthFlow {}

fn since() -> Timestamp {
    Timestamp::from_millis(1_735_689_600_000)
}

fn custodian() -> Custodian {
    Custodian {
        id: id(demo::CUSTODIAN),
        name: text("Nordea"),
        country: text("FI"),
        supported_auth_flow_ids: vec![id(demo::AUTH_FLOW)],
        data_freshness: DataFreshness::Daily,
        created_at: since(),
        updated_at: since(),
    }
}

fn flow() -> AuthFlow {
    AuthFlow {
        id: id(demo::AUTH_FLOW),
        custodian_id: id(demo::CUSTODIAN),
        kind: AuthFlowKind::Oauth,
        requires_user_action: true,
        retention_days: Some(180),
        silent_renewal: false,
        created_at: since(),
        updated_at: since(),
    }
}

operation! {
    /// Lists custodians.
    ///
    /// The same for every sandbox.
    ListCustodians = "custodians.list", Get "/v1/custodians" => 200;
    V1 Custodians, auth: CustodiansRead, problems: [],
    path: Nothing, query: ListQuery, body: Nothing, reply: Page<Custodian>,
    example: (Nothing {}, Nothing {}, Page::whole(vec![custodian()])),
}

operation! {
    /// Reads one custodian.
    GetCustodian = "custodians.get", Get "/v1/custodians/{id}" => 200;
    V1 Custodians, auth: CustodiansRead, problems: [],
    path: ById<CustodianId>, query: Nothing, body: Nothing, reply: Custodian,
    example: (at(demo::CUSTODIAN), Nothing {}, custodian()),
}

operation! {
    /// Lists auth flows.
    ListAuthFlows = "auth_flows.list", Get "/v1/custodian-auth-flows" => 200;
    V1 AuthFlows, auth: CustodiansRead, problems: [],
    path: Nothing, query: ListQuery, body: Nothing, reply: Page<AuthFlow>,
    example: (Nothing {}, Nothing {}, Page::whole(vec![flow()])),
}

operation! {
    /// Reads one auth flow.
    GetAuthFlow = "auth_flows.get", Get "/v1/custodian-auth-flows/{id}" => 200;
    V1 AuthFlows, auth: CustodiansRead, problems: [],
    path: ById<AuthFlowId>, query: Nothing, body: Nothing, reply: AuthFlow,
    example: (at(demo::AUTH_FLOW), Nothing {}, flow()),
}

/// Every operation of this file.
#[cfg(feature = "schema")]
pub(crate) fn cards(all: &mut crate::card::Generators) -> Vec<crate::Card> {
    vec![
        all.card::<ListCustodians>(),
        all.card::<GetCustodian>(),
        all.card::<ListAuthFlows>(),
        all.card::<GetAuthFlow>(),
    ]
}
