//! What became of generations of the content at this terminal, told to the hub: each once, over restarts, and soon.
//!
//! A hub stops a rollout by these reports, so they do not wait for the usual hour.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use catalog::release::ring_place;
use tracing::{debug, warn};

use super::jitter;
use super::report::{Reporter, approved};
use crate::identity::{Content, HubError};
use crate::release::trial::Generations;
use crate::release::{PullError, blocking};

/// How often it is looked for what is to be told when nothing seems to have happened, and when the hub is tried again.
const LOOK: Duration = Duration::from_mins(1);

/// What the agent remembers of generations, beside the one who changes it.
struct Memory {
    generations: Arc<Mutex<Generations>>,
    /// The terminal's place in the rings.
    place: u16,
}

/// Why the hub was not told.
#[derive(Debug, thiserror::Error)]
enum Untold {
    #[error(transparent)]
    Memory(#[from] PullError),
    #[error(transparent)]
    Hub(#[from] HubError),
}

impl Reporter {
    /// Tells the hub what became of generations, for as long as the agent runs.
    pub(super) async fn generations(&self) {
        let mut news = self.board.follow();
        let mut standing = self.submissions.enroller.standing();
        if !approved(&mut standing).await {
            return;
        }
        let memory = loop {
            match Memory::open(self.state.clone(), self.ring_id.clone()).await {
                Ok(memory) => break memory,
                Err(error) => warn!(%error, "the hub cannot be told of generations"),
            }
            tokio::time::sleep(LOOK).await;
        };
        loop {
            if !approved(&mut standing).await {
                return;
            }
            news.borrow_and_update();
            match self.tell(&memory).await {
                // A switch and a way back are on the board at once.
                Ok(()) => {
                    if let Ok(Err(_the_board_is_gone)) = tokio::time::timeout(LOOK, news.changed()).await {
                        return;
                    }
                }
                Err(error) => {
                    debug!(%error, "the hub was not told of a generation");
                    tokio::time::sleep(LOOK.mul_f64(0.5 + jitter())).await;
                }
            }
        }
    }

    async fn tell(&self, memory: &Memory) -> Result<(), Untold> {
        let place = memory.place;
        let untold = memory.with(move |generations| generations.untold(place)).await?;
        let mut failed = None;
        for (generation, report) in untold {
            let path = format!("generations/{generation}");
            // One that the hub refuses keeps none of the others away.
            if let Err(error) = self.put(&path, Content::json(&report)).await {
                failed.get_or_insert(error);
                continue;
            }
            let outcome = report.outcome;
            memory
                .with(move |generations| generations.told(generation, outcome))
                .await?;
        }
        failed.map_or(Ok(()), |error| Err(error.into()))
    }
}

impl Memory {
    async fn open(state: PathBuf, ring_id: Option<String>) -> Result<Self, PullError> {
        blocking(move || {
            let generations = Generations::open(&state)?;
            let id = ring_id.map_or_else(|| generations.ring_id(), Ok)?;
            Ok(Self {
                generations: Arc::new(Mutex::new(generations)),
                place: ring_place(&id),
            })
        })
        .await
    }

    async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Generations) -> Result<T, PullError> + Send + 'static,
    ) -> Result<T, PullError> {
        let generations = Arc::clone(&self.generations);
        blocking(move || work(&generations.lock().unwrap_or_else(PoisonError::into_inner))).await
    }
}
