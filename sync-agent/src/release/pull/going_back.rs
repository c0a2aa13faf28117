//! Whether a terminal stays with what it switched to, and its way back where it does not.

use catalog::store::Meta;
use tracing::{error, info, warn};

use super::Puller;
use crate::release::trial::{Drawn, OnTrial, Trial, Verdict};
use crate::release::{PullError, health};

/// The terminal went back from a generation.
#[derive(Debug)]
pub struct WentBack {
    /// Which generation was bad, and why.
    pub bad: PullError,
    /// The generation that is in use again.
    pub meta: Option<Meta>,
}

impl Puller {
    /// Whether a generation is on trial.
    pub fn trial(&self) -> Result<Option<Trial>, PullError> {
        self.generations.trial()
    }

    /// The generation on trial of which, by what the screen drew, nothing is to be thought yet.
    pub(in crate::release) fn undecided(&self, drawn: Drawn) -> Result<Option<OnTrial>, PullError> {
        let on_trial = self.generations.trial()?.map(|trial| self.on_trial(trial));
        let now = self.clock.monotonic();
        Ok(on_trial.filter(|on_trial| on_trial.verdict(drawn, now) == Verdict::Open))
    }

    const fn on_trial(&self, trial: Trial) -> OnTrial {
        OnTrial {
            trial,
            since: self.on_trial_since,
            patience: self.options.frame,
        }
    }

    /// What the terminal went back from when this was made, the first time that it is asked.
    pub fn went_back(&mut self) -> Option<WentBack> {
        self.went_back.take()
    }

    /// Judges the generation on trial by what the screen drew. Returns the generation that is in use after the terminal had
    /// to go back.
    pub fn judge(&mut self, drawn: Drawn) -> Result<Option<WentBack>, PullError> {
        let Some(trial) = self.generations.trial()? else {
            return Ok(None);
        };
        // The switch did not come about: nobody could have drawn it.
        if self.state.current_number() != Some(trial.generation) {
            self.generations.forget_trial()?;
            return Ok(None);
        }
        let on_trial = self.on_trial(trial);
        let OnTrial { trial, .. } = &on_trial;
        match on_trial.verdict(drawn, self.clock.monotonic()) {
            Verdict::Open => Ok(None),
            Verdict::Good => {
                info!(generation = trial.generation, "stays");
                self.generations.keep(trial.generation, self.clock.now())?;
                Ok(None)
            }
            Verdict::Bad(reason) => {
                let bad = self.condemn(trial.generation, reason)?;
                Ok(Some(self.back_from(bad)))
            }
        }
    }

    /// After an interruption: a generation that was found bad is left even when power was lost in the middle, and one on trial
    /// is looked at again.
    pub(super) fn take_up_trial(&mut self) -> Result<(), PullError> {
        let Some(current) = self.state.current_number() else {
            return self.generations.forget_trial();
        };
        if let Some(reason) = self.generations.why_bad(current)? {
            self.leave(current)?;
            let generation = current;
            self.went_back = Some(self.back_from(PullError::BadGeneration { generation, reason }));
            return Ok(());
        }
        match self.generations.trial()? {
            // Power was lost before the switch.
            Some(trial) if trial.generation != current => self.generations.forget_trial(),
            // What does not even open may have been damaged since: it is fetched again, and then judged.
            Some(_) if self.state.current().meta().is_none() => self.generations.forget_trial(),
            Some(_) => match health::examine_aside(&self.state.current_link()) {
                Ok(()) => Ok(()),
                Err(reason) => {
                    let bad = self.condemn(current, reason)?;
                    self.went_back = Some(self.back_from(bad));
                    Ok(())
                }
            },
            None => Ok(()),
        }
    }

    /// The agent was started: where a generation is on trial, the screen has its time again, and the start is counted.
    pub fn count_start(&mut self) -> Result<(), PullError> {
        self.on_trial_since = self.clock.monotonic();
        match self.generations.trial()? {
            Some(trial) => self.generations.begin(&Trial {
                starts: trial.starts + 1,
                ..trial
            }),
            None => Ok(()),
        }
    }

    /// Remembers a generation as bad and leaves it, if it is in use. Returns the error that says so.
    pub(super) fn condemn(&mut self, generation: u64, reason: String) -> Result<PullError, PullError> {
        error!(
            generation,
            reason, "does not work on this terminal; it will not be tried again"
        );
        self.generations.condemn(generation, &reason, self.clock.now())?;
        if self.state.current_number() == Some(generation) {
            self.leave(generation)?;
        }
        Ok(PullError::BadGeneration { generation, reason })
    }

    fn back_from(&self, bad: PullError) -> WentBack {
        let meta = self.state.current().meta().cloned();
        WentBack { bad, meta }
    }

    /// Goes back to the newest generation before `bad` that is here and not bad itself.
    fn leave(&self, bad: u64) -> Result<(), PullError> {
        let known = self.generations.bad()?;
        let mut earlier = self.state.before(bad)?.into_iter();
        let to = earlier.find(|earlier| !known.contains(earlier));
        warn!(bad, to, "going back");
        self.state.go_back(to, &known)
    }
}
