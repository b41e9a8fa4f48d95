//! What readers get: bytes, tags, their own values, Markdown, lists, hits.

use super::*;
use crate::assets::encoding::Encoding;
use app::model::Theme;
use std::io::Read as _;

fn reader() -> Slots {
    Slots {
        client_id: Some("client_<b>&\"'".to_owned()),
        sandbox_id: Some("sbx_01k2j8x4m6v0q3r5t7w9y1z2a3".to_owned()),
    }
}

fn decoded(body: &Body) -> Vec<u8> {
    let mut plain = Vec::new();
    match body.encoding {
        Encoding::Brotli => {
            let mut reader = brotli::Decompressor::new(&body.bytes[..], 4096);
            reader.read_to_end(&mut plain).unwrap();
        }
        Encoding::Gzip => {
            flate2::read::GzDecoder::new(&body.bytes[..])
                .read_to_end(&mut plain)
                .unwrap();
        }
        Encoding::Identity => plain.extend_from_slice(&body.bytes),
    }
    plain
}

#[test]
fn every_encoding_holds_the_same_page_under_its_own_tag() {
    let docs = docs();
    let page = docs.page("/quickstart").unwrap();
    let plain = page.body(Theme::System, Encoding::Identity).clone();
    let mut tags = vec![plain.etag.clone()];
    let quick = [Encoding::Brotli, Encoding::Gzip].map(|encoding| page.body(Theme::System, encoding).clone());
    page.warm();
    let small = [Encoding::Brotli, Encoding::Gzip].map(|encoding| page.body(Theme::System, encoding).clone());
    for body in quick.iter().chain(&small) {
        assert_eq!(decoded(body), plain.bytes);
        assert!(!tags.contains(&body.etag), "{}", body.etag);
        tags.push(body.etag.clone());
    }
    for (quick, small) in quick.iter().zip(&small) {
        assert!(small.bytes.len() < quick.bytes.len());
    }
}

#[test]
fn each_theme_is_drawn_for_itself() {
    let docs = docs();
    let page = docs.page("/errors").unwrap();
    let tags = Theme::ALL.map(|theme| page.body(theme, Encoding::Identity).etag.clone());
    assert!(tags[0] != tags[1] && tags[1] != tags[2] && tags[0] != tags[2]);
}

#[test]
fn no_reader_ever_sees_a_slot_or_a_secret() {
    let docs = docs();
    for path in docs.paths() {
        let page = docs.page(path).unwrap();
        let anonymous = page.body(Theme::System, Encoding::Identity);
        let anonymous = String::from_utf8(anonymous.bytes.to_vec()).unwrap();
        let personal = page.personal(Theme::System, &reader()).map(|page| page.html);
        let markdown = page.markdown().fill(&reader());
        for text in [Some(anonymous), personal, Some(markdown)].into_iter().flatten() {
            assert!(!text.contains(['⟦', '⟧']), "{path}");
            let secrets = text.matches("client_secret").count();
            let placeholders = text.matches("your_client_secret").count();
            let names = text.matches("client_secret=").count()
                + text.matches("client_secret&quot;:").count()
                + text.matches("\"client_secret\":").count();
            assert!(placeholders + names <= secrets, "{path}");
        }
    }
}

#[test]
fn a_reader_finds_their_own_client_id_escaped() {
    let docs = docs();
    let page = docs.page("/quickstart").unwrap();
    let personal = page.personal(Theme::System, &reader()).unwrap();
    assert!(personal.html.contains("client_&lt;b&gt;&amp;&quot;&#39;"));
    assert!(!personal.html.contains("your_client_id"));
    assert!(personal.html.contains("your_client_secret"));
    assert_ne!(personal.etag, page.body(Theme::System, Encoding::Identity).etag);
}

#[test]
fn a_page_without_slots_is_the_same_for_everyone() {
    let docs = docs();
    assert!(
        docs.page("/errors")
            .unwrap()
            .personal(Theme::Dark, &reader())
            .is_none()
    );
}

#[test]
fn a_page_as_markdown() {
    let text = docs()
        .markdown("/reference/v1/custodians")
        .unwrap()
        .fill(&Slots::default());
    insta::assert_snapshot!(text);
}

#[test]
fn the_lists_name_every_page() {
    let docs = docs();
    for path in docs.paths() {
        assert!(
            docs.sitemap()
                .contains(&format!("<loc>https://portal.test{path}</loc>")),
            "{path}"
        );
        assert!(
            docs.llms().contains(&format!("(https://portal.test{path}.md): ")),
            "{path}"
        );
    }
    assert!(
        docs.robots()
            .ends_with("Sitemap: https://portal.test/sitemap.xml\n")
    );
}

#[test]
fn search_puts_the_thing_itself_first() {
    let docs = docs();
    let first = |query: &str| docs.search(query, 5).first().map(|hit| hit.href.clone());
    assert_eq!(first("quickstart").as_deref(), Some("/quickstart"));
    assert_eq!(
        first("reference_currency").as_deref(),
        Some("/reference/v1/clients#client.reference_currency")
    );
    assert_eq!(first("Cursor expired").as_deref(), Some("/errors#cursor-expired"));
    assert_eq!(
        first("revokes an authority").as_deref(),
        Some("/reference/v1/authorities#authorities.revoke")
    );
    let limits = docs.search("limit", 30);
    let inputs = limits.iter().filter(|hit| hit.href.ends_with(".query.limit"));
    assert!(inputs.count() > 5, "{limits:?}");
    assert!(docs.search("", 5).is_empty());
    assert!(docs.search("zzzz", 5).is_empty());
}

#[test]
fn every_hit_leads_to_a_place_that_is_on_its_page() {
    let docs = docs();
    for query in [
        "id",
        "status",
        "currency",
        "refused",
        "expires_at",
        "clients",
        "409",
    ] {
        for hit in docs.search(query, 40) {
            let (path, anchor) = hit.href.split_once('#').unwrap_or((&hit.href, ""));
            let page = docs.page(path).unwrap();
            let html = page.body(Theme::System, Encoding::Identity);
            let html = String::from_utf8(html.bytes.to_vec()).unwrap();
            assert!(
                anchor.is_empty() || html.contains(&format!("id=\"{anchor}\"")),
                "{}",
                hit.href
            );
        }
    }
}

#[test]
fn a_hit_marks_what_matched_and_escapes_the_rest() {
    let docs = docs();
    let hits = docs.search("merge patch", 20);
    assert!(
        hits.iter()
            .any(|hit| hit.excerpt_html.contains("<mark>merge</mark> <mark>patch</mark>")),
        "{hits:?}"
    );
}
