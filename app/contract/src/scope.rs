//! OAuth scopes: what a token may do.

use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, fmt, str::FromStr};

macro_rules! scopes {
    ($($(#[doc = $doc:literal])+ $name:ident = $text:literal),+ $(,)?) => {
        /// One scope (contract §2).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub enum Scope {
            $($(#[doc = $doc])+ #[serde(rename = $text)] $name),+
        }
        impl Scope {
            /// Every scope, in the order of the docs.
            pub const ALL: &[Scope] = &[$(Scope::$name),+];
            /// The scope as it stands in a token.
            pub const fn as_str(self) -> &'static str {
                match self { $(Scope::$name => $text),+ }
            }
            /// What the scope allows, for people.
            pub const fn meaning(self) -> &'static str {
                match self { $(Scope::$name => concat!($($doc),+).trim_ascii()),+ }
            }
        }
    };
}

scopes! {
    /// Read clients, legal and reporting entities, accounts, depositories and portfolios.
    ClientsRead = "clients:read",
    /// Create, change and delete them.
    ClientsWrite = "clients:write",
    /// Read custodians and their auth flows.
    CustodiansRead = "custodians:read",
    /// Read custodian authorities.
    AuthoritiesRead = "authorities:read",
    /// Create, link, refresh and revoke custodian authorities.
    AuthoritiesWrite = "authorities:write",
    /// Read holdings and custodian holdings.
    HoldingsRead = "holdings:read",
    /// Read transactions.
    TransactionsRead = "transactions:read",
    /// Book and delete transactions.
    TransactionsWrite = "transactions:write",
    /// Read performance.
    PerformanceRead = "performance:read",
    /// Read instruments and their time series.
    InstrumentsRead = "instruments:read",
    /// Create and change own instruments and points.
    InstrumentsWrite = "instruments:write",
    /// Read positions.
    PositionsRead = "positions:read",
    /// Read cashflows.
    CashflowsRead = "cashflows:read",
    /// Read extracts and download them.
    ExtractsRead = "extracts:read",
    /// Start extracts.
    ExtractsWrite = "extracts:write",
    /// Poll events.
    EventsRead = "events:read",
    /// Read webhook endpoints and deliveries.
    WebhooksRead = "webhooks:read",
    /// Manage webhook endpoints and replay deliveries.
    WebhooksWrite = "webhooks:write",
    /// Read users and invites.
    UsersRead = "users:read",
    /// Manage users and invites.
    UsersWrite = "users:write",
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is not a scope of this API.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown scope")]
pub struct UnknownScope;

impl FromStr for Scope {
    type Err = UnknownScope;
    fn from_str(text: &str) -> Result<Self, UnknownScope> {
        Self::ALL
            .iter()
            .copied()
            .find(|scope| scope.as_str() == text)
            .ok_or(UnknownScope)
    }
}

/// A set of scopes, written space separated (RFC 6749 §3.3).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScopeSet(BTreeSet<Scope>);

impl ScopeSet {
    /// Every scope there is.
    pub fn all() -> Self {
        Scope::ALL.iter().copied().collect()
    }
    /// Whether the set holds `scope`.
    pub fn contains(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }
    /// Whether everything in `self` is also in `other`.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.0.is_subset(&other.0)
    }
    /// The scopes in order.
    pub fn iter(&self) -> impl Iterator<Item = Scope> + '_ {
        self.0.iter().copied()
    }
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<Scope> for ScopeSet {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().collect())
    }
}

impl FromStr for ScopeSet {
    type Err = UnknownScope;
    fn from_str(text: &str) -> Result<Self, UnknownScope> {
        text.split(' ')
            .filter(|part| !part.is_empty())
            .map(str::parse)
            .collect()
    }
}

impl fmt::Display for ScopeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, scope) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            f.write_str(scope.as_str())?;
        }
        Ok(())
    }
}
