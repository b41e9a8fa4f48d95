//! The style sheet: style/main.css with all that it imports, in one minified file.

use anyhow::{Result, anyhow, ensure};
use lightningcss::{
    bundler::{Bundler, FileProvider},
    printer::PrinterOptions,
    stylesheet::{MinifyOptions, ParserOptions},
    targets::{Browsers, Targets},
};

use super::asset::Assets;
use crate::workspace::Workspace;

/// Bundles the style sheet and points it to the hashed fonts.
pub(crate) fn add(workspace: &Workspace, assets: &mut Assets) -> Result<()> {
    let entry = workspace.root.join("style/main.css");
    ensure!(
        entry.is_file(),
        "style/main.css is missing: it is the entry of every style sheet of the portal"
    );
    let provider = FileProvider::new();
    let mut bundler = Bundler::new(&provider, None, ParserOptions::default());
    let mut sheet = bundler
        .bundle(&entry)
        .map_err(|error| anyhow!("style: {error}"))?;
    let targets = evergreen();
    sheet
        .minify(MinifyOptions {
            targets,
            ..MinifyOptions::default()
        })
        .map_err(|error| anyhow!("style: {error}"))?;
    let options = PrinterOptions {
        minify: true,
        targets,
        ..PrinterOptions::default()
    };
    let css = sheet
        .to_css(options)
        .map_err(|error| anyhow!("style: {error}"))?
        .code;
    let css = assets.rewrite(&css, "/assets/")?;
    assets.add("main.css", css.into_bytes());
    Ok(())
}

/// The browsers that update themselves, as they were in the spring of 2024; older ones get what they understand.
fn evergreen() -> Targets {
    let version = |major: u32, minor: u32| Some(major << 16 | minor << 8);
    Targets::from(Browsers {
        chrome: version(123, 0),
        edge: version(123, 0),
        firefox: version(124, 0),
        safari: version(17, 5),
        ios_saf: version(17, 5),
        ..Browsers::default()
    })
}
