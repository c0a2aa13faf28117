//! What a scanner sends: no bytes may panic, it must not matter how they arrive, and nothing invisible
//! comes through.

#![no_main]

use hardware::scanner::{Framer, LONGEST, decode};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((size, bytes)) = data.split_first() else { return };
    let whole = Framer::default().push(bytes);
    let mut framer = Framer::default();
    let pieces: Vec<Vec<u8>> = bytes
        .chunks(usize::from(*size).max(1))
        .flat_map(|chunk| framer.push(chunk))
        .collect();
    assert_eq!(whole, pieces);
    for scan in whole {
        assert!(!scan.is_empty() && scan.len() <= LONGEST);
        if let Some(text) = decode(&scan) {
            assert!(!text.is_empty() && !text.chars().any(char::is_control));
        }
    }
});
