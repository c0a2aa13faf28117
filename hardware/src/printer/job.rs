//! A job's bytes. All are built before any is sent: a failure while building must not leave half a
//! slip on the paper.

mod text;

pub(super) use text::{LINE_ROWS, MODULE_DOTS};

use std::cell::RefCell;
use std::rc::Rc;

use escpos::driver::Driver;
use escpos::errors::Result;
use escpos::utils::{DebugMode, Protocol};

use super::{Cut, Profile, Proof, Reports};
use crate::slip::{Bitmap, TextSheet};

/// The rows of one `GS v 0` command. Small printers hold no more in their receive buffer.
pub(super) const BAND_ROWS: usize = 128;

/// White fed on a printer without a cutter, in rows: its tear bar sits this far above the print head.
const FEED_TO_TEAR_BAR: u8 = 160;

/// The process id that a job asks to have echoed: four characters from 20h to 7Eh.
///
/// All are odd. The answers to status queries are even, so an echo that arrives among them is told
/// apart byte by byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProcessId(pub [u8; 4]);

impl ProcessId {
    /// The id of the job with this running number; repeats after a million jobs.
    #[must_use]
    pub fn of_job(number: u32) -> Self {
        Self([15, 10, 5, 0].map(|shift| 0x21 + 2 * (number >> shift & 0x1f) as u8))
    }

    /// What the printer sends: header, identifier, the id, NUL.
    #[must_use]
    pub fn echo(self) -> [u8; 7] {
        let [a, b, c, d] = self.0;
        [0x37, 0x22, a, b, c, d, 0x00]
    }
}

/// What a job puts on paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sheets {
    /// Pictures, each cut off.
    Raster(Vec<Bitmap>),
    /// Lines in the printer's own type, each sheet cut off.
    Text(Vec<TextSheet>),
}

impl Sheets {
    /// How many sheets are cut off.
    #[must_use]
    pub const fn cuts(&self) -> usize {
        match self {
            Self::Raster(sheets) => sheets.len(),
            Self::Text(sheets) => sheets.len(),
        }
    }

    /// The rows of paper that all sheets take; of text, what its lines and pictures take at least.
    #[must_use]
    pub fn rows(&self) -> u32 {
        match self {
            Self::Raster(sheets) => sheets.iter().map(Bitmap::height).sum(),
            Self::Text(sheets) => sheets.iter().map(text::rows).sum(),
        }
    }
}

/// `GS r 1`: asks for the paper sensors, in the queue's turn.
pub(super) const TRANSMIT_STATUS: [u8; 3] = [0x1d, b'r', 1];

/// How often a job asks for the paper sensors behind its cut. The answer is a single byte without an id: noise
/// on the line makes one of them sooner or later, but hardly two.
pub(super) const SENSOR_QUESTIONS: usize = 2;

/// `GS a`: automatic status at every change of what there is to report; the first comes at once. It holds until
/// `ESC @`, or until the printer is switched off.
pub(super) const REPORT_CHANGES: [u8; 3] = [0x1d, b'a', 0x0f];

type Escpos = escpos::printer::Printer<Buffer>;

/// The bytes of a job: initialise, the sheets each with its cut, and the request for a proof.
pub(super) fn encode(sheets: &Sheets, profile: &Profile, id: ProcessId) -> Vec<u8> {
    written(|printer| {
        printer.init()?;
        if profile.reports == Reports::Automatically {
            // `ESC @` has ended it.
            printer.custom(&REPORT_CHANGES)?;
        }
        match sheets {
            Sheets::Raster(sheets) => {
                for sheet in sheets {
                    put_raster(printer, sheet)?;
                    cut(printer, profile)?;
                }
            }
            Sheets::Text(sheets) => {
                for sheet in sheets {
                    text::put(printer, sheet, profile)?;
                    cut(printer, profile)?;
                }
            }
        }
        match profile.proof {
            Proof::ProcessId => {
                let [a, b, c, d] = id.0;
                printer.custom(&[0x1d, b'(', b'H', 6, 0, 48, 48, a, b, c, d])?;
            }
            Proof::StatusAfterCut => drop(printer.custom(&TRANSMIT_STATUS.repeat(SENSOR_QUESTIONS))?),
        }
        Ok(())
    })
}

