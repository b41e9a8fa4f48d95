//! The signature debugger: what is pasted, checked by what this server knows.

use app::{
    model::webhooks::{SignaturePage, Verdict},
    request::last,
};
use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
};

use super::{Held, held};
use crate::{
    sandbox::webhooks::diagnose::{Change, Known, KnownSecret, Mistake, Received, diagnose, header},
    site::{Site, cookie, fault::Fault, form::Fields, respond, session::Guest},
    store::tenant::{
        events,
        webhooks::{self as stored, Salts},
    },
};
use contract::{ids::WebhookId, text::Url};

/// `GET /webhooks/signature`.
pub(super) async fn show(
    State(site): State<Site>,
    guest: Guest,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let page = SignaturePage {
        endpoints: match held(&site, &guest).await? {
            Some(held) => listed(&keyed(&held).await?),
            None => Vec::new(),
        },
        ..SignaturePage::default()
    };
    let frame = site.frame(cookie::theme(&headers), &uri);
    Ok(respond::html(app::routes::render_signature(&frame, &page)))
}

/// `POST /webhooks/signature`: finds out. Nothing of what is pasted is kept.
pub(super) async fn debug(
    State(site): State<Site>,
    guest: Guest,
    (uri, headers): (Uri, HeaderMap),
    Fields(fields): Fields,
) -> Result<Response, Fault> {
    let text = |name| last(&fields, name).unwrap_or_default();
    // Browsers send every line break of a text area as CR LF; nobody can tell what was pasted.
    let (pasted, body) = (
        text("headers").replace("\r\n", "\n"),
        text("body").replace("\r\n", "\n"),
    );
    let (chosen, mut secret) = (text("endpoint"), text("secret").to_owned());
    let mut known = Known {
        now: site.clock.now().as_seconds(),
        ..Known::default()
    };
    let mut endpoints = Vec::new();
    if let Some(held) = held(&site, &guest).await? {
        let keyed = keyed(&held).await?;
        endpoints = listed(&keyed);
        known.secrets = secrets(&site, &held, keyed);
        known.sent = sent(&held, &pasted).await?;
        let of_chosen = |known: &&KnownSecret| known.webhook.as_str() == chosen && !known.previous;
        if let Some(found) = known.secrets.iter().find(of_chosen) {
            secret.clone_from(&found.secret);
        }
    }
    let received = Received {
        headers: &pasted,
        body: &body,
        secret: &secret,
    };
    let mistakes = diagnose(received, &known);
    let page = SignaturePage {
        endpoints,
        chosen: chosen.to_owned(),
        verdict: Some(Verdict {
            good: mistakes.is_empty(),
            findings: mistakes.iter().map(words).collect(),
        }),
        typed: (pasted, body),
    };
    let frame = site.frame(cookie::theme(&headers), &uri);
    Ok(respond::html(app::routes::render_signature(&frame, &page)))
}

/// The sandbox's endpoints, each with what its secrets are derived from.
type Keyed = Vec<(WebhookId, Url, Salts)>;

async fn keyed(held: &Held<'_>) -> Result<Keyed, Fault> {
    Ok(stored::keyed(&mut held.tenant.read().await?, None).await?)
}

/// The endpoints to choose from: id and address.
fn listed(keyed: &Keyed) -> Vec<(String, String)> {
    let pair = |(id, url, _): &(WebhookId, Url, Salts)| (id.to_string(), url.to_string());
    keyed.iter().map(pair).collect()
}

/// The secrets of the endpoints, those before the last rotation among them.
fn secrets(site: &Site, held: &Held<'_>, keyed: Keyed) -> Vec<KnownSecret> {
    let mut secrets = Vec::new();
    for (webhook, _, salts) in keyed {
        let known = |salt, previous| KnownSecret {
            secret: site
                .installation
                .key
                .derive(&held.own.row.id, &webhook, salt)
                .reveal(),
            webhook: webhook.clone(),
            previous,
        };
        secrets.push(known(&salts.present, false));
        secrets.extend(salts.previous.as_ref().map(|(salt, _)| known(salt, true)));
    }
    secrets
}

