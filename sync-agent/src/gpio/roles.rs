//! What the lines are for.

use std::time::{Duration, Instant};

use hardware::gpio::{Debounce, Level};
use terminal_api::config::{ActiveLevel, GpioLine};
use terminal_api::interface::{Sensor, SensorKind};

use super::{Slot, told};

/// How long the panel stays lit after the last person has left.
const LINGER: Duration = Duration::from_mins(10);

/// A sensor on its line.
pub(super) struct Input {
    pub(super) kind: SensorKind,
    pub(super) line: GpioLine,
    /// What it was settled to last.
    pub(super) is_active: Option<bool>,
    debounce: Debounce,
}

impl Input {
    pub(super) const fn new(kind: SensorKind, line: GpioLine, debounce: Duration) -> Self {
        Self {
            kind,
            line,
            is_active: None,
            debounce: Debounce::new(debounce),
        }
    }

    /// The line was read; what is to be told of it. That a sensor is quiet at the start is no news.
    pub(super) fn read(&mut self, read: Level, now: Instant) -> Option<Sensor> {
        let settled = self.debounce.read(read, now)?;
        let is_active = settled == level(self.line, true);
        let is_news = is_active || self.is_active.is_some();
        self.is_active = Some(is_active);
        is_news.then(|| told(self.kind, is_active))
    }
}

/// What an output is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Output {
    Light(Slot),
    Backlight,
    Heartbeat,
}

/// The level of a line that is active or not.
pub(super) const fn level(line: GpioLine, is_active: bool) -> Level {
    match (line.active, is_active) {
        (ActiveLevel::High, true) | (ActiveLevel::Low, false) => Level::High,
        (ActiveLevel::High, false) | (ActiveLevel::Low, true) => Level::Low,
    }
}

/// Whether the panel is lit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Backlight {
    has_sensor: bool,
    last_seen: Instant,
    now: Instant,
}

impl Backlight {
    pub(super) const fn new(has_sensor: bool, now: Instant) -> Self {
        Self {
            has_sensor,
            last_seen: now,
            now,
        }
    }

    pub(super) const fn look(&mut self, presence: bool, now: Instant) {
        self.now = now;
        if presence {
            self.last_seen = now;
        }
    }

    /// Without a sensor always; else while somebody is there and some time after.
    pub(super) fn is_lit(&self) -> bool {
        !self.has_sensor || self.now.saturating_duration_since(self.last_seen) < LINGER
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sensor_is_news_when_it_trips_and_when_it_is_quiet_again() {
        let line = GpioLine {
            line: 4,
            active: ActiveLevel::Low,
        };
        let mut door = Input::new(SensorKind::Door, line, Duration::ZERO);
        let now = Instant::now();
        let mut read = |level| {
            door.read(level, now);
            door.read(level, now).map(|sensor| sensor.is_active)
        };
        assert_eq!(read(Level::High), None);
        let mut told = Vec::new();
        for level in [Level::Low, Level::High] {
            told.extend(door.read(level, now));
            told.extend(door.read(level, now));
        }
        let told: Vec<bool> = told.into_iter().map(|sensor| sensor.is_active).collect();
        assert_eq!(told, [true, false]);
    }

    #[test]
    fn the_panel_goes_dark_some_time_after_the_last_person_left() {
        let start = Instant::now();
        let later = |minutes| start + Duration::from_mins(minutes);
        let mut backlight = Backlight::new(true, start);
        backlight.look(true, later(5));
        backlight.look(false, later(14));
        assert!(backlight.is_lit());
        backlight.look(false, later(16));
        assert!(!backlight.is_lit());
        backlight.look(true, later(17));
        assert!(backlight.is_lit());
        let mut without_sensor = Backlight::new(false, start);
        without_sensor.look(false, later(600));
        assert!(without_sensor.is_lit());
    }
}
