//! What was refused about people, as an answer: a status, and words on the page that asked.

use axum::{
    http::{HeaderValue, StatusCode, Uri, header},
    response::Response,
};

use super::{
    Site, cookie,
    fault::{Fault, span},
    respond,
};
use crate::people::PeopleError;

/// A refusal in words for the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refused {
    /// What, why, and what to do.
    pub(super) problem: String,
    status: StatusCode,
    retry_after: Option<i64>,
}

impl Refused {
    /// What the page says of this error.
    ///
    /// # Errors
    /// When it is a failure of ours and no refusal.
    pub(super) fn of(error: &PeopleError) -> Result<Self, Fault> {
        let (status, problem) = match (error, error.retry_after()) {
            (PeopleError::Store(_), _) => return Err(Fault::Broken(error.to_string())),
            (_, Some(seconds)) => (
                StatusCode::TOO_MANY_REQUESTS,
                format!(
                    "{error} Nothing was checked; it works again in {}.",
                    span(seconds)
                ),
            ),
            (PeopleError::Busy, _) => (StatusCode::SERVICE_UNAVAILABLE, error.to_string()),
            (PeopleError::LinkGone, _) => (StatusCode::GONE, error.to_string()),
            (PeopleError::NotAdmin, _) => (StatusCode::FORBIDDEN, error.to_string()),
            _ => (StatusCode::UNPROCESSABLE_ENTITY, error.to_string()),
        };
        Ok(Self {
            problem,
            status,
            retry_after: error.retry_after(),
        })
    }

    /// The page with the refusal's status.
    pub(super) fn answer(&self, document: String) -> Response {
        let mut response = respond::html(document);
        *response.status_mut() = self.status;
        if let Some(seconds) = self.retry_after {
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds.max(1)));
        }
        response
    }
}

/// What stands around a page that is drawn where a form was posted: the colours' switch returns to `path`.
pub(super) fn frame_at(site: &Site, path: &str, headers: &axum::http::HeaderMap) -> app::model::Frame {
    let uri = path.parse().unwrap_or_else(|_| Uri::from_static("/"));
    site.frame(cookie::theme(headers), &uri)
}
