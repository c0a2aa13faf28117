//! What the rest of the agent asks of the releases.

use std::path::PathBuf;
use std::sync::Arc;

use catalog::clock::Clock;
use terminal_api::interface::{Imported, Refusal};
use tokio::sync::{mpsc, oneshot};

use super::trial::{Frame, Frames};
use super::{PullError, Pulled, Report};

/// A release to be taken from a folder, such as a stick.
#[derive(Debug)]
pub struct Import {
    /// The folder.
    pub folder: PathBuf,
    /// Where to say what came of it.
    pub answer: oneshot::Sender<Result<Report, PullError>>,
}

/// Asks the [`Poller`](super::Poller); clones ask the same one.
#[derive(Clone)]
pub struct ReleaseHandle {
    frames: Arc<Frames>,
    imports: mpsc::Sender<Import>,
    clock: Arc<dyn Clock>,
}

impl ReleaseHandle {
    pub(super) fn new(frames: Arc<Frames>, imports: mpsc::Sender<Import>, clock: Arc<dyn Clock>) -> Self {
        Self {
            frames,
            imports,
            clock,
        }
    }

    /// The screen has drawn a frame of this generation.
    pub fn frame_drawn(&self, generation: u64) {
        let at = self.clock.monotonic();
        self.frames.drawn(Frame { generation, at });
    }

    /// Takes the release in a folder, with the same checks as over the network.
    pub async fn import(&self, folder: PathBuf) -> Result<Imported, Refusal> {
        if !folder.is_absolute() {
            return Err(Refusal::BadRequest {
                reason: format!("{} is no absolute path", folder.display()),
            });
        }
        let unavailable = || Refusal::Unavailable {
            reason: "the agent is about to end".to_owned(),
        };
        let (answer, answered) = oneshot::channel();
        let import = Import { folder, answer };
        self.imports.send(import).await.map_err(|_| unavailable())?;
        match answered.await.map_err(|_| unavailable())? {
            Ok(report) => Ok(Imported {
                generation: report.meta.generation,
                switched: matches!(report.pulled, Pulled::Switched { .. }),
            }),
            Err(error) => Err(Refusal::ReleaseRefused {
                problem: error.problem(),
                reason: error.to_string(),
            }),
        }
    }
}
