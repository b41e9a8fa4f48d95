//! The request builder as a page: a form that works by itself, and the answer under it.

use app::{
    link::{self, SENT, WHOLE},
    model::{BuilderPage, FaultPanel, Foreign, Outcome},
    port::SendError,
    request::{
        Pairs, SendRequest, last,
        rows::{Change, ROW},
    },
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
    let page = opened(&site, &guest, fields).await;
    let frame = site.frame(cookie::theme(&headers), &uri);
    Ok(respond::html(app::routes::render_builder(&frame, &page)))
}

/// `GET /builder/part?operation=…`: the same form, to stand in a page of the docs.
pub(super) async fn part(
    State(site): State<Site>,
    guest: Guest,
    uri: Uri,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let fields = form::parse(query.unwrap_or_default().as_bytes());
    let page = opened(&site, &guest, fields).await;
    let frame = site.frame(cookie::theme(&headers), &uri);
    Ok(respond::html(app::routes::render_builder_part(&frame, &page)))
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
    let mut page = page(&site, &guest, chosen.form, fields).await;
    page.outcome = Some(outcome);
    let address = link::builder(&page.form.operation).parse().unwrap_or_default();
    let frame = site.frame(cookie::theme(&headers), &address);
    Ok(respond::html(app::routes::render_builder(&frame, &page)))
}

/// `POST /builder/rows`: the form with a row more, less or elsewhere. Nothing is sent.
pub(super) async fn rows(
    State(site): State<Site>,
    guest: Guest,
    headers: HeaderMap,
    Fields(mut fields): Fields,
) -> Result<Response, Fault> {
    if let Some(command) = last(&fields, ROW).map(str::to_owned)
        && let Some(change) = Change::parse(&command)
    {
        change.apply(&mut fields);
    }
    fields.retain(|(name, _)| name != ROW);
    let chosen = Choice::of(&fields);
    let page = BuilderPage {
        whole: true,
        ..page(&site, &guest, chosen.form, fields).await
    };
    let address = link::builder(&page.form.operation).parse().unwrap_or_default();
    let frame = site.frame(cookie::theme(&headers), &address);
    Ok(respond::html(app::routes::render_builder(&frame, &page)))
}

/// The builder on what an address carries: an operation with some values, a whole request, or a call of the history.
async fn opened(site: &Site, guest: &Guest, fields: Pairs) -> BuilderPage {
    if let Some(request_id) = last(&fields, SENT) {
        return match site.sent_before(guest.sandbox(), request_id).await {
            Some(request) => reopened(site, guest, &request).await,
            None => BuilderPage {
                notice: Some("That call is no longer in the history of your sandbox.".to_owned()),
                ..page(site, guest, Choice::of(&Pairs::new()).form, Pairs::new()).await
            },
        };
    }
    let chosen = Choice::of(&fields);
    if let Some(id) = chosen.unknown {
        return BuilderPage {
            outcome: Some(Outcome::Failed(SendError::UnknownOperation(id))),
            ..page(site, guest, chosen.form, fields).await
        };
    }
    let request = SendRequest::from_fields(chosen.form, &fields);
    if last(&fields, WHOLE).is_some() {
        return reopened(site, guest, &request).await;
    }
    let mut page = page(site, guest, chosen.form, fields).await;
    page.foreign = foreign(site, guest, &page, &request).await;
    page
}

/// The builder on a request that was sent before, here or elsewhere.
async fn reopened(site: &Site, guest: &Guest, request: &SendRequest) -> BuilderPage {
    let operation = vec![(OPERATION.to_owned(), request.operation.clone())];
    let form = Choice::of(&operation).form;
    let mut page = page(site, guest, form, request.opening_fields(form)).await;
    page.whole = true;
    page.foreign = foreign(site, guest, &page, request).await;
    page
}

/// The fault panel; none without a sandbox.
async fn faults(site: &Site, guest: &Guest, form: &Form) -> Option<FaultPanel> {
    let panel = site.fault_panel(guest.sandbox()?, form).await;
    panel
        .inspect_err(|fault| tracing::warn!(?fault, "the planted faults could not be read"))
        .ok()
}

/// The ids that the visitor's sandbox does not have.
async fn foreign(site: &Site, guest: &Guest, page: &BuilderPage, request: &SendRequest) -> Vec<Foreign> {
    match guest.sandbox() {
        None => Vec::new(),
        Some(own) => site.strangers(own, &page.form, request, &page.suggestions).await,
    }
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

/// The builder on this form with these fields.
pub(super) async fn page(site: &Site, guest: &Guest, form: &'static Form, mut fields: Pairs) -> BuilderPage {
    fields.retain(|(name, _)| name != OPERATION);
    BuilderPage {
        operations: catalog::links().to_vec(),
        form: form.clone(),
        docs_url: site.docs.operation_url(&form.operation).map(str::to_owned),
        fields,
        whole: false,
        notice: None,
        foreign: Vec::new(),
        faults: faults(site, guest, form).await,
        suggestions: site.suggestions_for(guest.sandbox(), form).await,
        outcome: None,
        client_id: guest.sandbox().map(|own| own.client.to_string()),
        api_url: site.config.api_url.clone(),
        portal_url: site.config.portal_url.clone(),
        history: site.history(guest.sandbox()).await,
    }
}
