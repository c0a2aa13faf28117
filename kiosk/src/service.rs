//! What works at the moment, and what to say about what does not.

use terminal_api::interface::{Change, NetworkState, PrinterState, ReleaseState, SlotState, Status};

/// What the kiosk knows of the agent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Service {
    /// There is none: the kiosk shows content only.
    #[default]
    None,
    /// It has not answered yet since the kiosk started.
    Awaited,
    /// It does not answer.
    Away,
    /// It answers.
    There {
        /// The slip printer.
        printer: PrinterState,
        /// Whether the release address answers.
        network: NetworkState,
        /// How fresh the content is.
        release: ReleaseState,
        /// The slot that holds a slip until it is taken, where the printer has one.
        slot: Option<SlotState>,
    },
}

/// What a resident must know, the most important alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// The agent does not answer.
    Agent,
    /// The printer needs somebody.
    Printer(PrinterState),
    /// Nobody has taken the slip in the slot; it may be somebody else's.
    SlipLeft,
    /// The signatures of the content have run out.
    Stale,
    /// The net is away; everything is on the machine.
    Offline,
}

impl Service {
    /// What the agent says of itself.
    #[must_use]
    pub fn there(status: &Status) -> Self {
        Self::There {
            printer: status.printer,
            network: status.network,
            release: status.release.state,
            slot: status.slot,
        }
    }

    /// What the agent says has changed.
    #[must_use]
    pub fn changed(mut self, change: &Change) -> Self {
        if let Self::There {
            printer,
            network,
            release,
            slot,
        } = &mut self
        {
            match change {
                Change::Printer(now) => *printer = *now,
                Change::Network(now) => *network = *now,
                Change::Release(now) => *release = now.state,
                Change::Slot(now) => *slot = Some(*now),
                _ => {}
            }
        }
        self
    }

    /// The slot, where the printer has one.
    #[must_use]
    pub const fn slot(&self) -> Option<SlotState> {
        match self {
            Self::There { slot, .. } => *slot,
            _ => None,
        }
    }

    /// Whether a slip is in the slot.
    #[must_use]
    pub const fn holds_slip(&self) -> bool {
        matches!(self.slot(), Some(SlotState::Waiting | SlotState::Left))
    }

    /// Whether a slip can be printed now.
    #[must_use]
    pub const fn can_print(&self) -> bool {
        matches!(self, Self::There { printer, .. } if printer.can_print())
    }

    /// What to tell the resident.
    #[must_use]
    pub const fn trouble(&self) -> Option<Trouble> {
        match self {
            Self::None | Self::Awaited => None,
            Self::Away => Some(Trouble::Agent),
            Self::There {
                printer,
                network,
                release,
                slot,
            } => {
                if !printer.can_print() && !matches!(printer, PrinterState::NotConfigured) {
                    Some(Trouble::Printer(*printer))
                } else if matches!(slot, Some(SlotState::Left)) {
                    Some(Trouble::SlipLeft)
                } else if matches!(release, ReleaseState::Expired) {
                    Some(Trouble::Stale)
                } else if matches!(network, NetworkState::Unreachable) {
                    Some(Trouble::Offline)
                } else {
                    None
                }
            }
        }
    }
}

impl Trouble {
    /// The keys of the chip in the top strip, of the notice and of its text.
    #[must_use]
    pub const fn keys(self) -> [&'static str; 3] {
        match self {
            Self::Agent => ["trouble-agent-chip", "trouble-agent", "trouble-agent-text"],
            Self::Printer(PrinterState::PaperOut) => {
                ["trouble-paper-chip", "trouble-paper", "trouble-paper-text"]
            }
            Self::Printer(PrinterState::CoverOpen) => {
                ["trouble-cover-chip", "trouble-cover", "trouble-printer-text"]
            }
            Self::Printer(_) => ["trouble-printer-chip", "trouble-printer", "trouble-printer-text"],
            Self::SlipLeft => ["trouble-slip-chip", "trouble-slip", "trouble-slip-text"],
            Self::Stale => ["trouble-stale-chip", "trouble-stale", "trouble-stale-text"],
            Self::Offline => ["trouble-offline-chip", "trouble-offline", "trouble-offline-text"],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WELL: Service = Service::There {
        printer: PrinterState::Ready,
        network: NetworkState::Reachable,
        release: ReleaseState::Current,
        slot: None,
    };

    #[test]
    fn when_all_works_nothing_is_said() {
        assert_eq!(WELL.trouble(), None);
        assert!(WELL.can_print());
    }

    #[test]
    fn a_printer_that_is_not_there_by_design_is_no_trouble_but_cannot_print() {
        let service = Service::There {
            printer: PrinterState::NotConfigured,
            network: NetworkState::Reachable,
            release: ReleaseState::Current,
            slot: None,
        };
        assert_eq!(service.trouble(), None);
        assert!(!service.can_print());
    }

    #[test]
    fn the_printer_is_named_before_the_slip_and_the_net() {
        let service = Service::There {
            printer: PrinterState::PaperOut,
            network: NetworkState::Unreachable,
            release: ReleaseState::Stale,
            slot: Some(SlotState::Left),
        };
        assert_eq!(service.trouble(), Some(Trouble::Printer(PrinterState::PaperOut)));
    }

    #[test]
    fn a_slip_is_spoken_of_when_nobody_has_taken_it_and_until_somebody_does() {
        let waiting = WELL.changed(&Change::Slot(SlotState::Waiting));
        assert_eq!(waiting.trouble(), None);
        let left = waiting.changed(&Change::Slot(SlotState::Left));
        assert_eq!(left.trouble(), Some(Trouble::SlipLeft));
        assert!(left.can_print());
        assert_eq!(left.changed(&Change::Slot(SlotState::Empty)).trouble(), None);
    }

    #[test]
    fn an_agent_that_was_not_heard_yet_is_waited_for_in_silence() {
        assert_eq!(Service::Awaited.trouble(), None);
        assert_eq!(Service::Away.trouble(), Some(Trouble::Agent));
        assert!(!Service::Away.can_print());
    }
}
