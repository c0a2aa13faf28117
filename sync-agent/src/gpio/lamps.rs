//! What the lights over the slots show: blinking where the resident should look.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use hardware::gpio::Light;
use terminal_api::interface::{Change, JobState};

/// How long a printed slip is pointed at.
const TAKE_IT: Duration = Duration::from_secs(10);

/// A slot that a light stands over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// Where slips come out.
    Printer,
    /// Where cards are laid.
    Card,
}

/// What the lights show. Shared by those who know what is in use and the thread that drives the lines.
#[derive(Debug, Default)]
pub struct Lamps(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    printer: Use,
    card: Use,
}

/// Whether a slot is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Use {
    #[default]
    Idle,
    /// Something is under way.
    Busy,
    /// Something is to be taken, and pointed at until then.
    Ready(Instant),
}

impl Lamps {
    /// Follows what is published: a print under way, and a slip to be taken.
    pub fn follow(&self, change: &Change, now: Instant) {
        let Change::Job(job) = change else { return };
        let printer = match job.state {
            JobState::Sending | JobState::Sent => Use::Busy,
            JobState::Proven => Use::Ready(now + TAKE_IT),
            JobState::Failed | JobState::Uncertain => Use::Idle,
            JobState::Queued | JobState::Cancelled | JobState::CameOut | JobState::NothingCameOut => return,
        };
        self.state().printer = printer;
    }

    /// A card is asked for, or no longer.
    pub fn ask_for_card(&self, asked: bool) {
        self.state().card = if asked { Use::Busy } else { Use::Idle };
    }

    /// What the light over a slot does.
    #[must_use]
    pub fn light(&self, slot: Slot, now: Instant) -> Light {
        let state = self.state();
        let slot = match slot {
            Slot::Printer => state.printer,
            Slot::Card => state.card,
        };
        let in_use = match slot {
            Use::Idle => false,
            Use::Busy => true,
            Use::Ready(until) => now < until,
        };
        if in_use { Light::Blinking } else { Light::Off }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use terminal_api::interface::Job;

    fn job(state: JobState) -> Change {
        Change::Job(Job {
            id: "a".to_owned(),
            state,
            failure: None,
            sent_percent: 0,
            created_at: jiff::Timestamp::UNIX_EPOCH.into(),
        })
    }

    #[test]
    fn the_printers_slot_blinks_from_the_first_byte_until_the_slip_should_be_taken() {
        let lamps = Lamps::default();
        let now = Instant::now();
        let light = |seconds| lamps.light(Slot::Printer, now + Duration::from_secs(seconds));
        lamps.follow(&job(JobState::Queued), now);
        assert_eq!(light(0), Light::Off);
        lamps.follow(&job(JobState::Sending), now);
        assert_eq!(light(600), Light::Blinking);
        lamps.follow(&job(JobState::Proven), now);
        assert_eq!((light(9), light(11)), (Light::Blinking, Light::Off));
        lamps.follow(&job(JobState::Sending), now);
        lamps.follow(&job(JobState::Uncertain), now);
        assert_eq!(light(0), Light::Off);
    }

    #[test]
    fn the_card_slot_blinks_while_a_card_is_asked_for() {
        let lamps = Lamps::default();
        lamps.ask_for_card(true);
        assert_eq!(lamps.light(Slot::Card, Instant::now()), Light::Blinking);
        lamps.ask_for_card(false);
        assert_eq!(lamps.light(Slot::Card, Instant::now()), Light::Off);
    }
}
