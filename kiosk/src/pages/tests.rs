//! Every record of the sample makes a page, in both languages and both densities.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::LazyLock;

use catalog::record::{Record, RecordId};
use terminal_api::interface::Language;

use super::content::{
    Block, Context, DatasetState, DatasetTab, Density, Lookup, Measure, Page, Room, RowValue, screens,
};
use super::document::reading::{Place, Reading};
use super::{dataset, document, entry, form, guide, interpretation, plan, service_item};
use crate::words::Words;

static SAMPLE: LazyLock<Sample> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../hub/sample");
    let records = catalog::source::load(&folder).expect("the sample can be read").records;
    Sample(records.into_iter().map(|record| (record.id().clone(), record)).collect())
});

struct Sample(BTreeMap<RecordId, Record>);

impl Lookup for Sample {
    fn record(&self, id: &RecordId) -> Option<Record> {
        self.0.get(id).cloned()
    }
}

/// Every line 50 pixels, every character as wide as text is high.
struct Ruler;

impl Measure for Ruler {
    fn height(&mut self, block: &Block, width: f32) -> f32 {
        let per_line = (width / 32.0).floor().max(1.0);
        match block {
            Block::TableRow { height, .. } => *height,
            block => block.running_text().map_or(120.0, |text| {
                (text.chars().count() as f32 / per_line).ceil().max(1.0) * 50.0
            }),
        }
    }
}

const ROOM: Room = Room { width: 984.0, height: 1200.0, pressed: None };

fn with<T>(language: Language, density: Density, dataset: &DatasetState, build: impl FnOnce(&Context<'_>) -> T) -> T {
    let words = Words::new(language);
    build(&Context {
        words: &words,
        records: &*SAMPLE,
        language,
        density,
        width: 984.0,
        text_size: 32.0,
        as_of: Some(jiff::civil::date(2026, 11, 22)),
        ticks: &BTreeSet::from([0]),
        dataset,
    })
}

fn page(record: &Record, cx: &Context<'_>) -> Option<Page> {
    Some(match record {
        Record::Guide(record) => guide::page(record, cx),
        Record::Entry(record) => entry::page(record, cx),
        Record::Interpretation(record) => interpretation::page(record, cx),
        Record::Dataset(record) => dataset::page(record, cx),
        Record::ServiceItem(record) => service_item::page(record, cx),
        Record::Plan(record) => plan::page(record, cx),
        Record::Form(record) => form::page(record, cx),
        _ => return None,
    })
}

fn blocks(page: &Page) -> Vec<Block> {
    page.identity.iter().chain(&page.body).cloned().collect()
}

fn named(id: &str) -> &'static Record {
    &SAMPLE.0[&RecordId::try_from(id).unwrap()]
}

#[test]
fn every_record_makes_a_page_that_says_where_it_comes_from() {
    for language in [Language::Zh, Language::En] {
        for density in [Density::Normal, Density::Large] {
            for record in SAMPLE.0.values() {
                with(language, density, &DatasetState::default(), |cx| {
                    let Some(page) = page(record, cx) else { return };
                    let id = record.id();
                    assert!(!page.head.title.is_empty(), "{id} has no title");
                    assert_eq!(page.provenance.len(), 5, "{id}");
                    assert_eq!(page.provenance[3].value.as_deref(), Some("2026-11-22"), "{id}");
                    let blocks = blocks(&page);
                    assert!(!blocks.is_empty(), "{id} is empty");
                    let headings = blocks.windows(2).filter(|pair| {
                        matches!(pair, [Block::Heading { .. }, Block::Heading { .. }])
                    });
                    assert_eq!(headings.count(), 0, "{id} has a section without content");
                    assert!(!matches!(blocks.last(), Some(Block::Heading { .. })), "{id} ends in a heading");
                });
            }
        }
    }
}

#[test]
fn no_text_of_a_page_is_lost_between_its_screens() {
    let characters = |blocks: &[Block]| -> usize {
        let texts = blocks.iter().filter_map(Block::running_text);
        texts.map(|text| text.chars().filter(|c| !c.is_whitespace()).count()).sum()
    };
    for record in SAMPLE.0.values() {
        with(Language::Zh, Density::Normal, &DatasetState::default(), |cx| {
            let Some(page) = page(record, cx) else { return };
            let blocks = blocks(&page);
            let cut = screens(&blocks, ROOM, &mut Ruler);
            let shown: usize = cut.iter().map(|screen| characters(&screen.blocks)).sum();
            assert_eq!(characters(&blocks), shown, "{}", record.id());
            for screen in &cut {
                let last = screen.blocks.last();
                assert!(last.is_some_and(|block| !block.leads() || screen.blocks.len() == 1), "{}", record.id());
            }
        });
    }
}

