//! Revocation and introspection.

use super::desk::Desk;
use axum::http::header;
use serde_json::{Value, json};

#[tokio::test]
async fn introspection_tells_a_client_of_its_own_tokens_alone() {
    let desk = Desk::open().await;
    let stranger = desk.another_owner().await;
    let token = desk.token().await;
    let introspect = async |authorization: &str, token: &str| {
        let form = [("token", token), ("token_type_hint", "refresh_token")];
        let answer = desk
            .post_with("/oauth/introspect", Some(authorization), &form)
            .await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header(header::CACHE_CONTROL), "no-store");
        answer.body
    };
    let own = introspect(&desk.owner.basic(), &token).await;
    assert_eq!(own["active"], true);
    assert_eq!(own["token_type"], "Bearer");
    assert_eq!(own["client_id"], desk.owner.client.client_id.as_str());
    assert_eq!(own["tenant"], desk.owner.sandbox.as_str());
    assert_eq!(own["exp"], desk.now() + 3600);
    let inactive: Value = json!({ "active": false });
    assert_eq!(introspect(&stranger.basic(), &token).await, inactive);
    for unknown in ["nonsense", "a.b.c", desk.owner.client.client_secret.reveal()] {
        assert_eq!(introspect(&desk.owner.basic(), unknown).await, inactive);
    }
    let anonymous = desk.post("/oauth/introspect", &[("token", &token)]).await;
    assert_eq!(anonymous.refused(), (401, "invalid_client"));
    let empty = desk
        .post_with("/oauth/introspect", Some(&desk.owner.basic()), &[("token", "")])
        .await;
    assert_eq!(empty.refused(), (400, "invalid_request"));
    desk.clock.advance_millis(3_600_000);
    assert_eq!(introspect(&desk.owner.basic(), &token).await, inactive);
}

#[tokio::test]
async fn revocation_ends_a_clients_own_token_at_once() {
    let desk = Desk::open().await;
    let stranger = desk.another_owner().await;
    let (token, other) = (desk.token().await, desk.token().await);
    desk.oauth.authenticate(&token).await.unwrap();
    let revoke = async |authorization: &str, token: &str| {
        desk.post_with("/oauth/revoke", Some(authorization), &[("token", token)])
            .await
            .status
            .as_u16()
    };
    assert_eq!(revoke(&stranger.basic(), &token).await, 200);
    desk.oauth.authenticate(&token).await.unwrap();
    assert_eq!(revoke(&desk.owner.basic(), "unknown").await, 200);
    assert_eq!(revoke(&desk.owner.basic(), &token).await, 200);
    assert!(desk.refusal(&token).await.contains("was revoked"));
    assert_eq!(revoke(&desk.owner.basic(), &token).await, 200);
    desk.oauth.authenticate(&other).await.unwrap();
    let form = [("token", token.as_str()), desk.owner.id(), desk.owner.secret()];
    assert_eq!(
        desk.post("/oauth/introspect", &form).await.body,
        json!({ "active": false })
    );
    assert_eq!(
        desk.post("/oauth/revoke", &[("token", &token)]).await.refused(),
        (401, "invalid_client")
    );
    let empty = desk
        .post_with("/oauth/revoke", Some(&desk.owner.basic()), &[])
        .await;
    assert_eq!(empty.refused(), (400, "invalid_request"));
}
