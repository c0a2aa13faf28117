use std::path::Path;
use std::sync::LazyLock;

use catalog::record::Kind;

use super::*;

static RECORDS: LazyLock<Vec<Record>> = LazyLock::new(|| {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample");
    catalog::source::load(&sample).unwrap().records
});

fn meta() -> Meta {
    Meta {
        generation: 12,
        schema: catalog::store::SCHEMA,
        published_at: "2026-11-21T17:00:00Z".parse().unwrap(),
        public_url: None,
    }
}

fn page(id: &str) -> String {
    let record = RECORDS.iter().find(|record| record.id().as_str() == id).unwrap();
    PhonePages::new(&RECORDS).page(record, &meta()).unwrap()
}

/// All pages with their records.
fn pages() -> impl Iterator<Item = (&'static Record, String)> {
    let pages = PhonePages::new(&RECORDS);
    RECORDS
        .iter()
        .filter_map(move |record| pages.page(record, &meta()).map(|page| (record, page)))
}

#[test]
fn every_public_record_has_a_page_and_no_other() {
    let public = RECORDS.iter().filter(|record| record.kind().is_public_page());
    assert_eq!(pages().count(), public.count());
}

#[test]
fn a_page_runs_and_loads_nothing() {
    for (record, page) in pages() {
        for sign in [
            "<script",
            "<img",
            "<iframe",
            "@import",
            "url(",
            "<form",
            "javascript:",
            " onload",
        ] {
            assert!(!page.contains(sign), "{} has {sign}", record.id());
        }
    }
}

#[test]
fn a_page_says_whose_it_is_and_as_of_when() {
    for (record, page) in pages() {
        // 17:00 UTC is the next day in Beijing.
        for part in ["发布单位", "2026-11-22", "整理方式", record.id().as_str()] {
            assert!(page.contains(part), "{} lacks {part}", record.id());
        }
    }
}

#[test]
fn links_lead_to_pages_that_exist() {
    let exists = |id: &str| {
        let record = RECORDS.iter().find(|record| record.id().as_str() == id);
        record.is_some_and(|record| record.kind().is_public_page())
    };
    for (record, page) in pages() {
        for target in page.split("href=\"../../i/").skip(1) {
            let id = target.split('/').next().unwrap();
            assert!(exists(id), "{} links to {id}", record.id());
        }
    }
}

#[test]
fn links_work_with_and_without_a_slash_at_the_end_of_the_address() {
    let way = super::parts::way_to(&RecordId::try_from("law-1").unwrap());
    for (from, to) in [
        ("http://example.org/i/guide-1", "http://example.org/i/law-1/"),
        ("http://example.org/i/guide-1/", "http://example.org/i/law-1/"),
        (
            "http://example.org/open/i/guide-1/",
            "http://example.org/open/i/law-1/",
        ),
    ] {
        assert_eq!(url::Url::parse(from).unwrap().join(&way).unwrap().as_str(), to);
    }
}

#[test]
fn a_cited_article_can_be_jumped_to() {
    assert!(page("law-3141").contains("<section id=\"a29\">"));
    assert!(page("guide-001").contains("href=\"../../i/law-2685/#a7\""));
}

#[test]
fn what_the_source_does_not_give_is_said_to_be_missing() {
    assert!(page("guide-001").contains("未提供"));
    assert!(page("guide-010").contains("依据的法规已修订"));
}

#[test]
fn text_of_the_source_cannot_become_markup() {
    let mut record = RECORDS
        .iter()
        .find(|record| record.kind() == Kind::Guide)
        .unwrap()
        .clone();
    if let Record::Guide(guide) = &mut record {
        guide.name = "<script>alert(1)</script>".to_owned();
        guide.summary = "\"><b>".to_owned();
    }
    let page = PhonePages::new(&RECORDS).page(&record, &meta()).unwrap();
    assert!(!page.contains("<script") && !page.contains("<b>"));
}

#[test]
fn pages_are_small() {
    for (record, page) in pages() {
        let most = if record.kind() == Kind::Document {
            260_000
        } else {
            90_000
        };
        assert!(page.len() < most, "{} has {} bytes", record.id(), page.len());
    }
}

#[test]
fn both_languages_have_the_same_words() {
    let keys = |text: &str| -> Vec<String> {
        let lines = text.lines().filter_map(|line| line.split_once(" = "));
        lines.map(|(key, _)| key.to_owned()).collect()
    };
    assert_eq!(keys(words::CHINESE), keys(words::ENGLISH));
    let source = [
        include_str!("dataset.rs"),
        include_str!("document.rs"),
        include_str!("entry.rs"),
        include_str!("form.rs"),
        include_str!("guide.rs"),
        include_str!("parts.rs"),
        include_str!("plain.rs"),
        include_str!("shell.rs"),
    ];
    for call in ["both(\"", "zh(\"", "en(\"", "row(\"", "fact(\"", "section(\""] {
        for used in source.iter().flat_map(|text| text.split(call).skip(1)) {
            let key = used.split('"').next().unwrap();
            assert!(keys(words::CHINESE).contains(&key.to_owned()), "{key} is missing");
        }
    }
}
