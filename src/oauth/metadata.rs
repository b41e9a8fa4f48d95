//! What the authorization server says of itself (RFC 8414).

use super::OAuthConfig;
use contract::Scope;
use serde_json::{Value, json};

/// The grant of client credentials (RFC 6749 §4.4).
pub(super) const CLIENT_CREDENTIALS: &str = "client_credentials";

/// The grant of an assertion (RFC 7523 §2.1).
pub(super) const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// The metadata document.
pub(super) fn document(config: &OAuthConfig) -> Value {
    let issuer = &config.issuer;
    let methods = ["client_secret_basic", "client_secret_post", "private_key_jwt"];
    let algorithms = ["ES256"];
    json!({
        "issuer": issuer,
        "token_endpoint": config.token_endpoint(),
        "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
        "revocation_endpoint": format!("{issuer}/oauth/revoke"),
        "introspection_endpoint": format!("{issuer}/oauth/introspect"),
        "scopes_supported": Scope::ALL.iter().map(|scope| scope.as_str()).collect::<Vec<_>>(),
        "response_types_supported": [],
        "grant_types_supported": [CLIENT_CREDENTIALS, JWT_BEARER],
        "token_endpoint_auth_methods_supported": methods,
        "token_endpoint_auth_signing_alg_values_supported": algorithms,
        "revocation_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_signing_alg_values_supported": algorithms,
        "introspection_endpoint_auth_methods_supported": methods,
        "introspection_endpoint_auth_signing_alg_values_supported": algorithms,
    })
}
