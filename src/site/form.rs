//! A posted form as names and values in order, since a name may come more than once.

use app::request::Pairs;
use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{HeaderMap, header},
};

use super::fault::Fault;

/// The fields of a posted form; none where nothing was posted.
pub(super) struct Fields(pub(super) Pairs);

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Fault;
    async fn from_request(request: Request, state: &S) -> Result<Self, Fault> {
        let is_form = is_form(request.headers());
        // The only way to fail, but for a connection that breaks, is to be too large.
        let body = Bytes::from_request(request, state)
            .await
            .map_err(|_| Fault::TooLarge)?;
        if !is_form && !body.is_empty() {
            return Err(Fault::Malformed(
                "It takes what the portal's forms send, and this is something else.",
            ));
        }
        Ok(Self(parse(&body)))
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("application/x-www-form-urlencoded"))
}

/// Names and values of `application/x-www-form-urlencoded` text.
pub(super) fn parse(text: &[u8]) -> Pairs {
    form_urlencoded::parse(text).into_owned().collect()
}
