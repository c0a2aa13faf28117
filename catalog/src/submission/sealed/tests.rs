use std::convert::Infallible;

use hpke::rand_core;
use proptest::prelude::*;

use super::*;
use crate::submission::DeviceKey;

/// The private half of the key that the test vector is sealed to.
const VECTOR_KEY: &str = include_str!("vector.key");
/// An envelope in this layout: what is sealed today must open tomorrow.
const VECTOR: &str = include_str!("vector.hex");

fn label(device: &DeviceKey) -> Label {
    Label {
        key: [0; 16],
        device: DeviceId::of(&device.public()),
        submission: SubmissionId::new(),
        kind: Kind::Suggestion,
        regarding: None,
        mailbox: Some([7; 32]),
    }
}

#[test]
fn an_envelope_that_was_sealed_long_ago_still_opens() {
    let bytes = hex::decode(VECTOR.trim()).unwrap();
    let key = OpeningKey::from_text(VECTOR_KEY).unwrap();
    let envelope = Envelope::parse(&bytes).unwrap();
    assert_eq!(
        envelope.label.submission.to_string(),
        "019abf2e-6c00-7000-8000-00000000002a"
    );
    assert_eq!(envelope.label.kind, Kind::Correction);
    assert_eq!(envelope.label.mailbox, None);
    assert_eq!(&*open(&bytes, &key).unwrap(), "更正：电话号码".as_bytes());
}

/// The device of the vector: PKCS#8 (RFC 8410) of a key made for it alone.
const VECTOR_DEVICE: &str = concat!(
    "302e020100300506032b657004220420",
    "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f"
);

/// Bytes that count up, in the place of chance.
struct Counting(u8);

impl rand_core::TryRng for Counting {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for byte in bytes {
            *byte = self.0;
            self.0 = self.0.wrapping_add(1);
        }
        Ok(())
    }
}

impl rand_core::TryCryptoRng for Counting {}

/// With another layout this fails, and shows what belongs into `vector.hex` under its new version.
#[test]
fn the_same_chance_seals_to_the_same_bytes_as_ever() {
    let key = OpeningKey::from_text(VECTOR_KEY).unwrap().sealing_key();
    let device = DeviceKey::from_pkcs8(&hex::decode(VECTOR_DEVICE).unwrap()).unwrap();
    let label = Label {
        submission: "019abf2e-6c00-7000-8000-00000000002a".parse().unwrap(),
        kind: Kind::Correction,
        mailbox: None,
        ..label(&device)
    };
    let mode = hpke::OpModeS::Base;
    let sender = hpke::setup_sender_with_rng::<Aead, Kdf, Kem>(&mode, &key.0, CONTEXT, &mut Counting(0));
    let (mut sealer, mut bytes) = Sealer::begin(&key, label, sender.unwrap());
    bytes.extend(sealer.push("更正：电话号码".as_bytes()));
    bytes.extend(sealer.finish(&device).bytes);
    assert_eq!(hex::encode(bytes), VECTOR.trim());
}

#[test]
fn content_of_every_awkward_length_comes_back_and_the_length_does_not_show() {
    let (key, device) = (OpeningKey::generate(), DeviceKey::generate().unwrap());
    let label = label(&device);
    for length in [
        0,
        1,
        1023,
        1024,
        CHUNK - 1,
        CHUNK,
        CHUNK + 1,
        3 * CHUNK - 1,
        3 * CHUNK,
    ] {
        let content: Vec<u8> = (0..length).map(|byte| (byte % 251) as u8).collect();
        let sealed = seal(&key.sealing_key(), label, &content, &device);
        assert_eq!(&*open(&sealed.bytes, &key).unwrap(), &content, "{length}");
        assert_eq!(sealed.sha256, digest(&sealed.bytes));
        assert_eq!(sealed.length, sealed.bytes.len());
    }
    let length = |content: &str| seal(&key.sealing_key(), label, content.as_bytes(), &device).length;
    assert_eq!(length("短"), length(&"长".repeat(300)));
}

#[test]
fn no_part_of_an_envelope_can_be_changed_unnoticed() {
    let (key, device) = (OpeningKey::generate(), DeviceKey::generate().unwrap());
    let sealed = seal(&key.sealing_key(), label(&device), &vec![42; CHUNK + 9], &device).bytes;
    let parts = [
        ("version", 3),
        ("key id", 4),
        ("device", 20),
        ("submission", 36),
        ("kind", 52),
        ("regarding", 53),
        ("mailbox", 69),
        ("encapsulated key", 101),
        ("first chunk", 133),
        ("first tag", 133 + CHUNK),
        ("last chunk", 133 + CHUNK + TAG),
        ("last tag", sealed.len() - 65),
    ];
    for (part, at) in parts {
        for bit in 0..8 {
            let mut changed = sealed.clone();
            changed[at] ^= 1 << bit;
            assert!(open(&changed, &key).is_err(), "{part}, bit {bit}, opens");
            let trusted = Envelope::parse(&changed).and_then(|envelope| envelope.verify(&device.public()));
            assert!(trusted.is_err(), "{part}, bit {bit}, is believed");
        }
    }
}

