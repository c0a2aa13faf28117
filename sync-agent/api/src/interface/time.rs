//! Instants on the wire.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// An instant, on the wire a text like `2026-11-22T08:00:00Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Time(pub Timestamp);

impl zlink::introspect::Type for Time {
    const TYPE: &'static zlink::idl::Type<'static> = &zlink::idl::Type::String;
}

impl From<Timestamp> for Time {
    fn from(instant: Timestamp) -> Self {
        Self(instant)
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
