//! Dials a receiver. The addresses that are checked are the very ones that are dialled, on every connection.

use crate::sandbox::webhooks::target::TargetRules;
use axum::http::Uri;
use contract::deliveries::AttemptError;
use futures::future::BoxFuture;
use hyper_util::rt::TokioIo;
use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    task::{Context, Poll},
};
use tokio::net::TcpStream;
use tower::Service;

/// Finds the addresses of a host.
pub type Lookup = Arc<dyn Fn(String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> + Send + Sync>;

/// What a test puts in place of the world outside.
#[derive(Clone, Default)]
pub struct Outside {
    /// Finds addresses, in place of the machine's own resolver.
    pub lookup: Option<Lookup>,
    /// Who is believed to say whom a certificate names, in place of the authorities that browsers believe.
    pub roots: Option<rustls::RootCertStore>,
}

/// Asks the machine's own resolver.
pub(super) fn system() -> Lookup {
    Arc::new(|host| {
        Box::pin(async move {
            let found = tokio::net::lookup_host((host, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    })
}

/// No connection was made.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("not connected: {}", .0.as_str())]
pub(super) struct NotConnected(pub(super) AttemptError);

/// Makes connections.
#[derive(Clone)]
pub(super) enum Dial {
    /// To wherever the rules allow.
    Guarded {
        /// What is allowed.
        rules: Arc<TargetRules>,
        /// Finds addresses.
        lookup: Lookup,
    },
    /// To one address, whatever the URL says.
    Always(SocketAddr),
}

impl Dial {
    async fn dial(self, uri: Uri) -> Result<TcpStream, NotConnected> {
        let (rules, lookup) = match self {
            Self::Always(address) => return connect(&[address]).await,
            Self::Guarded { rules, lookup } => (rules, lookup),
        };
        let host = uri.host().ok_or(NotConnected(AttemptError::Dns))?;
        let default = if uri.scheme_str() == Some("http") { 80 } else { 443 };
        let port = uri.port_u16().unwrap_or(default);
        let literal = host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .parse::<IpAddr>();
        let found = match literal {
            Ok(address) => vec![address],
            Err(_) => lookup(host.to_owned())
                .await
                .map_err(|_| NotConnected(AttemptError::Dns))?,
        };
        if found.is_empty() {
            return Err(NotConnected(AttemptError::Dns));
        }
        // One address that is not allowed spoils the whole answer: who mixes them means no good.
        if !found.iter().all(|address| rules.allows(*address, port)) {
            return Err(NotConnected(AttemptError::AddressNotAllowed));
        }
        let addresses: Vec<_> = found.into_iter().map(|ip| SocketAddr::new(ip, port)).collect();
        connect(&addresses).await
    }
}

async fn connect(addresses: &[SocketAddr]) -> Result<TcpStream, NotConnected> {
    for address in addresses {
        if let Ok(stream) = TcpStream::connect(address).await {
            let set = stream.set_nodelay(true);
            return set
                .map(|()| stream)
                .map_err(|_| NotConnected(AttemptError::Connect));
        }
    }
    Err(NotConnected(AttemptError::Connect))
}

impl Service<Uri> for Dial {
    type Response = TokioIo<TcpStream>;
    type Error = NotConnected;
    type Future = BoxFuture<'static, Result<Self::Response, NotConnected>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), NotConnected>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let dial = self.clone();
        Box::pin(async move { dial.dial(uri).await.map(TokioIo::new) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    fn guarded(answers: &[&str]) -> Dial {
        let left: Vec<Vec<IpAddr>> = answers
            .iter()
            .rev()
            .map(|answer| answer.split(' ').map(|ip| ip.parse().unwrap()).collect())
            .collect();
        let left = Arc::new(Mutex::new(left));
        let lookup: Lookup = Arc::new(move |_| {
            let next = left.lock().unwrap().pop().unwrap_or_default();
            Box::pin(async move { Ok(next) })
        });
        let rules = TargetRules {
            allow_private: false,
            api_url: "https://api.aleta.example".to_owned(),
            portal_url: "https://portal.aleta.example".to_owned(),
            own: Vec::new(),
        };
        Dial::Guarded {
            rules: Arc::new(rules),
            lookup,
        }
    }

    async fn refused(dial: &Dial, uri: &'static str) -> AttemptError {
        dial.clone().dial(Uri::from_static(uri)).await.unwrap_err().0
    }

    #[tokio::test]
    async fn one_bad_address_spoils_the_answer() {
        for answer in [
            "127.0.0.1",
            "8.8.8.8 10.0.0.1",
            "::1 8.8.8.8",
            "169.254.169.254",
            "::ffff:127.0.0.1",
        ] {
            let dial = guarded(&[answer]);
            assert_eq!(
                refused(&dial, "https://hooks.example/").await,
                AttemptError::AddressNotAllowed,
                "{answer}"
            );
        }
        assert_eq!(
            refused(&guarded(&[]), "https://hooks.example/").await,
            AttemptError::Dns
        );
    }

    #[tokio::test]
    async fn a_literal_address_is_checked_though_nothing_is_looked_up() {
        let dial = guarded(&[]);
        for uri in [
            "http://127.0.0.1/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://10.0.0.1:8080/",
        ] {
            assert_eq!(
                refused(&dial, uri).await,
                AttemptError::AddressNotAllowed,
                "{uri}"
            );
        }
    }
}
