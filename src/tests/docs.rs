//! What the docs say is what the server does: every command runs as printed, every button produces its problem.

use crate::{
    harness::{Answer, Developer, Portal},
    site::browser::Browser,
};
use app::{
    model::{Action, Block, Code, Provocation, Provoked, Theme},
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
        contract: contract(),
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
    let mut others = Vec::new();
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
        if said != card.spec.status.to_string() {
            others.push((card.spec.id, said));
        }
    }
    others.sort_unstable();
    let others: Vec<String> = others
        .into_iter()
        .map(|(id, said)| format!("{said} {id}"))
        .collect();
    // The worked examples describe the demo data, where some things are still in use, no fault is planted,
    // nothing was exported yet, and there are no endpoints and inboxes.
    let expected = [
        "409 accounts.delete",
        "409 clients.delete",
        "404 deliveries.get",
        "404 deliveries.list",
        "404 deliveries.replay",
        "409 depositories.delete",
        "404 extracts.get",
        "409 instruments.delete",
        "409 legal_entities.delete",
        "409 reporting_entities.delete",
        "404 sandbox.faults.delete",
        "404 sandbox.faults.get",
        "404 sandbox.inboxes.delete",
        "404 sandbox.inboxes.get",
        "404 sandbox.inboxes.messages",
        "404 sandbox.inboxes.update",
        "404 webhooks.delete",
        "404 webhooks.get",
        "404 webhooks.replay",
        "404 webhooks.rotate_secret",
        "404 webhooks.test",
        "404 webhooks.update",
    ];
    assert_eq!(others, expected);
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
    for problem in problems.expect("problems") {
        match &problem.provoke {
            Provoked::Builder(provoke) => {
                let answer = sent(&portal, provoke).await.expect(problem.status);
                assert_eq!(answer.problem(), problem.slug);
            }
            Provoked::Rehearsal(_) => {
                let visitor = Browser::new(&portal);
                visitor.create_sandbox().await;
                let page = visitor
                    .post(app::link::REHEARSE, &[("problem", &problem.slug)])
                    .await;
                let page = page.expect(200).text;
                let kind = format!("{}#{}", app::link::ERRORS, problem.slug);
                assert!(
                    page.contains(&format!("{kind}&quot;")),
                    "{}\n{page}",
                    problem.slug
                );
                assert!(
                    page.contains(&format!(">{}</span>", problem.status)),
                    "{}",
                    problem.slug
                );
            }
        }
    }
}

/// What the API says to a button's request, in a sandbox of its own.
async fn sent(portal: &Portal, provoke: &Provocation) -> Answer {
    let form = contract().form(contract().card(&provoke.operation).expect("an operation"));
    let wire = SendRequest::from_fields(&form, &provoke.fields)
        .wire(&form, "")
        .expect("a request");
    let reader = portal.sandbox().await;
    let mut request = reader.request(wire.method.as_str(), &wire.target);
    for (name, value) in wire.headers.iter().filter(|(name, _)| name != "content-type") {
        request = request.header(name, value);
    }
    if let Some(body) = wire.body {
        request = request.body("application/json", body);
    }
    request.send().await
}

/// The requests that a page's buttons send.
fn requests<'a>(blocks: &'a [Block], all: &mut Vec<&'a Provocation>) {
    for block in blocks {
        match block {
            Block::Action(Action::Send(request)) => all.push(request),
            Block::Row { blocks, rail } => {
                requests(blocks, all);
                requests(rail, all);
            }
            Block::Steps(steps) => steps.iter().for_each(|step| requests(&step.blocks, all)),
            _ => {}
        }
    }
}

#[tokio::test]
async fn every_request_that_a_page_sends_succeeds() {
    let portal = Portal::new().await;
    let docs = docs(&portal);
    let mut all = Vec::new();
    for path in docs.paths() {
        requests(&docs.page(path).expect("a page").data().blocks, &mut all);
    }
    assert!(!all.is_empty());
    for request in all {
        let answer = sent(&portal, request).await;
        assert!(answer.status < 300, "{request:?} answers {}", answer.status);
    }
}

