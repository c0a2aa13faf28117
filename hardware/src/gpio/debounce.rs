//! Contacts bounce; a change counts once it has lasted.

use std::time::{Duration, Instant};

use super::Level;

/// A line whose changes count only once they have lasted.
#[derive(Debug, Clone, Copy)]
pub struct Debounce {
    lasting: Duration,
    settled: Option<Level>,
    /// Another level, and since when.
    tried: Option<(Level, Instant)>,
}

impl Debounce {
    /// Changes count after `lasting`.
    #[must_use]
    pub const fn new(lasting: Duration) -> Self {
        Self {
            lasting,
            settled: None,
            tried: None,
        }
    }

    /// The line was read; the level that it has settled to, if that is news.
    pub fn read(&mut self, level: Level, now: Instant) -> Option<Level> {
        if self.settled == Some(level) {
            self.tried = None;
            return None;
        }
        match self.tried {
            Some((tried, since)) if tried == level => (now.saturating_duration_since(since) >= self.lasting)
                .then(|| {
                    self.settled = Some(level);
                    self.tried = None;
                    level
                }),
            _ => {
                self.tried = Some((level, now));
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Level::{High, Low};

    #[test]
    fn a_bouncing_contact_is_told_once_when_it_has_settled() {
        let start = Instant::now();
        let mut line = Debounce::new(Duration::from_millis(50));
        let mut told = Vec::new();
        let levels = [
            (0, Low),
            (50, Low),
            (100, High),
            (110, Low),
            (120, High),
            (140, Low),
            (150, High),
            (190, High),
            (200, High),
            (250, High),
        ];
        for (millis, level) in levels {
            told.extend(
                line.read(level, start + Duration::from_millis(millis))
                    .map(|level| (millis, level)),
            );
        }
        assert_eq!(told, [(50, Low), (200, High)]);
    }
}
