//! Where things are explained, and whether every link leads somewhere.

use super::{
    Fault,
    compose::Composed,
    directive::{Directive, Found, Side},
    source::{Draft, SUMMARY},
};
use app::{link, model::PageLink};
use contract::{Card, Contract};
use serde_json::Value;
use std::collections::BTreeMap;

/// Where operations and property lists stand.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    /// The page of each operation, by id.
    operations: BTreeMap<&'static str, String>,
    /// The property list of each schema, by its name.
    schemas: BTreeMap<String, PageLink>,
}

impl Places {
    /// Where an operation stands.
    pub(super) fn operation(&self, id: &str) -> Option<String> {
        self.operations.get(id).map(|url| format!("{url}#{id}"))
    }

    /// Where the members of a schema are listed.
    pub(super) fn schema(&self, name: &str) -> Option<&PageLink> {
        self.schemas.get(name)
    }

    /// Every operation with its address.
    pub(super) fn operations(&self) -> BTreeMap<String, String> {
        let ids = self.operations.keys();
        ids.filter_map(|id| Some(((*id).to_owned(), self.operation(id)?)))
            .collect()
    }
}

/// The name of the shared schema that `schema` refers to.
pub(super) fn schema_name(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.rsplit('/').next()
}

/// The schema of one of an operation's bodies.
pub(super) fn body_of(card: &Card, side: Side) -> Option<&Value> {
    match side {
        Side::Reply => card.reply.as_ref(),
        Side::Body => card.body.as_ref(),
    }
}

/// Finds everything, and sees to it that each operation stands on one page.
pub(super) fn find(drafts: &[Draft], contract: &'static Contract, faults: &mut Vec<Fault>) -> Places {
    let mut places = Places::default();
    for draft in drafts {
        for found in &draft.directives {
            match &found.directive {
                Directive::Operation(card) => {
                    let id = card.spec.id;
                    if let Some(first) = places.operations.insert(id, draft.url.clone()) {
                        let detail = format!("operation {id} stands on {first} already");
                        faults.push(Fault::new(&draft.file, found.line, detail));
                    }
                }
                Directive::Fields(card, side) => {
                    if let Some(name) = body_of(card, *side).and_then(schema_name) {
                        let link = PageLink {
                            title: found.heading.clone().unwrap_or_else(|| draft.front.title.clone()),
                            href: place(draft, found),
                        };
                        places.schemas.entry(name.to_owned()).or_insert(link);
                    }
                }
                _ => {}
            }
        }
    }
    for card in &contract.cards {
        if !places.operations.contains_key(card.spec.id) {
            let detail = format!("operation {} stands on no page", card.spec.id);
            faults.push(Fault::new(SUMMARY, 1, detail));
        }
    }
    places
}

fn place(draft: &Draft, found: &Found) -> String {
    match found.heading_anchor() {
        Some(anchor) => format!("{}#{anchor}", draft.url),
        None => draft.url.clone(),
    }
}

/// Every internal link must lead to a page that exists, and its anchor to a place on it.
pub(super) fn check_links(pages: &[Composed], contract: &Contract, faults: &mut Vec<Fault>) {
    let known: BTreeMap<&str, &Composed> = pages.iter().map(|page| (page.url.as_str(), page)).collect();
    for page in pages {
        for link in &page.links {
            if let Err(detail) = check(&link.target, page, &known, contract) {
                faults.push(Fault::new(&page.file, link.line, detail));
            }
        }
    }
}

fn check(
    target: &str,
    from: &Composed,
    known: &BTreeMap<&str, &Composed>,
    contract: &Contract,
) -> Result<(), String> {
    if target.starts_with("https://") || target.starts_with("http://") {
        return Ok(());
    }
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let page = match path {
        "" => from,
        path => match known.get(path) {
            Some(page) => page,
            None => return check_application(path, contract),
        },
    };
    if anchor.is_empty() || page.anchors.contains(anchor) {
        Ok(())
    } else {
        Err(format!("{} has no anchor #{anchor}", page.url))
    }
}

/// Pages that are not docs.
fn check_application(path: &str, contract: &Contract) -> Result<(), String> {
    let (plain, query) = path.split_once('?').unwrap_or((path, ""));
    match plain {
        link::BUILDER => match query.strip_prefix("operation=") {
            Some(id) if contract.card(id).is_none() => Err(format!("there is no operation {id}")),
            _ => Ok(()),
        },
        link::HOME
        | link::CHECKLIST
        | link::CHECKLIST_JSON
        | link::LOGS
        | link::SANDBOX
        | link::SEARCH
        | link::SIGN_IN
        | link::WEBHOOKS
        | link::WEBHOOKS_EVENTS
        | link::WEBHOOKS_SIGNATURE
        | link::WORKSPACE => Ok(()),
        _ if plain.starts_with('/') => Err(format!("there is no page {plain}")),
        _ => Err(format!("an internal link begins with /: {path}")),
    }
}
