//! `task_table.json`: the tasks annexed to a document.

use serde::Deserialize;

use super::Found;
use super::reader::{Located, Reader};
use crate::record::{Plan, Provenance, ProvenanceMark, Record, RecordId, Source, Task};

/// The table as the file holds it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SourcePlan {
    id: RecordId,
    title: String,
    policy_id: RecordId,
    note: Option<String>,
    pub(super) rows: Vec<SourceTask>,
}

/// A row of the table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SourceTask {
    id: RecordId,
    pub(super) item_no: u16,
    /// The task's number in a gapless count.
    #[serde(rename = "task_no")]
    _task_no: u16,
    /// The task's number on paper, where a page break made one task two.
    printed_task_no: u16,
    pub(super) task: String,
    pub(super) item: String,
    pub(super) responsible: Option<String>,
    pub(super) guidance: Option<Vec<String>>,
    pub(super) deadline: String,
    #[serde(default, rename = "merged_cell")]
    _merged_cell: bool,
}

pub(super) fn read(reader: &mut Reader) -> Vec<Found> {
    let plan: Option<Located<SourcePlan>> = reader.object("task_table.json");
    plan.into_iter()
        .map(|Located { value, origin }| {
            let plan = Plan {
                id: value.id,
                provenance: Provenance {
                    mark: ProvenanceMark::FoundingVerbatim,
                    source: Some(Source {
                        title: value.title.clone(),
                        url: None,
                        jurisdiction: None,
                        date: None,
                    }),
                    truncated: false,
                },
                title: value.title,
                document: value.policy_id,
                note: value.note,
                tasks: value.rows.into_iter().map(task).collect(),
                links: Vec::new(),
            };
            (Record::Plan(plan), origin)
        })
        .collect()
}

fn task(row: SourceTask) -> Task {
    Task {
        id: row.id,
        task_no: row.printed_task_no,
        task: row.task,
        item_no: row.item_no,
        item: row.item,
        responsible: row.responsible,
        guidance: row.guidance.unwrap_or_default(),
        deadline: row.deadline,
    }
}
