//! Lists of all pages for machines: `/sitemap.xml`, `/llms.txt`, `/robots.txt`.

use super::{Setting, slots::escape};
use app::{link, model::DocPage};
use std::fmt::Write as _;

/// The lists.
#[derive(Clone, Debug)]
pub(super) struct Lists {
    pub(super) sitemap: String,
    pub(super) llms: String,
    pub(super) robots: String,
}

impl Lists {
    /// The lists of these pages, which come in reading order.
    pub(super) fn new(pages: &[DocPage], setting: &Setting) -> Self {
        Self {
            sitemap: sitemap(pages, setting),
            llms: llms(pages, setting),
            robots: robots(setting),
        }
    }
}

fn sitemap(pages: &[DocPage], setting: &Setting) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    text.push_str("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    let docs = pages.iter().map(|page| page.path.as_str());
    for path in [link::HOME, link::BUILDER].into_iter().chain(docs) {
        let url = escape(&format!("{}{path}", setting.portal_url));
        let _ = writeln!(text, "  <url><loc>{url}</loc></url>");
    }
    text.push_str("</urlset>\n");
    text
}

fn llms(pages: &[DocPage], setting: &Setting) -> String {
    let mut text = format!(
        "# Aleta API\n\n\
         > Wealth data by API: clients, legal and reporting entities, accounts, custodians and consents. This portal \
         has the docs, a request builder and a sandbox that answers real requests.\n\n\
         Every page is Markdown under its address with `.md`. The API is described in OpenAPI 3.1 at \
         {}/v1/openapi.json.\n",
        setting.api_url
    );
    let mut group = "";
    for page in pages {
        if page.eyebrow != group {
            group = &page.eyebrow;
            let _ = writeln!(text, "\n## {group}\n");
        }
        let url = format!("{}{}", setting.portal_url, page.markdown_url);
        let _ = writeln!(text, "- [{}]({url}): {}", page.title, page.summary);
    }
    text
}

fn robots(setting: &Setting) -> String {
    let closed = [
        link::SANDBOX,
        link::CHECKLIST,
        link::LOGS,
        link::TIMELINE,
        link::WEBHOOKS,
        link::WORKSPACE,
        link::SIGN_IN,
        link::JOIN,
        link::PASSWORD,
        link::BOARD,
        link::SEARCH,
    ]
    .join("\nDisallow: ");
    format!(
        "User-agent: *\nDisallow: {closed}\n\nSitemap: {}/sitemap.xml\n",
        setting.portal_url
    )
}
