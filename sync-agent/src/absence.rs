//! A device that is not there: when to try again.

use std::time::{Duration, Instant};

use hardware::arrival::{Arrivals, Place};

use crate::backoff::Backoff;

/// Between two looks whether something was plugged in.
pub(crate) const LOOK: Duration = Duration::from_millis(200);

/// What worked for so long has come to stay: the next failure starts with the first pause. A device that fails as soon
/// as it is used is one that is away.
pub(crate) const LASTING: Duration = Duration::from_secs(10);

/// How long a device is given after it appeared: some do not listen at once.
const SETTLE: Duration = Duration::from_millis(100);

/// Tries again at growing pauses, and at once when something is plugged in.
#[derive(Debug)]
pub(crate) struct Absence {
    place: Place,
    backoff: Backoff,
    /// Watched while the device is away.
    arrivals: Option<Arrivals>,
    next_try: Instant,
}

impl Absence {
    pub(crate) fn new(place: Place, backoff: Backoff) -> Self {
        Self {
            place,
            backoff,
            arrivals: None,
            next_try: Instant::now(),
        }
    }

    /// The device cannot be opened, or was lost.
    pub(crate) fn is_away(&mut self) {
        self.next_try = Instant::now() + self.backoff.pause();
        if self.arrivals.is_none() {
            self.arrivals = Some(Arrivals::at(self.place.clone()));
        }
    }

    /// The device is there.
    pub(crate) fn is_over(&mut self) {
        self.backoff.reset();
        self.arrivals = None;
    }

    /// The device was lost that worked for so long.
    pub(crate) fn is_away_after(&mut self, worked: Duration) {
        if worked >= LASTING {
            self.is_over();
        }
        self.is_away();
    }

    /// Whether it is time for another try. To be asked every [`LOOK`].
    pub(crate) fn is_due(&mut self) -> bool {
        if self.arrivals.as_mut().is_some_and(Arrivals::has_come) {
            self.next_try = self.next_try.min(Instant::now() + SETTLE);
        }
        Instant::now() >= self.next_try
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn until_due(absence: &mut Absence) {
        let start = Instant::now();
        while !absence.is_due() {
            assert!(start.elapsed() < Duration::from_mins(2), "waited in vain");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    #[test]
    fn a_device_that_is_plugged_in_is_tried_long_before_the_pause_is_over() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("usb-printer");
        let hour = Duration::from_hours(1);
        let mut absence = Absence::new(Place::File(link.clone()), Backoff::new(hour, hour));
        assert!(absence.is_due());
        absence.is_away();
        assert!(!absence.is_due());
        catalog::atomic::write(&link, b"").unwrap();
        until_due(&mut absence);
        // It was there and did not answer: the pause counts again.
        absence.is_away();
        assert!(!absence.is_due());
    }

    #[test]
    fn pauses_grow_for_a_device_that_works_for_moments_and_start_anew_after_one_that_lasted() {
        let mut absence = Absence::new(Place::Elsewhere, Backoff::default());
        let mut pause = |worked| {
            absence.is_away_after(worked);
            absence.next_try.saturating_duration_since(Instant::now())
        };
        pause(Duration::ZERO);
        pause(Duration::from_millis(900));
        assert!(pause(Duration::from_millis(900)) > Duration::from_secs(1));
        assert!(pause(LASTING) <= Duration::from_millis(500));
    }

    #[test]
    fn what_cannot_be_watched_is_tried_after_the_pause() {
        let moment = Duration::from_millis(5);
        let mut absence = Absence::new(Place::Elsewhere, Backoff::new(moment, moment));
        absence.is_away();
        until_due(&mut absence);
    }
}
