//! The portal: docs, the visitor's sandbox, the request builder and the launch checklist, over HTTP.
//!
//! ```text
//! edge (request id, headers, foreign requests, panics, error pages)
//!  └ recognise (cookie → visitor) ─ pages ─ ports ─ send ─→ API listener
//!  └ assets
//! ```
//!
//! Docs are drawn once and served from memory; every other page is drawn for its reader. Nothing is known of a reader
//! who has not created a sandbox: there is no session before that, and no cookie but the choice of colours.

mod actions;
mod address;
mod back;
mod board;
mod browser_key;
mod builder;
mod catalog;
mod checklist;
mod controls;
mod cookie;
mod docs;
mod edge;
mod entrance;
mod fault;
mod faults;
mod flash;
mod form;
mod history;
mod home;
mod listing;
mod live;
mod logs;
mod opening;
mod origin;
mod people;
mod ports;
mod rebind;
mod rehearse;
mod reports;
mod respond;
mod sandbox;
mod send;
mod session;
mod showcase;
mod staff;
mod suggest;
mod theme;
mod timeline;
mod tokens;
mod webhooks;
mod workspace;

use app::{
    link,
    model::{Assets, Frame, Theme},
};
use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderMap, Uri},
    middleware,
    routing::{get, post},
};
use bytes::Bytes;
use contract::Timestamp;
use quick_cache::sync::Cache;
use std::{
    net::SocketAddr,
    ops::Deref,
    sync::{Arc, OnceLock},
};
use tokio_util::sync::CancellationToken;
use tower_http::{compression::CompressionLayer, limit::RequestBodyLimitLayer};

use crate::{
    api::cursor::Cursors,
    assets,
    clock::Clock,
    docs::Docs,
    oauth::OAuth,
    people::People,
    sandbox::{tenants::Tenants, webhooks::Installation},
    store::control::{Control, api_clients::ClientKey},
    throttle::Throttle,
};
use cookie::Jar;
use flash::Flashes;
use reports::Reports;
use send::Sender;
use showcase::Showcase;
use suggest::Suggestions;
use tokens::Tokens;

/// The largest form, in bytes: a body that the API refuses as too large has to reach it, encoded for a form.
const LARGEST_FORM: usize = 4 * 1024 * 1024;

/// The largest form of any page but the builder, in bytes.
const LARGEST_SMALL_FORM: usize = 64 * 1024;

const HOUR: i64 = 60 * 60 * 1000;

/// How the portal is set up.
#[derive(Clone, Debug)]
pub struct SiteConfig {
    /// How browsers reach the portal: an origin, without a trailing slash.
    pub portal_url: String,
    /// How clients reach the API, without a trailing slash.
    pub api_url: String,
    /// Where this server reaches the API listener. Everything that the builder sends goes there.
    pub api_addr: SocketAddr,
    /// What the portal shows the API listener, in the header `portal-builder`, so that its sends are told apart.
    pub builder_secret: String,
    /// How many sandboxes one address may create in an hour.
    pub sandboxes_per_hour: u32,
    /// The rate budget of a new sandbox in words: `120 reads and 30 writes a minute`.
    pub budget: String,
}

/// What the portal works with.
#[derive(Clone)]
pub struct Services {
    /// Sessions, workspaces and credentials.
    pub control: Control,
    /// The sandboxes.
    pub tenants: Tenants,
    /// Mints the tokens of sends.
    pub oauth: OAuth,
    /// Real time.
    pub clock: Clock,
    /// The docs.
    pub docs: Arc<Docs>,
    /// Seals cursors: the errors page shows what becomes of an old one.
    pub cursors: Cursors,
    /// What endpoints are signed with, and where they may point.
    pub installation: Installation,
    /// Cancelled when the server stops: what would go on for ever ends then.
    pub stopping: CancellationToken,
}

/// The portal's state; cheap to clone.
#[derive(Clone)]
pub struct Site(Arc<Shared>);

/// What all pages share.
pub struct Shared {
    config: SiteConfig,
    control: Control,
    tenants: Tenants,
    oauth: OAuth,
    clock: Clock,
    docs: Arc<Docs>,
    cursors: Cursors,
    installation: Installation,
    stopping: CancellationToken,
    assets: Assets,
    headers: HeaderMap,
    jar: Jar,
    flashes: Flashes,
    tokens: Tokens,
    sender: Sender,
    suggestions: Suggestions,
    showcase: Showcase,
    live: Cache<ClientKey, (Timestamp, app::model::LiveCall)>,
    called: Cache<ClientKey, ()>,
    people: People,
    creation_throttle: Throttle,
    report_throttle: Throttle,
    reports: Reports,
    openapi: OnceLock<(Bytes, String)>,
}

