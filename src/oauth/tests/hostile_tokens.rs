//! Access tokens that must be refused, by name: each is a good one but for a single thing.

use super::{
    desk::{Desk, ISSUER, Owner, new_rsa_pem, rsa_pem},
    forgery::{Draft, encode, es256, with_signature},
};
use crate::store::control::{api_clients, sandboxes};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rsa::{
    RsaPrivateKey,
    pkcs1v15::SigningKey,
    pkcs8::{DecodePrivateKey, EncodePublicKey},
    sha2::Sha256,
    signature::{SignatureEncoding, Signer},
};
use serde_json::{Value, json};

/// Name, a part of the exact reason, and how to make it from the header and claims of a good token.
type Case = (&'static str, &'static str, fn(&Stage, Draft) -> String);

struct Stage {
    desk: Desk,
    stranger: Owner,
    good: String,
}

impl Stage {
    async fn new() -> Self {
        let desk = Desk::open().await;
        let (stranger, good) = (desk.another_owner().await, desk.token().await);
        Self { desk, stranger, good }
    }
    fn draft(&self) -> Draft {
        let part = |index| {
            let part = self.good.split('.').nth(index).unwrap();
            serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
        };
        Draft {
            header: part(0),
            claims: part(1),
        }
    }
    fn signature(&self) -> &str {
        self.good.rsplit_once('.').unwrap().1
    }
    fn now(&self) -> i64 {
        self.desk.now()
    }
}

/// Signed by the server's own key: what is wrong can only be what it says.
fn sign(draft: &Draft) -> String {
    rs256(&draft.signed(), rsa_pem())
}

fn rs256(signed: &str, pem: &str) -> String {
    let key = SigningKey::<Sha256>::new(RsaPrivateKey::from_pkcs8_pem(pem).unwrap());
    with_signature(signed, &key.sign(signed.as_bytes()).to_vec())
}

