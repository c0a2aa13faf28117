//! How many connections there may be, and how many of them from one address.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::network::network;

/// The most connections that are served at a time.
const MOST: usize = 4096;
/// How many files a hub has open besides connections and what they read: its database, its log, what it listens on.
const APART: u64 = 128;

/// How connections are limited.
#[derive(Debug, Clone)]
pub struct Connections {
    /// How many are served at a time; further ones wait.
    pub most: usize,
    /// How many of them one address may hold; further ones are ended at once. IPv6 addresses with the same first 64 bits
    /// are one: a caller has them all.
    pub most_per_address: usize,
    /// Addresses of proxies, through which everybody comes: they may hold as many as there are.
    pub trusted_proxies: Vec<IpAddr>,
    /// How long an answer may stand still because the caller takes nothing of it. The operating system holds megabytes and
    /// tells that some are gone only after a third of them: a terminal that limits its own bandwidth needs minutes for that.
    pub stall: Duration,
}

impl Connections {
    /// As many as there may be in a process that may have so many files open, at most 4096: each connection is one, and what is
    /// read for it another. One address, where a whole city may be behind, holds a quarter of them, and ten minutes.
    #[must_use]
    pub fn within(open_files: u64) -> Self {
        let pairs = (open_files.saturating_sub(APART) / 2).max(open_files / 4);
        let most = usize::try_from(pairs).unwrap_or(MOST).clamp(4, MOST);
        Self {
            most,
            most_per_address: most / 4,
            trusted_proxies: Vec::new(),
            stall: Duration::from_mins(10),
        }
    }
}

impl Default for Connections {
    /// What there is room for without any limit on open files.
    fn default() -> Self {
        Self::within(u64::MAX)
    }
}

/// Counts the connections of each address.
#[derive(Debug)]
pub(super) struct Places {
    most: usize,
    trusted_proxies: Vec<IpAddr>,
    held: Mutex<HashMap<IpAddr, usize>>,
}

/// A connection that is counted; not any more when it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    places: Arc<Places>,
    address: Option<IpAddr>,
}

impl Places {
    pub(super) fn new(connections: &Connections) -> Arc<Self> {
        Arc::new(Self {
            most: connections.most_per_address,
            trusted_proxies: connections.trusted_proxies.clone(),
            held: Mutex::default(),
        })
    }

    /// A place for one more connection from `address`, unless it holds its share.
    pub(super) fn take(self: &Arc<Self>, address: IpAddr) -> Option<Place> {
        let places = Arc::clone(self);
        if self.trusted_proxies.contains(&address) {
            return Some(Place {
                places,
                address: None,
            });
        }
        let address = network(address);
        let mut all = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let held = all.entry(address).or_default();
        if *held >= self.most {
            return None;
        }
        *held += 1;
        Some(Place {
            places,
            address: Some(address),
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some(address) = self.address else { return };
        let mut all = self.places.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(held) = all.get_mut(&address) {
            *held -= 1;
            if *held == 0 {
                all.remove(&address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_holds_its_share_and_a_trusted_proxy_as_much_as_it_likes() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let places = Places::new(&Connections {
            most_per_address: 2,
            trusted_proxies: vec![ip("10.0.0.1")],
            ..Connections::default()
        });
        let take = |address: &str| places.take(ip(address));
        let held = [take("192.0.2.1"), take("192.0.2.1")];
        assert!(held.iter().all(Option::is_some) && take("192.0.2.1").is_none());
        assert!(take("192.0.2.2").is_some(), "another address");
        let proxied: Vec<_> = (0..9).map(|_| take("10.0.0.1")).collect();
        assert!(proxied.iter().all(Option::is_some));
        let network = [take("2001:db8::1"), take("2001:db8::2")];
        assert!(network.iter().all(Option::is_some) && take("2001:db8::3").is_none());
        assert!(take("2001:db8:0:1::3").is_some());
        drop((held, network));
        assert!(take("192.0.2.1").is_some());
        assert!(places.held.lock().unwrap().is_empty(), "nobody is remembered");
    }

    #[test]
    fn connections_and_the_files_they_read_leave_descriptors_over_and_no_address_takes_them_all() {
        for open_files in [64, 256, 1024, 4096, 8192, 1 << 20, u64::MAX] {
            let Connections {
                most,
                most_per_address,
                ..
            } = Connections::within(open_files);
            assert!(2 * most as u64 <= open_files, "{open_files}: {most}");
            assert!(
                (1..=most / 4).contains(&most_per_address),
                "{open_files}: {most_per_address}"
            );
        }
        assert_eq!(Connections::within(1024).most, 448);
        assert_eq!(Connections::default().most, 4096);
    }
}
