//! How often codes may come.

use std::time::{Duration, Instant};

/// Codes in a row that are taken at once; nobody holds more slips before a scanner.
const BURST: u32 = 5;
/// The time in which one more is allowed.
const PER_CODE: Duration = Duration::from_secs(1);

/// Lets through a burst, and then one code a second: a scanner gone wild floods nobody.
#[derive(Debug)]
pub(super) struct Limit {
    left: u32,
    since: Instant,
}

impl Limit {
    pub(super) const fn starting_at(now: Instant) -> Self {
        Self {
            left: BURST,
            since: now,
        }
    }

    /// Whether a code that comes now is taken.
    pub(super) fn admits(&mut self, now: Instant) -> bool {
        let regained = now.saturating_duration_since(self.since).as_secs() / PER_CODE.as_secs();
        if regained > 0 {
            self.left = BURST.min(self.left.saturating_add(regained as u32));
            self.since = now;
        }
        let admitted = self.left > 0;
        self.left = self.left.saturating_sub(1);
        admitted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_is_taken_and_then_one_a_second() {
        let start = Instant::now();
        let mut limit = Limit::starting_at(start);
        let taken = (0..20).filter(|_| limit.admits(start)).count();
        assert_eq!(taken, BURST as usize);
        assert!(!limit.admits(start + Duration::from_millis(900)));
        let later = start + Duration::from_millis(1100);
        assert!(limit.admits(later) && !limit.admits(later));
        let much_later = start + Duration::from_mins(10);
        assert_eq!(
            (0..20).filter(|_| limit.admits(much_later)).count(),
            BURST as usize
        );
    }
}
