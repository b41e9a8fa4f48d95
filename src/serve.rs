//! Starts everything, listens on two addresses, and stops without dropping a request.

mod error;
#[cfg(feature = "site")]
mod site;
mod sweep;

pub use error::ServeError;

use axum::{Router, serve::ListenerExt};
use base64::{Engine, engine::general_purpose::STANDARD};
#[cfg(feature = "site")]
use site::site;
use std::{io, net::SocketAddr, time::Duration};
use sweep::sweep;
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use crate::{
    api::{
        self,
        budget::Budgets,
        cursor::Cursors,
        idempotency::Running,
        served::Served,
        state::{Api, Shared},
    },
    clock::Clock,
    config::Config,
    extracts::{Extracts, link::Links},
    ids,
    metrics::Metrics,
    oauth::{OAuth, OAuthConfig, SigningKeys},
    sandbox::{
        tenants::{Tenants, TenantsConfig},
        webhooks::{Installation, secret::SecretKey, target::TargetRules},
    },
    store::control::{Control, server_secrets},
    webhooks::{self, Dispatcher},
};

/// Requests in flight get this long to finish after the server was told to stop.
const DRAIN: Duration = Duration::from_secs(30);

/// What a test may put in place of the real thing.
#[derive(Default)]
pub struct Environment {
    /// Real time.
    pub clock: Clock,
    /// Signing keys, instead of the data folder's own; making RSA keys is slow.
    pub keys: Option<SigningKeys>,
    /// Draw and compress every docs page ahead of its first reader. It takes seconds of work, which a test would
    /// spend on pages that it never asks for.
    pub warm: bool,
    /// What receivers of webhooks are found and believed by.
    pub outside: webhooks::Outside,
}

/// A running server.
pub struct Server {
    /// How the portal is reached.
    pub portal_url: String,
    /// How the API is reached.
    pub api_url: String,
    /// The API's state, for tests that look inside.
    pub api: Api,
    /// The control database.
    pub control: Control,
    stop: CancellationToken,
    listeners: Vec<JoinHandle<io::Result<()>>>,
}

/// Opens the data folder and its control database.
///
/// # Errors
/// When the folder or the database cannot be made.
pub async fn open_control(config: &Config) -> Result<Control, ServeError> {
    std::fs::create_dir_all(&config.data_dir).map_err(|source| ServeError::DataDir {
        path: config.data_dir.clone(),
        source,
    })?;
    Ok(Control::open(&config.data_dir.join("control.db")).await?)
}

/// Opens the registry of tenants.
///
/// # Errors
/// When the market database or the template cannot be made.
pub async fn open_tenants(config: &Config, control: &Control, clock: &Clock) -> Result<Tenants, ServeError> {
    let settings = TenantsConfig {
        open_at_most: config.open_tenants,
    };
    Ok(Tenants::open(&config.data_dir, control.clone(), clock.clone(), settings).await?)
}

/// Starts the server.
///
/// # Errors
/// When it cannot listen, or its data folder cannot be used.
pub async fn start(config: Config, environment: Environment) -> Result<Server, ServeError> {
    let portal = bind(config.portal_addr).await?;
    let api = bind(config.api_addr).await?;
    let portal_url = config
        .portal_url
        .clone()
        .unwrap_or_else(|| url_of(&portal, config.portal_addr));
    let api_url = config
        .api_url
        .clone()
        .unwrap_or_else(|| url_of(&api, config.api_addr));
    let api_address = api.local_addr().unwrap_or(config.api_addr);
    let control = open_control(&config).await?;
    let (warm, outside) = (environment.warm, environment.outside.clone());
    let rules = TargetRules {
        allow_private: config.allow_private_webhook_targets,
        api_url: api_url.clone(),
        portal_url: portal_url.clone(),
        own: vec![api_address, portal.local_addr().unwrap_or(config.portal_addr)],
    };
    let state = api_state(&config, environment, &control, rules).await?;
    let stop = state.stopping.clone();
    let (ticking, told) = (state.clone(), stop.clone());
    // Ends with `stop`; nothing waits for it.
    drop(tokio::spawn(async move { ticking.tenants.run_due(told).await }));
    let (making, told) = (state.extracts.clone(), stop.clone());
    // Holds the tenants that it works for, so their closing waits for it.
    drop(tokio::spawn(async move { making.run(told).await }));
    drop(tokio::spawn(sweep(state.clone(), stop.clone())));
    let dispatcher = Dispatcher::new(webhooks::Setup {
        tenants: state.tenants.clone(),
        control: control.clone(),
        clock: state.clock.clone(),
        installation: state.installation.clone(),
        schedule: config.webhook_retry_schedule.clone(),
        api_addr: api_address,
        outside,
    })?;
    let told = stop.clone();
    let dispatching = tokio::spawn(async move {
        dispatcher.run(told).await;
        Ok(())
    });
    let site = site(&config, &state, api_address, warm)?;
    let listeners = vec![
        tokio::spawn(listen(portal, site, stop.clone())),
        tokio::spawn(listen(api, api::router(&state), stop.clone())),
        dispatching,
    ];
    Ok(Server {
        portal_url,
        api_url,
        api: state,
        control,
        stop,
        listeners,
    })
}

