//! Codecs at every split of the byte stream: what comes out must not depend on how it came in.

use hardware::card::codec::{Decoder, Garbled, frame};
use hardware::printer::ProcessId;
use hardware::printer::replies::{Replies, Reply};
use hardware::scanner::{Framer, decode};
use proptest::collection::vec;
use proptest::prelude::*;

/// Bodies that come out of a decoder that is given `bytes` in two pieces.
fn bodies(bytes: &[u8], split: usize) -> Vec<Result<Vec<u8>, Garbled>> {
    let mut decoder = Decoder::default();
    let (first, second) = bytes.split_at(split);
    [first, second]
        .into_iter()
        .filter_map(|piece| decoder.push(piece))
        .map(|body| body.map(|body| body.to_vec()))
        .collect()
}

/// A status body: not a read reply, whose photo is dropped.
fn body() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 1..600).prop_filter("a read reply", |body| !body.starts_with(&[0, 0, 0x90]))
}

proptest! {
    #[test]
    fn a_frame_comes_out_whole_at_every_split(body in body(), noise in vec(0_u8..0xaa, 0..20)) {
        let bytes = [noise, frame(&body).to_vec()].concat();
        for split in 0..=bytes.len() {
            prop_assert_eq!(bodies(&bytes, split), [Ok(body.clone())], "{}", split);
        }
    }

    #[test]
    fn a_frame_with_one_wrong_bit_is_never_taken_for_right(body in body(), at in any::<prop::sample::Index>(), bit in 0..8_u8) {
        let mut bytes = frame(&body).to_vec();
        let at = 7 + at.index(bytes.len() - 7);
        bytes[at] ^= 1_u8 << bit;
        for split in 0..=bytes.len() {
            prop_assert!(bodies(&bytes, split).iter().all(|body| *body == Err(Garbled)));
        }
    }

    #[test]
    fn a_printers_replies_come_out_at_every_split(jobs in vec(any::<u32>(), 1..4), answers in vec(0_u8..16, 0..6)) {
        let mut bytes = Vec::new();
        let mut expected = Vec::new();
        for job in jobs {
            let id = ProcessId::of_job(job);
            bytes.extend(id.echo());
            expected.push(Reply::Echo(id.0));
        }
        for bits in answers {
            let answer = 0x12 | (bits & 0b11) << 2 | (bits & 0b1100) << 3;
            bytes.push(answer);
            expected.push(Reply::Answer(answer));
        }
        for split in 0..=bytes.len() {
            let mut replies = Replies::default();
            let (first, second) = bytes.split_at(split);
            let mut found = replies.push(first);
            found.extend(replies.push(second));
            prop_assert_eq!(&found, &expected, "{}", split);
        }
    }

    #[test]
    fn a_scan_reads_back_at_every_split_in_either_encoding(text in "[a-z0-9居住证㛃𠅤，：/.-]{1,40}") {
        let (gb, _, unmappable) = encoding_rs::GB18030.encode(&text);
        prop_assert!(!unmappable);
        for bytes in [text.as_bytes(), &*gb] {
            let line = [bytes, b"\r"].concat();
            for split in 0..=line.len() {
                let mut framer = Framer::default();
                let (first, second) = line.split_at(split);
                let mut scans = framer.push(first);
                scans.extend(framer.push(second));
                prop_assert_eq!(scans.len(), 1);
                // Few bytes of GB18030 are UTF-8 as well: no decoder can tell them apart.
                if std::str::from_utf8(bytes).is_err() || bytes == text.as_bytes() {
                    prop_assert_eq!(decode(&scans[0]), Some(text.clone()));
                }
            }
        }
    }
}
