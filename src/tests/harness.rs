//! A small language for tests: a server of its own on a temporary folder, and clients typed by who they are.

use contract::sandbox::Plan;
use portal::{
    clock::Clock,
    config::{Config, Flags},
    oauth::{SigningKeys, credentials},
    serve::{Environment, Server, start},
    webhooks::{Lookup, Outside},
};
use reqwest::{Method, header::HeaderMap};
use rsa::{
    RsaPrivateKey,
    pkcs8::{EncodePrivateKey, LineEnding},
    rand_core::OsRng,
};
use serde_json::Value;
use std::sync::OnceLock;

/// A whole server, with nothing faked but the port numbers.
pub(crate) struct Portal {
    pub(crate) server: Server,
    pub(crate) clock: Clock,
    folder: tempfile::TempDir,
}

/// RSA keys are slow to make, so all tests of a run sign with the same ones.
fn keys() -> SigningKeys {
    static PEM: OnceLock<String> = OnceLock::new();
    let pem = PEM.get_or_init(|| {
        let key = RsaPrivateKey::new(&mut OsRng, 2048).expect("a key");
        key.to_pkcs8_pem(LineEnding::LF).expect("PEM").to_string()
    });
    SigningKeys::from_pem(pem).expect("keys")
}

fn config(folder: &std::path::Path) -> Config {
    let any = Some("127.0.0.1:0".parse().expect("an address"));
    let flags = Flags {
        data_dir: Some(folder.into()),
        portal_addr: any,
        api_addr: any,
        ..Flags::default()
    };
    Config::load(flags).expect("settings")
}

impl Portal {
    /// A fresh server on the machine's clock.
    pub(crate) async fn new() -> Self {
        Self::with(Clock::system(), |_| {}).await
    }

    /// A fresh server on this clock, with changed settings.
    pub(crate) async fn with(clock: Clock, change: impl FnOnce(&mut Config)) -> Self {
        Self::resolving(clock, None, change).await
    }

    /// The same, where the addresses of webhook receivers are found so.
    pub(crate) async fn resolving(
        clock: Clock,
        lookup: Option<Lookup>,
        change: impl FnOnce(&mut Config),
    ) -> Self {
        let roots = None;
        Self::amid(clock, Outside { lookup, roots }, change).await
    }

    /// The same, where the world outside is this one.
    pub(crate) async fn amid(clock: Clock, outside: Outside, change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut config = config(folder.path());
        change(&mut config);
        let environment = Environment {
            clock: clock.clone(),
            keys: Some(keys()),
            warm: false,
            outside,
        };
        let server = start(config, environment).await.expect("the server starts");
        Self {
            server,
            clock,
            folder,
        }
    }

    /// Its data folder.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Stops the server and starts another on the same folder.
    pub(crate) async fn restart(self) -> Self {
        let Self {
            server,
            clock,
            folder,
        } = self;
        let environment = Environment {
            clock: clock.clone(),
            keys: Some(keys()),
            warm: false,
            outside: Outside::default(),
        };
        // The API's URL is the issuer of its tokens, so the addresses stay.
        let address = |url: &str| url.trim_start_matches("http://").parse().expect("an address");
        let config = Config {
            portal_addr: address(&server.portal_url),
            api_addr: address(&server.api_url),
            ..config(folder.path())
        };
        server.stop().await;
        let server = start(config, environment).await.expect("the server starts again");
        Self {
            server,
            clock,
            folder,
        }
    }

    /// A new sandbox and a client with every scope.
    pub(crate) async fn sandbox(&self) -> Developer {
        self.sandbox_on(Plan::Unlimited).await
    }

