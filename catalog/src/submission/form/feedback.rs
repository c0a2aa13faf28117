//! Suggestions, corrections, ratings: what residents say about the content and the service.

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::judge::{LINE, TEXT, filled, optional, phone};
use super::{InvalidForm, masked};
use crate::record::RecordId;

/// 意见建议与投诉. A name or a number is never asked for as a condition.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Suggestion {
    /// What sort.
    #[zeroize(skip)]
    pub sort: SuggestionKind,
    /// What the resident says.
    pub text: String,
    /// The record that it is about, where it is about one.
    #[zeroize(skip)]
    pub record: Option<RecordId>,
    /// The resident's name, where given.
    pub name: Option<String>,
    /// A telephone number to answer to, where given.
    pub phone: Option<String>,
}

/// What sort of suggestion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SuggestionKind {
    /// 意见建议.
    Proposal,
    /// 投诉.
    Complaint,
    /// 政策咨询.
    Question,
}

/// 数据纠错: a record says something that is not so.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Correction {
    /// The record.
    #[zeroize(skip)]
    pub record: RecordId,
    /// The generation of the content that showed it.
    pub generation: u64,
    /// What is wrong, by the label on the page, such as 办理地点.
    pub field: Option<String>,
    /// What the resident says.
    pub text: String,
    /// A telephone number to answer to, where given.
    pub phone: Option<String>,
}

/// An anonymous rating of a page or of the terminal; not the 好差评 of a handled case.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
pub struct Rating {
    /// The grade.
    #[zeroize(skip)]
    pub grade: Grade,
    /// The record that it is about; the terminal where absent.
    #[zeroize(skip)]
    pub record: Option<RecordId>,
    /// What the resident adds.
    pub text: Option<String>,
}

/// The five grades.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grade {
    /// 非常满意, 5.
    VerySatisfied,
    /// 满意, 4.
    Satisfied,
    /// 基本满意, 3.
    FairlySatisfied,
    /// 不满意, 2.
    Dissatisfied,
    /// 非常不满意, 1.
    VeryDissatisfied,
}

masked!(Suggestion, Correction, Rating);

impl Suggestion {
    pub(super) fn check(&self) -> Result<(), InvalidForm> {
        filled("text", &self.text, TEXT)?;
        optional("name", self.name.as_deref(), LINE)?;
        self.phone.as_deref().map_or(Ok(()), phone)
    }
}

impl Correction {
    pub(super) fn check(&self) -> Result<(), InvalidForm> {
        optional("field", self.field.as_deref(), LINE)?;
        filled("text", &self.text, TEXT)?;
        self.phone.as_deref().map_or(Ok(()), phone)
    }
}

impl Rating {
    pub(super) fn check(&self) -> Result<(), InvalidForm> {
        optional("text", self.text.as_deref(), TEXT)
    }
}
