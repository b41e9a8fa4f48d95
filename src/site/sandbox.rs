//! The visitor's sandbox as a page.

use app::model::{SandboxPage, SandboxView};
use axum::{
    extract::State,
    http::{HeaderMap, Method, Uri},
    response::Response,
};
use contract::Timestamp;
use std::sync::Arc;

use super::{
    Site,
    checklist::moment,
    cookie,
    fault::Fault,
    flash::Flash,
    respond,
    session::{Guest, Own},
};
use crate::{
    sandbox::tenants::sweep,
    store::{
        control::{client_secrets, workspaces},
        tenant::{Tenant, census},
    },
};

/// `GET /sandbox`.
pub(super) async fn show(
    State(site): State<Site>,
    guest: Guest,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let session = guest.visitor().map(|visitor| visitor.session);
    let flash = session.and_then(|session| site.shown_once(session, (&method, &headers)));
    let page = page(&site, &guest, flash).await?;
    let frame = site.frame(cookie::theme(&headers), &uri);
    Ok(respond::html(app::routes::render_sandbox(&frame, &page)))
}

async fn page(site: &Site, guest: &Guest, flash: Option<Flash>) -> Result<SandboxPage, Fault> {
    let Some(own) = guest.sandbox() else {
        let problem = match flash {
            Some(Flash::Problem(text)) => Some(text),
            _ => None,
        };
        return Ok(SandboxPage::Absent { problem });
    };
    let may_manage = guest.visitor().is_some_and(|visitor| visitor.admin().is_ok());
    let claimed = guest.visitor().is_some_and(|visitor| visitor.member.is_some());
    let mut view = view(site, (own, may_manage)).await?;
    view.claimed = claimed;
    match flash {
        Some(Flash::Secret { secret, notice }) => {
            view.secret = Some(secret);
            view.notice = Some(notice);
        }
        Some(Flash::Notice(text)) => view.notice = Some(text),
        Some(Flash::Problem(text)) => view.problem = Some(text),
        Some(Flash::Link { .. }) | None => {}
    }
    Ok(SandboxPage::Present(Box::new(view)))
}

async fn view(site: &Site, (own, may_manage): (&Own, bool)) -> Result<SandboxView, Fault> {
    let tenant = site.tenant(own).await?;
    let now = site.clock.now();
    let secrets = client_secrets::active(&site.control, &own.client, now).await?;
    let newest = secrets
        .last()
        .map_or(own.row.created_at, |secret| secret.created_at);
    Ok(SandboxView {
        name: own.row.name.to_string(),
        id: own.row.id.to_string(),
        client_id: own.client.to_string(),
        secret: None,
        secret_at: moment(newest),
        api_url: site.config.api_url.clone(),
        plan: own.row.plan.as_str().to_owned(),
        budget: site.config.budget.clone(),
        scopes: own.scopes.iter().map(|scope| scope.to_string()).collect(),
        created: moment(own.row.created_at),
        ends: moment(ends(site, own).await?),
        clock: moment(tenant.now(&site.clock)),
        counts: counts(&tenant).await?,
        may_manage,
        claimed: false,
        notice: None,
        problem: None,
    })
}

/// When the sandbox is removed if nobody uses it again.
pub(super) async fn ends(site: &Site, own: &Own) -> Result<Timestamp, Fault> {
    let workspace = match &own.row.workspace_id {
        Some(id) => workspaces::get(&site.control, id).await?,
        None => None,
    };
    let (visited, claimed) = workspace.map_or((own.row.last_used_at, false), |workspace| {
        (workspace.last_used_at, workspace.claimed_at.is_some())
    });
    Ok(visited
        .max(own.row.last_used_at)
        .plus_millis(sweep::kept(claimed)))
}

async fn counts(tenant: &Tenant) -> Result<Vec<(String, u64)>, Fault> {
    let census = census::take(&mut tenant.read().await?).await?;
    let counts = [
        ("Clients", census.clients),
        ("Legal entities", census.legal_entities),
        ("Accounts", census.accounts),
        ("Depositories", census.depositories),
        ("Reporting entities", census.reporting_entities),
        ("Portfolios", census.portfolios),
        ("Custodian authorities", census.authorities),
        ("Transactions", census.transactions),
    ];
    Ok(counts.map(|(name, count)| (name.to_owned(), count)).to_vec())
}

impl Site {
    /// The data of a visitor's sandbox.
    pub(super) async fn tenant(&self, own: &Own) -> Result<Arc<Tenant>, Fault> {
        Ok(self.tenants.get(&own.row.id, own.row.epoch).await?)
    }
}
