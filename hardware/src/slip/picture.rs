//! Pictures in shades of grey, and how they become dots.

use std::io::{BufRead, Seek};

use serde::{Deserialize, Serialize};

use super::Bitmap;

/// A picture in shades of grey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Raw", into = "Raw")]
pub struct Picture {
    width: u32,
    height: u32,
    /// Row by row; 0 is black, 255 white.
    greys: Vec<u8>,
}

/// A [`Picture`] as it is written down.
#[derive(Serialize, Deserialize)]
struct Raw {
    width: u32,
    height: u32,
    greys: Vec<u8>,
}

impl TryFrom<Raw> for Picture {
    type Error = String;

    fn try_from(raw: Raw) -> Result<Self, String> {
        Self::new(raw.width, raw.height, raw.greys).ok_or_else(|| {
            format!(
                "a picture of {} × {} has not as many greys",
                raw.width, raw.height
            )
        })
    }
}

impl From<Picture> for Raw {
    fn from(picture: Picture) -> Self {
        Self {
            width: picture.width,
            height: picture.height,
            greys: picture.greys,
        }
    }
}

/// Why a PNG cannot be printed.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// It is no PNG, or a broken one.
    #[error(transparent)]
    Png(#[from] png::DecodingError),
    /// It has more dots than any slip needs.
    #[error("{width} × {height} dots are more than {LARGEST} × {LARGEST}")]
    TooLarge {
        /// Across.
        width: u32,
        /// Down.
        height: u32,
    },
}

/// The dots that a PNG may have each way; it is made smaller for the paper.
const LARGEST: u32 = 2048;

/// The memory that decoding may take.
const DECODER_BYTES: usize = 32 * 1024 * 1024;

impl Picture {
    /// Reads a PNG of any colour type. What is transparent shows the white paper.
    pub fn from_png(png: impl BufRead + Seek) -> Result<Self, PictureError> {
        let mut decoder = png::Decoder::new_with_limits(png, png::Limits { bytes: DECODER_BYTES });
        decoder.set_transformations(png::Transformations::normalize_to_color8());
        let header = decoder.read_header_info()?;
        let (width, height) = (header.width, header.height);
        if width > LARGEST || height > LARGEST {
            return Err(PictureError::TooLarge { width, height });
        }
        let mut reader = decoder.read_info()?;
        let mut samples = vec![
            0;
            reader
                .output_buffer_size()
                .ok_or(png::DecodingError::LimitsExceeded)?
        ];
        let frame = reader.next_frame(&mut samples)?;
        samples.truncate(frame.buffer_size());
        let greys = samples
            .chunks(frame.color_type.samples())
            .map(|sample| match *sample {
                [grey] => grey,
                [grey, alpha] => on_white(grey, alpha),
                [red, green, blue] => grey_of(red, green, blue),
                [red, green, blue, alpha] => on_white(grey_of(red, green, blue), alpha),
                _ => unreachable!("a colour has one to four samples"),
            })
            .collect();
        Ok(Self { width, height, greys })
    }

    /// No larger than this, so many times smaller that both sides fit.
    #[must_use]
    pub fn fitting(self, width: u32, height: u32) -> Self {
        let factor = self.width.div_ceil(width).max(self.height.div_ceil(height));
        if factor > 1 { self.shrunk(factor) } else { self }
    }

    /// A picture of these greys, row by row, 0 black and 255 white. `None` when it is empty or their
    /// number is not `width` × `height`.
    #[must_use]
    pub fn new(width: u32, height: u32, greys: Vec<u8>) -> Option<Self> {
        let count = u64::from(width) * u64::from(height);
        (count > 0 && count == greys.len() as u64).then_some(Self { width, height, greys })
    }

    /// From black on the left to white on the right: what a print head makes of every shade.
    #[must_use]
    pub fn ramp(width: u32, height: u32) -> Self {
        let (width, height) = (width.max(2), height.max(1));
        let row: Vec<u8> = (0..width).map(|x| (x * 255 / (width - 1)) as u8).collect();
        Self {
            width,
            height,
            greys: row.repeat(height as usize),
        }
    }

    /// In dots.
    #[must_use]
    pub const fn height(&self) -> u32 {
        self.height
    }

    /// As dots, at most `width` of them across. Floyd and Steinberg's error diffusion: every dot hands
    /// what it is too dark or too light on to its neighbours, so that areas keep their shade.
    pub(crate) fn dithered(&self, width: u32) -> Bitmap {
        let picture = self.shrunk(self.width.div_ceil(width.max(1)));
        let (width, height) = (picture.width as usize, picture.height as usize);
        let mut bitmap = Bitmap::new(picture.width, picture.height);
        let mut values: Vec<i32> = picture.greys.iter().map(|grey| i32::from(*grey)).collect();
        for y in 0..height {
            for x in 0..width {
                let value = values[y * width + x];
                let black = value < 128;
                if black {
                    bitmap.blacken(x as i32, y as i32);
                }
                let error = value - if black { 0 } else { 255 };
                let neighbours = [(1, 0, 7), (-1, 1, 3), (0, 1, 5), (1, 1, 1)];
                for (right, down, share) in neighbours {
                    let (at, below) = (x as i32 + right, y + down);
                    if (0..width as i32).contains(&at) && below < height {
                        values[below * width + at as usize] += error * share / 16;
                    }
                }
            }
        }
        bitmap
    }

