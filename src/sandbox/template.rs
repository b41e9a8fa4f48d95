//! The prepared tenant file that every sandbox starts as a copy of.

use super::demo;
use crate::store::{
    StoreError,
    market::Market,
    tenant::{self, Draft, files},
};
use sha2::{Digest, Sha256};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

/// The template's file in `data_dir`. It is made when there is none of this schema and this demo data.
pub(super) async fn prepare(data_dir: &Path, market: &Arc<Market>) -> Result<PathBuf, StoreError> {
    let path = data_dir.join(format!("template-{}.db", fingerprint()));
    if tokio::fs::try_exists(&path).await? {
        return Ok(path);
    }
    // Another process may be starting on the same folder: each writes its own draft, and either one will do.
    let draft_path = path.with_extension(format!("draft-{}", std::process::id()));
    files::remove(&draft_path).await;
    let mut draft = Draft::open(&draft_path, Arc::clone(market)).await?;
    demo::fill(draft.tx()).await?;
    draft.finish().await?;
    files::sync(&draft_path).await?;
    tokio::fs::rename(&draft_path, &path).await?;
    Ok(path)
}

/// Names a schema and its demo data: it changes with every migration and with the source of the generator.
fn fingerprint() -> String {
    let mut digest = Sha256::new();
    tenant::fingerprint(&mut digest);
    for source in demo::SOURCES {
        digest.update(source);
    }
    let mut short = [0; 8];
    short.copy_from_slice(&digest.finalize()[..8]);
    format!("{:016x}", u64::from_be_bytes(short))
}
