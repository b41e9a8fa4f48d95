//! Every known mistake, made on purpose.

use super::*;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwC6hE0Jm6v5k=";
const OTHER: &str = "whsec_plJ3nmyCDGBKInavdOK15jsl1zRj3wT2bS9kqIbN0oQ=";
const BODY: &str = r#"{"event_id":"evt_1","data":{"b":1,"a":"2.50"}}"#;
const NOW: i64 = 1_767_225_600;

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn headers(timestamp: &str, signature: &str) -> String {
    format!(
        "Webhook-Id: evt_1\r\nwebhook-timestamp: {timestamp}\r\nwebhook-signature: v1es256,AAAA {signature}\r\n"
    )
}

fn genuine(secret: &str) -> String {
    let signature = mac(&decoded(secret).unwrap(), &format!("evt_1.{NOW}.{BODY}"));
    headers(&NOW.to_string(), &format!("v1,{}", STANDARD.encode(signature)))
}

fn known() -> Known {
    Known {
        now: NOW + 10,
        ..Known::default()
    }
}

fn check(headers: &str, body: &str, secret: &str, known: &Known) -> Mistakes {
    let received = Received {
        headers,
        body,
        secret,
    };
    diagnose(received, known)
}

#[test]
fn what_is_genuine_has_no_mistake() {
    assert_eq!(check(&genuine(SECRET), BODY, SECRET, &known()), []);
    let bare = SECRET.strip_prefix(PREFIX).unwrap();
    assert_eq!(check(&genuine(SECRET), BODY, &format!(" {bare}\n"), &known()), []);
}

#[test]
fn what_is_missing_is_named() {
    let mistakes = check(
        "webhook-id: evt_1\nwebhook-signature: v1es256,AAAA",
        BODY,
        " ",
        &known(),
    );
    assert_eq!(
        mistakes,
        [
            Mistake::NoHeader("webhook-timestamp"),
            Mistake::NoVersion,
            Mistake::NoSecret
        ]
    );
    assert_eq!(
        check(&headers("soon", "v1,AAAA"), BODY, SECRET, &known()),
        [Mistake::TimestampMalformed]
    );
}

#[test]
fn a_clock_that_is_wrong_is_told_from_a_wrong_signature() {
    for (now, mistake) in [
        (NOW + 301, Some(Mistake::Stale(301))),
        (NOW + 300, None),
        (NOW - 301, Some(Mistake::Ahead(301))),
        (NOW - 300, None),
    ] {
        let known = Known {
            now,
            ..Known::default()
        };
        let mistakes = check(&genuine(SECRET), BODY, SECRET, &known);
        assert_eq!(mistakes, mistake.into_iter().collect::<Vec<_>>());
    }
    let millis = format!("{NOW}000");
    let signature = mac(&decoded(SECRET).unwrap(), &format!("evt_1.{millis}.{BODY}"));
    let headers = headers(&millis, &format!("v1,{}", STANDARD.encode(signature)));
    assert_eq!(
        check(&headers, BODY, SECRET, &known()),
        [Mistake::TimestampInMillis]
    );
}

#[test]
fn a_body_that_went_through_a_parser_is_recognised() {
    let value: Value = serde_json::from_str(BODY).unwrap();
    for (body, change) in [
        (
            serde_json::to_string_pretty(&value).unwrap(),
            Change::Reserialised,
        ),
        (format!("{BODY}\n"), Change::Ends),
        (BODY.replace(':', ": "), Change::Reserialised),
    ] {
        assert_eq!(
            check(&genuine(SECRET), &body, SECRET, &known()),
            [Mistake::Body(change)],
            "{body}"
        );
    }
    let sorted = r#"{"data":{"a":"2.50","b":1},"event_id":"evt_1"}"#;
    assert_eq!(
        check(&genuine(SECRET), sorted, SECRET, &known()),
        [Mistake::Unexplained],
        "the order of members is lost"
    );
    let sent = Known {
        sent: Some(BODY.to_owned()),
        ..known()
    };
    assert_eq!(
        check(&genuine(SECRET), sorted, SECRET, &sent),
        [Mistake::Body(Change::Reserialised)]
    );
    let tampered = BODY.replace("2.50", "2.51");
    assert_eq!(
        check(&genuine(SECRET), &tampered, SECRET, &sent),
        [Mistake::Body(Change::Differs(42))]
    );
}

#[test]
fn the_secret_of_another_endpoint_and_an_old_one_are_recognised() {
    let webhook: WebhookId = "whe_1".parse().unwrap();
    for previous in [false, true] {
        let known = Known {
            secrets: vec![KnownSecret {
                webhook: webhook.clone(),
                secret: OTHER.to_owned(),
                previous,
            }],
            ..known()
        };
        assert_eq!(
            check(&genuine(OTHER), BODY, SECRET, &known),
            [Mistake::OtherSecret {
                webhook: webhook.clone(),
                previous
            }]
        );
    }
    assert_eq!(
        check(&genuine(OTHER), BODY, "not base64!", &known()),
        [Mistake::SecretMalformed]
    );
}

#[test]
fn what_a_signer_of_ones_own_gets_wrong_is_recognised() {
    let key = decoded(SECRET).unwrap();
    let text = format!("evt_1.{NOW}.{BODY}");
    let hex = hex::encode(mac(&key, &text));
    for (signature, mistake) in [
        (
            STANDARD.encode(mac(SECRET.as_bytes(), &text)),
            Mistake::KeyNotDecoded,
        ),
        (
            STANDARD.encode(mac(&key, &format!("{NOW}.{BODY}"))),
            Mistake::IdNotSigned,
        ),
        (STANDARD.encode(mac(&key, BODY)), Mistake::BodyAlone),
        (hex, Mistake::Encoding),
    ] {
        let headers = headers(&NOW.to_string(), &format!("v1,{signature}"));
        assert_eq!(check(&headers, BODY, SECRET, &known()), [mistake]);
    }
}
