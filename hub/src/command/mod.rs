//! The subcommands of `hub`: arguments in, words for the operator out.

pub(crate) mod check;
pub(crate) mod departments;
pub(crate) mod keys;
pub(crate) mod publish;
pub(crate) mod rollout;
pub(crate) mod serve;

use jiff::SignedDuration;

/// A number of days as a duration.
fn days(days: u32) -> SignedDuration {
    SignedDuration::from_hours(24 * i64::from(days))
}
