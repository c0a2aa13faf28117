//! 政策解读: what the government says a policy means.

use serde::{Deserialize, Serialize};

use super::{Link, Provenance, RecordId};

/// An interpretation, tied to its policy where the source tells which.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Interpretation {
    /// `int-` and a number.
    pub id: RecordId,
    /// The title.
    pub title: String,
    /// The policy it explains.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<RecordId>,
    /// 文字解读, 图解 …
    pub form: String,
    /// When it was published, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    /// The text, a paragraph an element.
    pub paragraphs: Vec<String>,
    /// Where it comes from.
    pub provenance: Provenance,
    /// The policy.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
}
