//! Government services on a published list.

use serde::{Deserialize, Serialize};

use super::{Provenance, RecordId};

/// A service on a government's published list (政务服务办理项).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ServiceItem {
    /// `si-` and a number.
    pub id: RecordId,
    /// The service.
    pub name: String,
    /// 主项, where the service is part of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub main_item: Option<String>,
    /// The department.
    pub department: String,
    /// 实施编码, as published.
    pub item_code: String,
    /// The place's code.
    pub area_code: String,
    /// 事项类型, as coded on the page.
    pub task_type_code: String,
    /// The department's code.
    pub dept_code: String,
    /// Where it comes from, with the service's own page.
    pub provenance: Provenance,
}
