//! What each list holds.

use catalog::record::{DocumentType, Group, Kind, LifeEvent, Record, RecordId};
use catalog::store::Filter;

use super::super::area_name;
use super::line::{Line, in_language, type_key};
use crate::App;
use crate::navigation::{List, Place};
use crate::ui::ListShape;
use crate::words::Words;

/// A list before it is shown.
#[derive(Debug, Clone, Default)]
pub(super) struct Listing {
    pub(super) crumb: String,
    pub(super) title: String,
    pub(super) remark: String,
    pub(super) tabs: Vec<Tab>,
    pub(super) shape: ListShape,
    pub(super) lines: Vec<Line>,
    /// What to say when there is no line.
    pub(super) empty: String,
}

/// A tab above a list.
#[derive(Debug, Clone)]
pub(super) struct Tab {
    pub(super) text: String,
    pub(super) count: Option<u64>,
    pub(super) selected: bool,
    /// Where it leads.
    pub(super) place: Place,
}

/// The kinds of an area, in the order of their tabs.
const KINDS_OF_AREA: [Kind; 3] = [Kind::Entry, Kind::Guide, Kind::Dataset];

const DOCUMENT_TYPES: [DocumentType; 5] = [
    DocumentType::Law,
    DocumentType::Regulation,
    DocumentType::Rule,
    DocumentType::StateCouncil,
    DocumentType::Normative,
];

/// The list `list`.
pub(super) fn list(app: &App, list: &List) -> Listing {
    let (words, content) = (app.words(), app.content());
    let of_kind = |kind: Kind| -> Vec<Line> {
        content
            .of_kind(kind)
            .into_iter()
            .map(|summary| Line::Record(summary.id))
            .collect()
    };
    let (title, tabs, shape, lines) = match list {
        List::Events | List::Audiences | List::GuideAreas | List::Guides | List::ServiceItems => {
            let (shape, lines) = match list {
                List::Events => (ListShape::Panes, groups(app, Group::Event)),
                List::Audiences => (ListShape::Panes, groups(app, Group::Audience)),
                List::GuideAreas => (ListShape::Panes, areas_with_guides(app)),
                List::Guides => (ListShape::Rows, of_kind(Kind::Guide)),
                _ => (ListShape::Rows, of_kind(Kind::ServiceItem)),
            };
            ("kind-guides", guide_tabs(app, list), shape, lines)
        }
        List::Documents(doc_type) => {
            let chosen = |id: &RecordId| doc_type.is_none() || content.document_type(id) == *doc_type;
            let mut lines = of_kind(Kind::Document);
            lines.retain(|line| matches!(line, Line::Record(id) if chosen(id)));
            ("kind-documents", document_tabs(app, list), ListShape::Rows, lines)
        }
        List::Plans => (
            "kind-documents",
            document_tabs(app, list),
            ListShape::Rows,
            of_kind(Kind::Plan),
        ),
        List::Entries => ("kind-entries", Vec::new(), ListShape::Rows, of_kind(Kind::Entry)),
        List::Interpretations => (
            "kind-interpretations",
            Vec::new(),
            ListShape::Rows,
            of_kind(Kind::Interpretation),
        ),
        List::Datasets => (
            "kind-datasets",
            Vec::new(),
            ListShape::Rows,
            of_kind(Kind::Dataset),
        ),
        List::Concerning(id) => return concerning(app, id),
        List::GuidesOf(id) => return guides_of(app, id),
    };
    Listing {
        title: words.get(title),
        tabs,
        shape,
        ..listed(&words, lines)
    }
}

/// What one area holds of a kind.
pub(super) fn area(app: &App, id: &RecordId, kind: Option<Kind>) -> Listing {
    let (words, content) = (app.words(), app.content());
    let first = KINDS_OF_AREA
        .into_iter()
        .find(|kind| content.count_in(id, *kind) > 0);
    let selected = kind.or(first).unwrap_or(Kind::Entry);
    let lines = content
        .list(&Filter {
            kind: Some(selected),
            area: Some(id.clone()),
        })
        .into_iter()
        .map(|summary| Line::Record(summary.id))
        .collect();
    Listing {
        crumb: words.get("home-areas"),
        title: content
            .area(id)
            .map_or_else(String::new, |area| area_name(area, words.language())),
        tabs: KINDS_OF_AREA
            .into_iter()
            .map(|kind| Tab {
                text: words.get(kind_key(kind)),
                count: Some(content.count_in(id, kind)),
                selected: kind == selected,
                place: Place::Area {
                    id: id.clone(),
                    kind: Some(kind),
                },
            })
            .collect(),
        ..listed(&words, lines)
    }
}

/// The pages collected in this visit.
pub(super) fn my_list(app: &App) -> Listing {
    let words = app.words();
    Listing {
        crumb: words.get("my-list-hint"),
        title: words.get("my-list-title"),
        empty: words.get("my-list-nothing"),
        ..listed(
            &words,
            app.session().list().iter().cloned().map(Line::Record).collect(),
        )
    }
}

