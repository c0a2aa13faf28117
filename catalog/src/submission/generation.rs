//! How a terminal got along with a generation of the content, as it tells the hub.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// How a terminal got along with a generation that it switched to. Nothing in it is personal.
///
/// There is one for each generation of a device. Sending it again changes nothing, and a generation that was once left for a
/// bad one never becomes good at that terminal again, so that a recorded report cannot be played back to any effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GenerationReport {
    /// What became of it.
    pub outcome: GenerationOutcome,
    /// Why the terminal went back, in words for staff; at most [`GenerationReport::LONGEST_REASON`] characters.
    pub reason: Option<String>,
    /// When it was found, by the terminal's clock.
    pub found_at: Timestamp,
    /// The terminal's [place](crate::release::ring_place) in the rings of a rollout, from 0 to 999.
    pub place: u16,
}

impl GenerationReport {
    /// How many characters a reason may have.
    pub const LONGEST_REASON: usize = 500;
}

/// What became of a generation at a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GenerationOutcome {
    /// It passed the terminal's own health check and stays.
    Good,
    /// It did not, and the terminal went back.
    RolledBack,
}

impl GenerationOutcome {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Good, Self::RolledBack];

    /// Its name in text.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::RolledBack => "rolled-back",
        }
    }

    /// The outcome with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_has_one_name_everywhere() {
        for outcome in GenerationOutcome::ALL {
            assert_eq!(serde_json::to_value(outcome).unwrap(), outcome.name());
            assert_eq!(GenerationOutcome::from_name(outcome.name()), Some(outcome));
        }
        assert_eq!(GenerationOutcome::from_name("bad"), None);
    }
}
