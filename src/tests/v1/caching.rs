//! Conditional requests and compressed copies.

use crate::harness::Portal;
use serde_json::json;

#[tokio::test]
async fn an_unchanged_resource_is_answered_with_304_and_no_body() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    for path in [
        "/v1/clients",
        "/v1/clients?limit=1",
        &format!("/v1/clients/{}", contract::demo::CLIENT),
    ] {
        let first = developer.get(path).await.expect(200);
        let tag = first.header("etag").expect("a tag").to_owned();
        assert!(tag.starts_with('"'), "strong: {tag}");
        assert_eq!(first.header("cache-control"), Some("private, no-cache"));
        for sent in [
            tag.clone(),
            format!("W/{tag}"),
            format!("\"other\", {tag}"),
            "*".to_owned(),
        ] {
            let again = developer
                .request("GET", path)
                .header("if-none-match", &sent)
                .send()
                .await
                .expect(304);
            assert_eq!(again.text, "");
            assert_eq!(again.header("etag"), Some(&*tag), "{sent}");
            assert_eq!(again.header("cache-control"), Some("private, no-cache"));
            assert!(
                again
                    .header("vary")
                    .is_some_and(|vary| vary.to_lowercase().contains("authorization"))
            );
        }
        developer
            .request("GET", path)
            .header("if-none-match", "\"other\"")
            .send()
            .await
            .expect(200);
    }
}

#[tokio::test]
async fn an_unchanged_page_keeps_its_tag_while_others_read_it() {
    let clock = portal::clock::Clock::fixed(contract::Timestamp::from_millis(1_790_000_000_000));
    let portal = Portal::with(clock, |_| {}).await;
    let developer = portal.sandbox().await;
    let first = developer.get("/v1/clients?limit=1").await.expect(200);
    portal.clock.advance_millis(60_000);
    let second = developer.get("/v1/clients?limit=1").await.expect(200);
    assert!(first.json()["next_cursor"].is_string());
    assert_eq!(first.header("etag"), second.header("etag"));
}

#[tokio::test]
async fn a_repeated_read_is_the_same_until_something_changes() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let path = format!("/v1/clients/{}", contract::demo::CLIENT);
    let first = developer.get(&path).await.expect(200);
    let again = developer.get(&path).await.expect(200);
    assert_eq!(again.text, first.text);
    assert_eq!(again.header("etag"), first.header("etag"));
    assert_ne!(again.header("request-id"), first.header("request-id"));
    let renamed = developer.patch(&path, json!({ "name": "Renamed" })).await;
    renamed.expect(200);
    assert_eq!(developer.get(&path).await.expect(200).json()["name"], "Renamed");
}

#[tokio::test]
async fn a_remembered_answer_is_for_those_who_may_see_it() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let path = format!("/v1/clients/{}", contract::demo::CLIENT);
    developer.get(&path).await.expect(200);
    portal.anonymous().request("GET", &path).send().await.expect(401);
    let narrow = developer.with_scope("custodians:read").await;
    narrow.get(&path).await.expect(401);
    let other = portal.sandbox().await;
    let client = developer
        .post(
            "/v1/clients",
            json!({ "name": "Mine", "reference_currency": "EUR" }),
        )
        .await
        .expect(201)
        .id();
    developer.get(&format!("/v1/clients/{client}")).await.expect(200);
    other.get(&format!("/v1/clients/{client}")).await.expect(404);
}

#[tokio::test]
async fn a_change_elsewhere_leaves_a_tag_as_it_was_and_a_change_here_does_not() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let path = format!("/v1/clients/{}", contract::demo::CLIENT);
    let tag = developer
        .get(&path)
        .await
        .header("etag")
        .expect("a tag")
        .to_owned();
    developer
        .post(
            "/v1/clients",
            json!({ "name": "Other", "reference_currency": "EUR" }),
        )
        .await
        .expect(201);
    developer
        .request("GET", &path)
        .header("if-none-match", &tag)
        .send()
        .await
        .expect(304);
    developer
        .patch(&path, json!({ "name": "Renamed" }))
        .await
        .expect(200);
    developer
        .request("GET", &path)
        .header("if-none-match", &tag)
        .send()
        .await
        .expect(200);
}

