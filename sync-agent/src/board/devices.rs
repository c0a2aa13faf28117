//! How every device is, and since when.

use std::collections::BTreeMap;

use jiff::Timestamp;
use terminal_api::interface::{Device, DeviceKind, DeviceState, PrinterState, SlotState, Trouble};

/// The devices that this terminal has.
#[derive(Debug, Default)]
pub(super) struct Devices(BTreeMap<DeviceKind, Device>);

impl Devices {
    pub(super) fn all(&self) -> Vec<Device> {
        self.0.values().copied().collect()
    }

    /// Whether a device is there by configuration and was not looked at yet.
    pub(super) fn is_starting(&self, kind: DeviceKind) -> bool {
        let device = self.0.get(&kind);
        device.is_some_and(|device| device.state == DeviceState::Starting)
    }

    /// Notes how a device is from `now` on; `None` when it was so before.
    pub(super) fn change(
        &mut self,
        kind: DeviceKind,
        state: DeviceState,
        trouble: Option<Trouble>,
        now: Timestamp,
    ) -> Option<Device> {
        let device = Device {
            kind,
            state,
            trouble,
            since: now.into(),
        };
        self.take(device).then_some(device)
    }

    /// Notes a device as it is; `false` when it was so before.
    pub(super) fn take(&mut self, device: Device) -> bool {
        let before = self.0.get(&device.kind);
        let same =
            before.is_some_and(|before| (before.state, before.trouble) == (device.state, device.trouble));
        if !same {
            self.0.insert(device.kind, device);
        }
        !same
    }
}

/// The printer as a device among others. `None` when there is none.
pub(super) const fn printer(
    state: PrinterState,
    paper_is_low: bool,
    slot: Option<SlotState>,
) -> Option<(DeviceState, Option<Trouble>)> {
    use DeviceState::{Attention, Away, Broken, Ready};
    Some(match state {
        PrinterState::Ready if matches!(slot, Some(SlotState::Left)) => (Attention, Some(Trouble::SlipLeft)),
        PrinterState::Ready if paper_is_low => (Attention, Some(Trouble::PaperLow)),
        PrinterState::Ready => (Ready, None),
        PrinterState::NearEnd => (Attention, Some(Trouble::PaperLow)),
        PrinterState::PaperOut => (Broken, Some(Trouble::PaperOut)),
        PrinterState::CoverOpen => (Broken, Some(Trouble::CoverOpen)),
        PrinterState::CutterError => (Broken, Some(Trouble::CutterError)),
        PrinterState::Recoverable => (Broken, Some(Trouble::Recoverable)),
        PrinterState::Unrecoverable => (Broken, Some(Trouble::Unrecoverable)),
        PrinterState::Offline => (Away, Some(Trouble::Silent)),
        PrinterState::Disconnected => (Away, Some(Trouble::Disconnected)),
        PrinterState::NotConfigured => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_that_of_the_change_and_not_of_the_last_look() {
        let mut devices = Devices::default();
        let [first, second, third] = [1, 2, 3].map(|second| Timestamp::from_second(second).unwrap());
        let ready =
            |devices: &mut Devices, now| devices.change(DeviceKind::Scanner, DeviceState::Ready, None, now);
        assert!(ready(&mut devices, first).is_some());
        assert!(ready(&mut devices, second).is_none());
        assert_eq!(devices.all()[0].since, first.into());
        let away = devices.change(
            DeviceKind::Scanner,
            DeviceState::Away,
            Some(Trouble::Disconnected),
            third,
        );
        assert_eq!(away.unwrap().since, third.into());
    }

    #[test]
    fn paper_that_was_counted_to_its_end_is_a_warning_and_not_a_fault() {
        assert_eq!(
            printer(PrinterState::Ready, true, None),
            Some((DeviceState::Attention, Some(Trouble::PaperLow)))
        );
        assert_eq!(printer(PrinterState::NotConfigured, true, None), None);
    }

    #[test]
    fn a_slip_that_nobody_took_is_a_warning_until_it_is_gone() {
        let printer = |slot| printer(PrinterState::Ready, false, Some(slot));
        assert_eq!(
            printer(SlotState::Left),
            Some((DeviceState::Attention, Some(Trouble::SlipLeft)))
        );
        for well in [SlotState::Empty, SlotState::Waiting, SlotState::Retracted] {
            assert_eq!(printer(well), Some((DeviceState::Ready, None)));
        }
    }
}
