//! Settings: defaults, then a TOML file, then `PORTAL_…` variables, then flags.

use clap::Args;
use serde::Deserialize;
use std::{net::SocketAddr, path::PathBuf};

use crate::{
    api::budget::Limits,
    sandbox::deliveries::{MalformedSchedule, Schedule},
};

/// What the operator gave on the command line or by environment.
#[derive(Clone, Debug, Default, Args)]
pub struct Flags {
    /// Where keys and databases live; made on first start.
    #[arg(long, env = "PORTAL_DATA_DIR", global = true)]
    pub data_dir: Option<PathBuf>,
    /// Where the portal listens.
    #[arg(long, env = "PORTAL_PORTAL_ADDR", global = true)]
    pub portal_addr: Option<SocketAddr>,
    /// Where the API listens.
    #[arg(long, env = "PORTAL_API_ADDR", global = true)]
    pub api_addr: Option<SocketAddr>,
    /// How browsers reach the portal.
    #[arg(long, env = "PORTAL_PORTAL_URL", global = true)]
    pub portal_url: Option<String>,
    /// How clients reach the API; also the OAuth issuer.
    #[arg(long, env = "PORTAL_API_URL", global = true)]
    pub api_url: Option<String>,
    /// Serve `/metrics` to every address, not only to loopback.
    #[arg(long, env = "PORTAL_METRICS_PUBLIC", global = true)]
    pub metrics_public: Option<bool>,
    /// Read the docs from this folder instead of the binary, while writing them.
    #[arg(long, env = "PORTAL_CONTENT_DIR", global = true, hide = true)]
    pub content_dir: Option<PathBuf>,
    /// How many sandboxes one address may create on the portal in an hour.
    #[arg(long, env = "PORTAL_SANDBOXES_PER_HOUR", global = true)]
    pub sandboxes_per_hour: Option<u32>,
    /// How many sandboxes extracts are made of at a time; 0 leaves them queued.
    #[arg(long, env = "PORTAL_EXTRACTS_AT_ONCE", global = true)]
    pub extracts_at_once: Option<usize>,
    /// Send webhooks to plain http, loopback and private addresses too. Without it, only where the portal itself listens
    /// on loopback.
    #[arg(long, env = "PORTAL_ALLOW_PRIVATE_WEBHOOK_TARGETS", global = true)]
    pub allow_private_webhook_targets: Option<bool>,
    /// When a delivery is attempted, counted from the first attempt: `0s,5s,5m,30m,2h,5h,10h,14h,20h,72h`.
    #[arg(long, env = "PORTAL_WEBHOOK_RETRY_SCHEDULE", global = true)]
    pub webhook_retry_schedule: Option<Schedule>,
    /// A TOML file with the same settings.
    #[arg(long, env = "PORTAL_CONFIG", global = true)]
    pub config: Option<PathBuf>,
}

/// The settings of a TOML file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    data_dir: Option<PathBuf>,
    portal_addr: Option<SocketAddr>,
    api_addr: Option<SocketAddr>,
    portal_url: Option<String>,
    api_url: Option<String>,
    metrics_public: Option<bool>,
    sandboxes_per_hour: Option<u32>,
    extracts_at_once: Option<usize>,
    allow_private_webhook_targets: Option<bool>,
    webhook_retry_schedule: Option<String>,
    open_tenants: Option<usize>,
    plans: Option<Limits>,
}

/// Settings, complete.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where keys and databases live.
    pub data_dir: PathBuf,
    /// Where the portal listens.
    pub portal_addr: SocketAddr,
    /// Where the API listens.
    pub api_addr: SocketAddr,
    /// How browsers reach the portal, without a closing slash; `None` until the listener is bound.
    pub portal_url: Option<String>,
    /// How clients reach the API, without a closing slash; `None` until the listener is bound.
    pub api_url: Option<String>,
    /// Whether `/metrics` answers every address.
    pub metrics_public: bool,
    /// The folder to read the docs from, instead of the binary.
    pub content_dir: Option<PathBuf>,
    /// How many sandboxes one address may create on the portal in an hour.
    pub sandboxes_per_hour: u32,
    /// How many sandboxes extracts are made of at a time; 0 leaves them queued.
    pub extracts_at_once: usize,
    /// Whether webhooks are sent to plain http, loopback and private addresses too.
    pub allow_private_webhook_targets: bool,
    /// When a delivery is attempted.
    pub webhook_retry_schedule: Schedule,
    /// How many tenant databases are kept open.
    pub open_tenants: usize,
    /// What each plan allows.
    pub limits: Limits,
}

