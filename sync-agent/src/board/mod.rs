//! What is known about the terminal, and who is told when it changes.

mod devices;
mod log;

use std::sync::{Arc, Mutex, PoisonError};

use catalog::clock::Clock;
use terminal_api::interface::{
    Change, DeviceKind, DeviceState, Event, NetworkState, Paper, PrinterState, Release, SettingsInForce,
    SlotState, Status, Trouble,
};
use tokio::sync::watch;

use devices::Devices;
use log::EventLog;

/// The terminal's status and its newest events. Shared by everything that changes or shows them.
pub struct Board {
    clock: Arc<dyn Clock>,
    inner: Mutex<Inner>,
    newest: watch::Sender<u64>,
}

struct Inner {
    release: Release,
    printer: PrinterState,
    network: NetworkState,
    devices: Devices,
    paper: Option<Paper>,
    slot: Option<SlotState>,
    settings: Option<SettingsInForce>,
    log: EventLog,
}

impl Board {
    /// A board for a terminal with this content and printer.
    #[must_use]
    pub fn new(release: Release, printer: PrinterState, clock: Arc<dyn Clock>) -> Self {
        let first = clock.now().as_microsecond().max(0).cast_unsigned();
        let log = EventLog::starting_at(first);
        Self {
            newest: watch::Sender::new(log.newest()),
            inner: Mutex::new(Inner {
                release,
                printer,
                network: NetworkState::Unknown,
                devices: Devices::default(),
                paper: None,
                slot: None,
                settings: None,
                log,
            }),
            clock,
        }
    }

    /// The same, with what a configuration code has set.
    #[must_use]
    pub fn with_settings(mut self, settings: Option<SettingsInForce>) -> Self {
        self.inner
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .settings = settings;
        self
    }

    /// How the terminal is now.
    #[must_use]
    pub fn status(&self) -> Status {
        let inner = self.lock();
        Status {
            agent_version: env!("CARGO_PKG_VERSION").to_owned(),
            release: inner.release.clone(),
            printer: inner.printer,
            network: inner.network,
            devices: inner.devices.all(),
            paper: inner.paper,
            slot: inner.slot,
            settings: inner.settings.clone(),
            seq: inner.log.newest(),
        }
    }

    /// Takes note of a change and tells everybody. A state that is as before is not told again.
    pub fn publish(&self, change: Change) {
        let mut inner = self.lock();
        // What is counted or kept says nothing of a printer that nobody has looked at yet.
        let is_of_printer = match change {
            Change::Printer(_) => true,
            Change::Paper(_) | Change::Slot(_) => !inner.devices.is_starting(DeviceKind::Printer),
            _ => false,
        };
        let news = match &change {
            Change::Release(release) => replace(&mut inner.release, release.clone()),
            Change::Printer(printer) => replace(&mut inner.printer, *printer),
            Change::Network(network) => replace(&mut inner.network, *network),
            Change::Paper(paper) => replace(&mut inner.paper, Some(*paper)),
            Change::Slot(slot) => {
                let known = Some(*slot).filter(|slot| *slot != SlotState::Unknown);
                replace(&mut inner.slot, known)
            }
            Change::Device(device) => inner.devices.take(*device),
            Change::Generation(_)
            | Change::Job(_)
            | Change::Scan(_)
            | Change::Code(_)
            | Change::Configuration(_)
            | Change::Sensor(_) => true,
            Change::Missed(_) => false,
        };
        let mut newest = news.then(|| inner.log.push(change));
        if is_of_printer && let Some((state, trouble)) = inner.printer_device() {
            let now = self.clock.now();
            let device = inner.devices.change(DeviceKind::Printer, state, trouble, now);
            newest = device
                .map(|device| inner.log.push(Change::Device(device)))
                .or(newest);
        }
        drop(inner);
        if let Some(seq) = newest {
            self.newest.send_replace(seq);
        }
    }

