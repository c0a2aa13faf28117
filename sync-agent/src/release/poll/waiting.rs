//! What does not wait for a look to end.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use catalog::clock::Clock;
use tokio::sync::mpsc;

use super::Setup;
use crate::release::Import;
use crate::release::sticks::Sticks;
use crate::release::trial::{Drawn, Frames, OnTrial, Verdict};
use crate::timer::Timer;

/// How often sticks and the generation on trial are looked at.
pub(super) const TICK: Duration = Duration::from_secs(2);

/// Waits for what somebody brings, and for the time to judge.
pub(super) struct Waiting {
    imports: mpsc::Receiver<Import>,
    frames: Arc<Frames>,
    sticks: Sticks,
    /// The folder below which sticks are mounted.
    media: Option<PathBuf>,
    clock: Arc<dyn Clock>,
    timer: Arc<dyn Timer>,
}

/// What happened.
pub(super) enum Event {
    /// Somebody wants a release to be taken from a folder.
    Import(Import),
    /// Sticks with these releases were plugged in.
    Sticks(Vec<PathBuf>),
    /// The generation on trial can be judged.
    Judgement,
}

impl Waiting {
    pub(super) fn new(setup: &Setup, frames: Arc<Frames>, imports: mpsc::Receiver<Import>) -> Self {
        Self {
            imports,
            frames,
            sticks: Sticks::default(),
            media: setup.sticks.clone(),
            clock: Arc::clone(&setup.clock),
            timer: Arc::clone(&setup.timer),
        }
    }

    /// What the screen drew.
    pub(super) fn seen(&self) -> Drawn {
        self.frames.seen()
    }

    /// The releases on sticks that are new since they were asked for last.
    pub(super) fn new_sticks(&mut self) -> Vec<PathBuf> {
        let media = self.media.as_deref();
        media.map_or_else(Vec::new, |media| self.sticks.look(media))
    }

    /// The next event. Nothing is lost where this is dropped before.
    pub(super) async fn event(&mut self, on_trial: Option<OnTrial>) -> Event {
        // An agent with nothing to watch sleeps.
        let watches = self.media.is_some() || on_trial.is_some();
        loop {
            tokio::select! {
                Some(import) = self.imports.recv() => return Event::Import(import),
                () = self.frames.changed() => {}
                () = self.timer.sleep(TICK), if watches => {}
            }
            let is_open = |on_trial: &OnTrial| {
                on_trial.verdict(self.frames.seen(), self.clock.monotonic()) == Verdict::Open
            };
            if !on_trial.as_ref().is_none_or(is_open) {
                return Event::Judgement;
            }
            let plugged_in = self.new_sticks();
            if !plugged_in.is_empty() {
                return Event::Sticks(plugged_in);
            }
        }
    }
}
