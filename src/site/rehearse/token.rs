//! The exchange of a client secret for a token, as the quickstart prints it.

use app::{model::RehearsedCall, port::Sent};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::{
    Trouble,
    calls::{cut, made},
};
use crate::site::{Site, send::Call, session::Own};

/// A longer secret is none of ours.
const LONGEST: usize = 200;

/// Sends the reader's client id with this secret to the token endpoint.
pub(super) async fn rehearse(site: &Site, own: &Own, secret: &str) -> Result<Vec<RehearsedCall>, Trouble> {
    if secret.is_empty() || secret.len() > LONGEST {
        return Err(Trouble::Missed(
            "Paste the client secret that was shown when the sandbox was created. If it is lost, rotate it on the \
             sandbox page.",
        ));
    }
    let basic = STANDARD.encode(format!("{}:{secret}", own.client));
    let call = Call {
        method: "POST",
        target: "/oauth/token".to_owned(),
        headers: vec![
            ("authorization".to_owned(), format!("Basic {basic}")),
            (
                "content-type".to_owned(),
                "application/x-www-form-urlencoded".to_owned(),
            ),
        ],
        body: Some("grant_type=client_credentials&scope=clients%3Aread+custodians%3Aread".to_owned()),
    };
    let mut exchanged = made(site, "Client credentials", &call).await?;
    exchanged.sent.body = without_token(&exchanged.sent);
    Ok(vec![exchanged])
}

/// The body with its token cut short.
pub(in crate::site) fn without_token(sent: &Sent) -> String {
    let Ok(mut body) = serde_json::from_str::<serde_json::Value>(&sent.body) else {
        return sent.body.clone();
    };
    if let Some(token) = body.get_mut("access_token") {
        let short = cut(token.as_str().unwrap_or_default());
        *token = short.into();
    }
    body.to_string()
}