    /// `factor` times smaller; every dot is the mean of those it stands for.
    fn shrunk(&self, factor: u32) -> Self {
        let (width, height) = (self.width.div_ceil(factor), self.height.div_ceil(factor));
        let greys = (0..height)
            .flat_map(|y| (0..width).map(move |x| (x, y)))
            .map(|(x, y)| {
                let rows = y * factor..self.height.min((y + 1) * factor);
                let columns = x * factor..self.width.min((x + 1) * factor);
                let count = (rows.len() * columns.len()) as u32;
                let sum: u32 = rows
                    .flat_map(|row| columns.clone().map(move |column| (row, column)))
                    .map(|(row, column)| u32::from(self.greys[(row * self.width + column) as usize]))
                    .sum();
                (sum / count) as u8
            })
            .collect();
        Self { width, height, greys }
    }
}

/// How bright a colour is (ITU-R BT.601).
fn grey_of(red: u8, green: u8, blue: u8) -> u8 {
    ((299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue)) / 1000) as u8
}

fn on_white(grey: u8, alpha: u8) -> u8 {
    255 - ((255 - u32::from(grey)) * u32::from(alpha) / 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share_of_black(bitmap: &Bitmap, columns: std::ops::Range<u32>) -> f32 {
        let total = columns.len() as f32 * bitmap.height() as f32;
        let black = columns
            .flat_map(|x| (0..bitmap.height()).map(move |y| (x, y)))
            .filter(|(x, y)| bitmap.is_black(*x, *y))
            .count();
        black as f32 / total
    }

    #[test]
    fn every_shade_of_the_ramp_keeps_its_darkness() {
        let dots = Picture::ramp(512, 64).dithered(576);
        assert_eq!((dots.width(), dots.height()), (512, 64));
        for step in 0..8 {
            let expected = 1.0 - (step as f32 + 0.5) / 8.0;
            let found = share_of_black(&dots, step * 64..(step + 1) * 64);
            assert!(
                (found - expected).abs() < 0.05,
                "step {step}: {found} for {expected}"
            );
        }
    }

    #[test]
    fn a_picture_that_is_too_wide_is_made_smaller() {
        let dots = Picture::ramp(1000, 10).dithered(384);
        assert_eq!((dots.width(), dots.height()), (334, 4));
    }

    fn png(width: u32, height: u32, colour: png::ColorType, samples: &[u8]) -> std::io::Cursor<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, width, height);
        encoder.set_color(colour);
        if colour == png::ColorType::Indexed {
            encoder.set_palette(vec![0, 0, 0, 255, 255, 255]);
        }
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(samples).unwrap();
        writer.finish().unwrap();
        std::io::Cursor::new(bytes)
    }

    #[test]
    fn a_png_of_any_colours_becomes_greys_on_white_paper() {
        use png::ColorType::{Grayscale, GrayscaleAlpha, Indexed, Rgb, Rgba};
        for (colour, samples) in [
            (Grayscale, &[0, 255][..]),
            (GrayscaleAlpha, &[0, 255, 0, 0]),
            (Indexed, &[0, 1]),
            (Rgb, &[0, 0, 0, 255, 255, 255]),
            (Rgba, &[0, 0, 0, 255, 0, 0, 0, 0]),
        ] {
            let picture = Picture::from_png(png(2, 1, colour, samples)).unwrap();
            assert_eq!(picture, Picture::new(2, 1, vec![0, 255]).unwrap(), "{colour:?}");
        }
    }

    #[test]
    fn a_png_that_is_broken_or_huge_is_refused() {
        let mut broken = png(2, 1, png::ColorType::Grayscale, &[0, 255]).into_inner();
        broken.truncate(40);
        let error = Picture::from_png(std::io::Cursor::new(broken)).unwrap_err();
        assert!(matches!(error, PictureError::Png(_)), "{error}");
        let huge = png(3000, 1, png::ColorType::Grayscale, &[0; 3000]);
        let error = Picture::from_png(huge).unwrap_err();
        assert!(error.to_string().contains("3000 × 1"), "{error}");
    }

    #[test]
    fn a_logo_is_made_so_much_smaller_that_both_its_sides_fit() {
        let logo = Picture::ramp(500, 400).fitting(544, 160);
        assert_eq!((logo.width, logo.height), (167, 134));
        assert_eq!(Picture::ramp(500, 100).fitting(544, 160).width, 500);
    }

    #[test]
    fn a_picture_needs_as_many_greys_as_dots() {
        assert!(Picture::new(2, 2, vec![0; 3]).is_none());
        assert!(Picture::new(0, 2, Vec::new()).is_none());
        let error =
            serde_json::from_str::<Picture>(r#"{"width": 2, "height": 1, "greys": [0]}"#).unwrap_err();
        assert!(error.to_string().contains("2 × 1"), "{error}");
    }
}