/// An assertion of `kid`, signed as the page's script signs it.
fn assertion(key: &p256::ecdsa::SigningKey, issued: &serde_json::Value, nonce: &str) -> String {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    use p256::ecdsa::{Signature, signature::Signer as _};
    let now = jiff::Timestamp::now().as_second();
    let header = serde_json::json!({ "alg": "ES256", "typ": "JWT", "kid": issued["kid"] });
    let claims = serde_json::json!({
        "iss": issued["iss"], "sub": issued["sub"], "aud": issued["aud"],
        "iat": now, "exp": now + 240, "jti": format!("{nonce}-{now}"),
    });
    let encode = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", encode(&header), encode(&claims));
    let signature: Signature = key.sign(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
}

#[tokio::test]
async fn a_key_of_the_browser_is_registered_used_and_forgotten() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    let key = p256::ecdsa::SigningKey::from_slice(&[7; 32]).expect("a key");
    let jwk = p256::PublicKey::from(key.verifying_key()).to_jwk_string();
    let register = [("jwk", jwk.as_str())];
    let refused = visitor.post(app::link::BROWSER_KEY, &register).await.expect(409);
    assert!(refused.text.contains("Create one first"));

    visitor.create_sandbox().await;
    let issued = visitor
        .post(app::link::BROWSER_KEY, &register)
        .await
        .expect(200)
        .json();
    assert_eq!(issued["aud"], portal.server.api_url);
    let signed = assertion(&key, &issued, "first");
    let exchange = [("assertion", signed.as_str())];
    let exchanged = visitor.post(app::link::BROWSER_KEY_EXCHANGE, &exchange).await;
    let exchanged = exchanged.expect(200).json();
    assert_eq!(exchanged["status"], 200);
    assert_eq!(exchanged["body"]["token_type"], "Bearer");
    let token = exchanged["body"]["access_token"].as_str().expect("a token");
    assert!(token.ends_with('…') && token.len() < 20, "{token}");
    let again = visitor.post(app::link::BROWSER_KEY_EXCHANGE, &exchange).await;
    assert_eq!(again.expect(200).json()["body"]["error"], "invalid_grant");

    let kid = issued["kid"].as_str().expect("a key id");
    let stranger = Browser::new(&portal);
    stranger.create_sandbox().await;
    stranger
        .post(app::link::BROWSER_KEY_FORGET, &[("kid", kid)])
        .await
        .expect(200);
    let outcome = |nonce: &'static str| {
        let signed = assertion(&key, &issued, nonce);
        let visitor = &visitor;
        async move {
            let fields = [("assertion", signed.as_str())];
            visitor
                .post(app::link::BROWSER_KEY_EXCHANGE, &fields)
                .await
                .expect(200)
                .json()["status"]
                .clone()
        }
    };
    assert_eq!(outcome("second").await, 200, "another's key stays");
    visitor
        .post(app::link::BROWSER_KEY_FORGET, &[("kid", kid)])
        .await
        .expect(200);
    assert_eq!(outcome("third").await, 400);
    let with_private = jwk.replace('}', ",\"d\":\"AA\"}");
    visitor
        .post(app::link::BROWSER_KEY, &[("jwk", &with_private)])
        .await
        .expect(409);
}

#[tokio::test]
async fn a_rehearsal_needs_a_sandbox_and_a_known_name() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    let page = visitor
        .post(app::link::REHEARSE, &[("problem", "rate-limited")])
        .await;
    assert!(page.expect(200).text.contains("Create sandbox"));
    for fields in [
        &[][..],
        &[("problem", "no-such-problem")],
        &[("problem", "not-found")],
    ] {
        visitor.post(app::link::REHEARSE, fields).await.expect(404);
    }
}

#[tokio::test]
async fn the_quickstart_exchanges_a_secret_that_it_does_not_keep() {
    let portal = Portal::new().await;
    let visitor = Browser::new(&portal);
    let credentials = visitor.create_sandbox().await;
    let step = |secret: String| {
        let visitor = &visitor;
        async move {
            let fields = [("step", "token"), ("client_secret", secret.as_str())];
            visitor.post(app::link::REHEARSE, &fields).await.expect(200).text
        }
    };
    let page = step(credentials.secret.clone()).await;
    assert!(page.contains("Bearer") && page.contains("expires_in"), "{page}");
    assert!(!page.contains(&credentials.secret));
    assert!(step("wrong".to_owned()).await.contains("invalid_client"));
    assert!(step(String::new()).await.contains("Paste the client secret"));
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
