//! Slots: words in the text, written `⟦client_id⟧`, that stand for a value.
//!
//! Most are the same for every reader and are filled in when a page is read. Two belong to the reader; a drawn page is
//! cut at them once, so that filling them in is copying. A client secret is never one of them: it is shown once, by
//! another page, and is a placeholder here.

use super::{Fault, Setting};
use app::model::SearchHit;
use contract::demo;

const OPEN: char = '⟦';
const CLOSE: char = '⟧';

/// What stands in a sample where a reader has no sandbox yet.
const NO_CLIENT: &str = "your_client_id";
const NO_SANDBOX: &str = "your_sandbox_id";
/// What stands for a secret, whoever reads.
const SECRET: &str = "your_client_secret";

/// The slots that are the same for every reader.
pub(super) fn constants(setting: &Setting) -> Vec<(&'static str, String)> {
    let demo = [
        ("client", demo::CLIENT),
        ("child_client", demo::CHILD_CLIENT),
        ("other_client", demo::OTHER_CLIENT),
        ("legal_entity", demo::LEGAL_ENTITY),
        ("child_legal_entity", demo::CHILD_LEGAL_ENTITY),
        ("account", demo::ACCOUNT),
        ("depository", demo::DEPOSITORY),
        ("reporting_entity", demo::REPORTING_ENTITY),
        ("child_reporting_entity", demo::CHILD_REPORTING_ENTITY),
        ("portfolio", demo::PORTFOLIO),
        ("own_instrument", demo::OWN_INSTRUMENT),
        ("authority", demo::AUTHORITY),
        ("pending_authority", demo::PENDING_AUTHORITY),
        ("custodian", demo::CUSTODIAN),
        ("auth_flow", demo::AUTH_FLOW),
        ("client_secret", SECRET),
    ];
    let mut constants = vec![
        ("portal_url", setting.portal_url.clone()),
        ("api_url", setting.api_url.clone()),
    ];
    constants.extend(demo.map(|(name, value)| (name, value.to_owned())));
    constants
}

/// `text` with its constants filled in. The reader's own slots stay.
pub(super) fn settle(
    text: &str,
    constants: &[(&'static str, String)],
    file: &str,
    faults: &mut Vec<Fault>,
) -> String {
    let mut settled = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Text(text) => settled.push_str(text),
            Piece::Slot { name, at } => {
                if let Some((_, value)) = constants.iter().find(|(known, _)| *known == name) {
                    settled.push_str(value);
                } else {
                    settled.extend([OPEN]);
                    settled.push_str(name);
                    settled.extend([CLOSE]);
                    if Slot::of(name).is_none() {
                        let line = 1 + text
                            .as_bytes()
                            .iter()
                            .take(at)
                            .filter(|byte| **byte == b'\n')
                            .count();
                        faults.push(Fault::new(
                            file,
                            line,
                            format!("there is no slot {OPEN}{name}{CLOSE}"),
                        ));
                    }
                }
            }
        }
    }
    settled
}

/// The reader's own values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Slots {
    /// The OAuth client id of the reader's sandbox.
    pub client_id: Option<String>,
    /// The id of the reader's sandbox.
    pub sandbox_id: Option<String>,
}

impl Slots {
    fn value(&self, slot: Slot) -> &str {
        match slot {
            Slot::ClientId => self.client_id.as_deref().unwrap_or(NO_CLIENT),
            Slot::SandboxId => self.sandbox_id.as_deref().unwrap_or(NO_SANDBOX),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slot {
    ClientId,
    SandboxId,
}

impl Slot {
    fn of(name: &str) -> Option<Self> {
        match name {
            "client_id" => Some(Self::ClientId),
            "sandbox_id" => Some(Self::SandboxId),
            _ => None,
        }
    }
}

/// A text cut at the reader's slots.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Template {
    /// A text, and the slot after it.
    parts: Vec<(String, Slot)>,
    rest: String,
}

impl Template {
    /// `text`, cut.
    pub fn new(text: &str) -> Self {
        let mut template = Self::default();
        for piece in pieces(text) {
            match piece {
                Piece::Text(text) => template.rest.push_str(text),
                Piece::Slot { name, .. } => {
                    if let Some(slot) = Slot::of(name) {
                        template.parts.push((std::mem::take(&mut template.rest), slot));
                    } else {
                        template.rest.extend([OPEN]);
                        template.rest.push_str(name);
                        template.rest.extend([CLOSE]);
                    }
                }
            }
        }
        template
    }

    /// Whether the text is the same for every reader.
    pub fn is_constant(&self) -> bool {
        self.parts.is_empty()
    }

    /// The text with the reader's values as they are: for Markdown.
    pub fn fill(&self, slots: &Slots) -> String {
        self.fill_with(|slot| slots.value(slot).to_owned())
    }

    /// The text with the reader's values escaped: for HTML.
    pub fn fill_html(&self, slots: &Slots) -> String {
        self.fill_with(|slot| escape(slots.value(slot)))
    }

    fn fill_with(&self, value: impl Fn(Slot) -> String) -> String {
        let known = [Slot::ClientId, Slot::SandboxId].map(|slot| (slot, value(slot)));
        let length: usize = self.parts.iter().map(|(text, _)| text.len() + 48).sum();
        let mut filled = String::with_capacity(length + self.rest.len());
        for (text, slot) in &self.parts {
            filled.push_str(text);
            for (_, value) in known.iter().filter(|(known, _)| known == slot) {
                filled.push_str(value);
            }
        }
        filled.push_str(&self.rest);
        filled
    }
}

/// `hit` without slots: search results are the same for every reader.
pub(super) fn without_slots(hit: SearchHit) -> SearchHit {
    SearchHit {
        excerpt_html: Template::new(&hit.excerpt_html).fill(&Slots::default()),
        ..hit
    }
}

/// `text` as it may stand in HTML, in an attribute too.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

enum Piece<'a> {
    Text(&'a str),
    Slot { name: &'a str, at: usize },
}

/// `text` cut at everything that looks like a slot.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut done = 0;
    for (open, _) in text.match_indices(OPEN) {
        let inside = open + OPEN.len_utf8();
        let Some(length) = text.get(inside..).and_then(|rest| rest.find(CLOSE)) else {
            break;
        };
        pieces.extend(text.get(done..open).map(Piece::Text));
        pieces.extend(
            text.get(inside..inside + length)
                .map(|name| Piece::Slot { name, at: open }),
        );
        done = inside + length + CLOSE.len_utf8();
    }
    pieces.extend(text.get(done..).map(Piece::Text));
    pieces
}