#[test]
fn what_the_publisher_left_blank_keeps_its_place() {
    with(Language::Zh, Density::Normal, &DatasetState::default(), |cx| {
        let page = page(named("guide-001"), cx).unwrap();
        let blocks = blocks(&page);
        let facts = blocks.iter().find_map(|block| match block {
            Block::Facts(facts) => Some(facts),
            _ => None,
        });
        assert_eq!(facts.unwrap().len(), 3);
        assert!(facts.unwrap()[2].figure.is_none(), "no limit is promised");
        let unknown = blocks.iter().filter(|block| {
            matches!(block, Block::Row(row) if row.value == RowValue::Unknown)
        });
        assert!(unknown.count() >= 4, "address, hours, telephones");
    });
}

#[test]
fn a_guide_on_an_old_text_says_so_first() {
    with(Language::Zh, Density::Normal, &DatasetState::default(), |cx| {
        let page = page(named("guide-010"), cx).unwrap();
        assert!(matches!(page.identity.first(), Some(Block::Notice { .. })));
    });
}

#[test]
fn large_text_shows_two_facts_and_what_to_bring_first() {
    with(Language::Zh, Density::Large, &DatasetState::default(), |cx| {
        let page = page(named("guide-006"), cx).unwrap();
        assert!(page.identity.iter().any(|block| matches!(block, Block::Facts(facts) if facts.len() == 2)));
        assert!(matches!(page.body.get(1), Some(Block::Checks(_))));
    });
}

#[test]
fn a_basis_opens_only_where_its_full_text_is() {
    let (mut opens, mut absent) = (0, 0);
    for record in SAMPLE.0.values() {
        with(Language::Zh, Density::Normal, &DatasetState::default(), |cx| {
            let Some(page) = page(record, cx) else { return };
            for block in blocks(&page) {
                if let Block::Row(super::content::Row { value: RowValue::Citation { opens: target, .. }, .. }) = block {
                    match target {
                        Some(id) => {
                            assert!(matches!(SAMPLE.record(&id), Some(Record::Document(_))), "{id}");
                            opens += 1;
                        }
                        None => absent += 1,
                    }
                }
            }
        });
    }
    assert!(opens > 100 && absent > 100, "{opens} open, {absent} do not");
}

#[test]
fn a_data_set_shows_its_rows_its_columns_and_one_row_whole() {
    let record = named("od-hb-1");
    let Record::Dataset(data) = record else { panic!("a data set") };
    let count = |state: DatasetState, wanted: &dyn Fn(&Block) -> bool| {
        with(Language::Zh, Density::Normal, &state, |cx| {
            blocks(&page(record, cx).unwrap()).iter().filter(|block| wanted(block)).count()
        })
    };
    let rows = count(DatasetState::default(), &|block| matches!(block, Block::TableRow { .. }));
    assert_eq!(rows, data.rows.len());
    let fields = DatasetState { tab: DatasetTab::Fields, ..DatasetState::default() };
    assert_eq!(count(fields, &|block| matches!(block, Block::Row(_))), data.columns.len());
    let whole = DatasetState { row: Some(0), ..DatasetState::default() };
    assert_eq!(count(whole, &|block| matches!(block, Block::Row(_))), data.columns.len());
}

#[test]
fn every_document_can_be_read_to_its_end() {
    let room = Room { width: 640.0, height: 640.0, pressed: None };
    for record in SAMPLE.0.values() {
        let Record::Document(document) = record else { continue };
        let reading = Reading::new(document, None);
        let mut place = Place::default();
        for _ in 0..20_000 {
            match reading.show(place, room, &mut Ruler).next {
                Some(next) => {
                    assert!(next > place, "{}", document.id);
                    place = next;
                }
                None => break,
            }
        }
        assert!(reading.show(place, room, &mut Ruler).next.is_none(), "{} has no end", document.id);
        for index in 0..reading.article_count() {
            let at = reading.article_place(index).unwrap();
            let shown = reading.show(at, room, &mut Ruler).blocks;
            assert!(
                shown.iter().any(|block| matches!(block, Block::Article { number: Some(_), .. })),
                "{} article {index}",
                document.id
            );
        }
    }
}

#[test]
fn a_cited_article_is_found_and_marked() {
    let Record::Document(law) = named("law-3088") else { panic!("a law") };
    let cited = "第九条".to_owned().try_into().unwrap();
    let reading = Reading::new(law, Some(cited));
    let place = reading.article_place(reading.find(cited).unwrap()).unwrap();
    let shown = reading.show(place, ROOM, &mut Ruler).blocks;
    assert!(shown.iter().any(|block| matches!(block, Block::Article { number: Some(number), cited: true, .. } if *number == cited)));
    with(Language::Zh, Density::Normal, &DatasetState::default(), |cx| {
        assert!(!document::about(law, cx).is_empty());
    });
}
