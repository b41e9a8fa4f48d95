//! An assertion is good once.

use super::{
    desk::{ASSERTION_TYPE, CLIENT_CREDENTIALS, Desk, ISSUER, JWT_BEARER, rsa_pem},
    forgery::Draft,
};
use crate::{
    oauth::{OAuth, OAuthConfig, SigningKeys, credentials, router},
    store::control::Control,
};

#[tokio::test]
async fn a_used_assertion_is_refused_also_after_a_restart() {
    let mut desk = Desk::open().await;
    let assertion = Draft::assertion(&desk, &desk.owner).sign(&desk.owner.signer);
    desk.grant(&assertion).await.token();
    let again = desk.grant(&assertion).await;
    assert_eq!(again.refused(), (400, "invalid_grant"));
    assert!(again.reason().contains("`jti` was used before"));
    assert_eq!(
        again.trace.as_ref().unwrap().sandbox.as_ref(),
        Some(&desk.owner.sandbox)
    );

    let control = Control::open(&desk.folder.path().join("control.db"))
        .await
        .unwrap();
    let keys = SigningKeys::from_pem(rsa_pem()).unwrap();
    desk.router = router(OAuth::new(
        control,
        desk.clock.clone(),
        OAuthConfig::new(ISSUER),
        keys,
    ));
    assert_eq!(desk.grant(&assertion).await.refused(), (400, "invalid_grant"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_at_once_exactly_one_wins() {
    let desk = Desk::open().await;
    let assertion = Draft::assertion(&desk, &desk.owner).sign(&desk.owner.signer);
    let sends = (0..16).map(|_| desk.grant(&assertion));
    let answers = futures::future::join_all(sends).await;
    let won = answers.iter().filter(|answer| answer.status == 200).count();
    let lost = answers
        .iter()
        .filter(|answer| answer.refused() == (400, "invalid_grant"))
        .count();
    assert_eq!((won, lost), (1, 15));
}

#[tokio::test]
async fn another_signature_of_the_same_claims_is_a_replay_too() {
    let desk = Desk::open().await;
    let draft = Draft::assertion(&desk, &desk.owner);
    desk.grant(&draft.sign(&desk.owner.signer)).await.token();
    let again = desk
        .grant(&draft.header("typ", "jwt").sign(&desk.owner.signer))
        .await;
    assert!(again.reason().contains("`jti` was used before"));
}

#[tokio::test]
async fn the_same_jti_of_two_clients_is_two_assertions() {
    let desk = Desk::open().await;
    let other = desk.another_owner().await;
    for owner in [&desk.owner, &other] {
        let assertion = Draft::assertion(&desk, owner).claim("jti", "1");
        desk.grant(&assertion.sign(&owner.signer)).await.token();
    }
}

#[tokio::test]
async fn a_client_assertion_is_used_up_at_every_endpoint() {
    let desk = Desk::open().await;
    let token = desk.token().await;
    for path in ["/oauth/introspect", "/oauth/revoke", "/oauth/token"] {
        let assertion = Draft::assertion(&desk, &desk.owner).sign(&desk.owner.signer);
        let form = [
            ASSERTION_TYPE,
            ("client_assertion", &assertion),
            ("token", &token),
            CLIENT_CREDENTIALS,
        ];
        assert_eq!(desk.post(path, &form).await.status, 200, "{path}");
        let again = desk.post(path, &form).await;
        assert_eq!(again.refused(), (401, "invalid_client"), "{path}");
        assert!(again.reason().contains("`jti` was used before"), "{path}");
    }
}

#[tokio::test]
async fn when_one_of_two_assertions_is_a_replay_the_other_stays_good() {
    let desk = Desk::open().await;
    let sign = || Draft::assertion(&desk, &desk.owner).sign(&desk.owner.signer);
    let (proof, used, fresh) = (sign(), sign(), sign());
    desk.grant(&used).await.token();
    let both = async |proof: &str, grant: &str| {
        let form = [
            JWT_BEARER,
            ("assertion", grant),
            ASSERTION_TYPE,
            ("client_assertion", proof),
        ];
        desk.post("/oauth/token", &form).await
    };
    assert_eq!(both(&proof, &used).await.refused(), (400, "invalid_grant"));
    both(&proof, &fresh).await.token();
}

#[tokio::test]
async fn a_refused_scope_does_not_use_up_the_assertion() {
    let desk = Desk::open().await;
    let assertion = Draft::assertion(&desk, &desk.owner).sign(&desk.owner.signer);
    let form = [
        JWT_BEARER,
        ("assertion", assertion.as_str()),
        ("scope", "everything"),
    ];
    assert_eq!(
        desk.post("/oauth/token", &form).await.refused(),
        (400, "invalid_scope")
    );
    desk.grant(&assertion).await.token();
}

#[tokio::test]
async fn a_key_can_be_revoked() {
    let desk = Desk::open().await;
    let assertion = || Draft::assertion(&desk, &desk.owner).sign(&desk.owner.signer);
    desk.grant(&assertion()).await.token();
    let mut write = desk.control.begin().await.unwrap();
    let owner = &desk.owner;
    let now = desk.clock.now();
    assert!(
        credentials::revoke_key(&mut write, &owner.sandbox, &owner.key.kid, now)
            .await
            .unwrap()
    );
    assert!(
        !credentials::revoke_key(&mut write, &owner.sandbox, &owner.key.kid, now)
            .await
            .unwrap()
    );
    write.commit().await.unwrap();
    assert!(desk.grant(&assertion()).await.reason().contains("was revoked"));
}
