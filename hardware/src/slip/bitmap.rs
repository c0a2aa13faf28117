//! One-bit pictures, in the byte order that `GS v 0` takes.

use std::io;

/// A one-bit picture: rows from top to bottom, eight dots a byte, the leftmost in the highest bit, 1 is black.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bitmap {
    width: u32,
    height: u32,
    bits: Vec<u8>,
}

impl Bitmap {
    /// A white picture.
    #[must_use]
    pub fn new(width: u32, height: u32) -> Self {
        let bits = vec![0; width.div_ceil(8) as usize * height as usize];
        Self { width, height, bits }
    }

    /// Takes rows as they travel in `GS v 0`; a last row that is not whole is dropped.
    #[must_use]
    pub fn from_rows(width_bytes: u32, mut bits: Vec<u8>) -> Self {
        let height = bits.len().checked_div(width_bytes as usize).unwrap_or(0) as u32;
        bits.truncate((width_bytes * height) as usize);
        Self {
            width: width_bytes * 8,
            height,
            bits,
        }
    }

    /// In dots.
    #[must_use]
    pub const fn width(&self) -> u32 {
        self.width
    }

    /// In dots.
    #[must_use]
    pub const fn height(&self) -> u32 {
        self.height
    }

    /// Bytes a row.
    #[must_use]
    pub const fn stride(&self) -> usize {
        self.width.div_ceil(8) as usize
    }

    /// All rows.
    #[must_use]
    pub fn bits(&self) -> &[u8] {
        &self.bits
    }

    /// Whether a dot is black; outside the picture nothing is.
    #[must_use]
    pub fn is_black(&self, x: u32, y: u32) -> bool {
        x < self.width
            && y < self.height
            && self.bits[y as usize * self.stride() + x as usize / 8] & (0x80 >> (x % 8)) != 0
    }

    /// Blackens a dot. Dots outside the picture are left out.
    pub fn blacken(&mut self, x: i32, y: i32) {
        let (Ok(x), Ok(y)) = (u32::try_from(x), u32::try_from(y)) else {
            return;
        };
        if x < self.width && y < self.height {
            let at = y as usize * self.stride() + x as usize / 8;
            self.bits[at] |= 0x80 >> (x % 8);
        }
    }

    /// Blackens a rectangle. What lies outside the picture is left out.
    pub fn fill(&mut self, x: u32, y: u32, width: u32, height: u32) {
        self.change(x, y, width, height, |bits, mask| bits | mask);
    }

    /// Draws the border of a rectangle, wholly inside it.
    pub fn frame(&mut self, x: u32, y: u32, width: u32, height: u32, line: u32) {
        self.fill(x, y, width, line);
        self.fill(x, y + height - line, width, line);
        self.fill(x, y, line, height);
        self.fill(x + width - line, y, line, height);
    }

    /// Blackens what is black in another picture, whose upper left corner is put at `x`, `y`. What
    /// reaches over an edge is left out.
    pub fn paste(&mut self, other: &Self, x: i32, y: i32) {
        let stride = self.stride();
        let (first, shift) = (x.div_euclid(8), x.rem_euclid(8) as u32);
        // No dot of a row's last byte lies beyond the picture.
        let last = stride.wrapping_sub(1);
        let last_mask = 0xff << (8 * stride as u32 - self.width);
        for (at, row) in other.bits.chunks(other.stride().max(1)).enumerate() {
            let Some(to) = usize::try_from(y + at as i32)
                .ok()
                .filter(|row| *row < self.height as usize)
            else {
                continue;
            };
            let to = &mut self.bits[to * stride..][..stride];
            for (at, byte) in row.iter().enumerate().filter(|(_, byte)| **byte != 0) {
                let [high, low] = (u16::from(*byte) << (8 - shift)).to_be_bytes();
                for (at, part) in [(first + at as i32, high), (first + at as i32 + 1, low)] {
                    if let Ok(at) = usize::try_from(at)
                        && let Some(bits) = to.get_mut(at)
                    {
                        *bits |= if at == last { part & last_mask } else { part };
                    }
                }
            }
        }
    }

    /// Turns black to white and white to black in a rectangle.
    pub fn invert(&mut self, x: u32, y: u32, width: u32, height: u32) {
        self.change(x, y, width, height, |bits, mask| bits ^ mask);
    }

