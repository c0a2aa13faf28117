//! What is known about printer models, as data.

use serde::{Deserialize, Serialize};

use crate::slip::{COLUMN_DOTS, Characters, Paper};

/// What a printer model needs and can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Its name in configurations.
    pub name: &'static str,
    /// The roll it takes.
    pub paper: Paper,
    /// Dots an inch of the print head.
    pub dpi: u32,
    /// The paper on a new roll, in millimetres.
    pub roll_millimetres: u32,
    /// How it proves that a job is printed.
    pub proof: Proof,
    /// Whether it reports changes by itself.
    pub reports: Reports,
    /// How it cuts.
    pub cut: Cut,
    /// Whether it holds a cut slip until somebody takes it.
    pub presenter: Presenter,
    /// The Chinese characters that it can print as text.
    pub characters: Characters,
    /// How it prints a QR code in text mode.
    pub codes: Codes,
    /// Rows a second it prints at least; bounds the wait for a proof.
    pub rows_per_second: u32,
}

/// How a printer proves that a job is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Proof {
    /// It echoes a process id (`GS ( H`, function 48) once everything before it is printed and cut.
    ProcessId,
    /// It answers `GS r 1`, queued twice behind the cut, and then reports no fault to `DLE EOT`.
    ///
    /// `DLE EOT` alone proves nothing: it is answered at once, while the job may still be in the
    /// printer's buffer. `GS r` is worked off in its place in the queue.
    StatusAfterCut,
}

/// Whether a printer reports changes by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reports {
    /// Only when asked, by `DLE EOT`.
    WhenAsked,
    /// Also unasked: four bytes of automatic status (`GS a`) at every change.
    Automatically,
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

/// Whether a cut slip is held until somebody takes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presenter {
    /// It hangs or falls out; nobody can tell whether it was taken.
    None,
    /// A sensor in the bezel tells. Makers differ in how it is asked, so the question is data.
    Bezel {
        /// The real-time query.
        query: [u8; 3],
        /// The bits of the answer that are set while a slip waits.
        waiting: u8,
        /// The command that takes a waiting slip back in; `None` where the model cannot.
        retract: Option<&'static [u8]>,
    },
}

/// How a QR code reaches the paper in text mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codes {
    /// The printer composes it (`GS ( k`): a hundred bytes instead of thousands.
    Command,
    /// As a picture: the printer knows no `GS ( k`.
    Raster,
}

/// The profiles that come with the program.
pub static PROFILES: [Profile; 4] = [
    Profile {
        name: "generic-58",
        paper: Paper::Mm58,
        dpi: 203,
        roll_millimetres: 20_000,
        proof: Proof::StatusAfterCut,
        reports: Reports::WhenAsked,
        cut: Cut::Partial,
        presenter: Presenter::None,
        characters: Characters::TwoByte,
        codes: Codes::Raster,
        rows_per_second: 400,
    },
    Profile {
        name: "generic-80",
        paper: Paper::Mm80,
        dpi: 203,
        roll_millimetres: 70_000,
        proof: Proof::ProcessId,
        reports: Reports::WhenAsked,
        cut: Cut::Partial,
        presenter: Presenter::None,
        characters: Characters::TwoByte,
        codes: Codes::Command,
        rows_per_second: 600,
    },
    // TM-T82 and its kin: everything of the ESC/POS reference that matters here.
    Profile {
        name: "epson-tm-t82",
        paper: Paper::Mm80,
        dpi: 203,
        roll_millimetres: 70_000,
        proof: Proof::ProcessId,
        reports: Reports::Automatically,
        cut: Cut::Partial,
        presenter: Presenter::None,
        characters: Characters::TwoByte,
        codes: Codes::Command,
        rows_per_second: 1000,
    },
    // Panel-mounted printers as Masung and SNBC build them for kiosks: large roll, full cut, a bezel that
    // holds the slip, no process id. `DLE EOT 5` asks for the paper in the presenter and `GS e 2` retracts
    // it with the makers that document them (FangZe, Pyramid); a printer that does not answer counts as one
    // that cannot tell, and is never told to retract.
    Profile {
        name: "kiosk-80",
        paper: Paper::Mm80,
        dpi: 203,
        roll_millimetres: 150_000,
        proof: Proof::StatusAfterCut,
        reports: Reports::WhenAsked,
        cut: Cut::Full,
        presenter: Presenter::Bezel {
            query: [0x10, 0x04, 0x05],
            waiting: 1 << 2,
            retract: Some(&[0x1d, b'e', 2]),
        },
        characters: Characters::Gb18030,
        codes: Codes::Command,
        rows_per_second: 600,
    },
];

impl Profile {
    /// The profile with this name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<&'static Self> {
        PROFILES.iter().find(|profile| profile.name == name)
    }

    /// The columns of text mode: a Latin letter takes one (12 dots), a Chinese character two.
    #[must_use]
    pub const fn columns(&self) -> u32 {
        self.paper.dots() / COLUMN_DOTS
    }
}
