//! What a hit says about itself: why it was found, where, and what is worth a mark.

use catalog::record::{Addressee, Kind, Record, ValidityState};
use catalog::search::{Counts, Filter, MatchReason, Query};

use crate::{SAMPLE, first_five, search};

#[test]
fn pinyin_initials_and_mixtures_mark_the_characters_they_spell() {
    for typed in ["gongjijin", "gjj", "gongjij", "公jj", "ＧＪＪ"] {
        let hits = search(typed, 5).hits;
        let hit = hits.iter().find(|hit| hit.id.as_str() == "law-2821").unwrap();
        assert!(
            matches!(hit.reason, MatchReason::Pinyin(_)),
            "{typed}: {:?}",
            hit.reason
        );
        let marked: Vec<_> = hit
            .highlights
            .iter()
            .map(|range| &hit.title[range.clone()])
            .collect();
        assert_eq!(marked, ["公积金"], "{typed}");
    }
}

#[test]
fn initials_lead_to_what_is_called_so_before_what_is_only_said() {
    for (typed, called) in [("jzz", "guide-006"), ("sfz", "guide-007"), ("gjj", "guide-030")] {
        assert_eq!(search(typed, 5).hits[0].id.as_str(), called, "{typed}");
    }
}

#[test]
fn an_article_reference_leads_to_the_article() {
    for typed in [
        "政府信息公开条例 第二十九条",
        "信息公开条例29条",
        "政府信息公开条例第２９条",
    ] {
        let hit = &search(typed, 5).hits[0];
        assert_eq!(
            (hit.id.as_str(), hit.article.map(|article| article.number)),
            ("law-3141", Some(29)),
            "{typed}"
        );
    }
}

#[test]
fn a_document_number_names_the_number_it_matched() {
    let hit = &search("国令第707号", 5).hits[0];
    assert!(
        matches!(&hit.reason, MatchReason::DocumentNumber(number) if number.contains("707")),
        "{hit:?}"
    );
}

#[test]
fn a_text_match_shows_the_passage() {
    let results = search("不可抗力", 20);
    let hit = results
        .hits
        .iter()
        .find(|hit| hit.reason == MatchReason::Text)
        .unwrap();
    let snippet = hit.snippet.as_ref().unwrap();
    assert!(
        snippet
            .highlights
            .iter()
            .any(|range| &snippet.text[range.clone()] == "不可抗力"),
        "{snippet:?}"
    );
    assert!(hit.kind != Kind::Document || hit.article.is_some());
}

#[test]
fn a_wrong_character_comes_with_a_suggestion() {
    for (typed, meant) in [("身分证", "身份证"), ("法律援肋", "法律援助")] {
        assert_eq!(search(typed, 5).suggestion.as_deref(), Some(meant));
    }
    // Correctly written, though something that sounds or looks alike is found as well.
    for text in ["身份证", "退休金怎么领", "军人优待", "残疾证去哪里办", "徇私舞弊"] {
        assert_eq!(search(text, 5).suggestion, None, "{text}");
    }
}

#[test]
fn two_sounds_in_a_longer_query_are_nothing_that_was_said() {
    let hits = search("徇私舞弊", 5).hits;
    assert!(!hits.is_empty());
    assert!(hits.iter().all(|hit| hit.reason == MatchReason::Text), "{hits:?}");
}

#[test]
fn what_is_called_so_stands_before_what_differs_in_a_character() {
    let ids = first_five("家里停水了");
    assert_eq!(ids.first().map(String::as_str), Some("guide-080"), "{ids:?}");
}

#[test]
fn full_pinyin_misses_no_title_that_its_characters_find() {
    for (typed, characters) in [
        ("shebao", "社保"),
        ("yibao", "医保"),
        ("canji", "残疾"),
        ("zhengfu", "政府"),
    ] {
        let hits = search(typed, 1000).hits;
        let titles = SAMPLE.records.iter().filter(|record| {
            record.title().contains(characters) && !matches!(record.kind(), Kind::LifeEvent)
        });
        let missed: Vec<_> = titles
            .filter(|record| hits.iter().all(|hit| hit.id != *record.id()))
            .map(Record::title)
            .collect();
        assert_eq!(missed, [""; 0], "{typed}");
    }
}

#[test]
fn the_headings_of_documents_and_the_remedies_of_guides_are_found() {
    for (text, id) in [
        ("交流与回避", "law-2651"),
        ("支持设立首次进口药品和生物制品口岸", "sc-57"),
    ] {
        let ids = first_five(text);
        assert!(ids.iter().any(|found| found == id), "{text}: {ids:?}");
    }
}

#[test]
fn a_title_with_its_number_leads_to_the_document() {
    for text in [
        "政府信息公开条例（国务院令第711号）",
        "国务院令第711号 政府信息公开条例",
    ] {
        assert_eq!(
            first_five(text).first().map(String::as_str),
            Some("law-3141"),
            "{text}"
        );
    }
}

