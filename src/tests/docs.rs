//! What the docs say is what the server does: every command runs as printed, every button produces its problem.

use crate::harness::{Developer, Portal};
use app::{
    model::{Block, Code, Theme},
    request::SendRequest,
};
use contract::contract;
use portal::{
    assets::encoding::Encoding,
    docs::{Docs, Setting, Slots, Source, Template},
};
use std::process::Command;

fn docs(portal: &Portal) -> Docs {
    let setting = Setting {
        portal_url: portal.server.portal_url.clone(),
        api_url: portal.server.api_url.clone(),
        assets: app::model::Assets::default(),
        render: app::routes::render_docs,
    };
    Docs::load(&Source::embedded(), setting).unwrap_or_else(|faults| panic!("{faults:?}"))
}

/// The samples of a page in order.
fn samples<'a>(blocks: &'a [Block], all: &mut Vec<&'a Code>) {
    for block in blocks {
        match block {
            Block::Code(code) => all.push(code),
            Block::Tabs(tabs) => all.extend(tabs.iter().map(|tab| &tab.code)),
            Block::Row { blocks, .. } => samples(blocks, all),
            Block::Steps(steps) => {
                for step in steps {
                    samples(&step.blocks, all);
                }
            }
            Block::Operation(operation) => all.extend(operation.samples.iter().map(|tab| &tab.code)),
            _ => {}
        }
    }
}

/// The page's commands as one script, the reader's own values in it. A call that is refused ends it.
fn script(docs: &Docs, path: &str, reader: &Developer) -> String {
    let slots = Slots {
        client_id: Some(reader.client_id.clone()),
        sandbox_id: Some(reader.sandbox.clone()),
    };
    let mut all = Vec::new();
    samples(&docs.page(path).expect("a page").data().blocks, &mut all);
    let mut script = format!(
        "set -euo pipefail\ncurl() {{ command curl -sS --fail-with-body \"$@\"; }}\nexport ACCESS_TOKEN='{}'\n",
        reader.token
    );
    for code in all {
        // The portal's own command is not on the path.
        if code.lang == "shell" && !code.text.starts_with("portal ") {
            let text = Template::new(&code.text).fill(&slots);
            script.push_str(&text.replace("your_client_secret", &reader.client_secret));
            script.push('\n');
        }
    }
    script
}

async fn run(script: String) -> (bool, String) {
    let done = tokio::task::spawn_blocking(move || {
        let folder = tempfile::tempdir().expect("a folder");
        let mut shell = Command::new("bash");
        shell.args(["-c", &script]).current_dir(folder.path());
        shell.output().expect("bash and curl are installed")
    });
    let output = done.await.expect("the script ends");
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_command_of_a_guide_works_as_printed() {
    let portal = Portal::new().await;
    let docs = docs(&portal);
    let guides = docs.paths().filter(|path| !path.starts_with("/reference/"));
    for path in guides {
        let reader = portal.sandbox().await;
        let (worked, said) = run(script(&docs, path, &reader)).await;
        assert!(worked, "{path}\n{said}");
        if path == "/quickstart" {
            assert!(said.ends_with("304\n"), "{said}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_command_of_the_reference_works_as_printed() {
    let portal = Portal::new().await;
    let docs = docs(&portal);
    for card in &contract().cards {
        let reader = portal.sandbox().await;
        let page = docs
            .operation_url(card.spec.id)
            .and_then(|url| url.split('#').next());
        let page = docs.page(page.expect("an address")).expect("a page").data();
        let block = page.blocks.iter().find_map(|block| match block {
            Block::Operation(block) if block.form.operation == card.spec.id => Some(block),
            _ => None,
        });
        let sample = &block.expect("a block").samples[0].code.text;
        let script = format!(
            "export ACCESS_TOKEN='{}'\n{sample} -sS -o /dev/null -w '%{{http_code}}'\n",
            reader.token
        );
        let (_, said) = run(script).await;
        // The worked examples describe the demo data, where some things are still in use.
        let expected = match card.spec.id {
            "clients.delete"
            | "legal_entities.delete"
            | "accounts.delete"
            | "depositories.delete"
            | "reporting_entities.delete" => 409,
            _ => card.spec.status,
        };
        assert_eq!(said, expected.to_string(), "{}", card.spec.id);
    }
}

#[tokio::test]
async fn every_button_produces_its_problem() {
    let portal = Portal::new().await;
    let docs = docs(&portal);
    let page = docs.page(app::link::ERRORS).expect("a page").data();
    let problems = page.blocks.iter().find_map(|block| match block {
        Block::Problems(problems) => Some(problems),
        _ => None,
    });
    let mut produced = 0;
    for problem in problems.expect("problems") {
        let Some(provoke) = &problem.provoke else { continue };
        let form = contract().form(contract().card(&provoke.operation).expect("an operation"));
        let sent = SendRequest::from_fields(&form, &provoke.fields);
        let wire = sent.wire(&form, "").expect("a request");
        let reader = portal.sandbox().await;
        let mut request = reader.request(wire.method.as_str(), &wire.target);
        for (name, value) in wire.headers.iter().filter(|(name, _)| name != "content-type") {
            request = request.header(name, value);
        }
        if let Some(body) = wire.body {
            request = request.body("application/json", body);
        }
        let answer = request.send().await.expect(problem.status);
        assert_eq!(answer.problem(), problem.slug);
        produced += 1;
    }
    assert!(produced >= 11, "{produced}");
}

#[tokio::test]
async fn a_problem_links_the_page_that_explains_it() {
    let portal = Portal::new().await;
    let docs = docs(&portal);
    let reader = portal.sandbox().await;
    let answer = reader.get("/v1/clients?colour=red").await.expect(400);
    let link = answer.json()["type"].as_str().expect("a type").to_owned();
    let (page, anchor) = link.split_once('#').expect("an anchor");
    let path = page
        .strip_prefix(&portal.server.portal_url)
        .expect("the portal's own address");
    let drawn = docs
        .page(path)
        .expect("a page")
        .body(Theme::System, Encoding::Identity);
    let drawn = String::from_utf8_lossy(&drawn.bytes);
    assert!(drawn.contains(&format!("id=\"{anchor}\"")), "{link}");
}
