//! `SUMMARY.md`: the navigation, as a list of pages under titles.

use super::{
    Fault,
    source::{Draft, SUMMARY, Source, url_of},
};
use std::collections::BTreeMap;

/// A titled group of pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// Its title.
    pub(super) title: String,
    /// Its pages.
    pub(super) entries: Vec<Entry>,
}

/// A page in the navigation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// What it is called there, which may be shorter than its title.
    pub(super) title: String,
    /// Its path on the portal.
    pub(super) url: String,
}

/// The groups in order. Every page stands in exactly one of them.
pub(super) fn read(source: &Source, drafts: &[Draft], faults: &mut Vec<Fault>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut listed: BTreeMap<String, usize> = BTreeMap::new();
    let text = source.get(SUMMARY).unwrap_or_default();
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        if let Some(title) = line.strip_prefix("# ") {
            groups.push(Group {
                title: title.trim().to_owned(),
                entries: Vec::new(),
            });
        } else if let Some((title, file)) = entry(line) {
            if source.get(file).is_none() {
                faults.push(Fault::new(SUMMARY, number, format!("there is no {file}")));
            }
            if let Some(first) = listed.insert(file.to_owned(), number) {
                let detail = format!("{file} is listed twice, first on line {first}");
                faults.push(Fault::new(SUMMARY, number, detail));
            }
            match groups.last_mut() {
                Some(group) => group.entries.push(Entry {
                    title: title.to_owned(),
                    url: url_of(file),
                }),
                None => faults.push(Fault::new(
                    SUMMARY,
                    number,
                    "a page stands before the first title",
                )),
            }
        } else if !line.trim().is_empty() {
            let detail = format!("neither `# Title` nor `- [Page](file.md)`: {line}");
            faults.push(Fault::new(SUMMARY, number, detail));
        }
    }
    for draft in drafts.iter().filter(|draft| !listed.contains_key(&draft.file)) {
        faults.push(Fault::new(
            &draft.file,
            1,
            format!("the page is missing from {SUMMARY}"),
        ));
    }
    groups
}

/// Title and file of `- [Title](file.md)`.
fn entry(line: &str) -> Option<(&str, &str)> {
    let (title, file) = line.trim().strip_prefix("- [")?.split_once("](")?;
    Some((title, file.strip_suffix(')')?))
}