/// The settings make no sense.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file could not be read.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not TOML, or names a setting that does not exist.
    #[error("{}: {source}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Box<toml::de::Error>,
    },
    /// The schedule of retries is none.
    #[error("webhook_retry_schedule: {0}")]
    Schedule(#[from] MalformedSchedule),
    /// A URL setting is not an absolute http(s) URL without path and query.
    #[error("{setting} must be an http or https URL without path: {value}")]
    Url {
        /// The setting.
        setting: &'static str,
        /// What it was set to.
        value: String,
    },
}

impl Config {
    /// The settings that `flags`, their environment and their file add up to.
    ///
    /// # Errors
    /// When the file or a URL is malformed.
    pub fn load(flags: Flags) -> Result<Self, ConfigError> {
        let file = match &flags.config {
            Some(path) => read(path)?,
            None => File::default(),
        };
        let portal_addr = flags
            .portal_addr
            .or(file.portal_addr)
            .unwrap_or(SocketAddr::from(([127, 0, 0, 1], 3000)));
        let schedule = file.webhook_retry_schedule.map(|text| text.parse()).transpose()?;
        Ok(Self {
            data_dir: flags
                .data_dir
                .or(file.data_dir)
                .unwrap_or_else(|| PathBuf::from("data")),
            portal_addr,
            api_addr: flags
                .api_addr
                .or(file.api_addr)
                .unwrap_or(SocketAddr::from(([127, 0, 0, 1], 4000))),
            portal_url: origin("portal_url", flags.portal_url.or(file.portal_url))?,
            api_url: origin("api_url", flags.api_url.or(file.api_url))?,
            metrics_public: flags.metrics_public.or(file.metrics_public).unwrap_or(false),
            content_dir: flags.content_dir,
            sandboxes_per_hour: flags.sandboxes_per_hour.or(file.sandboxes_per_hour).unwrap_or(20),
            extracts_at_once: flags.extracts_at_once.or(file.extracts_at_once).unwrap_or(2),
            allow_private_webhook_targets: flags
                .allow_private_webhook_targets
                .or(file.allow_private_webhook_targets)
                .unwrap_or(portal_addr.ip().is_loopback()),
            webhook_retry_schedule: flags.webhook_retry_schedule.or(schedule).unwrap_or_default(),
            open_tenants: file.open_tenants.unwrap_or(64),
            limits: file.plans.unwrap_or_default(),
        })
    }
}

fn read(path: &PathBuf) -> Result<File, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable {
        path: path.clone(),
        source,
    })?;
    toml::from_str(&text).map_err(|source| ConfigError::Malformed {
        path: path.clone(),
        source: Box::new(source),
    })
}

/// A URL that is nothing but an origin, without the closing slash.
fn origin(setting: &'static str, value: Option<String>) -> Result<Option<String>, ConfigError> {
    let Some(value) = value else { return Ok(None) };
    let origin = url::Url::parse(&value).ok().filter(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
    });
    match origin {
        Some(_) => Ok(Some(value.trim_end_matches('/').to_owned())),
        None => Err(ConfigError::Url { setting, value }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_win_over_the_file_and_the_file_over_defaults() {
        let path = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(
            path.path(),
            "api_url = \"https://api.example/\"\nopen_tenants = 3\nmetrics_public = true\n",
        )
        .unwrap();
        let flags = Flags {
            config: Some(path.path().into()),
            metrics_public: Some(false),
            ..Flags::default()
        };
        let config = Config::load(flags).unwrap();
        assert_eq!(config.api_url.as_deref(), Some("https://api.example"));
        assert_eq!((config.open_tenants, config.metrics_public), (3, false));
        assert_eq!(config.portal_addr.port(), 3000);
    }

    #[test]
    fn a_setting_that_does_not_exist_is_refused() {
        let path = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(path.path(), "prot = 1\n").unwrap();
        let flags = Flags {
            config: Some(path.path().into()),
            ..Flags::default()
        };
        assert!(matches!(Config::load(flags), Err(ConfigError::Malformed { .. })));
    }

    #[test]
    fn a_url_with_a_path_is_refused() {
        let flags = Flags {
            portal_url: Some("https://dev.example/docs".into()),
            ..Flags::default()
        };
        assert!(matches!(
            Config::load(flags),
            Err(ConfigError::Url {
                setting: "portal_url",
                ..
            })
        ));
    }
}
