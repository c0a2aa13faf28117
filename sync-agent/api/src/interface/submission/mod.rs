//! Handing in, and asking what became of it.

mod form;
mod usage;

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};
use zlink::introspect::CustomType;

use super::Time;
pub use form::{
    Applicant, ApplicantKind, Correction, DeliveryMedium, DeliveryWay, DisclosureApplication, Grade,
    IdentityDocument, Rating, Suggestion, SuggestionKind,
};
pub use usage::{Enrolment, EnrolmentState, Page};

/// A form that was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, CustomType)]
pub struct OpenedForm {
    /// The submission's name, for as long as the form is open and after.
    pub id: String,
}

/// A piece of a file that goes with a submission. Pieces come in order.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, CustomType, Zeroize, ZeroizeOnDrop)]
pub struct FilePiece {
    /// The submission that it belongs to.
    pub submission: String,
    /// The file, as the reply to its first piece named it; absent with the first.
    pub file: Option<String>,
    /// The file's name, as the resident knows it; counts with the first piece.
    pub name: String,
    /// The file's type (RFC 6838), such as `image/jpeg`; counts with the first piece.
    pub media_type: String,
    /// The bytes, in base 64; at most [`FilePiece::LONGEST`] before encoding.
    pub data: String,
    /// Whether nothing follows.
    pub is_last: bool,
}

impl FilePiece {
    /// How many bytes one piece may carry.
    pub const LONGEST: usize = 1 << 16;
}

/// A file so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, CustomType)]
pub struct AttachedFile {
    /// Its name in further calls.
    pub file: String,
    /// How many bytes have come.
    pub length: u64,
    /// Whether it is whole.
    pub is_whole: bool,
}

/// The terminal has it, on its disk, sealed: it will reach the hub. Not the statutory receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, CustomType)]
pub struct Accepted {
    /// The submission.
    pub id: String,
    /// The code for the slip, by which the resident asks what became of it, in groups of four.
    pub code: String,
    /// When it was accepted.
    pub accepted_at: Time,
}

/// What became of a submission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, CustomType)]
pub struct SubmissionStatus {
    /// Where it stands.
    pub stage: SubmissionStage,
    /// Since which day, `YYYY-MM-DD`; absent until it is registered.
    pub since: Option<String>,
    /// The last day for the answer, `YYYY-MM-DD`; absent where no clock runs.
    pub due: Option<String>,
    /// The result, once there is one.
    pub outcome: Option<SubmissionOutcome>,
    /// What staff add.
    pub note: Option<String>,
    /// When staff wrote this.
    pub written_at: Option<Time>,
}

/// Where a submission stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, CustomType)]
#[serde(rename_all = "snake_case")]
#[zlink(rename_all = "snake_case")]
pub enum SubmissionStage {
    /// It waits at this terminal to be sent.
    Waiting,
    /// The hub refused it; staff of the terminal must look.
    Held,
    /// 接收.
    Received,
    /// 登记.
    Registered,
    /// 补正.
    Correction,
    /// 办理.
    Handling,
    /// 第三方意见.
    ThirdParty,
    /// 审核.
    Review,
    /// 答复.
    Answered,
    /// 送达.
    Delivered,
    /// 归档.
    Archived,
}

/// The result of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, CustomType)]
#[serde(rename_all = "snake_case")]
#[zlink(rename_all = "snake_case")]
pub enum SubmissionOutcome {
    /// 予以公开.
    Disclosed,
    /// 部分公开.
    PartlyDisclosed,
    /// 不予公开.
    Refused,
    /// 无法提供.
    Unavailable,
    /// 不予处理.
    NotProcessed,
    /// 其他处理.
    Other,
}

impl fmt::Debug for FilePiece {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FilePiece")
            .field("is_last", &self.is_last)
            .finish_non_exhaustive()
    }
}
