//! What is counted at a terminal: frames, pages, searches, prints.

use std::sync::{Arc, MutexGuard, PoisonError};

use catalog::submission::{Metric, Screen};
use terminal_api::interface::Page;

use super::health::name;
use super::send::with;
use super::{Submissions, Usage};

impl Submissions {
    /// The kiosk drew a frame.
    pub fn heartbeat(&self, frames: u64) {
        let drawn_at = self.clock.now();
        *self.screen.lock().unwrap_or_else(PoisonError::into_inner) = Some(Screen { frames, drawn_at });
    }

    /// A page was opened.
    pub fn count_page(&self, page: Page) {
        self.count(metric(&format!("page.{}", name(&page))));
    }

    /// A search found nothing.
    pub fn count_miss(&self, term: &str) {
        let now = self.clock.now();
        let mut usage = self.lock_usage();
        usage.count(metric("search.missed"), now);
        usage.miss(term, now);
    }

    /// Something happened that is counted.
    pub fn count(&self, metric: Metric) {
        self.lock_usage().count(metric, self.clock.now());
    }

    /// Writes the counts to the disk.
    pub async fn flush(&self) {
        if !self.lock_usage().has_news() {
            return;
        }
        let usage = Arc::clone(&self.usage);
        let written = with(&self.outbox, move |outbox| {
            usage.lock().unwrap_or_else(PoisonError::into_inner).flush(outbox)
        });
        if let Err(error) = written.await {
            tracing::warn!(%error, "counts stay in memory");
        }
    }

    pub(super) fn lock_usage(&self) -> MutexGuard<'_, Usage> {
        self.usage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A metric of this name, which is one of ours.
pub(super) fn metric(name: &str) -> Metric {
    name.parse().expect("metrics are named with small letters")
}
