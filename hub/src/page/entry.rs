//! The page of a catalogue line.

use catalog::record::{Audience, Citation, Disclosure, Entry, EntryVariant, InferredField, Level};
use maud::{Markup, html};

use super::parts::{bullets, fact, markup_row, not_provided, related, row, section, value, way_to};
use super::words::{both, set, zh};

pub(super) fn content(entry: &Entry) -> Markup {
    let limit = entry.time_limit.as_ref().map(|limit| limit.raw.as_str());
    html! {
        dl.facts {
            (fact("level1", &html! {
                (set(&entry.level1))
                @if let Some(english) = &entry.level1_en { " " span lang="en" { (english) } }
            }))
            (fact("time-limit", &value(limit)))
            (fact("mode", &html! {
                (both(mode(entry.mode))) (inferred(&entry.inferred, InferredField::Mode))
            }))
        }
        (section("content", bullets(entry.elements.iter().map(String::as_str))))
        (section("legal-basis", Some(basis(entry))))
        h2 { (both("subject")) }
        dl.rows {
            (row("subject", entry.subject.as_deref()))
            (row("channels", entry.channels.as_ref().map(|channels| channels.join("、")).as_deref()))
            (markup_row("audience", &html! {
                (audience(&entry.audience)) (inferred(&entry.inferred, InferredField::Audience))
            }))
            (row("levels", entry.levels.as_deref().map(levels).as_deref()))
        }
        (section("variants", variants(&entry.variants)))
        (related(&entry.links))
    }
}

fn basis(entry: &Entry) -> Markup {
    if entry.citations.is_empty() {
        return html! { p { (value(entry.basis.as_deref())) } };
    }
    html! { ul { @for citation in &entry.citations { li { (cited(citation)) } } } }
}

fn cited(citation: &Citation) -> Markup {
    html! {
        @match &citation.document {
            Some(id) => { a href=(way_to(id)) { "《" (set(&citation.cited)) "》" } }
            None => { "《" (set(&citation.cited)) "》 " span.none { (both("full-text-missing")) } }
        }
        @if let Some(number) = &citation.doc_no { " " span.art { (set(number)) } }
    }
}

const fn mode(mode: Disclosure) -> &'static str {
    match mode {
        Disclosure::Active => "mode-active",
        Disclosure::OnRequest => "mode-on-request",
        Disclosure::Both => "mode-both",
    }
}

fn audience(audience: &[Audience]) -> Markup {
    if audience.is_empty() {
        return not_provided();
    }
    html! {
        @for (index, group) in audience.iter().enumerate() {
            @if index > 0 { "、" }
            @match group {
                Audience::Everyone => { (both("audience-everyone")) }
                Audience::Group(name) => {
                    (both("audience-group"))
                    @if let Some(name) = name { "（" (set(name)) "）" }
                }
            }
        }
    }
}

fn levels(levels: &[Level]) -> String {
    let names = levels.iter().map(|level| match level {
        Level::City => zh("level-city"),
        Level::County => zh("level-county"),
        Level::Township => zh("level-township"),
        Level::Village => zh("level-village"),
        Level::Other(other) => other.clone(),
    });
    names.collect::<Vec<_>>().join("、")
}

/// A remark where the editors filled a column in.
fn inferred(fields: &[InferredField], field: InferredField) -> Markup {
    html! { @if fields.contains(&field) { span.why { (both("inferred")) } } }
}

fn variants(variants: &[EntryVariant]) -> Option<Markup> {
    (!variants.is_empty()).then(|| {
        html! {
            @for variant in variants {
                @let source = variant.provenance.source.as_ref();
                @let place = source.and_then(|source| source.jurisdiction.as_deref());
                details {
                    summary { (set(place.unwrap_or(&variant.level2))) }
                    dl.rows {
                        (row("content", Some(&variant.content)))
                        (row("time-limit", variant.time_limit.as_ref().map(|limit| limit.raw.as_str())))
                        (row("subject", variant.subject.as_deref()))
                        (row("legal-basis", variant.basis.as_deref()))
                        (row("source", source.map(|source| source.title.as_str())))
                    }
                }
            }
        }
    })
}
