//! Makes cargo notice new files in the folders that the binary embeds.

use std::{env, fs, io, path::Path, time::SystemTime};

/// The list of the browser's files, written by `cargo xtask build-site`.
const MANIFEST: &str = "target/site/manifest.json";

/// Folders that macros read: they notice a file that changes, not one that is new.
const FOLDERS: [&str; 2] = ["migrations", "content"];

/// An embedded file that changes is noticed by cargo already; one that is new is not, but then the manifest differs.
/// A debug build reads the files where they lie, so that a change of style compiles nothing. Without a site an empty
/// one is written, so that the server compiles on its own and there is a file to watch.
fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=build.rs");
    if env::var_os("PROFILE").is_some_and(|profile| profile == "release") {
        println!("cargo:rerun-if-changed={MANIFEST}");
    }
    // A watched path that does not exist would make every build a new one.
    for folder in FOLDERS.into_iter().filter(|folder| Path::new(folder).exists()) {
        println!("cargo:rerun-if-changed={folder}");
    }
    let path = Path::new(MANIFEST);
    if !path.exists() {
        fs::create_dir_all("target/site")?;
        fs::write(path, "{}")?;
        // Older than this run, or cargo would take it for a change and compile everything once more.
        fs::File::options()
            .write(true)
            .open(path)?
            .set_modified(SystemTime::UNIX_EPOCH)?;
    }
    Ok(())
}
