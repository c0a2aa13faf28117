//! Forms.

use serde::{Deserialize, Serialize};

use super::{ArticleNumber, Provenance, RecordId};

/// A form with its fields and the rules a resident should know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Form {
    /// The id.
    pub id: RecordId,
    /// The title.
    pub title: String,
    /// The law that asks for it, and the article.
    pub basis: (RecordId, ArticleNumber),
    /// What the editors say about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Who may apply, each with the fields asked of them.
    pub applicant_types: Vec<ApplicantType>,
    /// The fields about the matter.
    pub request_fields: Vec<Field>,
    /// Periods, completion, fees.
    pub rules: Vec<Rule>,
    /// Where it comes from.
    pub provenance: Provenance,
}

/// A sort of applicant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicantType {
    /// 公民, 法人或其他组织.
    pub name: String,
    /// What is asked of them.
    pub fields: Vec<Field>,
}

/// A field of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Its name on the wire.
    pub key: String,
    /// Its label.
    pub label: String,
    /// Whether it must be filled in.
    pub required: bool,
    /// The answers to choose from; empty for free text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
    /// A regular expression that the answer must match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
}

/// A rule of law shown beside a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// What it is about.
    pub topic: String,
    /// The article.
    pub article: ArticleNumber,
    /// The text, verbatim.
    pub text: String,
}
