//! Several records on one slip: of each what a resident needs most.

use catalog::record::Record;
use hardware::slip::{Element, RuleWeight, TextStyle};

use super::composer::Composer;
use super::{dataset, document, entry, guide, kind_key, service_item};

pub(super) fn body(composer: &mut Composer<'_>, records: &[Record]) {
    let title = composer.say_with("list-title", [("count", records.len().into())]);
    composer.push(Element::Title { text: title });
    for (number, record) in (1_u32..).zip(records) {
        if number > 1 {
            composer.push(Element::Rule {
                weight: RuleWeight::Medium,
            });
        }
        let kind = composer.say(&kind_key(record.kind()));
        composer.push(Element::Kicker {
            text: format!("{kind}\u{3000}{}", record.id()),
        });
        composer.paragraph(&format!("{number}. {}", record.title()), TextStyle::Strong);
        brief(composer, record);
    }
}

fn brief(composer: &mut Composer<'_>, record: &Record) {
    match record {
        Record::Guide(guide) => {
            composer.notice(&guide.validity);
            guide::facts(composer, guide);
            guide::materials(composer, guide, &[]);
        }
        Record::Entry(entry) => {
            let rows = entry::short_columns(composer, entry);
            composer.rows(rows);
        }
        Record::Document(document) => {
            composer.notice(&document.validity);
            let rows = document::about(composer, document);
            composer.rows(rows);
        }
        Record::Dataset(dataset) => {
            let rows = dataset::about(composer, dataset);
            composer.rows(rows);
        }
        Record::ServiceItem(item) => {
            let rows = service_item::about(composer, item);
            composer.rows(rows);
        }
        Record::Interpretation(interpretation) => {
            composer.running_text(interpretation.paragraphs.iter().map(String::as_str).take(1), 200);
        }
        Record::Plan(plan) => {
            let count = composer.say_with("plan-tasks", [("count", plan.tasks.len().into())]);
            composer.body(&count);
        }
        _ => {}
    }
}
