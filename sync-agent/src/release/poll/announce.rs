//! What the board is told after a look.

use terminal_api::interface::{Change, GenerationChange, NetworkState, Release};
use tracing::warn;

use super::worker::{Look, Worker};
use crate::release::shown::{after_failure, after_success};
use crate::release::{PullError, Pulled, Report, WentBack};

impl Worker {
    pub(super) fn announce_return(&self, WentBack { bad, meta }: WentBack) {
        let before = self.setup.board.status().release;
        let release = Release {
            generation: meta.as_ref().map(|meta| meta.generation),
            published_at: meta.as_ref().map(|meta| meta.published_at.into()),
            ..before
        };
        let now = self.setup.clock.now();
        let release = after_failure(&release, bad.problem(), now);
        self.setup.board.publish(Change::Release(release));
        if let Some(meta) = meta {
            self.announce_generation(meta.generation);
        }
    }

    pub(super) fn announce(&self, looked: Result<Look, PullError>) {
        let now = self.setup.clock.now();
        let board = &self.setup.board;
        let before = board.status().release;
        let network = match &looked {
            Err(PullError::Unreachable { .. }) => Some(NetworkState::Unreachable),
            // Trouble on this terminal says nothing about the network.
            Err(error) if error.is_local() => None,
            _ => Some(NetworkState::Reachable),
        };
        if let Some(network) = network {
            board.publish(Change::Network(network));
        }
        match looked {
            Ok(Look::Unchanged) => board.publish(Change::Release(after_success(&before, None, now))),
            Ok(Look::Verified(report)) => self.announce_report(&report),
            Err(error) => {
                if before.problem != Some(error.problem()) {
                    warn!(%error, "no new release");
                }
                board.publish(Change::Release(after_failure(&before, error.problem(), now)));
            }
        }
    }

    /// Says why a release that somebody brought was not taken. The next look at the usual place says how things are there.
    pub(super) fn announce_refusal(&self, error: &PullError) {
        let board = &self.setup.board;
        let before = board.status().release;
        let now = self.setup.clock.now();
        board.publish(Change::Release(after_failure(&before, error.problem(), now)));
    }

    pub(super) fn announce_report(&self, report: &Report) {
        let board = &self.setup.board;
        let before = board.status().release;
        let now = self.setup.clock.now();
        board.publish(Change::Release(after_success(&before, Some(report), now)));
        if let Pulled::Switched { .. } = report.pulled {
            self.announce_generation(report.meta.generation);
        }
    }

    fn announce_generation(&self, generation: u64) {
        let change = Change::Generation(GenerationChange { generation });
        self.setup.board.publish(change);
    }
}
