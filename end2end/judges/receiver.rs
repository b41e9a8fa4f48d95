//! cargo add axum standardwebhooks && cargo add tokio --features macros,net,rt-multi-thread

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use standardwebhooks::Webhook;
use std::{env, error::Error, sync::Arc};
use tokio::net::TcpListener;

async fn receive(State(webhook): State<Arc<Webhook>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    if webhook.verify(&body, &headers).is_err() {
        return StatusCode::UNAUTHORIZED;
    }
    println!("received {}", String::from_utf8_lossy(&body)); // Store it here, and deal with it afterwards.
    StatusCode::NO_CONTENT
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let webhook = Arc::new(Webhook::new(&env::var("WEBHOOK_SECRET")?)?);
    let router = Router::new().route("/aleta", post(receive)).with_state(webhook);
    let port = env::var("PORT").unwrap_or_else(|_| "8080".to_owned());
    let listener = TcpListener::bind(format!("0.0.0.0:{port}")).await?;
    Ok(axum::serve(listener, router).await?)
}
