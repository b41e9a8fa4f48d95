//! Writes the site to disk: hashed files, their compressed twins, and the manifest that the server reads.

use std::{
    collections::BTreeSet,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, write::GzEncoder};
use serde_json::{Map, Value};

use super::asset::{Asset, Assets};
use crate::workspace::files;

/// Brings `site` to exactly these assets and tells how many were not there before.
pub(crate) fn write(site: &Path, assets: &Assets) -> Result<usize> {
    fs::create_dir_all(site)?;
    let mut written = 0;
    let mut keep = BTreeSet::from([site.join("manifest.json")]);
    for (_, asset) in assets.iter() {
        let path = site.join(&asset.hashed);
        // The plain file is written last, so its presence tells that the twins are complete.
        if !path.is_file() {
            write_asset(&path, asset)?;
            written += 1;
        }
        keep.extend([twin(&path, "br"), twin(&path, "gz"), path]);
    }
    write_manifest(&site.join("manifest.json"), assets)?;
    for path in files(site)?.into_iter().filter(|path| !keep.contains(path)) {
        fs::remove_file(path)?;
    }
    Ok(written)
}

fn write_asset(path: &Path, asset: &Asset) -> Result<()> {
    fs::create_dir_all(path.parent().context("an asset lies in the site")?)?;
    // A font is compressed already.
    if path.extension().is_some_and(|extension| extension != "woff2") {
        for (extension, squeezed) in [("br", brotli(&asset.bytes)?), ("gz", gzip(&asset.bytes)?)] {
            if squeezed.len() < asset.bytes.len() {
                fs::write(twin(path, extension), squeezed)?;
            }
        }
    }
    fs::write(path, &asset.bytes).with_context(|| format!("could not write {}", path.display()))
}

fn twin(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    name.into()
}

/// Writes the manifest only if it says something new: its age decides whether the server is compiled again.
fn write_manifest(path: &Path, assets: &Assets) -> Result<()> {
    let entries = assets
        .iter()
        .map(|(name, asset)| (name.to_owned(), Value::from(asset.hashed.as_str())));
    let text = serde_json::to_string_pretty(&Value::Object(entries.collect::<Map<_, _>>()))?;
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    Ok(fs::write(path, text)?)
}

fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let params = BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut squeezed = Vec::new();
    brotli::BrotliCompress(&mut &*bytes, &mut squeezed, &params)?;
    Ok(squeezed)
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_file_replaces_the_old_one_and_its_twins() {
        let site = std::env::temp_dir().join(format!("portal-publish-{}", std::process::id()));
        let mut assets = Assets::default();
        assets.add("page.js", b"a".repeat(1000));
        assert_eq!(write(&site, &assets).unwrap(), 1);
        assert_eq!(write(&site, &assets).unwrap(), 0);
        assets.add("page.js", b"b".repeat(1000));
        assert_eq!(write(&site, &assets).unwrap(), 1);

        let names: Vec<_> = files(&site)
            .unwrap()
            .iter()
            .map(|p| p.file_name().unwrap().to_owned())
            .collect();
        fs::remove_dir_all(&site).unwrap();
        assert_eq!(names.len(), 4, "manifest, file, two twins: {names:?}");
    }
}
