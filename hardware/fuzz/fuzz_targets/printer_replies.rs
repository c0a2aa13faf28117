//! What a printer sends back: no bytes may panic, and it must not matter how they arrive.

#![no_main]

use hardware::printer::replies::{Replies, Reply};
use hardware::printer::status::{decode, from_automatic};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((size, bytes)) = data.split_first() else { return };
    let whole = Replies::default().push(bytes);
    let mut replies = Replies::default();
    let pieces: Vec<Reply> = bytes
        .chunks(usize::from(*size).max(1))
        .flat_map(|chunk| replies.push(chunk))
        .collect();
    assert_eq!(whole, pieces);
    for reply in whole {
        if let Reply::Automatic(status) = reply {
            let _status = decode(from_automatic(status));
        }
    }
});
