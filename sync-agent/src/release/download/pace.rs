//! How fast files may come in.

use std::num::NonZeroU32;
use std::sync::Arc;

use governor::clock::MonotonicClock;
use governor::middleware::NoOpMiddleware;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};

type Bucket = RateLimiter<NotKeyed, InMemoryState, MonotonicClock, NoOpMiddleware<std::time::Instant>>;

/// A limit on the bytes of all downloads together; clones share it.
#[derive(Debug, Clone, Default)]
pub struct Pace(Option<Limited>);

#[derive(Debug, Clone)]
struct Limited {
    bytes_per_second: NonZeroU32,
    bucket: Arc<Bucket>,
}

impl Pace {
    /// At most so many bytes a second. What was not used is saved up for one second.
    #[must_use]
    pub fn limited(bytes_per_second: NonZeroU32) -> Self {
        let quota = Quota::per_second(bytes_per_second);
        Self(Some(Limited {
            bytes_per_second,
            bucket: Arc::new(RateLimiter::direct_with_clock(quota, MonotonicClock)),
        }))
    }

    /// The limit, if there is one.
    pub(super) fn bytes_per_second(&self) -> Option<u64> {
        self.0
            .as_ref()
            .map(|limited| limited.bytes_per_second.get().into())
    }

    /// Waits until so many more bytes may have come.
    pub(super) async fn wait(&self, bytes: usize) {
        let Some(limited) = &self.0 else { return };
        let mut left = u32::try_from(bytes).unwrap_or(u32::MAX);
        while let Some(piece) = NonZeroU32::new(left.min(limited.bytes_per_second.get())) {
            limited
                .bucket
                .until_n_ready(piece)
                .await
                .expect("a piece is no more than the bucket holds");
            left -= piece.get();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_limit_counts_the_bytes_of_all_its_clones_together() {
        let pace = Pace::limited(NonZeroU32::new(1000).unwrap());
        pace.clone().wait(600).await;
        let bucket = &pace.0.as_ref().unwrap().bucket;
        let six_hundred = NonZeroU32::new(600).unwrap();
        assert!(bucket.check_n(six_hundred).unwrap().is_err());
        // A chunk of more than a second comes in pieces.
        pace.wait(1100).await;
    }
}
