//! The slip in the printer's bezel: whether somebody takes it, and what becomes of one that nobody takes.

use std::time::{Duration, Instant};

use hardware::printer::Slot;
use terminal_api::interface::SlotState;

/// How long a slip waits before it counts as left behind.
const LEFT: Duration = Duration::from_secs(30);

/// What a look at the slot leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Finding {
    /// Nothing new.
    Nothing,
    /// The slot is now so.
    News(SlotState),
    /// The slip is to be taken back in.
    Retract,
}

/// Watches the slot.
#[derive(Debug)]
pub(super) struct SlotWatch {
    /// After how long a slip is taken back in.
    retract_after: Option<Duration>,
    /// When the slip in it was first seen.
    waiting_since: Option<Instant>,
    /// When the printer was last told to take it back in.
    retracting_since: Option<Instant>,
    told: Option<SlotState>,
    /// Another slip was printed since then.
    is_another: bool,
}

impl SlotWatch {
    pub(super) const fn new(retract_after: Option<Duration>) -> Self {
        Self {
            retract_after,
            waiting_since: None,
            retracting_since: None,
            told: None,
            is_another: false,
        }
    }

    /// Whether a slip waits to be taken, as far as is known.
    pub(super) const fn is_waiting(&self) -> bool {
        self.waiting_since.is_some()
    }

    /// A job was printed: what waits from now on is another slip, of which everybody is told anew.
    pub(super) const fn printed(&mut self) {
        self.waiting_since = None;
        self.retracting_since = None;
        self.is_another = true;
    }

    /// The printer cannot be asked any more: nobody knows what is in its slot.
    pub(super) const fn lost(&mut self) -> Finding {
        self.waiting_since = None;
        self.retracting_since = None;
        self.is_another = false;
        match self.told.take() {
            Some(_) => Finding::News(SlotState::Unknown),
            None => Finding::Nothing,
        }
    }

    /// What a look at the slot leads to. One answer that did not come changes nothing.
    pub(super) fn look(&mut self, slot: Slot, now: Instant) -> Finding {
        let state = match slot {
            Slot::Unknown => return Finding::Nothing,
            Slot::Empty => {
                self.waiting_since = None;
                match (self.retracting_since.take(), self.told) {
                    (Some(_), _) => SlotState::Retracted,
                    (None, Some(SlotState::Retracted)) if !self.is_another => SlotState::Retracted,
                    (None, _) => SlotState::Empty,
                }
            }
            Slot::Waiting => {
                let since = *self.waiting_since.get_or_insert(now);
                if self.is_due(since, now) {
                    self.retracting_since = Some(now);
                    return Finding::Retract;
                }
                if now.saturating_duration_since(since) >= LEFT {
                    SlotState::Left
                } else {
                    SlotState::Waiting
                }
            }
        };
        let is_another = std::mem::take(&mut self.is_another);
        if self.told.replace(state) == Some(state) && !is_another {
            Finding::Nothing
        } else {
            Finding::News(state)
        }
    }

    /// Whether the slip is to be taken back in now. A printer that did not do it is told again as late
    /// as it was told at first.
    fn is_due(&self, since: Instant, now: Instant) -> bool {
        let since = self.retracting_since.unwrap_or(since);
        self.retract_after
            .is_some_and(|after| now.saturating_duration_since(since) >= after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes of looks at these seconds.
    fn findings(retract_after: Option<u64>, looks: &[(u64, Slot)]) -> Vec<Finding> {
        let mut watch = SlotWatch::new(retract_after.map(Duration::from_secs));
        let start = Instant::now();
        looks
            .iter()
            .map(|(second, slot)| watch.look(*slot, start + Duration::from_secs(*second)))
            .filter(|finding| *finding != Finding::Nothing)
            .collect()
    }

    #[test]
    fn a_slip_that_follows_another_has_its_own_time() {
        let mut watch = SlotWatch::new(Some(Duration::from_mins(1)));
        let start = Instant::now();
        let at = |second| start + Duration::from_secs(second);
        assert_eq!(
            watch.look(Slot::Waiting, at(0)),
            Finding::News(SlotState::Waiting)
        );
        watch.printed();
        assert_eq!(
            watch.look(Slot::Waiting, at(61)),
            Finding::News(SlotState::Waiting)
        );
        assert_eq!(watch.look(Slot::Waiting, at(121)), Finding::Retract);
    }

    #[test]
    fn a_printer_that_goes_away_after_a_print_takes_what_was_told_of_its_slot_along() {
        let mut watch = SlotWatch::new(None);
        watch.look(Slot::Waiting, Instant::now());
        watch.printed();
        assert_eq!(watch.lost(), Finding::News(SlotState::Unknown));
    }

    #[test]
    fn a_slip_is_told_of_once_when_it_waits_when_it_is_left_and_when_it_is_taken() {
        let looks = [
            (0, Slot::Empty),
            (1, Slot::Waiting),
            (2, Slot::Waiting),
            (3, Slot::Unknown),
            (31, Slot::Waiting),
            (60, Slot::Waiting),
            (61, Slot::Empty),
            (62, Slot::Empty),
        ];
        assert_eq!(
            findings(None, &looks),
            [
                SlotState::Empty,
                SlotState::Waiting,
                SlotState::Left,
                SlotState::Empty
            ]
            .map(Finding::News)
        );
    }

    #[test]
    fn a_slip_is_taken_back_in_only_once_it_waited_so_long_and_said_so_only_once_it_is_gone() {
        let looks = [
            (0, Slot::Waiting),
            (59, Slot::Waiting),
            (60, Slot::Waiting),
            (61, Slot::Waiting),
            (120, Slot::Waiting),
            (122, Slot::Empty),
            (125, Slot::Empty),
            (200, Slot::Waiting),
        ];
        assert_eq!(
            findings(Some(60), &looks),
            [
                Finding::News(SlotState::Waiting),
                Finding::News(SlotState::Left),
                Finding::Retract,
                Finding::Retract,
                Finding::News(SlotState::Retracted),
                Finding::News(SlotState::Waiting),
            ]
        );
    }

    #[test]
    fn a_slot_whose_printer_is_gone_is_unknown_and_told_anew_when_it_is_back() {
        let mut watch = SlotWatch::new(Some(Duration::from_mins(1)));
        let start = Instant::now();
        let at = |second| start + Duration::from_secs(second);
        assert_eq!(watch.lost(), Finding::Nothing);
        watch.look(Slot::Waiting, at(0));
        assert_eq!(watch.lost(), Finding::News(SlotState::Unknown));
        assert!(!watch.is_waiting());
        assert_eq!(watch.lost(), Finding::Nothing);
        assert_eq!(
            watch.look(Slot::Waiting, at(70)),
            Finding::News(SlotState::Waiting)
        );
    }

    #[test]
    fn a_slot_that_nobody_knows_of_is_never_said_to_be_anything() {
        assert_eq!(findings(Some(1), &[(0, Slot::Unknown), (90, Slot::Unknown)]), []);
    }
}