    /// Takes note of how a device is. The time since when is kept for as long as nothing changes.
    pub fn report(&self, kind: DeviceKind, state: DeviceState, trouble: Option<Trouble>) {
        let mut inner = self.lock();
        let Some(device) = inner.devices.change(kind, state, trouble, self.clock.now()) else {
            return;
        };
        let seq = inner.log.push(Change::Device(device));
        drop(inner);
        self.newest.send_replace(seq);
    }

    /// The events from number `from` on that are still held.
    #[must_use]
    pub fn since(&self, from: u64) -> Vec<Event> {
        self.lock().log.since(from)
    }

    /// Follows the number of the newest event.
    #[must_use]
    pub fn follow(&self) -> watch::Receiver<u64> {
        self.newest.subscribe()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        // Nothing in here is left half changed by a panic.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// How the printer counts as a device, by its state, its paper and its slot.
    fn printer_device(&self) -> Option<(DeviceState, Option<Trouble>)> {
        let paper_is_low = self.paper.is_some_and(|paper| paper.is_low);
        devices::printer(self.printer, paper_is_low, self.slot)
    }
}

/// Replaces a value and says whether the new one is another.
fn replace<T: PartialEq>(place: &mut T, value: T) -> bool {
    let differs = *place != value;
    *place = value;
    differs
}

#[cfg(test)]
mod tests {
    use super::*;
    use catalog::clock::FixedClock;
    use terminal_api::interface::ReleaseState;

    fn board() -> Board {
        let release = Release {
            state: ReleaseState::NeverPulled,
            generation: None,
            published_at: None,
            checked_at: None,
            expires_at: None,
            problem: None,
            clock_behind: false,
        };
        let clock = FixedClock("2026-11-22T08:00:00Z".parse().unwrap());
        Board::new(release, PrinterState::Ready, Arc::new(clock))
    }

    #[test]
    fn a_state_is_told_once() {
        let board = board();
        let before = board.status().seq;
        board.publish(Change::Printer(PrinterState::PaperOut));
        board.publish(Change::Printer(PrinterState::PaperOut));
        // The state, and the device whose state it is.
        assert_eq!(board.status().seq, before + 2);
        assert_eq!(board.status().printer, PrinterState::PaperOut);
    }

    #[test]
    fn a_printer_that_is_away_from_the_start_is_known_as_a_device_that_is_away() {
        let board = board();
        board.publish(Change::Printer(PrinterState::Ready));
        let device = board.status().devices[0];
        assert_eq!(
            (device.kind, device.state),
            (DeviceKind::Printer, DeviceState::Ready)
        );
        board.publish(Change::Printer(PrinterState::Disconnected));
        let device = board.status().devices[0];
        assert_eq!(
            (device.state, device.trouble),
            (DeviceState::Away, Some(Trouble::Disconnected))
        );
    }

    #[test]
    fn a_device_that_nobody_has_looked_at_is_starting_whatever_is_counted() {
        let board = board();
        board.report(DeviceKind::Printer, DeviceState::Starting, None);
        board.publish(Change::Paper(Paper {
            left_cm: 1,
            roll_cm: 7000,
            is_low: true,
        }));
        assert_eq!(board.status().devices[0].state, DeviceState::Starting);
        board.publish(Change::Printer(PrinterState::Ready));
        assert_eq!(
            board.status().devices[0].trouble,
            Some(Trouble::PaperLow),
            "what was counted counts from the first look on"
        );
    }

    #[test]
    fn a_slot_that_nobody_can_ask_about_is_told_of_and_then_absent() {
        let board = board();
        board.publish(Change::Slot(SlotState::Waiting));
        assert_eq!(board.status().slot, Some(SlotState::Waiting));
        board.publish(Change::Slot(SlotState::Unknown));
        assert_eq!(board.status().slot, None);
        let last = board.since(board.status().seq).remove(0);
        assert_eq!(last.change, Change::Slot(SlotState::Unknown));
    }

    #[test]
    fn followers_learn_of_the_newest_event() {
        let board = board();
        let follower = board.follow();
        board.publish(Change::Network(NetworkState::Reachable));
        assert_eq!(*follower.borrow(), board.status().seq);
        assert_eq!(board.since(board.status().seq).len(), 1);
    }
}
