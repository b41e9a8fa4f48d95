//! The file of an extract while it is written: counted, digested, and in its place only when it is whole.

use super::{
    csv::Csv,
    ndjson::Ndjson,
    parquet::Parquet,
    table::{Column, Sink},
    trouble::Trouble,
};
use contract::extracts::ExtractFormat;
use sha2::{Digest, Sha256};
use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

/// So much is put together before it goes to the file and into the digest.
const BUFFER: usize = 256 * 1024;

/// A file that is being written.
pub(super) struct Output {
    path: PathBuf,
    draft: PathBuf,
    file: File,
    tally: Arc<Mutex<Tally>>,
}

#[derive(Default)]
struct Tally {
    size: u64,
    digest: Sha256,
}

impl Output {
    /// Starts the file that is to be at `path`, over whatever an attempt before has left.
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        // Only this folder: where the sandbox's own is gone, so is the sandbox, and nothing may bring it back.
        let folder = path.parent().map(std::fs::create_dir);
        match folder {
            Some(Err(error)) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
        let draft = draft(path);
        Ok(Self {
            path: path.to_owned(),
            file: File::create(&draft)?,
            draft,
            tally: Arc::default(),
        })
    }

    /// What takes the rows.
    pub(super) fn sink(&self, format: ExtractFormat, columns: &[Column]) -> io::Result<Box<dyn Sink>> {
        let counted = Counted {
            file: self.file.try_clone()?,
            tally: Arc::clone(&self.tally),
        };
        let out = BufWriter::with_capacity(BUFFER, counted);
        Ok(match format {
            ExtractFormat::Csv => Box::new(Csv::new(out, columns)?),
            ExtractFormat::Ndjson => Box::new(Ndjson::new(out, columns)),
            ExtractFormat::Parquet => Box::new(Parquet::new(out, columns)?),
        })
    }

    /// Puts the file, all of whose rows are written, in its place, so that it survives a power cut; answers its size
    /// and digest.
    pub(super) fn keep(&self) -> Result<(u64, String), Trouble> {
        self.file.sync_all()?;
        std::fs::rename(&self.draft, &self.path)?;
        if let Some(folder) = self.path.parent() {
            File::open(folder)?.sync_all()?;
        }
        let tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        Ok((tally.size, hex::encode(tally.digest.clone().finalize())))
    }

    /// Takes away what was written. What cannot be taken away is written over or goes with the sandbox.
    pub(super) fn discard(&self) {
        if let Err(error) = std::fs::remove_file(&self.draft) {
            tracing::debug!(%error, "the draft of an extract is left");
        }
    }
}

/// Where the file that is to be at `path` is written.
pub(super) fn draft(path: &Path) -> PathBuf {
    path.with_extension("part")
}

struct Counted {
    file: File,
    tally: Arc<Mutex<Tally>>,
}

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        tally.size += written as u64;
        tally.digest.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