/// What brings a printer to the end of a job that was cut short: white for the rest of a raster command (the
/// printer skips NUL where it waits for none), and a cut, so that the next slip carries nothing of it.
pub(super) fn finish_part_of_a_job(profile: &Profile) -> Vec<u8> {
    written(|printer| {
        printer.custom(&vec![0; BAND_ROWS * profile.paper.dots() as usize / 8])?;
        printer.init()?;
        cut(printer, profile)
    })
}

/// The bytes that `write` writes.
fn written(write: impl FnOnce(&mut Escpos) -> Result<()>) -> Vec<u8> {
    let buffer = Buffer::default();
    let mut printer = Escpos::new(buffer.clone(), Protocol::default(), None);
    printer.debug_mode(None::<DebugMode>);
    write(&mut printer)
        .and_then(|()| printer.print().map(drop))
        .expect("writing to memory cannot fail");
    drop(printer);
    buffer.0.take()
}

fn put_raster(printer: &mut Escpos, sheet: &Bitmap) -> Result<()> {
    for band in sheet.bits().chunks(BAND_ROWS * sheet.stride()) {
        printer.custom(&raster(sheet.stride(), band))?;
    }
    Ok(())
}

fn cut(printer: &mut Escpos, profile: &Profile) -> Result<()> {
    match profile.cut {
        Cut::Full => drop(printer.cut()?),
        // The crate's own partial cut is `GS V 'A' 1`: a full cut, one unit further down.
        Cut::Partial => drop(printer.custom(&[0x1d, b'V', b'B', 0])?),
        Cut::None => drop(printer.custom(&[0x1b, b'J', FEED_TO_TEAR_BAR])?),
    }
    Ok(())
}

/// `GS v 0`: a band of raster rows.
fn raster(stride: usize, band: &[u8]) -> Vec<u8> {
    let rows = band.len() / stride;
    let mut command = vec![0x1d, b'v', b'0', 0];
    for count in [stride, rows] {
        command.extend((count as u16).to_le_bytes());
    }
    command.extend(band);
    command
}

/// The end of the escpos stack: memory instead of a device, so that a job is sent in one go.
#[derive(Clone, Default)]
struct Buffer(Rc<RefCell<Vec<u8>>>);

impl Driver for Buffer {
    fn name(&self) -> String {
        "memory".to_owned()
    }

    fn write(&self, data: &[u8]) -> Result<()> {
        self.0.borrow_mut().extend(data);
        Ok(())
    }

    fn read(&self, _: &mut [u8]) -> Result<usize> {
        Ok(0)
    }

    fn flush(&self) -> Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_raster_bands_a_cut_and_the_request_for_an_echo() {
        let profile = Profile::by_name("generic-80").unwrap();
        let bytes = encode(
            &Sheets::Raster(vec![Bitmap::new(576, 130)]),
            profile,
            ProcessId(*b"0001"),
        );
        let mut expected = vec![0x1b, b'@', 0x1d, b'v', b'0', 0, 72, 0, 128, 0];
        expected.extend([0; 72 * 128]);
        expected.extend([0x1d, b'v', b'0', 0, 72, 0, 2, 0]);
        expected.extend([0; 72 * 2]);
        expected.extend(b"\x1dVB\x00\x1d(H\x06\x00\x30\x300001");
        assert_eq!(bytes, expected);
    }

    #[test]
    fn process_ids_are_printable_and_differ_from_job_to_job() {
        let ids: Vec<_> = (0..5000).map(ProcessId::of_job).collect();
        assert!(
            ids.iter()
                .all(|id| id.0.iter().all(|byte| (0x20..=0x7e).contains(byte)))
        );
        assert!(
            ids.iter()
                .all(|id| !id.echo().into_iter().any(crate::printer::status::is_answer))
        );
        assert!(ids.windows(2).all(|pair| pair[0] != pair[1]));
    }
}
