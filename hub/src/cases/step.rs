//! What staff do with a case.

use std::fmt;

use catalog::submission::mailbox::Outcome;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One thing done with a case, on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The day on which it was done, in China's time.
    pub on: Date,
    /// What was done.
    pub action: Action,
    /// What the resident is told besides, where anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "kebab-case")]
pub enum Action {
    /// 登记: the receipt was confirmed with the applicant. The clock starts (article 31).
    Register,
    /// 补正: the applicant was told once what is unclear (article 30).
    RequestCorrection,
    /// The corrected application came; the clock starts anew (article 30).
    Corrected,
    /// The applicant sent no correction in time and is taken to have given up (article 30).
    GiveUp,
    /// 办理.
    Handle,
    /// 延期: the head of the disclosure office agreed, and the applicant was told (article 33).
    Extend {
        /// By how many working days, at most 20.
        days: u16,
        /// Who agreed.
        approved_by: String,
    },
    /// 第三方意见: somebody whose rights it touches was asked in writing (article 32).
    AskThirdParty,
    /// The third party has received the letter, from which on its 15 working days count (article 32).
    ThirdPartyReceived {
        /// The day on which it received it, which is known later than that.
        received: Date,
    },
    /// The third party answered, or its 15 working days are over.
    ThirdPartyDone,
    /// 审核: a draft of the answer lies before the reviewer.
    Review {
        /// The result that the draft proposes.
        outcome: Outcome,
    },
    /// The reviewer sent the draft back.
    SendBack,
    /// 答复: the answer is signed.
    Answer {
        /// The result.
        outcome: Outcome,
        /// The answer's document number.
        number: String,
    },
    /// 送达.
    Deliver,
    /// 归档.
    Archive,
}

impl Action {
    /// Its official name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Register => "登记",
            Self::RequestCorrection => "要求补正",
            Self::Corrected => "收到补正",
            Self::GiveUp => "逾期未补正",
            Self::Handle => "办理",
            Self::Extend { .. } => "延期",
            Self::AskThirdParty => "征求第三方意见",
            Self::ThirdPartyReceived { .. } => "第三方收到征求意见书",
            Self::ThirdPartyDone => "第三方意见结束",
            Self::Review { .. } => "送审",
            Self::SendBack => "退回",
            Self::Answer { .. } => "答复",
            Self::Deliver => "送达",
            Self::Archive => "归档",
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
