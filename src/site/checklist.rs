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
use crate::{
    checklist::{self, Part, Proof, Rule, Standing},
    store::log::{Habit, Refused},
};

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
        (Rule::SuccessfulCall | Rule::Habit(_), None) => {
            Some(("Create a sandbox".to_owned(), link::SANDBOX.to_owned()))
        }
        (Rule::SuccessfulCall, Some(_)) => Some(("Send a request".to_owned(), link::builder("clients.list"))),
        (Rule::Habit(habit), Some(_)) => Some(how(habit)),
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
        launch: item.part == Part::Launch,
        state,
    }
}

/// The page that tells how to show a habit.
fn how(habit: Habit) -> (String, String) {
    let (label, path) = match habit {
        Habit::Waited => ("Plant a fault to practise on", "/reference/v1/sandbox#faults"),
        Habit::Walked => ("How to follow a cursor", "/pagination"),
        Habit::Compared => ("How to compare", "/caching"),
        Habit::Repeated => ("How to repeat safely", "/idempotency"),
    };
    (label.to_owned(), path.to_owned())
}

fn evidence(proof: Proof, own: &Own) -> Evidence {
    let what = contract().card(&proof.operation).map_or_else(
        || proof.operation.clone(),
        |card| {
            let spec = card.spec;
            let status = proof.status.unwrap_or(spec.status);
            format!("{} {} → {status}", spec.method.as_str(), spec.path)
        },
    );
    let after = proof.before.as_ref().map(|before| waited(&proof, before));
    let what = what + &after.unwrap_or_default();
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

/// How long after which refusal a call was repeated.
fn waited(proof: &Proof, before: &Refused) -> String {
    let tenths = (proof.at.as_millis() - before.at.as_millis()) / 100;
    let (whole, tenth) = (tenths / 10, tenths % 10);
    let Refused {
        request_id,
        status,
        retry_after,
        ..
    } = before;
    format!(", {whole}.{tenth} s after {status} with Retry-After: {retry_after} ({request_id})")
}

/// An instant, ready to be read.
pub(super) fn moment(at: contract::Timestamp) -> Moment {
    Moment::from_rfc3339(&at.to_string())
}
