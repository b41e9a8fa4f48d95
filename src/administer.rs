//! Administration from the command line. It works on the data folder itself, beside a running server, which notices.

use contract::{contract, ids::SandboxId, openapi};
use serde_json::json;
use std::{io, path::PathBuf};

use crate::{
    cli::{Command, KeysCommand, SandboxCommand},
    clock::Clock,
    config::{Config, ConfigError},
    oauth::{credentials, keys},
    people::email::Email,
    sandbox::webhooks,
    serve::{self, ServeError},
    store::{
        StoreError, backup,
        control::{Control, sandboxes},
    },
};

mod staff;

/// A command could not be carried out; the message is for the person who gave it.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The settings make no sense.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The server, or what it needs, could not start.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// A database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file of the person who gave the command.
    #[error("cannot read {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// No sandbox has this id.
    #[error("there is no sandbox {0}")]
    NoSuchSandbox(SandboxId),
    /// The key cannot be registered.
    #[error("the key is refused: {0}")]
    Key(String),
    /// A sandbox could not be made or deleted.
    #[error("{0}")]
    Sandbox(String),
    /// Nobody of staff has this address.
    #[error("{0} is not staff")]
    NoSuchStaff(Email),
}

/// Carries out a command.
///
/// # Errors
/// With a message for the person who gave it.
pub async fn run(command: Command, config: Config) -> Result<(), CommandError> {
    match command {
        Command::Serve => Ok(serve::run(config).await?),
        Command::Sandbox(command) => sandbox(command, &config).await,
        Command::Keys(KeysCommand::Add { sandbox, jwk, json }) => add_key(&config, &sandbox, jwk, json).await,
        Command::Keys(KeysCommand::Rotate { webhooks: false }) => rotate_keys(&config).await,
        Command::Keys(KeysCommand::Rotate { webhooks: true }) => rotate_webhook_keys(&config).await,
        Command::Staff(command) => staff::run(command, &config).await,
        Command::Openapi => {
            print_openapi(&config);
            Ok(())
        }
        Command::Backup { to } => {
            let copied = backup::copy(&config.data_dir, &to).await?;
            println!("{copied} databases copied to {}", to.display());
            Ok(())
        }
    }
}

/// Where the API is reached, for answers of commands; the server itself may run elsewhere.
fn api_url(config: &Config) -> String {
    config
        .api_url
        .clone()
        .unwrap_or_else(|| format!("http://{}", config.api_addr))
}

/// Where the portal is reached.
fn portal_url(config: &Config) -> String {
    config
        .portal_url
        .clone()
        .unwrap_or_else(|| format!("http://{}", config.portal_addr))
}

async fn sandbox(command: SandboxCommand, config: &Config) -> Result<(), CommandError> {
    let control = serve::open_control(config).await?;
    let clock = Clock::system();
    match command {
        SandboxCommand::Create {
            name,
            plan,
            count,
            json,
        } => {
            let tenants = serve::open_tenants(config, &control, &clock).await?;
            for _ in 0..count {
                let row = tenants
                    .create(name.clone(), plan.into(), None)
                    .await
                    .map_err(|error| CommandError::Sandbox(error.to_string()))?;
                let mut write = control.begin().await?;
                let issued = credentials::issue_client(&mut write, &row.id, clock.now()).await?;
                write.commit().await?;
                if json {
                    let answer = json!({
                        "sandbox_id": row.id, "client_id": issued.client_id.as_str(),
                        "client_secret": issued.client_secret.reveal(), "scopes": issued.scopes.to_string(),
                        "api_url": api_url(config),
                    });
                    println!("{answer}");
                } else {
                    println!(
                        "Sandbox        {}\nClient id      {}\nClient secret  {}\nAPI            {}",
                        row.id,
                        issued.client_id.as_str(),
                        issued.client_secret.reveal(),
                        api_url(config)
                    );
                }
            }
            tenants.close().await;
        }
        SandboxCommand::List { json } => list(&control, json).await?,
        SandboxCommand::Delete { id } => {
            let tenants = serve::open_tenants(config, &control, &clock).await?;
            if sandboxes::get(&control, &id).await?.is_none() {
                return Err(CommandError::NoSuchSandbox(id));
            }
            tenants
                .delete(&id)
                .await
                .map_err(|error| CommandError::Sandbox(error.to_string()))?;
            println!("{id} is deleted");
        }
    }
    control.close().await;
    Ok(())
}

async fn list(control: &Control, json: bool) -> Result<(), CommandError> {
    let mut after = None;
    loop {
        let rows = sandboxes::list(control, after.as_ref(), 100).await?;
        for row in &rows {
            if json {
                let line = json!({
                    "sandbox_id": row.id, "name": row.name, "plan": row.plan, "epoch": row.epoch,
                    "created_at": row.created_at, "last_used_at": row.last_used_at,
                });
                println!("{line}");
            } else {
                println!(
                    "{}  {:<10}  {}  {}",
                    row.id,
                    row.plan.as_str(),
                    row.created_at,
                    row.name
                );
            }
        }
        match rows.last() {
            Some(row) if rows.len() == 100 => after = Some(row.id.clone()),
            _ => return Ok(()),
        }
    }
}

async fn add_key(
    config: &Config,
    sandbox: &SandboxId,
    path: PathBuf,
    json: bool,
) -> Result<(), CommandError> {
    let text = std::fs::read_to_string(&path).map_err(|source| CommandError::Unreadable { path, source })?;
    let control = serve::open_control(config).await?;
    if sandboxes::get(&control, sandbox).await?.is_none() {
        return Err(CommandError::NoSuchSandbox(sandbox.clone()));
    }
    let mut write = control.begin().await?;
    let registered = credentials::register_key(&mut write, sandbox, &text, Clock::system().now())
        .await
        .map_err(|error| CommandError::Key(error.to_string()))?;
    write.commit().await?;
    if json {
        println!(
            "{}",
            json!({ "kid": registered.kid.as_str(), "iss": registered.iss, "sub": registered.sub })
        );
    } else {
        println!(
            "kid  {}\niss  {}\nsub  {}",
            registered.kid, registered.iss, registered.sub
        );
    }
    Ok(())
}

async fn rotate_keys(config: &Config) -> Result<(), CommandError> {
    let control = serve::open_control(config).await?;
    keys::rotate(&control, Clock::system().now())
        .await
        .map_err(|error| CommandError::Key(error.to_string()))?;
    println!("The next signing key is published; it takes over within minutes.");
    Ok(())
}

async fn rotate_webhook_keys(config: &Config) -> Result<(), CommandError> {
    let control = serve::open_control(config).await?;
    let kid = webhooks::keys::rotate(&control, Clock::system().now()).await?;
    println!("The key {kid} signs webhooks from now on; a running server takes it up within half a minute.");
    Ok(())
}

fn print_openapi(config: &Config) {
    let portal = portal_url(config);
    let api = api_url(config);
    let document = openapi::document(
        contract(),
        openapi::Urls {
            portal: &portal,
            api: &api,
        },
    );
    println!("{document:#}");
}
