//! How the terminal is, for the hub.

use std::path::Path;

use catalog::submission::{ContentAge, DeviceCondition, DeviceHealth, Health, Outbox, Screen};
use jiff::Timestamp;
use terminal_api::interface::{DeviceState, Status, Time};

use super::Summary;

/// The report number `sequence` of a terminal with this status.
#[must_use]
pub fn health(
    sequence: i64,
    status: &Status,
    outbox: Summary,
    screen: Option<Screen>,
    free_bytes: u64,
    now: Timestamp,
) -> Health {
    let devices = status.devices.iter().map(|device| DeviceHealth {
        kind: name(&device.kind),
        condition: match device.state {
            DeviceState::Starting => DeviceCondition::Starting,
            DeviceState::Ready => DeviceCondition::Ready,
            DeviceState::Attention => DeviceCondition::Attention,
            DeviceState::Broken => DeviceCondition::Broken,
            DeviceState::Away => DeviceCondition::Away,
        },
        since: device.since.0,
    });
    let plain = |time: Option<Time>| time.map(|Time(time)| time);
    Health {
        sequence,
        reported_at: now,
        agent_version: status.agent_version.clone(),
        content: ContentAge {
            generation: status.release.generation,
            published_at: plain(status.release.published_at),
            checked_at: plain(status.release.checked_at),
            problem: status.release.problem.as_ref().map(name),
        },
        screen,
        outbox: Outbox {
            waiting: outbox.waiting,
            quarantined: outbox.held,
            oldest_at: outbox.oldest_at,
        },
        devices: devices.collect(),
        clock_behind: status.release.clock_behind,
        free_bytes,
    }
}

/// Free bytes on the file system of a folder; 0 where nobody can say.
pub(super) fn free_bytes(folder: &Path) -> u64 {
    rustix::fs::statvfs(folder).map_or(0, |fs| fs.f_bavail.saturating_mul(fs.f_frsize))
}

/// The name of a state as it is on the socket.
pub(super) fn name(state: &impl serde::Serialize) -> String {
    match serde_json::to_value(state) {
        Ok(serde_json::Value::String(name)) => name,
        other => unreachable!("states are named: {other:?}"),
    }
}
