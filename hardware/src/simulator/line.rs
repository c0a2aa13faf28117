//! What can be wrong with the line between a device and its driver.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use rustix::termios;
use serde::{Deserialize, Serialize};

use super::traffic::{Recorder, Side};

/// The faults of a line. Everything off is a good one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct LineFaults {
    /// How the device behaves on the line.
    pub plug: Plug,
    /// Everything that the device says comes so many milliseconds late.
    pub lag_ms: u32,
    /// Every so many bytes that the device says, one is lost; 0 for none.
    pub drop_every: u32,
    /// The device's speed. A driver that listens at another one reads garbage; on TCP only the time
    /// that the bytes take is felt. 0 for as fast as it goes, at any speed.
    pub baud: u32,
}

/// What goes over a slow line in one piece, in bytes.
const PIECE: usize = 64;

impl LineFaults {
    /// How long so many bytes are on the line.
    fn time_of(self, bytes: usize) -> Duration {
        if self.baud == 0 {
            return Duration::ZERO;
        }
        // Start bit, eight data bits, stop bit.
        Duration::from_micros(bytes as u64 * 10_000_000 / u64::from(self.baud))
    }
}

/// How a device behaves on its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Plug {
    /// As it should.
    #[default]
    In,
    /// Its plug is pulled.
    Out,
    /// Plugged in, and it neither listens nor speaks.
    Hung,
    /// It says noise without end.
    Babbling,
}

/// A line whose faults can be changed while it is in use.
#[derive(Debug, Clone, Default)]
pub struct Line(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    faults: LineFaults,
    recorder: Option<Recorder>,
    said: u32,
}

impl Line {
    /// The faults now.
    #[must_use]
    pub fn faults(&self) -> LineFaults {
        self.state().faults
    }

    /// Other faults from now on.
    pub fn set(&self, faults: LineFaults) {
        self.state().faults = faults;
    }

    /// Writes down everything that is heard and said from now on.
    pub(super) fn record(&self, recorder: Recorder) {
        self.state().recorder = Some(recorder);
    }

    /// The bytes that go over the line in one piece at the most.
    pub(super) fn hears_at_once(&self) -> usize {
        if self.faults().baud == 0 {
            usize::MAX
        } else {
            PIECE
        }
    }

    /// How long so many bytes are on the line.
    pub(super) fn time_of(&self, bytes: usize) -> Duration {
        self.faults().time_of(bytes)
    }

    /// What the device hears of what a driver said.
    pub(super) fn heard<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        let mut state = self.state();
        if state.faults.plug == Plug::Hung {
            return &[];
        }
        state.note(Side::Driver, bytes);
        bytes
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn note(&mut self, side: Side, bytes: &[u8]) {
        if let Some(recorder) = &mut self.recorder {
            recorder.note(side, bytes);
        }
    }

    /// What is left of `bytes` after the losses.
    fn lose(&mut self, bytes: &[u8]) -> Vec<u8> {
        let every = self.faults.drop_every;
        let mut kept = Vec::with_capacity(bytes.len());
        for byte in bytes {
            self.said = self.said.wrapping_add(1);
            if every == 0 || !self.said.is_multiple_of(every) {
                kept.push(*byte);
            }
        }
        kept
    }
}

/// The open end towards a driver; closed while the plug is pulled.
#[derive(Debug, Clone, Default)]
pub(super) struct Outlet(Arc<Mutex<Option<End>>>);

#[derive(Debug)]
struct End {
    out: File,
    /// The driver's end of a terminal, which knows at what speed it listens.
    terminal: Option<OwnedFd>,
}

impl Outlet {
    pub(super) fn open(&self, out: File, terminal: Option<OwnedFd>) {
        *self.end() = Some(End { out, terminal });
    }

    pub(super) fn close(&self) {
        *self.end() = None;
    }

    fn end(&self) -> MutexGuard<'_, Option<End>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn say(&self, bytes: &[u8]) -> io::Result<()> {
        let mut end = self.end();
        let end = end.as_mut().ok_or(io::ErrorKind::NotConnected)?;
        end.out.write_all(bytes)
    }

    fn listens_at(&self) -> Option<u32> {
        let end = self.end();
        let settings = termios::tcgetattr(end.as_ref()?.terminal.as_ref()?).ok()?;
        Some(settings.output_speed())
    }
}

/// The device's mouth on a line: what it says arrives as the line lets it.
pub(super) struct Mouth {
    pub(super) line: Line,
    pub(super) outlet: Outlet,
}

impl Write for Mouth {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let (faults, mut arriving) = {
            let mut state = self.line.state();
            let faults = state.faults;
            if faults.plug == Plug::Hung {
                return Ok(bytes.len());
            }
            state.note(Side::Device, bytes);
            (faults, state.lose(bytes))
        };
        thread::sleep(Duration::from_millis(faults.lag_ms.into()));
        if faults.baud == 0 {
            self.outlet.say(&arriving)?;
            return Ok(bytes.len());
        }
        if self.outlet.listens_at().is_some_and(|speed| speed != faults.baud) {
            for byte in &mut arriving {
                *byte = byte.rotate_left(3) ^ 0xc5;
            }
        }
        for piece in arriving.chunks(PIECE) {
            thread::sleep(faults.time_of(piece.len()));
            self.outlet.say(piece)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Bytes without meaning, the same ones every time.
pub(super) fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_u32;
    std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as u8
    })
    .take(length)
    .collect()
}
