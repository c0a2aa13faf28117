//! Areas of disclosure.

use serde::{Deserialize, Serialize};

use super::RecordId;

/// A field in which government information is disclosed (公开领域).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Area {
    /// `area-` and the code.
    pub id: RecordId,
    /// Initials, such as `ghgl`.
    pub code: String,
    /// The name in the pilot lists, such as 城乡规划.
    pub name: String,
    /// Today's official name, such as 国土空间规划.
    pub current_name: String,
    /// The English name from the glossary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_en: Option<String>,
    /// One of the nine fields of the founding document (苏府办〔2017〕288号).
    pub founding_pilot: bool,
    /// One of the 26 national pilot fields.
    pub national_pilot: bool,
    /// Place in lists, from 1.
    pub order: u32,
}
