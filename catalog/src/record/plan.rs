//! Tables of tasks annexed to a document.

use serde::{Deserialize, Serialize};

use super::{Link, Provenance, RecordId};

/// A table of tasks with who answers for them and until when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The id.
    pub id: RecordId,
    /// The title.
    pub title: String,
    /// The document it is annexed to.
    pub document: RecordId,
    /// What the editors say about the table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The rows, in the document's order.
    pub tasks: Vec<Task>,
    /// Where it comes from.
    pub provenance: Provenance,
    /// The document.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
}

/// A row of a [`Plan`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// `task-` and a number.
    pub id: RecordId,
    /// The number of the task it is part of, as printed.
    pub task_no: u16,
    /// The task.
    pub task: String,
    /// The number of the item.
    pub item_no: u16,
    /// What is to be done.
    pub item: String,
    /// Who answers for it; `None` where the printed cell is merged with the one above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub responsible: Option<String>,
    /// Who guides it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guidance: Vec<String>,
    /// Until when, as printed.
    pub deadline: String,
}
