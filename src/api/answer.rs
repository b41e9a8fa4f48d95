//! A reply as a response: validators, the next page, the place of a new object; or 304.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Response, StatusCode, Uri, header},
};
use contract::{Card, Group, Method, Reply, Track};

use super::{
    conditional::{Condition, Tag},
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
    /// The tenant's version before anything was read.
    pub version: u64,
}

impl Reading<'_> {
    /// Only v1 reads are conditional; what shows the running clock changes without a change of version.
    fn is_conditional(&self) -> bool {
        self.card.spec.method == Method::Get && self.card.spec.track != Track::V2
    }

    fn target(&self) -> &str {
        self.uri
            .path_and_query()
            .map_or(self.uri.path(), axum::http::uri::PathAndQuery::as_str)
    }

    /// 304, if nothing has changed in the tenant since the caller's copy was served.
    pub(super) fn unchanged(&self) -> Option<Response<Body>> {
        let remembered = self.is_conditional() && self.card.spec.group != Group::Sandbox;
        if !remembered || self.if_none_match == Condition::Absent {
            return None;
        }
        let (sandbox, epoch) = (self.tenant.sandbox_id(), self.tenant.epoch());
        let tag = self
            .api
            .tags
            .current(sandbox, epoch, self.target(), self.version)?;
        self.if_none_match.matches_weakly(&tag).map(not_modified)
    }

    /// The reply with everything that goes with it, or 304 if the caller has it already.
    pub(super) fn answer<T: Reply>(&self, reply: &T) -> Result<Response<Body>, ApiError> {
        if reply.is_empty() {
            return Ok(with_status(self.card.spec.status, Body::empty()));
        }
        let body = serde_json::to_vec(reply).map_err(ApiError::internal)?;
        let next = reply
            .next_cursor()
            .and_then(|cursor| next_link(&self.api.api_url, self.uri, cursor));
        let tag = self.is_conditional().then(|| Tag::of(self.tenant.epoch(), &body));
        if let Some(tag) = &tag {
            if self.card.spec.group != Group::Sandbox {
                let (sandbox, epoch) = (self.tenant.sandbox_id(), self.tenant.epoch());
                self.api
                    .tags
                    .remember(sandbox, epoch, self.target(), (self.version, tag.clone()));
            }
            if let Some(matching) = self.if_none_match.matches_weakly(tag) {
                return Ok(not_modified(matching));
            }
        }
        let mut response = with_status(self.card.spec.status, Body::from(body));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        match tag {
            Some(tag) => write_validators(headers, tag.header()),
            None => _ = headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        }
        headers.extend(next.map(|link| (header::LINK, link)));
        if self.card.spec.status == 201 {
            headers.extend(location(&self.api.api_url, reply.location()));
        }
        Ok(response)
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
