//! What is known about printer models, as data.

use serde::{Deserialize, Serialize};

use crate::slip::Paper;

/// What a printer model needs and can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Its name in configurations.
    pub name: &'static str,
    /// The roll it takes.
    pub paper: Paper,
    /// How it proves that a job is printed.
    pub proof: Proof,
    /// How it cuts.
    pub cut: Cut,
    /// Rows a second it prints at least; bounds the wait for a proof.
    pub rows_per_second: u32,
}

/// How a printer proves that a job is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// It echoes a process id (`GS ( H`, function 48) once everything before it is printed and cut.
    ProcessId,
    /// It answers `GS r 1`, queued behind the cut, and then reports no fault to `DLE EOT`.
    ///
    /// `DLE EOT` alone proves nothing: it is answered at once, while the job may still be in the
    /// printer's buffer. `GS r` is worked off in its place in the queue.
    StatusAfterCut,
}

/// How a printer cuts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cut {
    /// Through.
    Full,
    /// All but a bridge, so that the slip does not fall.
    Partial,
    /// It has no cutter: the slip is torn off.
    None,
}

/// The profiles that come with the program.
pub static PROFILES: [Profile; 2] = [
    Profile {
        name: "generic-58",
        paper: Paper::Mm58,
        proof: Proof::StatusAfterCut,
        cut: Cut::Partial,
        rows_per_second: 400,
    },
    Profile {
        name: "generic-80",
        paper: Paper::Mm80,
        proof: Proof::ProcessId,
        cut: Cut::Partial,
        rows_per_second: 600,
    },
];

impl Profile {
    /// The profile with this name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<&'static Self> {
        PROFILES.iter().find(|profile| profile.name == name)
    }
}
