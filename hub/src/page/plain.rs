//! Pages of few fields: interpretations, service items, plans.

use catalog::record::{Interpretation, Plan, ServiceItem};
use maud::{Markup, html};

use super::parts::{optional_row, related, row};
use super::words::{both, set};

pub(super) fn interpretation(interpretation: &Interpretation) -> Markup {
    let policy = interpretation.links.first().map(|link| link.title.as_str());
    html! {
        dl.rows {
            (row("interprets", policy))
            (row("form", Some(&interpretation.form)))
            (row("published", interpretation.published.as_deref()))
        }
        article { @for paragraph in &interpretation.paragraphs { p { (set(paragraph)) } } }
        (related(&interpretation.links))
    }
}

pub(super) fn service_item(item: &ServiceItem) -> Markup {
    let source = item.provenance.source.as_ref();
    html! {
        dl.rows {
            (row("department", Some(&item.department)))
            (row("place", source.and_then(|source| source.jurisdiction.as_deref())))
            (optional_row("main-item", item.main_item.as_deref()))
            (row("item-code", Some(&item.item_code)))
        }
        @if let Some(url) = source.and_then(|source| source.url.as_deref()) {
            p { a href=(url) rel="noreferrer" { (both("open-page")) } }
        }
    }
}

pub(super) fn plan(plan: &Plan) -> Markup {
    html! {
        @if let Some(note) = &plan.note { p { (set(note)) } }
        ol.list {
            @for task in &plan.tasks {
                li {
                    strong { (task.item_no) ". " (set(&task.item)) }
                    dl.rows {
                        (row("main-item", Some(&task.task)))
                        (row("responsible", task.responsible.as_deref()))
                        (optional_row("guidance", Some(task.guidance.join("、").as_str()).filter(|text| !text.is_empty())))
                        (row("deadline", Some(&task.deadline)))
                    }
                }
            }
        }
        (related(&plan.links))
    }
}
