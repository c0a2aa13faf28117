//! How a terminal is, as it tells the hub.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How a terminal is. Nothing in it is personal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// Grows with every report of a device; the hub ignores one that is not newer than what it has, so
    /// that a recorded report cannot be played back.
    pub sequence: i64,
    /// When the report was made, by the terminal's clock.
    pub reported_at: Timestamp,
    /// The agent's version.
    pub agent_version: String,
    /// The content that residents see.
    pub content: ContentAge,
    /// The last frame that the kiosk drew, where a kiosk ever reported one: a dead screen over living
    /// services shows here.
    pub screen: Option<Screen>,
    /// What waits to be sent.
    pub outbox: Outbox,
    /// The devices, each for itself.
    pub devices: Vec<DeviceHealth>,
    /// The terminal's clock runs behind a time that has certainly passed.
    pub clock_behind: bool,
    /// Free bytes on the state folder's file system.
    pub free_bytes: u64,
}

/// How old the content is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContentAge {
    /// The generation in use.
    pub generation: Option<u64>,
    /// When it was published.
    pub published_at: Option<Timestamp>,
    /// When a release was last fetched and found good.
    pub checked_at: Option<Timestamp>,
    /// Why the last look brought nothing, as the varlink interface names it.
    pub problem: Option<String>,
}

/// The kiosk's heartbeat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Screen {
    /// How many frames the kiosk has drawn since it started.
    pub frames: u64,
    /// When it last drew one.
    pub drawn_at: Timestamp,
}

/// What waits to be sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outbox {
    /// How many envelopes wait.
    pub waiting: u64,
    /// How many the hub refused; somebody must look.
    pub quarantined: u64,
    /// Since when the oldest waits.
    pub oldest_at: Option<Timestamp>,
}

/// A device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceHealth {
    /// What sort, as the varlink interface names it.
    pub kind: String,
    /// How it is.
    pub condition: DeviceCondition,
    /// Since when.
    pub since: Timestamp,
}

/// How a device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceCondition {
    /// Not asked yet.
    Starting,
    /// Works.
    Ready,
    /// Works, and somebody should come.
    Attention,
    /// There and does not work.
    Broken,
    /// Not there.
    Away,
}
