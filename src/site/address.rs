//! Where a request comes from, for limits per address.

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, request::Parts},
};
use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use super::Site;
use crate::throttle;

/// The address of whoever sent the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Address(pub(super) IpAddr);

impl Address {
    /// Whom it stands for, where attempts are counted.
    pub(super) fn network(self) -> IpAddr {
        throttle::network(self.0)
    }
}

impl FromRequestParts<Site> for Address {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(peer)| peer.ip());
        let behind_proxy = site.config.portal_url.starts_with("https://");
        Ok(Self(if behind_proxy {
            forwarded(peer, &parts.headers)
        } else {
            peer
        }))
    }
}

/// A portal at an https URL has a proxy in front of it that ends TLS. If the peer is that proxy (it is near), the last
/// address of `X-Forwarded-For` is the one the proxy saw; everything before it is only what the client claims.
fn forwarded(peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let near = match peer.to_canonical() {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local(),
    };
    let last = headers.get_all("x-forwarded-for").iter().next_back();
    let last = last
        .filter(|_| near)
        .and_then(|list| list.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
    last.unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded_for: &'static str) -> IpAddr {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded_for.parse().unwrap());
        forwarded(peer.parse().unwrap(), &headers)
    }

    #[test]
    fn a_proxy_nearby_is_believed_on_what_it_saw_itself() {
        let claimed = "192.0.2.66, 198.51.100.7";
        assert_eq!(seen("127.0.0.1", claimed), IpAddr::from([198, 51, 100, 7]));
        assert_eq!(seen("10.0.0.2", claimed), IpAddr::from([198, 51, 100, 7]));
    }

    #[test]
    fn a_stranger_is_not() {
        assert_eq!(
            seen("203.0.113.9", "198.51.100.7"),
            IpAddr::from([203, 0, 113, 9])
        );
        assert_eq!(seen("127.0.0.1", "unknown"), IpAddr::from([127, 0, 0, 1]));
    }
}
