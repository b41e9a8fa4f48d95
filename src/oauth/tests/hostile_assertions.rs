//! Assertions that must be refused, by name: each is a good one but for a single thing.

use super::{
    desk::{ASSERTION_TYPE, Answer, CLIENT_CREDENTIALS, Desk, ISSUER, Owner},
    forgery::{Draft, encode, es256, with_signature},
};
use crate::oauth::credentials;
use p256::{
    ecdsa::{Signature, signature::Signer},
    pkcs8::EncodePublicKey,
};
use serde_json::json;

/// Name, a part of the exact reason, and how to make it from a good draft.
type Case = (&'static str, &'static str, fn(&Stage, Draft) -> String);

struct Stage {
    desk: Desk,
    stranger: Owner,
    revoked: String,
}

impl Stage {
    async fn new() -> Self {
        let desk = Desk::open().await;
        let stranger = desk.another_owner().await;
        let jwk = p256::PublicKey::from(desk.owner.signer.verifying_key()).to_jwk_string();
        let mut write = desk.control.begin().await.unwrap();
        let now = desk.clock.now();
        let key = credentials::register_key(&mut write, &desk.owner.sandbox, &jwk, now)
            .await
            .unwrap();
        assert!(
            credentials::revoke_key(&mut write, &desk.owner.sandbox, &key.kid, now)
                .await
                .unwrap()
        );
        write.commit().await.unwrap();
        Self {
            revoked: key.kid.to_string(),
            desk,
            stranger,
        }
    }
    fn sign(&self, draft: &Draft) -> String {
        draft.sign(&self.desk.owner.signer)
    }
    fn now(&self) -> i64 {
        self.desk.now()
    }
}

#[rustfmt::skip]
const ALGORITHMS: &[Case] = &[
    ("alg none, no signature", "`alg` is not ES256", |_, draft| draft.header("alg", "none").signed() + "."),
    ("alg None", "`alg` is not ES256", |stage, draft| stage.sign(&draft.header("alg", "None"))),
    ("alg es256", "`alg` is not ES256", |stage, draft| stage.sign(&draft.header("alg", "es256"))),
    ("alg ES384", "`alg` is not ES256", |stage, draft| stage.sign(&draft.header("alg", "ES384"))),
    ("alg RS256", "`alg` is not ES256", |stage, draft| stage.sign(&draft.header("alg", "RS256"))),
    ("alg missing", "`alg` is missing", |stage, draft| stage.sign(&draft.without("alg"))),
    ("alg null", "`alg` is not a string", |stage, draft| stage.sign(&draft.header("alg", json!(null)))),
    ("HS256 with the public JWK", "`alg` is not ES256", |stage, draft| {
        let jwk = p256::PublicKey::from(stage.desk.owner.signer.verifying_key()).to_jwk_string();
        draft.header("alg", "HS256").hmac(jwk.as_bytes())
    }),
    ("HS256 with the public PEM", "`alg` is not ES256", |stage, draft| {
        let key = p256::PublicKey::from(stage.desk.owner.signer.verifying_key());
        draft.header("alg", "HS256").hmac(key.to_public_key_pem(p256::pkcs8::LineEnding::LF).unwrap().as_bytes())
    }),
    ("HMAC under alg ES256", "not the 64 bytes", |_, draft| draft.hmac(b"")),
];

#[rustfmt::skip]
const KEYS: &[Case] = &[
    ("kid missing", "`kid` is missing", |stage, draft| stage.sign(&draft.without("kid"))),
    ("kid a number", "`kid` is not a string", |stage, draft| stage.sign(&draft.header("kid", 1))),
    ("kid unknown", "no key with this `kid`", |stage, draft| {
        stage.sign(&draft.header("kid", "key_00000000000000000000000000"))
    }),
    ("kid a path", "not one that was issued here", |stage, draft| stage.sign(&draft.header("kid", "../../dev/null"))),
    ("kid SQL", "not one that was issued here", |stage, draft| stage.sign(&draft.header("kid", "x' OR '1'='1"))),
    ("kid of another client", "no key with this `kid`", |stage, draft| {
        draft.header("kid", stage.stranger.key.kid.as_str()).sign(&stage.stranger.signer)
    }),
    ("kid revoked", "was revoked", |stage, draft| stage.sign(&draft.header("kid", stage.revoked.as_str()))),
    ("signed by another client", "does not match the key", |stage, draft| draft.sign(&stage.stranger.signer)),
    ("crit", "`crit`", |stage, draft| stage.sign(&draft.header("crit", json!(["exp"])))),
    ("b64 false", "`b64`", |stage, draft| stage.sign(&draft.header("b64", false))),
    ("embedded jwk", "`jwk`", |stage, draft| {
        let jwk = p256::PublicKey::from(stage.stranger.signer.verifying_key()).to_jwk_string();
        let jwk: serde_json::Value = serde_json::from_str(&jwk).unwrap();
        draft.header("jwk", jwk).sign(&stage.stranger.signer)
    }),
    ("jku", "`jku`", |stage, draft| stage.sign(&draft.header("jku", "https://evil.example/jwks.json"))),
    ("x5u", "`x5u`", |stage, draft| stage.sign(&draft.header("x5u", "https://evil.example/cert"))),
    ("x5c", "`x5c`", |stage, draft| stage.sign(&draft.header("x5c", json!(["MII"])))),
];

