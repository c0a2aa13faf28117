//! A QR code as a picture.

use fast_qr::qr::QRCodeError;
use fast_qr::{ECL, Mode, QRBuilder, QRCode};
use slint::{Image, Rgb8Pixel, SharedPixelBuffer};

/// A code of error correction level M.
pub(super) struct Code(QRCode);

impl Code {
    /// The code that says `text`, in the smallest version that holds it, in byte mode: looking for shorter modes would
    /// take the UTF-8 of Chinese text for Shift JIS, and phones would show other characters.
    pub(super) fn new(text: &str) -> Result<Self, QRCodeError> {
        let mut code = QRBuilder::new(text);
        code.mode(Mode::Byte).ecl(ECL::M).build().map(Self)
    }

    /// Modules on each side, without the quiet zone.
    pub(super) fn modules(&self) -> usize {
        self.0.size
    }

    /// One pixel a module, without the quiet zone; the sheet enlarges it by whole pixels.
    pub(super) fn image(&self) -> Image {
        let side = self.modules();
        let mut pixels = SharedPixelBuffer::<Rgb8Pixel>::new(side as u32, side as u32);
        for (at, pixel) in pixels.make_mut_slice().iter_mut().enumerate() {
            let is_dark = self.0[at / side][at % side].value();
            let tone = if is_dark { 0 } else { 255 };
            *pixel = Rgb8Pixel {
                r: tone,
                g: tone,
                b: tone,
            };
        }
        Image::from_rgb8(pixels)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fullest_code_still_has_modules_of_six_pixels() {
        let code = Code::new(&"字".repeat(catalog::takeaway::CAPACITY / 3)).unwrap();
        assert!((code.modules() + 8) * 6 <= 580, "{}", code.modules());
    }

    #[test]
    fn a_code_has_a_finder_pattern_in_three_corners() {
        let image = Code::new("https://mc.example.cn/i/guide-006")
            .unwrap()
            .image()
            .to_rgb8()
            .unwrap();
        let side = image.width() as usize;
        let dark = |x: usize, y: usize| image.as_slice()[y * side + x].r == 0;
        for (x, y) in [(0, 0), (side - 7, 0), (0, side - 7)] {
            assert!((0..7).all(|step| dark(x + step, y) && dark(x, y + step)));
            assert!(!dark(x + 1, y + 1) && dark(x + 3, y + 3));
        }
    }
}
