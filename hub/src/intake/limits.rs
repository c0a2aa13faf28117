//! What one caller may ask: how much, how slowly, how often.

use std::hash::Hash;
use std::net::{IpAddr, Ipv4Addr};
use std::num::NonZeroU32;
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody as _, to_bytes};
use axum::http::HeaderMap;
use catalog::submission::DeviceId;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::room::Rooms;
use super::{Peer, Problem};
use crate::network::network;

/// The field to which each proxy adds the address that it was asked from.
const FORWARDED_FOR: &str = "x-forwarded-for";
/// How many callers are remembered before those that have been quiet are forgotten.
const REMEMBERED: usize = 50_000;

/// What is allowed.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Requests a minute from one device. The whole minute's may come at once: a terminal that was cut off
    /// has a heap to hand in.
    pub device_per_minute: NonZeroU32,
    /// Enrolments of terminals that the hub does not know yet, a minute from one address; IPv6 addresses with the same first
    /// 64 bits are one.
    pub enrolments_per_minute: NonZeroU32,
    /// How many terminals may wait for approval: strangers cannot fill up the table, nor shut it to others with names that
    /// have gone silent.
    pub pending_devices: u32,
    /// Addresses of proxies whose `X-Forwarded-For` is believed: they add the address that they were asked from.
    pub trusted_proxies: Vec<IpAddr>,
    /// How long a body may take: as long as terminals give themselves for the slowest of lines.
    pub body_time: Duration,
    /// How many bytes all bodies together may have that are on their way or not yet kept. While one is put together it
    /// takes about twice its length.
    pub body_bytes: u32,
    /// How many bytes there are besides for bodies of at most 256 KiB: large ones that come slowly do not keep them out.
    pub small_body_bytes: u32,
    /// How many bodies one device may have on their way or not yet kept.
    pub bodies_per_device: u32,
    /// How long a caller waits for room among all of them, and a device among its own, before it is told to come back.
    pub room_time: Duration,
    /// How many bytes of envelopes one device may hand in within 24 hours, at least as many as the longest envelope has: so
    /// slowly does a stolen one fill the disk.
    pub device_bytes_per_day: u64,
}

impl Default for Limits {
    /// 600 requests, 30 enrolments, 1000 waiting terminals, ten minutes, 256 MiB and 16 MiB, two bodies of a device, ten seconds,
    /// 512 MiB a day.
    fn default() -> Self {
        Self {
            device_per_minute: NonZeroU32::new(600).expect("600 is not 0"),
            enrolments_per_minute: NonZeroU32::new(30).expect("30 is not 0"),
            pending_devices: 1000,
            trusted_proxies: Vec::new(),
            body_time: Duration::from_mins(10),
            body_bytes: 256 << 20,
            small_body_bytes: 16 << 20,
            bodies_per_device: 2,
            room_time: Duration::from_secs(10),
            device_bytes_per_day: 512 << 20,
        }
    }
}

/// Counts requests. Every hub counts for itself: with N of them, N times as many get through.
#[derive(Debug)]
pub(super) struct Gate {
    devices: DefaultKeyedRateLimiter<DeviceId>,
    enrolments: DefaultKeyedRateLimiter<IpAddr>,
    trusted_proxies: Vec<IpAddr>,
    pub(super) pending_devices: u32,
    pub(super) device_bytes_per_day: u64,
    body_time: Duration,
    rooms: Rooms,
}

impl Gate {
    pub(super) fn new(limits: Limits) -> Self {
        Self {
            rooms: Rooms::new(&limits),
            devices: RateLimiter::keyed(Quota::per_minute(limits.device_per_minute)),
            enrolments: RateLimiter::keyed(Quota::per_minute(limits.enrolments_per_minute)),
            trusted_proxies: limits.trusted_proxies,
            pending_devices: limits.pending_devices,
            device_bytes_per_day: limits.device_bytes_per_day,
            body_time: limits.body_time,
        }
    }

    pub(super) fn device(&self, device: DeviceId) -> Result<(), Problem> {
        pass(&self.devices, &device)
    }

    pub(super) fn enrolment(&self, peer: Option<&Peer>, headers: &HeaderMap) -> Result<(), Problem> {
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.address.ip());
        let asker = asker(peer, headers, &self.trusted_proxies);
        pass(&self.enrolments, &network(asker))
    }

    /// The whole body of a device, or of a stranger, if it is no longer than `most` bytes and comes in time. Its room is given
    /// back with the last copy of the bytes.
    pub(super) async fn body(
        &self,
        device: Option<DeviceId>,
        body: Body,
        most: usize,
    ) -> Result<Bytes, Problem> {
        let room = self.rooms.take(device, body.size_hint().exact(), most).await?;
        match tokio::time::timeout(self.body_time, to_bytes(body, most)).await {
            Ok(Ok(bytes)) => Ok(room.fill(bytes)),
            Ok(Err(error)) if is_too_long(&error) => Err(Problem::TooLarge(most)),
            Ok(Err(error)) => Err(Problem::Body(error.to_string())),
            Err(_) => Err(Problem::Slow(self.body_time.as_secs())),
        }
    }
}

/// The address of whoever asks: the nearest one that is no trusted proxy. What stands before it, anybody may have made up.
fn asker(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let fields = headers.get_all(FORWARDED_FOR).iter().rev();
    let mut hops = fields
        .filter_map(|field| field.to_str().ok())
        .flat_map(|field| field.rsplit(','));
    let mut asker = peer;
    while trusted.contains(&asker)
        && let Some(before) = hops.next().and_then(|hop| hop.trim().parse::<IpAddr>().ok())
    {
        asker = before.to_canonical();
    }
    asker
}

fn pass<K: Hash + Eq + Clone>(limiter: &DefaultKeyedRateLimiter<K>, key: &K) -> Result<(), Problem> {
    if limiter.len() > REMEMBERED {
        limiter.retain_recent();
    }
    limiter.check_key(key).map_err(|refused| {
        let wait = refused.wait_time_from(DefaultClock::default().now());
        Problem::TooMany(wait.as_secs() + 1)
    })
}

fn is_too_long(error: &axum::Error) -> bool {
    std::error::Error::source(error)
        .is_some_and(<dyn std::error::Error>::is::<http_body_util::LengthLimitError>)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_believed_only_from_a_trusted_proxy() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let (proxy, outer, stranger) = (ip("10.0.0.1"), ip("10.0.0.2"), ip("203.0.113.9"));
        let asked = |peer, fields: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for field in fields {
                headers.append(FORWARDED_FOR, field.parse().unwrap());
            }
            asker(peer, &headers, &[proxy, outer])
        };
        assert_eq!(asked(stranger, &["198.51.100.7"]), stranger, "made up");
        assert_eq!(asked(proxy, &["198.51.100.7"]), ip("198.51.100.7"));
        assert_eq!(asked(proxy, &["1.2.3.4, 198.51.100.7"]), ip("198.51.100.7"));
        assert_eq!(
            asked(proxy, &["1.2.3.4", "198.51.100.7, 10.0.0.2"]),
            ip("198.51.100.7")
        );
        assert_eq!(asked(proxy, &["no address"]), proxy);
        assert_eq!(asked(proxy, &[]), proxy);
    }
}
