//! The files of the site in memory, each known by its plain name and by its hashed one.

use std::{collections::BTreeMap, fmt::Write as _};

use anyhow::{Result, bail};
use sha2::{Digest as _, Sha256};

/// One file to publish.
pub(crate) struct Asset {
    /// The name with the hash of the bytes in it, `fonts/mono.0123456789ab.woff2`.
    pub(crate) hashed: String,
    pub(crate) bytes: Vec<u8>,
}

/// All files to publish, by plain name.
#[derive(Default)]
pub(crate) struct Assets(BTreeMap<String, Asset>);

impl Assets {
    pub(crate) fn add(&mut self, name: &str, bytes: Vec<u8>) {
        let hashed = hashed_name(name, &bytes);
        self.0.insert(name.to_owned(), Asset { hashed, bytes });
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Asset)> {
        self.0.iter().map(|(name, asset)| (name.as_str(), asset))
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Replaces every `{prefix}{plain name}` in a text by the hashed name, and refuses a name that is no file.
    pub(crate) fn rewrite(&self, text: &str, prefix: &str) -> Result<String> {
        let mut pieces = text.split(prefix);
        let mut rewritten = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let end = piece
                .find(['"', '\'', ')', '`', '?', '#', ' '])
                .unwrap_or(piece.len());
            let (name, rest) = piece.split_at(end);
            let Some(asset) = self.0.get(name) else {
                bail!("`{prefix}{name}` is referred to, but no such file is published");
            };
            write!(rewritten, "{prefix}{}{rest}", asset.hashed)?;
        }
        Ok(rewritten)
    }
}

/// The SHA-256 of some bytes, in hexadecimal.
pub(crate) fn digest(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn hashed_name(name: &str, bytes: &[u8]) -> String {
    let hash = &digest(bytes)[..12];
    match name.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}.{hash}.{extension}"),
        None => format!("{name}.{hash}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_stands_before_the_extension() {
        assert_eq!(
            hashed_name("fonts/mono.woff2", b"abc"),
            "fonts/mono.ba7816bf8f01.woff2"
        );
    }

    #[test]
    fn references_become_hashed_and_the_rest_of_the_text_stays() {
        let mut assets = Assets::default();
        assets.add("fonts/mono.woff2", b"abc".to_vec());
        let css = "@font-face{src:url(/assets/fonts/mono.woff2)}a{color:red}";
        let expected = "@font-face{src:url(/assets/fonts/mono.ba7816bf8f01.woff2)}a{color:red}";
        assert_eq!(assets.rewrite(css, "/assets/").unwrap(), expected);
    }

    #[test]
    fn a_reference_to_nothing_is_refused_by_name() {
        let error = Assets::default()
            .rewrite("url(/assets/gone.svg)", "/assets/")
            .unwrap_err();
        assert!(error.to_string().contains("/assets/gone.svg"));
    }
}
