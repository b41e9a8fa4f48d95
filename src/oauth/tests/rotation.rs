//! Signing keys: made once, shared by every process, changed over without a gap; judged by another JWT library.

use super::desk::{Desk, ISSUER};
use crate::{
    clock::Clock,
    oauth::{OAuth, OAuthConfig, SigningKeys, keys, router},
    store::control::Control,
};
use axum::http::header;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::JwkSet};
use serde_json::Value;

/// A server on the desk's data folder with the keys that are in its database.
async fn serve(desk: &Desk) -> Desk {
    let path = desk.folder.path().join("control.db");
    let control = Control::open(&path).await.unwrap();
    let keys = SigningKeys::load(&control, desk.clock.now()).await.unwrap();
    let oauth = OAuth::new(
        control.clone(),
        desk.clock.clone(),
        OAuthConfig::new(ISSUER),
        keys,
    );
    Desk {
        folder: tempfile::tempdir().unwrap(),
        control,
        clock: desk.clock.clone(),
        router: router(oauth.clone()),
        oauth,
        owner: desk.another_owner().await,
    }
}

/// Verifies as a stranger does who has nothing but the published set; returns the `kid`.
fn judge(token: &str, published: &Value) -> Option<String> {
    let header = jsonwebtoken::decode_header(token).unwrap();
    let kid = header.kid.unwrap();
    let set: JwkSet = serde_json::from_value(published.clone()).unwrap();
    let key = DecodingKey::from_jwk(set.find(&kid)?).unwrap();
    let mut validation = Validation::new(Algorithm::RS256);
    validation.set_audience(&[ISSUER]);
    validation.set_issuer(&[ISSUER]);
    // The desk's clock stands in the past or in the future.
    validation.validate_exp = false;
    let claims = jsonwebtoken::decode::<Value>(token, &key, &validation)
        .unwrap()
        .claims;
    assert_eq!(claims["sub"], claims["client_id"]);
    assert_eq!(header.typ.as_deref(), Some("at+jwt"));
    Some(kid)
}

async fn jwks(desk: &Desk) -> Value {
    let answer = desk.get("/.well-known/jwks.json").await;
    assert_eq!(answer.header(header::CACHE_CONTROL), "public, max-age=300");
    answer.body
}

#[tokio::test]
async fn another_library_verifies_our_tokens_from_the_published_keys() {
    let desk = Desk::open().await;
    let published = jwks(&desk).await;
    assert!(judge(&desk.token().await, &published).is_some());
    let key = &published["keys"][0];
    assert_eq!(
        (&key["alg"], &key["use"], &key["e"]),
        (&"RS256".into(), &"sig".into(), &"AQAB".into())
    );
    for private in ["d", "p", "q", "dp", "dq", "qi"] {
        assert!(key.get(private).is_none());
    }
}

#[tokio::test]
async fn processes_that_start_together_share_one_key() {
    let desk = Desk::open().await;
    let (first, second) = tokio::join!(serve(&desk), serve(&desk));
    let published = jwks(&first).await;
    assert_eq!(published, jwks(&second).await);
    assert_eq!(published["keys"].as_array().unwrap().len(), 1);
    first.oauth.authenticate(&second.token().await).await.unwrap();
    assert_eq!(published, jwks(&serve(&desk).await).await, "after a restart too");
}

#[tokio::test]
async fn a_rotation_leaves_no_gap() {
    let desk = Desk::open().await;
    let server = serve(&desk).await;
    let before = server.token().await;
    let old = judge(&before, &jwks(&server).await).unwrap();

    // By another process: the server notices within half a minute.
    let elsewhere = Control::open(&desk.folder.path().join("control.db"))
        .await
        .unwrap();
    keys::rotate(&elsewhere, desk.clock.now()).await.unwrap();
    desk.clock.advance_millis(30_000);
    let published = jwks(&server).await;
    assert_eq!(published["keys"].as_array().unwrap().len(), 2);
    assert_eq!(
        judge(&server.token().await, &published).unwrap(),
        old,
        "the next key is published, not used"
    );

    // Anyone's copy of the set, at most 300 seconds old, already holds the key that signs now.
    desk.clock.advance_millis(330_000);
    let after = server.token().await;
    let new = judge(&after, &published).unwrap();
    assert_ne!(new, old);
    server.oauth.authenticate(&before).await.unwrap();
    server.oauth.authenticate(&after).await.unwrap();

    // The old key stays until the last token that it can have signed has expired.
    let of_old_key = async || jwks(&server).await["keys"].as_array().unwrap().len() == 2;
    desk.clock.advance_millis(3_600_000);
    assert!(of_old_key().await);
    desk.clock.advance_millis(60_000);
    assert!(!of_old_key().await);
    assert_eq!(judge(&server.token().await, &jwks(&server).await).unwrap(), new);
}

#[tokio::test]
async fn rotations_in_quick_succession_queue_up() {
    let desk = Desk::open().await;
    let server = serve(&desk).await;
    keys::rotate(&server.control, desk.clock.now()).await.unwrap();
    keys::rotate(&server.control, desk.clock.now()).await.unwrap();
    let mut kids = Vec::new();
    for _ in 0..3 {
        desk.clock.advance_millis(30_000);
        kids.push(judge(&server.token().await, &jwks(&server).await).unwrap());
        desk.clock.advance_millis(330_000);
    }
    kids.push(judge(&server.token().await, &jwks(&server).await).unwrap());
    kids.dedup();
    assert_eq!(kids.len(), 3);
}

#[tokio::test]
async fn something_else_than_a_key_is_an_error() {
    SigningKeys::from_pem("nonsense").unwrap_err();
    let control = Desk::open().await.control;
    SigningKeys::load(&control, Clock::system().now()).await.unwrap();
}
