//! The page of a form: what will be asked, and the rules.

use catalog::record::{Field, Form};
use maud::{Markup, html};

use super::parts::{anchor, section, way_to};
use super::words::{both, set};

pub(super) fn content(form: &Form) -> Markup {
    let (document, article) = &form.basis;
    html! {
        @if let Some(note) = &form.note { p { (set(note)) } }
        @for applicant in &form.applicant_types {
            h2 { (set(&applicant.name)) }
            (fields(&applicant.fields))
        }
        h2 { (both("fields-request")) }
        (fields(&form.request_fields))
        (section("rules", (!form.rules.is_empty()).then(|| html! {
            @for rule in &form.rules {
                details {
                    summary { (set(&rule.topic)) " " span.art { (rule.article.to_string()) } }
                    @for line in rule.text.lines() { p { (set(line)) } }
                }
            }
        })))
        (section("legal-basis", Some(html! {
            p { a href={ (way_to(document)) "#" (anchor(*article)) } { (article.to_string()) } }
        })))
    }
}

fn fields(fields: &[Field]) -> Markup {
    html! {
        ul {
            @for field in fields {
                li {
                    (set(&field.label))
                    @if field.required { " " strong { (both("required")) } }
                    @if !field.options.is_empty() { span.why { (set(&field.options.join("、"))) } }
                }
            }
        }
    }
}
