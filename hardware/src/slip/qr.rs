//! QR codes as whole dots.

use qrcode::bits::Bits;
use qrcode::{Color, EcLevel, QrCode, Version};

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
    code: QrCode,
}

/// A payload in byte mode, as it stands in a symbol of this version. `None` when it does not fit. Looking for
/// shorter modes would take the UTF-8 of Chinese text for Shift JIS, and phones would show other characters.
fn in_bytes(payload: &str, version: Version, level: EcLevel) -> Option<Bits> {
    let mut bits = Bits::new(version);
    bits.push_byte_data(payload.as_bytes()).ok()?;
    bits.push_terminator(level).ok()?;
    Some(bits)
}

impl Qr {
    /// Encodes at level M, or Q where that takes no larger symbol. `None` when it fits no version.
    pub(crate) fn encode(payload: &str) -> Option<Self> {
        let (version, bits) = (1..=40).map(Version::Normal).find_map(|version| {
            let bits = in_bytes(payload, version, EcLevel::M)?;
            Some((version, bits))
        })?;
        // Choosing the mask is what takes time: one symbol is drawn.
        let (bits, level) = match in_bytes(payload, version, EcLevel::Q) {
            Some(stronger) => (stronger, EcLevel::Q),
            None => (bits, EcLevel::M),
        };
        let code = QrCode::with_bits(bits, level).ok()?;
        Some(Self { code })
    }

    /// The side in dots with the quiet zone, at `dots` a module.
    pub(crate) fn side(&self, dots: u32) -> u32 {
        (self.code.width() as u32 + 2 * QUIET) * dots
    }

    /// Draws the code with the corner of its quiet zone at `x`, `y`.
    pub(crate) fn draw(&self, onto: &mut Bitmap, x: u32, y: u32, dots: u32) {
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
