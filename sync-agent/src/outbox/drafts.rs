//! Files of forms that are still open: sealed as they come, whole or not.

use std::collections::HashMap;

use catalog::submission::sealed::{Label, Sealer, SealingKey};
use catalog::submission::{
    Attachment, DeviceId, DeviceKey, Kind, MOST_ATTACHMENT_BYTES, MOST_ATTACHMENTS, SubmissionId,
};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// How many drafts may be open at all: a kiosk has one visitor.
const MOST_OPEN: usize = 4 * MOST_ATTACHMENTS;

/// The open drafts.
#[derive(Default)]
pub(super) struct Drafts {
    files: HashMap<SubmissionId, Draft>,
}

/// A file so far.
struct Draft {
    regarding: SubmissionId,
    /// As the resident knows it: it may be somebody's name.
    name: Zeroizing<String>,
    media_type: String,
    length: u64,
    /// Of the file itself.
    digest: Sha256,
    /// How many parts of the envelope were written.
    parts: u32,
    state: Sealing,
}

enum Sealing {
    Open(Box<Sealer>),
    Whole([u8; 32]),
}

/// A part of an envelope that is to be written.
#[derive(Debug)]
pub(super) struct Part {
    /// The file.
    pub(super) id: SubmissionId,
    /// Which part.
    pub(super) number: u32,
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
    /// The file's length so far.
    pub(super) length: u64,
}

/// Why a piece is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unfit {
    /// Too many files, or too long a one.
    TooLarge,
    /// There is no such open file of this submission.
    Unknown,
}

impl Drafts {
    /// Starts a file.
    pub(super) fn begin(
        &mut self,
        key: &SealingKey,
        device: DeviceId,
        regarding: SubmissionId,
        name: &str,
        media_type: &str,
    ) -> Result<(SubmissionId, Part), Unfit> {
        let beside = self.files.values().filter(|draft| draft.regarding == regarding);
        if beside.count() >= MOST_ATTACHMENTS || self.files.len() >= MOST_OPEN {
            return Err(Unfit::TooLarge);
        }
        let id = SubmissionId::new();
        let label = Label {
            key: key.id(),
            device,
            submission: id,
            kind: Kind::Attachment,
            regarding: Some(regarding),
            mailbox: None,
        };
        let (sealer, bytes) = Sealer::new(key, label);
        let draft = Draft {
            regarding,
            name: Zeroizing::new(name.to_owned()),
            media_type: media_type.to_owned(),
            length: 0,
            digest: Sha256::new(),
            parts: 1,
            state: Sealing::Open(Box::new(sealer)),
        };
        self.files.insert(id, draft);
        let part = Part {
            id,
            number: 0,
            bytes,
            length: 0,
        };
        Ok((id, part))
    }

    /// Adds content to a file, and ends it after the last piece.
    pub(super) fn push(
        &mut self,
        id: SubmissionId,
        regarding: SubmissionId,
        content: &[u8],
        end: Option<&DeviceKey>,
    ) -> Result<Part, Unfit> {
        let draft = self
            .files
            .get_mut(&id)
            .filter(|draft| draft.regarding == regarding);
        let draft = draft.ok_or(Unfit::Unknown)?;
        let Sealing::Open(sealer) = &mut draft.state else {
            return Err(Unfit::Unknown);
        };
        if draft.length as usize + content.len() > MOST_ATTACHMENT_BYTES {
            return Err(Unfit::TooLarge);
        }
        draft.length += content.len() as u64;
        draft.digest.update(content);
        let mut bytes = sealer.push(content);
        if let Some(device) = end {
            let placeholder = Sealing::Whole([0; 32]);
            let Sealing::Open(sealer) = std::mem::replace(&mut draft.state, placeholder) else {
                unreachable!("it was open above");
            };
            let mut last = sealer.finish(device);
            bytes.append(&mut last.bytes);
            draft.state = Sealing::Whole(last.sha256);
        }
        let number = draft.parts;
        // Content that filled no chunk yet wrote nothing.
        draft.parts += u32::from(!bytes.is_empty());
        Ok(Part {
            id,
            number,
            bytes,
            length: draft.length,
        })
    }

