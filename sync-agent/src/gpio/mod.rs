//! Sensors and lights on the board's own pins: one thread that reads, blinks and beats.
//!
//! Lights guide the resident to the slot in use. A board without GPIO is normal and said once.

mod lamps;
mod roles;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use hardware::arrival::Place;
use hardware::gpio::{Board as Pinboard, GpioError, Pins, open};
use hardware::wire::Endpoint;
use terminal_api::config::{Gpio, GpioBoard};
use terminal_api::interface::{Change, DeviceKind, DeviceState, Sensor, SensorKind, Trouble};
use tracing::{debug, info, warn};

use crate::absence::{self, Absence};
use crate::backoff::Backoff;
use crate::board::Board;
pub use lamps::{Lamps, Slot};
use roles::{Backlight, Input, Output, level};

/// Between two looks at the sensors, and two steps of the lights.
const STEP: Duration = Duration::from_millis(50);

/// The heart changes its level this often.
const BEAT: Duration = Duration::from_millis(500);

/// What the thread works with.
pub struct Setup {
    /// Which line has which role.
    pub gpio: Gpio,
    /// What the lights show.
    pub lamps: Arc<Lamps>,
    /// Who is told.
    pub board: Arc<Board>,
}

/// The pins, looked after. The thread ends soon after this is dropped.
pub struct GpioService {
    closed: Arc<AtomicBool>,
}

impl GpioService {
    /// Starts looking after the pins.
    pub fn start(setup: Setup) -> std::io::Result<Self> {
        let closed = Arc::new(AtomicBool::new(false));
        let told = Arc::clone(&closed);
        std::thread::Builder::new()
            .name("gpio".to_owned())
            .spawn(move || look_after(&setup, &told))?;
        Ok(Self { closed })
    }
}

impl Drop for GpioService {
    fn drop(&mut self) {
        self.closed.store(true, Ordering::Relaxed);
    }
}

fn look_after(setup: &Setup, closed: &AtomicBool) {
    let mut absence = Absence::new(place(&setup.gpio), Backoff::default());
    let mut known = Known::of(&setup.gpio);
    let mut told_away = false;
    while !closed.load(Ordering::Relaxed) {
        let mut hand = Hand::new(setup);
        let result = hand
            .take_pins()
            .and_then(|mut pins| hand.work(&mut *pins, closed));
        let worked = match hand.standing {
            Standing::Untried => Duration::ZERO,
            Standing::Works { since } => {
                known = Known::ToBeThere;
                told_away = false;
                since.elapsed()
            }
        };
        match result {
            Ok(()) => return,
            Err(GpioError::None) if known == Known::Nothing => {
                info!("no GPIO on this board: its sensors and lights are left out");
                return;
            }
            Err(error) if !told_away => {
                warn!(%error, "the pins cannot be used");
                told_away = true;
            }
            Err(error) => debug!(%error, "the pins still cannot be used"),
        }
        setup
            .board
            .report(DeviceKind::Gpio, DeviceState::Away, Some(Trouble::Disconnected));
        absence.is_away_after(worked);
        while !absence.is_due() && !closed.load(Ordering::Relaxed) {
            std::thread::sleep(absence::LOOK);
        }
    }
}

/// Whether there must be pins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    /// Many a board has none.
    Nothing,
    /// They were held before, or the configuration names their chip.
    ToBeThere,
}

impl Known {
    fn of(gpio: &Gpio) -> Self {
        match gpio.board {
            GpioBoard::Auto | GpioBoard::Chip if gpio.chip.is_some() => Self::ToBeThere,
            GpioBoard::Auto | GpioBoard::Chip | GpioBoard::RaspberryPi => Self::Nothing,
            GpioBoard::Simulator => Self::ToBeThere,
        }
    }
}

/// Where the pins appear when their chip is plugged in.
fn place(gpio: &Gpio) -> Place {
    match gpio.board {
        GpioBoard::Auto | GpioBoard::Chip => Place::File(gpio.chip().to_owned()),
        GpioBoard::RaspberryPi | GpioBoard::Simulator => Place::Elsewhere,
    }
}

/// Whether the pins do what they should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// Nothing was read or driven yet: many a chip can be opened that is dead.
    Untried,
    Works {
        since: Instant,
    },
}

/// The pins' roles and what they were last.
struct Hand<'a> {
    setup: &'a Setup,
    inputs: Vec<Input>,
    outputs: Vec<(Output, terminal_api::config::GpioLine)>,
    backlight: Backlight,
    start: Instant,
    standing: Standing,
}

impl<'a> Hand<'a> {
    fn new(setup: &'a Setup) -> Self {
        let gpio = &setup.gpio;
        let debounce = Duration::from_millis(gpio.debounce_ms.into());
        let inputs = [
            (SensorKind::Presence, gpio.presence),
            (SensorKind::Door, gpio.door),
            (SensorKind::PaperLow, gpio.paper_low),
        ];
        let outputs = [
            (Output::Light(Slot::Printer), gpio.printer_light),
            (Output::Light(Slot::Card), gpio.card_light),
            (Output::Light(Slot::Scanner), gpio.scanner_light),
            (Output::Backlight, gpio.backlight),
            (Output::Heartbeat, gpio.heartbeat),
        ];
        Self {
            setup,
            inputs: inputs
                .into_iter()
                .filter_map(|(kind, line)| Some(Input::new(kind, line?, debounce)))
                .collect(),
            outputs: outputs
                .into_iter()
                .filter_map(|(output, line)| Some((output, line?)))
                .collect(),
            backlight: Backlight::new(gpio.presence.is_some(), Instant::now()),
            start: Instant::now(),
            standing: Standing::Untried,
        }
    }

