//! A desk to ask for tokens at: one sandbox with a client that has a secret and a key, and a clock that stands still.

use crate::{
    clock::Clock,
    ids,
    oauth::{
        AuthOutcome, AuthTrace, OAuth, OAuthConfig, Quota, SigningKeys,
        credentials::{self, IssuedClient, RegisteredKey},
        router,
    },
    store::control::{
        Control,
        sandboxes::{self, NewSandbox},
    },
};
use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, StatusCode, header},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use contract::{Timestamp, ids::SandboxId, sandbox::Plan};
use http_body_util::BodyExt;
use p256::ecdsa::SigningKey;
use rsa::{RsaPrivateKey, pkcs8::EncodePrivateKey, rand_core::OsRng};
use serde_json::Value;
use std::sync::OnceLock;
use tempfile::TempDir;
use tower::ServiceExt;

pub(super) const ISSUER: &str = "https://api.example.test";
pub(super) const CLIENT_CREDENTIALS: (&str, &str) = ("grant_type", "client_credentials");
pub(super) const JWT_BEARER: (&str, &str) = ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
pub(super) const ASSERTION_TYPE: (&str, &str) = (
    "client_assertion_type",
    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
);

pub(super) struct Desk {
    pub folder: TempDir,
    pub control: Control,
    pub clock: Clock,
    pub oauth: OAuth,
    pub router: Router,
    pub owner: Owner,
}

/// A sandbox with what its developer holds.
pub(super) struct Owner {
    pub sandbox: SandboxId,
    pub client: IssuedClient,
    pub signer: SigningKey,
    pub key: RegisteredKey,
}

pub(super) struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
    pub trace: Option<AuthTrace>,
}

/// An RSA key that is made once: making one is slow.
pub(super) fn rsa_pem() -> &'static str {
    static PEM: OnceLock<String> = OnceLock::new();
    PEM.get_or_init(new_rsa_pem)
}

pub(super) fn new_rsa_pem() -> String {
    let key = RsaPrivateKey::new(&mut OsRng, 2048).unwrap();
    key.to_pkcs8_pem(rsa::pkcs8::LineEnding::LF)
        .unwrap()
        .as_str()
        .to_owned()
}

impl Desk {
    pub(super) async fn open() -> Self {
        Self::with(OAuthConfig::new(ISSUER)).await
    }

    pub(super) async fn with_quotas(address: Quota, client: Quota) -> Self {
        let mut config = OAuthConfig::new(ISSUER);
        (config.address_quota, config.client_quota) = (address, client);
        Self::with(config).await
    }

    pub(super) async fn with(config: OAuthConfig) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let control = Control::open(&folder.path().join("control.db")).await.unwrap();
        let clock = Clock::fixed(Timestamp::from_millis(1_767_225_600_000));
        let keys = SigningKeys::from_pem(rsa_pem()).unwrap();
        let oauth = OAuth::new(control.clone(), clock.clone(), config, keys);
        let owner = Owner::new(&control, clock.now()).await;
        let router = router(oauth.clone());
        Self {
            folder,
            control,
            clock,
            oauth,
            router,
            owner,
        }
    }

    pub(super) fn now(&self) -> i64 {
        self.clock.now().as_seconds()
    }

    pub(super) async fn another_owner(&self) -> Owner {
        Owner::new(&self.control, self.clock.now()).await
    }

    pub(super) async fn send(&self, request: Request<Body>) -> Answer {
        let mut response = self.router.clone().oneshot(request).await.unwrap();
        let trace = response.extensions_mut().remove();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
            trace,
        }
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub(super) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.post_with(path, None, form).await
    }

    /// Posts a form with an `Authorization` header.
    pub(super) async fn post_with(
        &self,
        path: &str,
        authorization: Option<&str>,
        form: &[(&str, &str)],
    ) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let mut request =
            Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        if let Some(authorization) = authorization {
            request = request.header(header::AUTHORIZATION, authorization);
        }
        self.send(request.body(body.into()).unwrap()).await
    }

    /// A token of the owner's by client credentials.
    pub(super) async fn token(&self) -> String {
        let form = [CLIENT_CREDENTIALS, self.owner.id(), self.owner.secret()];
        self.post("/oauth/token", &form).await.token()
    }

    pub(super) async fn grant(&self, assertion: &str) -> Answer {
        self.post("/oauth/token", &[JWT_BEARER, ("assertion", assertion)])
            .await
    }

    /// Why a bearer is refused.
    pub(super) async fn refusal(&self, bearer: &str) -> String {
        self.oauth.authenticate(bearer).await.unwrap_err().to_string()
    }
}

impl Owner {
    async fn new(control: &Control, now: Timestamp) -> Self {
        let new = NewSandbox {
            id: ids::prefixed("sbx_", now).parse().unwrap(),
            name: "Demo".parse().unwrap(),
            plan: Plan::Sandbox,
            workspace_id: None,
        };
        let signer = SigningKey::from_slice(&ids::random::<32>()).unwrap();
        let jwk = p256::PublicKey::from(signer.verifying_key()).to_jwk_string();
        let mut write = control.begin().await.unwrap();
        let sandbox = sandboxes::create(&mut write, &new, now).await.unwrap().id;
        let client = credentials::issue_client(&mut write, &sandbox, now)
            .await
            .unwrap();
        let key = credentials::register_key(&mut write, &sandbox, &jwk, now)
            .await
            .unwrap();
        write.commit().await.unwrap();
        assert_eq!(
            key.iss,
            client.client_id.as_str(),
            "the key belongs to the client that is there"
        );
        Self {
            sandbox,
            client,
            signer,
            key,
        }
    }

    pub(super) fn id(&self) -> (&'static str, &str) {
        ("client_id", self.client.client_id.as_str())
    }

    pub(super) fn secret(&self) -> (&'static str, &str) {
        ("client_secret", self.client.client_secret.reveal())
    }

    pub(super) fn basic(&self) -> String {
        basic(self.client.client_id.as_str(), self.client.client_secret.reveal())
    }
}

pub(super) fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

impl Answer {
    /// The token of a successful answer.
    pub(super) fn token(&self) -> String {
        assert_eq!(self.status, StatusCode::OK, "{}: {:?}", self.body, self.trace);
        self.body["access_token"].as_str().unwrap().to_owned()
    }

    /// Status and error code of a refusal.
    pub(super) fn refused(&self) -> (u16, &str) {
        (
            self.status.as_u16(),
            self.body["error"].as_str().unwrap_or_default(),
        )
    }

    /// The exact reason of a refusal, which only the request log sees.
    pub(super) fn reason(&self) -> &str {
        match &self.trace.as_ref().unwrap().outcome {
            AuthOutcome::Refused { reason, .. } => reason.as_str(),
            other => panic!("not refused: {other:?}"),
        }
    }

    pub(super) fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}
