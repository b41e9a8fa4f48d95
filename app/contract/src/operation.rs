//! The shape in which every operation is declared.

use crate::{ProblemCode, Scope};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// The HTTP methods the API uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Reads; safe and idempotent.
    Get,
    /// Creates, or performs an action.
    Post,
    /// Changes members by JSON merge patch (RFC 7396).
    Patch,
    /// Deletes.
    Delete,
}

impl Method {
    /// The method as it stands on the request line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// Whether a call spends the read budget; every other call spends the write budget.
    pub const fn is_read(self) -> bool {
        matches!(self, Self::Get)
    }

    /// Whether a request of this method carries a body.
    pub const fn has_body(self) -> bool {
        matches!(self, Self::Post | Self::Patch)
    }
}

/// A version of the API: same data and rules, another presentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Track {
    /// The canonical API.
    V1,
    /// Legacy track v2: flat bodies, JSON:API errors, no cursor.
    V2,
    /// The controls of a sandbox, which do not exist in production.
    Sandbox,
}

/// The group of resources under which an operation is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Clients, the owners of all data.
    Clients,
    /// The legal tree: who owns.
    LegalEntities,
    /// Accounts, the unit of custody.
    Accounts,
    /// Depositories, where assets physically sit.
    Depositories,
    /// The reporting tree: how a client views its wealth.
    ReportingEntities,
    /// Named buckets of accounts and depositories.
    Portfolios,
    /// The custodians that data can come from.
    Custodians,
    /// The procedures by which consent is granted.
    AuthFlows,
    /// Consents.
    Authorities,
    /// What is held, and what it is worth.
    Holdings,
    /// The ledger.
    Transactions,
    /// Returns over time, and the metrics of private funds.
    Performance,
    /// Everything that can be held, and the classes it falls into.
    Instruments,
    /// Prices, net asset values, rates and factors.
    TimeSeries,
    /// One instrument in one portfolio.
    Positions,
    /// Payments, expected and posted.
    Cashflows,
    /// Point-in-time exports.
    Extracts,
    /// What has happened.
    Events,
    /// Where events are sent to.
    Webhooks,
    /// The people of a client.
    Users,
    /// Sandbox controls.
    Sandbox,
}

impl Group {
    /// The name under which the group is listed.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Clients => "Clients",
            Self::LegalEntities => "Legal entities",
            Self::Accounts => "Accounts",
            Self::Depositories => "Depositories",
            Self::ReportingEntities => "Reporting entities",
            Self::Portfolios => "Portfolios",
            Self::Custodians => "Custodians",
            Self::AuthFlows => "Auth flows",
            Self::Authorities => "Authorities",
            Self::Holdings => "Holdings",
            Self::Transactions => "Transactions",
            Self::Performance => "Performance",
            Self::Instruments => "Instruments",
            Self::TimeSeries => "Time series",
            Self::Positions => "Positions",
            Self::Cashflows => "Cashflows",
            Self::Extracts => "Extracts",
            Self::Events => "Events",
            Self::Webhooks => "Webhooks",
            Self::Users => "Users",
            Self::Sandbox => "Sandbox controls",
        }
    }
}

/// What a caller must show before an operation answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Auth {
    /// A bearer token that carries this scope.
    Scope(Scope),
    /// Any bearer token of a sandbox, whatever its scopes.
    SandboxToken,
}

/// Everything about an operation that is not a type.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Spec {
    /// Stable id: resource, dot, verb (`clients.list`).
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path template, absolute on the API host (`/v1/clients/{id}`).
    pub path: &'static str,
    /// The version it belongs to.
    pub track: Track,
    /// Where it is listed.
    pub group: Group,
    /// The doc comment: first paragraph is the summary, the rest the description.
    pub doc: &'static str,
    /// Who may call it.
    pub auth: Auth,
    /// The status of success.
    pub status: u16,
    /// Problems of its own, besides those that follow from its shape.
    pub problems: &'static [ProblemCode],
    /// The v1 path that replaces a legacy operation.
    pub successor: Option<&'static str>,
}

impl Spec {
    /// The first paragraph of the doc comment, without a closing full stop.
    pub fn summary(&self) -> String {
        let first = self.doc.split("\n\n").next().unwrap_or_default();
        first
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .trim_end_matches('.')
            .to_owned()
    }

    /// The paragraphs after the first, as Markdown.
    pub fn description(&self) -> String {
        let rest = self.doc.split_once("\n\n").map_or("", |(_, rest)| rest);
        rest.lines()
            .map(|line| line.strip_prefix(' ').unwrap_or(line))
            .collect::<Vec<_>>()
            .join("\n")
    }