#[rustfmt::skip]
const SIGNATURES: &[Case] = &[
    ("DER signature", "DER is not accepted", |stage, draft| {
        let signature: Signature = stage.desk.owner.signer.sign(draft.signed().as_bytes());
        with_signature(&draft.signed(), signature.to_der().as_bytes())
    }),
    ("63 bytes", "not the 64 bytes", |_, draft| with_signature(&draft.signed(), &[1; 63])),
    ("65 bytes", "not the 64 bytes", |_, draft| with_signature(&draft.signed(), &[1; 65])),
    ("zeros", "not the 64 bytes", |_, draft| with_signature(&draft.signed(), &[0; 64])),
    ("no signature", "not the 64 bytes", |_, draft| draft.signed() + "."),
    ("payload changed", "does not match the key", |stage, draft| {
        let good = stage.sign(&draft);
        let signature = good.rsplit_once('.').unwrap().1;
        format!("{}.{signature}", draft.claim("jti", "another").signed())
    }),
    ("header changed", "does not match the key", |stage, draft| {
        let good = stage.sign(&draft);
        let signature = good.rsplit_once('.').unwrap().1;
        format!("{}.{signature}", draft.header("cty", "JWT").signed())
    }),
];

#[rustfmt::skip]
const TIMES: &[Case] = &[
    ("exp missing", "`exp` is missing", |stage, draft| stage.sign(&draft.without("exp"))),
    ("exp null", "`exp` is not a time", |stage, draft| stage.sign(&draft.claim("exp", json!(null)))),
    ("exp text", "`exp` is not a time", |stage, draft| {
        stage.sign(&draft.claim("exp", (stage.now() + 60).to_string()))
    }),
    ("exp in milliseconds", "`exp` is not a time", |stage, draft| {
        stage.sign(&draft.claim("exp", (stage.now() + 60) * 1000))
    }),
    ("exp negative", "`exp` is not a time", |stage, draft| stage.sign(&draft.claim("exp", -1))),
    ("exp a second ago", "expired at", |stage, draft| stage.sign(&draft.claim("exp", stage.now() - 1))),
    ("exp right now", "expired at", |stage, draft| stage.sign(&draft.claim("exp", stage.now()))),
    ("exp too far ahead", "more than 5 minutes", |stage, draft| stage.sign(&draft.claim("exp", stage.now() + 301))),
    ("exp before iat", "not after `iat`", |stage, draft| {
        stage.sign(&draft.claim("iat", stage.now() + 20).claim("exp", stage.now() + 10))
    }),
    ("a long life that is nearly over", "more than 5 minutes", |stage, draft| {
        stage.sign(&draft.claim("iat", stage.now() - 3000))
    }),
    ("iat missing", "`iat` is missing", |stage, draft| stage.sign(&draft.without("iat"))),
    ("iat text", "`iat` is not a time", |stage, draft| stage.sign(&draft.claim("iat", "now"))),
    ("iat in the future", "`iat` is more than 30", |stage, draft| stage.sign(&draft.claim("iat", stage.now() + 31))),
    ("nbf in the future", "`nbf` is more than 30", |stage, draft| stage.sign(&draft.claim("nbf", stage.now() + 31))),
    ("nbf text", "`nbf` is not a time", |stage, draft| stage.sign(&draft.claim("nbf", "soon"))),
];

