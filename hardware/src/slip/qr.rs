//! QR codes as whole dots.

use qrcode::{Color, EcLevel, QrCode};

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
pub(super) struct Qr {
    code: QrCode,
}

impl Qr {
    /// Encodes at level M, or Q where that takes no larger symbol. `None` when it fits no version.
    pub(super) fn encode(payload: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(payload, EcLevel::M).ok()?;
        let code = match QrCode::with_error_correction_level(payload, EcLevel::Q) {
            Ok(stronger) if stronger.version() == code.version() => stronger,
            _ => code,
        };
        Some(Self { code })
    }

    /// The side in dots with the quiet zone, at `dots` a module.
    pub(super) fn side(&self, dots: u32) -> u32 {
        (self.code.width() as u32 + 2 * QUIET) * dots
    }

    /// Draws the code with the corner of its quiet zone at `x`, `y`.
    pub(super) fn draw(&self, onto: &mut Bitmap, x: u32, y: u32, dots: u32) {
        let width = self.code.width();
        for row in 0..width {
            for column in 0..width {
                if self.code[(column, row)] == Color::Dark {
                    let place = |module: usize| (module as u32 + QUIET) * dots;
                    onto.fill(x + place(column), y + place(row), dots, dots);
                }
            }
        }
    }
}
