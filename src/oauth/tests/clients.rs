//! The ways in which a client proves itself.

use super::{
    desk::{Answer, CLIENT_CREDENTIALS, Desk, JWT_BEARER, basic},
    forgery::Draft,
};
use crate::{
    oauth::{AuthOutcome, credentials},
    store::control::client_secrets::{self, SecretHash},
};
use axum::{
    body::Body,
    http::{Request, header},
};
use contract::ScopeSet;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;

async fn by_basic(desk: &Desk, authorization: &str) -> Answer {
    desk.post_with("/oauth/token", Some(authorization), &[CLIENT_CREDENTIALS])
        .await
}

#[tokio::test]
async fn the_quickstarts_json_request_gets_the_quickstarts_answer() {
    let desk = Desk::open().await;
    let body = json!({
        "grant_type": "client_credentials",
        "client_id": desk.owner.client.client_id.as_str(),
        "client_secret": desk.owner.client.client_secret.reveal(),
        "scope": "positions:read cashflows:read",
    });
    let request =
        Request::post("/oauth/token").header(header::CONTENT_TYPE, "application/json; charset=utf-8");
    let answer = desk
        .send(request.body(Body::from(body.to_string())).unwrap())
        .await;
    let token = answer.token();
    assert_eq!(
        answer.body,
        json!({
            "access_token": token, "token_type": "Bearer", "expires_in": 3600,
            "scope": "positions:read cashflows:read",
        })
    );
    assert_eq!(answer.header(header::CACHE_CONTROL), "no-store");
    assert_eq!(answer.header(header::PRAGMA), "no-cache");
    let trace = answer.trace.unwrap();
    assert_eq!(trace.sandbox.as_ref(), Some(&desk.owner.sandbox));
    assert_eq!(trace.client_id.as_ref(), Some(&desk.owner.client.client_id));
    let caller = desk.oauth.authenticate(&token).await.unwrap();
    assert_eq!(
        trace.outcome,
        AuthOutcome::Issued {
            grant_type: "client_credentials",
            jti: caller.jti.clone()
        }
    );
    assert_eq!(caller.scopes.to_string(), "positions:read cashflows:read");
}

#[tokio::test]
async fn without_a_scope_every_granted_one_is_given() {
    let desk = Desk::open().await;
    let credentials = [CLIENT_CREDENTIALS, desk.owner.id(), desk.owner.secret()];
    for scope in [None, Some(("scope", "")), Some(("scope", " "))] {
        let form: Vec<_> = credentials.into_iter().chain(scope).collect();
        let answer = desk.post("/oauth/token", &form).await;
        assert_eq!(answer.body["scope"], ScopeSet::all().to_string());
    }
}

#[tokio::test]
async fn a_basic_header_may_be_form_urlencoded_inside_or_not() {
    let desk = Desk::open().await;
    let client_id = &desk.owner.client.client_id;
    let secret = "a:b%41+c/d=&ø \"%zz";
    let mut write = desk.control.begin().await.unwrap();
    client_secrets::create(&mut write, client_id, &SecretHash::of(secret), desk.clock.now())
        .await
        .unwrap();
    write.commit().await.unwrap();
    let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
    let form = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    for (id, secret) in [
        (client_id.to_string(), secret.to_owned()),
        (encode(client_id.as_str()), encode(secret)),
        (client_id.to_string(), form(secret)),
    ] {
        by_basic(&desk, &basic(&id, &secret)).await.token();
    }
    let own = desk.owner.basic();
    for authorization in [
        own.as_str(),
        own.trim_end_matches('='),
        &own.replace("Basic", "bAsIc"),
    ] {
        by_basic(&desk, authorization).await.token();
    }
    assert_eq!(
        by_basic(&desk, &basic(client_id.as_str(), "a:bA+c/d=&ø \"%zz"))
            .await
            .status,
        401
    );
}

#[tokio::test]
async fn a_failed_basic_authentication_is_challenged() {
    let desk = Desk::open().await;
    let id = desk.owner.client.client_id.as_str();
    let unknown = "ci_00000000000000000000000000";
    for authorization in [
        basic(id, "wrong"),
        basic(id, ""),
        basic(unknown, "wrong"),
        basic("someone", desk.owner.client.client_secret.reveal()),
        "Basic".to_owned(),
        "Basic %%%".to_owned(),
        "Basic bm8tY29sb24".to_owned(),
        "Bearer token".to_owned(),
    ] {
        let answer = by_basic(&desk, &authorization).await;
        assert_eq!(answer.refused(), (401, "invalid_client"), "{authorization}");
        assert!(
            answer
                .header(header::WWW_AUTHENTICATE)
                .starts_with("Basic realm=")
        );
        assert_eq!(answer.body["error_description"], "Client authentication failed.");
    }
}

