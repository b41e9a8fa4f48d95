//! A docs page as data: the docs engine makes it from `content/` and the contract, the parts draw it.
//!
//! Fields that end in `html` hold safe HTML made by the docs engine. Any text may hold reader-specific slots, written
//! `⟦client_id⟧`; they pass through rendering untouched and the server fills them in per reader.

use super::Chart;
use contract::form::{Form, Input};
use serde::{Deserialize, Serialize};

/// One page of the docs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocPage {
    /// Its address on the portal: `/quickstart`.
    pub path: String,
    /// Its title.
    pub title: String,
    /// The one-sentence answer under the title; also the meta description. Plain text.
    pub summary: String,
    /// The small line above the title: its group in the navigation.
    pub eyebrow: String,
    /// The whole navigation; the item whose `href` equals `path` is the current one.
    pub nav: NavTree,
    /// `v1`, `v2`, or empty on a page that belongs to no track.
    pub track: String,
    /// A notice that the page is about a legacy track, with the page that replaces it.
    pub successor: Option<PageLink>,
    /// Headings of level 2 and 3, operations included.
    pub toc: Vec<Heading>,
    /// The content.
    pub blocks: Vec<Block>,
    /// The page before, in reading order.
    pub prev: Option<PageLink>,
    /// The page after.
    pub next: Option<PageLink>,
    /// The same page as Markdown.
    pub markdown_url: String,
}

/// The navigation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NavTree {
    /// The switch between tracks; empty hides it.
    pub tracks: Vec<TrackLink>,
    /// Groups of pages, in order.
    pub groups: Vec<NavGroup>,
}

/// One track in the switch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrackLink {
    /// `v1`.
    pub label: String,
    /// `current`, `legacy`.
    pub note: String,
    /// The first page of the track.
    pub href: String,
    /// Whether the reader is in it.
    pub current: bool,
}

/// A titled group of pages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NavGroup {
    /// Its title.
    pub title: String,
    /// Its pages.
    pub items: Vec<NavItem>,
}

/// A page in the navigation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NavItem {
    /// Its title.
    pub title: String,
    /// Its address.
    pub href: String,
}

/// A link to a page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageLink {
    /// The page's title.
    pub title: String,
    /// Its address.
    pub href: String,
}

/// A heading in the table of contents.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// 2 or 3.
    pub level: u8,
    /// Its anchor.
    pub id: String,
    /// Its text.
    pub text: String,
    /// The method, where the heading is an operation's.
    pub method: Option<String>,
}

/// A piece of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Block {
    /// A heading of level 2 to 4.
    Heading {
        /// 2 to 4.
        level: u8,
        /// Its anchor.
        id: String,
        /// Its text.
        html: String,
    },
    /// Paragraphs, lists, quotations: anything that needs no part of its own.
    Html(String),
    /// A code sample.
    Code(Code),
    /// Code samples of which one is shown.
    Tabs(Vec<Tab>),
    /// A remark beside the text.
    Admonition(Admonition),
    /// A property list, one anchor per field.
    Fields(FieldList),
    /// The block of an operation.
    Operation(Box<OperationBlock>),
    /// Problems with cause, remedy, and the button that produces them.
    Problems(Vec<ProblemBlock>),
    /// Something that the reader can do right here.
    Action(Action),
    /// A key pair that the reader's browser makes.
    BrowserKey,
    /// The state machine of a custodian authority, drawn.
    Lifecycle,
    /// A table.
    Table(Table),
    /// Figures over days, drawn.
    Chart(Chart),
    /// Numbered steps.
    Steps(Vec<Step>),
    /// Prose with something in the rail beside it (under it on a phone).
    Row {
        /// In the column of prose.
        blocks: Vec<Block>,
        /// In the rail.
        rail: Vec<Block>,
    },
}

/// What a reader can do on a page of the docs. Each is a form that works without a script.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Action {
    /// Create a sandbox.
    CreateSandbox,
    /// Exchange the client secret, which the reader pastes, for a token.
    ExchangeSecret,
    /// Send a request from the builder.
    Send(Provocation),
}

