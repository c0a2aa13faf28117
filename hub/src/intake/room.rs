//! Room for bodies that are on their way or not yet kept.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Bytes;
use catalog::submission::DeviceId;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{Limits, Problem};

/// How long a body is that has room kept for it and its like.
const SMALL: u32 = 256 << 10;

/// What there is room for.
#[derive(Debug)]
pub(super) struct Rooms {
    /// For bodies of any length.
    all: Arc<Semaphore>,
    all_bytes: u32,
    /// For small ones alone: large ones that come slowly do not keep them out.
    small: Arc<Semaphore>,
    /// For the bodies of each device; one that asks for nothing is not in it.
    devices: Arc<Mutex<HashMap<DeviceId, Arc<Semaphore>>>>,
    most_per_device: u32,
    /// How long to wait for room.
    time: Duration,
}

/// A body with the room that it takes.
struct Roomed {
    bytes: Bytes,
    _room: Room,
}

impl AsRef<[u8]> for Roomed {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

/// Room that was given; it comes back when it is dropped.
#[derive(Debug)]
pub(super) struct Room {
    _bytes: OwnedSemaphorePermit,
    _turn: Option<Turn>,
}

impl Room {
    /// The bytes that lie in it; it comes back with the last copy of them.
    pub(super) fn fill(self, bytes: Bytes) -> Bytes {
        Bytes::from_owner(Roomed { bytes, _room: self })
    }
}

/// One of the bodies that a device may have on their way, or that waits to be one.
#[derive(Debug)]
struct Turn {
    devices: Arc<Mutex<HashMap<DeviceId, Arc<Semaphore>>>>,
    device: DeviceId,
    permit: Option<OwnedSemaphorePermit>,
}

impl Rooms {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            all: Arc::new(Semaphore::new(limits.body_bytes as usize)),
            all_bytes: limits.body_bytes,
            small: Arc::new(Semaphore::new(limits.small_body_bytes as usize)),
            devices: Arc::default(),
            most_per_device: limits.bodies_per_device,
            time: limits.room_time,
        }
    }

    /// Room for a body of a device, or of a stranger: for as many bytes as it announces, or as it may have.
    pub(super) async fn take(
        &self,
        device: Option<DeviceId>,
        announced: Option<u64>,
        most: usize,
    ) -> Result<Room, Problem> {
        let length = announced.unwrap_or(u64::MAX).min(most as u64);
        let length = u32::try_from(length).unwrap_or(u32::MAX);
        let turn = match device.filter(|_| length > 0) {
            Some(device) => Some(self.turn(device).await?),
            None => None,
        };
        let all = Arc::clone(&self.all).acquire_many_owned(length.min(self.all_bytes));
        let room = async {
            if length > SMALL {
                return all.await;
            }
            tokio::select! {
                biased;
                small = Arc::clone(&self.small).acquire_many_owned(length) => small,
                any = all => any,
            }
        };
        match tokio::time::timeout(self.time, room).await {
            Ok(bytes) => Ok(Room {
                _bytes: bytes.expect("the semaphore is never closed"),
                _turn: turn,
            }),
            Err(_) => Err(Problem::NoRoom(self.wait())),
        }
    }

    async fn turn(&self, device: DeviceId) -> Result<Turn, Problem> {
        let own = {
            let mut devices = self.devices.lock().unwrap_or_else(PoisonError::into_inner);
            let own = devices
                .entry(device)
                .or_insert_with(|| Arc::new(Semaphore::new(self.most_per_device as usize)));
            Arc::clone(own)
        };
        let mut turn = Turn {
            devices: Arc::clone(&self.devices),
            device,
            permit: None,
        };
        match tokio::time::timeout(self.time, own.acquire_owned()).await {
            Ok(permit) => {
                turn.permit = Some(permit.expect("the semaphore is never closed"));
                Ok(turn)
            }
            Err(_) => Err(Problem::TooMany(self.wait())),
        }
    }

    /// After how many seconds to come back.
    fn wait(&self) -> u64 {
        self.time.as_secs().max(1)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        drop(self.permit.take());
        let mut devices = self.devices.lock().unwrap_or_else(PoisonError::into_inner);
        // Others are handed out only under this lock.
        if devices
            .get(&self.device)
            .is_some_and(|own| Arc::strong_count(own) == 1)
        {
            devices.remove(&self.device);
        }
    }
}

#[cfg(test)]
mod tests {
    use catalog::submission::DeviceKey;

    use super::*;

    #[tokio::test]
    async fn a_device_that_has_nothing_on_its_way_is_not_remembered() {
        let rooms = Rooms::new(&Limits {
            room_time: Duration::ZERO,
            ..Limits::default()
        });
        let device = Some(DeviceId::of(&DeviceKey::generate().unwrap().public()));
        let take = || rooms.take(device, Some(1), 10);
        let (first, second) = (take().await.unwrap(), take().await.unwrap());
        assert!(matches!(take().await, Err(Problem::TooMany(1))));
        // What has no body needs no turn.
        rooms.take(device, Some(0), 0).await.unwrap();
        drop(first.fill(Bytes::from_static(b"1")));
        let third = take().await.unwrap();
        drop((second, third));
        assert!(rooms.devices.lock().unwrap().is_empty());
    }
}