    /// A whole file of a submission: how it is described, and its envelope's SHA-256.
    pub(super) fn whole(&self, id: SubmissionId, regarding: SubmissionId) -> Option<(Attachment, [u8; 32])> {
        let draft = self.files.get(&id).filter(|draft| draft.regarding == regarding)?;
        let Sealing::Whole(sha256) = draft.state else {
            return None;
        };
        let attachment = Attachment {
            id,
            name: draft.name.to_string(),
            media_type: draft.media_type.clone(),
            length: draft.length,
            sha256: hex::encode(draft.digest.clone().finalize()),
        };
        Some((attachment, sha256))
    }

    /// Forgets a file.
    pub(super) fn forget(&mut self, id: SubmissionId) {
        self.files.remove(&id);
    }

    /// Forgets the files of a submission that was handed in, or of all that are open; which they were.
    pub(super) fn take(&mut self, regarding: Option<SubmissionId>) -> Vec<SubmissionId> {
        let mine = |draft: &Draft| regarding.is_none_or(|regarding| draft.regarding == regarding);
        let (gone, kept) = std::mem::take(&mut self.files)
            .into_iter()
            .partition::<HashMap<_, _>, _>(|(_, draft)| mine(draft));
        self.files = kept;
        gone.into_keys().collect()
    }
}

#[cfg(test)]
mod tests {
    use catalog::submission::sealed::{OpeningKey, digest, open};

    use super::*;

    struct Desk {
        drafts: Drafts,
        opening: OpeningKey,
        device: DeviceKey,
        form: SubmissionId,
    }

    impl Desk {
        fn new() -> Self {
            Self {
                drafts: Drafts::default(),
                opening: OpeningKey::generate(),
                device: DeviceKey::generate().unwrap(),
                form: SubmissionId::new(),
            }
        }

        fn begin(&mut self, form: SubmissionId) -> Result<(SubmissionId, Part), Unfit> {
            let device = DeviceId::of(&self.device.public());
            let key = self.opening.sealing_key();
            self.drafts.begin(&key, device, form, "a.jpg", "image/jpeg")
        }
    }

    #[test]
    fn pieces_of_any_size_make_one_envelope_with_parts_counted_without_gaps() {
        let mut desk = Desk::new();
        let form = desk.form;
        let (id, first) = desk.begin(form).unwrap();
        let (mut envelope, mut content, mut next) = (first.bytes, Vec::new(), 1);
        let pieces = [10, 0, 70_000, 5, 200_000, 1];
        for (at, length) in pieces.into_iter().enumerate() {
            let piece = vec![at as u8; length];
            let end = (at + 1 == pieces.len()).then_some(&desk.device);
            let part = desk.drafts.push(id, form, &piece, end).unwrap();
            content.extend(piece);
            if !part.bytes.is_empty() {
                assert_eq!(part.number, next);
                next += 1;
            }
            envelope.extend(part.bytes);
            assert_eq!(part.length, content.len() as u64);
        }
        assert_eq!(*open(&envelope, &desk.opening).unwrap(), content);
        let (attachment, sha256) = desk.drafts.whole(id, form).unwrap();
        assert_eq!(sha256, digest(&envelope));
        assert_eq!(attachment.sha256, hex::encode(Sha256::digest(&content)));
        let more = desk.drafts.push(id, form, b"more", None).err();
        assert_eq!(more, Some(Unfit::Unknown), "a whole file grows");
    }

    #[test]
    fn a_file_belongs_to_its_form_and_has_its_limits() {
        let mut desk = Desk::new();
        let form = desk.form;
        let (id, _) = desk.begin(form).unwrap();
        let other = SubmissionId::new();
        assert_eq!(
            desk.drafts.push(id, other, b"x", None).err(),
            Some(Unfit::Unknown)
        );
        assert!(
            desk.drafts.whole(id, form).is_none(),
            "an open file is no whole one"
        );
        let long = vec![0; MOST_ATTACHMENT_BYTES + 1];
        assert_eq!(
            desk.drafts.push(id, form, &long, None).err(),
            Some(Unfit::TooLarge)
        );
        for _ in 1..MOST_ATTACHMENTS {
            desk.begin(form).unwrap();
        }
        assert_eq!(desk.begin(form).err(), Some(Unfit::TooLarge));
        let (kept, _) = desk.begin(other).unwrap();
        assert_eq!(desk.drafts.take(Some(form)).len(), MOST_ATTACHMENTS);
        assert_eq!(desk.drafts.take(None), [kept]);
    }
}
