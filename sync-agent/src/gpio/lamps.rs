//! What the lights over the slots show: blinking where the resident should look.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use hardware::gpio::Light;
use terminal_api::interface::{Change, JobState, SlotState};

/// How long a printed slip is pointed at.
const TAKE_IT: Duration = Duration::from_secs(10);

/// How long a code that was read is acknowledged.
const WAS_READ: Duration = Duration::from_secs(2);

/// A slot that a light stands over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// Where slips come out.
    Printer,
    /// Where cards are laid.
    Card,
    /// Where codes are shown.
    Scanner,
}

/// What the lights show. Shared by those who know what is in use and the thread that drives the lines.
#[derive(Debug, Default)]
pub struct Lamps(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    printer: Use,
    card: Use,
    scanner: Use,
    /// What the light over the scanner does when nothing was just read.
    scanner_rests: Light,
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
        let printer = match change {
            Change::Job(job) => match job.state {
                JobState::Sending | JobState::Sent => Use::Busy,
                JobState::Proven => Use::Ready(now + TAKE_IT),
                JobState::Failed | JobState::Uncertain => Use::Idle,
                JobState::Queued | JobState::Cancelled | JobState::CameOut | JobState::NothingCameOut => {
                    return;
                }
            },
            // A printer that can tell is believed.
            Change::Slot(SlotState::Waiting | SlotState::Left) => Use::Busy,
            Change::Slot(SlotState::Empty | SlotState::Retracted | SlotState::Unknown) => Use::Idle,
            _ => return,
        };
        self.state().printer = printer;
    }

    /// The scanner listens, or no longer.
    pub fn listen(&self, listens: bool) {
        self.state().scanner_rests = if listens { Light::On } else { Light::Off };
    }

    /// A code was read that means something.
    pub fn acknowledge_code(&self, now: Instant) {
        self.state().scanner = Use::Ready(now + WAS_READ);
    }

    /// A card is asked for, or no longer.
    pub fn ask_for_card(&self, asked: bool) {
        self.state().card = if asked { Use::Busy } else { Use::Idle };
    }

    /// What the light over a slot does.
    #[must_use]
    pub fn light(&self, slot: Slot, now: Instant) -> Light {
        let state = self.state();
        let (slot, rests) = match slot {
            Slot::Printer => (state.printer, Light::Off),
            Slot::Card => (state.card, Light::Off),
            Slot::Scanner => (state.scanner, state.scanner_rests),
        };
        let in_use = match slot {
            Use::Idle => false,
            Use::Busy => true,
            Use::Ready(until) => now < until,
        };
        if in_use { Light::Blinking } else { rests }
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
    fn a_printer_that_knows_its_slot_has_it_blink_until_the_slip_is_gone() {
        let lamps = Lamps::default();
        let now = Instant::now();
        let light = |seconds| lamps.light(Slot::Printer, now + Duration::from_secs(seconds));
        lamps.follow(&job(JobState::Proven), now);
        lamps.follow(&Change::Slot(SlotState::Waiting), now);
        assert_eq!(light(60), Light::Blinking);
        lamps.follow(&Change::Slot(SlotState::Empty), now);
        assert_eq!(light(1), Light::Off);
    }

    #[test]
    fn the_scanner_shines_while_it_listens_and_blinks_when_a_code_was_read() {
        let lamps = Lamps::default();
        let now = Instant::now();
        let light = |seconds| lamps.light(Slot::Scanner, now + Duration::from_secs(seconds));
        assert_eq!(light(0), Light::Off);
        lamps.listen(true);
        lamps.acknowledge_code(now);
        assert_eq!((light(1), light(3)), (Light::Blinking, Light::On));
        lamps.listen(false);
        assert_eq!(light(3), Light::Off);
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
