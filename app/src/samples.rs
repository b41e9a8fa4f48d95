//! Sample data for every page, and the checks that every page passes.
//!
//! `SAMPLES_TO=/some/folder cargo test -p app --features ssr` also writes the pages there, to be looked at.
#![expect(clippy::expect_used, reason = "a sample that cannot be made is a failed test")]

mod board;
mod builder;
mod checklist;
mod data;
mod docs;
mod markup;
mod people;
mod timeline;

use crate::{
    model::{Frame, TimelinePage, board::Asker},
    routes,
};
use markup::Markup;

/// Every page in each of its states, by a name for its file.
fn pages() -> Vec<(&'static str, String)> {
    let frame = |path: &str| Frame {
        path: path.to_owned(),
        ..data::frame()
    };
    vec![
        ("home", routes::render_home(&frame("/"), &data::home())),
        (
            "home-silent",
            routes::render_home(&frame("/"), &data::silent_home()),
        ),
        (
            "quickstart",
            routes::render_docs(&frame("/docs/quickstart"), &docs::quickstart()),
        ),
        (
            "reference",
            routes::render_docs(&frame("/docs/clients"), &docs::reference()),
        ),
        (
            "authorities",
            routes::render_docs(&frame("/docs/authorities"), &docs::authorities()),
        ),
        (
            "errors",
            routes::render_docs(&frame("/docs/errors"), &docs::errors()),
        ),
        (
            "sandbox-absent",
            routes::render_sandbox(&frame("/sandbox"), &data::no_sandbox()),
        ),
        (
            "sandbox-new",
            routes::render_sandbox(&frame("/sandbox"), &data::sandbox(true)),
        ),
        (
            "sandbox",
            routes::render_sandbox(&frame("/sandbox"), &data::sandbox(false)),
        ),
        (
            "builder",
            routes::render_builder(&frame("/builder"), &builder::page("clients.create", None)),
        ),
        (
            "builder-answer",
            routes::render_builder(
                &frame("/builder"),
                &builder::page("clients.list", builder::answered()),
            ),
        ),
        (
            "builder-refused",
            routes::render_builder(
                &frame("/builder"),
                &builder::page("clients.update", builder::refused()),
            ),
        ),
        (
            "builder-failed",
            routes::render_builder(
                &frame("/builder"),
                &builder::page("clients.get", builder::failed()),
            ),
        ),
        (
            "builder-lists",
            routes::render_builder(&frame("/builder"), &builder::page("accounts.create", None)),
        ),
        (
            "checklist",
            routes::render_checklist(&frame("/checklist"), &checklist::page(true)),
        ),
        (
            "checklist-open",
            routes::render_checklist(&frame("/checklist"), &checklist::page(false)),
        ),
        (
            "search",
            routes::render_search(&frame("/search"), &data::search("expires_at")),
        ),
        (
            "search-empty",
            routes::render_search(&frame("/search"), &data::search("zzz")),
        ),
        (
            "error",
            routes::render_error(
                &frame("/nowhere"),
                &crate::model::ErrorPage::not_found("/nowhere"),
            ),
        ),
    ]
    .into_iter()
    .chain(calls())
    .chain(workspaces())
    .collect()
}

/// The pages of workspaces and of staff.
fn workspaces() -> Vec<(&'static str, String)> {
    let frame = |path: &str| Frame {
        path: path.to_owned(),
        ..data::frame()
    };
    vec![
        (
            "workspace-nobody",
            routes::render_workspace(&frame("/workspace"), &people::nobody()),
        ),
        (
            "workspace-unclaimed",
            routes::render_workspace(&frame("/workspace"), &people::unclaimed()),
        ),
        (
            "workspace-admin",
            routes::render_workspace(&frame("/workspace"), &people::workspace(true)),
        ),
        (
            "workspace-member",
            routes::render_workspace(&frame("/workspace"), &people::workspace(false)),
        ),
        (
            "sign-in",
            routes::render_sign_in(&frame("/sign-in"), &people::sign_in(false)),
        ),
        (
            "sign-in-staff",
            routes::render_sign_in(&frame("/board/sign-in"), &people::sign_in(true)),
        ),
        ("join", routes::render_join(&frame("/join"), &people::join(false))),
        (
            "join-signed-in",
            routes::render_join(&frame("/join"), &people::join(true)),
        ),
        (
            "join-gone",
            routes::render_join(&frame("/join"), &crate::model::JoinPage::Gone),
        ),
        (
            "password",
            routes::render_password(&frame("/password"), &people::password()),
        ),
        (
            "ask-scopes",
            routes::render_ask(&frame("/checklist"), &board::ask(Asker::Member, true)),
        ),
        (
            "ask-day",
            routes::render_ask(&frame("/checklist"), &board::ask(Asker::Member, false)),
        ),
        (
            "ask-unclaimed",
            routes::render_ask(&frame("/checklist"), &board::ask(Asker::Unclaimed, true)),
        ),
        (
            "board",
            routes::render_board(&frame("/board"), &board::board(false)),
        ),
        (
            "board-empty",
            routes::render_board(&frame("/board"), &board::board(true)),
        ),
        (
            "board-case",
            routes::render_case(&frame("/board"), &board::case()),
        ),
    ]
}

