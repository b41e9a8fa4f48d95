//! The browser bundle: compiles the `web` crate to WebAssembly and writes its JavaScript bindings.

use std::{fs, path::Path};

use anyhow::{Context as _, Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

use super::asset::{Assets, digest};
use crate::workspace::{Workspace, files, run};

const TARGET: &str = "wasm32-unknown-unknown";

/// How the bundle is compiled.
#[derive(Clone, Copy)]
pub(crate) enum Bundle {
    /// Every byte counts: what readers get.
    Small,
    /// Quick to rebuild, several times larger: for `dev`.
    Quick,
}

impl Bundle {
    fn profile(self) -> &'static str {
        match self {
            Self::Small => "web",
            Self::Quick => "web-quick",
        }
    }
}

/// Compiles the bundle and adds `web.js` and `web_bg.wasm`.
pub(crate) fn add(workspace: &Workspace, bundle: Bundle, assets: &mut Assets) -> Result<()> {
    ensure_target(workspace)?;
    let profile = bundle.profile();
    run(&mut workspace.cargo(&[
        "build",
        "--package",
        "web",
        "--target",
        TARGET,
        "--profile",
        profile,
    ]))?;
    let wasm = workspace.target.join(TARGET).join(profile).join("web.wasm");
    let bindings = workspace.target.join("bindings").join(profile);
    bind(workspace, &wasm, &bindings)?;
    collect(&bindings, assets)
}

/// Adds the compiler's WebAssembly target if it is not there.
fn ensure_target(workspace: &Workspace) -> Result<()> {
    let mut ask = workspace.command("rustc");
    let output = ask
        .args(["--print", "target-libdir", "--target", TARGET])
        .output()
        .context("could not ask rustc")?;
    let folder = String::from_utf8(output.stdout)?;
    if output.status.success() && Path::new(folder.trim()).is_dir() {
        return Ok(());
    }
    run(workspace.command("rustup").args(["target", "add", TARGET]))
        .with_context(|| format!("the compiler's {TARGET} target is missing and could not be added"))
}

/// Writes the bindings, unless they were made from these very bytes.
fn bind(workspace: &Workspace, wasm: &Path, folder: &Path) -> Result<()> {
    let lock = fs::read_to_string(workspace.root.join("Cargo.lock"))?;
    let version = binding_version(&lock)?;
    let bytes = fs::read(wasm).with_context(|| format!("could not read {}", wasm.display()))?;
    let stamp = format!("{version} {}", digest(&bytes));
    let stamp_file = folder.join(".stamp");
    if fs::read_to_string(&stamp_file).is_ok_and(|old| old == stamp) {
        return Ok(());
    }
    if folder.is_dir() {
        fs::remove_dir_all(folder)?;
    }
    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm).web(true)?.typescript(false);
    bindgen
        .remove_name_section(true)
        .remove_producers_section(true)
        .omit_default_module_path(true);
    bindgen
        .generate(folder)
        .context("could not write the bundle's bindings")?;
    fs::write(stamp_file, stamp)?;
    Ok(())
}

/// The version of wasm-bindgen. What compiled into the bundle and what writes its bindings must be the same release,
/// since the format between them changes without notice.
fn binding_version(lock: &str) -> Result<&str> {
    let inside = locked_version(lock, "wasm-bindgen")?;
    let outside = locked_version(lock, "wasm-bindgen-cli-support")?;
    ensure!(
        inside == outside,
        "Cargo.lock has wasm-bindgen {inside} but wasm-bindgen-cli-support {outside}; \
         run `cargo update wasm-bindgen-cli-support --precise {inside}`"
    );
    Ok(inside)
}

fn locked_version<'a>(lock: &'a str, package: &str) -> Result<&'a str> {
    let heading = format!("name = \"{package}\"\nversion = \"");
    let (_, rest) = lock
        .split_once(&heading)
        .with_context(|| format!("{package} is not in Cargo.lock"))?;
    Ok(rest.split('"').next().unwrap_or_default())
}

fn collect(folder: &Path, assets: &mut Assets) -> Result<()> {
    // Snippets first: the bindings import them by name, so their hashes must be known.
    for path in files(&folder.join("snippets"))? {
        let name = path.strip_prefix(folder)?.to_string_lossy().into_owned();
        assets.add(&name, fs::read(&path)?);
    }
    let js = fs::read_to_string(folder.join("web.js"))?;
    let js = rewrite_snippets(&js, assets)?;
    assets.add("web.js", js.into_bytes());
    assets.add("web_bg.wasm", fs::read(folder.join("web_bg.wasm"))?);
    Ok(())
}

/// `from './snippets/…'` keeps its shape and gets the hashed name.
fn rewrite_snippets(js: &str, assets: &Assets) -> Result<String> {
    let marked = js
        .replace("'./snippets/", "'./\u{0}snippets/")
        .replace("\"./snippets/", "\"./\u{0}snippets/");
    Ok(assets.rewrite(&marked, "\u{0}")?.replace('\u{0}', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock(inside: &str, outside: &str) -> String {
        format!(
            "[[package]]\nname = \"wasm-bindgen\"\nversion = \"{inside}\"\n\n\
             [[package]]\nname = \"wasm-bindgen-cli-support\"\nversion = \"{outside}\"\n"
        )
    }

    #[test]
    fn equal_versions_are_accepted() {
        assert_eq!(binding_version(&lock("0.2.9", "0.2.9")).unwrap(), "0.2.9");
    }

    #[test]
    fn different_versions_are_refused_with_the_command_that_repairs_them() {
        let error = binding_version(&lock("0.2.9", "0.2.8")).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("cargo update wasm-bindgen-cli-support --precise 0.2.9")
        );
    }

    #[test]
    fn imported_snippets_get_their_hashed_names() {
        let mut assets = Assets::default();
        assets.add("snippets/a-1/inline0.js", b"abc".to_vec());
        let js = rewrite_snippets("import { f } from './snippets/a-1/inline0.js';", &assets).unwrap();
        assert_eq!(js, "import { f } from './snippets/a-1/inline0.ba7816bf8f01.js';");
    }
}