#[rustfmt::skip]
const PARTIES: &[Case] = &[
    ("aud missing", "`aud` is missing", |stage, draft| stage.sign(&draft.without("aud"))),
    ("aud null", "`aud` is not a string", |stage, draft| stage.sign(&draft.claim("aud", json!(null)))),
    ("aud empty array", "another number of audiences", |stage, draft| stage.sign(&draft.claim("aud", json!([])))),
    ("aud two, one ours", "another number of audiences", |stage, draft| {
        stage.sign(&draft.claim("aud", json!([ISSUER, "https://other.example"])))
    }),
    ("aud another server", "`aud` is not", |stage, draft| stage.sign(&draft.claim("aud", "https://other.example"))),
    ("aud with a slash", "`aud` is not", |stage, draft| stage.sign(&draft.claim("aud", format!("{ISSUER}/")))),
    ("aud in upper case", "`aud` is not", |stage, draft| stage.sign(&draft.claim("aud", ISSUER.to_uppercase()))),
    ("aud another endpoint", "`aud` is not", |stage, draft| {
        stage.sign(&draft.claim("aud", format!("{ISSUER}/oauth/revoke")))
    }),
    ("iss missing", "`iss` is missing", |stage, draft| stage.sign(&draft.without("iss"))),
    ("iss unknown", "not one that was issued here", |stage, draft| stage.sign(&draft.claim("iss", "someone"))),
    ("iss another client", "no key with this `kid`", |stage, draft| {
        stage.sign(&draft.claim("iss", stage.stranger.key.iss.as_str()))
    }),
    ("iss an array", "`iss` is not a string", |stage, draft| {
        let issuer = json!([stage.desk.owner.key.iss]);
        stage.sign(&draft.claim("iss", issuer))
    }),
    ("sub missing", "`sub` is missing", |stage, draft| stage.sign(&draft.without("sub"))),
    ("sub another client", "`sub` is not the one", |stage, draft| {
        stage.sign(&draft.claim("sub", stage.stranger.key.sub.as_str()))
    }),
    ("sub the sandbox", "`sub` is not the one", |stage, draft| {
        stage.sign(&draft.claim("sub", stage.desk.owner.sandbox.as_str()))
    }),
    ("jti missing", "`jti` is missing", |stage, draft| stage.sign(&draft.without("jti"))),
    ("jti empty", "`jti` is empty", |stage, draft| stage.sign(&draft.claim("jti", ""))),
    ("jti too long", "longer than 128", |stage, draft| stage.sign(&draft.claim("jti", "j".repeat(129)))),
    ("jti a number", "`jti` is not a string", |stage, draft| stage.sign(&draft.claim("jti", 7))),
    ("typ at+jwt", "`typ` is neither", |stage, draft| stage.sign(&draft.header("typ", "at+jwt"))),
    ("typ dpop+jwt", "`typ` is neither", |stage, draft| stage.sign(&draft.header("typ", "dpop+jwt"))),
    ("typ a number", "`typ` is not a string", |stage, draft| stage.sign(&draft.header("typ", 1))),
];

