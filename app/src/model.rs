//! The plain data that pages draw. Nothing here knows how it looks or where it comes from.

pub mod board;
pub mod builder;
pub mod chart;
pub mod checklist;
pub mod docs;
pub mod faults;
pub mod logs;
pub mod people;
pub mod rehearsal;
pub mod sandbox;
pub mod timeline;
pub mod webhooks;

use serde::{Deserialize, Serialize};

pub use builder::{Bench, BuilderPage, Foreign, OperationLink, Outcome, PastCall, REMEMBERED, Suggestion};
pub use chart::Chart;
pub use checklist::{ChecklistItem, ChecklistPage, Evidence, ItemState};
pub use docs::{
    Action, Admonition, AdmonitionKind, Answer, Block, Cell, Code, DocPage, FieldList, Heading, NavGroup,
    NavItem, NavTree, OperationBlock, PageLink, ProblemBlock, ProblemLink, Provocation, Provoked, Step, Tab,
    Table, TrackLink,
};
pub use faults::{FaultPanel, WaitingFault};
pub use logs::{LastCalls, LogFilter, LoggedCall, LogsPage};
pub use people::{JoinPage, PasswordPage, SignInPage, WorkspacePage};
pub use rehearsal::{Failure, RehearsalPage, RehearsedCall};
pub use sandbox::{HomePage, LiveCall, SandboxPage, SandboxView};
pub use timeline::{Timeline, TimelinePage};

/// Addresses of the browser's files, as the asset manifest gives them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assets {
    /// `main.css`.
    pub stylesheet: String,
    /// `page.js`: copy buttons and keys, on every page.
    pub page_js: String,
    /// `key.js`: makes a key pair, only on the page that shows how.
    pub key_js: String,
    /// `live.js`: keeps a part of a page up to date, only on pages that have such a part.
    pub live_js: String,
    /// `islands.js`: starts the islands, only on pages that have some.
    pub islands_js: String,
    /// `web.js`: the bundle's bindings.
    pub wasm_js: String,
    /// `web_bg.wasm`: the bundle.
    pub wasm: String,
    /// The fonts of titles, text and code, preloaded.
    pub fonts: [String; 3],
    /// `favicon.svg` as a `data:` address: it is smaller than a request for it.
    pub favicon: String,
}

/// The reader's choice of colours, kept in the cookie `theme`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Theme {
    /// As the reader's system has it.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// Every choice, in the order of the switch.
    pub const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The value in the cookie, in the form and on `<html data-theme>`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of this text; `System` for anything unknown.
    pub fn from_text(text: &str) -> Self {
        match text {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }
}

/// What stands around every page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// Where the browser's files are.
    pub assets: Assets,
    /// The reader's colours. Nothing else in the frame depends on the reader, so a docs page has three renderings.
    pub theme: Theme,
    /// The portal's own URL without a trailing slash, for canonical links.
    pub portal_url: String,
    /// The path of this page, with its query if it has one; the theme switch returns to it.
    pub path: String,
}

/// A point in time, ready to be read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Moment {
    /// RFC 3339, UTC.
    pub iso: String,
    /// `23 May 2026`.
    pub date: String,
    /// `16:42:11`, UTC.
    pub time: String,
}

impl Moment {
    /// The moment of an RFC 3339 timestamp in UTC (`2026-05-23T16:42:11.250Z`); a text of another shape shows as it is.
    pub fn from_rfc3339(text: &str) -> Self {
        const MONTHS: [&str; 12] = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ];
        let month = text
            .get(5..7)
            .and_then(|month| month.parse::<usize>().ok())
            .and_then(|month| MONTHS.get(month.wrapping_sub(1)));
        let date = match (text.get(..4), month, text.get(8..10)) {
            (Some(year), Some(month), Some(day)) => format!("{} {month} {year}", day.trim_start_matches('0')),
            _ => text.to_owned(),
        };
        Self {
            iso: text.to_owned(),
            date,
            time: text.get(11..19).unwrap_or_default().to_owned(),
        }
    }
}

/// A page that has nothing else to show: not found, refused, broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorPage {
    /// The HTTP status.
    pub status: u16,
    /// What happened, in a few words.
    pub title: String,
    /// Why.
    pub why: String,
    /// The one thing to do: label and address.
    pub action: (String, String),
    /// The request id, where it helps to find the log line.
    pub request_id: Option<String>,
}

impl ErrorPage {
    /// No page stands at `path`.
    pub fn not_found(path: &str) -> Self {
        Self {
            status: 404,
            title: "No page here".to_owned(),
            why: format!(
                "Nothing is published at {path}. The page may have moved, or the link has a typing error."
            ),
            action: ("Open the docs".to_owned(), crate::link::DOCS.to_owned()),
            request_id: None,
        }
    }
}

/// One hit of a search.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchHit {
    /// The page or heading.
    pub title: String,
    /// Where it is.
    pub href: String,
    /// The page or group it belongs to.
    pub trail: String,
    /// A line of text around the match, safe HTML; matches in `<mark>`.
    pub excerpt_html: String,
}

/// The search page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchPage {
    /// What was looked for; empty before the first search.
    pub query: String,
    /// What was found, best first.
    pub hits: Vec<SearchHit>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timestamp_reads_as_a_date_and_a_time() {
        let moment = Moment::from_rfc3339("2026-05-03T16:42:11.250Z");
        assert_eq!(
            (moment.date.as_str(), moment.time.as_str()),
            ("3 May 2026", "16:42:11")
        );
    }

    #[test]
    fn a_text_of_another_shape_shows_as_it_is() {
        assert_eq!(Moment::from_rfc3339("today").date, "today");
        assert_eq!(Moment::from_rfc3339("2026-13-03T").date, "2026-13-03T");
    }
}
