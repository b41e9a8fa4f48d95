//! Client authentication at the token endpoints: HTTP Basic, a secret in the body or a signed assertion, one of them.

use super::{
    OAuth,
    assertion::{Assertion, Purpose},
    parameters::Parameters,
    reason::Reason,
    refusal::{Fault, Refusal},
};
use crate::store::{
    StoreError,
    control::{
        api_clients::{self, ApiClientRow, ClientKey},
        client_secrets::{self, SecretHash},
    },
};
use axum::http::{HeaderMap, header};
use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use percent_encoding::percent_decode_str;
use subtle::ConstantTimeEq;

/// The only type of client assertion (RFC 7523 §2.2).
const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Base64 as clients send it, with padding or without.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A client that proved itself.
#[derive(Debug)]
pub(super) struct Client {
    /// Its row.
    pub row: ApiClientRow,
    /// The assertion that proved it, still to be used up.
    pub assertion: Option<Assertion>,
}

/// An id with a secret.
struct Pair {
    client_id: String,
    secret: String,
}

enum Presented<'p> {
    Nothing,
    Basic(&'p str),
    Body { client_id: &'p str, secret: &'p str },
    Assertion(&'p str),
}

impl OAuth {
    /// The client that a request proves to come from; none when it does not try to.
    pub(super) async fn authenticate_client(
        &self,
        headers: &HeaderMap,
        parameters: &Parameters,
    ) -> Result<Option<Client>, Refusal> {
        let claimed = parameters.get("client_id");
        match presented(headers, parameters)? {
            Presented::Nothing => Ok(None),
            Presented::Basic(value) => {
                let pairs = basic_pairs(value).map_err(|reason| refuse(reason, true))?;
                if claimed.is_some_and(|claimed| pairs.iter().all(|pair| pair.client_id != claimed)) {
                    return Err(Refusal::request(
                        "client_id differs from the Authorization header.",
                    ));
                }
                self.by_secret(&pairs, true).await.map(Some)
            }
            Presented::Body { client_id, secret } => {
                let pair = Pair {
                    client_id: client_id.to_owned(),
                    secret: secret.to_owned(),
                };
                self.by_secret(&[pair], false).await.map(Some)
            }
            Presented::Assertion(text) => {
                let assertion = self.check_assertion(text, Purpose::ClientAuthentication).await?;
                let row = assertion.client.clone();
                if claimed.is_some_and(|claimed| claimed != row.client_id.as_str()) {
                    let refusal = refuse("`client_id` is not the client that signed the assertion", false);
                    return Err(refusal.concerning(&row.sandbox_id, &row.client_id));
                }
                Ok(Some(Client {
                    row,
                    assertion: Some(assertion),
                }))
            }
        }
    }

    /// The client of the first pair that is good.
    async fn by_secret(&self, pairs: &[Pair], challenge: bool) -> Result<Client, Refusal> {
        let mut named = None;
        for pair in pairs {
            // A malformed id has nothing to hide: anyone can see that it was never issued.
            let Ok(client_id) = pair.client_id.parse::<ClientKey>() else {
                continue;
            };
            let row = api_clients::get(&self.0.control, &client_id).await?;
            let good = self.secret_is_good(&client_id, &pair.secret).await?;
            match row {
                Some(row) if good => return Ok(Client { row, assertion: None }),
                row => named = named.or(row),
            }
        }
        Err(match named {
            None => refuse("no such client", challenge),
            Some(row) => refuse("the client secret is wrong, expired or revoked", challenge)
                .concerning(&row.sandbox_id, &row.client_id),
        })
    }

    /// Compares in the same time whether or not the client exists and wherever the texts differ.
    async fn secret_is_good(&self, client_id: &ClientKey, secret: &str) -> Result<bool, StoreError> {
        let active = client_secrets::active(&self.0.control, client_id, self.0.clock.now()).await?;
        let given = SecretHash::of(secret);
        let nobody = [0; 32];
        let mut good = given.as_bytes().ct_eq(&nobody);
        for row in &active {
            good |= given.as_bytes().ct_eq(row.hash.as_bytes());
        }
        Ok(bool::from(good) && !active.is_empty())
    }
}

fn refuse(reason: impl Into<Reason>, challenge: bool) -> Refusal {
    Refusal::new(Fault::InvalidClient { challenge }, reason)
}

/// Which of the ways a request uses; RFC 6749 §2.3 allows no more than one.
fn presented<'p>(headers: &'p HeaderMap, parameters: &'p Parameters) -> Result<Presented<'p>, Refusal> {
    let mut lines = headers.get_all(header::AUTHORIZATION).iter();
    let line = lines.next();
    let secret = parameters.get("client_secret");
    let assertion = parameters.get("client_assertion");
    let assertion_type = parameters.get("client_assertion_type");
    let ways = [
        line.is_some(),
        secret.is_some(),
        assertion.or(assertion_type).is_some(),
    ];
    if lines.next().is_some() || ways.into_iter().filter(|way| *way).count() > 1 {
        return Err(Refusal::request("The client authenticates in more than one way."));
    }
    if let Some(line) = line {
        return Ok(Presented::Basic(line.to_str().unwrap_or_default()));
    }
    if let Some(secret) = secret {
        let client_id = parameters
            .get("client_id")
            .ok_or_else(|| Refusal::request("client_secret stands without client_id."))?;
        return Ok(Presented::Body { client_id, secret });
    }
    match (assertion, assertion_type) {
        (None, None) => Ok(Presented::Nothing),
        (Some(assertion), Some(ASSERTION_TYPE)) => Ok(Presented::Assertion(assertion)),
        (None, Some(_)) => Err(Refusal::request("client_assertion is missing.")),
        (Some(_), _) => Err(Refusal::request(
            "client_assertion_type must be urn:ietf:params:oauth:client-assertion-type:jwt-bearer.",
        )),
    }
}

/// The pairs that an `Authorization` header can mean: form-urlencoded inside the Base64, as RFC 6749 §2.3.1 wants it,
/// or raw, as many clients send it.
fn basic_pairs(value: &str) -> Result<Vec<Pair>, Reason> {
    let (scheme, credentials) = value.split_once(' ').unwrap_or((value, ""));
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err("the scheme of the Authorization header is not Basic".into());
    }
    let bytes = BASE64
        .decode(credentials.trim())
        .map_err(|_| "the Basic credentials are not Base64")?;
    let text = String::from_utf8(bytes).map_err(|_| "the Basic credentials are not UTF-8")?;
    let (client_id, secret) = text
        .split_once(':')
        .ok_or("the Basic credentials have no colon")?;
    let raw = Pair {
        client_id: client_id.to_owned(),
        secret: secret.to_owned(),
    };
    let mut pairs = Vec::with_capacity(2);
    if let (Some(client_id), Some(secret)) = (form_decoded(client_id), form_decoded(secret))
        && (client_id != raw.client_id || secret != raw.secret)
    {
        pairs.push(Pair { client_id, secret });
    }
    pairs.push(raw);
    Ok(pairs)
}

fn form_decoded(text: &str) -> Option<String> {
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8().ok()?;
    Some(decoded.into_owned())
}
