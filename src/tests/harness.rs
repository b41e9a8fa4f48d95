//! A small language for tests: a server of its own on a temporary folder, and clients typed by who they are.

use contract::{Timestamp, sandbox::Plan};
use portal::{
    clock::Clock,
    config::{Config, Flags},
    oauth::keys::SigningKeys,
    serve::{Environment, Server, start},
};
use reqwest::{Method, header::HeaderMap};
use serde_json::Value;
use std::sync::OnceLock;

/// A whole server, with nothing faked but the port numbers.
pub struct Portal {
    pub server: Server,
    pub clock: Clock,
    folder: tempfile::TempDir,
}

/// RSA keys are slow to make, so all tests of a run sign with the same ones.
fn keys() -> SigningKeys {
    static KEYS: OnceLock<SigningKeys> = OnceLock::new();
    KEYS.get_or_init(|| SigningKeys::generate(Timestamp::from_millis(0)).expect("keys")).clone()
}

fn config(folder: &std::path::Path) -> Config {
    let any = Some("127.0.0.1:0".parse().expect("an address"));
    let flags = Flags { data_dir: Some(folder.into()), portal_addr: any, api_addr: any, ..Flags::default() };
    Config::load(flags).expect("settings")
}

impl Portal {
    /// A fresh server on the machine's clock.
    pub async fn new() -> Self {
        Self::with(Clock::system(), |_| {}).await
    }

    /// A fresh server on this clock, with changed settings.
    pub async fn with(clock: Clock, change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut config = config(folder.path());
        change(&mut config);
        let environment = Environment { clock: clock.clone(), keys: Some(keys()) };
        let server = start(config, environment).await.expect("the server starts");
        Self { server, clock, folder }
    }

    /// Stops the server and starts another on the same folder.
    pub async fn restart(self) -> Self {
        let Self { server, clock, folder } = self;
        server.stop().await;
        let environment = Environment { clock: clock.clone(), keys: Some(keys()) };
        let server = start(config(folder.path()), environment).await.expect("the server starts again");
        Self { server, clock, folder }
    }

    /// A new sandbox and a client with every scope.
    pub async fn sandbox(&self) -> Developer {
        self.sandbox_on(Plan::Unlimited).await
    }

    /// A new sandbox on this plan.
    pub async fn sandbox_on(&self, plan: Plan) -> Developer {
        let api = &self.server.api;
        let row = api.tenants.create("Test".parse().expect("a name"), plan, None).await.expect("a sandbox");
        let issued = api.oauth.issue_client(&row.id).await.expect("a client");
        let http = reqwest::Client::new();
        let client = Anonymous { http, base: self.server.api_url.clone() };
        let (id, secret) = (issued.client_id.to_string(), issued.client_secret.clone());
        let token = client.token(&id, &secret, None).await;
        Developer { client, client_id: id, client_secret: secret, token, sandbox: row.id.to_string() }
    }

    /// Someone without a token.
    pub fn anonymous(&self) -> Anonymous {
        Anonymous { http: reqwest::Client::new(), base: self.server.api_url.clone() }
    }
}

/// Someone without a token.
#[derive(Clone)]
pub struct Anonymous {
    pub http: reqwest::Client,
    pub base: String,
}

/// Someone with a token of a sandbox.
#[derive(Clone)]
pub struct Developer {
    pub client: Anonymous,
    pub client_id: String,
    pub client_secret: String,
    pub token: String,
    pub sandbox: String,
}

/// A response, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error} in {}", self.text))
    }
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
    /// The slug of a problem.
    pub fn problem(&self) -> String {
        let body = self.json();
        body["type"].as_str().and_then(|text| text.rsplit('#').next()).unwrap_or_default().to_owned()
    }
    /// The object's id.
    pub fn id(&self) -> String {
        self.json()["id"].as_str().expect("an id").to_owned()
    }
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }
}

/// One request being put together.
pub struct Request {
    builder: reqwest::RequestBuilder,
}

impl Request {
    pub fn header(mut self, name: &str, value: impl AsRef<str>) -> Self {
        self.builder = self.builder.header(name, value.as_ref());
        self
    }
    pub fn json(mut self, body: Value) -> Self {
        self.builder = self.builder.json(&body);
        self
    }
    pub fn body(mut self, content_type: &str, body: impl Into<reqwest::Body>) -> Self {
        self.builder = self.builder.header("content-type", content_type).body(body);
        self
    }
    pub async fn send(self) -> Answer {
        let response = self.builder.send().await.expect("a response");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Answer { status, headers, text: response.text().await.expect("a body") }
    }
}

impl Anonymous {
    pub fn request(&self, method: &str, path: &str) -> Request {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        Request { builder: self.http.request(method, format!("{}{path}", self.base)) }
    }

    /// A token by client credentials.
    pub async fn token(&self, id: &str, secret: &str, scope: Option<&str>) -> String {
        let mut form = vec![("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)];
        form.extend(scope.map(|scope| ("scope", scope)));
        let response = self.http.post(format!("{}/oauth/token", self.base)).form(&form).send().await.expect("a response");
        let body: Value = response.json().await.expect("JSON");
        body["access_token"].as_str().unwrap_or_else(|| panic!("no token in {body}")).to_owned()
    }
}

impl Developer {
    pub fn request(&self, method: &str, path: &str) -> Request {
        self.client.request(method, path).header("authorization", format!("Bearer {}", self.token))
    }
    pub async fn get(&self, path: &str) -> Answer {
        self.request("GET", path).send().await
    }
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.request("POST", path).json(body).send().await
    }
    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.request("PATCH", path).json(body).send().await
    }
    pub async fn delete(&self, path: &str) -> Answer {
        self.request("DELETE", path).send().await
    }
    /// The same client with a token of fewer scopes.
    pub async fn with_scope(&self, scope: &str) -> Self {
        let token = self.client.token(&self.client_id, &self.client_secret, Some(scope)).await;
        Self { token, ..self.clone() }
    }
}
