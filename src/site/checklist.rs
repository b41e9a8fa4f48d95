//! The launch checklist of the visitor's workspace, as it stands now.

use app::{
    link,
    model::{ChecklistItem, ChecklistPage, Evidence, ItemState, Moment},
};
use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
};
use contract::contract;

use super::{
    Site, cookie,
    fault::Fault,
    respond,
    session::{Guest, Own},
};
use crate::checklist::{self, Proof, Rule, Standing};

/// `GET /checklist`.
pub(super) async fn show(
    State(site): State<Site>,
    guest: Guest,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let page = page(&site, &guest).await?;
    let frame = site.frame(cookie::theme(&headers), &uri);
    Ok(respond::html(app::routes::render_checklist(&frame, &page)))
}

/// The checklist of this visitor.
///
/// # Errors
/// When the sandbox or its log cannot be read.
pub(super) async fn page(site: &Site, guest: &Guest) -> Result<ChecklistPage, Fault> {
    let own = guest.sandbox();
    let standings = match own {
        None => checklist::read(None).await?,
        Some(own) => {
            let tenant = site.tenant(own).await?;
            checklist::read(Some(tenant.log().as_ref())).await?
        }
    };
    Ok(ChecklistPage {
        holder: own.map_or_else(|| "Nobody yet".to_owned(), |own| own.row.name.to_string()),
        client_id: own.map(|own| own.client.to_string()),
        as_of: moment(site.clock.now()),
        items: standings
            .into_iter()
            .map(|standing| item(standing, own))
            .collect(),
    })
}

fn item(standing: Standing, own: Option<&Own>) -> ChecklistItem {
    let Standing { item, proof } = standing;
    let step = match (item.rule, own) {
        (Rule::NotObservable, _) => None,
        (Rule::SuccessfulCall, None) => Some(("Create a sandbox".to_owned(), link::SANDBOX.to_owned())),
        (Rule::SuccessfulCall, Some(_)) => Some(("Send a request".to_owned(), link::builder("clients.list"))),
    };
    let state = match (proof, own) {
        (Some(proof), Some(own)) => ItemState::Proven(evidence(proof, own)),
        _ => ItemState::Open,
    };
    ChecklistItem {
        id: item.id.to_owned(),
        title: item.title.to_owned(),
        why: item.why.to_owned(),
        rule: item.rule_text.to_owned(),
        action: step.filter(|_| state == ItemState::Open),
        state,
    }
}

fn evidence(proof: Proof, own: &Own) -> Evidence {
    let what = contract().card(&proof.operation).map_or_else(
        || proof.operation.clone(),
        |card| {
            let spec = card.spec;
            format!("{} {} → {}", spec.method.as_str(), spec.path, spec.status)
        },
    );
    let by = if proof.from_builder {
        format!("{}, from the builder", own.client)
    } else {
        own.client.to_string()
    };
    Evidence {
        what,
        request_id: Some(proof.request_id),
        href: Some(link::builder(&proof.operation)),
        by,
        at: moment(proof.at),
    }
}

/// An instant, ready to be read.
pub(super) fn moment(at: contract::Timestamp) -> Moment {
    Moment::from_rfc3339(&at.to_string())
}
