//! Any text is a query.

use catalog::search::Query;
use proptest::prelude::*;

use crate::{SAMPLE, search};

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_search_panic_or_mark_outside_of_the_text(text in "\\PC{0,40}") {
        check(&text);
    }

    #[test]
    fn nor_does_any_mixture_of_what_queries_are_made_of(
        text in "([社保公积金户口第条年号令国办发〔〕（）。一二十百a-zA-Z0-9０-９ 　\"'*:()\\[\\]\\\\\u{0}\u{7f}\u{301}\u{fe0f}🎉-]|条例|2017|第二十九条){0,60}"
    ) {
        check(&text);
    }
}

fn check(text: &str) {
    let results = search(text, 20);
    assert!(results.hits.len() <= 20 && results.hits.len() <= results.total);
    assert_eq!(results.counts.values().sum::<usize>(), results.total);
    for hit in &results.hits {
        assert!(hit.score.is_finite());
        assert!(
            hit.highlights
                .iter()
                .all(|range| hit.title.get(range.clone()).is_some()),
            "{hit:?}"
        );
        if let Some(snippet) = &hit.snippet {
            assert!(
                snippet
                    .highlights
                    .iter()
                    .all(|range| snippet.text.get(range.clone()).is_some()),
                "{hit:?}"
            );
        }
    }
}

#[test]
fn long_and_strange_texts_are_just_text() {
    for text in [
        "社".repeat(10_000),
        "a".repeat(10_000),
        "1".repeat(10_000),
        "第".repeat(10_000) + "条",
        " ".repeat(10_000) + "社保",
        "zh".repeat(5_000),
        "a1".repeat(5_000),
        "\0\u{1}\u{7f}\u{202e}".to_owned(),
        "\"社保\" AND (title:户口* OR NOT ~2)^9".to_owned(),
        "'; DROP TABLE record; --".to_owned(),
    ] {
        check(&text);
    }
    assert!(!search(&(" ".repeat(10_000) + "社保"), 5).hits.is_empty());
}

#[test]
fn an_empty_query_finds_nothing() {
    for text in ["", " ", "　", "。，！", "\n\t"] {
        assert_eq!(search(text, 5).total, 0, "{text:?}");
    }
}

#[test]
fn pages_follow_each_other_without_gap_or_repetition() {
    let all = search("登记", 60).hits;
    let pages: Vec<_> = (0..60)
        .step_by(7)
        .flat_map(|offset| {
            let query = Query {
                limit: 7,
                offset,
                ..Query::new("登记")
            };
            SAMPLE.index.search(&query).hits
        })
        .take(60)
        .collect();
    assert_eq!(pages, all);
}