    /// Changes a rectangle byte by byte: `change` is given eight dots and the mask of those that count.
    fn change(&mut self, x: u32, y: u32, width: u32, height: u32, change: impl Fn(u8, u8) -> u8) {
        let (right, bottom) = ((x + width).min(self.width), (y + height).min(self.height));
        if x >= right {
            return;
        }
        let stride = self.stride();
        for y in y..bottom {
            for at in x / 8..right.div_ceil(8) {
                let from_left = 0xff_u8 >> x.saturating_sub(8 * at);
                let to_right = 0xff_u8 << (8 * at + 8).saturating_sub(right);
                let bits = &mut self.bits[y as usize * stride + at as usize];
                *bits = change(*bits, from_left & to_right);
            }
        }
    }

    /// Makes the picture `height` dots high: cuts it, or adds white.
    pub fn set_height(&mut self, height: u32) {
        self.bits.resize(self.stride() * height as usize, 0);
        self.height = height;
    }

    /// Writes the picture as a one-bit greyscale PNG, 203 dpi.
    pub fn write_png(&self, out: impl io::Write) -> Result<(), png::EncodingError> {
        let mut encoder = png::Encoder::new(out, self.width, self.height);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::One);
        encoder.set_pixel_dims(Some(png::PixelDimensions {
            xppu: 7992,
            yppu: 7992,
            unit: png::Unit::Meter,
        }));
        let mut writer = encoder.write_header()?;
        let white_is_one: Vec<u8> = self.bits.iter().map(|byte| !byte).collect();
        writer.write_image_data(&white_is_one)?;
        writer.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_png_holds_every_dot() {
        let mut bitmap = Bitmap::new(20, 3);
        bitmap.blacken(0, 0);
        bitmap.blacken(19, 2);
        bitmap.blacken(20, 0);
        bitmap.blacken(-1, 0);
        let mut bytes = Vec::new();
        bitmap.write_png(&mut bytes).unwrap();

        let mut reader = png::Decoder::new(io::Cursor::new(bytes)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        for y in 0..3 {
            for x in 0..20 {
                let white = pixels[y * 3 + x / 8] & (0x80 >> (x % 8)) != 0;
                assert_eq!(white, !bitmap.is_black(x as u32, y as u32), "{x},{y}");
            }
        }
    }

    /// Dots in no order, the same ones every time.
    fn speckled(width: u32, height: u32) -> Bitmap {
        let mut bitmap = Bitmap::new(width, height);
        for at in 0..width * height {
            if at.wrapping_mul(2_654_435_761) >> 30 == 0 {
                bitmap.blacken((at % width) as i32, (at / width) as i32);
            }
        }
        bitmap
    }

    #[test]
    fn a_picture_is_pasted_dot_by_dot_wherever_it_lies() {
        let stamp = speckled(21, 9);
        for width in [1, 8, 30, 32] {
            for y in [-10, -3, 0, 11] {
                for x in -24..40 {
                    let mut pasted = Bitmap::new(width, 16);
                    pasted.paste(&stamp, x, y);
                    let mut expected = Bitmap::new(width, 16);
                    for (row, column) in (0..9).flat_map(|row| (0..21).map(move |column| (row, column))) {
                        if stamp.is_black(column, row) {
                            expected.blacken(x + column as i32, y + row as i32);
                        }
                    }
                    assert_eq!(pasted, expected, "{width}: {x},{y}");
                }
            }
        }
    }

    #[test]
    fn a_rectangle_is_filled_or_turned_dot_by_dot_wherever_it_lies() {
        for x in 0..22 {
            for width in 0..22 {
                let mut filled = Bitmap::new(20, 3);
                filled.fill(x, 1, width, 7);
                let mut expected = Bitmap::new(20, 3);
                for (row, column) in (1..8).flat_map(|row| (x..x + width).map(move |column| (row, column))) {
                    expected.blacken(column as i32, row);
                }
                assert_eq!(filled, expected, "{x}+{width}");
                filled.invert(x, 0, width, 3);
                filled.invert(x, 0, width, 3);
                filled.invert(x, 1, width, 2);
                assert_eq!(filled, Bitmap::new(20, 3), "{x}+{width}");
            }
        }
    }

    #[test]
    fn a_frame_stays_inside_its_rectangle() {
        let mut bitmap = Bitmap::new(16, 16);
        bitmap.frame(2, 2, 10, 8, 3);
        assert!(bitmap.is_black(2, 2) && bitmap.is_black(11, 9) && !bitmap.is_black(12, 9));
        assert!(!bitmap.is_black(5, 5) && !bitmap.is_black(1, 2));
    }
}
