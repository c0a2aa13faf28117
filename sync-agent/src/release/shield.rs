//! Work of a pull that is not broken off.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;

use super::PullError;
use super::pull::blocking;

/// Tells those who would break off a pull when they may not: while a thread of its own works for it, which would go on beside
/// the next pull. What it waits for on the network may be broken off at any time: what came so far stays.
#[derive(Debug, Clone, Default)]
pub(super) struct Shield(Arc<AtomicBool>);

/// Holds the shield up until it is dropped.
struct Held<'a>(&'a AtomicBool);

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

impl Shield {
    /// Runs what keeps a processor or the disk busy, shielded. The pull that this belongs to is the only one that holds it.
    pub(super) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PullError> + Send + 'static,
    ) -> Result<T, PullError> {
        self.0.store(true, Ordering::Release);
        let _held = Held(&self.0);
        blocking(work).await
    }

    /// What `other` comes to, which is not asked while the shield is held. To be polled after the pull and by the same task:
    /// that is woken when the shield falls.
    pub(super) async fn unless_held<T>(&self, other: impl Future<Output = T>) -> T {
        let mut other = pin!(other);
        poll_fn(|context| {
            if self.0.load(Ordering::Acquire) {
                Poll::Pending
            } else {
                other.as_mut().poll(context)
            }
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use std::future::ready;
    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn nothing_comes_between_while_the_shield_is_held() {
        let shield = Shield::default();
        let (end, ended) = mpsc::channel::<()>();
        let mut work = pin!(shield.blocking(move || {
            ended.recv().unwrap();
            Ok(())
        }));
        let mut other = pin!(shield.unless_held(ready(())));
        assert!(futures_util::poll!(work.as_mut()).is_pending());
        assert!(futures_util::poll!(other.as_mut()).is_pending());
        end.send(()).unwrap();
        work.await.unwrap();
        other.await;
    }
}