#[tokio::test]
async fn a_compressed_copy_has_a_tag_of_its_own_that_still_revalidates() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let list = format!("/v1/clients/{}/legal-entities", contract::demo::CLIENT);
    let plain = developer
        .get(&list)
        .await
        .header("etag")
        .expect("a tag")
        .to_owned();
    for encoding in ["gzip", "br"] {
        let packed = developer
            .request("GET", &list)
            .header("accept-encoding", encoding)
            .send()
            .await;
        assert_eq!(packed.header("content-encoding"), Some(encoding));
        let tag = packed.header("etag").expect("a tag").to_owned();
        assert_ne!(tag, plain);
        assert!(
            packed
                .header("vary")
                .is_some_and(|vary| vary.contains("Accept-Encoding"))
        );
        developer
            .request("GET", &list)
            .header("accept-encoding", encoding)
            .header("if-none-match", tag)
            .send()
            .await
            .expect(304);
    }
}

#[tokio::test]
async fn a_stale_tag_stops_a_change_and_the_current_one_allows_it() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let client = developer
        .post("/v1/clients", json!({ "name": "A", "reference_currency": "EUR" }))
        .await
        .expect(201)
        .id();
    let path = format!("/v1/clients/{client}");
    let seen = developer
        .get(&path)
        .await
        .header("etag")
        .expect("a tag")
        .to_owned();
    let rename = |tag: &str, name: &str| {
        developer
            .request("PATCH", &path)
            .header("if-match", tag)
            .json(json!({ "name": name }))
            .send()
    };
    rename(&seen, "B").await.expect(200);
    assert_eq!(
        rename(&seen, "C").await.expect(412).problem(),
        "precondition-failed"
    );
    assert_eq!(
        rename(&format!("W/{seen}"), "C").await.expect(412).problem(),
        "precondition-failed"
    );
    assert_eq!(developer.get(&path).await.json()["name"], "B");
    developer
        .request("DELETE", &path)
        .header("if-match", &seen)
        .send()
        .await
        .expect(412);
    let current = developer
        .get(&path)
        .await
        .header("etag")
        .expect("a tag")
        .to_owned();
    developer
        .request("DELETE", &path)
        .header("if-match", &current)
        .send()
        .await
        .expect(204);
    developer
        .request("DELETE", &path)
        .header("if-match", &current)
        .send()
        .await
        .expect(404);
}

#[tokio::test]
async fn of_many_changes_on_one_version_exactly_one_wins() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let path = format!("/v1/clients/{}", contract::demo::CLIENT);
    let seen = developer
        .get(&path)
        .await
        .header("etag")
        .expect("a tag")
        .to_owned();
    let tries = (0..12).map(|number| {
        developer
            .request("PATCH", &path)
            .header("if-match", &seen)
            .json(json!({ "name": format!("Writer {number}") }))
            .send()
    });
    let statuses: Vec<_> = futures::future::join_all(tries)
        .await
        .into_iter()
        .map(|answer| answer.status)
        .collect();
    assert_eq!(
        statuses.iter().filter(|status| **status == 200).count(),
        1,
        "{statuses:?}"
    );
    assert_eq!(
        statuses.iter().filter(|status| **status == 412).count(),
        11,
        "{statuses:?}"
    );
}

#[tokio::test]
async fn a_reset_makes_every_tag_stale() {
    let portal = Portal::new().await;
    let developer = portal.sandbox().await;
    let path = format!("/v1/custodians/{}", contract::demo::CUSTODIAN);
    let tag = developer
        .get(&path)
        .await
        .header("etag")
        .expect("a tag")
        .to_owned();
    developer
        .request("POST", "/sandbox/reset")
        .send()
        .await
        .expect(200);
    developer
        .request("GET", &path)
        .header("if-none-match", &tag)
        .send()
        .await
        .expect(200);
}
