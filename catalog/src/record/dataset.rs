//! Open data.

use serde::{Deserialize, Serialize};

use super::{Link, Provenance, RecordId};

/// An open data set with its rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Dataset {
    /// `od-` and a number.
    pub id: RecordId,
    /// The title.
    pub title: String,
    /// The English title from the glossary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title_en: Option<String>,
    /// The area's record; `None` for data of no single area.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<RecordId>,
    /// How the data are arranged.
    pub arrangement: DatasetKind,
    /// The file format that is offered, such as CSV.
    pub format: String,
    /// 无条件开放 …
    pub open_type: String,
    /// How often it is renewed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub update_frequency: Option<String>,
    /// Who provides it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// The column names.
    pub columns: Vec<String>,
    /// The rows, a cell a column.
    pub rows: Vec<Vec<String>>,
    /// Where it comes from.
    pub provenance: Provenance,
    /// Other data sets of its area.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
}

/// How a data set is arranged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DatasetKind {
    /// 目录式: a list.
    List,
    /// 数据链式: items chained to other records.
    Chain,
}
