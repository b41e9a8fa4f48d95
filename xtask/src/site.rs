//! Makes the browser's files: the bundle, the style sheet and public/, hashed by content and compressed once.
//!
//! Everything lands in target/site, which the server embeds. A file's name carries the hash of its bytes, so a file
//! that is already there is never made again; only the browser bundle keeps a stamp of its own.

mod asset;
mod bundle;
mod publish;
mod style;

use std::time::Instant;

use anyhow::{Context as _, Result};

use self::asset::Assets;
use crate::workspace::{Workspace, files};

pub(crate) use self::bundle::Bundle;

/// Brings target/site up to date.
pub(crate) fn build(workspace: &Workspace, bundle: Bundle) -> Result<()> {
    let start = Instant::now();
    let mut assets = Assets::default();
    add_public(workspace, &mut assets)?;
    style::add(workspace, &mut assets)?;
    bundle::add(workspace, bundle, &mut assets)?;
    let written = publish::write(&workspace.site(), &assets)?;
    println!(
        "site: {} files, {written} new, in {:.1} s",
        assets.len(),
        start.elapsed().as_secs_f32()
    );
    Ok(())
}

fn add_public(workspace: &Workspace, assets: &mut Assets) -> Result<()> {
    let public = workspace.root.join("public");
    for path in files(&public)? {
        // The notes beside the fonts are for people who read the sources.
        if path.extension().is_some_and(|extension| extension == "md") {
            continue;
        }
        let name = path
            .strip_prefix(&public)?
            .to_str()
            .context("names in public/ are UTF-8")?
            .to_owned();
        let bytes = std::fs::read(&path).with_context(|| format!("could not read {}", path.display()))?;
        assets.add(&name, bytes);
    }
    Ok(())
}