/// A code sample.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// The language: `shell`, `json`, `http`, `text`, …
    pub lang: String,
    /// What stands above it: a file name, a request line; empty for none.
    pub title: String,
    /// The text, for copying.
    pub text: String,
    /// The same text, escaped, with highlighting spans (classes `hl-…`, never a style attribute). Empty until the page
    /// is drawn.
    pub html: String,
}

/// One of several code samples.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tab {
    /// Its label: `curl`.
    pub label: String,
    /// The sample.
    pub code: Code,
}

/// How urgent a remark is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum AdmonitionKind {
    /// Good to know.
    #[default]
    Note,
    /// Makes work easier.
    Tip,
    /// Goes wrong easily.
    Warning,
    /// Loses data or leaks a secret.
    Danger,
}

/// A remark beside the text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Admonition {
    /// How urgent it is.
    pub kind: AdmonitionKind,
    /// Its title; empty takes the kind's own word.
    pub title: String,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// A property list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldList {
    /// Prefix of the fields' anchors: `client` makes `#client.parent_id`.
    pub anchor: String,
    /// A caption; empty for none.
    pub title: String,
    /// The fields.
    pub fields: Vec<Input>,
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// The head.
    pub head: Vec<Cell>,
    /// The rows; each as long as the head.
    pub rows: Vec<Vec<Cell>>,
}

/// A cell of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    /// What it says.
    pub html: String,
    /// Whether it holds figures, which stand right.
    pub figures: bool,
}

/// A numbered step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Its anchor.
    pub id: String,
    /// What the reader does.
    pub title: String,
    /// How.
    pub blocks: Vec<Block>,
    /// Samples in the rail beside it.
    pub rail: Vec<Block>,
}

/// An operation in the reference. Its anchor is the operation's id; its inputs' anchors are
/// `{operation}.{place}.{name}`: `#clients.list.query.limit`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperationBlock {
    /// Method, path, inputs, example.
    pub form: Form,
    /// What it does, beyond the summary.
    pub description_html: String,
    /// The scopes a token needs.
    pub scopes: Vec<String>,
    /// The answers of success, with their fields.
    pub answers: Vec<Answer>,
    /// What can go wrong.
    pub problems: Vec<ProblemLink>,
    /// The request in one or more languages; curl comes first.
    pub samples: Vec<Tab>,
    /// The example answer.
    pub response: Option<Code>,
    /// The operation that replaces it, on a legacy track.
    pub successor: Option<PageLink>,
}

/// An answer of an operation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// What it means: `OK`, `Created`.
    pub title: String,
    /// The members of the answer; empty where a link to the object's fields says it all.
    pub fields: Vec<Input>,
    /// Where the members are listed, if not here.
    pub see: Option<PageLink>,
}

/// A problem that an operation can answer with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemLink {
    /// The status.
    pub status: u16,
    /// The slug.
    pub slug: String,
    /// The title.
    pub title: String,
    /// Where it is explained.
    pub href: String,
}

/// A problem, explained. Its anchor is the slug.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProblemBlock {
    /// The last part of its `type` URL.
    pub slug: String,
    /// The status.
    pub status: u16,
    /// The title.
    pub title: String,
    /// When it happens.
    pub cause_html: String,
    /// What the caller can do.
    pub remedy_html: String,
    /// How a reader can see it happen.
    pub provoke: Provoked,
}

/// How a reader can see a problem happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Provoked {
    /// By a request that the builder can send, and that the reader can then change.
    Builder(Provocation),
    /// By a rehearsal: calls that no form of the builder makes. What it does to the sandbox, as safe HTML.
    Rehearsal(String),
}

/// A request of the builder: the button posts these fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provocation {
    /// The operation to call.
    pub operation: String,
    /// Builder fields, as its form names them (`query.limit`, `header.if-match`, `body`).
    pub fields: Vec<(String, String)>,
}
