//! The docs: `content/` and the contract made into pages, checked as a whole and kept in memory.
//!
//! ```text
//! source → front matter, summary → compose (Markdown and directives → blocks) → check links → cached pages
//! ```
//!
//! To add a page: write `content/path/to/page.md` with `title` and `summary` in its front matter, and list it in
//! `content/SUMMARY.md`. On a line of its own, `{{operation id}}` draws an operation, `{{fields id}}` the members of
//! its answer (`{{fields id body}}` of its request), `{{endpoints Group, Group}}` an index, `{{problems}}`, `{{scopes}}` and
//! `{{lifecycle authority}}` what their names say; between `{{steps}}` and `{{end steps}}` each heading is a step. A code
//! block `chart NAME` draws its figures, which a test takes from the demo ledger.

mod anchor;
mod cached;
mod compose;
mod directive;
mod fault;
mod front;
mod highlight;
mod inline;
mod layout;
mod listing;
mod nav;
mod places;
mod plain;
mod provoke;
mod reference;
mod search;
mod slots;
mod source;
mod summary;

#[cfg(test)]
mod tests;

use app::model::{Assets, DocPage, Frame, SearchHit};
use compose::Composed;
use contract::Contract;
use places::Places;
use std::{collections::BTreeMap, sync::Arc};

pub use cached::{Body, CachedPage, Personal};
pub use fault::Fault;
pub use slots::{Slots, Template};
pub use source::Source;

/// What the pages are made with, besides their text.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The portal's own URL, without a trailing slash.
    pub portal_url: String,
    /// The API's URL, without a trailing slash.
    pub api_url: String,
    /// Where the browser's files are.
    pub assets: Assets,
    /// What is documented.
    pub contract: &'static Contract,
    /// Draws a page.
    pub render: fn(&Frame, &DocPage) -> String,
}

/// Every page of the docs, ready to be served.
#[derive(Debug)]
pub struct Docs {
    pages: BTreeMap<String, CachedPage>,
    order: Vec<String>,
    operations: BTreeMap<String, String>,
    search: search::Index,
    lists: listing::Lists,
}

impl Docs {
    /// Reads, checks and composes every page. Nothing is drawn yet: a page is drawn when it is first asked for, or by
    /// [`Docs::warm`].
    ///
    /// # Errors
    ///
    /// Every fault of the content, sorted by file and line.
    pub fn load(source: &Source, setting: Setting) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let constants = slots::constants(&setting);
        let drafts = source::drafts(source, &constants, setting.contract, &mut faults);
        let groups = summary::read(source, &drafts, &mut faults);
        let places = places::find(&drafts, setting.contract, &mut faults);
        let composed: Vec<Composed> = drafts
            .iter()
            .map(|draft| compose::compose(draft, &places, &setting, &mut faults))
            .collect();
        places::check_links(&composed, setting.contract, &mut faults);
        if faults.is_empty() {
            let texts = plain::texts(&drafts, &places, &setting);
            Ok(Self::assemble(
                nav::arrange(composed, &groups),
                texts,
                &places,
                setting,
            ))
        } else {
            faults.sort();
            faults.dedup();
            Err(faults)
        }
    }

    fn assemble(
        pages: Vec<DocPage>,
        mut texts: BTreeMap<String, Template>,
        places: &Places,
        setting: Setting,
    ) -> Self {
        let search = search::Index::new(&pages);
        let lists = listing::Lists::new(&pages, &setting);
        let order = pages.iter().map(|page| page.path.clone()).collect();
        let setting = Arc::new(setting);
        let cached = pages.into_iter().map(|page| {
            let text = texts.remove(&page.path).unwrap_or_default();
            (
                page.path.clone(),
                CachedPage::new(page, text, Arc::clone(&setting)),
            )
        });
        Self {
            pages: cached.collect(),
            order,
            operations: places.operations(),
            search,
            lists,
        }
    }

    /// The page at this path (`/quickstart`).
    pub fn page(&self, path: &str) -> Option<&CachedPage> {
        self.pages.get(path)
    }

    /// The page at this path as Markdown, directives written out.
    pub fn markdown(&self, path: &str) -> Option<&Template> {
        self.pages.get(path).map(CachedPage::markdown)
    }

    /// The paths of all pages, in reading order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.order.iter().map(String::as_str)
    }

    /// Where an operation is documented (`/reference/v1/clients#clients.list`).
    pub fn operation_url(&self, id: &str) -> Option<&str> {
        self.operations.get(id).map(String::as_str)
    }

    /// What matches every word of `query`, best first, at most `most` hits.
    pub fn search(&self, query: &str, most: usize) -> Vec<SearchHit> {
        self.search.find(query, most)
    }

    /// `/sitemap.xml`.
    pub fn sitemap(&self) -> &str {
        &self.lists.sitemap
    }

    /// `/llms.txt`: what there is to read, for machines.
    pub fn llms(&self) -> &str {
        &self.lists.llms
    }

    /// `/robots.txt`.
    pub fn robots(&self) -> &str {
        &self.lists.robots
    }

    /// Draws every page and compresses it as small as it gets. It takes seconds: run it on a thread of its own once the
    /// server answers. Until a page's turn comes it is compressed quickly instead.
    pub fn warm(&self) {
        for path in &self.order {
            if let Some(page) = self.pages.get(path) {
                page.warm();
            }
        }
    }
}
