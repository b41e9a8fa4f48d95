//! Every page that can be reached, and every link on it.

use super::browser::Browser;
use crate::harness::Portal;
use std::collections::{BTreeMap, BTreeSet};

/// The values of an attribute on a page.
fn values<'a>(page: &'a str, attribute: &str) -> Vec<&'a str> {
    page.split(&format!(" {attribute}=\""))
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

/// The pages of the portal that links lead to, by path with query.
async fn crawl(visitor: &Browser) -> BTreeMap<String, String> {
    let mut pages = BTreeMap::new();
    let mut open = vec![
        "/".to_owned(),
        "/errors".to_owned(),
        "/search?q=client".to_owned(),
    ];
    while let Some(path) = open.pop() {
        if pages.contains_key(&path) {
            continue;
        }
        let page = visitor.get(&path).await;
        assert!(matches!(page.status, 200 | 308), "{path} answers {}", page.status);
        let is_html = page
            .header("content-type")
            .is_some_and(|kind| kind.contains("html"));
        for href in values(&page.text, "href") {
            let target = href.replace("&amp;", "&");
            let target = target.split('#').next().unwrap_or_default();
            // Not to another site, nor within the page, nor to a file that no build has put there yet.
            let missing = target.starts_with("/assets/") && !is_built();
            if is_html && !missing && target.starts_with('/') {
                open.push(target.to_owned());
            }
        }
        pages.insert(path, page.text);
    }
    pages
}

/// Whether the browser's files were built: they then have a hash in their name.
fn is_built() -> bool {
    portal::assets::url("main.css") != "/assets/main.css"
}

#[tokio::test]
async fn every_link_leads_somewhere() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    visitor.create_sandbox().await;
    let pages = crawl(&visitor).await;
    assert!(pages.len() > 30, "{} pages", pages.len());
    let mut lost = BTreeSet::new();
    for (path, page) in &pages {
        for href in values(page, "href") {
            let href = href.replace("&amp;", "&");
            let Some((target, anchor)) = href.split_once('#') else {
                continue;
            };
            let target = if target.is_empty() { path } else { target };
            let Some(page) = pages.get(target) else { continue };
            if !anchor.is_empty() && !page.contains(&format!("id=\"{anchor}\"")) {
                lost.insert(format!("{path} → {href}"));
            }
        }
    }
    assert!(lost.is_empty(), "anchors that are nowhere: {lost:#?}");
}

#[tokio::test]
async fn no_page_asks_another_site_for_anything_or_holds_a_script() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    let pages = crawl(&visitor).await;
    for (path, page) in pages
        .iter()
        .filter(|(_, page)| page.starts_with("<!DOCTYPE html>"))
    {
        for source in values(page, "src") {
            assert!(
                source.starts_with('/') || source.starts_with("data:"),
                "{path}: {source}"
            );
        }
        assert!(
            !page.contains(" style=\""),
            "{path}: a style that the policy stops"
        );
        for script in page.split("<script").skip(1) {
            let (tag, body) = script.split_once('>').expect("a tag");
            assert!(
                tag.contains("src=") && body.starts_with("</script>"),
                "{path}: an inline script"
            );
        }
        let handler = page
            .split('<')
            .any(|tag| tag.contains(" onclick=") || tag.contains(" onsubmit="));
        assert!(!handler, "{path}: an inline handler");
    }
}