#[test]
fn a_number_is_found_while_it_is_typed() {
    let by_number = |text: &str| {
        let hits = search(text, 10).hits.into_iter();
        hits.filter(|hit| matches!(hit.reason, MatchReason::DocumentNumber(_)))
            .count()
    };
    // 121, 123, 128 and 129.
    assert_eq!(by_number("国办发〔2018〕12"), 4);
    assert_eq!(by_number("国办发〔2018〕12号"), 0);
}

#[test]
fn beside_the_article_that_was_asked_for_no_other_is_shown() {
    let hits = search("残疾人保障法第六十五条 虐待", 5).hits;
    let law = hits.iter().find(|hit| hit.id.as_str() == "law-2533").unwrap();
    assert_eq!(law.article.map(|article| article.number), Some(65));
    let snippet = law.snippet.as_ref();
    assert!(
        snippet.is_none_or(|snippet| !snippet.text.contains("虐待")),
        "{law:?}"
    );
}

#[test]
fn a_longer_query_is_found_with_a_wrong_character_at_either_end() {
    for typed in ["法律援肋", "珐律援助"] {
        let hits = search(typed, 5).hits;
        let is_meant = |id: &str| hits.iter().any(|hit| hit.id.as_str() == id);
        assert!(is_meant("guide-048") && is_meant("law-2701"), "{typed}: {hits:?}");
    }
}

#[test]
fn words_lead_elsewhere_only_where_they_stand_word_for_word() {
    // 吃什么补 leads elsewhere; its pairs of characters stand apart here.
    let hits = search("结婚证丢了怎么补要带什么", 5).hits;
    assert!(hits.iter().any(|hit| hit.id.as_str() == "guide-010"), "{hits:?}");
    assert_eq!(search("上火吃什么补", 5).total, 0);
}

#[test]
fn two_sounds_one_digit_or_mixed_up_initials_are_no_evidence() {
    for text in ["1+1=", "\" OR 1=1 --", "null", "liulangdiqiu"] {
        assert_eq!(first_five(text), [""; 0], "{text}");
    }
    // A number is found while it is typed, and two sounds where there is nothing else.
    assert!(!first_five("123").is_empty() && !first_five("liulang").is_empty());
}

#[test]
fn what_differs_in_a_character_was_not_said_in_a_longer_sentence() {
    // 自己交社保 is something else.
    let ids = first_five("在哪里查自己的社保");
    assert_ne!(ids.first().map(String::as_str), Some("si-0548"), "{ids:?}");
}

#[test]
fn a_filter_keeps_the_counts_of_all_kinds() {
    let all = search("登记", 5);
    let guides = SAMPLE.index.search(&Query {
        filter: Filter {
            kind: Some(Kind::Guide),
            ..Filter::default()
        },
        ..Query::new("登记")
    });
    assert_eq!(guides.counts, all.counts);
    assert_eq!(guides.total, all.counts[&Kind::Guide]);
    assert!(guides.hits.iter().all(|hit| hit.kind == Kind::Guide));
}

#[test]
fn an_area_narrows_hits_and_counts() {
    let area = "area-hj".try_into().unwrap();
    let results = SAMPLE.index.search(&Query {
        filter: Filter {
            area: Some(area),
            ..Filter::default()
        },
        ..Query::new("登记")
    });
    assert!(
        results.total > 0
            && results
                .hits
                .iter()
                .all(|hit| hit.area.as_ref().is_some_and(|area| area.as_str() == "area-hj"))
    );
    assert_eq!(results.counts.values().sum::<usize>(), results.total);
}

#[test]
fn a_body_and_an_addressee_narrow_what_is_found() {
    let all = search("登记", usize::MAX).hits;
    let counts = Counts::of(&all, &Filter::default());
    let (body, &count) = counts.bodies.iter().max_by_key(|(_, count)| **count).unwrap();
    let of_body = Filter {
        body: Some(body.clone()),
        ..Filter::default()
    };
    let for_persons = Filter {
        addressee: Some(Addressee::Person),
        ..Filter::default()
    };
    let total = |filter: &Filter| {
        SAMPLE
            .index
            .search(&Query {
                filter: filter.clone(),
                ..Query::new("登记")
            })
            .total
    };
    assert!(count > 0 && count < all.len());
    assert_eq!(total(&of_body), count);
    assert_eq!(total(&for_persons), counts.addressees[&Addressee::Person]);
}

#[test]
fn no_kind_fills_the_front_of_a_broad_query() {
    for typed in ["社会保险", "养老", "食品"] {
        let kinds: std::collections::BTreeSet<_> =
            search(typed, 10).hits.iter().map(|hit| hit.kind).collect();
        assert!(kinds.len() >= 3, "{typed}: {kinds:?}");
    }
}

#[test]
fn a_superseded_text_is_marked_and_stands_behind_what_is_in_force() {
    let hits = search("法律援助条例", 20).hits;
    let place = |id: &str| hits.iter().position(|hit| hit.id.as_str() == id).unwrap();
    let marked = hits.iter().filter(|hit| hit.validity != ValidityState::Unknown);
    assert!(marked.count() > 0);
    assert!(
        place("law-3221") < place("law-2701"),
        "the exact title stays first"
    );
}
