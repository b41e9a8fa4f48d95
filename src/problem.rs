//! Errors as callers see them: one place that turns every failure into problem details or, on v2, JSON:API.

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Response, StatusCode, header},
};
use contract::{
    FieldError, Problem, ProblemCode, Track,
    ids::ExtractId,
    problem::{LegacyError, LegacyErrors, LegacySource},
};

/// A failed call: what the caller is told, and what only the log is told.
#[derive(Debug)]
pub struct ApiError {
    code: ProblemCode,
    detail: String,
    errors: Vec<FieldError>,
    extract: Option<ExtractId>,
    headers: Vec<(HeaderName, HeaderValue)>,
    cause: Option<String>,
}

impl ApiError {
    /// A failure of this kind with its explanation for the caller.
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            errors: Vec::new(),
            extract: None,
            headers: Vec::new(),
            cause: None,
        }
    }
    /// A failure on our side. The cause goes to the log alone.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self::new(
            ProblemCode::InternalError,
            "Something failed on our side. It has been logged under this request id.",
        )
        .because(cause)
    }
    /// The path names nothing that this caller can see.
    pub fn not_found() -> Self {
        Self::new(ProblemCode::NotFound, "No object of this sandbox has this id.")
    }
    /// The same failure, pointing at members or parameters.
    #[must_use]
    pub fn with_errors(mut self, errors: Vec<FieldError>) -> Self {
        self.errors = errors;
        self
    }
    /// The same failure, naming the extract that stands in the way.
    #[must_use]
    pub fn with_extract(mut self, id: ExtractId) -> Self {
        self.extract = Some(id);
        self
    }
    /// The same failure with one more response header.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }
    /// The same failure, to be repeated no earlier than after `seconds`.
    #[must_use]
    pub fn retry_after(self, seconds: u64) -> Self {
        self.with_header(header::RETRY_AFTER, HeaderValue::from(seconds))
    }
    /// The same failure with its exact reason, for the log.
    #[must_use]
    pub fn because(mut self, cause: impl std::fmt::Display) -> Self {
        self.cause = Some(cause.to_string());
        self
    }
    /// The kind of failure.
    pub fn code(&self) -> ProblemCode {
        self.code
    }
    /// The reason that only the log is told.
    pub fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// The response, in the error format of `track`. Failures on our side are logged as errors here and nowhere else.
    pub fn into_response(self, track: Track, request_id: &str, portal_url: &str) -> Response<Body> {
        if self.code.status() >= 500 {
            tracing::error!(
                request_id,
                code = self.code.slug(),
                cause = self.cause.as_deref(),
                "request failed"
            );
        }
        let (content_type, body) = match track {
            Track::V1 | Track::Sandbox => ("application/problem+json", self.problem(request_id, portal_url)),
            Track::V2 => ("application/vnd.api+json", self.json_api(request_id)),
        };
        let mut response = Response::new(Body::from(body));
        *response.status_mut() =
            StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        for (name, value) in self.headers {
            headers.append(name, value);
        }
        response.extensions_mut().insert(Failure {
            code: self.code,
            cause: self.cause,
        });
        response
    }

    fn problem(&self, request_id: &str, portal_url: &str) -> Vec<u8> {
        let problem = Problem {
            r#type: type_url(portal_url, self.code),
            title: self.code.title().to_owned(),
            status: self.code.status(),
            detail: self.detail.clone(),
            instance: format!("urn:request:{request_id}"),
            request_id: request_id.to_owned(),
            errors: self.errors.clone(),
            extract_id: self.extract.clone(),
        };
        serde_json::to_vec(&problem).unwrap_or_default()
    }

    fn json_api(&self, request_id: &str) -> Vec<u8> {
        let entry = |detail: &str, source: Option<LegacySource>| LegacyError {
            id: request_id.to_owned(),
            status: self.code.status().to_string(),
            code: self.code.slug().to_owned(),
            title: self.code.title().to_owned(),
            detail: detail.to_owned(),
            source,
        };
        let errors = match self.errors.as_slice() {
            [] => vec![entry(&self.detail, None)],
            several => several
                .iter()
                .map(|error| entry(&error.detail, source(error)))
                .collect(),
        };
        serde_json::to_vec(&LegacyErrors { errors }).unwrap_or_default()
    }
}

fn source(error: &FieldError) -> Option<LegacySource> {
    let pointer = error
        .pointer
        .as_ref()
        .map(|pointer| LegacySource::Pointer(pointer.trim_start_matches('#').to_owned()));
    pointer.or_else(|| error.parameter.clone().map(LegacySource::Parameter))
}

/// The `type` of a problem: the place on the portal that explains it.
pub fn type_url(portal_url: &str, code: ProblemCode) -> String {
    format!("{portal_url}/errors#{}", code.slug())
}

/// What failed, left on the response for the request log.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The kind of failure.
    pub code: ProblemCode,
    /// The reason that only the log is told.
    pub cause: Option<String>,
}
