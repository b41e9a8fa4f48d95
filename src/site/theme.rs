//! `POST /theme`: keeps the reader's colours and goes back to where they were chosen.

use app::{link, model::Theme, request::last};
use axum::{extract::State, response::Response};

use super::{Site, back, form::Fields, respond};

/// Keeps `theme` in a cookie and sends the reader back to `return`, if that is a page of ours.
pub(super) async fn choose(State(site): State<Site>, Fields(fields): Fields) -> Response {
    let theme = Theme::from_text(last(&fields, "theme").unwrap_or_default());
    let path = last(&fields, "return").and_then(back::path).unwrap_or(link::HOME);
    respond::see_other(path, site.jar.keep_theme(theme))
}
