//! What all pages have around their content.

use catalog::record::{Provenance, ProvenanceMark, Record};
use catalog::store::Meta;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::Context;
use super::parts::{markup_row, optional_row, row, validity, validity_banner};
use super::words::{both, both_with, en, set, zh};

const STYLE: &str = include_str!("style.css");

/// The mark: a window with one pane lit.
const MARK: &str = r##"<svg width="24" height="24" viewBox="0 0 44 44" aria-hidden="true"><path fill="#fff" d="M0 0h44v44H0zm4 4v20h12V4zm0 24v12h12V28zm16 0v12h20V28z"/><path fill="#f3b73b" d="M20 4h20v20H20z"/></svg>"##;

/// Nothing but the page itself may be loaded or run.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

pub(super) fn record_page(record: &Record, context: &Context, body: &Markup) -> String {
    let kind = format!("kind-{}", record.kind().as_str());
    let main = html! {
        p.kind {
            (both(&kind))
            @if let Some(area) = context.area {
                "　" (area.name)
                @if let Some(english) = &area.name_en { " " span lang="en" { (english) } }
            }
        }
        h1 { (set(record.title())) }
        @if let Some(english) = english_title(record) { p lang="en" { (english) } }
        @if let Some(state) = record.validity() { (validity_banner(state)) }
        (body)
    };
    page(record.title(), &main, &footer(record, context.meta))
}

fn english_title(record: &Record) -> Option<&str> {
    match record {
        Record::Guide(guide) => guide.name_en.as_deref(),
        Record::Entry(entry) => entry.name_en.as_deref(),
        Record::Document(document) => document.title_en.as_deref(),
        Record::Dataset(dataset) => dataset.title_en.as_deref(),
        _ => None,
    }
}

/// Who says so, where it was taken from, whether it is in force, and as of when.
fn footer(record: &Record, meta: &Meta) -> Markup {
    html! {
        h2 { (both("provenance")) }
        dl.rows {
            (row("publisher", record.publisher()))
            @if let Some(provenance) = record.provenance() { (source(provenance)) }
            @if let Some(state) = record.validity() { (markup_row("validity", &validity(state))) }
            (as_of(meta))
            (markup_row("record-id", &html! { (record.id()) }))
        }
    }
}

fn source(provenance: &Provenance) -> Markup {
    let source = provenance.source.as_ref();
    let named = source.map(|source| {
        html! {
            @match &source.url {
                Some(url) => { a href=(url) rel="noreferrer" { (set(&source.title)) } }
                None => { (set(&source.title)) }
            }
            @if let Some(place) = &source.jurisdiction { "　" (set(place)) }
        }
    });
    html! {
        @if let Some(named) = named { (markup_row("source", &named)) }
        (optional_row("source-date", source.and_then(|source| source.date.as_deref())))
        (markup_row("fidelity", &html! {
            (both(mark(provenance.mark)))
            @if provenance.truncated { br; (both("truncated")) }
        }))
    }
}

const fn mark(mark: ProvenanceMark) -> &'static str {
    match mark {
        ProvenanceMark::PageExcerpt => "mark-page-excerpt",
        ProvenanceMark::PageExcerptMirror => "mark-page-excerpt-mirror",
        ProvenanceMark::PageExcerptReprint => "mark-page-excerpt-reprint",
        ProvenanceMark::RepoVerbatim => "mark-repo-verbatim",
        ProvenanceMark::RepoTextFromHtml => "mark-repo-text-from-html",
        ProvenanceMark::LawDerived => "mark-law-derived",
        ProvenanceMark::FieldsFromLaw => "mark-fields-from-law",
        ProvenanceMark::FoundingVerbatim => "mark-founding-verbatim",
        ProvenanceMark::Curated => "mark-curated",
        ProvenanceMark::Generated => "mark-generated",
    }
}

/// The day of the release, in the time of the People's Republic.
fn as_of(meta: &Meta) -> Markup {
    let beijing = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
    let date = meta.published_at.to_zoned(beijing).date().to_string();
    let generation = meta.generation.to_string();
    markup_row(
        "as-of",
        &html! {
            (date) "　" (both_with("generation", &[("n", &generation)]))
        },
    )
}

/// The page at the root of a release.
pub(super) fn home(pages: usize, meta: &Meta) -> String {
    let main = html! {
        h1 style="margin-top:2rem" { (zh("home-title")) }
        p lang="en" { (en("home-title")) }
        p { (both("home-text")) }
        p { (both("home-privacy")) }
    };
    let footer = html! {
        dl.rows {
            (as_of(meta))
            (markup_row("contents", &both_with("home-count", &[("n", &pages.to_string())])))
        }
    };
    page(&zh("home-title"), &main, &footer)
}

/// The page of what is no longer published.
pub(super) fn withdrawn(meta: &Meta) -> String {
    let main = html! {
        h1 style="margin-top:2rem" { (zh("withdrawn-title")) }
        p lang="en" { (en("withdrawn-title")) }
        p { (both("withdrawn-text")) }
    };
    page(
        &zh("withdrawn-title"),
        &main,
        &html! { dl.rows { (as_of(meta)) } },
    )
}

fn page(title: &str, main: &Markup, footer: &Markup) -> String {
    html! {
        (DOCTYPE)
        html lang="zh-CN" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width,initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="referrer" content="no-referrer";
                meta name="format-detection" content="telephone=no";
                link rel="icon" href="data:,";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header { (PreEscaped(MARK)) span { (both("brand")) } }
                main { (main) }
                footer { (footer) }
            }
        }
    }
    .into_string()
}
