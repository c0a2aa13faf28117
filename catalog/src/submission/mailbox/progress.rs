//! How far the hub's staff are with what was handed in.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Where a submission stands. The stages of an application are those of the founding document: 接收、登记、
/// 办理、审核、答复、送达、归档, with 补正 and 第三方意见 where they are needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// 接收: the hub has it; nobody has confirmed it yet, and no clock runs.
    Received,
    /// 登记: the body has confirmed the receipt; the statutory clock runs from this day.
    Registered,
    /// 补正: the applicant was asked to say more precisely what is wanted.
    Correction,
    /// 办理.
    Handling,
    /// 第三方意见: somebody whose rights it touches was asked.
    ThirdParty,
    /// 审核.
    Review,
    /// 答复: the answer is signed.
    Answered,
    /// 送达: the answer has reached the applicant.
    Delivered,
    /// 归档.
    Archived,
}

impl Stage {
    /// Its official name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Received => "接收",
            Self::Registered => "登记",
            Self::Correction => "补正",
            Self::Handling => "办理",
            Self::ThirdParty => "第三方意见",
            Self::Review => "审核",
            Self::Answered => "答复",
            Self::Delivered => "送达",
            Self::Archived => "归档",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The result of an application, by the State Council's statistics (政府信息公开工作年度报告格式).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
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
    /// 其他处理, such as an applicant who did not say more precisely what is wanted.
    Other,
}

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Disclosed,
        Self::PartlyDisclosed,
        Self::Refused,
        Self::Unavailable,
        Self::NotProcessed,
        Self::Other,
    ];

    /// Its official name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Disclosed => "予以公开",
            Self::PartlyDisclosed => "部分公开",
            Self::Refused => "不予公开",
            Self::Unavailable => "无法提供",
            Self::NotProcessed => "不予处理",
            Self::Other => "其他处理",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A text that names no outcome.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is none of 予以公开, 部分公开, 不予公开, 无法提供, 不予处理, 其他处理")]
pub struct UnknownOutcome(String);

impl FromStr for Outcome {
    type Err = UnknownOutcome;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|outcome| outcome.name() == text)
            .ok_or_else(|| UnknownOutcome(text.to_owned()))
    }
}
