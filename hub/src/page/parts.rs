//! Parts that several pages have.

use catalog::record::{ArticleNumber, Link, RecordId, Relation, Validity, ValidityState};
use maud::{Markup, html};

use super::words::{both, both_with, en, set, zh};

/// A section with its heading; nothing when `content` is nothing.
pub(super) fn section(key: &str, content: Option<Markup>) -> Markup {
    html! {
        @if let Some(content) = content {
            h2 { (both(key)) }
            (content)
        }
    }
}

/// 未提供.
pub(super) fn not_provided() -> Markup {
    html! { span.none { (zh("not-provided")) " " span lang="en" { (en("not-provided")) } } }
}

/// A value, or that there is none.
pub(super) fn value(text: Option<&str>) -> Markup {
    match text {
        Some(text) => html! { (set(text)) },
        None => not_provided(),
    }
}

/// A row of a list of fields: a field that every record of the kind should have.
pub(super) fn row(key: &str, text: Option<&str>) -> Markup {
    markup_row(key, &value(text))
}

/// A row that is left out where it does not apply.
pub(super) fn optional_row(key: &str, text: Option<&str>) -> Markup {
    html! { @if text.is_some() { (row(key, text)) } }
}

/// A row with a value of any form.
pub(super) fn markup_row(key: &str, content: &Markup) -> Markup {
    html! {
        dt { (zh(key)) span lang="en" { (en(key)) } }
        dd { (content) }
    }
}

/// A fact of the box at the top.
pub(super) fn fact(key: &str, content: &Markup) -> Markup {
    html! {
        div { dt { (both(key)) } dd { (content) } }
    }
}

/// An unordered list, or nothing.
pub(super) fn bullets<'a>(items: impl Iterator<Item = &'a str>) -> Option<Markup> {
    let items: Vec<&str> = items.collect();
    (!items.is_empty()).then(|| {
        html! { ul { @for item in items { li { (set(item)) } } } }
    })
}

/// The article behind a statement.
pub(super) fn article(number: Option<ArticleNumber>) -> Markup {
    html! { @if let Some(number) = number { " " span.art { (number.to_string()) } } }
}

/// The name of an article in an address: `a29`, `a120-1`.
pub(super) fn anchor(number: ArticleNumber) -> String {
    match number.inserted {
        0 => format!("a{}", number.number),
        inserted => format!("a{}-{inserted}", number.number),
    }
}

/// A warning for a text that is not, or may not be, what is in force.
pub(super) fn validity_banner(validity: &Validity) -> Markup {
    let key = match validity.state {
        ValidityState::InForce | ValidityState::Unknown => return html! {},
        ValidityState::Superseded => "valid-superseded",
        ValidityState::BasisSuperseded => "valid-basis-superseded",
        ValidityState::Repealed => "valid-repealed",
    };
    html! {
        div.warn role="note" {
            strong { (both(key)) }
            @if let Some(note) = &validity.note { p { (set(note)) } }
        }
    }
}

/// Whether a text is in force.
pub(super) fn validity(validity: &Validity) -> Markup {
    match (validity.state, validity.as_of.as_deref()) {
        (ValidityState::InForce, Some(date)) => both_with("valid-as-of", &[("date", date)]),
        (ValidityState::InForce, None) => both("valid-in-force"),
        (ValidityState::Superseded, _) => both("valid-superseded"),
        (ValidityState::BasisSuperseded, _) => both("valid-basis-superseded"),
        (ValidityState::Repealed, _) => both("valid-repealed"),
        (ValidityState::Unknown, _) => not_provided(),
    }
}

/// The way from one page to another. It has to lead there from `i/ID/`, where most web servers send a
/// visitor of `i/ID`, and from `i/ID` itself, where [`crate::serve`] answers at once: a path that climbs
/// above the root of the site stays at the root.
pub(super) fn way_to(id: &RecordId) -> String {
    format!("../../i/{id}/")
}

/// A link to another page, at the first article that is meant.
pub(super) fn link(link: &Link) -> Markup {
    let fragment = link.articles.first().map(|&first| format!("#{}", anchor(first)));
    html! {
        a href={ (way_to(&link.id)) (fragment.unwrap_or_default()) } { (set(&link.title)) }
        @for &number in &link.articles { (article(Some(number))) }
    }
}

/// Related records by relation, folded; legal bases stand in sections of their own.
pub(super) fn related(links: &[Link]) -> Markup {
    const RELATIONS: [(Relation, &str); 8] = [
        (Relation::Interprets, "relation-interprets"),
        (Relation::InterpretedBy, "relation-interpreted-by"),
        (Relation::AnnexOf, "relation-annex-of"),
        (Relation::Annex, "relation-annex"),
        (Relation::BasisOf, "relation-basis-of"),
        (Relation::Guide, "relation-guide"),
        (Relation::Entry, "relation-entry"),
        (Relation::Dataset, "relation-dataset"),
    ];
    let of = |relation| links.iter().filter(move |link| link.relation == relation);
    if RELATIONS
        .iter()
        .all(|&(relation, _)| of(relation).next().is_none())
    {
        return html! {};
    }
    html! {
        h2 { (both("related")) }
        @for (relation, key) in RELATIONS {
            @let count = of(relation).count();
            @if count > 0 {
                details open[count <= 3] {
                    summary { (both(key)) " " span.art { (count) } }
                    ul { @for target in of(relation) { li { (link(target)) } } }
                }
            }
        }
    }
}
