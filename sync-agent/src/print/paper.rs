//! How much paper is left, and when staff are told.

use hardware::printer::{Profile, Roll, Sheets};
use terminal_api::config;
use terminal_api::interface::{Paper, PrinterState};

/// The roll in the printer and how it is judged.
#[derive(Debug, Clone, Copy)]
pub(super) struct PaperCount {
    roll: Roll,
    /// A new roll, in millimetres.
    new: u32,
    /// From here on the roll counts as low, in millimetres.
    low: u32,
    dpi: u32,
    sensed: Sensed,
}

/// What the printer's sensors have said of the roll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sensed {
    /// There is enough of it.
    Enough,
    /// It is near its end.
    NearEnd,
    /// It was near its end when the cover was opened: if it is enough afterwards, it is another.
    Opened,
    /// It is used up: the next time the printer is ready it has a new one.
    UsedUp,
}

impl PaperCount {
    /// Carries on with the roll that was kept, or with a new one.
    pub(super) fn new(printer: &config::Printer, profile: &Profile, kept: Option<Roll>) -> Self {
        let new = printer
            .roll_metres
            .map_or(profile.roll_millimetres, |metres| metres.saturating_mul(1000));
        Self {
            // Another length in the configuration means another sort of rolls.
            roll: kept.filter(|roll| roll.length == new).unwrap_or(Roll::new(new)),
            new,
            low: printer.low_metres.saturating_mul(1000),
            dpi: profile.dpi,
            sensed: Sensed::Enough,
        }
    }

    pub(super) const fn roll(&self) -> Roll {
        self.roll
    }

    /// As it is told to the outside.
    pub(super) const fn told(&self) -> Paper {
        Paper {
            left_cm: self.roll.left() / 10,
            roll_cm: self.roll.length / 10,
            is_low: self.roll.left() <= self.low,
        }
    }

    /// Sheets left for the printer: at least in part they are on paper.
    pub(super) fn printed(&mut self, sheets: &Sheets) {
        self.roll = self.roll.after(sheets.rows(), sheets.cuts() as u32, self.dpi);
    }

    /// A new roll was put in.
    pub(super) const fn renew(&mut self) {
        self.roll = Roll::new(self.new);
    }

    /// Watches the printer: after the end of a roll, or when the cover was opened near it, a printer that is
    /// ready has a new one. Says whether the count changed. A roll that is changed before its printer senses the
    /// end is told with `kioskctl new-roll`.
    pub(super) fn watch(&mut self, state: PrinterState) -> bool {
        let before = self.sensed;
        self.sensed = match (state, before) {
            (PrinterState::PaperOut, _) => Sensed::UsedUp,
            (PrinterState::NearEnd, Sensed::Enough | Sensed::Opened) => Sensed::NearEnd,
            (PrinterState::CoverOpen, Sensed::NearEnd) => Sensed::Opened,
            (PrinterState::Ready, _) => Sensed::Enough,
            (_, before) => before,
        };
        let is_new = state == PrinterState::Ready && matches!(before, Sensed::Opened | Sensed::UsedUp);
        if is_new {
            self.renew();
        }
        is_new
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hardware::slip::Bitmap;
    use terminal_api::config::{Endpoint, PrinterProfile};

    fn count(kept: Option<Roll>) -> PaperCount {
        let mut printer =
            config::Printer::new(Endpoint::Tcp("printer:9100".into()), PrinterProfile::Generic80);
        printer.roll_metres = Some(10);
        PaperCount::new(&printer, Profile::by_name("generic-80").unwrap(), kept)
    }

    #[test]
    fn staff_are_warned_before_the_roll_ends_and_a_new_one_counts_anew() {
        let mut paper = count(None);
        assert!(!paper.told().is_low);
        while !paper.told().is_low {
            paper.printed(&Sheets::Raster(vec![Bitmap::new(576, 4000)]));
        }
        assert!((400..=500).contains(&paper.told().left_cm), "{:?}", paper.told());
        assert!(!paper.watch(PrinterState::PaperOut));
        assert!(!paper.watch(PrinterState::CoverOpen));
        assert!(paper.watch(PrinterState::Ready));
        assert_eq!(paper.told().left_cm, 1000);
    }

    #[test]
    fn a_roll_that_is_changed_near_its_end_counts_anew_and_one_that_is_only_looked_at_does_not() {
        let used = Roll {
            length: 10_000,
            used: 9_800,
        };
        let mut paper = count(Some(used));
        for state in [
            PrinterState::Ready,
            PrinterState::CoverOpen,
            PrinterState::Ready,
            PrinterState::NearEnd,
            PrinterState::CoverOpen,
            PrinterState::NearEnd,
            PrinterState::Ready,
        ] {
            assert!(!paper.watch(state), "{state:?}");
        }
        assert!(!paper.watch(PrinterState::NearEnd));
        assert!(!paper.watch(PrinterState::CoverOpen));
        assert!(paper.watch(PrinterState::Ready));
        assert_eq!(paper.told().left_cm, 1000);
    }

    #[test]
    fn the_roll_is_carried_over_a_restart_unless_rolls_are_longer_now() {
        let used = Roll {
            length: 10_000,
            used: 3000,
        };
        assert_eq!(count(Some(used)).told().left_cm, 700);
        assert_eq!(count(Some(Roll::new(70_000))).told().left_cm, 1000);
    }
}
