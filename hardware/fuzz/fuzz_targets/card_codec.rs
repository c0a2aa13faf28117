//! Frames of the card reader's module: no bytes may panic, a frame's photo never comes out, and a record
//! that is read is one whose number checks.

#![no_main]

use hardware::card::Card;
use hardware::card::codec::{Decoder, frame};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    // The first byte says how the rest is cut up.
    let Some((size, bytes)) = data.split_first() else { return };
    let mut decoder = Decoder::default();
    for chunk in bytes.chunks(usize::from(*size).max(1)) {
        if let Some(Ok(body)) = decoder.push(chunk) {
            let _shown = body.get(7..).map(Card::parse).map(|card| format!("{card:?}"));
        }
    }
    // What was framed comes out again, photo or not.
    let body = &bytes[..bytes.len().min(1024)];
    if !body.is_empty() && !body.starts_with(&[0, 0, 0x90]) {
        let decoded = Decoder::default().push(&frame(body));
        let decoded = decoded.expect("the frame is whole").expect("and its check byte right");
        assert!(body.starts_with(&decoded));
    }
});
