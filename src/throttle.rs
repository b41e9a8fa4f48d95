//! How often somebody may do what costs something: create sandboxes, try passwords, report violations.

use contract::Timestamp;
use std::{
    collections::HashMap,
    hash::Hash,
    net::{IpAddr, Ipv6Addr},
    sync::{Mutex, PoisonError},
};

/// Past so many keys those that may do it again are forgotten.
const CROWDED: usize = 10_000;

/// So many times in so long, per key: an address, an account.
#[derive(Debug)]
pub struct Throttle<K = IpAddr> {
    times: u32,
    window_millis: i64,
    seen: Mutex<HashMap<K, Vec<Timestamp>>>,
}

impl<K: Hash + Eq> Throttle<K> {
    /// At most `times` in `window_millis`.
    pub fn new(times: u32, window_millis: i64) -> Self {
        Self {
            times,
            window_millis,
            seen: Mutex::default(),
        }
    }

    /// Counts this time.
    ///
    /// # Errors
    /// In how many milliseconds it may do it again; nothing is counted then.
    pub fn take(&self, key: K, now: Timestamp) -> Result<(), i64> {
        let oldest = now.plus_millis(-self.window_millis);
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() >= CROWDED {
            seen.retain(|_, times| times.last().is_some_and(|last| *last > oldest));
        }
        let times = seen.entry(key).or_default();
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

    /// Forgets what was counted: it turned out to be who they say.
    pub fn forget(&self, key: &K) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.remove(key);
    }
}

/// Whom an address stands for: one household has a whole /64 of IPv6.
pub fn network(address: IpAddr) -> IpAddr {
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
    fn what_is_forgotten_counts_no_more() {
        let throttle = Throttle::new(1, 1000);
        assert_eq!(throttle.take("ada", at(0)), Ok(()));
        assert_eq!(throttle.take("ada", at(0)), Err(1000));
        throttle.forget(&"ada");
        assert_eq!(throttle.take("ada", at(0)), Ok(()));
    }

    #[test]
    fn addresses_do_not_share_but_a_network_does() {
        let throttle = Throttle::new(1, 1000);
        let take = |text: &str| throttle.take(network(text.parse().unwrap()), at(0)).is_ok();
        assert!(take("192.0.2.1"));
        assert!(take("192.0.2.2"));
        assert!(!take("::ffff:192.0.2.2"));
        assert!(take("2001:db8::1"));
        assert!(!take("2001:db8::2"));
        assert!(take("2001:db8:0:1::2"));
    }
}