/// The body that was sent under the message's id.
async fn sent(held: &Held<'_>, headers: &str) -> Result<Option<String>, Fault> {
    let Some(Ok(id)) = header(headers, "webhook-id").map(str::parse) else {
        return Ok(None);
    };
    let event = events::find(&mut held.tenant.read().await?, &id).await?;
    Ok(event.and_then(|event| serde_json::to_string(&event).ok()))
}

/// What is wrong, and what to do about it.
fn words(mistake: &Mistake) -> (String, String) {
    let (what, advice): (String, String) = match mistake {
        Mistake::NoHeader(name) => (
            format!("The header {name} is missing."),
            "Paste it too; if your receiver does not have it, something in front of it drops headers.".into(),
        ),
        Mistake::TimestampMalformed => (
            "The timestamp is not a number.".into(),
            "It is whole seconds since 1970, and part of what is signed: take it from the header as it is.".into(),
        ),
        Mistake::TimestampInMillis => (
            "The timestamp is in milliseconds.".into(),
            "It is whole seconds since 1970. Libraries refuse it as far in the future.".into(),
        ),
        Mistake::Stale(seconds) => (
            format!("The timestamp is {seconds} seconds old."),
            "Receivers refuse what is older than five minutes. If it is not an old message, the clock of the receiver is ahead: \
             every attempt is signed anew with its own time."
                .into(),
        ),
        Mistake::Ahead(seconds) => (
            format!("The timestamp is {seconds} seconds ahead."),
            "The clock of the receiver is behind. Let it be set by NTP.".into(),
        ),
        Mistake::NoVersion => (
            "No signature of version v1 is in the header.".into(),
            "The header holds several, with spaces between; the one for the secret begins with v1, (with the comma).".into(),
        ),
        Mistake::NoSecret => ("No secret was given.".into(), "Paste it, or choose an endpoint.".into()),
        Mistake::SecretMalformed => (
            "The secret is not base64.".into(),
            "It is whsec_ and base64; part of it may have been lost on the way into the configuration.".into(),
        ),
        Mistake::KeyNotDecoded => (
            "The signature was made with the secret’s text as the key.".into(),
            "The key is the bytes that the part after whsec_ decodes to.".into(),
        ),
        Mistake::OtherSecret { webhook, previous: false } => (
            "It is signed with another secret.".into(),
            format!("It is the one of the endpoint {webhook}, as it is now. Is that rotation in your configuration?"),
        ),
        Mistake::OtherSecret { webhook, previous: true } => (
            "It is signed with a secret that was rotated away.".into(),
            format!("It is the one that the endpoint {webhook} had before."),
        ),
        Mistake::Body(Change::Ends) => (
            "The end of the body was changed.".into(),
            "Spaces or a line break were added or cut off. Check the raw bytes as they came.".into(),
        ),
        Mistake::Body(Change::LineBreaks) => (
            "The line breaks of the body were changed.".into(),
            "Check the raw bytes as they came.".into(),
        ),
        Mistake::Body(Change::Reserialised) => (
            "The body was parsed and written anew.".into(),
            "The signature is over the bytes as they were sent. Read the raw body first, verify, and parse after that.".into(),
        ),
        Mistake::Body(Change::Differs(byte)) => (
            format!("The body is not the one that was sent: it differs from byte {byte} on."),
            "The event of this id is in your sandbox, and this is not it.".into(),
        ),
        Mistake::IdNotSigned => (
            "The message’s id is missing from what was signed.".into(),
            "The signed text is id.timestamp.body, with dots between.".into(),
        ),
        Mistake::BodyAlone => (
            "The body alone was signed.".into(),
            "The signed text is id.timestamp.body, with dots between.".into(),
        ),
        Mistake::Encoding => (
            "The signature is written in another encoding.".into(),
            "It is standard base64 with padding, after v1, in the header.".into(),
        ),
        Mistake::Unexplained => (
            "No known mistake explains it.".into(),
            "The secret is another one, or the body is not what was sent. Choose the endpoint instead of pasting the secret, to tell \
             which of the two."
                .into(),
        ),
    };
    (what, advice)
}