/// The log of calls and the forms that only some operations have.
fn calls() -> Vec<(&'static str, String)> {
    let frame = |path: &str| Frame {
        path: path.to_owned(),
        ..data::frame()
    };
    vec![
        (
            "builder-rows",
            routes::render_builder(&frame("/builder"), &builder::rows()),
        ),
        ("logs", routes::render_logs(&frame("/logs"), &data::logs(true))),
        (
            "logs-empty",
            routes::render_logs(&frame("/logs"), &data::logs(false)),
        ),
        (
            "logs-absent",
            routes::render_logs(&frame("/logs"), &crate::model::LogsPage::default()),
        ),
        (
            "timeline",
            routes::render_timeline(&frame("/timeline"), &timeline::known()),
        ),
        (
            "timeline-gone",
            routes::render_timeline(&frame("/timeline"), &timeline::gone()),
        ),
        (
            "timeline-unknown",
            routes::render_timeline(&frame("/timeline"), &timeline::unknown()),
        ),
        (
            "timeline-absent",
            routes::render_timeline(&frame("/timeline"), &TimelinePage::Absent),
        ),
    ]
}

fn each(check: impl Fn(&Markup) -> Result<(), String>) {
    for (name, html) in pages() {
        if let Err(fault) = check(&Markup::read(&html)) {
            panic!("{name}: {fault}");
        }
    }
}

#[test]
fn pages_are_the_same_bytes_every_time() {
    assert_eq!(pages(), pages());
}

#[test]
fn no_page_needs_an_exception_from_the_content_security_policy() {
    each(|page| {
        for tag in &page.tags {
            if tag.name == "style" || tag.attribute("style").is_some() {
                return Err(format!("inline style in <{}>", tag.name));
            }
            if tag.name == "script" && tag.attribute("src").is_none() {
                return Err("inline script".to_owned());
            }
            if let Some((name, _)) = tag.attributes.iter().find(|(name, _)| name.starts_with("on")) {
                return Err(format!("event handler {name} in <{}>", tag.name));
            }
        }
        Ok(())
    });
}

#[test]
fn only_pages_with_islands_load_the_bundle() {
    each(|page| {
        let islands = page.named("leptos-island").count();
        let loader = page
            .named("script")
            .any(|tag| tag.attribute("id") == Some("page") && tag.attribute("data-wasm").is_some());
        (loader == (islands > 0))
            .then_some(())
            .ok_or(format!("{islands} islands, loader: {loader}"))
    });
}

#[test]
fn every_page_has_one_heading_of_level_one_and_one_main() {
    each(|page| {
        let counts = (page.named("h1").count(), page.named("main").count());
        (counts == (1, 1))
            .then_some(())
            .ok_or(format!("h1 and main: {counts:?}"))
    });
}

#[test]
fn ids_are_unique_and_references_resolve() {
    each(|page| {
        let ids = page.ids();
        for window in ids.windows(2) {
            if window[0] == window[1] {
                return Err(format!("id {} twice", window[0]));
            }
        }
        let references = [
            "for",
            "aria-labelledby",
            "aria-describedby",
            "popovertarget",
            "data-copy",
            "form",
            "list",
        ];
        for tag in &page.tags {
            for reference in references.iter().filter_map(|name| tag.attribute(name)) {
                let offered = reference.starts_with("ids-");
                if !offered && ids.binary_search(&reference).is_err() {
                    return Err(format!(
                        "<{}> refers to #{reference}, which is not there",
                        tag.name
                    ));
                }
            }
            if let Some(target) = tag.attribute("href").and_then(|href| href.strip_prefix('#'))
                && ids.binary_search(&target).is_err()
            {
                return Err(format!("a link leads to #{target}, which is not there"));
            }
        }
        Ok(())
    });
}

#[test]
fn every_control_has_a_label() {
    each(|page| {
        let labelled: Vec<&str> = page
            .named("label")
            .filter_map(|tag| tag.attribute("for"))
            .collect();
        for tag in &page.tags {
            let control = matches!(tag.name.as_str(), "input" | "select" | "textarea");
            if !control || tag.attribute("type") == Some("hidden") || tag.attribute("aria-label").is_some() {
                continue;
            }
            if !tag.attribute("id").is_some_and(|id| labelled.contains(&id)) {
                return Err(format!("{tag:?} has no label"));
            }
        }
        Ok(())
    });
}

#[test]
fn slots_for_the_reader_come_through_untouched() {
    let html = routes::render_docs(&data::frame(), &docs::quickstart());
    assert!(html.contains("⟦client_id⟧") && html.contains("⟦api_url⟧"));
}

#[test]
fn pages_can_be_looked_at() {
    let Some(folder) = std::env::var_os("SAMPLES_TO").map(std::path::PathBuf::from) else {
        return;
    };
    std::fs::create_dir_all(&folder).unwrap();
    for (name, html) in pages() {
        std::fs::write(folder.join(name).with_extension("html"), html).unwrap();
    }
}

/// The journey that presses the buttons of rows has no operation with a list of objects to do it on, so it puts this
/// into a form.
#[test]
fn the_rows_of_the_journey_are_those_that_the_server_draws() {
    let page = routes::render_builder(&data::frame(), &builder::rows());
    let (_, drawn) = page.split_once("<fieldset id=\"body-members\"").unwrap();
    let (inner, _) = drawn.split_once("</button></fieldset>").unwrap();
    let drawn = format!("<fieldset id=\"body-members\"{inner}</button></fieldset>\n");
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../end2end/journeys/rows.html");
    if std::env::var_os("UPDATE_ROWS").is_some() {
        std::fs::write(&file, &drawn).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(kept == drawn, "run this test once with UPDATE_ROWS=1");
}
