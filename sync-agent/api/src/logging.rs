//! What no program of the terminal logs, whatever it is asked to log.

use tracing::{Level, Metadata};

/// Whether a line of the log may be written. At its finest level the crate that carries the messages between the
/// programs writes each of them down, with what a resident typed, scanned or has on the card.
#[must_use]
pub fn may_be_logged(metadata: &Metadata<'_>) -> bool {
    let of_messages = metadata.target().split("::").next();
    let of_messages = of_messages.is_some_and(|name| name == "zlink" || name.starts_with("zlink_"));
    !(of_messages && *metadata.level() == Level::TRACE)
}
