//! The pins of a [simulator](super::simulator), over a line: both sides say `LINE LEVEL` in decimal digits,
//! one change a line of text.

use std::collections::HashMap;
use std::io;
use std::time::{Duration, Instant};

use super::{GpioError, Level, Pins};
use crate::wire::{Endpoint, Wire};

/// How long the simulator may take to accept a change.
const PATIENCE: Duration = Duration::from_secs(1);

pub(super) struct Remote {
    wire: Wire,
    pending: Vec<u8>,
    levels: HashMap<u32, Level>,
}

impl Remote {
    pub(super) fn open(endpoint: &Endpoint, outputs: &[(u32, Level)]) -> Result<Self, GpioError> {
        let mut remote = Self {
            wire: Wire::open(endpoint).map_err(failed)?,
            pending: Vec::new(),
            levels: HashMap::new(),
        };
        for (line, level) in outputs {
            remote.write(*line, *level)?;
        }
        Ok(remote)
    }
}

#[expect(clippy::needless_pass_by_value, reason = "fits `map_err`")]
fn failed(error: io::Error) -> GpioError {
    GpioError::Io(error.to_string())
}

impl Pins for Remote {
    /// A line of which the simulator said nothing is low.
    fn read(&mut self, line: u32) -> Result<Level, GpioError> {
        match self.wire.read_some(Instant::now()) {
            Ok(bytes) => self.pending.extend(bytes),
            Err(error) if error.kind() == io::ErrorKind::TimedOut => {}
            Err(error) => return Err(failed(error)),
        }
        for (line, level) in take_changes(&mut self.pending) {
            self.levels.insert(line, level);
        }
        Ok(self.levels.get(&line).copied().unwrap_or(Level::Low))
    }

    fn write(&mut self, line: u32, level: Level) -> Result<(), GpioError> {
        self.wire
            .write_all(change(line, level).as_bytes(), Instant::now() + PATIENCE)
            .map_err(failed)
    }
}

/// A change as it is said.
pub(super) fn change(line: u32, level: Level) -> String {
    format!("{line} {}\n", u8::from(level == Level::High))
}

/// The changes that `pending` holds in whole lines; what makes no sense is skipped.
pub(super) fn take_changes(pending: &mut Vec<u8>) -> Vec<(u32, Level)> {
    let Some(end) = pending.iter().rposition(|byte| *byte == b'\n') else {
        return Vec::new();
    };
    let lines: Vec<u8> = pending.drain(..=end).collect();
    lines
        .split(|byte| *byte == b'\n')
        .filter_map(|line| {
            let (line, level) = std::str::from_utf8(line).ok()?.split_once(' ')?;
            let level = match level {
                "0" => Level::Low,
                "1" => Level::High,
                _ => return None,
            };
            Some((line.parse().ok()?, level))
        })
        .collect()
}
