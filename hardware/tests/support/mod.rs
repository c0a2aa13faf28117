//! What tests of printed slips share.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

/// The dots of a PNG, by its decoder alone; `true` is black.
pub(crate) fn dots(path: &Path) -> Vec<Vec<bool>> {
    let file = BufReader::new(File::open(path).expect("a slip"));
    let mut reader = png::Decoder::new(file).read_info().expect("a PNG");
    let mut bytes = vec![0; reader.output_buffer_size().expect("a size")];
    let info = reader.next_frame(&mut bytes).expect("a picture");
    bytes
        .chunks(info.line_size)
        .map(|row| {
            (0..info.width as usize)
                .map(|x| row[x / 8] & (0x80 >> (x % 8)) == 0)
                .collect()
        })
        .collect()
}
