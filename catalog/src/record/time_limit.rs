//! 公开时限: when something must be disclosed.

use serde::{Deserialize, Serialize};

/// A time limit of the catalogue, as worded and as understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeLimit {
    /// The source's words.
    pub raw: String,
    /// What they mean.
    #[serde(flatten)]
    pub kind: TimeLimitKind,
}

/// The meaning of a time limit. Only a deadline can be scored for timeliness.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum TimeLimitKind {
    /// `n` days after the trigger; counting starts the next day.
    Deadline {
        /// What starts the clock, such as 信息形成或者变更.
        trigger: Option<String>,
        /// How many days.
        n: u16,
        /// Which days count.
        unit: DayUnit,
    },
    /// 实时公开.
    Immediate,
    /// 及时公开, 按进展情况及时公开.
    Prompt,
    /// Words that give no single deadline; shown as they are.
    Unparsed,
}

/// Which days count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DayUnit {
    /// 工作日.
    Workday,
    /// 日.
    Day,
}
