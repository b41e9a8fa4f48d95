//! Where the text comes from: the binary itself, a folder, or a test.

use super::{Fault, directive, directive::Found, front, front::Front, slots};
use contract::Contract;
use rust_embed::Embed;
use std::{collections::BTreeMap, fs, io, path::Path};

/// The navigation, which is no page.
pub(super) const SUMMARY: &str = "SUMMARY.md";

/// Everything under `content/`.
#[derive(Embed)]
#[folder = "content"]
struct Content;

/// Markdown files by their path under `content/`.
#[derive(Clone, Debug, Default)]
pub struct Source {
    pub(super) files: BTreeMap<String, String>,
}

impl Source {
    /// The files that were compiled in.
    pub fn embedded() -> Self {
        let files = Content::iter().filter(|path| path.ends_with(".md"));
        files
            .filter_map(|path| {
                let text = String::from_utf8(Content::get(&path)?.data.into_owned()).ok()?;
                Some((path.into_owned(), text))
            })
            .collect()
    }

    /// The files as they are on disk now, for writing with a running server.
    ///
    /// # Errors
    ///
    /// Whatever reading the folder or a file of it answers.
    pub fn folder(folder: &Path) -> io::Result<Self> {
        let mut files = BTreeMap::new();
        let mut open = vec![folder.to_owned()];
        while let Some(next) = open.pop() {
            for entry in fs::read_dir(next)? {
                let path = entry?.path();
                if path.is_dir() {
                    open.push(path);
                } else if path.extension().is_some_and(|extension| extension == "md") {
                    let name = path.strip_prefix(folder).unwrap_or(&path);
                    let name = name.to_string_lossy().replace('\\', "/");
                    files.insert(name, fs::read_to_string(&path)?);
                }
            }
        }
        Ok(Self { files })
    }

    /// The text of a file.
    pub(super) fn get(&self, file: &str) -> Option<&str> {
        self.files.get(file).map(String::as_str)
    }
}

impl FromIterator<(String, String)> for Source {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(files: I) -> Self {
        Self {
            files: files.into_iter().collect(),
        }
    }
}

/// A page as it was written, its constants filled in.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    /// The file under `content/`.
    pub(super) file: String,
    /// The page's path on the portal.
    pub(super) url: String,
    /// What stands above the text.
    pub(super) front: Front,
    /// The text.
    pub(super) body: String,
    /// How many lines of the file stand before the text.
    pub(super) offset: usize,
    /// The directives in the text.
    pub(super) directives: Vec<Found>,
}

impl Draft {
    /// The line in the file at this byte of the body.
    pub(super) fn line_at(&self, byte: usize) -> usize {
        let before = self.body.as_bytes().iter().take(byte);
        self.offset + 1 + before.filter(|byte| **byte == b'\n').count()
    }
}

/// The page's path on the portal: `reference/v1/clients.md` is read at `/reference/v1/clients`.
pub(super) fn url_of(file: &str) -> String {
    format!("/{}", file.strip_suffix(".md").unwrap_or(file))
}

/// Every page of the source. One whose front matter is at fault is left out.
pub(super) fn drafts(
    source: &Source,
    constants: &[(&'static str, String)],
    contract: &'static Contract,
    faults: &mut Vec<Fault>,
) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for (file, text) in source.files.iter().filter(|(file, _)| *file != SUMMARY) {
        let text = slots::settle(text, constants, file, faults);
        if let Some((front, body, offset)) = front::split(&text, file, faults) {
            let directives = directive::scan(&body, (file, offset), contract, faults);
            drafts.push(Draft {
                file: file.clone(),
                url: url_of(file),
                front,
                body,
                offset,
                directives,
            });
        }
    }
    drafts
}
