//! The state machine.

use catalog::submission::mailbox::{Outcome, Stage};
use jiff::civil::Date;

use super::{Action, Step};

/// By how many working days an answer may be put off (article 33).
const LONGEST_EXTENSION: u16 = 20;

/// A case as its steps made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Where it stands.
    pub stage: Stage,
    /// Since which day.
    pub since: Date,
    /// The day of the last step: none comes before it.
    pub last: Date,
    /// The day on which the hub received it.
    pub received: Date,
    /// The day from which the answer's clock counts: of registration, or of the correction.
    pub clock_from: Option<Date>,
    /// The day of registration, from which the clock for asking for a correction counts.
    pub registered: Option<Date>,
    /// That the applicant was asked to correct: it is asked once.
    pub correction_asked: Option<CorrectionRequest>,
    /// The extension, if there was one.
    pub extension: Option<Extension>,
    /// The times during which a third party was asked; they do not count.
    pub suspensions: Vec<Suspension>,
    /// The result, proposed or final.
    pub outcome: Option<Outcome>,
    /// The answer's document number.
    pub number: Option<String>,
    /// The day on which the answer was signed.
    pub answered: Option<Date>,
}

/// That the applicant was asked to correct, which ended the clock that ran from registration on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorrectionRequest {
    /// The day.
    pub on: Date,
    /// The extension that there was by then.
    pub extension: Option<Extension>,
}

/// An extension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extension {
    /// The day on which it was made.
    pub on: Date,
    /// The day from which the answer's clock counted then, where it ran.
    pub clock_from: Option<Date>,
    /// By how many working days.
    pub days: u16,
    /// Who agreed.
    pub approved_by: String,
}

/// A time during which a third party was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suspension {
    /// The day on which it was asked.
    pub from: Date,
    /// The day on which it received the letter, once that is known.
    pub received: Option<Date>,
    /// The day on which it was over.
    pub to: Option<Date>,
}

/// Why a step cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WrongStep {
    /// Not at this stage.
    #[error("{action} does not follow {stage}")]
    Stage {
        /// The step.
        action: &'static str,
        /// Where the case stands.
        stage: Stage,
    },
    /// Before the step before it.
    #[error("{on} is before {since}, the day of the step before")]
    Backwards {
        /// The step's day.
        on: Date,
        /// The day of the step before.
        since: Date,
    },
    /// The applicant may be asked to correct once only (article 30).
    #[error("the applicant was asked to correct before")]
    CorrectionTwice,
    /// It was entered before when the third party received the letter.
    #[error("it was entered before when the third party received the letter")]
    ReceivedTwice,
    /// A letter cannot be received before it was written, nor after it is known.
    #[error("{received} is before {asked}, when the third party was asked, or after {on}")]
    Received {
        /// The day on which it is said to have been received.
        received: Date,
        /// The day on which the third party was asked.
        asked: Date,
        /// The step's day.
        on: Date,
    },
    /// There was an extension before.
    #[error("the case was extended before")]
    ExtensionTwice,
    /// An extension is of 1 to 20 working days (article 33).
    #[error("an extension is of 1 to {LONGEST_EXTENSION} working days, not of {0}")]
    Extension(u16),
    /// A field is empty that must be filled in.
    #[error("{0} is empty")]
    Missing(&'static str),
}

impl Case {
    /// A case that was received on a day.
    #[must_use]
    pub const fn received(on: Date) -> Self {
        Self {
            stage: Stage::Received,
            since: on,
            last: on,
            received: on,
            clock_from: None,
            registered: None,
            correction_asked: None,
            extension: None,
            suspensions: Vec::new(),
            outcome: None,
            number: None,
            answered: None,
        }
    }

