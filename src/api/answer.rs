//! A reply as a response: validators, the next page, the place of a new object; or 304.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Response, StatusCode, Uri, header},
};
use bytes::Bytes;
use contract::{Card, Group, Method, Reply, Track};

use super::{
    conditional::{Condition, Tag},
    served::{Moment, Representation},
    state::Api,
};
use crate::{problem::ApiError, store::tenant::Tenant};

/// What is needed to answer with a representation, or with 304.
pub(super) struct Reading<'a> {
    pub api: &'a Api,
    pub card: &'static Card,
    pub tenant: &'a Tenant,
    pub uri: &'a Uri,
    pub if_none_match: Condition,
    /// When it is read; the tenant's version in it is of before anything was.
    pub at: Moment,
}

impl Reading<'_> {
    /// Only v1 reads are conditional.
    fn is_conditional(&self) -> bool {
        self.card.spec.method == Method::Get && self.card.spec.track != Track::V2
    }

    /// Whether the same read at the same moment has the same answer. What shows the running clock, waits for what
    /// comes, or signs addresses does not.
    fn is_remembered(&self) -> bool {
        let changes = matches!(
            self.card.spec.group,
            Group::Sandbox | Group::Events | Group::Extracts | Group::Users
        );
        self.is_conditional() && !changes
    }

    fn target(&self) -> &str {
        self.uri
            .path_and_query()
            .map_or(self.uri.path(), axum::http::uri::PathAndQuery::as_str)
    }

    /// The answer of before, or 304, if nothing has changed in the tenant since.
    pub(super) fn unchanged(&self) -> Option<Response<Body>> {
        if !self.is_remembered() {
            return None;
        }
        let (sandbox, epoch) = (self.tenant.sandbox_id(), self.tenant.epoch());
        let kept = self.api.served.current(sandbox, epoch, self.target(), self.at)?;
        if let Some(matching) = self.if_none_match.matches_weakly(&kept.tag) {
            return Some(not_modified(matching));
        }
        let body = kept.body.clone()?;
        Some(self.represent(body, Some(&kept.tag), kept.next))
    }

    /// The reply with everything that goes with it, or 304 if the caller has it already.
    pub(super) fn answer<T: Reply>(&self, reply: &T) -> Result<Response<Body>, ApiError> {
        if reply.is_empty() {
            return Ok(with_status(self.card.spec.status, Body::empty()));
        }
        let body = Bytes::from(serde_json::to_vec(reply).map_err(ApiError::internal)?);
        let next = reply
            .next_cursor()
            .and_then(|cursor| next_link(&self.api.api_url, self.uri, cursor));
        let tag = self.is_conditional().then(|| Tag::of(self.tenant.epoch(), &body));
        if let Some(tag) = &tag {
            if self.is_remembered() {
                self.remember(tag, &body, next.as_ref());
            }
            if let Some(matching) = self.if_none_match.matches_weakly(tag) {
                return Ok(not_modified(matching));
            }
        }
        let mut response = self.represent(body, tag.as_ref(), next);
        if matches!(self.card.spec.status, 201 | 202) {
            let place = location(&self.api.api_url, reply.location());
            response.headers_mut().extend(place);
        }
        Ok(response)
    }

    fn remember(&self, tag: &Tag, body: &Bytes, next: Option<&HeaderValue>) {
        let served = Representation {
            at: self.at,
            tag: tag.clone(),
            body: Some(body.clone()),
            next: next.cloned(),
        };
        let (sandbox, epoch) = (self.tenant.sandbox_id(), self.tenant.epoch());
        self.api.served.remember(sandbox, epoch, self.target(), served);
    }

    fn represent(&self, body: Bytes, tag: Option<&Tag>, next: Option<HeaderValue>) -> Response<Body> {
        let mut response = with_status(self.card.spec.status, Body::from(body));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        match tag {
            Some(tag) => write_validators(headers, tag.header()),
            None => _ = headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        }
        headers.extend(next.map(|link| (header::LINK, link)));
        response
    }
}

/// `Location`, built from the configured URL, never from `Host`.
pub(super) fn location(api_url: &str, path: Option<String>) -> Option<(header::HeaderName, HeaderValue)> {
    Some((
        header::LOCATION,
        HeaderValue::try_from(format!("{api_url}{}", path?)).ok()?,
    ))
}

fn write_validators(headers: &mut HeaderMap, tag: HeaderValue) {
    headers.insert(header::ETAG, tag);
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-cache"),
    );
    headers.insert(
        header::VARY,
        HeaderValue::from_static("Authorization, Accept-Encoding"),
    );
}

fn not_modified(tag: HeaderValue) -> Response<Body> {
    let mut response = with_status(304, Body::empty());
    write_validators(response.headers_mut(), tag);
    response
}

/// A response with nothing but a status and a body.
pub(super) fn with_status(status: u16, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response
}

/// `Link: <…>; rel="next"`: the same list with the next cursor, built from the configured URL, never from `Host`.
fn next_link(api_url: &str, uri: &Uri, cursor: &str) -> Option<HeaderValue> {
    let others = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
        .filter(|(name, _)| name != "cursor");
    let query = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(others)
        .append_pair("cursor", cursor)
        .finish();
    HeaderValue::try_from(format!("<{api_url}{}?{query}>; rel=\"next\"", uri.path())).ok()
}