#[tokio::test]
async fn an_unknown_client_and_a_wrong_secret_look_the_same_outside() {
    let desk = Desk::open().await;
    let known = [CLIENT_CREDENTIALS, desk.owner.id(), ("client_secret", "wrong")];
    let unknown = [
        CLIENT_CREDENTIALS,
        ("client_id", "ci_00000000000000000000000000"),
        desk.owner.secret(),
    ];
    let known = desk.post("/oauth/token", &known).await;
    let unknown = desk.post("/oauth/token", &unknown).await;
    assert_eq!(known.body, unknown.body);
    assert_eq!(known.headers, unknown.headers);
    assert_eq!(known.header(header::WWW_AUTHENTICATE), "");
    assert_ne!(known.reason(), unknown.reason());
    assert_eq!(known.trace.unwrap().sandbox, Some(desk.owner.sandbox));
    assert_eq!(unknown.trace.unwrap().sandbox, None);
}

#[tokio::test]
async fn secrets_rotate_with_overlap_and_can_be_revoked() {
    let desk = Desk::open().await;
    let client_id = &desk.owner.client.client_id;
    let mut write = desk.control.begin().await.unwrap();
    let new = credentials::rotate_secret(&mut write, client_id, 60_000, desk.clock.now())
        .await
        .unwrap();
    write.commit().await.unwrap();
    let old = desk.owner.basic();
    let new_basic = basic(client_id.as_str(), new.reveal());
    desk.clock.advance_millis(59_999);
    by_basic(&desk, &old).await.token();
    by_basic(&desk, &new_basic).await.token();
    desk.clock.advance_millis(1);
    assert_eq!(by_basic(&desk, &old).await.status, 401);
    by_basic(&desk, &new_basic).await.token();

    let mut write = desk.control.begin().await.unwrap();
    let hash = SecretHash::of(new.reveal());
    assert!(
        credentials::revoke_secret(&mut write, client_id, &hash)
            .await
            .unwrap()
    );
    write.commit().await.unwrap();
    assert_eq!(by_basic(&desk, &new_basic).await.status, 401);
}

#[tokio::test]
async fn one_way_of_authentication_is_enough_and_more_are_refused() {
    let desk = Desk::open().await;
    let owner = &desk.owner;
    let basic = owner.basic();
    let agreeing = [CLIENT_CREDENTIALS, owner.id()];
    desk.post_with("/oauth/token", Some(&basic), &agreeing)
        .await
        .token();
    let differing = [CLIENT_CREDENTIALS, ("client_id", "ci_00000000000000000000000000")];
    let twice = [CLIENT_CREDENTIALS, owner.id(), owner.secret()];
    let assertion = Draft::assertion(&desk, owner).sign(&owner.signer);
    let thrice = [CLIENT_CREDENTIALS, ("client_assertion", assertion.as_str())];
    for form in [&differing[..], &twice, &thrice] {
        let answer = desk.post_with("/oauth/token", Some(&basic), form).await;
        assert_eq!(answer.refused(), (400, "invalid_request"));
    }
    for form in [
        &[CLIENT_CREDENTIALS, owner.secret()][..],
        &[CLIENT_CREDENTIALS, ("client_assertion", assertion.as_str())],
        &[
            CLIENT_CREDENTIALS,
            ("client_assertion_type", "urn:other"),
            ("client_assertion", assertion.as_str()),
        ],
        &[CLIENT_CREDENTIALS, super::desk::ASSERTION_TYPE],
    ] {
        assert_eq!(
            desk.post("/oauth/token", form).await.refused(),
            (400, "invalid_request"),
            "{form:?}"
        );
    }
}

#[tokio::test]
async fn an_assertion_grant_needs_no_client_authentication_but_must_agree_with_it() {
    let desk = Desk::open().await;
    let stranger = desk.another_owner().await;
    let assertion = || Draft::assertion(&desk, &desk.owner).sign(&desk.owner.signer);
    let (first, second, third) = (assertion(), assertion(), assertion());
    let own = [JWT_BEARER, ("assertion", first.as_str())];
    desk.post_with("/oauth/token", Some(&desk.owner.basic()), &own)
        .await
        .token();
    let other = [JWT_BEARER, ("assertion", second.as_str())];
    let answer = desk
        .post_with("/oauth/token", Some(&stranger.basic()), &other)
        .await;
    assert_eq!(answer.refused(), (400, "invalid_grant"));
    let claimed = [JWT_BEARER, ("assertion", third.as_str()), stranger.id()];
    assert_eq!(
        desk.post("/oauth/token", &claimed).await.refused(),
        (400, "invalid_grant")
    );
}
