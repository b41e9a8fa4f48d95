//! Directives: lines of a page, `{{operation clients.list}}`, that the contract writes out.

use super::{Fault, anchor::slug};
use app::model::{Action, Provocation};
use contract::{Card, Contract, Group};

/// What a line asks for.
#[derive(Clone, Debug)]
pub(super) enum Directive {
    /// The block of an operation.
    Operation(&'static Card),
    /// The members of an operation's answer, or of its request body.
    Fields(&'static Card, Side),
    /// An index of the operations of some groups.
    Endpoints(Vec<Group>),
    /// Every problem.
    Problems,
    /// Every scope.
    Scopes,
    /// The state machine of authorities.
    Lifecycle,
    /// Something that the reader can do right here.
    Action(Action),
    /// A key pair that the reader's browser makes.
    BrowserKey,
    /// From here on, each heading of level 2 is a step.
    Steps,
    /// The steps end.
    EndSteps,
}

/// Which of an operation's bodies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// The answer.
    Reply,
    /// The request body.
    Body,
}

/// A directive and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// What it asks for.
    pub(super) directive: Directive,
    /// The line in the file.
    pub(super) line: usize,
    /// The text of the heading above it.
    pub(super) heading: Option<String>,
}

impl Found {
    /// The anchor of the heading above it.
    pub(super) fn heading_anchor(&self) -> Option<String> {
        self.heading.as_deref().map(slug)
    }
}

/// A line of a page's text.
pub(super) enum Line<'a> {
    /// Inside a code block, or its fence.
    Code,
    /// A heading's text.
    Heading(&'a str),
    /// A directive's text, braces removed.
    Directive(&'a str),
    /// Anything else.
    Text,
}

/// The lines of a text, told apart.
pub(super) fn lines(body: &str) -> impl Iterator<Item = (&str, Line<'_>)> {
    let mut in_code = false;
    body.lines().map(move |line| {
        if line.starts_with("```") {
            in_code = !in_code;
            return (line, Line::Code);
        }
        if in_code {
            return (line, Line::Code);
        }
        let directive = line.trim().strip_prefix("{{");
        let kind = match (directive, line.strip_prefix('#')) {
            (Some(rest), _) => Line::Directive(rest.trim_end_matches("}}").trim()),
            (None, Some(rest)) => Line::Heading(rest.trim_start_matches('#').trim()),
            (None, None) => Line::Text,
        };
        (line, kind)
    })
}

/// Every directive of a text whose first line is line `offset + 1` of its file.
pub(super) fn scan(
    body: &str,
    (file, offset): (&str, usize),
    contract: &'static Contract,
    faults: &mut Vec<Fault>,
) -> Vec<Found> {
    let mut found = Vec::new();
    let mut heading = None;
    let mut after_text = false;
    let mut after_directive = false;
    for (index, (text, line)) in lines(body).enumerate() {
        let number = offset + index + 1;
        let alone = text.trim().is_empty();
        let is_directive = matches!(line, Line::Directive(_));
        if (is_directive && after_text) || (after_directive && !alone) {
            faults.push(Fault::new(
                file,
                number,
                "a directive has an empty line above and below it",
            ));
        }
        (after_text, after_directive) = (!alone, is_directive);
        match line {
            Line::Heading(text) => heading = Some(text.to_owned()),
            Line::Directive(text) => match parse(text, contract) {
                Ok(directive) => found.push(Found {
                    directive,
                    line: number,
                    heading: heading.clone(),
                }),
                Err(detail) => faults.push(Fault::new(file, number, detail)),
            },
            Line::Code | Line::Text => {}
        }
    }
    found
}

fn parse(text: &str, contract: &'static Contract) -> Result<Directive, String> {
    let (name, rest) = text.split_once(' ').unwrap_or((text, ""));
    match (name, rest) {
        ("operation", id) => Ok(Directive::Operation(card(id, contract)?)),
        ("fields", rest) => match rest.split_once(' ') {
            Some((id, "body")) => Ok(Directive::Fields(card(id, contract)?, Side::Body)),
            Some(_) => Err(format!(
                "fields are those of an operation, or of its `body`: {rest}"
            )),
            None => Ok(Directive::Fields(card(rest, contract)?, Side::Reply)),
        },
        ("endpoints", titles) => {
            let groups: Result<_, _> = titles.split(", ").map(|title| group(title, contract)).collect();
            groups.map(Directive::Endpoints)
        }
        ("problems", "") => Ok(Directive::Problems),
        ("scopes", "") => Ok(Directive::Scopes),
        ("lifecycle", "authority") => Ok(Directive::Lifecycle),
        ("create", "sandbox") => Ok(Directive::Action(Action::CreateSandbox)),
        ("exchange", "secret") => Ok(Directive::Action(Action::ExchangeSecret)),
        ("browser", "key") => Ok(Directive::BrowserKey),
        ("send", request) => Ok(Directive::Action(Action::Send(send(request, contract)?))),
        ("steps", "") => Ok(Directive::Steps),
        ("end", "steps") => Ok(Directive::EndSteps),
        _ => Err(format!("there is no directive {{{{{text}}}}}")),
    }
}

/// `clients.list query.limit=2`: an operation, and fields as the builder's form names them.
fn send(text: &str, contract: &'static Contract) -> Result<Provocation, String> {
    let mut words = text.split_whitespace();
    let card = card(words.next().unwrap_or_default(), contract)?;
    let inputs = contract.form(card).inputs;
    let known = |field: &str| inputs.iter().any(|input| app::request::field(input) == field);
    let fields = words.map(|word| match word.split_once('=') {
        Some((name, value)) if name.starts_with("header.") || known(name) => {
            Ok((name.to_owned(), value.to_owned()))
        }
        _ => Err(format!("{} has no field {word}", card.spec.id)),
    });
    Ok(Provocation {
        operation: card.spec.id.to_owned(),
        fields: fields.collect::<Result<_, _>>()?,
    })
}

fn card(id: &str, contract: &'static Contract) -> Result<&'static Card, String> {
    contract
        .card(id)
        .ok_or_else(|| format!("there is no operation {id}"))
}

fn group(title: &str, contract: &Contract) -> Result<Group, String> {
    let mut groups = contract.cards.iter().map(|card| card.spec.group);
    groups
        .find(|group| group.title() == title)
        .ok_or_else(|| format!("there is no group {title}"))
}