#[rustfmt::skip]
const CASES: &[Case] = &[
    ("empty", "1 parts", |_, _| String::new()),
    ("a secret", "1 parts", |stage, _| stage.desk.owner.client.client_secret.reveal().to_owned()),
    ("two parts", "2 parts", |_, draft| draft.signed()),
    ("four parts", "4 parts", |stage, _| format!("{}.e30", stage.good)),
    ("too long", "longer than 4096", |_, draft| sign(&draft.claim("pad", "x".repeat(4096)))),
    ("leading space", "not base64url", |stage, _| format!(" {}", stage.good)),
    ("trailing space", "not base64url", |stage, _| format!("{} ", stage.good)),
    ("padding", "not base64url", |stage, _| format!("{}=", stage.good)),
    ("another last digit", "not base64url", |stage, _| {
        // 256 bytes end in a digit with four bits that mean nothing: they must be zero, or one token has many texts.
        let last = if stage.good.ends_with('A') { 'B' } else { '_' };
        format!("{}{last}", &stage.good[..stage.good.len() - 1])
    }),
    ("alg none", "`alg` is not RS256", |_, draft| draft.header("alg", "none").signed() + "."),
    ("alg RS512", "`alg` is not RS256", |_, draft| sign(&draft.header("alg", "RS512"))),
    ("alg PS256", "`alg` is not RS256", |_, draft| sign(&draft.header("alg", "PS256"))),
    ("HS256 with the public PEM", "`alg` is not RS256", |_, draft| {
        let key = RsaPrivateKey::from_pkcs8_pem(rsa_pem()).unwrap().to_public_key();
        let pem = key.to_public_key_pem(rsa::pkcs8::LineEnding::LF).unwrap();
        draft.header("alg", "HS256").hmac(pem.as_bytes())
    }),
    ("ES256 by a client's key", "`alg` is not RS256", |stage, draft| {
        draft.header("alg", "ES256").sign(&stage.desk.owner.signer)
    }),
    ("an assertion", "`alg` is not RS256", |stage, _| {
        Draft::assertion(&stage.desk, &stage.desk.owner).sign(&stage.desk.owner.signer)
    }),
    ("alg twice", "repeats a member", |_, draft| {
        let header = draft.header.to_string().replacen('{', r#"{"alg":"RS256","#, 1);
        rs256(&format!("{}.{}", encode(header), encode(draft.claims.to_string())), rsa_pem())
    }),
    ("typ JWT", "`typ` is not at+jwt", |_, draft| sign(&draft.header("typ", "JWT"))),
    ("typ missing", "`typ` is not at+jwt", |_, draft| sign(&draft.without("typ"))),
    ("typ of an ID token", "`typ` is not at+jwt", |_, draft| sign(&draft.header("typ", "id_token+jwt"))),
    ("kid missing", "`kid` is missing", |_, draft| sign(&draft.without("kid"))),
    ("kid unknown", "names no key of ours", |_, draft| sign(&draft.header("kid", "other"))),
    ("crit", "`crit`", |_, draft| sign(&draft.header("crit", json!(["exp"])))),
    ("embedded jwk", "`jwk`", |_, draft| sign(&draft.header("jwk", json!({ "kty": "RSA" })))),
    ("jku", "`jku`", |_, draft| sign(&draft.header("jku", "https://evil.example/"))),
    ("another key under our kid", "does not match", |_, draft| rs256(&draft.signed(), &new_rsa_pem())),
    ("an EC signature", "does not match", |stage, draft| es256(&draft.signed(), &stage.desk.owner.signer)),
    ("no signature", "does not match", |_, draft| draft.signed() + "."),
    ("more scopes", "does not match", |stage, draft| {
        format!("{}.{}", draft.claim("scope", "clients:read").signed(), stage.signature())
    }),
    ("another tenant, signature kept", "does not match", |stage, draft| {
        format!("{}.{}", draft.claim("tenant", stage.stranger.sandbox.as_str()).signed(), stage.signature())
    }),
    ("another tenant, signed", "was deleted", |stage, draft| {
        sign(&draft.claim("tenant", stage.stranger.sandbox.as_str()))
    }),
    ("iss another server", "`iss` is not this", |_, draft| sign(&draft.claim("iss", "https://other.example"))),
    ("iss missing", "`iss` is missing", |_, draft| sign(&draft.without("iss"))),
    ("aud another API", "`aud` is not this", |_, draft| sign(&draft.claim("aud", "https://other.example"))),
    ("aud missing", "`aud` is missing", |_, draft| sign(&draft.without("aud"))),
    ("aud two, one ours", "another number", |_, draft| sign(&draft.claim("aud", json!([ISSUER, "x"])))),
    ("exp missing", "`exp` is missing", |_, draft| sign(&draft.without("exp"))),
    ("exp text", "`exp` is not a time", |_, draft| sign(&draft.claim("exp", "never"))),
    ("exp right now", "expired at", |stage, draft| sign(&draft.claim("exp", stage.now()))),
    ("iat missing", "`iat` is missing", |_, draft| sign(&draft.without("iat"))),
    ("iat in the future", "`iat` is in the future", |stage, draft| sign(&draft.claim("iat", stage.now() + 61))),
    ("nbf in the future", "`nbf` is in the future", |stage, draft| sign(&draft.claim("nbf", stage.now() + 61))),
    ("tenant missing", "`tenant` is missing", |_, draft| sign(&draft.without("tenant"))),
    ("tenant malformed", "`tenant` is malformed", |_, draft| sign(&draft.claim("tenant", "../x"))),
    ("client_id missing", "`client_id` is missing", |_, draft| sign(&draft.without("client_id"))),
    ("sub missing", "`sub` is missing", |_, draft| sign(&draft.without("sub"))),
    ("jti missing", "`jti` is missing", |_, draft| sign(&draft.without("jti"))),
    ("scope missing", "`scope` is missing", |_, draft| sign(&draft.without("scope"))),
    ("scope unknown", "`scope` is malformed", |_, draft| sign(&draft.claim("scope", "admin"))),
];

#[tokio::test]
async fn every_hostile_token_is_refused_for_its_own_reason() {
    let stage = Stage::new().await;
    assert!(CASES.len() >= 40);
    stage
        .desk
        .oauth
        .authenticate(&sign(&stage.draft()))
        .await
        .unwrap();
    for (name, reason, forge) in CASES {
        let refusal = stage.desk.refusal(&forge(&stage, stage.draft())).await;
        assert!(refusal.contains(reason), "{name}: {refusal}");
    }
    stage.desk.oauth.authenticate(&stage.good).await.unwrap();
}

#[tokio::test]
async fn a_token_ends_with_its_hour() {
    let stage = Stage::new().await;
    stage.desk.clock.advance_millis(3_599_999);
    stage.desk.oauth.authenticate(&stage.good).await.unwrap();
    stage.desk.clock.advance_millis(1);
    assert!(stage.desk.refusal(&stage.good).await.contains("expired at"));
}

#[tokio::test]
async fn a_token_ends_with_its_sandbox_and_with_its_client() {
    let stage = Stage::new().await;
    let Stage { desk, stranger, good } = &stage;
    desk.oauth.authenticate(good).await.unwrap();
    let theirs = [super::desk::CLIENT_CREDENTIALS, stranger.id(), stranger.secret()];
    let theirs = desk.post("/oauth/token", &theirs).await.token();
    let mut write = desk.control.begin().await.unwrap();
    assert!(sandboxes::delete(&mut write, &desk.owner.sandbox).await.unwrap());
    assert!(
        api_clients::delete(&mut write, &stranger.client.client_id)
            .await
            .unwrap()
    );
    write.commit().await.unwrap();
    desk.oauth.forget_sandbox(&desk.owner.sandbox);
    assert!(desk.refusal(good).await.contains("was deleted"));
    assert!(desk.refusal(&theirs).await.contains("was deleted"));
    let answer = desk
        .post(
            "/oauth/token",
            &[
                super::desk::CLIENT_CREDENTIALS,
                desk.owner.id(),
                desk.owner.secret(),
            ],
        )
        .await;
    assert_eq!(answer.refused(), (401, "invalid_client"));
}
