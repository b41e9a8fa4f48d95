//! Where tenant files lie, how they are copied and how they go.

use crate::store::StoreError;
use contract::ids::SandboxId;
use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};

/// The folder of a sandbox. One level of shards between keeps folders small: the end of an id is random.
pub fn folder(data_dir: &Path, sandbox: &SandboxId) -> PathBuf {
    let id = sandbox.as_str();
    data_dir
        .join("sandboxes")
        .join(&id[id.len().saturating_sub(2)..])
        .join(id)
}

/// The tenant file of one epoch.
pub fn tenant(folder: &Path, epoch: u32) -> PathBuf {
    folder.join(format!("tenant-{epoch}.db"))
}

/// The folder of the extracts that were made of a tenant file.
pub fn extracts(tenant: &Path) -> PathBuf {
    let epoch = tenant
        .file_stem()
        .and_then(std::ffi::OsStr::to_str)
        .unwrap_or_default();
    tenant.with_file_name(epoch.replacen("tenant", "extracts", 1))
}

/// The request log, which outlives the epochs.
pub fn log(folder: &Path) -> PathBuf {
    folder.join("log.db")
}

/// Puts a copy of the database `from`, which nobody writes, at `to`, and whatever stood there before away.
///
/// # Errors
/// When a file cannot be read, written or removed.
pub(crate) async fn copy(from: &Path, to: &Path) -> Result<(), StoreError> {
    let (from, to) = (from.to_owned(), to.to_owned());
    on_a_thread(move || {
        if let Some(folder) = to.parent() {
            std::fs::create_dir_all(folder)?;
        }
        // An attempt that a crash cut short may have left a log behind, which would be played into the copy.
        for path in with_companions(&to) {
            absent_is_fine(std::fs::remove_file(path))?;
        }
        std::fs::copy(&from, &to)?;
        Ok(())
    })
    .await
}

/// Makes the file and its name survive a power cut.
///
/// # Errors
/// When the disk does not take it.
pub(crate) async fn sync(path: &Path) -> Result<(), StoreError> {
    let path = path.to_owned();
    on_a_thread(move || {
        File::open(&path)?.sync_all()?;
        // The folder of a sandbox and its shard may be new as well. A relative path ends in an empty one.
        path.ancestors()
            .skip(1)
            .take(3)
            .filter(|folder| !folder.as_os_str().is_empty())
            .try_for_each(|folder| File::open(folder)?.sync_all())
    })
    .await
}

/// Puts the closed database `from` at `to`, so that the name survives a power cut.
///
/// # Errors
/// When the disk does not take it.
pub(crate) async fn rename(from: &Path, to: &Path) -> Result<(), StoreError> {
    let (from, to) = (from.to_owned(), to.to_owned());
    on_a_thread(move || {
        std::fs::rename(&from, &to)?;
        match to.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            Some(folder) => File::open(folder)?.sync_all(),
            None => Ok(()),
        }
    })
    .await
}

/// Removes a database that nobody uses any more. What cannot be removed only costs space.
pub(crate) async fn remove(path: &Path) {
    let owned = path.to_owned();
    let removed = on_a_thread(move || {
        with_companions(&owned)
            .into_iter()
            .try_for_each(|path| absent_is_fine(std::fs::remove_file(path)))
    })
    .await;
    if let Err(error) = removed {
        tracing::warn!(%error, path = %path.display(), "a retired database was not removed");
    }
}

/// Removes a tenant file that nobody uses any more, and first the extracts that were made of it. What cannot be removed
/// only costs space.
pub(crate) async fn remove_epoch(path: &Path) {
    let folder = extracts(path);
    if let Err(error) = remove_folder(&folder).await {
        tracing::warn!(%error, path = %folder.display(), "the extracts of a retired database were not removed");
    }
    remove(path).await;
}

/// Removes a file; one that is not there is fine.
///
/// # Errors
/// When it cannot be removed.
pub async fn remove_file(path: &Path) -> Result<(), StoreError> {
    let path = path.to_owned();
    on_a_thread(move || absent_is_fine(std::fs::remove_file(path))).await
}

/// What a folder is called while it is being removed.
const GONE: &str = "gone";

/// Removes a sandbox's folder with all that is in it. It is renamed first: by its old name nobody who still works on it
/// can put another file in.
///
/// # Errors
/// When a file cannot be removed.
pub(crate) async fn remove_folder(folder: &Path) -> Result<(), StoreError> {
    let (folder, gone) = (folder.to_owned(), folder.with_extension(GONE));
    on_a_thread(move || {
        // A crash may have left one.
        absent_is_fine(std::fs::remove_dir_all(&gone))?;
        absent_is_fine(std::fs::rename(&folder, &gone))?;
        absent_is_fine(std::fs::remove_dir_all(&gone))
    })
    .await
}

/// The folders of sandboxes that lie in the data folder, each with the names of what is in it.
///
/// # Errors
/// When a folder cannot be read.
pub(crate) async fn folders(data_dir: &Path) -> Result<Vec<(PathBuf, Vec<String>)>, StoreError> {
    let all = data_dir.join("sandboxes");
    on_a_thread(move || {
        let mut found = Vec::new();
        for shard in entries(&all)? {
            for folder in entries(&shard)? {
                let names = entries(&folder)?.iter().filter_map(|path| name(path)).collect();
                found.push((folder, names));
            }
        }
        Ok(found)
    })
    .await
}

/// The sandbox whose folder this is, or was until it was to be removed.
pub(crate) fn sandbox(folder: &Path) -> Option<SandboxId> {
    folder.file_stem()?.to_str()?.parse().ok()
}

/// The last part of a path, where it is text.
fn name(path: &Path) -> Option<String> {
    Some(path.file_name()?.to_str()?.to_owned())
}

/// What is in a folder; nothing where it has gone or is a file.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    use io::ErrorKind::{NotADirectory, NotFound};
    match std::fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect(),
        Err(error) if matches!(error.kind(), NotFound | NotADirectory) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

async fn on_a_thread<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, StoreError> {
    Ok(tokio::task::spawn_blocking(work)
        .await
        .map_err(io::Error::other)??)
}

/// The database and the files that SQLite keeps beside it.
fn with_companions(path: &Path) -> [PathBuf; 3] {
    ["", "-wal", "-shm"].map(|suffix| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    })
}

fn absent_is_fine(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_is_synced_whether_its_path_is_relative_or_not() {
        for path in ["Cargo.toml", "./Cargo.toml", "src/lib.rs"] {
            sync(Path::new(path)).await.unwrap();
            sync(&std::path::absolute(path).unwrap()).await.unwrap();
        }
        sync(Path::new("nothing/here.db")).await.unwrap_err();
    }
}
