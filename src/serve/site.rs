//! The portal: its docs, its state, its router.

use axum::Router;
use std::{net::SocketAddr, sync::Arc};

use super::ServeError;
use crate::{
    api::state::Api,
    config::Config,
    docs::{Docs, Setting, Source},
    site::{self, Services, Site, SiteConfig},
};

/// Its router. Every page is prepared meanwhile, and with `warm` every docs page drawn.
pub(super) fn site(
    config: &Config,
    api: &Api,
    api_addr: SocketAddr,
    warm: bool,
) -> Result<Router, ServeError> {
    let docs = Arc::new(docs(config, api)?);
    let limits = config.limits.sandbox;
    let settings = SiteConfig {
        portal_url: api.portal_url.clone(),
        api_url: api.api_url.clone(),
        api_addr,
        builder_secret: api.builder_secret.clone(),
        sandboxes_per_hour: config.sandboxes_per_hour,
        budget: format!(
            "{} reads and {} writes a minute",
            limits.reads_per_minute, limits.writes_per_minute
        ),
    };
    let services = Services {
        control: api.control.clone(),
        tenants: api.tenants.clone(),
        oauth: api.oauth.clone(),
        clock: api.clock.clone(),
        docs: Arc::clone(&docs),
        cursors: api.cursors.clone(),
        installation: api.installation.clone(),
        stopping: api.stopping.clone(),
    };
    let site = Site::new(settings, services)?;
    let preparing = site.clone();
    // Neither is waited for: the first reader of a page that is not ready yet gets it a little later.
    drop(tokio::spawn(async move { preparing.prepare().await }));
    if warm {
        drop(tokio::task::spawn_blocking(move || docs.warm()));
    }
    Ok(site::router(site))
}

/// The docs that were compiled in or, where the settings name a folder, as they stand there now.
fn docs(config: &Config, api: &Api) -> Result<Docs, ServeError> {
    let source = match &config.content_dir {
        None => Source::embedded(),
        Some(path) => Source::folder(path).map_err(|source| ServeError::DataDir {
            path: path.clone(),
            source,
        })?,
    };
    let setting = Setting {
        portal_url: api.portal_url.clone(),
        api_url: api.api_url.clone(),
        assets: site::asset_urls(),
        contract: contract::contract(),
        render: app::routes::render_docs,
    };
    Docs::load(&source, setting).map_err(|faults| {
        ServeError::Docs(
            faults
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("\n"),
        )
    })
}
