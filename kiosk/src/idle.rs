//! When a visit ends because nobody touches the screen.

/// How long the countdown runs.
pub const COUNTDOWN_SECONDS: u32 = 30;
/// How long nobody need touch anything while a slip is printed or a form is open.
pub const BUSY_SECONDS: u32 = 180;

/// What the resident is doing, as far as patience goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Occupation {
    /// Reads or looks for something.
    #[default]
    Reading,
    /// Waits for a slip, or fills in a form.
    Busy,
}

/// What a second without a touch leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing.
    Quiet,
    /// The countdown stands at so many seconds.
    Counting(u32),
    /// The visit is over.
    Over,
}

/// Counts the seconds since the last touch.
#[derive(Debug)]
pub struct Idle {
    reading: u32,
    quiet: u32,
}

impl Idle {
    /// Waits `reading` seconds before the countdown on pages that are read.
    #[must_use]
    pub const fn new(reading: u32) -> Self {
        Self { reading, quiet: 0 }
    }

    /// Somebody touched the screen or a key.
    pub fn touched(&mut self) {
        self.quiet = 0;
    }

    /// A second has passed.
    pub fn second(&mut self, occupation: Occupation) -> Outcome {
        self.quiet += 1;
        let patience = match occupation {
            Occupation::Reading => self.reading,
            Occupation::Busy => BUSY_SECONDS.max(self.reading),
        };
        match self.quiet.checked_sub(patience) {
            None => Outcome::Quiet,
            Some(counted) if counted < COUNTDOWN_SECONDS => Outcome::Counting(COUNTDOWN_SECONDS - counted),
            Some(_) => {
                self.quiet = 0;
                Outcome::Over
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pass(idle: &mut Idle, seconds: u32, occupation: Occupation) -> Outcome {
        (0..seconds).map(|_| idle.second(occupation)).last().unwrap()
    }

    #[test]
    fn reading_pages_count_down_after_ninety_seconds_and_end_thirty_later() {
        let mut idle = Idle::new(90);
        assert_eq!(pass(&mut idle, 89, Occupation::Reading), Outcome::Quiet);
        assert_eq!(pass(&mut idle, 1, Occupation::Reading), Outcome::Counting(30));
        assert_eq!(pass(&mut idle, 29, Occupation::Reading), Outcome::Counting(1));
        assert_eq!(pass(&mut idle, 1, Occupation::Reading), Outcome::Over);
    }

    #[test]
    fn a_print_or_a_form_is_given_more_time() {
        let mut idle = Idle::new(90);
        assert_eq!(pass(&mut idle, 179, Occupation::Busy), Outcome::Quiet);
        assert_eq!(pass(&mut idle, 1, Occupation::Busy), Outcome::Counting(30));
    }

    #[test]
    fn one_touch_starts_the_count_again() {
        let mut idle = Idle::new(90);
        pass(&mut idle, 115, Occupation::Reading);
        idle.touched();
        assert_eq!(pass(&mut idle, 89, Occupation::Reading), Outcome::Quiet);
    }
}
