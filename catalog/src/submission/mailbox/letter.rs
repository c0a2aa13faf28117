//! What lies in a mailbox.

use hpke::{Deserializable as _, OpModeR, OpModeS, Serializable as _};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{Mailbox, Outcome, Stage};
use crate::submission::sealed::{Aead, Kdf, Kem};
use crate::submission::signing::SIGNATURE_LENGTH;
use crate::submission::{DeviceId, DeviceKey, InvalidKey, PublicKey};

const MAGIC: [u8; 4] = *b"MCL\x01";
const CONTEXT: &[u8] = b"mingchuang letter 1\0";
/// Every letter is as long as every other.
const PADDED: usize = 1024;
const ENCAPSULATED: usize = 32;
const TAG: usize = 16;
const LENGTH: usize = MAGIC.len() + ENCAPSULATED + PADDED + TAG + SIGNATURE_LENGTH;

/// What the hub tells the resident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// When it was written; a later one replaces it.
    pub written_at: Timestamp,
    /// Where the submission stands.
    pub stage: Stage,
    /// Since which day.
    pub since: Date,
    /// The last day for the answer, where a clock runs and the calendar covers it.
    pub due: Option<Date>,
    /// The result, once there is one.
    pub outcome: Option<Outcome>,
    /// What staff add, such as where to fetch the answer: at most [`Letter::LONGEST_NOTE`] characters.
    pub note: Option<String>,
}

impl Letter {
    /// How many characters a note may have, so that a letter always fits.
    pub const LONGEST_NOTE: usize = 200;
}

/// Why a letter cannot be sealed or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LetterError {
    /// The note does not fit.
    #[error("a note has at most {} characters", Letter::LONGEST_NOTE)]
    NoteTooLong,
    /// The note has line breaks or other characters that no screen shows.
    #[error("a note is one line, without tabs or other control characters")]
    NoteControl,
    /// The mailbox's key is none.
    #[error("the mailbox's key: {0}")]
    Key(#[from] InvalidKey),
    /// The hub did not sign it, or it was changed.
    #[error("no key of the hub signed this letter")]
    Signature,
    /// It is for another mailbox or another device.
    #[error("the letter does not open")]
    Tampered,
    /// It opens, and nothing here can read it.
    #[error("the letter cannot be read: {0}")]
    Unreadable(String),
}

/// Seals `letter` to the mailbox with `public_key` at `device`, signed with the hub's key.
pub fn seal(
    letter: &Letter,
    device: DeviceId,
    public_key: &[u8; 32],
    hub: &DeviceKey,
) -> Result<Vec<u8>, LetterError> {
    let note = letter.note.as_deref().unwrap_or_default();
    if note.chars().count() > Letter::LONGEST_NOTE {
        return Err(LetterError::NoteTooLong);
    }
    if note.chars().any(char::is_control) {
        return Err(LetterError::NoteControl);
    }
    let mut content = serde_json::to_vec(letter).expect("a letter is text");
    assert!(content.len() < PADDED, "a note of 200 characters fits");
    content.resize(PADDED, b' ');
    let public = <Kem as hpke::Kem>::PublicKey::from_bytes(public_key).map_err(|_| InvalidKey::Public)?;
    let (encapsulated, mut sender) = hpke::setup_sender::<Aead, Kdf, Kem>(&OpModeS::Base, &public, CONTEXT)
        .map_err(|_| InvalidKey::Public)?;
    let sealed = sender
        .seal(&content, device.as_bytes())
        .expect("one letter is one message");
    let mut bytes = [&MAGIC[..], &encapsulated.to_bytes(), &sealed].concat();
    let signature = hub.sign(&[CONTEXT, &bytes].concat());
    bytes.extend_from_slice(&signature);
    Ok(bytes)
}

