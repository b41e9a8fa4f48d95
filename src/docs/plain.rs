//! Pages as Markdown, for machines and for those who read in a terminal: what was written, directives written out.

use super::{
    Setting,
    directive::{Directive, Line, Side, lines},
    places::{Places, body_of},
    reference,
    slots::Template,
    source::Draft,
};
use app::{link, model::Action};
use contract::{
    Auth, Card, ProblemCode, Scope,
    form::{Input, Place},
};
use std::{collections::BTreeMap, fmt::Write as _};

/// Every page as Markdown, by its path.
pub(super) fn texts(drafts: &[Draft], places: &Places, setting: &Setting) -> BTreeMap<String, Template> {
    let texts = drafts.iter().map(|draft| {
        let text = page(draft, places, setting);
        (draft.url.clone(), Template::new(&text))
    });
    texts.collect()
}

fn page(draft: &Draft, places: &Places, setting: &Setting) -> String {
    let mut text = format!("# {}\n\n{}\n", draft.front.title, draft.front.summary);
    for (index, (line, kind)) in lines(&draft.body).enumerate() {
        let number = draft.offset + index + 1;
        if let Line::Directive(_) = kind {
            let found = draft.directives.iter().find(|found| found.line == number);
            if let Some(found) = found {
                text.push_str(&expand(&found.directive, draft, places, setting));
            }
            continue;
        }
        match line.split_once(" tab=\"") {
            // Tabs have no meaning here: their labels become lines of text.
            Some((fence, rest)) if line.starts_with("```") => {
                let label = rest.split_once('"').map_or(rest, |(label, _)| label);
                let _ = writeln!(text, "{label}:\n\n{fence}");
            }
            _ if line.starts_with("```") => {
                text.push_str(line.trim_end_matches(" rail"));
                text.push('\n');
            }
            _ => {
                text.push_str(line);
                text.push('\n');
            }
        }
    }
    collapse(&text)
}

/// At most one empty line in a row.
fn collapse(text: &str) -> String {
    let mut collapsed = String::with_capacity(text.len());
    let mut blank = false;
    for line in text.lines() {
        if line.is_empty() && blank {
            continue;
        }
        blank = line.is_empty();
        collapsed.push_str(line);
        collapsed.push('\n');
    }
    collapsed
}

fn expand(directive: &Directive, draft: &Draft, places: &Places, setting: &Setting) -> String {
    match directive {
        Directive::Operation(card) => operation(card, setting),
        Directive::Fields(card, side) => body_of(card, *side).map_or_else(String::new, |schema| {
            let place = if *side == Side::Body { "body" } else { "" };
            inputs(&setting.contract.members(schema, Place::Body, None), place)
        }),
        Directive::Endpoints(groups) => {
            let mut text = String::from("| Method | Path | What it does |\n| --- | --- | --- |\n");
            for card in reference::indexed(groups, &draft.url, setting.contract) {
                let spec = &card.spec;
                let href = places.operation(spec.id).unwrap_or_default();
                let method = spec.method.as_str();
                let _ = writeln!(
                    text,
                    "| `{method}` | [`{}`]({href}) | {} |",
                    spec.path,
                    spec.summary()
                );
            }
            text
        }
        Directive::Problems => ProblemCode::ALL.iter().map(|code| problem(*code)).collect(),
        Directive::Scopes => {
            let rows = Scope::ALL
                .iter()
                .map(|scope| format!("| `{scope}` | {} |\n", scope.meaning()));
            format!("| Scope | Allows |\n| --- | --- |\n{}", rows.collect::<String>())
        }
        Directive::Lifecycle => LIFECYCLE.to_owned(),
        Directive::Action(action) => self::action(action),
        Directive::BrowserKey => BROWSER_KEY.to_owned(),
        Directive::Steps | Directive::EndSteps => String::new(),
    }
}

/// An action is a button; here it is a link to where the same can be done.
fn action(action: &Action) -> String {
    match action {
        Action::CreateSandbox => format!("[Create a sandbox]({})\n", link::SANDBOX),
        Action::ExchangeSecret => String::new(),
        Action::Send(request) => {
            let fields = request
                .fields
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()));
            let query = form_urlencoded::Serializer::new(String::new())
                .extend_pairs(fields)
                .finish();
            let mark = if query.is_empty() { "" } else { "&" };
            format!(
                "[Send it from the builder]({}{mark}{query})\n",
                link::builder(&request.operation)
            )
        }
    }
}

const BROWSER_KEY: &str = "In a browser this page makes the pair by WebCrypto, registers its public half for the \
    reader's sandbox, signs an assertion and exchanges it.\n";

const LIFECYCLE: &str = "```text
create → pending ── link ──▶ active ── refresh ──▶ active ── revoke ──▶ revoked
            │                  └── time passes expires_at ──▶ expired
            └── revoke ──▶ revoked
```
";

fn operation(card: &Card, setting: &Setting) -> String {
    let form = setting.contract.form(card);
    let spec = &card.spec;
    let scope = match spec.auth {
        Auth::Scope(scope) => format!("scope `{scope}`"),
        Auth::SandboxToken => "any token of the sandbox".to_owned(),
    };
    let mut text = format!(
        "## {}\n\n`{} {}` · {scope} · answers `{}`\n\n{}\n\n",
        form.summary,
        spec.method.as_str(),
        spec.path,
        reference::status_line(spec.status),
        spec.description(),
    );
    if !form.inputs.is_empty() {
        text.push_str(&inputs(&form.inputs, "form"));
        text.push('\n');
    }
    if let Some(curl) = reference::curl(&form, setting) {
        let _ = writeln!(text, "```bash\n{curl}\n```\n");
    }
    if !form.example_reply.is_empty() {
        let _ = writeln!(text, "```json\n{}\n```\n", form.example_reply);
    }
    let problems = spec.all_problems().into_iter();
    let problems: Vec<String> = problems
        .map(|code| format!("[`{}`]({})", code.slug(), link::problem(code.slug())))
        .collect();
    let _ = writeln!(text, "Problems: {}", problems.join(", "));
    text
}

fn inputs(inputs: &[Input], place: &str) -> String {
    let in_form = place == "form";
    let (head, rule) = if in_form { ("| In ", "| --- ") } else { ("", "") };
    let mut text = format!("{head}| Name | Type | Meaning |\n{rule}| --- | --- | --- |\n");
    for input in inputs {
        if in_form {
            let _ = write!(text, "| {} ", reference::place_name(input.place));
        }
        let need = if input.required && !place.is_empty() {
            ", required"
        } else {
            ""
        };
        let limits = match input.constraint.len() {
            1..=120 => format!(" ({})", input.constraint),
            // Every currency of the world helps nobody in a table.
            _ => String::new(),
        };
        let type_name = input.type_name.replace('|', "\\|");
        let help = input.help.replace('\n', " ");
        let _ = writeln!(text, "| `{}` | {type_name}{need}{limits} | {help} |", input.name);
    }
    text
}

fn problem(code: ProblemCode) -> String {
    let info = code.info();
    format!(
        "### {} ({})\n\n`{}`\n\n{}\n\n{}\n\n",
        info.title, info.status, info.slug, info.cause, info.remedy
    )
}