    /// A new sandbox on this plan.
    pub(crate) async fn sandbox_on(&self, plan: Plan) -> Developer {
        let api = &self.server.api;
        let row = api
            .tenants
            .create("Test".parse().expect("a name"), plan, None)
            .await
            .expect("a sandbox");
        let mut write = self.server.control.begin().await.expect("a transaction");
        let issued = credentials::issue_client(&mut write, &row.id, self.clock.now())
            .await
            .expect("a client");
        write.commit().await.expect("a commit");
        let http = reqwest::Client::new();
        let client = Anonymous {
            http,
            base: self.server.api_url.clone(),
        };
        let (id, secret) = (
            issued.client_id.to_string(),
            issued.client_secret.reveal().to_owned(),
        );
        let token = client.token(&id, &secret, None).await;
        Developer {
            client,
            client_id: id,
            client_secret: secret,
            token,
            sandbox: row.id.to_string(),
        }
    }

    /// Someone without a token.
    pub(crate) fn anonymous(&self) -> Anonymous {
        Anonymous {
            http: reqwest::Client::new(),
            base: self.server.api_url.clone(),
        }
    }
}

/// Someone without a token.
#[derive(Clone)]
pub(crate) struct Anonymous {
    pub(crate) http: reqwest::Client,
    pub(crate) base: String,
}

/// Someone with a token of a sandbox.
#[derive(Clone)]
pub(crate) struct Developer {
    pub(crate) client: Anonymous,
    pub(crate) client_id: String,
    pub(crate) client_secret: String,
    pub(crate) token: String,
    pub(crate) sandbox: String,
}

/// A response, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error} in {}", self.text))
    }
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
    /// The slug of a problem.
    pub(crate) fn problem(&self) -> String {
        let body = self.json();
        body["type"]
            .as_str()
            .and_then(|text| text.rsplit('#').next())
            .unwrap_or_default()
            .to_owned()
    }
    /// The object's id.
    pub(crate) fn id(&self) -> String {
        self.json()["id"].as_str().expect("an id").to_owned()
    }
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }
}

/// One request being put together.
pub(crate) struct Request {
    builder: reqwest::RequestBuilder,
}

impl Request {
    pub(crate) fn header(mut self, name: &str, value: impl AsRef<str>) -> Self {
        self.builder = self.builder.header(name, value.as_ref());
        self
    }
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a body reads best as a literal in the call"
    )]
    pub(crate) fn json(mut self, body: Value) -> Self {
        self.builder = self.builder.json(&body);
        self
    }
    pub(crate) fn body(mut self, content_type: &str, body: impl Into<reqwest::Body>) -> Self {
        self.builder = self.builder.header("content-type", content_type).body(body);
        self
    }
    pub(crate) async fn send(self) -> Answer {
        let response = self.builder.send().await.expect("a response");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Answer {
            status,
            headers,
            text: response.text().await.expect("a body"),
        }
    }
}

impl Anonymous {
    pub(crate) fn request(&self, method: &str, path: &str) -> Request {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        Request {
            builder: self.http.request(method, format!("{}{path}", self.base)),
        }
    }

    /// A token by client credentials.
    pub(crate) async fn token(&self, id: &str, secret: &str, scope: Option<&str>) -> String {
        let mut form = vec![
            ("grant_type", "client_credentials"),
            ("client_id", id),
            ("client_secret", secret),
        ];
        form.extend(scope.map(|scope| ("scope", scope)));
        let response = self
            .http
            .post(format!("{}/oauth/token", self.base))
            .form(&form)
            .send()
            .await
            .expect("a response");
        let body: Value = response.json().await.expect("JSON");
        body["access_token"]
            .as_str()
            .unwrap_or_else(|| panic!("no token in {body}"))
            .to_owned()
    }
}

impl Developer {
    pub(crate) fn request(&self, method: &str, path: &str) -> Request {
        self.client
            .request(method, path)
            .header("authorization", format!("Bearer {}", self.token))
    }
    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.request("GET", path).send().await
    }
    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.request("POST", path).json(body).send().await
    }
    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.request("PATCH", path).json(body).send().await
    }
    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.request("DELETE", path).send().await
    }
    /// The same client with a token of fewer scopes.
    pub(crate) async fn with_scope(&self, scope: &str) -> Self {
        let token = self
            .client
            .token(&self.client_id, &self.client_secret, Some(scope))
            .await;
        Self {
            token,
            ..self.clone()
        }
    }
}
