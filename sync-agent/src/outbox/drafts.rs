//! Files of forms that are still open: sealed as they come, whole or not.

use std::collections::HashMap;

use catalog::submission::sealed::{Label, Sealer, SealingKey};
use catalog::submission::{
    Attachment, DeviceId, DeviceKey, Kind, MOST_ATTACHMENT_BYTES, MOST_ATTACHMENTS, SubmissionId,
};
use sha2::{Digest as _, Sha256};

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
    name: String,
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
            name: name.to_owned(),
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
            let mut sealed = sealer.finish(device);
            bytes.append(&mut sealed.bytes);
            draft.state = Sealing::Whole(sealed.sha256);
        }
        let number = draft.parts;
        draft.parts += 1;
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
            name: draft.name.clone(),
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
