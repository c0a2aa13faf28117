//! Every public record of the sample as a slip.

use std::path::Path;

use catalog::Language;
use catalog::record::{Kind, Record, RecordId};
use catalog::release::Signature;
use hardware::slip::{Element, Fonts, Layout, Paper, Size, render};
use sync_agent::print::compose::{ComposeError, Context, Request, compose};

fn sample() -> Vec<Record> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../hub/sample");
    catalog::source::load(&folder).expect("the sample").records
}

fn slip(records: &[Record], language: Language, size: Size, ticks: &[u32]) -> Result<Layout, ComposeError> {
    slip_of(Signature::Verified, records, language, size, ticks)
}

fn slip_of(
    signature: Signature,
    records: &[Record],
    language: Language,
    size: Size,
    ticks: &[u32],
) -> Result<Layout, ComposeError> {
    let context = Context {
        place: "斜塘街道",
        public_url: None,
        as_of: "2026-11-22".parse().expect("a date"),
        signature,
        printed_at: "2026-11-23T09:41:00".parse().expect("a time"),
        area: &|_: &RecordId| None,
    };
    compose(
        &Request {
            records,
            article: None,
            ticks,
            language,
            size,
        },
        &context,
    )
}

fn text(layout: &Layout) -> String {
    serde_json::to_string(layout).expect("a layout is JSON")
}

#[test]
fn every_public_record_composes_in_both_languages_and_sizes() {
    for record in sample().iter().filter(|record| record.kind().is_public_page()) {
        for language in Language::ALL {
            for size in [Size::Normal, Size::Large] {
                let layout = slip(std::slice::from_ref(record), language, size, &[]).unwrap();
                assert!(
                    layout
                        .elements
                        .iter()
                        .any(|element| matches!(element, Element::Qr { .. }))
                );
                assert!(text(&layout).contains(record.id().as_str()));
            }
        }
    }
}

#[test]
fn a_slip_of_every_kind_renders_without_a_missing_character() {
    let fonts = Fonts::system().unwrap();
    let sample = sample();
    for kind in Kind::ALL.into_iter().filter(|kind| kind.is_public_page()) {
        let record = sample.iter().find(|record| record.kind() == kind).unwrap();
        let layout = slip(std::slice::from_ref(record), Language::Zh, Size::Normal, &[]).unwrap();
        let rendering = render(&layout, Paper::Mm80, &fonts).unwrap();
        assert_eq!(
            (rendering.sheets.len(), rendering.missing),
            (1, vec![]),
            "{kind:?}"
        );
    }
}

#[test]
fn what_the_source_does_not_give_is_said_and_ticks_are_kept() {
    let sample = sample();
    let guide = sample
        .iter()
        .find(|record| record.id().as_str() == "guide-006")
        .unwrap();
    let layout = slip(std::slice::from_ref(guide), Language::Zh, Size::Normal, &[1]).unwrap();
    let unknown = layout.elements.iter().any(|element| match element {
        Element::Rows { rows } => rows
            .iter()
            .any(|row| row.label == "地址" && row.value == "未提供"),
        _ => false,
    });
    assert!(unknown);
    let ticked: Vec<bool> = layout
        .elements
        .iter()
        .filter_map(|element| match element {
            Element::Tick { ticked, .. } => Some(*ticked),
            _ => None,
        })
        .collect();
    assert_eq!(ticked, [false, true, false, false]);
}

#[test]
fn a_list_is_one_slip_with_one_code_and_vocabularies_are_not_printed() {
    let sample = sample();
    let guides: Vec<Record> = sample
        .iter()
        .filter(|record| record.kind() == Kind::Guide)
        .take(3)
        .cloned()
        .collect();
    let layout = slip(&guides, Language::En, Size::Normal, &[]).unwrap();
    let codes = layout
        .elements
        .iter()
        .filter(|element| matches!(element, Element::Qr { .. }))
        .count();
    assert_eq!(codes, 1);
    assert!(
        guides
            .iter()
            .all(|guide| text(&layout).contains(guide.id().as_str()))
    );

    let glossary = sample
        .iter()
        .find(|record| record.kind() == Kind::Glossary)
        .unwrap();
    let error = slip(std::slice::from_ref(glossary), Language::Zh, Size::Normal, &[]).unwrap_err();
    assert_eq!(error, ComposeError::NotPublic(glossary.id().clone()));
    assert_eq!(
        slip(&[], Language::Zh, Size::Normal, &[]).unwrap_err(),
        ComposeError::Empty
    );
}

#[test]
fn a_slip_claims_a_signature_only_where_one_was_verified() {
    let records = sample();
    let guide = records
        .iter()
        .find(|record| record.kind() == Kind::Guide)
        .unwrap();
    let printed = |signature| {
        let slip = slip_of(
            signature,
            std::slice::from_ref(guide),
            Language::Zh,
            Size::Normal,
            &[],
        );
        format!("{:?}", slip.unwrap())
    };
    assert!(printed(Signature::Verified).contains("签名已验证"));
    assert!(!printed(Signature::Absent).contains("签名"));
}
