//! The direction of the arrows inside the server, read off the `crate::` paths.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

/// What each module may use; whatever is not named here may use nothing of the crate.
const ARROWS: &[(&str, &[&str])] = &[
    ("clock", &[]),
    ("ids", &[]),
    ("metrics", &[]),
    ("trace", &[]),
    ("assets", &[]),
    ("problem", &[]),
    ("docs", &["assets"]),
    ("ledger", &[]),
    ("store", &["clock", "ids"]),
    ("sandbox", &["clock", "ids", "ledger", "store"]),
    ("extracts", &["clock", "sandbox", "store"]),
    ("throttle", &[]),
    ("people", &["clock", "ids", "store", "throttle"]),
    ("checklist", &["clock", "ids", "people", "store"]),
    ("oauth", &["clock", "ids", "store", "sandbox"]),
    ("webhooks", &["clock", "ids", "sandbox", "store"]),
    ("layers", &["api", "ids", "oauth", "problem", "store"]),
    (
        "api",
        &[
            "clock", "extracts", "ids", "layers", "metrics", "oauth", "problem", "sandbox", "store",
        ],
    ),
    ("config", &["api", "sandbox"]),
    ("cli", &["config", "people"]),
    (
        "site",
        &[
            "api",
            "assets",
            "checklist",
            "clock",
            "docs",
            "ids",
            "metrics",
            "oauth",
            "people",
            "problem",
            "sandbox",
            "store",
            "throttle",
        ],
    ),
    (
        "serve",
        &[
            "api", "assets", "clock", "config", "docs", "extracts", "ids", "metrics", "oauth", "sandbox",
            "site", "store", "webhooks",
        ],
    ),
    (
        "administer",
        &[
            "cli", "clock", "config", "oauth", "people", "sandbox", "serve", "store",
        ],
    ),
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() && !path.ends_with("tests") {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
            found.push(path);
        }
    }
    found
}

fn module(path: &Path, root: &Path) -> String {
    let first = path
        .strip_prefix(root)
        .ok()
        .and_then(|path| path.components().next())
        .expect("a component");
    first
        .as_os_str()
        .to_string_lossy()
        .trim_end_matches(".rs")
        .to_owned()
}

/// The modules of this crate that a source names, tests inside it left out.
fn uses(text: &str) -> BTreeSet<String> {
    let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let mut found = BTreeSet::new();
    for (place, _) in text.match_indices("crate::") {
        let rest = &text[place + "crate::".len()..];
        match rest.strip_prefix('{') {
            None => _ = found.insert(word(rest)),
            Some(list) => found.extend(top_level(list)),
        }
    }
    found.remove("");
    found
}

fn word(text: &str) -> String {
    text.chars()
        .take_while(|character| character.is_alphanumeric() || *character == '_')
        .collect()
}

/// The first words of the items of a `use` list, nested braces skipped.
fn top_level(list: &str) -> Vec<String> {
    let (mut depth, mut item, mut items) = (0, String::new(), Vec::new());
    for character in list.chars() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => items.push(word(std::mem::take(&mut item).trim())),
            _ if depth == 0 => item.push(character),
            _ => {}
        }
    }
    items.push(word(item.trim()));
    items
}

#[test]
fn no_arrow_points_up() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut upward = Vec::new();
    for path in sources(&root) {
        let from = module(&path, &root);
        if matches!(from.as_str(), "main" | "lib") {
            continue;
        }
        let allowed = ARROWS.iter().find(|(name, _)| *name == from).map(|(_, to)| *to);
        let allowed = allowed.unwrap_or_else(|| panic!("say in ARROWS what `{from}` may use"));
        for to in uses(&std::fs::read_to_string(&path).expect("a source")) {
            if to != from && !allowed.contains(&to.as_str()) {
                upward.push(format!("{}: {from} → {to}", path.display()));
            }
        }
    }
    assert!(upward.is_empty(), "{}", upward.join("\n"));
}

#[test]
fn only_the_store_speaks_sql() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for path in sources(&root) {
        let text = std::fs::read_to_string(&path).expect("a source");
        let inside = module(&path, &root) == "store";
        assert!(
            inside || !text.contains("sqlx::"),
            "{} names sqlx",
            path.display()
        );
    }
}
