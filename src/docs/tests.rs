//! The content as a whole, each kind of fault, and what readers get.

use super::*;
use contract::{ProblemCode, contract};

mod content;
mod faults;
mod highlighting;
mod large;
mod served;

fn setting() -> Setting {
    Setting {
        portal_url: "https://portal.test".to_owned(),
        api_url: "https://api.test".to_owned(),
        assets: Assets::default(),
        contract: contract(),
        render: app::routes::render_docs,
    }
}

/// The real content.
fn docs() -> Docs {
    Docs::load(&Source::embedded(), setting()).unwrap_or_else(|faults| panic!("{}", listed(&faults)))
}

/// The faults, one a line.
fn listed(faults: &[Fault]) -> String {
    let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
    lines.join("\n")
}