#[test]
fn a_label_that_stays_a_good_label_is_still_noticed() {
    let (key, device) = (OpeningKey::generate(), DeviceKey::generate().unwrap());
    let honest = label(&device);
    let sealed = seal(&key.sealing_key(), honest, b"x", &device).bytes;
    let stranger = DeviceKey::generate().unwrap();
    let others = [
        Label {
            device: DeviceId::of(&stranger.public()),
            ..honest
        },
        Label {
            submission: SubmissionId::new(),
            ..honest
        },
        Label {
            kind: Kind::Correction,
            ..honest
        },
        Label {
            kind: Kind::Attachment,
            regarding: Some(SubmissionId::new()),
            ..honest
        },
        Label {
            mailbox: None,
            ..honest
        },
    ];
    for other in others {
        let mut changed = sealed.clone();
        changed[..LABEL_LENGTH].copy_from_slice(
            &Label {
                key: key.sealing_key().id(),
                ..other
            }
            .to_bytes(),
        );
        assert!(Envelope::parse(&changed).is_ok());
        assert_eq!(open(&changed, &key), Err(OpenError::Tampered), "{other:?}");
    }
    let other_key = OpeningKey::generate();
    let mut changed = sealed;
    changed[4..20].copy_from_slice(&other_key.sealing_key().id());
    assert_eq!(open(&changed, &other_key), Err(OpenError::Tampered));
    assert!(matches!(open(&changed, &key), Err(OpenError::OtherKey { .. })));
}

#[test]
fn chunks_cannot_be_swapped_left_out_or_cut_off() {
    let (key, device) = (OpeningKey::generate(), DeviceKey::generate().unwrap());
    let sealed = seal(&key.sealing_key(), label(&device), &vec![42; 3 * CHUNK], &device).bytes;
    let (start, size) = (LABEL_LENGTH + ENCAPSULATED_LENGTH, CHUNK + TAG);
    let chunk = |number: usize| &sealed[start + number * size..][..size];
    let end = &sealed[sealed.len() - 64..];
    let with = |chunks: &[&[u8]]| [&sealed[..start], &chunks.concat(), end].concat();
    assert!(open(&with(&[chunk(0), chunk(1), chunk(2), chunk(3)]), &key).is_ok());
    for chunks in [
        &[chunk(1), chunk(0), chunk(2), chunk(3)][..],
        &[chunk(0), chunk(2), chunk(3)],
        &[chunk(0), chunk(1), chunk(2)],
        &[chunk(0), chunk(1), chunk(2), chunk(3), chunk(3)],
    ] {
        assert_eq!(open(&with(chunks), &key), Err(OpenError::Tampered));
    }
    for length in [0, 100, 101, 133, 133 + 64, 133 + 64 + TAG - 1] {
        assert!(Envelope::parse(&sealed[..length]).is_err(), "{length}");
    }
}

#[test]
fn nothing_is_sealed_to_a_point_that_everybody_can_open() {
    assert!(SealingKey::from_bytes(&[0; 32]).is_err());
    assert!(SealingKey::from_bytes(&[1; 31]).is_err());
}

#[test]
fn a_device_cannot_sign_for_another() {
    let (key, device) = (OpeningKey::generate(), DeviceKey::generate().unwrap());
    let other = DeviceKey::generate().unwrap();
    let sealed = seal(&key.sealing_key(), label(&device), b"x", &other).bytes;
    let envelope = Envelope::parse(&sealed).unwrap();
    assert_eq!(envelope.verify(&device.public()), Err(WrongEnvelope::Signature));
    assert_eq!(envelope.verify(&other.public()), Err(WrongEnvelope::Signature));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_sealed_in_whatever_pieces_opens(
        content in proptest::collection::vec(any::<u8>(), 0..200_000),
        piece in 1_usize..90_000,
    ) {
        let (key, device) = (OpeningKey::generate(), DeviceKey::generate().unwrap());
        let (mut sealer, mut bytes) = Sealer::new(&key.sealing_key(), label(&device));
        for piece in content.chunks(piece) {
            bytes.extend(sealer.push(piece));
        }
        prop_assert_eq!(sealer.taken(), content.len());
        let end = sealer.finish(&device);
        bytes.extend(&end.bytes);
        prop_assert_eq!(end.length, bytes.len());
        prop_assert_eq!(end.sha256, digest(&bytes));
        prop_assert!(Envelope::parse(&bytes).unwrap().verify(&device.public()).is_ok());
        prop_assert_eq!(&*open(&bytes, &key).unwrap(), &content);
    }

    #[test]
    fn garbage_is_refused_and_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let with_magic = [&MAGIC[..], &bytes].concat();
        prop_assert!(open(&bytes, &OpeningKey::generate()).is_err());
        prop_assert!(open(&with_magic, &OpeningKey::generate()).is_err());
    }
}
