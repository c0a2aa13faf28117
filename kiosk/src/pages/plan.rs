//! A table of tasks annexed to a document: who answers for what, until when.

use catalog::record::{Plan, Record, Relation, Task};

use super::content::{Block, Context, Head, Page, Pair, Row, RowValue, Tone, links, provenance, typeset};

/// The page of `plan`.
#[must_use]
pub(crate) fn page(plan: &Plan, cx: &Context<'_>) -> Page {
    let mut identity = Vec::new();
    if let Some(note) = &plan.note {
        identity.push(Block::Text {
            text: typeset(note),
            tone: Tone::Quiet,
        });
    }
    links::section("plan-document", &plan.links, Relation::AnnexOf, cx, &mut identity);
    let mut body = Vec::new();
    for (index, task) in plan.tasks.iter().enumerate() {
        let begins = index == 0 || plan.tasks[index - 1].task != task.task;
        if begins {
            body.push(Block::Heading {
                text: typeset(&task.task),
                remark: Some(cx.say_with("plan-task-number", &[("number", &task.task_no.to_string())])),
            });
        }
        body.push(Block::Row(item(task, cx)));
        body.push(Block::Row(details(task, cx)));
    }
    Page {
        head: Head {
            crumbs: vec![cx.say("record-plan")],
            title: typeset(&plan.title),
            subtitle: Some(cx.say_with("plan-count", &[("count", &plan.tasks.len().to_string())])),
            tag: None,
        },
        identity,
        body,
        provenance: provenance::line(&Record::Plan(plan.clone()), cx),
        shortcut: None,
    }
}

fn item(task: &Task, cx: &Context<'_>) -> Row {
    Row {
        label: cx.say_with("plan-item", &[("number", &task.item_no.to_string())]),
        inferred: false,
        value: RowValue::Text(typeset(&task.item)),
    }
}

fn details(task: &Task, cx: &Context<'_>) -> Row {
    let guidance = (!task.guidance.is_empty()).then(|| cx.list(&task.guidance));
    let deadline = (!task.deadline.is_empty()).then(|| typeset(&task.deadline));
    let mut pairs = vec![
        Pair {
            label: cx.say("plan-deadline"),
            value: deadline,
        },
        Pair {
            label: cx.say("plan-responsible"),
            value: task.responsible.as_deref().map(typeset),
        },
    ];
    // An item without guiding bodies has none: the printed cell is empty, not unknown.
    pairs.extend(guidance.map(|value| Pair {
        label: cx.say("plan-guidance"),
        value: Some(value),
    }));
    Row {
        label: String::new(),
        inferred: false,
        value: RowValue::Keyed(pairs),
    }
}
