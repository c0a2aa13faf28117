//! Tables of tasks.

use catalog::record::Plan;
use hardware::slip::Element;

use super::composer::Composer;

/// Rows that a slip shows: about two metres of paper.
const ROWS: usize = 40;

pub(super) fn body(composer: &mut Composer<'_>, plan: &Plan) {
    composer.title(&plan.title, None);
    if let Some(note) = &plan.note {
        composer.paragraph(note, hardware::slip::TextStyle::Small);
    }
    let heading = composer.say_with("plan-tasks", [("count", plan.tasks.len().into())]);
    composer.push(Element::Heading { text: heading });
    // A printed cell that is merged with the one above has the same value.
    let mut responsible = None;
    for (number, task) in (1..).zip(plan.tasks.iter().take(ROWS)) {
        responsible = task.responsible.as_deref().or(responsible);
        let who = composer.or_unknown(responsible);
        let mut details = vec![composer.say_with("plan-responsible", [("who", who.into())])];
        if !task.guidance.is_empty() {
            details.push(composer.say_with("plan-guidance", [("who", composer.list(&task.guidance).into())]));
        }
        details.push(composer.say_with("plan-deadline", [("when", task.deadline.as_str().into())]));
        composer.push(Element::Numbered {
            number,
            title: composer.set(&task.item),
            details,
        });
    }
    if plan.tasks.len() > ROWS {
        let more = composer.say("continues");
        composer.body(&more);
    }
}
