//! Sample pages of the docs, made from the real contract.

use super::data::form;
use crate::{
    json,
    model::{
        Admonition, AdmonitionKind, Answer, Block, Cell, Code, DocPage, FieldList, Heading, NavGroup,
        NavItem, NavTree, OperationBlock, PageLink, ProblemBlock, ProblemLink, Provocation, Provoked, Step,
        Tab, Table, TrackLink,
    },
    request::SendRequest,
    sample::{Bearer, curl},
};
use contract::{ProblemCode, contract};

fn page(path: &str, eyebrow: &str, title: &str, summary: &str, blocks: Vec<Block>) -> DocPage {
    let group = |title: &str, items: &[(&str, &str)]| NavGroup {
        title: title.into(),
        items: items
            .iter()
            .map(|(title, href)| NavItem {
                title: (*title).into(),
                href: (*href).into(),
            })
            .collect(),
    };
    let track = |label: &str, note: &str, current| TrackLink {
        label: label.into(),
        note: note.into(),
        href: format!("/docs/reference/{label}"),
        current,
    };
    DocPage {
        path: path.into(),
        title: title.into(),
        summary: summary.into(),
        eyebrow: eyebrow.into(),
        nav: NavTree {
            tracks: vec![track("v1", "current", true), track("v2", "legacy", false)],
            groups: vec![
                group(
                    "Start",
                    &[
                        ("Quickstart", "/docs/quickstart"),
                        ("Authentication", "/docs/authentication"),
                        ("Errors", "/docs/errors"),
                        ("Pagination", "/docs/pagination"),
                        ("Caching", "/docs/caching"),
                        ("Budgets", "/docs/budgets"),
                    ],
                ),
                group(
                    "Clients",
                    &[
                        ("Clients", "/docs/clients"),
                        ("Legal entities", "/docs/legal-entities"),
                        ("Accounts", "/docs/accounts"),
                        ("Portfolios", "/docs/portfolios"),
                    ],
                ),
                group(
                    "Custodian integration",
                    &[
                        ("Custodians", "/docs/custodians"),
                        ("Auth flows", "/docs/auth-flows"),
                        ("Authorities", "/docs/authorities"),
                    ],
                ),
            ],
        },
        track: "v1".into(),
        successor: None,
        toc: contents(&blocks),
        blocks,
        prev: Some(PageLink {
            title: "Home".into(),
            href: "/".into(),
        }),
        next: Some(PageLink {
            title: "Authentication".into(),
            href: "/docs/authentication".into(),
        }),
        markdown_url: format!("{path}.md"),
    }
}

fn contents(blocks: &[Block]) -> Vec<Heading> {
    let heading = |level, id: &str, text: &str, method: Option<&str>| Heading {
        level,
        id: id.into(),
        text: text.into(),
        method: method.map(str::to_owned),
    };
    blocks
        .iter()
        .flat_map(|block| match block {
            Block::Heading { level, id, html } => vec![heading(*level, id, html, None)],
            Block::Operation(block) => vec![heading(
                2,
                &block.form.operation,
                &block.form.summary,
                Some(block.form.method.as_str()),
            )],
            Block::Steps(steps) => steps
                .iter()
                .map(|step| heading(2, &step.id, &step.title, None))
                .collect(),
            _ => Vec::new(),
        })
        .collect()
}

fn text(html: &str) -> Block {
    Block::Html(html.into())
}

fn title(id: &str, html: &str) -> Block {
    Block::Heading {
        level: 2,
        id: id.into(),
        html: html.into(),
    }
}

fn sample(lang: &str, title: &str, text: &str) -> Code {
    let html = if lang == "json" {
        json::highlight(text, |_, _| None)
    } else {
        let mut html = String::new();
        json::escape(&mut html, text);
        html
    };
    Code {
        lang: lang.into(),
        title: title.into(),
        text: text.into(),
        html,
    }
}

fn operation(id: &str) -> Block {
    let form = form(id);
    let card = contract().card(id).expect("the operation exists");
    let wire = SendRequest::example(&form)
        .wire(&form, "https://api.aleta.io")
        .expect("examples are whole");
    let problem = |code: ProblemCode| ProblemLink {
        status: code.status(),
        slug: code.slug().into(),
        title: code.title().into(),
        href: crate::link::problem(code.slug()),
    };
    Block::Operation(Box::new(OperationBlock {
        description_html: format!("<p>{}</p>", json::inline(&card.spec.description())),
        scopes: form.scope.clone().into_iter().collect(),
        answers: vec![Answer {
            status: form.status,
            title: "The client".into(),
            fields: Vec::new(),
            see: Some(PageLink {
                title: "Members of a client".into(),
                href: "#client".into(),
            }),
        }],
        problems: card.spec.all_problems().into_iter().map(problem).collect(),
        samples: vec![Tab {
            label: "curl".into(),
            code: sample("shell", &wire.request_line(), &curl(&wire, Bearer::Variable)),
        }],
        response: (!form.example_reply.is_empty())
            .then(|| sample("json", &format!("{} {}", form.status, "OK"), &form.example_reply)),
        successor: None,
        form,
    }))
}

pub(super) fn reference() -> DocPage {
    let members = contract().members(&contract().schemas["Client"], contract::form::Place::Body, None);
    let mut blocks = vec![
        text(
            "<p>A client is whoever the wealth belongs to: a person, a family, a foundation. Clients <em>nest</em>, so a family office holds its families and each family its branches. See <a href=\"/docs/legal-entities\">legal entities</a> for who owns what.</p>",
        ),
        title("client", "Members"),
        Block::Fields(FieldList {
            anchor: "client".into(),
            title: String::new(),
            fields: members,
        }),
    ];
    blocks.extend(
        [
            "clients.list",
            "clients.create",
            "clients.get",
            "clients.update",
            "clients.delete",
        ]
        .map(operation),
    );
    page(
        "/docs/clients",
        "Clients",
        "Clients",
        "Clients own the data: legal entities, reporting entities, and everything under them.",
        blocks,
    )
}

