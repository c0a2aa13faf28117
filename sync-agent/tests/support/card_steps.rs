//! A card that is read over the agent's socket, step by step.

#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    clippy::unwrap_used,
    reason = "every test file uses its own part of this"
)]

use std::path::PathBuf;
use std::thread::JoinHandle;

use futures_util::StreamExt as _;
use terminal_api::client::{CallError, Connection};
use terminal_api::interface::{CardPurpose, CardRecord, CardStage, CardStep, Consent};
use tokio::sync::mpsc::{Receiver, channel};

use crate::terminal::PATIENCE;

/// What zlink makes cannot move between threads, so it gets one to itself.
pub fn on_a_thread<F: Future<Output = ()>>(work: impl FnOnce() -> F + Send + 'static) -> JoinHandle<()> {
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.unwrap().block_on(work());
    })
}

/// The steps of a reading. Dropping the receiver closes its connection.
fn read_card(socket: PathBuf, consent: Consent) -> Receiver<Result<CardStep, CallError>> {
    let (tell, steps) = channel(8);
    on_a_thread(move || async move {
        let mut connection = Connection::open(&socket).await.unwrap();
        let stream = connection.read_card(CardPurpose::Application, consent);
        let mut stream = std::pin::pin!(stream.await.unwrap());
        loop {
            tokio::select! {
                step = stream.next() => match step {
                    Some(step) => if tell.send(step).await.is_err() { return },
                    None => return,
                },
                () = tell.closed() => return,
            }
        }
    });
    steps
}

/// The steps of a reading.
pub struct Steps {
    steps: Receiver<Result<CardStep, CallError>>,
    last: Option<CardStage>,
}

impl Steps {
    pub fn of(socket: PathBuf, consent: Consent) -> Self {
        Self {
            steps: read_card(socket, consent),
            last: None,
        }
    }

    pub async fn next(&mut self) -> Option<Result<CardStep, CallError>> {
        tokio::time::timeout(PATIENCE, self.steps.recv()).await.unwrap()
    }

    /// The next stage that is another one.
    pub async fn stage(&mut self) -> CardStage {
        loop {
            let stage = self.next().await.unwrap().unwrap().stage;
            if self.last.replace(stage) != Some(stage) {
                return stage;
            }
        }
    }

    pub async fn record(&mut self) -> CardRecord {
        self.next().await.unwrap().unwrap().record.unwrap()
    }

    pub async fn until_last(&mut self) -> Vec<CardStage> {
        let mut stages = Vec::new();
        while stages.last().is_none_or(|stage: &CardStage| !stage.is_last()) {
            stages.push(self.stage().await);
        }
        stages
    }
}
