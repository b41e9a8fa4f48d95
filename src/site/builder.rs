//! The request builder as a page: a form that works by itself, and the answer under it.

use app::{
    link,
    model::{BuilderPage, Outcome},
    port::SendError,
    request::{Pairs, SendRequest, last},
};
use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use contract::form::Form;

use super::{
    Site, catalog, cookie,
    fault::Fault,
    form::{self, Fields},
    respond,
    session::Guest,
};

/// The field that names the operation.
const OPERATION: &str = "operation";

/// `GET /builder?operation=…&path.id=…`.
pub(super) async fn show(
    State(site): State<Site>,
    guest: Guest,
    uri: Uri,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let fields = form::parse(query.unwrap_or_default().as_bytes());
    let chosen = Choice::of(&fields);
    let outcome = chosen
        .unknown
        .map(|id| Outcome::Failed(SendError::UnknownOperation(id)));
    let page = page(&site, &guest, chosen.form, fields, outcome).await;
    let frame = site.frame(cookie::theme(&headers), &uri);
    Ok(respond::html(app::routes::render_builder(&frame, &page)))
}

/// `POST /builder`: sends what the form says and shows what came of it.
pub(super) async fn send(
    State(site): State<Site>,
    guest: Guest,
    headers: HeaderMap,
    Fields(fields): Fields,
) -> Result<Response, Fault> {
    let chosen = Choice::of(&fields);
    let outcome = if let Some(id) = chosen.unknown {
        Outcome::Failed(SendError::UnknownOperation(id))
    } else {
        let request = SendRequest::from_fields(chosen.form, &fields);
        site.outcome_for(&guest, request).await
    };
    let page = page(&site, &guest, chosen.form, fields, Some(outcome)).await;
    let address = link::builder(&page.form.operation).parse().unwrap_or_default();
    let frame = site.frame(cookie::theme(&headers), &address);
    Ok(respond::html(app::routes::render_builder(&frame, &page)))
}

/// Which operation the fields name.
struct Choice {
    form: &'static Form,
    /// What they name, if there is no such operation.
    unknown: Option<String>,
}

impl Choice {
    /// Where none is named, or an unknown one, the first operation stands in.
    fn of(fields: &Pairs) -> Self {
        let [first, ..] = catalog::forms() else {
            unreachable!("the contract declares operations");
        };
        match last(fields, OPERATION) {
            None | Some("") => Self {
                form: first,
                unknown: None,
            },
            Some(id) => match catalog::form(id) {
                Some(form) => Self { form, unknown: None },
                None => Self {
                    form: first,
                    unknown: Some(id.to_owned()),
                },
            },
        }
    }
}

async fn page(
    site: &Site,
    guest: &Guest,
    form: &'static Form,
    mut fields: Pairs,
    outcome: Option<Outcome>,
) -> BuilderPage {
    fields.retain(|(name, _)| name != OPERATION);
    BuilderPage {
        operations: catalog::links().to_vec(),
        form: form.clone(),
        docs_url: site.docs.operation_url(&form.operation).map(str::to_owned),
        fields,
        suggestions: site.suggestions_for(guest.sandbox(), form).await,
        outcome,
        client_id: guest.sandbox().map(|own| own.client.to_string()),
        api_url: site.config.api_url.clone(),
    }
}
