//! What a caller is beyond its token: the state of its sandbox, its client and its token in the control database.

use super::desk::Desk;
use crate::store::control::{revoked_tokens, sandboxes};
use contract::{Scope, ScopeSet, sandbox::Plan};
use std::time::Duration;

#[tokio::test]
async fn a_caller_carries_its_sandbox_client_scopes_plan_and_epoch() {
    let desk = Desk::open().await;
    let caller = desk.oauth.authenticate(&desk.token().await).await.unwrap();
    assert_eq!(caller.sandbox, desk.owner.sandbox);
    assert_eq!(caller.client_id, desk.owner.client.client_id);
    assert_eq!(caller.scopes, ScopeSet::all());
    assert_eq!((caller.plan, caller.epoch), (Plan::Sandbox, 1));
    assert_eq!(caller.expires_at.as_seconds(), desk.now() + 3600);
}

#[tokio::test]
async fn the_portal_mints_tokens_with_fewer_scopes() {
    let desk = Desk::open().await;
    let scopes: ScopeSet = [Scope::ClientsRead].into_iter().collect();
    let token = desk
        .oauth
        .mint(&desk.owner.sandbox, &desk.owner.client.client_id, &scopes)
        .await
        .unwrap();
    let caller = desk.oauth.authenticate(&token.token).await.unwrap();
    assert_eq!((&caller.scopes, &caller.jti), (&scopes, &token.jti));
    assert!(!format!("{token:?}").contains(&token.token));
}

#[tokio::test]
async fn a_change_by_another_process_is_seen_within_two_seconds() {
    let desk = Desk::open().await;
    let token = desk.token().await;
    desk.oauth.authenticate(&token).await.unwrap();
    let mut write = desk.control.begin().await.unwrap();
    let now = desk.clock.now();
    sandboxes::set_plan(&mut write, &desk.owner.sandbox, Plan::Unlimited, now)
        .await
        .unwrap();
    write.commit().await.unwrap();
    desk.clock.advance_millis(1_999);
    assert_eq!(desk.oauth.authenticate(&token).await.unwrap().plan, Plan::Sandbox);
    desk.clock.advance_millis(1);
    assert_eq!(
        desk.oauth.authenticate(&token).await.unwrap().plan,
        Plan::Unlimited
    );
}

#[tokio::test]
async fn a_change_that_is_announced_is_seen_at_once() {
    let desk = Desk::open().await;
    let token = desk.token().await;
    desk.oauth.authenticate(&token).await.unwrap();
    let mut write = desk.control.begin().await.unwrap();
    sandboxes::bump_epoch(&mut write, &desk.owner.sandbox, desk.clock.now())
        .await
        .unwrap();
    write.commit().await.unwrap();
    desk.oauth.forget_sandbox(&desk.owner.sandbox);
    assert_eq!(desk.oauth.authenticate(&token).await.unwrap().epoch, 2);
}

#[tokio::test]
async fn a_revocation_by_another_process_is_seen_within_two_seconds() {
    let desk = Desk::open().await;
    let token = desk.token().await;
    let caller = desk.oauth.authenticate(&token).await.unwrap();
    let mut write = desk.control.begin().await.unwrap();
    let times = (desk.clock.now(), caller.expires_at);
    revoked_tokens::revoke(&mut write, &caller.sandbox, caller.jti.as_str(), times)
        .await
        .unwrap();
    write.commit().await.unwrap();
    desk.clock.advance_millis(2_000);
    assert!(desk.refusal(&token).await.contains("was revoked"));
}

#[tokio::test]
async fn the_use_of_a_sandbox_is_noted_in_the_background() {
    let desk = Desk::open().await;
    let token = desk.token().await;
    desk.clock.advance_millis(60_000);
    desk.oauth.authenticate(&token).await.unwrap();
    let noted = async {
        loop {
            let row = sandboxes::get(&desk.control, &desk.owner.sandbox)
                .await
                .unwrap()
                .unwrap();
            if row.last_used_at == desk.clock.now() {
                break;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), noted).await.unwrap();
}

#[tokio::test]
async fn secrets_do_not_reach_a_log() {
    let desk = Desk::open().await;
    let shown = format!("{:?} {:?}", desk.owner.client, desk.oauth);
    assert!(!shown.contains(desk.owner.client.client_secret.reveal()));
    assert!(!shown.contains("PRIVATE"));
}
