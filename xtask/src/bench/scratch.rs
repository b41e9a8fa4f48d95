//! A folder for one run, on the disk that holds the checkout, so that a flush to disk is a real one.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use anyhow::{Context as _, Result};

/// The folder; it goes when this is dropped.
pub(crate) struct Scratch {
    dir: PathBuf,
    made: AtomicU32,
}

impl Scratch {
    /// Makes the folder below cargo's target folder.
    pub(crate) fn below(target: &Path) -> Result<Self> {
        let dir = target.join("bench").join(std::process::id().to_string());
        fs::create_dir_all(&dir).with_context(|| format!("could not make {}", dir.display()))?;
        Ok(Self {
            dir,
            made: AtomicU32::new(0),
        })
    }

    /// A path in it that nothing else uses.
    pub(crate) fn fresh(&self, name: &str) -> PathBuf {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        self.dir.join(format!("{number}-{name}"))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.dir) {
            eprintln!("could not remove {}: {error}", self.dir.display());
        }
    }
}
