//! A byte stream into scans.

/// The longest scan that is taken, in bytes: more than any QR code holds (version 40-L: 2953).
pub const LONGEST: usize = 3000;

/// Cuts a byte stream into scans: at CR or LF, or at a pause.
#[derive(Debug, Default)]
pub struct Framer {
    buffer: Vec<u8>,
    overlong: bool,
}

impl Framer {
    /// Takes bytes; returns the scans they complete. What is longer than [`LONGEST`] is dropped as a
    /// whole: half a code is no code.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Vec<u8>> {
        let mut scans = Vec::new();
        for &byte in bytes {
            if matches!(byte, b'\r' | b'\n') {
                scans.extend(self.end());
            } else if self.buffer.len() == LONGEST {
                self.overlong = true;
            } else {
                self.buffer.push(byte);
            }
        }
        scans
    }

    /// The line was silent: what has come so far is a scan.
    pub fn end(&mut self) -> Option<Vec<u8>> {
        let scan = std::mem::take(&mut self.buffer);
        let overlong = std::mem::take(&mut self.overlong);
        (!scan.is_empty() && !overlong).then_some(scan)
    }

    /// Whether a scan has begun.
    #[must_use]
    pub fn is_within(&self) -> bool {
        !self.buffer.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scans_are_cut_at_terminators_and_pauses() {
        let mut framer = Framer::default();
        assert_eq!(framer.push(b"\r\nab"), Vec::<Vec<u8>>::new());
        assert_eq!(framer.push(b"c\r\nd\n\n"), [b"abc".to_vec(), b"d".to_vec()]);
        framer.push(b"tail");
        assert_eq!(framer.end(), Some(b"tail".to_vec()));
        assert_eq!(framer.end(), None);
    }

    #[test]
    fn an_overlong_scan_is_dropped_whole_and_the_next_one_is_fine() {
        let mut framer = Framer::default();
        assert!(framer.push(&[b'x'; LONGEST + 1]).is_empty());
        assert_eq!(framer.push(b"x\nnext\n"), [b"next".to_vec()]);
    }

    #[test]
    fn it_does_not_matter_how_the_bytes_arrive() {
        let bytes = "guide-006\r居住证\r\nmc\n".as_bytes();
        for split in 0..=bytes.len() {
            let mut framer = Framer::default();
            let (first, second) = bytes.split_at(split);
            let mut scans = framer.push(first);
            scans.extend(framer.push(second));
            assert_eq!(
                scans,
                [
                    b"guide-006".to_vec(),
                    "居住证".as_bytes().to_vec(),
                    b"mc".to_vec()
                ],
                "{split}"
            );
        }
    }
}