pub(super) fn quickstart() -> DocPage {
    let step = |id: &str, name: &str, html: &str, rail: Vec<Code>| Step {
        id: id.into(),
        title: name.into(),
        blocks: vec![text(html)],
        rail: rail.into_iter().map(Block::Code).collect(),
    };
    let steps = vec![
        step(
            "create",
            "Create a sandbox client",
            "<p>Press <strong>Create sandbox</strong> on the <a href=\"/sandbox\">sandbox page</a>. You get a client id and a secret, and a database of your own with demo data in it.</p>",
            vec![],
        ),
        step(
            "token",
            "Request an access token",
            "<p>OAuth 2.0 client credentials, server to server. The token lives for an hour.</p>",
            vec![
                sample(
                    "shell",
                    "POST /oauth/token",
                    "curl ⟦api_url⟧/oauth/token \\\n  -u '⟦client_id⟧:⟦client_secret⟧' \\\n  -d grant_type=client_credentials",
                ),
                sample(
                    "json",
                    "200 OK",
                    "{\n  \"access_token\": \"eyJhbGciOi...\",\n  \"token_type\": \"Bearer\",\n  \"expires_in\": 3600,\n  \"scope\": \"clients:read\"\n}",
                ),
            ],
        ),
        step(
            "fetch",
            "Fetch changed records",
            "<p>Start with a list, keep its <code>ETag</code>, and send it back: while nothing has changed you get <code>304</code> and no body.</p>",
            vec![sample(
                "shell",
                "GET /v1/clients",
                "curl ⟦api_url⟧/v1/clients \\\n  -H \"Authorization: Bearer $ACCESS_TOKEN\"",
            )],
        ),
        step(
            "events",
            "Subscribe to events",
            "<p>Signed webhooks keep your systems current after launch.</p>",
            vec![],
        ),
    ];
    let remark = Admonition {
        kind: AdmonitionKind::Tip,
        title: String::new(),
        blocks: vec![text(
            "<p>The samples carry your own sandbox’s values as soon as you have one.</p>",
        )],
    };
    page(
        "/docs/quickstart",
        "Start",
        "Quickstart",
        "A first read-only integration in one afternoon.",
        vec![Block::Admonition(remark), Block::Steps(steps)],
    )
}

pub(super) fn authorities() -> DocPage {
    let cell = |html: &str, figures| Cell {
        html: html.into(),
        figures,
    };
    let warning = Admonition {
        kind: AdmonitionKind::Warning,
        title: "Consents lapse".into(),
        blocks: vec![text(
            "<p>Refresh before <code>expires_at</code>. Data stops on that day, and only the user can start it again.</p>",
        )],
    };
    let mut page = page(
        "/docs/authorities",
        "Custodian integration",
        "Authorities",
        "The consent record that lets Aleta pull data from one custodian on behalf of one legal entity.",
        vec![
            title("lifecycle", "Lifecycle"),
            text(
                "<p>An authority is the product of a completed auth flow. It carries whatever the custodian issued, and the handle to renew or withdraw it.</p><ul><li><strong>Create</strong> reserves a slot.</li><li><strong>Link</strong> makes it active.</li></ul>",
            ),
            Block::Lifecycle,
            Block::Admonition(warning),
            title("windows", "Windows"),
            Block::Table(Table {
                head: vec![cell("Custodian", false), cell("Flow", false), cell("Days", true)],
                rows: vec![
                    vec![
                        cell("Nordea", false),
                        cell("<code>nordea-20260630</code>", false),
                        cell("180", true),
                    ],
                    vec![
                        cell("Saxo", false),
                        cell("<code>saxo-20260630</code>", false),
                        cell("90", true),
                    ],
                ],
            }),
            title("request", "In one request"),
            Block::Tabs(vec![
                Tab {
                    label: "curl".into(),
                    code: sample("shell", "", "curl -X POST ⟦api_url⟧/v1/…"),
                },
                Tab {
                    label: "HTTP".into(),
                    code: sample("http", "", "POST /v1/… HTTP/1.1"),
                },
            ]),
        ],
    );
    page.successor = Some(PageLink {
        title: "Authorities in v1".into(),
        href: "/docs/authorities".into(),
    });
    page
}

pub(super) fn errors() -> DocPage {
    let problems = ProblemCode::ALL
        .iter()
        .map(|code| {
            let info = code.info();
            ProblemBlock {
                slug: info.slug.into(),
                status: info.status,
                title: info.title.into(),
                cause_html: json::inline(info.cause),
                remedy_html: json::inline(info.remedy),
                provoke: match info.status {
                    429.. => Provoked::Rehearsal("Spends the budget of your sandbox.".into()),
                    _ => Provoked::Builder(Provocation {
                        operation: "clients.list".into(),
                        fields: vec![("query.limit".into(), "0".into())],
                    }),
                },
            }
        })
        .collect();
    page(
        "/docs/errors",
        "Start",
        "Errors",
        "Every error of v1 is a problem document with the same shape, and every one can be produced from here.",
        vec![
            text("<p>The body is <code>application/problem+json</code>.</p>"),
            Block::Code(sample(
                "json",
                "",
                "{\n  \"type\": \"https://developers.aleta.io/docs/errors#not-found\",\n  \"status\": 404\n}",
            )),
            title("problems", "Problems"),
            Block::Problems(problems),
        ],
    )
}
