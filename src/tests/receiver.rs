//! A receiver of webhooks: a real HTTP server that keeps what arrives and answers as a test says.

use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    serve::Listener,
};
use serde_json::Value;
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

/// Something that arrived.
#[derive(Clone, Debug)]
pub(crate) struct Arrived {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) at: Instant,
}

impl Arrived {
    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_else(|| panic!("{name} in {:?}", self.headers))
    }
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }
}

/// A receiver; it stops listening when dropped.
pub(crate) struct Receiver {
    pub(crate) address: SocketAddr,
    arrived: Arc<Mutex<Vec<Arrived>>>,
    count: watch::Receiver<usize>,
    serving: JoinHandle<()>,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Receiver {
    /// One that answers 204.
    pub(crate) async fn new() -> Self {
        Self::answering(|_| StatusCode::NO_CONTENT.into_response()).await
    }

    /// One that answers the request of this number, from 0, so.
    pub(crate) async fn answering(
        answer: impl Fn(usize) -> Response + Clone + Send + Sync + 'static,
    ) -> Self {
        Self::on("127.0.0.1:0", answer).await
    }

    /// The same, at this address.
    pub(crate) async fn on(
        address: &str,
        answer: impl Fn(usize) -> Response + Clone + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(address).await.expect("a listener");
        Self::serving(listener, answer)
    }

    /// The same, on whatever this accepts.
    pub(crate) fn serving(
        listener: impl Listener<Addr = SocketAddr>,
        answer: impl Fn(usize) -> Response + Clone + Send + Sync + 'static,
    ) -> Self {
        let address = listener.local_addr().expect("an address");
        let arrived: Arc<Mutex<Vec<Arrived>>> = Arc::default();
        let (counter, count) = watch::channel(0);
        let (kept, counter) = (Arc::clone(&arrived), Arc::new(counter));
        let handler = async move |headers: HeaderMap, body: Bytes| {
            let number = {
                let mut kept = kept.lock().expect("a lock");
                kept.push(Arrived {
                    headers,
                    body,
                    at: Instant::now(),
                });
                kept.len()
            };
            let response = answer(number - 1);
            counter.send_replace(number);
            response
        };
        let router = Router::new().fallback(handler);
        let serving = tokio::spawn(async move {
            axum::serve(listener, router).await.ok();
        });
        Self {
            address,
            arrived,
            count,
            serving,
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/hooks", self.address)
    }

    /// Everything that has arrived, once it is at least so many.
    pub(crate) async fn until(&self, number: usize) -> Vec<Arrived> {
        let mut count = self.count.clone();
        let waiting = count.wait_for(|count| *count >= number);
        let waited = tokio::time::timeout(Duration::from_secs(30), waiting).await;
        assert!(
            waited.is_ok_and(|told| told.is_ok()),
            "{} of {number} have arrived",
            self.seen().len()
        );
        self.seen()
    }

    /// Everything that has arrived so far.
    pub(crate) fn seen(&self) -> Vec<Arrived> {
        self.arrived.lock().expect("a lock").clone()
    }
}
