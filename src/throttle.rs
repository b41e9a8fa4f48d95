//! How often one address may do what costs something: create sandboxes, report violations.

use contract::Timestamp;
use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Mutex, PoisonError},
};

/// Past so many addresses those that may do it again are forgotten.
const CROWDED: usize = 10_000;

/// So many times in so long, per address.
#[derive(Debug)]
pub(super) struct Throttle {
    times: u32,
    window_millis: i64,
    seen: Mutex<HashMap<IpAddr, Vec<Timestamp>>>,
}

impl Throttle {
    /// At most `times` in `window_millis`.
    pub(super) fn new(times: u32, window_millis: i64) -> Self {
        Self {
            times,
            window_millis,
            seen: Mutex::default(),
        }
    }

    /// Counts this time.
    ///
    /// # Errors
    /// In how many milliseconds the address may do it again; nothing is counted then.
    pub(super) fn take(&self, address: IpAddr, now: Timestamp) -> Result<(), i64> {
        let oldest = now.plus_millis(-self.window_millis);
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= CROWDED {
            seen.retain(|_, times| times.last().is_some_and(|last| *last > oldest));
        }
        let times = seen.entry(network(address)).or_default();
        times.retain(|time| *time > oldest);
        let full = u32::try_from(times.len()).unwrap_or(u32::MAX) >= self.times;
        match times.first() {
            Some(first) if full => Err(first.as_millis() + self.window_millis - now.as_millis()),
            None if full => Err(self.window_millis),
            _ => {
                times.push(now);
                Ok(())
            }
        }
    }
}

/// Whom an address stands for: one household has a whole /64 of IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn an_address_is_told_when_it_may_come_back_and_may_then() {
        let throttle = Throttle::new(2, 1000);
        let address = IpAddr::from([192, 0, 2, 1]);
        assert_eq!(throttle.take(address, at(0)), Ok(()));
        assert_eq!(throttle.take(address, at(400)), Ok(()));
        assert_eq!(throttle.take(address, at(900)), Err(100));
        assert_eq!(throttle.take(address, at(1000)), Ok(()));
        assert_eq!(throttle.take(address, at(1000)), Err(400));
    }

    #[test]
    fn addresses_do_not_share_but_a_network_does() {
        let throttle = Throttle::new(1, 1000);
        let take = |text: &str| throttle.take(text.parse().unwrap(), at(0)).is_ok();
        assert!(take("192.0.2.1"));
        assert!(take("192.0.2.2"));
        assert!(!take("::ffff:192.0.2.2"));
        assert!(take("2001:db8::1"));
        assert!(!take("2001:db8::2"));
        assert!(take("2001:db8:0:1::2"));
    }
}