/// Opens a letter that one of `hub`'s keys signed.
pub fn open(
    bytes: &[u8],
    device: DeviceId,
    mailbox: &Mailbox,
    hub: &[PublicKey],
) -> Result<Letter, LetterError> {
    if bytes.len() != LENGTH || bytes[..MAGIC.len()] != MAGIC {
        return Err(LetterError::Tampered);
    }
    let (signed, signature) = bytes.split_at(LENGTH - SIGNATURE_LENGTH);
    let message = [CONTEXT, signed].concat();
    if !hub.iter().any(|key| key.verify(&message, signature).is_ok()) {
        return Err(LetterError::Signature);
    }
    let (encapsulated, sealed) = signed[MAGIC.len()..].split_at(ENCAPSULATED);
    let encapsulated =
        <Kem as hpke::Kem>::EncappedKey::from_bytes(encapsulated).map_err(|_| LetterError::Tampered)?;
    let mut receiver =
        hpke::setup_receiver::<Aead, Kdf, Kem>(&OpModeR::Base, &mailbox.private, &encapsulated, CONTEXT)
            .map_err(|_| LetterError::Tampered)?;
    let content = receiver
        .open(sealed, device.as_bytes())
        .map_err(|_| LetterError::Tampered)?;
    serde_json::from_slice(&Zeroizing::new(content))
        .map_err(|error| LetterError::Unreadable(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::submission::SubmissionId;
    use crate::submission::mailbox::MailboxSecret;

    fn letter(note: &str) -> Letter {
        Letter {
            written_at: "2026-11-26T08:00:00Z".parse().unwrap(),
            stage: Stage::Handling,
            since: "2026-11-26".parse().unwrap(),
            due: Some("2026-12-24".parse().unwrap()),
            outcome: Some(Outcome::PartlyDisclosed),
            note: Some(note.to_owned()),
        }
    }

    #[test]
    fn a_letter_opens_only_with_the_code_at_the_device_and_only_from_the_hub() {
        let secret = MailboxSecret::generate().unwrap();
        let hub = DeviceKey::generate().unwrap();
        let device = DeviceId::from_bytes([1; 16]);
        let submission = SubmissionId::new();
        let mailbox = secret.mailbox(&secret.code(submission));
        let letter = letter("请到二楼窗口领取");
        let sealed = seal(&letter, device, &mailbox.public_key(), &hub).unwrap();

        let keys = [hub.public()];
        assert_eq!(open(&sealed, device, &mailbox, &keys), Ok(letter));
        let other_code = secret.mailbox(&secret.code(SubmissionId::new()));
        assert_eq!(
            open(&sealed, device, &other_code, &keys),
            Err(LetterError::Tampered)
        );
        let thief = MailboxSecret::generate().unwrap();
        let elsewhere = thief.mailbox(&secret.code(submission));
        assert_eq!(
            open(&sealed, device, &elsewhere, &keys),
            Err(LetterError::Tampered)
        );
        let other_device = DeviceId::from_bytes([2; 16]);
        assert_eq!(
            open(&sealed, other_device, &mailbox, &keys),
            Err(LetterError::Tampered)
        );
        let stranger = [DeviceKey::generate().unwrap().public()];
        assert_eq!(
            open(&sealed, device, &mailbox, &stranger),
            Err(LetterError::Signature)
        );
        let mut changed = sealed;
        changed[50] ^= 1;
        assert_eq!(
            open(&changed, device, &mailbox, &keys),
            Err(LetterError::Signature)
        );
    }

    #[test]
    fn the_longest_note_fits_and_the_length_of_a_letter_says_nothing() {
        let secret = MailboxSecret::generate().unwrap();
        let hub = DeviceKey::generate().unwrap();
        let device = DeviceId::from_bytes([1; 16]);
        let key = secret.mailbox(&secret.code(SubmissionId::new())).public_key();
        let length = |note: &str| seal(&letter(note), device, &key, &hub).map(|bytes| bytes.len());
        assert_eq!(length(""), length(&"𠮷".repeat(Letter::LONGEST_NOTE)));
        assert_eq!(length(&"一".repeat(201)), Err(LetterError::NoteTooLong));
        assert_eq!(length("第一行\n第二行"), Err(LetterError::NoteControl));
    }

    #[test]
    fn a_submission_has_one_code_and_one_mailbox_for_ever() {
        let secret = MailboxSecret::generate().unwrap();
        let kept = MailboxSecret::from_bytes(*secret.as_bytes());
        let submission = SubmissionId::new();
        assert_eq!(secret.code(submission), kept.code(submission));
        let code = secret.code(submission);
        assert_eq!(secret.mailbox(&code).id(), kept.mailbox(&code).id());
    }
}
