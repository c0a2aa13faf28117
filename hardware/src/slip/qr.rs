//! QR codes as whole dots.

use fast_qr::{ECL, Mode, QRBuilder, QRCode, Version};

use super::Bitmap;

/// White modules around a code (ISO/IEC 18004).
const QUIET: u32 = 4;

/// A QR code cannot be printed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{bytes} bytes do not fit a QR code on paper of {dots} dots")]
pub struct QrTooLong {
    /// The length of the payload.
    pub bytes: usize,
    /// The printable width.
    pub dots: u32,
}

/// An encoded payload.
pub(crate) struct Qr {
    code: QRCode,
}

/// The smallest symbol, or one of this version, that holds `payload` in byte mode. Looking for shorter modes
/// could take the UTF-8 of Chinese text for Shift JIS, and phones would show other characters.
fn in_bytes(payload: &str, level: ECL, version: Option<Version>) -> Option<QRCode> {
    let mut builder = QRBuilder::new(payload);
    builder.mode(Mode::Byte).ecl(level);
    if let Some(version) = version {
        builder.version(version);
    }
    builder.build().ok()
}

impl Qr {
    /// Encodes at level M, or Q where that takes no larger symbol. `None` when it fits no version.
    pub(crate) fn encode(payload: &str) -> Option<Self> {
        let code = in_bytes(payload, ECL::M, None)?;
        let code = in_bytes(payload, ECL::Q, code.version).unwrap_or(code);
        Some(Self { code })
    }

    /// The side in dots with the quiet zone, at `dots` a module.
    pub(crate) fn side(&self, dots: u32) -> u32 {
        (self.code.size as u32 + 2 * QUIET) * dots
    }

    /// Draws the code with the corner of its quiet zone at `x`, `y`.
    pub(crate) fn draw(&self, onto: &mut Bitmap, x: u32, y: u32, dots: u32) {
        let width = self.code.size;
        for row in 0..width {
            for column in 0..width {
                if self.code[row][column].value() {
                    let place = |module: usize| (module as u32 + QUIET) * dots;
                    onto.fill(x + place(column), y + place(row), dots, dots);
                }
            }
        }
    }
}
