//! One request and its answer over HTTP, to one address.

use app::{
    port::SendError,
    request::{Pairs, Wire},
};
use reqwest::{Client, Method, RequestBuilder, Response, Url, header, redirect};
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::{Duration, Instant},
};

use super::{Call, Purpose};

/// A larger answer is not shown, in bytes.
const LARGEST: usize = 2 * 1024 * 1024;

/// A longer path with query is not sent, in bytes.
const LONGEST_TARGET: usize = 16 * 1024;

/// An HTTP client that knows one address.
pub(super) struct Exchange {
    client: Client,
    address: SocketAddr,
    base: String,
    builder_secret: String,
}

/// An answer, read to its end.
pub(super) struct Received {
    pub(super) status: u16,
    pub(super) reason: &'static str,
    pub(super) headers: Pairs,
    pub(super) body: Vec<u8>,
    pub(super) took: Duration,
}

impl Exchange {
    /// A client of the API listener at `address`.
    ///
    /// # Errors
    /// When the HTTP client cannot be made.
    pub(super) fn new(address: SocketAddr, builder_secret: &str) -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy()
            .connect_timeout(Duration::from_secs(3))
            .build()?;
        Ok(Self {
            client,
            address: reachable(address),
            base: format!("http://{}", reachable(address)),
            builder_secret: builder_secret.to_owned(),
        })
    }

    /// Where every call goes.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Makes a call that no form makes, and reads the answer.
    ///
    /// # Errors
    /// Why there is no answer.
    pub(super) async fn make(&self, call: &Call) -> Result<Received, SendError> {
        let method = Method::from_bytes(call.method.as_bytes()).map_err(|_| SendError::PortalFailed)?;
        let url = self.url(&call.target).ok_or(SendError::PortalFailed)?;
        let mut request = self
            .client
            .request(method, url)
            .header("portal-builder", self.mark(Purpose::Reader));
        for (name, value) in &call.headers {
            request = request.header(name, value);
        }
        if let Some(body) = &call.body {
            request = request.body(body.clone());
        }
        exchanged(request).await
    }

    /// Sends `wire` with this token and reads the answer.
    ///
    /// # Errors
    /// Why there is no answer.
    pub(super) async fn run(
        &self,
        wire: &Wire,
        token: &str,
        purpose: Purpose,
    ) -> Result<Received, SendError> {
        let url = self.url(&wire.target).ok_or(SendError::PortalFailed)?;
        let method =
            Method::from_bytes(wire.method.as_str().as_bytes()).map_err(|_| SendError::PortalFailed)?;
        let mut request = self
            .client
            .request(method, url)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header("portal-builder", self.mark(purpose));
        for (name, value) in &wire.headers {
            request = request.header(name, value);
        }
        if let Some(body) = &wire.body {
            request = request.body(body.clone());
        }
        exchanged(request).await
    }

    /// What tells the request log who sends.
    fn mark(&self, purpose: Purpose) -> String {
        match purpose {
            Purpose::Reader => self.builder_secret.clone(),
            Purpose::Page => format!("{};page", self.builder_secret),
        }
    }

    /// The URL of `target` here. None where a URL parser reads it as any other target or host.
    fn url(&self, target: &str) -> Option<Url> {
        let url = Url::parse(&format!("{}{target}", self.base)).ok()?;
        let read = &url[url::Position::BeforePath..];
        let here = url.as_str().starts_with(&self.base) && read == target && url.fragment().is_none();
        (here && target.len() <= LONGEST_TARGET).then_some(url)
    }
}

/// An address that listens everywhere is reached at loopback.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

/// Sends a request and reads the answer to its end.
async fn exchanged(request: RequestBuilder) -> Result<Received, SendError> {
    let started = Instant::now();
    let response = request.send().await.map_err(|error| explain(&error))?;
    let (status, headers) = (response.status(), pairs(response.headers()));
    let body = read(response).await?;
    Ok(Received {
        status: status.as_u16(),
        reason: status.canonical_reason().unwrap_or_default(),
        headers,
        body,
        took: started.elapsed(),
    })
}

fn pairs(headers: &header::HeaderMap) -> Pairs {
    let text = |value: &header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), text(value)))
        .collect()
}

async fn read(mut response: Response) -> Result<Vec<u8>, SendError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| cut(&error))? {
        let size = body.len() + chunk.len();
        if size > LARGEST {
            let said = response.content_length().unwrap_or(0);
            return Err(SendError::TooLarge(said.max(size as u64)));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Why the rest of an answer did not come.
fn cut(error: &reqwest::Error) -> SendError {
    if error.is_timeout() {
        SendError::TimedOut
    } else {
        SendError::BrokenOff
    }
}

fn explain(error: &reqwest::Error) -> SendError {
    if error.is_timeout() && !error.is_connect() {
        SendError::TimedOut
    } else if error.is_builder() {
        SendError::PortalFailed
    } else {
        SendError::Unreachable
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exchange() -> Exchange {
        Exchange::new("0.0.0.0:4000".parse().unwrap(), "secret").unwrap()
    }

    #[test]
    fn every_request_goes_to_one_host() {
        let url = exchange().url("/v1/clients/..%2Fx?limit=2").unwrap();
        assert_eq!(url.as_str(), "http://127.0.0.1:4000/v1/clients/..%2Fx?limit=2");
    }

    #[test]
    fn a_target_that_would_be_read_as_another_is_not_sent() {
        for target in [
            "/v1/clients/..",
            "/v1/clients/%2e%2E/x",
            "/v1/./x",
            "@evil.example/",
            ".evil.example/",
            "/a\\b",
            "/a#b",
            "/a b",
            "",
        ] {
            assert_eq!(exchange().url(target), None, "{target:?}");
        }
        assert_eq!(exchange().url(&format!("/{}", "a".repeat(LONGEST_TARGET))), None);
    }
}
