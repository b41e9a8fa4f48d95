//! The request log of the visitor's sandbox: every call of a week, filtered and paged, each one ready to be sent again.

use app::{
    link,
    model::{LastCalls, LogFilter, LoggedCall, LogsPage},
    request::{Pairs, SendRequest, encode, last},
};
use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use contract::Timestamp;
use std::collections::HashSet;

use super::{
    Site, catalog,
    checklist::moment,
    cookie,
    fault::Fault,
    form, respond,
    session::{Guest, Own},
};
use crate::store::log::{LogRow, Source, Wanted};

/// So many calls stand on a page.
const PAGE: u32 = 50;

/// So many calls stand beside an operation of the docs.
const LAST: u32 = 5;

/// The field that names the place after which a page begins.
const BEFORE: &str = "before";

const MINUTE: i64 = 60_000;

/// `GET /logs?operation=…&status=…&source=…&since=…&before=…`.
pub(super) async fn show(
    State(site): State<Site>,
    guest: Guest,
    uri: Uri,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let fields = form::parse(query.unwrap_or_default().as_bytes());
    let page = match guest.sandbox() {
        None => LogsPage::default(),
        Some(own) => page(&site, own, &fields).await?,
    };
    let frame = site.frame(cookie::theme(&headers), &uri);
    Ok(respond::html(app::routes::render_logs(&frame, &page)))
}

/// `GET /logs/part?operation=…`: the last calls of an operation, to stand in a page of the docs.
pub(super) async fn part(
    State(site): State<Site>,
    guest: Guest,
    RawQuery(query): RawQuery,
) -> Result<Response, Fault> {
    let fields = form::parse(query.unwrap_or_default().as_bytes());
    let form = last(&fields, "operation")
        .and_then(catalog::form)
        .ok_or(Fault::NoPage)?;
    let wanted = Wanted {
        operation_id: Some(form.operation.clone()),
        limit: LAST,
        ..Wanted::default()
    };
    let calls = match guest.sandbox() {
        None => Vec::new(),
        Some(own) => read(&site, own, wanted).await?.0,
    };
    let last = LastCalls {
        operation: form.operation.clone(),
        has_sandbox: guest.sandbox().is_some(),
        calls,
    };
    Ok(respond::html(app::routes::render_last_calls(&last)))
}

async fn page(site: &Site, own: &Own, fields: &Pairs) -> Result<LogsPage, Fault> {
    let filter = filter(fields);
    let before = last(fields, BEFORE).and_then(|place| place.parse().ok());
    let wanted = Wanted {
        request_id: None,
        operation_id: Some(filter.operation.clone()).filter(|id| !id.is_empty()),
        source: Source::from_text(&filter.source),
        status: statuses(&filter.status),
        since: since(&filter.since, site.clock.now()),
        before,
        limit: PAGE + 1,
    };
    let (mut calls, places) = read(site, own, wanted).await?;
    let more = calls.len() > PAGE as usize;
    calls.truncate(PAGE as usize);
    let last_shown = places.get(calls.len().wrapping_sub(1));
    Ok(LogsPage {
        holder: Some(own.row.name.to_string()),
        operations: catalog::links().to_vec(),
        older: last_shown.filter(|_| more).map(|place| older(&filter, *place)),
        filter,
        calls,
    })
}

/// The calls that are wanted, ready to be shown, and their places.
async fn read(site: &Site, own: &Own, wanted: Wanted) -> Result<(Vec<LoggedCall>, Vec<i64>), Fault> {
    let tenant = site.tenant(own).await?;
    let kept = tenant.log().sends().await?;
    let kept: HashSet<String> = kept.into_iter().map(|send| send.request_id).collect();
    let rows = tenant.log().page(wanted).await?;
    let places = rows.iter().map(|row| row.seq).collect();
    let calls = rows
        .into_iter()
        .map(|row| {
            let is_kept = kept.contains(&row.call.request_id);
            shown(site, row.call, is_kept)
        })
        .collect();
    Ok((calls, places))
}

/// An operation's summary, and where it is documented.
pub(super) fn operation(site: &Site, id: &str) -> Option<(String, String)> {
    let form = catalog::form(id)?;
    let docs = site.docs.operation_url(&form.operation);
    let href = docs.map_or_else(|| link::builder(&form.operation), str::to_owned);
    Some((form.summary.clone(), href))
}

