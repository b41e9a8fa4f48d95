//! Where events may be sent: what a URL says of itself, and which of the addresses it leads to may be dialled.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use url::{Host, Url};

/// The path under which the API's own host receives what is sent to inboxes.
pub const INBOX: &str = "/inbox/";

/// Why events are not sent to a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// It is not a URL.
    #[error("is not a URL")]
    Malformed,
    /// It carries credentials, which anyone who reads the endpoint would see.
    #[error("must not contain a user name or a password")]
    Credentials,
    /// It has a fragment, which is never sent.
    #[error("must not contain a fragment")]
    Fragment,
    /// Its scheme is not https.
    #[error("must be an https URL")]
    Plain,
    /// It names a port that no web server of the public uses.
    #[error("must not name a port below 1024 other than 443")]
    Port,
    /// It is, or leads to, an address that events may not be sent to.
    #[error("leads to an address that events are not sent to")]
    Address,
}

/// Where a URL leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// To one of our own inboxes, at this path.
    Inbox(String),
    /// To somebody else's receiver.
    Elsewhere(Url),
}

/// What this installation allows, and what it is itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TargetRules {
    /// Whether plain http, loopback and private addresses are allowed.
    pub allow_private: bool,
    /// How the API is reached, without a closing slash.
    pub api_url: String,
    /// How the portal is reached, without a closing slash.
    pub portal_url: String,
    /// Where we listen ourselves.
    pub own: Vec<SocketAddr>,
}

impl TargetRules {
    /// Where this URL leads, as far as it says so itself.
    ///
    /// # Errors
    /// Why events are not sent there.
    pub fn judge(&self, text: &str) -> Result<Target, Unfit> {
        let url = Url::parse(text).map_err(|_| Unfit::Malformed)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Unfit::Credentials);
        }
        if url.fragment().is_some() {
            return Err(Unfit::Fragment);
        }
        if is_at(&self.api_url, &url) && url.path().starts_with(INBOX) && url.query().is_none() {
            return Ok(Target::Inbox(url.path().to_owned()));
        }
        if is_at(&self.api_url, &url) || is_at(&self.portal_url, &url) {
            return Err(Unfit::Address);
        }
        let port = match (url.scheme(), self.allow_private) {
            ("https", _) | ("http", true) => url.port_or_known_default().ok_or(Unfit::Malformed)?,
            _ => return Err(Unfit::Plain),
        };
        if !self.allow_private && port != 443 && port < 1024 {
            return Err(Unfit::Port);
        }
        let literal = match url.host().ok_or(Unfit::Malformed)? {
            Host::Domain(_) => None,
            Host::Ipv4(address) => Some(IpAddr::V4(address)),
            Host::Ipv6(address) => Some(IpAddr::V6(address)),
        };
        if literal.is_some_and(|address| !self.allows(address, port)) {
            return Err(Unfit::Address);
        }
        Ok(Target::Elsewhere(url))
    }

    /// Whether this address may be dialled at this port.
    pub fn allows(&self, address: IpAddr, port: u16) -> bool {
        let address = plain(address);
        let fits = is_global(address) || (self.allow_private && is_private(address));
        fits && !self.is_own(address, port)
    }

    /// Whether it is one of our own listeners. One that listens everywhere is reached at every address of the machine.
    fn is_own(&self, address: IpAddr, port: u16) -> bool {
        self.own.iter().any(|own| {
            let everywhere = own.ip().is_unspecified() && !is_global(address);
            let loopback = own.ip().is_loopback() && address.is_loopback();
            own.port() == port && (own.ip() == address || everywhere || loopback)
        })
    }
}

/// Whether a URL has this origin.
fn is_at(origin: &str, url: &Url) -> bool {
    Url::parse(origin).is_ok_and(|own| own.origin() == url.origin())
}

/// The IPv4 address that a mapped IPv6 address stands for.
fn plain(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    }
}

/// Whether an address is one of the public internet, and of one host.
pub fn is_global(address: IpAddr) -> bool {
    match plain(address) {
        IpAddr::V4(v4) => is_global_v4(v4),
        IpAddr::V6(v6) => is_global_v6(v6),
    }
}

fn is_global_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    // The registry of special addresses: everything that it lists as not globally reachable.
    !matches!(
        (a, b, c),
        (0 | 10 | 127 | 224..=255, ..)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 0, 0 | 2)
            | (192, 88, 99)
            | (192, 168, _)
            | (198, 18..=19, _)
            | (198, 51, 100)
            | (203, 0, 113)
    )
}

/// Only what lies in `2000::/3` was ever given out as global unicast; inside it stand the ways into other networks.
fn is_global_v6(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    let given_out = a & 0xe000 == 0x2000;
    let protocol = a == 0x2001 && b < 0x0200;
    let documentation = (a == 0x2001 && b == 0x0db8) || (a == 0x3fff && b < 0x1000);
    let six_to_four = a == 0x2002;
    given_out && !protocol && !documentation && !six_to_four
}

/// Whether an address is loopback or of a private network: what an operator may allow. Link-local addresses are not
/// among them, since clouds keep credentials there.
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.segments()[0] & 0xfe00 == 0xfc00,
    }
}

#[cfg(test)]
mod tests;
