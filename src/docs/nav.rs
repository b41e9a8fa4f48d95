//! The navigation around each page: groups, the switch between tracks, the page before and after.

use super::{compose::Composed, summary::Group};
use app::model::{DocPage, NavGroup, NavItem, NavTree, PageLink, TrackLink};
use std::collections::BTreeMap;

const V1: &str = "/reference/v1";
const V2: &str = "/reference/v2";

/// The pages in reading order, each with everything around it.
pub(super) fn arrange(composed: Vec<Composed>, groups: &[Group]) -> Vec<DocPage> {
    let mut composed: BTreeMap<String, Composed> = composed
        .into_iter()
        .map(|page| (page.url.clone(), page))
        .collect();
    let titles: BTreeMap<String, String> = composed
        .values()
        .map(|page| (page.url.clone(), page.title.clone()))
        .collect();
    let mut pages = Vec::new();
    for group in groups {
        for entry in &group.entries {
            if let Some(page) = composed.remove(&entry.url) {
                pages.push(page_of(page, &group.title, groups, &titles));
            }
        }
    }
    let links: Vec<PageLink> = pages.iter().map(link_to).collect();
    for (index, page) in pages.iter_mut().enumerate() {
        page.prev = index.checked_sub(1).and_then(|before| links.get(before)).cloned();
        page.next = links.get(index + 1).cloned();
    }
    pages
}

fn link_to(page: &DocPage) -> PageLink {
    PageLink {
        title: page.title.clone(),
        href: page.path.clone(),
    }
}

fn page_of(page: Composed, group: &str, groups: &[Group], titles: &BTreeMap<String, String>) -> DocPage {
    let track = track_of(&page.url);
    let replaced = page.url.strip_prefix(V2).map(|rest| format!("{V1}{rest}"));
    let successor = replaced.and_then(|href| {
        let title = titles.get(&href)?.clone();
        Some(PageLink { title, href })
    });
    DocPage {
        nav: NavTree {
            tracks: tracks(&page.url, titles),
            groups: groups
                .iter()
                .filter(|group| shown(group, track))
                .map(nav_group)
                .collect(),
        },
        track: track.to_owned(),
        eyebrow: group.to_owned(),
        successor,
        markdown_url: format!("{}.md", page.url),
        path: page.url,
        title: page.title,
        summary: page.summary,
        toc: page.toc,
        blocks: page.blocks,
        prev: None,
        next: None,
    }
}

fn track_of(url: &str) -> &'static str {
    match (url.starts_with(V1), url.starts_with(V2)) {
        (true, _) => "v1",
        (_, true) => "v2",
        _ => "",
    }
}

/// A reader on one track is not shown the other's reference.
fn shown(group: &Group, track: &str) -> bool {
    let other = if track == "v2" { "v1" } else { "v2" };
    !group.entries.iter().all(|entry| track_of(&entry.url) == other)
}

fn nav_group(group: &Group) -> NavGroup {
    let items = group.entries.iter().map(|entry| NavItem {
        title: entry.title.clone(),
        href: entry.url.clone(),
    });
    NavGroup {
        title: group.title.clone(),
        items: items.collect(),
    }
}

/// The switch leads to the same resource on the other track, or to its overview.
fn tracks(url: &str, titles: &BTreeMap<String, String>) -> Vec<TrackLink> {
    let rest = url
        .strip_prefix(V1)
        .or_else(|| url.strip_prefix(V2))
        .unwrap_or_default();
    let track = track_of(url);
    let tracks = [("v1", "current", V1), ("v2", "legacy", V2)];
    let links = tracks
        .into_iter()
        .filter(|(_, _, root)| titles.contains_key(*root));
    links
        .map(|(label, note, root)| {
            let same = format!("{root}{rest}");
            TrackLink {
                label: label.to_owned(),
                note: note.to_owned(),
                href: if titles.contains_key(&same) {
                    same
                } else {
                    root.to_owned()
                },
                current: label == track || (track.is_empty() && label == "v1"),
            }
        })
        .collect()
}