/// A call, ready to be shown; one whose send is kept opens with all its values.
pub(super) fn shown(site: &Site, row: LogRow, is_kept: bool) -> LoggedCall {
    let open = if is_kept {
        Some(link::sent(&row.request_id))
    } else {
        reopening(&row)
    };
    let operation = row.operation_id.as_deref().and_then(|id| operation(site, id));
    LoggedCall {
        request_id: row.request_id,
        at: moment(row.at),
        method: row.method.into_owned(),
        path: row.path,
        status: row.status,
        duration_us: row.duration_us,
        from_builder: row.source == Source::Builder,
        client_id: row.client_id,
        operation,
        problem: row.problem.map(std::borrow::Cow::into_owned),
        open,
    }
}

/// The builder's form with the values of a logged call. The log keeps no bodies, so the worked example stands in.
fn reopening(row: &LogRow) -> Option<String> {
    let form = catalog::form(row.operation_id.as_deref()?)?;
    let (path, query) = row.path.split_once('?').unwrap_or((&row.path, ""));
    let request = SendRequest {
        operation: form.operation.clone(),
        path: path_values(&form.path, path)?,
        query: form::parse(query.as_bytes()),
        ..SendRequest::default()
    };
    if !form.method.has_body() {
        return link::shared(&request);
    }
    let mut address = link::builder(&form.operation);
    for (name, value) in request.to_fields() {
        address = format!("{address}&{}={}", encode(&name), encode(&value));
    }
    Some(address)
}

/// The values of a path by its template; none where they do not fit.
fn path_values(template: &str, path: &str) -> Option<Pairs> {
    let decoded = |text: &str| {
        let pairs = form::parse(text.replace('+', "%2B").as_bytes());
        pairs
            .into_iter()
            .next()
            .map_or_else(String::new, |(name, _)| name)
    };
    // A track may stand under a prefix.
    let (wanted, given): (Vec<&str>, Vec<&str>) = (template.split('/').collect(), path.split('/').collect());
    let given = given.get(given.len().checked_sub(wanted.len())?..)?;
    let mut values = Pairs::new();
    for (name, value) in wanted.into_iter().zip(given).skip(1) {
        match name.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) => values.push((name.to_owned(), decoded(value))),
            None if name == *value => {}
            None => return None,
        }
    }
    Some(values)
}

fn filter(fields: &Pairs) -> LogFilter {
    let field = |name: &str| last(fields, name).unwrap_or_default().to_owned();
    let known = |value: String, is_known: bool| if is_known { value } else { String::new() };
    let (operation, status, source, since) = (
        field("operation"),
        field("status"),
        field("source"),
        field("since"),
    );
    LogFilter {
        operation: known(operation.clone(), catalog::form(&operation).is_some()),
        status: known(status.clone(), statuses(&status).is_some()),
        source: known(source.clone(), Source::from_text(&source).is_some()),
        since: known(since.clone(), span(&since).is_some()),
    }
}

fn statuses(text: &str) -> Option<(u16, u16)> {
    if let Some(class) = text.strip_suffix("xx") {
        let class: u16 = class.parse().ok().filter(|class| (1..=5).contains(class))?;
        return Some((class * 100, class * 100 + 99));
    }
    let status = text.parse().ok().filter(|status| (100..600).contains(status))?;
    Some((status, status))
}

fn span(text: &str) -> Option<i64> {
    Some(match text {
        "15m" => 15 * MINUTE,
        "1h" => 60 * MINUTE,
        "1d" => 24 * 60 * MINUTE,
        _ => return None,
    })
}

fn since(text: &str, now: Timestamp) -> Option<Timestamp> {
    Some(now.plus_millis(-span(text)?))
}

fn older(filter: &LogFilter, place: i64) -> String {
    let fields = [
        ("operation", &filter.operation),
        ("status", &filter.status),
        ("source", &filter.source),
        ("since", &filter.since),
    ];
    fields.into_iter().filter(|(_, value)| !value.is_empty()).fold(
        format!("{}?{BEFORE}={place}", link::LOGS),
        |address, (name, value)| format!("{address}&{name}={}", encode(value)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_off_a_path_by_its_template() {
        let read = |path| path_values("/v1/clients/{id}/legal-entities", path);
        assert_eq!(
            read("/v1/clients/a%2Fb+c/legal-entities"),
            Some(vec![("id".to_owned(), "a/b+c".to_owned())])
        );
        assert!(read("/prefix/v1/clients/a/legal-entities").is_some());
        assert_eq!(read("/v1/clients/a"), None);
        assert_eq!(read("/v1/clients/a/portfolios"), None);
    }

    #[test]
    fn a_filter_of_unknown_words_asks_for_everything() {
        let strange =
            ["operation", "status", "source", "since"].map(|name| (name.to_owned(), "x".to_owned()));
        assert!(filter(&strange.to_vec()).is_empty());
        assert_eq!(statuses("4xx"), Some((400, 499)));
        assert_eq!(statuses("304"), Some((304, 304)));
        assert_eq!(statuses("9xx"), None);
    }
}
