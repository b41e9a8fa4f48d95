//! Where the islands' server functions answer.

use app::port::Ports;
use axum::{
    extract::{Request, State},
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use leptos::prelude::provide_context;
use std::sync::Arc;

use super::{Site, ports::VisitorPorts, respond::Final, session::Guest};

/// `POST /actions/{name}`.
pub(super) async fn act(State(site): State<Site>, guest: Guest, request: Request) -> Response {
    let ports: Arc<dyn Ports> = Arc::new(VisitorPorts { site, guest });
    let provide = move || provide_context(Arc::clone(&ports));
    let answered = leptos_axum::handle_server_fns_with_context(provide, request).await;
    let mut response = answered.into_response();
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.extensions_mut().insert(Final);
    response
}