    /// Every problem that the operation can answer with: its own, and those that follow from its shape.
    pub fn all_problems(&self) -> Vec<ProblemCode> {
        use ProblemCode as P;
        let mut all = vec![
            P::InvalidParameter,
            P::UnknownParameter,
            P::InvalidHeader,
            P::Unauthenticated,
            P::InvalidToken,
        ];
        if matches!(self.auth, Auth::Scope(_)) {
            all.push(P::InsufficientScope);
        }
        if self.path.contains('{') {
            all.push(P::NotFound);
        }
        if self.method.has_body() {
            all.extend([
                P::MalformedJson,
                P::BodyTooLarge,
                P::UnsupportedMediaType,
                P::ValidationFailed,
            ]);
        }
        if self.track == Track::V1 || self.track == Track::Sandbox {
            match self.method {
                Method::Get if !self.path.ends_with('}') => all.extend([P::InvalidCursor, P::CursorExpired]),
                Method::Post => all.extend([P::IdempotencyInProgress, P::IdempotencyKeyReused]),
                Method::Patch | Method::Delete => all.push(P::PreconditionFailed),
                Method::Get => {}
            }
        }
        all.extend(self.problems);
        all.extend([
            P::RateLimited,
            P::ConcurrencyLimited,
            P::InternalError,
            P::Unavailable,
        ]);
        all.sort_by_key(|code| (code.status(), code.slug()));
        all.dedup();
        all
    }
}

/// A type that travels: serialised, and described by a JSON Schema on the server.
#[cfg(feature = "schema")]
pub trait Wire: Serialize + DeserializeOwned + schemars::JsonSchema + Send + Sync + 'static {}
#[cfg(feature = "schema")]
impl<T: Serialize + DeserializeOwned + schemars::JsonSchema + Send + Sync + 'static> Wire for T {}
/// A type that travels: serialised, and described by a JSON Schema on the server.
#[cfg(not(feature = "schema"))]
pub trait Wire: Serialize + DeserializeOwned + Send + Sync + 'static {}
#[cfg(not(feature = "schema"))]
impl<T: Serialize + DeserializeOwned + Send + Sync + 'static> Wire for T {}

/// What an operation answers with.
pub trait Reply: Wire {
    /// The path of the object, for `Location` after a create.
    fn location(&self) -> Option<String> {
        None
    }
    /// The cursor of the next page, for `Link: rel="next"`.
    fn next_cursor(&self) -> Option<&str> {
        None
    }
    /// A secret in it, which is kept nowhere as it is.
    fn secret(&self) -> Option<&str> {
        None
    }
    /// The row version that `If-Match` on a write is compared with; `None` where nothing can be lost.
    fn is_empty(&self) -> bool {
        false
    }
}

/// No parameters, no body, no reply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

impl Reply for Nothing {
    fn is_empty(&self) -> bool {
        true
    }
}

/// A worked example of an operation: what is sent and what comes back.
#[derive(Clone, Debug)]
pub struct Example<O: Operation + ?Sized> {
    /// Values of the path template.
    pub path: O::Path,
    /// The request body; [`Nothing`] where there is none.
    pub body: O::Body,
    /// The answer.
    pub reply: O::Reply,
}

/// One method and path of the API, with the types of everything that goes in and out.
pub trait Operation: Send + Sync + 'static {
    /// Everything that is not a type.
    const SPEC: Spec;
    /// Values of the path template.
    type Path: Wire;
    /// The query parameters.
    type Query: Wire;
    /// The request body.
    type Body: Wire;
    /// The answer.
    type Reply: Reply;
    /// A worked example; it round-trips through the schemas in a test.
    fn example() -> Example<Self>;
}

/// Declares an operation in one place. Its doc comment is its published description, so an operation without
/// one does not compile.
macro_rules! operation {
    (
        $(#[doc = $doc:literal])+
        $name:ident = $id:literal, $method:ident $path:literal => $status:literal;
        $track:ident $group:ident, auth: $auth:ident, problems: [$($code:ident),* $(,)?],
        $(successor: $successor:literal,)?
        path: $in_path:ty, query: $query:ty, body: $body:ty, reply: $reply:ty,
        example: ($example_path:expr, $example_body:expr, $example_reply:expr) $(,)?
    ) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug)]
        pub struct $name;
        impl $crate::Operation for $name {
            const SPEC: $crate::Spec = $crate::Spec {
                id: $id,
                method: $crate::Method::$method,
                path: $path,
                track: $crate::Track::$track,
                group: $crate::Group::$group,
                doc: concat!($($doc, "\n"),+).trim_ascii(),
                auth: $crate::operation::access!($auth),
                status: $status,
                problems: &[$($crate::ProblemCode::$code),*],
                successor: $crate::operation::successor!($($successor)?),
            };
            type Path = $in_path;
            type Query = $query;
            type Body = $body;
            type Reply = $reply;
            fn example() -> $crate::Example<Self> {
                $crate::Example { path: $example_path, body: $example_body, reply: $example_reply }
            }
        }
    };
}
macro_rules! successor {
    () => {
        None
    };
    ($path:literal) => {
        Some($path)
    };
}
macro_rules! access {
    (SandboxToken) => {
        $crate::Auth::SandboxToken
    };
    ($scope:ident) => {
        $crate::Auth::Scope($crate::Scope::$scope)
    };
}
pub(crate) use {access, operation, successor};
