//! Waiting between two pieces of work: the one place at which the agent's tasks sleep.

use std::time::Duration;

use async_trait::async_trait;

/// What the agent's tasks sleep by; a trait so that a day of a whole fleet can pass in minutes. How long an answer may take
/// on the network is no matter of this: that is real time everywhere.
#[async_trait]
pub trait Timer: Send + Sync {
    /// Returns after `pause`, or never where the future is dropped before.
    async fn sleep(&self, pause: Duration);
}

/// The machine's own time.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemTimer;

#[async_trait]
impl Timer for SystemTimer {
    async fn sleep(&self, pause: Duration) {
        tokio::time::sleep(pause).await;
    }
}
