//! Sensors and lights on the board's own pins: one thread that reads, blinks and beats.
//!
//! Lights guide the resident to the slot in use. A board without GPIO is normal and said once.

mod lamps;
mod roles;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use hardware::gpio::{Board as Pinboard, GpioError, Pins, open};
use hardware::wire::Endpoint;
use terminal_api::config::{Gpio, GpioBoard};
use terminal_api::interface::{Change, DeviceKind, DeviceState, Sensor, SensorKind, Trouble};
use tracing::{info, warn};

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
    let mut backoff = Backoff::default();
    let mut told_away = false;
    while !closed.load(Ordering::Relaxed) {
        let mut hand = Hand::new(setup);
        let error = match hand.take_pins() {
            Ok(mut pins) => {
                info!("the pins are taken");
                backoff.reset();
                told_away = false;
                hand.report();
                match hand.work(&mut *pins, closed) {
                    Ok(()) => return,
                    Err(error) => error,
                }
            }
            Err(GpioError::None) => {
                info!("no GPIO on this board: its sensors and lights are left out");
                return;
            }
            Err(error) => error,
        };
        if !told_away {
            warn!(%error, "the pins cannot be used");
            told_away = true;
        }
        setup
            .board
            .report(DeviceKind::Gpio, DeviceState::Away, Some(Trouble::Disconnected));
        std::thread::sleep(backoff.pause());
    }
}

/// The pins' roles and what they were last.
struct Hand<'a> {
    setup: &'a Setup,
    inputs: Vec<Input>,
    outputs: Vec<(Output, terminal_api::config::GpioLine)>,
    backlight: Backlight,
    start: Instant,
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
        }
    }

    fn take_pins(&self) -> Result<Box<dyn Pins>, GpioError> {
        let gpio = &self.setup.gpio;
        let chip = Pinboard::Chip(gpio.chip.clone());
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
            self.report();
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