impl Deref for Site {
    type Target = Shared;
    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl Site {
    /// The portal over these services.
    ///
    /// # Errors
    /// When the HTTP client of the builder cannot be made.
    pub fn new(config: SiteConfig, services: Services) -> Result<Self, reqwest::Error> {
        let Services {
            control,
            tenants,
            oauth,
            clock,
            docs,
            cursors,
            installation,
            stopping,
        } = services;
        Ok(Self(Arc::new(Shared {
            assets: asset_urls(),
            headers: edge::headers(&config.portal_url),
            jar: Jar::of(&config.portal_url),
            flashes: Flashes::default(),
            tokens: Tokens::new(oauth.clone()),
            sender: Sender::new(
                config.api_addr,
                &config.api_url,
                &config.builder_secret,
                clock.clone(),
            )?,
            suggestions: Suggestions::default(),
            showcase: Showcase::default(),
            live: Cache::new(1_000),
            called: Cache::new(10_000),
            people: People::new(control.clone(), clock.clone()),
            creation_throttle: Throttle::new(config.sandboxes_per_hour, HOUR),
            report_throttle: Throttle::new(reports::PER_MINUTE, HOUR / 60),
            reports: Reports::default(),
            openapi: OnceLock::new(),
            config,
            control,
            tenants,
            oauth,
            clock,
            docs,
            cursors,
            installation,
            stopping,
        })))
    }

    /// Opens the shared sandbox of the home page, so that its first reader does not wait for it.
    pub async fn prepare(&self) {
        if let Err(fault) = self.showcase.get(self).await {
            tracing::warn!(?fault, "the shared sandbox of the home page could not be opened");
        }
    }

    /// How many violations of the content security policy browsers have reported since the start.
    pub fn csp_reports(&self) -> u64 {
        self.reports.count()
    }

    /// What stands around a page at this address.
    fn frame(&self, theme: Theme, uri: &Uri) -> Frame {
        let path = uri.path_and_query().map_or(uri.path(), |target| target.as_str());
        Frame {
            assets: self.assets.clone(),
            theme,
            portal_url: self.config.portal_url.clone(),
            path: path.to_owned(),
        }
    }
}

/// Where the browser's files are.
pub fn asset_urls() -> Assets {
    Assets {
        stylesheet: assets::url("main.css"),
        page_js: assets::url("page.js"),
        islands_js: assets::url("islands.js"),
        wasm_js: assets::url("web.js"),
        wasm: assets::url("web_bg.wasm"),
        key_js: assets::url("key.js"),
        live_js: assets::url("live.js"),
        fonts: ["serif", "sans", "mono"].map(|font| assets::url(&format!("fonts/{font}.woff2"))),
        favicon: assets::inline_svg("favicon.svg"),
    }
}

/// Everything that the portal listener serves.
pub fn router(site: Site) -> Router {
    let recognise = middleware::from_fn_with_state(site.clone(), session::recognise);
    let edge = middleware::from_fn_with_state(site.clone(), edge::edge);
    let pages = drawn_pages()
        .merge(secret_pages())
        .merge(docs::router(&site.docs))
        .route_layer(recognise);
    pages
        .merge(listing::router())
        .merge(violations())
        .layer(DefaultBodyLimit::disable())
        .fallback_service(docs::elsewhere(&site.docs))
        .layer(edge)
        .with_state(site)
}

/// Pages that are drawn for their reader, and compressed for their browser.
fn drawn_pages() -> Router<Site> {
    let large = Router::new()
        .route(link::BUILDER, get(builder::show).post(builder::send))
        .route(link::BUILDER_PART, get(builder::part))
        .route(link::BUILDER_ROWS, post(builder::rows))
        .route("/actions/{*name}", post(actions::act))
        .layer(RequestBodyLimitLayer::new(LARGEST_FORM));
    let small = Router::new()
        .route(link::HOME, get(home::show))
        .route(link::SEARCH, get(docs::search))
        .route(link::BUILDER_FAULTS, get(faults::show).post(faults::change))
        .route(link::LOGS, get(logs::show))
        .route(link::LOGS_PART, get(logs::part))
        .merge(timeline::router())
        .merge(checklist::router())
        .route(link::THEME, post(theme::choose))
        .route(link::REHEARSE, post(rehearse::rehearse))
        .route(link::BROWSER_KEY, post(browser_key::register))
        .route(link::BROWSER_KEY_EXCHANGE, post(browser_key::exchange))
        .route(link::BROWSER_KEY_FORGET, post(browser_key::forget))
        .layer(RequestBodyLimitLayer::new(LARGEST_SMALL_FORM));
    large.merge(small).layer(CompressionLayer::new())
}

/// Where browsers report what the policy stopped.
fn violations() -> Router<Site> {
    Router::new()
        .route(reports::PATH, post(reports::report))
        .layer(RequestBodyLimitLayer::new(reports::LARGEST))
}

/// Pages that may show a secret. They are not compressed, so that their length tells nothing about it.
fn secret_pages() -> Router<Site> {
    Router::new()
        .route(link::SANDBOX, get(sandbox::show).post(controls::create))
        .route(link::SANDBOX_ROTATE, post(controls::rotate))
        .route(link::SANDBOX_RESET, post(controls::reset))
        .route(link::SANDBOX_DELETE, post(controls::delete))
        .merge(webhooks::router())
        .merge(workspace::router())
        .merge(entrance::router())
        .merge(staff::router())
        .merge(board::router())
        .layer(RequestBodyLimitLayer::new(LARGEST_SMALL_FORM))
}
