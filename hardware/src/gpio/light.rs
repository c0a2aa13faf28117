//! Lights over the slots.

use std::time::Duration;

use super::Level;

/// What a light does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Light {
    /// It is dark.
    #[default]
    Off,
    /// It shines.
    On,
    /// It blinks twice a second: here, now.
    Blinking,
}

/// How long a blinking light shines, and how long it is dark.
const HALF: Duration = Duration::from_millis(250);

impl Light {
    /// The level of a light that does this, so long after some fixed moment.
    #[must_use]
    pub const fn level(self, elapsed: Duration) -> Level {
        match self {
            Self::Off => Level::Low,
            Self::On => Level::High,
            Self::Blinking => {
                if (elapsed.as_millis() / HALF.as_millis()).is_multiple_of(2) {
                    Level::High
                } else {
                    Level::Low
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blinking_light_shines_half_of_the_time() {
        let levels =
            [0, 249, 250, 499, 500].map(|millis| Light::Blinking.level(Duration::from_millis(millis)));
        assert_eq!(
            levels,
            [Level::High, Level::High, Level::Low, Level::Low, Level::High]
        );
    }
}