#[rustfmt::skip]
const SHAPES: &[Case] = &[
    ("two parts", "2 parts", |_, draft| draft.signed()),
    ("four parts", "4 parts", |stage, draft| stage.sign(&draft) + ".e30"),
    ("five parts, as a JWE", "5 parts", |_, _| "e30.e30.e30.e30.e30".to_owned()),
    ("one word", "1 parts", |_, _| "assertion".to_owned()),
    ("too long", "longer than 8192", |stage, draft| stage.sign(&draft.claim("pad", "x".repeat(8192)))),
    ("leading space", "not base64url", |stage, draft| format!(" {}", stage.sign(&draft))),
    ("trailing newline", "not base64url", |stage, draft| stage.sign(&draft) + "\n"),
    ("padding", "not base64url", |stage, draft| stage.sign(&draft) + "=="),
    ("the other Base64", "not base64url", |stage, draft| {
        let signed = format!("{}.{}", encode(draft.header.to_string()), "e30+/w");
        es256(&signed, &stage.desk.owner.signer)
    }),
    ("header an array", "header is not a JSON object", |stage, draft| {
        es256(&format!("{}.{}", encode("[]"), encode(draft.claims.to_string())), &stage.desk.owner.signer)
    }),
    ("payload text", "payload is not a JSON object", |stage, draft| {
        es256(&format!("{}.{}", encode(draft.header.to_string()), encode("\"x\"")), &stage.desk.owner.signer)
    }),
    ("payload not UTF-8", "payload is not a JSON object", |stage, draft| {
        es256(&format!("{}.{}", encode(draft.header.to_string()), encode([0xff])), &stage.desk.owner.signer)
    }),
    ("alg twice", "repeats a member", |stage, draft| {
        let header = draft.header.to_string().replacen('{', r#"{"alg":"none","#, 1);
        es256(&format!("{}.{}", encode(header), encode(draft.claims.to_string())), &stage.desk.owner.signer)
    }),
    ("sub twice", "repeats a member", |stage, draft| {
        let claims = draft.claims.to_string().replacen('{', r#"{"sub":"x","#, 1);
        es256(&format!("{}.{}", encode(draft.header.to_string()), encode(claims)), &stage.desk.owner.signer)
    }),
];

fn cases() -> impl Iterator<Item = &'static Case> {
    [ALGORITHMS, KEYS, SIGNATURES, TIMES, PARTIES, SHAPES]
        .into_iter()
        .flatten()
}

#[tokio::test]
async fn every_hostile_assertion_is_refused_with_one_message_and_an_exact_reason() {
    let stage = Stage::new().await;
    assert!(cases().count() >= 40);
    for (name, reason, forge) in cases() {
        let draft = Draft::assertion(&stage.desk, &stage.desk.owner);
        let answer = stage.desk.grant(&forge(&stage, draft.clone())).await;
        assert_eq!(answer.refused(), (400, "invalid_grant"), "{name}");
        assert_eq!(
            answer.body["error_description"],
            "The assertion was refused. The request log of the sandbox holds the reason.",
            "{name}"
        );
        assert!(answer.reason().contains(reason), "{name}: {}", answer.reason());
        // The draft itself is good, and the attempt did not use up its id.
        stage.desk.grant(&stage.sign(&draft)).await.token();
    }
}

async fn authenticate(stage: &Stage, assertion: &str) -> Answer {
    let form = [
        CLIENT_CREDENTIALS,
        ASSERTION_TYPE,
        ("client_assertion", assertion),
    ];
    stage.desk.post("/oauth/token", &form).await
}

#[tokio::test]
async fn the_same_assertions_do_not_authenticate_a_client() {
    let stage = Stage::new().await;
    for (name, reason, forge) in cases() {
        let draft = Draft::assertion(&stage.desk, &stage.desk.owner);
        let answer = authenticate(&stage, &forge(&stage, draft.clone())).await;
        let expected = [(401, "invalid_client"), (400, "invalid_request")];
        assert!(expected.contains(&answer.refused()), "{name}: {}", answer.body);
        assert!(answer.reason().contains(reason), "{name}: {}", answer.reason());
        authenticate(&stage, &stage.sign(&draft)).await.token();
    }
}

#[tokio::test]
async fn what_cannot_be_read_as_a_client_assertion_is_an_invalid_request() {
    let stage = Stage::new().await;
    assert_eq!(
        authenticate(&stage, "a.b").await.refused(),
        (400, "invalid_request")
    );
}

#[tokio::test]
async fn each_purpose_has_its_own_audience_and_type() {
    let stage = Stage::new().await;
    let draft = || Draft::assertion(&stage.desk, &stage.desk.owner);
    let endpoint = || draft().claim("aud", format!("{ISSUER}/oauth/token"));
    stage.desk.grant(&stage.sign(&endpoint())).await.token();
    let answer = authenticate(&stage, &stage.sign(&endpoint())).await;
    assert_eq!(answer.refused(), (401, "invalid_client"));

    let typed = |typ: &str| stage.sign(&draft().header("typ", typ));
    for typ in [
        "authorization-grant+jwt",
        "application/authorization-grant+jwt",
        "jwt",
    ] {
        stage.desk.grant(&typed(typ)).await.token();
    }
    authenticate(&stage, &typed("client-authentication+jwt"))
        .await
        .token();
    let answer = authenticate(&stage, &typed("authorization-grant+jwt")).await;
    assert_eq!(answer.refused(), (401, "invalid_client"));
    let answer = stage.desk.grant(&typed("client-authentication+jwt")).await;
    assert_eq!(answer.refused(), (400, "invalid_grant"));
    stage
        .desk
        .grant(&stage.sign(&draft().without("typ")))
        .await
        .token();
    stage
        .desk
        .grant(&stage.sign(&draft().claim("aud", json!([ISSUER]))))
        .await
        .token();
}

#[tokio::test]
async fn the_limits_of_time_are_inclusive_where_they_should_be() {
    let stage = Stage::new().await;
    let now = stage.now();
    for (issued_at, expires_at) in [(now, now + 300), (now + 30, now + 330), (now - 299, now + 1)] {
        let draft = Draft::assertion(&stage.desk, &stage.desk.owner)
            .claim("iat", issued_at)
            .claim("nbf", issued_at)
            .claim("exp", expires_at);
        stage.desk.grant(&stage.sign(&draft)).await.token();
    }
    let fractions =
        Draft::assertion(&stage.desk, &stage.desk.owner).claim("exp", json!(60.5 + 1_767_225_600.0));
    stage.desk.grant(&stage.sign(&fractions)).await.token();
}
