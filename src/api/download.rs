//! `GET /v1/extracts/{id}/download`: the file of an extract to whoever has its link, whole or in part.

use axum::{
    Router,
    body::Body,
    extract::{Path, Request, State},
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
    routing::get,
};
use contract::{
    ProblemCode, Track,
    extracts::{Extract, ExtractFormat, ExtractStatus},
};
use std::{io::SeekFrom, path::PathBuf};
use tokio::{
    fs::File,
    io::{AsyncReadExt, AsyncSeekExt},
};
use tokio_util::io::ReaderStream;

use super::{
    admission::refuse,
    answer::with_status,
    conditional::{Condition, Tag},
    public,
    range::Range,
    state::Api,
};
use crate::{
    extracts::ending,
    layers::RequestFacts,
    problem::ApiError,
    sandbox::{DomainError, clock, extracts},
};

/// So much is read from the file at a time.
const CHUNK: usize = 64 * 1024;

/// Serves the files. Nothing may compress them: their digest is promised, and a range names bytes of the file.
pub(super) fn router(api: &Api) -> Router {
    Router::new()
        .route("/v1/extracts/{id}/download", get(download))
        .method_not_allowed_fallback(public::method_not_allowed)
        .with_state(api.clone())
}

async fn download(
    State(api): State<Api>,
    Path(id): Path<String>,
    headers: HeaderMap,
    request: Request,
) -> Response<Body> {
    let facts = request
        .extensions()
        .get::<RequestFacts>()
        .cloned()
        .unwrap_or_default();
    let answered = match find(&api, &id, request.uri().query().unwrap_or_default()).await {
        Ok((extract, path)) => send(&extract, path, &headers).await,
        Err(error) => return refuse(&api, &facts, error).into_response(None, &facts, &api.portal_url),
    };
    let standing = api.budgets.spend_anonymous(facts.address);
    let mut response =
        answered.unwrap_or_else(|error| error.into_response(Track::V1, facts.id.as_str(), &api.portal_url));
    standing.write("anonymous", response.headers_mut());
    response
}

/// What the link opens, and where its file lies.
async fn find(api: &Api, id: &str, query: &str) -> Result<(Extract, PathBuf), ApiError> {
    let target = api.links.open(id, query, api.clock.now()).ok_or_else(shut)?;
    let tenant = match api.tenants.get(&target.sandbox, target.epoch).await {
        Ok(tenant) if tenant.epoch() == target.epoch => tenant,
        Ok(_) | Err(DomainError::NotFound) => return Err(shut()),
        Err(error) => return Err(error.into()),
    };
    clock::settle(&tenant, tenant.now(&api.clock)).await?;
    let extract = extracts::get(&mut tenant.read().await?, &target.extract).await?;
    if extract.status != ExtractStatus::Succeeded {
        return Err(shut());
    }
    let path = api.extracts.path(&tenant, &extract);
    Ok((extract, path))
}

/// Says the same of a link that was changed, one whose time is over, and one to what is gone.
fn shut() -> ApiError {
    ApiError::new(
        ProblemCode::NotFound,
        "This link opens nothing: it was changed, its hour is over, or the file has expired. Read the extract for a \
         fresh one.",
    )
}

async fn send(extract: &Extract, path: PathBuf, headers: &HeaderMap) -> Result<Response<Body>, ApiError> {
    let tag = Tag::named(extract.sha256.as_deref().unwrap_or_default());
    let condition = Condition::read(headers, &header::IF_NONE_MATCH)?;
    if let Some(matching) = condition.matches_weakly(&tag) {
        let mut response = with_status(304, Body::empty());
        response.headers_mut().insert(header::ETAG, matching);
        return Ok(response);
    }
    let mut file = File::open(&path).await.map_err(|error| shut().because(error))?;
    let size = file.metadata().await.map_err(ApiError::internal)?.len();
    let (status, first, length) = match asked(headers, &tag, size) {
        Range::Unsatisfiable => return Err(unsatisfiable(size)),
        Range::Whole => (StatusCode::OK, 0, size),
        Range::Part { first, last } => (StatusCode::PARTIAL_CONTENT, first, last - first + 1),
    };
    file.seek(SeekFrom::Start(first))
        .await
        .map_err(ApiError::internal)?;
    let body = Body::from_stream(ReaderStream::with_capacity(file.take(length), CHUNK));
    let mut response = with_status(status.as_u16(), body);
    let written = response.headers_mut();
    describe(written, extract, &tag);
    written.insert(header::CONTENT_LENGTH, length.into());
    if status == StatusCode::PARTIAL_CONTENT {
        let range = format!("bytes {first}-{}/{size}", first + length - 1);
        written.extend(HeaderValue::try_from(range).map(|range| (header::CONTENT_RANGE, range)));
    }
    Ok(response)
}

/// The bytes that are asked for; all of them where `If-Range` names another file than this.
fn asked(headers: &HeaderMap, tag: &Tag, size: u64) -> Range {
    let is_other = headers
        .get(header::IF_RANGE)
        .is_some_and(|condition| *condition != tag.header());
    if is_other {
        return Range::Whole;
    }
    let range = headers.get(header::RANGE).and_then(|range| range.to_str().ok());
    Range::read(range, size)
}

fn unsatisfiable(size: u64) -> ApiError {
    let error = ApiError::new(
        ProblemCode::RangeNotSatisfiable,
        format!("The file has {size} bytes; `Range` asks for none of them."),
    );
    match HeaderValue::try_from(format!("bytes */{size}")) {
        Ok(range) => error.with_header(header::CONTENT_RANGE, range),
        Err(_) => error,
    }
}

fn describe(headers: &mut HeaderMap, extract: &Extract, tag: &Tag) {
    let kind = match extract.format {
        ExtractFormat::Csv => "text/csv; charset=utf-8; header=present",
        ExtractFormat::Ndjson => "application/x-ndjson",
        ExtractFormat::Parquet => "application/vnd.apache.parquet",
    };
    let (dataset, day) = (extract.dataset.as_str(), extract.as_of);
    let name = format!(
        "attachment; filename=\"{dataset}-{day}-{}.{}\"",
        extract.id,
        ending(extract.format)
    );
    headers.extend(HeaderValue::try_from(name).map(|name| (header::CONTENT_DISPOSITION, name)));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::ETAG, tag.header());
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("private, no-cache"),
    );
}