/// What concerns a life event or a group: guides, then documents, then areas.
fn concerning(app: &App, id: &RecordId) -> Listing {
    let words = app.words();
    let Some(Record::LifeEvent(event)) = app.content().record(id) else {
        return listed(&words, Vec::new());
    };
    let title = in_language(&event.name, words.language());
    let LifeEvent {
        guides,
        documents,
        areas,
        group,
        ..
    } = event;
    let records = guides.into_iter().chain(documents).map(Line::Record);
    Listing {
        crumb: crumb(
            &words,
            match group {
                Group::Event => "list-by-event",
                Group::Audience => "list-by-audience",
            },
        ),
        title,
        ..listed(&words, records.chain(areas.into_iter().map(Line::Area)).collect())
    }
}

fn guides_of(app: &App, id: &RecordId) -> Listing {
    let (words, content) = (app.words(), app.content());
    let guides = content.list(&Filter {
        kind: Some(Kind::Guide),
        area: Some(id.clone()),
    });
    Listing {
        crumb: crumb(&words, "list-by-area"),
        title: content
            .area(id)
            .map_or_else(String::new, |area| area_name(area, words.language())),
        ..listed(
            &words,
            guides
                .into_iter()
                .map(|summary| Line::Record(summary.id))
                .collect(),
        )
    }
}

fn crumb(words: &Words, key: &str) -> String {
    format!("{} › {}", words.get("kind-guides"), words.get(key))
}

fn listed(words: &Words, lines: Vec<Line>) -> Listing {
    Listing {
        remark: match lines.len() {
            0 => String::new(),
            count => words.count("list-remark", count as u64),
        },
        empty: words.get("list-empty"),
        lines,
        ..Listing::default()
    }
}

fn groups(app: &App, wanted: Group) -> Vec<Line> {
    let content = app.content();
    let mut groups: Vec<LifeEvent> = content
        .of_kind(Kind::LifeEvent)
        .into_iter()
        .filter_map(|summary| match content.record(&summary.id) {
            Some(Record::LifeEvent(event)) if event.group == wanted => Some(event),
            _ => None,
        })
        .collect();
    groups.sort_by_key(|event| event.order);
    groups.into_iter().map(|event| Line::Group(event.id)).collect()
}

fn areas_with_guides(app: &App) -> Vec<Line> {
    let content = app.content();
    content
        .areas()
        .iter()
        .filter(|area| content.count_in(&area.id, Kind::Guide) > 0)
        .map(|area| Line::GuidesOf(area.id.clone()))
        .collect()
}

fn guide_tabs(app: &App, selected: &List) -> Vec<Tab> {
    let (words, content) = (app.words(), app.content());
    [
        ("list-by-event", None, List::Events),
        ("list-by-audience", None, List::Audiences),
        ("list-by-area", None, List::GuideAreas),
        ("list-all", Some(content.count(Kind::Guide)), List::Guides),
        (
            "kind-service-items",
            Some(content.count(Kind::ServiceItem)),
            List::ServiceItems,
        ),
    ]
    .into_iter()
    .map(|(key, count, list)| Tab {
        text: words.get(key),
        count,
        selected: list == *selected,
        place: Place::List(list),
    })
    .collect()
}

fn document_tabs(app: &App, selected: &List) -> Vec<Tab> {
    let (words, content) = (app.words(), app.content());
    let documents = content.of_kind(Kind::Document);
    let of_type = |doc_type| {
        documents
            .iter()
            .filter(|summary| content.document_type(&summary.id) == Some(doc_type))
            .count() as u64
    };
    let all = ("list-all", documents.len() as u64, List::Documents(None));
    let types = DOCUMENT_TYPES
        .map(|doc_type| {
            (
                type_key(doc_type),
                of_type(doc_type),
                List::Documents(Some(doc_type)),
            )
        })
        .into_iter()
        .filter(|(_, count, _)| *count > 0);
    let plans = ("kind-plans", content.count(Kind::Plan), List::Plans);
    std::iter::once(all)
        .chain(types)
        .chain((plans.1 > 0).then_some(plans))
        .map(|(key, count, list)| Tab {
            text: words.get(key),
            count: Some(count),
            selected: list == *selected,
            place: Place::List(list),
        })
        .collect()
}

/// The key of a kind's name in the plural.
const fn kind_key(kind: Kind) -> &'static str {
    match kind {
        Kind::Guide => "kind-guides",
        Kind::Document => "kind-documents",
        Kind::Interpretation => "kind-interpretations",
        Kind::Dataset => "kind-datasets",
        Kind::ServiceItem => "kind-service-items",
        Kind::Plan => "kind-plans",
        Kind::Form => "kind-forms",
        Kind::Area | Kind::LifeEvent => "kind-areas",
        _ => "kind-entries",
    }
}