async fn api_state(
    config: &Config,
    environment: Environment,
    control: &Control,
    rules: TargetRules,
) -> Result<Api, ServeError> {
    let clock = environment.clock;
    let tenants = open_tenants(config, control, &clock).await?;
    let keys = match environment.keys {
        Some(keys) => keys,
        None => SigningKeys::load(control, clock.now())
            .await
            .map_err(|error| ServeError::Keys(error.to_string()))?,
    };
    let oauth = OAuth::new(
        control.clone(),
        clock.clone(),
        OAuthConfig::new(&rules.api_url),
        keys,
    );
    let cursor_key = server_secrets::get_or_create(control, "cursor").await?;
    let link_key = server_secrets::get_or_create(control, "extract-links").await?;
    let at_once = config.extracts_at_once;
    let webhook_key = server_secrets::get_or_create(control, "webhooks").await?;
    Ok(Api::new(Shared {
        oauth,
        control: control.clone(),
        budgets: Budgets::new(config.limits),
        cursors: Cursors::new(cursor_key),
        extracts: Extracts::new(control.clone(), tenants.clone(), clock.clone(), at_once),
        links: Links::new(link_key),
        tenants,
        clock,
        running: Running::default(),
        served: Served::default(),
        metrics: Metrics::new()?,
        stopping: CancellationToken::new(),
        portal_url: rules.portal_url.clone(),
        api_url: rules.api_url.clone(),
        installation: Installation {
            key: SecretKey::new(webhook_key),
            rules,
        },
        metrics_public: config.metrics_public,
        builder_secret: STANDARD.encode(ids::random::<24>()),
    }))
}

async fn bind(address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address)
        .await
        .map_err(|source| ServeError::Listen { address, source })
}

fn url_of(listener: &TcpListener, configured: SocketAddr) -> String {
    format!("http://{}", listener.local_addr().unwrap_or(configured))
}

async fn listen(listener: TcpListener, router: Router, stop: CancellationToken) -> io::Result<()> {
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY refused");
        }
    });
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service)
        .with_graceful_shutdown(stop.cancelled_owned())
        .await
}

impl Server {
    /// Takes no new connections, lets what is in flight finish, and closes the databases.
    pub async fn stop(self) {
        self.stop.cancel();
        let drained = tokio::time::timeout(DRAIN, futures::future::join_all(self.listeners)).await;
        if drained.is_err() {
            tracing::warn!("some requests did not finish in {} seconds", DRAIN.as_secs());
        }
        self.api.tenants.close().await;
        self.control.close().await;
    }
}

/// Runs the server until the process is told to stop.
///
/// # Errors
/// When it cannot start.
pub async fn run(config: Config) -> Result<(), ServeError> {
    let started = std::time::Instant::now();
    // Listened for before anybody is told that the server is ready: who stops it at once must find it listening.
    let told = told_to_stop()?;
    let server = start(
        config,
        Environment {
            warm: true,
            ..Environment::default()
        },
    )
    .await?;
    let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(portal = server.portal_url, api = server.api_url, millis, "ready");
    println!("Portal  {}\nAPI     {}", server.portal_url, server.api_url);
    told.await;
    tracing::info!("stopping");
    server.stop().await;
    Ok(())
}

/// Starts to listen for the signals that stop the server; the future ends with the first of them.
fn told_to_stop() -> Result<impl Future<Output = ()>, ServeError> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupted, mut terminated) = (
        signal(SignalKind::interrupt()).map_err(ServeError::Signals)?,
        signal(SignalKind::terminate()).map_err(ServeError::Signals)?,
    );
    Ok(async move {
        tokio::select! { _ = interrupted.recv() => {}, _ = terminated.recv() => {} }
    })
}

#[cfg(not(feature = "site"))]
#[expect(clippy::unnecessary_wraps, reason = "the shape that it has with the pages")]
fn site(_: &Config, _: &Api, _: SocketAddr, _: bool) -> Result<Router, ServeError> {
    Ok(Router::new())
}
