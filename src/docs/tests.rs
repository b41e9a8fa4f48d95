//! The content as a whole, each kind of fault, and what readers get.

use super::*;

fn setting() -> Setting {
    Setting {
        portal_url: "https://portal.test".to_owned(),
        api_url: "https://api.test".to_owned(),
        assets: Assets::default(),
        render: |_, page| format!("{page:?}"),
    }
}

#[test]
fn the_content_has_no_fault() {
    if let Err(faults) = Docs::load(&Source::embedded(), setting()) {
        let lines: Vec<String> = faults.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"));
    }
}
