//! What a resident hands in, in the clear: held in memory, wiped when dropped, never logged.

mod application;
mod feedback;
mod judge;

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::{Kind, SubmissionId};
pub use application::{
    Applicant, Citizen, DeliveryMedium, DeliveryWay, DisclosureApplication, IdentityDocument, Organisation,
};
pub use feedback::{Correction, Grade, Rating, Suggestion, SuggestionKind};
pub use judge::InvalidForm;

/// How many files may go with one submission.
pub const MOST_ATTACHMENTS: usize = 5;
/// How long one file may be, in bytes.
pub const MOST_ATTACHMENT_BYTES: usize = 8 << 20;

/// Everything that is sealed of one submission; in the envelope as JSON.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload {
    /// When it was handed in, by the terminal's clock.
    pub handed_in_at: Timestamp,
    /// What the resident filled in.
    pub form: Form,
    /// The files that go with it, each in an envelope of its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<Attachment>,
}

impl Payload {
    /// The bytes to seal; wiped when dropped.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(serde_json::to_vec(self).expect("a payload is text and numbers"))
    }

    /// What was in an envelope that opened.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(bytes)
    }
}

masked!(Payload);

/// A file that goes with a submission, bound to it by its digest.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Attachment {
    /// The envelope that holds it.
    #[zeroize(skip)]
    pub id: SubmissionId,
    /// Its name, as the resident knows it.
    pub name: String,
    /// Its type (RFC 6838), such as `image/jpeg`.
    pub media_type: String,
    /// Its length in bytes.
    pub length: u64,
    /// SHA-256 of the file, in hexadecimal digits.
    pub sha256: String,
}

masked!(Attachment);

/// What a resident fills in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Form {
    /// 依申请公开.
    DisclosureApplication(Box<DisclosureApplication>),
    /// 意见建议与投诉.
    Suggestion(Suggestion),
    /// 数据纠错.
    Correction(Correction),
    /// 评价.
    Rating(Rating),
}

impl Form {
    /// Its kind, as it stands on the envelope.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::DisclosureApplication(_) => Kind::DisclosureApplication,
            Self::Suggestion(_) => Kind::Suggestion,
            Self::Correction(_) => Kind::Correction,
            Self::Rating(_) => Kind::Rating,
        }
    }

    /// Whether it may be handed in; the error names the first field that is wrong.
    pub fn check(&self) -> Result<(), InvalidForm> {
        match self {
            Self::DisclosureApplication(application) => application.check(),
            Self::Suggestion(suggestion) => suggestion.check(),
            Self::Correction(correction) => correction.check(),
            Self::Rating(rating) => rating.check(),
        }
    }
}

impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Form({}, ..)", self.kind())
    }
}

/// `Debug` that tells a type's name and nothing of the resident.
macro_rules! masked {
    ($($name:ident),+) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )+};
}
use masked;

#[cfg(test)]
mod tests;