    fn take_pins(&self) -> Result<Box<dyn Pins>, GpioError> {
        let gpio = &self.setup.gpio;
        let chip = Pinboard::Chip(gpio.chip().to_owned());
        match gpio.board {
            GpioBoard::Auto => match self.open(&Pinboard::RaspberryPi) {
                Err(GpioError::None) => self.open(&chip),
                result => result,
            },
            GpioBoard::RaspberryPi => self.open(&Pinboard::RaspberryPi),
            GpioBoard::Chip => self.open(&chip),
            GpioBoard::Simulator => {
                let address = gpio.address.clone().unwrap_or_default();
                self.open(&Pinboard::Simulator(Endpoint::Tcp(address)))
            }
        }
    }

    fn open(&self, board: &Pinboard) -> Result<Box<dyn Pins>, GpioError> {
        let inputs: Vec<u32> = self.inputs.iter().map(|input| input.line.line).collect();
        let outputs: Vec<_> = self
            .outputs
            .iter()
            .map(|(_, line)| (line.line, level(*line, false)))
            .collect();
        open(board, &inputs, &outputs)
    }

    /// Until the service is dropped or the pins are lost.
    fn work(&mut self, pins: &mut dyn Pins, closed: &AtomicBool) -> Result<(), GpioError> {
        let mut driven = vec![None; self.outputs.len()];
        while !closed.load(Ordering::Relaxed) {
            self.read(pins)?;
            for ((output, line), driven) in self.outputs.iter().zip(&mut driven) {
                let wanted = level(*line, self.is_active(*output));
                if *driven != Some(wanted) {
                    pins.write(line.line, wanted)?;
                    *driven = Some(wanted);
                }
            }
            if self.standing == Standing::Untried {
                info!("the pins are taken");
                self.standing = Standing::Works {
                    since: Instant::now(),
                };
                self.report();
            }
            std::thread::sleep(STEP);
        }
        Ok(())
    }

    fn read(&mut self, pins: &mut dyn Pins) -> Result<(), GpioError> {
        let now = Instant::now();
        let mut changed = Vec::new();
        for input in &mut self.inputs {
            let level = pins.read(input.line.line)?;
            changed.extend(input.read(level, now));
        }
        for sensor in changed {
            self.setup.board.publish(Change::Sensor(sensor));
            if self.standing != Standing::Untried {
                self.report();
            }
        }
        let presence = self.is_on(SensorKind::Presence);
        self.backlight.look(presence, now);
        Ok(())
    }

    /// Whether a sensor is active.
    fn is_on(&self, kind: SensorKind) -> bool {
        self.inputs
            .iter()
            .any(|input| input.kind == kind && input.is_active == Some(true))
    }

    fn is_active(&self, output: Output) -> bool {
        let elapsed = self.start.elapsed();
        match output {
            Output::Light(slot) => {
                self.setup.lamps.light(slot, Instant::now()).level(elapsed) == hardware::gpio::Level::High
            }
            Output::Backlight => self.backlight.is_lit(),
            // The status is asked for on the way: an agent that hangs on its own locks has no heartbeat.
            Output::Heartbeat => {
                let _alive = self.setup.board.status();
                (elapsed.as_millis() / BEAT.as_millis()).is_multiple_of(2)
            }
        }
    }

    fn report(&self) {
        let (state, trouble) = if self.is_on(SensorKind::Door) {
            (DeviceState::Attention, Some(Trouble::DoorOpen))
        } else if self.is_on(SensorKind::PaperLow) {
            (DeviceState::Attention, Some(Trouble::PaperLow))
        } else {
            (DeviceState::Ready, None)
        };
        self.setup.board.report(DeviceKind::Gpio, state, trouble);
    }
}

/// What a sensor says, as it is told.
fn told(kind: SensorKind, is_active: bool) -> Sensor {
    Sensor { kind, is_active }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gpio(board: &str, chip: Option<&str>) -> Gpio {
        let gpio = serde_json::json!({"board": board, "chip": chip});
        serde_json::from_value(gpio).unwrap()
    }

    #[test]
    fn pins_may_be_missing_for_good_only_where_nothing_names_them() {
        assert_eq!(Known::of(&gpio("auto", None)), Known::Nothing);
        assert_eq!(Known::of(&gpio("raspberry-pi", None)), Known::Nothing);
        assert_eq!(Known::of(&gpio("auto", Some("/dev/gpiochip2"))), Known::ToBeThere);
        assert_eq!(Known::of(&gpio("simulator", None)), Known::ToBeThere);
    }

    #[test]
    fn a_chip_is_waited_for_where_it_appears() {
        let appears = |board, chip| place(&gpio(board, chip));
        assert_eq!(appears("auto", None), Place::File("/dev/gpiochip0".into()));
        assert_eq!(
            appears("chip", Some("/dev/gpiochip2")),
            Place::File("/dev/gpiochip2".into())
        );
        assert_eq!(appears("raspberry-pi", None), Place::Elsewhere);
    }
}
