//! What the contract says, as blocks: operations, members, scopes, problems.

use super::{
    Setting,
    directive::Side,
    inline,
    places::{Places, schema_name},
    provoke,
    slots::escape,
};
use app::{
    model::{Answer, Cell, Code, FieldList, OperationBlock, PageLink, ProblemBlock, ProblemLink, Tab, Table},
    request::SendRequest,
    sample::{self, Bearer},
};
use contract::{
    Auth, Card, Contract, Group, ProblemCode, Scope, Track,
    form::{Form, Input, Place},
};

mod members;

pub(super) use members::fields;

/// The block of an operation.
pub(super) fn operation(card: &Card, places: &Places, setting: &Setting) -> OperationBlock {
    let form = setting.contract.form(card);
    let response = (!form.example_reply.is_empty())
        .then(|| code("json", &status_line(card.spec.status), &form.example_reply));
    OperationBlock {
        description_html: inline::blocks(&card.spec.description()),
        scopes: match card.spec.auth {
            Auth::Scope(scope) => vec![scope.as_str().to_owned()],
            Auth::SandboxToken => Vec::new(),
        },
        answers: vec![answer(card, places, setting.contract)],
        problems: card.spec.all_problems().into_iter().map(problem_link).collect(),
        samples: curl(&form, setting)
            .map(|text| Tab {
                label: "curl".to_owned(),
                code: code("shell", "", &text),
            })
            .into_iter()
            .collect(),
        response,
        successor: successor(card, places, setting.contract),
        form,
    }
}

/// The anchors of an operation's inputs, and of the members of its answers.
pub(super) fn anchors(block: &OperationBlock) -> Vec<(String, &Input)> {
    let mut all = Vec::new();
    let id = &block.form.operation;
    for place in [Place::Path, Place::Query, Place::Body] {
        let inputs = block.form.inputs.iter().filter(|input| input.place == place);
        members::anchors(&format!("{id}.{}", place_name(place)), inputs, &mut all);
    }
    for answer in &block.answers {
        members::anchors(&format!("{id}.{}", answer.status), &answer.fields, &mut all);
    }
    all
}

/// The anchors of a property list's fields, the nested ones included.
pub(super) fn field_anchors(list: &FieldList) -> Vec<(String, &Input)> {
    let mut all = Vec::new();
    members::anchors(&list.anchor, &list.fields, &mut all);
    all
}

/// A place as anchors name it.
pub(super) const fn place_name(place: Place) -> &'static str {
    match place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Body => "body",
    }
}

/// The worked example as a curl command.
pub(super) fn curl(form: &Form, setting: &Setting) -> Option<String> {
    let wire = SendRequest::example(form).wire(form, &setting.api_url).ok()?;
    Some(sample::curl(&wire, Bearer::Variable))
}

/// `201 Created`.
pub(super) fn status_line(status: u16) -> String {
    let reason = match status {
        200 => "OK",
        201 => "Created",
        202 => "Accepted",
        204 => "No Content",
        _ => "",
    };
    format!("{status} {reason}").trim_end().to_owned()
}

fn code(lang: &str, title: &str, text: &str) -> Code {
    Code {
        lang: lang.to_owned(),
        title: title.to_owned(),
        text: text.to_owned(),
        html: String::new(),
    }
}

fn answer(card: &Card, places: &Places, contract: &Contract) -> Answer {
    let line = status_line(card.spec.status);
    let title = line.split_once(' ').map_or("", |(_, reason)| reason).to_owned();
    let Some(reply) = &card.reply else {
        return Answer {
            status: card.spec.status,
            title,
            ..Answer::default()
        };
    };
    let rows = &contract.resolve(reply)["properties"]["data"]["items"];
    let see = match (schema_name(reply), schema_name(rows)) {
        (_, Some(row)) => places.schema(row).map(|link| PageLink {
            title: format!("A list of {}", lower(card.spec.group.title())),
            href: link.href.clone(),
        }),
        (Some(name), None) => places.schema(name).cloned(),
        (None, None) => None,
    };
    let fields = match &see {
        Some(_) => Vec::new(),
        None => members::members(contract, reply, Side::Reply, card.example.reply.as_ref()),
    };
    Answer {
        status: card.spec.status,
        title,
        fields,
        see,
    }
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().collect::<String>() + letters.as_str()
    })
}

fn problem_link(code: ProblemCode) -> ProblemLink {
    ProblemLink {
        status: code.status(),
        slug: code.slug().to_owned(),
        title: code.title().to_owned(),
        href: app::link::problem(code.slug()),
    }
}

fn successor(card: &Card, places: &Places, contract: &Contract) -> Option<PageLink> {
    let path = card.spec.successor?;
    let next = contract
        .cards
        .iter()
        .find(|next| next.spec.path == path && next.spec.method == card.spec.method)?;
    Some(PageLink {
        title: format!("{} {path}", next.spec.method.as_str()),
        href: places.operation(next.spec.id)?,
    })
}

/// The operations of these groups on the track that the page belongs to.
pub(super) fn indexed(
    groups: &[Group],
    page: &str,
    contract: &'static Contract,
) -> impl Iterator<Item = &'static Card> {
    let legacy = page.starts_with("/reference/v2");
    let cards = contract.cards.iter();
    cards.filter(move |card| groups.contains(&card.spec.group) && (card.spec.track == Track::V2) == legacy)
}

/// An index of the operations of some groups.
pub(super) fn endpoints(groups: &[Group], page: &str, places: &Places, contract: &'static Contract) -> Table {
    let rows = indexed(groups, page, contract).map(|card| {
        let href = places.operation(card.spec.id).unwrap_or_default();
        let path = escape(card.spec.path);
        vec![
            cell(format!("<code>{}</code>", card.spec.method.as_str())),
            cell(format!("<a href=\"{}\"><code>{path}</code></a>", escape(&href))),
            cell(inline::sentence(&card.spec.summary())),
        ]
    });
    Table {
        head: ["Method", "Path", "What it does"]
            .map(|head| cell(head.to_owned()))
            .to_vec(),
        rows: rows.collect(),
    }
}

/// Every scope with what it allows.
pub(super) fn scopes() -> Table {
    let rows = Scope::ALL.iter().map(|scope| {
        vec![
            cell(format!("<code>{scope}</code>")),
            cell(inline::sentence(scope.meaning())),
        ]
    });
    Table {
        head: ["Scope", "Allows"].map(|head| cell(head.to_owned())).to_vec(),
        rows: rows.collect(),
    }
}

fn cell(html: String) -> Cell {
    Cell { html, figures: false }
}

/// Every problem, explained.
pub(super) fn problems() -> Vec<ProblemBlock> {
    let all = ProblemCode::ALL.iter().map(|code| {
        let info = code.info();
        ProblemBlock {
            slug: info.slug.to_owned(),
            status: info.status,
            title: info.title.to_owned(),
            cause_html: inline::sentence(info.cause),
            remedy_html: inline::sentence(info.remedy),
            provoke: provoke::provoked(*code),
        }
    });
    all.collect()
}
