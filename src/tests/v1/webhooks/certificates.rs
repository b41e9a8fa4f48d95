//! Receivers behind TLS: who proves to be who its URL names gets the event, and nobody else.

use super::{all, client, deliveries, endpoint, report};
use crate::{harness::Portal, receiver::Receiver};
use axum::{http::StatusCode, response::IntoResponse, serve::Listener};
use portal::{
    clock::Clock,
    webhooks::{Lookup, Outside},
};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::{RootCertStore, ServerConfig, pki_types::PrivateKeyDer};
use serde_json::{Value, json};
use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

/// Someone who signs certificates, and whom the server believes or not.
struct Authority(Issuer<'static, KeyPair>, RootCertStore);

impl Authority {
    fn new() -> Self {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(Vec::new()).expect("parameters");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let own = params.self_signed(&key).expect("a certificate");
        let mut roots = RootCertStore::empty();
        roots.add(own.der().clone()).expect("a root");
        Self(Issuer::new(params, key), roots)
    }

    /// What a receiver called `name` shows until the end of `year`.
    fn certify(&self, name: &str, year: i32) -> TlsAcceptor {
        let key = KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new([name.to_owned()]).expect("parameters");
        params.not_before = date_time_ymd(2015, 1, 1);
        params.not_after = date_time_ymd(year, 12, 31);
        let shown = params.signed_by(&key, &self.0).expect("a certificate");
        let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![shown.der().clone()], key)
            .expect("a certificate and its key");
        TlsAcceptor::from(Arc::new(config))
    }
}

/// Accepts those who are content with its certificate: of several, the first caller sees the first, and so on to the last.
struct Secure(TcpListener, Vec<TlsAcceptor>);

impl Listener for Secure {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, SocketAddr) {
        loop {
            let (stream, from) = Listener::accept(&mut self.0).await;
            let acceptor = match self.1.len() {
                1 => self.1[0].clone(),
                _ => self.1.remove(0),
            };
            if let Ok(stream) = acceptor.accept(stream).await {
                return (stream, from);
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

async fn receiver(acceptors: Vec<TlsAcceptor>) -> Receiver {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a listener");
    Receiver::serving(Secure(listener, acceptors), |_| {
        StatusCode::NO_CONTENT.into_response()
    })
}

/// A server that believes this authority alone, and finds every name here.
async fn portal(believed: &Authority) -> Portal {
    let lookup: Lookup = Arc::new(|_| Box::pin(async { Ok(vec![IpAddr::V4(Ipv4Addr::LOCALHOST)]) }));
    let outside = Outside {
        lookup: Some(lookup),
        roots: Some(believed.1.clone()),
    };
    Portal::amid(Clock::system(), outside, |config| {
        config.webhook_retry_schedule = "0s,100ms,200ms,300ms".parse().expect("a schedule");
    })
    .await
}

#[tokio::test]
async fn a_certificate_that_proves_nothing_is_a_failure_like_any_other() {
    let (believed, stranger) = (Authority::new(), Authority::new());
    let portal = portal(&believed).await;
    let developer = portal.sandbox().await;
    let cases = [
        (
            "good",
            believed.certify("hooks.example", 2099),
            json!("delivered"),
        ),
        (
            "signed by a stranger",
            stranger.certify("hooks.example", 2099),
            json!("failed"),
        ),
        (
            "out of date",
            believed.certify("hooks.example", 2020),
            json!("failed"),
        ),
        (
            "of somebody else",
            believed.certify("other.example", 2099),
            json!("failed"),
        ),
    ];
    let mut called = Vec::new();
    for (name, acceptor, status) in cases {
        let receiver = receiver(vec![acceptor]).await;
        let url = format!("https://hooks.example:{}/", receiver.address.port());
        let made = endpoint(&developer, &url, &["client.*"]).await;
        called.push((name, receiver, made, status));
    }
    client(&developer).await;
    for (name, receiver, made, status) in called {
        let ended = deliveries(&developer, &made, |rows| {
            all("delivered")(rows) || all("failed")(rows)
        })
        .await;
        let report = report(&developer, &ended[0]).await;
        let attempts = report["attempts"].as_array().expect("attempts");
        let errors: Vec<_> = attempts.iter().map(|one| one["error"].clone()).collect();
        let expected = match status.as_str() {
            Some("delivered") => vec![Value::Null],
            _ => vec![json!("tls"); 4],
        };
        assert_eq!((&report["status"], &errors), (&status, &expected), "{name}");
        assert_eq!(receiver.seen().is_empty(), status == "failed", "{name}");
    }
}

#[tokio::test]
async fn what_waits_arrives_once_the_certificate_is_mended() {
    let authority = Authority::new();
    let portal = portal(&authority).await;
    let developer = portal.sandbox().await;
    let years = [2020, 2099].map(|year| authority.certify("hooks.example", year));
    let receiver = receiver(years.to_vec()).await;
    let url = format!("https://hooks.example:{}/", receiver.address.port());
    let made = endpoint(&developer, &url, &["client.*"]).await;
    client(&developer).await;
    receiver.until(1).await;
    let delivered = deliveries(&developer, &made, all("delivered")).await;
    let report = report(&developer, &delivered[0]).await;
    let errors = report["attempts"].as_array().expect("attempts").iter();
    assert_eq!(
        errors.map(|one| one["error"].clone()).collect::<Vec<_>>(),
        [json!("tls"), Value::Null]
    );
}
