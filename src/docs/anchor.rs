//! The anchors of a page: where a link can point to, each only once.

use std::collections::BTreeSet;

/// The anchors that are taken.
#[derive(Clone, Debug, Default)]
pub(super) struct Anchors(BTreeSet<String>);

impl Anchors {
    /// `wanted`, or if that is taken the first free one of `wanted-1`, `wanted-2`, …
    pub(super) fn claim(&mut self, wanted: &str) -> String {
        let mut anchor = wanted.to_owned();
        let mut count = 0;
        while !self.0.insert(anchor.clone()) {
            count += 1;
            anchor = format!("{wanted}-{count}");
        }
        anchor
    }

    /// Whether a link can point here.
    pub(super) fn contains(&self, anchor: &str) -> bool {
        self.0.contains(anchor)
    }
}

/// `What changed from v2 / v3` as `what-changed-from-v2-v3`.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for character in text.chars().flat_map(char::to_lowercase) {
        if character.is_alphanumeric() {
            slug.push(character);
        } else if !slug.ends_with('-') && !slug.is_empty() && character != '\'' && character != '’' {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}