    /// The case that `steps` made of one received on a day.
    pub fn replay<'a>(received: Date, steps: impl IntoIterator<Item = &'a Step>) -> Result<Self, WrongStep> {
        steps.into_iter().try_fold(Self::received(received), Self::after)
    }

    /// The case after a step.
    pub fn after(mut self, step: &Step) -> Result<Self, WrongStep> {
        let Step { on, action, .. } = step;
        if *on < self.last {
            return Err(WrongStep::Backwards {
                on: *on,
                since: self.last,
            });
        }
        let next = self.next(*on, action)?;
        // An extension leaves the case where it is, and for as long.
        if next != self.stage {
            self.since = *on;
        }
        self.last = *on;
        self.stage = next;
        Ok(self)
    }

    /// The stage after an action; everything else about the case is noted.
    fn next(&mut self, on: Date, action: &Action) -> Result<Stage, WrongStep> {
        match (self.stage, action) {
            (Stage::Received, Action::Register) => {
                self.registered = Some(on);
                self.clock_from = Some(on);
                Ok(Stage::Registered)
            }
            (Stage::Registered | Stage::Handling, Action::RequestCorrection) => {
                if self.correction_asked.is_some() {
                    return Err(WrongStep::CorrectionTwice);
                }
                self.correction_asked = Some(CorrectionRequest {
                    on,
                    extension: self.extension.clone(),
                });
                // Until the correction comes, no answer is due.
                self.clock_from = None;
                Ok(Stage::Correction)
            }
            (Stage::Correction, Action::Corrected) => {
                self.clock_from = Some(on);
                Ok(Stage::Handling)
            }
            (Stage::Correction, Action::GiveUp) => {
                self.outcome = Some(Outcome::Other);
                Ok(Stage::Review)
            }
            // It was given up without the correction: that is what it goes back to.
            (Stage::Review, Action::SendBack) if self.clock_from.is_none() => Ok(Stage::Correction),
            (Stage::Registered, Action::Handle) | (Stage::Review, Action::SendBack) => Ok(Stage::Handling),
            (Stage::Handling | Stage::ThirdParty | Stage::Review, Action::Extend { days, approved_by }) => {
                self.extend(on, *days, approved_by)?;
                Ok(self.stage)
            }
            (Stage::Handling, Action::AskThirdParty) => {
                self.suspensions.push(Suspension {
                    from: on,
                    received: None,
                    to: None,
                });
                Ok(Stage::ThirdParty)
            }
            (Stage::ThirdParty, Action::ThirdPartyReceived { received }) => {
                let open = self.suspensions.last_mut().expect("asking opened one");
                if open.received.is_some() {
                    return Err(WrongStep::ReceivedTwice);
                }
                if !(open.from..=on).contains(received) {
                    return Err(WrongStep::Received {
                        received: *received,
                        asked: open.from,
                        on,
                    });
                }
                open.received = Some(*received);
                Ok(Stage::ThirdParty)
            }
            (Stage::ThirdParty, Action::ThirdPartyDone) => {
                let open = self.suspensions.last_mut().expect("asking opened one");
                open.to = Some(on);
                Ok(Stage::Handling)
            }
            (Stage::Handling, Action::Review { outcome }) => {
                self.outcome = Some(*outcome);
                Ok(Stage::Review)
            }
            (Stage::Review, Action::Answer { outcome, number }) => {
                if number.trim().is_empty() {
                    return Err(WrongStep::Missing("the document number"));
                }
                self.outcome = Some(*outcome);
                self.number = Some(number.clone());
                self.answered = Some(on);
                Ok(Stage::Answered)
            }
            (Stage::Answered, Action::Deliver) => Ok(Stage::Delivered),
            (Stage::Delivered, Action::Archive) => Ok(Stage::Archived),
            (stage, action) => Err(WrongStep::Stage {
                action: action.name(),
                stage,
            }),
        }
    }

    fn extend(&mut self, on: Date, days: u16, approved_by: &str) -> Result<(), WrongStep> {
        if self.extension.is_some() {
            return Err(WrongStep::ExtensionTwice);
        }
        if !(1..=LONGEST_EXTENSION).contains(&days) {
            return Err(WrongStep::Extension(days));
        }
        if approved_by.trim().is_empty() {
            return Err(WrongStep::Missing("who agreed"));
        }
        self.extension = Some(Extension {
            on,
            clock_from: self.clock_from,
            days,
            approved_by: approved_by.to_owned(),
        });
        Ok(())
    }
}
