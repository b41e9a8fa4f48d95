//! A consistent copy of the data folder, made while the server runs.

use sqlx::{
    ConnectOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode},
};
use std::{
    io,
    path::{Path, PathBuf},
};

use super::StoreError;

/// Copies every database below `from` into `to`, each as of one instant (`VACUUM INTO`), the control database first:
/// a sandbox that it names is in the copy, or was deleted meanwhile. Returns how many databases were copied.
///
/// # Errors
/// When `to` exists already, or a file cannot be read or written.
pub async fn copy(from: &Path, to: &Path) -> Result<usize, StoreError> {
    if to.exists() {
        return Err(io::Error::new(
            io::ErrorKind::AlreadyExists,
            format!("{} exists already", to.display()),
        )
        .into());
    }
    std::fs::create_dir_all(to)?;
    let control = PathBuf::from("control.db");
    copy_one(from, to, &control).await?;
    let mut copied = 1;
    for relative in databases(from, from)? {
        if relative == control {
            continue;
        }
        match copy_one(from, to, &relative).await {
            Ok(()) => copied += 1,
            // Reset or deleted between the listing and the copy.
            Err(_) if !from.join(&relative).exists() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(copied)
}

async fn copy_one(from: &Path, to: &Path, relative: &Path) -> Result<(), StoreError> {
    let target = to.join(relative);
    if let Some(folder) = target.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let target = target
        .to_str()
        .ok_or_else(|| io::Error::other("the path is not UTF-8"))?
        .to_owned();
    let mut connection = SqliteConnectOptions::new()
        .filename(from.join(relative))
        .create_if_missing(false)
        .connect()
        .await?;
    sqlx::query("VACUUM INTO ?1")
        .bind(&target)
        .execute(&mut connection)
        .await?;
    sqlx::Connection::close(connection).await?;
    // `VACUUM INTO` does not carry the journal mode over; the server expects WAL.
    let copy = SqliteConnectOptions::new()
        .filename(&target)
        .journal_mode(SqliteJournalMode::Wal)
        .connect()
        .await?;
    sqlx::Connection::close(copy).await?;
    Ok(())
}

fn databases(root: &Path, folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(databases(root, &path)?);
        } else if path.extension().is_some_and(|extension| extension == "db")
            && let Ok(relative) = path.strip_prefix(root)
        {
            found.push(relative.to_owned());
        }
    }
    Ok(found)
}
