//! How laws and notices are divided.

use super::*;

/// `policies.json` counts articles independently; `load` reports a difference as a problem.
#[test]
fn every_law_has_the_articles_that_its_index_counts() {
    let index = fs::read_to_string(sample_folder().join("policies.json")).unwrap();
    let index: Vec<serde_json::Value> = serde_json::from_str(&index).unwrap();
    let mut compared = 0;
    for law in index.iter().filter(|law| law["articles"].is_u64()) {
        let blocks = &document(law["id"].as_str().unwrap()).blocks;
        let articles = blocks
            .iter()
            .filter(|block| matches!(block, Block::Article { .. }))
            .count();
        assert_eq!(
            Some(articles as u64),
            law["articles"].as_u64(),
            "{}",
            law["title"]
        );
        compared += 1;
    }
    assert_eq!(compared, 151);
}

#[test]
fn articles_of_a_law_count_upwards() {
    for record in &sample().records {
        let Record::Document(document) = record else {
            continue;
        };
        let numbers: Vec<_> = document
            .blocks
            .iter()
            .filter_map(|block| match block {
                Block::Article { number, .. } => Some(*number),
                Block::Paragraph { .. } => None,
            })
            .collect();
        assert!(
            numbers.windows(2).all(|pair| pair[0] < pair[1]),
            "{}",
            document.id
        );
    }
}

/// Nothing is lost between the file and the blocks: all characters but the front matter are there.
#[test]
fn the_text_of_a_law_is_kept_verbatim() {
    let law = document("law-3141");
    let text = fs::read_to_string(sample_folder().join("policies/law-3141.md")).unwrap();
    let squeeze =
        |text: &str| -> String { text.chars().filter(|c| !c.is_whitespace() && *c != '#').collect() };
    let mut rebuilt = String::new();
    for (at, block) in law.blocks.iter().enumerate() {
        for heading in law.outline.iter().filter(|heading| heading.block == at) {
            rebuilt += &heading.label;
            rebuilt += &heading.title;
        }
        match block {
            Block::Article { number, paragraphs } => {
                rebuilt += &number.to_string();
                rebuilt += &paragraphs.concat();
            }
            Block::Paragraph { text } => rebuilt += text,
        }
    }
    assert!(squeeze(&text).ends_with(&squeeze(&rebuilt)));
    assert!(rebuilt.starts_with("第一章总则第一条为了保障"));
}

#[test]
fn the_founding_document_is_divided_by_its_own_numbering() {
    let founding = document("sz-2017-288");
    let top: Vec<&str> = founding
        .outline
        .iter()
        .filter(|heading| heading.level == 1 && !heading.label.is_empty())
        .map(|heading| heading.title.as_str())
        .collect();
    assert_eq!(
        top,
        [
            "试点工作原则",
            "试点工作目标",
            "试点工作范围",
            "重点任务",
            "试点工作步骤",
            "保障措施"
        ]
    );
    assert_eq!(
        linked(record("sz-2017-288"), Relation::Annex),
        ["sz-2017-288-annex"]
    );
}
