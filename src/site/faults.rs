//! The fault panel of the builder: what waits in the visitor's sandbox, and how it is planted and taken away.
//!
//! Changes go over HTTP to the API as any send of the builder does, so the panel can do nothing that a program cannot.

use app::{
    link,
    model::{FaultPanel, WaitingFault},
    request::{Pairs, SendRequest, last},
};
use axum::{
    extract::{RawQuery, State},
    http::HeaderMap,
    response::Response,
};
use contract::{
    Track,
    faults::{Fault as Planted, FaultKind},
    form::Form,
};
use serde_json::{Map, Value, json};

use super::{
    Site, builder, catalog, cookie,
    fault::Fault,
    form::{self, Fields},
    respond,
    session::{Guest, Own},
};
use crate::{
    sandbox::faults::MOST,
    store::{PageRequest, tenant::faults as rows},
};

/// `GET /builder/faults?operation=…`: the panel by itself.
pub(super) async fn show(
    State(site): State<Site>,
    guest: Guest,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let fields = form::parse(query.unwrap_or_default().as_bytes());
    let form = chosen(&fields)?;
    let own = guest.sandbox().ok_or(Fault::NoPage)?;
    let panel = site.fault_panel(own, form).await?;
    Ok(respond::html(app::routes::render_faults(&panel)))
}

/// `POST /builder/faults` with `do=plant`, `remove` or `clear`.
pub(super) async fn change(
    State(site): State<Site>,
    guest: Guest,
    headers: HeaderMap,
    Fields(fields): Fields,
) -> Result<Response, Fault> {
    let form = chosen(&fields)?;
    let Some(own) = guest.sandbox() else {
        return Ok(respond::see_other(link::SANDBOX, None));
    };
    let request = request(form, &fields).ok_or(Fault::NoPage)?;
    let said = said(&site, &guest, request).await;
    if respond::is_part(&headers) {
        let panel = FaultPanel {
            said: Some(said),
            ..site.fault_panel(own, form).await?
        };
        return Ok(respond::html(app::routes::render_faults(&panel)));
    }
    let mut page = builder::page(&site, &guest, form, Pairs::new()).await;
    if let Some(panel) = &mut page.faults {
        panel.said = Some(said);
    }
    let address = link::builder(&form.operation).parse().unwrap_or_default();
    let frame = site.frame(cookie::theme(&headers), &address);
    Ok(respond::html(app::routes::render_builder(&frame, &page)))
}

impl Site {
    /// The panel on this operation.
    pub(super) async fn fault_panel(&self, own: &Own, form: &Form) -> Result<FaultPanel, Fault> {
        let tenant = self.tenant(own).await?;
        let waiting = rows::page(&mut tenant.read().await?, PageRequest::first(MOST)).await?;
        let card = contract::contract().card(&form.operation);
        Ok(FaultPanel {
            operation: form.operation.clone(),
            method: form.method.as_str().to_owned(),
            path: form.path.clone(),
            can_be_struck: card.is_some_and(|card| card.spec.track != Track::Sandbox),
            waiting: waiting
                .rows
                .iter()
                .map(|(_, fault)| waiting_fault(fault))
                .collect(),
            said: None,
        })
    }
}

fn chosen(fields: &Pairs) -> Result<&'static Form, Fault> {
    last(fields, "operation")
        .and_then(catalog::form)
        .ok_or(Fault::NoPage)
}

/// The call that a button of the panel stands for.
fn request(form: &Form, fields: &Pairs) -> Option<SendRequest> {
    let call = |operation: &str| SendRequest {
        operation: operation.to_owned(),
        ..SendRequest::default()
    };
    Some(match last(fields, "do")? {
        "plant" => SendRequest {
            body: serde_json::to_string_pretty(&planted(form, fields)).ok(),
            ..call("sandbox.faults.create")
        },
        "remove" => SendRequest {
            path: vec![("id".to_owned(), last(fields, "fault")?.to_owned())],
            ..call("sandbox.faults.delete")
        },
        "clear" => call("sandbox.faults.clear"),
        _ => return None,
    })
}

/// The body that plants what the fields say. What is no number travels as it was typed, and the API says so.
fn planted(form: &Form, fields: &Pairs) -> Value {
    let mut body = Map::new();
    body.insert("kind".to_owned(), last(fields, "kind").unwrap_or_default().into());
    if last(fields, "strikes") != Some("every") {
        body.insert(
            "match".to_owned(),
            json!({"method": form.method, "path": form.path}),
        );
    }
    for name in ["times", "delay_ms", "retry_after"] {
        let text = last(fields, name).unwrap_or_default().trim();
        if !text.is_empty() {
            let value = text
                .parse::<u32>()
                .map_or_else(|_| Value::from(text), Value::from);
            body.insert(name.to_owned(), value);
        }
    }
    Value::Object(body)
}

/// What came of it in a sentence, and whether it was done.
async fn said(site: &Site, guest: &Guest, request: SendRequest) -> (bool, String) {
    let done = match request.operation.as_str() {
        "sandbox.faults.create" => "The fault is planted. It strikes the next calls that it matches.",
        "sandbox.faults.delete" => "The fault is taken away.",
        _ => "Every fault is taken away.",
    };
    match site.send_for(guest, request).await {
        Ok(sent) if sent.status < 300 => (true, done.to_owned()),
        Ok(sent) => {
            let problem: Value = serde_json::from_str(&sent.body).unwrap_or_default();
            let detail = problem["errors"][0]["detail"].as_str();
            let pointer = problem["errors"][0]["pointer"].as_str().unwrap_or_default();
            let text = match detail {
                Some(detail) => format!("{} {detail}", pointer.trim_start_matches(['#', '/'])),
                None => problem["detail"]
                    .as_str()
                    .unwrap_or("The API refused it.")
                    .to_owned(),
            };
            (false, text)
        }
        Err(error) => (false, error.to_string()),
    }
}

fn waiting_fault(fault: &Planted) -> WaitingFault {
    let does = match fault.kind {
        FaultKind::RateLimited => "429",
        FaultKind::ServerError => "500",
        FaultKind::Timeout => "503",
        FaultKind::Latency => "A late answer",
        FaultKind::ConnectionReset => "A broken connection",
    };
    let mut does = does.to_owned();
    if let Some(seconds) = fault.retry_after {
        does = format!("{does}, Retry-After {seconds}");
    }
    if let Some(millis) = fault.delay_ms {
        does = format!("{does}, after {millis} ms");
    }
    let strikes = match (&fault.r#match.method, &fault.r#match.path) {
        (None, None) => "every call".to_owned(),
        (Some(method), None) => format!("every {}", method.as_str()),
        (None, Some(path)) => path.clone(),
        (Some(method), Some(path)) => format!("{} {path}", method.as_str()),
    };
    WaitingFault {
        id: fault.id.to_string(),
        does,
        strikes,
        remaining: fault.remaining,
    }
}
