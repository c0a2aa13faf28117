//! Lines of the standard disclosure catalogue.

use serde::{Deserialize, Serialize};

use super::{Addressee, Citation, Link, Provenance, RecordId, TimeLimit};

/// A line of the standard catalogue (标准目录), with its ten columns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// `cat-`, the area's code, a number.
    pub id: RecordId,
    /// The area's record.
    pub area: RecordId,
    /// 序号 within the area.
    pub no: u32,
    /// 公开事项, 一级.
    pub level1: String,
    /// The English of `level1` from the glossary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level1_en: Option<String>,
    /// 公开事项, 二级: the entry's title.
    pub level2: String,
    /// The English of `level2` from the glossary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_en: Option<String>,
    /// 公开内容(要素), as the source has it.
    pub content: String,
    /// `content` split at its numbering; one element when it has none.
    pub elements: Vec<String>,
    /// 公开依据, as the source has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
    /// The documents cited in `basis`.
    pub citations: Vec<Citation>,
    /// 公开时限.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_limit: Option<TimeLimit>,
    /// 公开主体.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// 公开渠道和载体; `None` when the source does not show them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channels: Option<Vec<String>>,
    /// 公开对象.
    pub audience: Vec<Audience>,
    /// 公开方式.
    pub mode: Disclosure,
    /// 公开层级; `None` when the source does not show them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub levels: Option<Vec<Level>>,
    /// Columns that the editors filled in from what is usual in the area.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inferred: Vec<InferredField>,
    /// The same line in other places' catalogues.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub variants: Vec<EntryVariant>,
    /// Where the line comes from.
    pub provenance: Provenance,
    /// Full texts of its bases, guides and data sets of its area.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
}

/// How another place's catalogue words the same line; fields as in [`Entry`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the fields are those of `Entry`")]
pub struct EntryVariant {
    pub id: RecordId,
    pub level1: String,
    pub level2: String,
    pub content: String,
    pub basis: Option<String>,
    pub citations: Vec<Citation>,
    pub time_limit: Option<TimeLimit>,
    pub subject: Option<String>,
    pub channels: Option<Vec<String>>,
    pub audience: Vec<Audience>,
    pub mode: Disclosure,
    pub levels: Option<Vec<Level>>,
    pub inferred: Vec<InferredField>,
    pub provenance: Provenance,
}

/// 公开对象.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// 全社会.
    Everyone,
    /// 特定群体, with the group where the source names it.
    Group(Option<String>),
}

impl From<&Audience> for Addressee {
    fn from(audience: &Audience) -> Self {
        match audience {
            Audience::Everyone => Self::Public,
            Audience::Group(_) => Self::Group,
        }
    }
}

/// 公开方式.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Disclosure {
    /// 主动公开.
    Active,
    /// 依申请公开.
    OnRequest,
    /// Both, for different parts.
    Both,
}

/// 公开层级.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// 市级.
    City,
    /// 县级.
    County,
    /// 乡级.
    Township,
    /// 村级.
    Village,
    /// A wording that is none of the four.
    Other(String),
}

/// A column whose value the editors inferred or could not see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InferredField {
    /// 公开对象 was filled in.
    Audience,
    /// 公开方式 was filled in.
    Mode,
    /// 公开层级 were filled in.
    Levels,
    /// 公开层级 could not be seen.
    LevelUnknown,
    /// 公开渠道 were filled in.
    Channels,
}
