//! An index that follows the releases answers as one built anew.

use std::fs;
use std::path::Path;

use catalog::record::Record;
use catalog::search::{FOLDER, Index, Query, Results};
use catalog::store::Store;

use crate::{SAMPLE, generation, store};

/// A generation folder whose index was built after that of `before`.
fn generation_after(before: &Path, records: &[Record]) -> (tempfile::TempDir, catalog::search::Built) {
    let folder = store(records);
    let built = Index::build_after(before, folder.path(), &Store::open(folder.path()).unwrap()).unwrap();
    (folder, built)
}

/// The content set as it may have been some releases ago: without some records, others with less text.
fn earlier() -> Vec<Record> {
    let mut records = Vec::new();
    for (place, record) in SAMPLE.records.iter().enumerate() {
        let mut record = record.clone();
        if place % 7 == 3 {
            continue;
        }
        match &mut record {
            Record::Document(document) if place % 2 == 0 => document.blocks.truncate(3),
            Record::Guide(guide) if place % 3 == 0 => guide.summary.push_str("。到社区也能办"),
            Record::ServiceItem(item) if place % 5 == 0 => item.name.push_str("（旧）"),
            _ => {}
        }
        records.push(record);
    }
    records
}

fn queries() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/relevance/queries.jsonl");
    fs::read_to_string(path)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|case| case["query"].as_str().unwrap().to_owned())
        .collect()
}

fn answers(folder: &Path) -> Vec<Results> {
    let index = Index::open(folder).unwrap();
    queries()
        .into_iter()
        .map(|text| index.search(&Query::new(text)))
        .collect()
}

#[test]
fn after_changes_the_answers_are_those_of_an_index_built_anew() {
    let anew = generation(&SAMPLE.records);
    let first = generation(&earlier());
    let (followed, built) = generation_after(first.path(), &SAMPLE.records);
    assert!(built.kept > built.written && built.written > 100, "{built:?}");
    for (text, (followed, anew)) in queries()
        .iter()
        .zip(answers(followed.path()).into_iter().zip(answers(anew.path())))
    {
        assert_eq!(followed, anew, "{text}");
    }
    // And back again: what was added goes.
    let (back, built) = generation_after(followed.path(), &earlier());
    assert!(built.removed > 100, "{built:?}");
    for (text, (back, first)) in queries()
        .iter()
        .zip(answers(back.path()).into_iter().zip(answers(first.path())))
    {
        assert_eq!(back, first, "{text}");
    }
}

#[test]
fn unchanged_texts_are_taken_over_and_the_index_before_is_left_alone() {
    let first = generation(&SAMPLE.records[..200]);
    let listing = || {
        let mut files: Vec<_> = fs::read_dir(first.path().join(FOLDER))
            .unwrap()
            .map(|file| file.unwrap().path())
            .map(|path| (fs::read(&path).unwrap(), path))
            .collect();
        files.sort();
        files
    };
    let before = listing();
    let (same, built) = generation_after(first.path(), &SAMPLE.records[..200]);
    assert_eq!((built.written, built.removed), (0, 0));
    let (_more, built) = generation_after(same.path(), &SAMPLE.records[..220]);
    assert!(built.written > 0 && built.removed == 0, "{built:?}");
    assert_eq!(listing(), before);
}

#[test]
fn nothing_is_left_of_the_texts_before() {
    let first = generation(&earlier());
    let (followed, _) = generation_after(first.path(), &SAMPLE.records);
    let (back, _) = generation_after(followed.path(), &earlier());
    for folder in [first.path(), followed.path(), back.path()] {
        let files = fs::read_dir(folder.join(FOLDER)).unwrap();
        let names: Vec<_> = files.map(|file| file.unwrap().path()).collect();
        let stores = names
            .iter()
            .filter(|path| path.extension().is_some_and(|ending| ending == "store"));
        assert_eq!(stores.count(), 1, "{names:?}");
    }
}

#[test]
fn a_record_that_goes_and_comes_back_is_found_once() {
    let with = generation(&SAMPLE.records);
    let title = |record: &&Record| record.title() == "结婚登记";
    let without: Vec<Record> = SAMPLE
        .records
        .iter()
        .filter(|record| !title(record))
        .cloned()
        .collect();
    let (gone, _) = generation_after(with.path(), &without);
    let (back, _) = generation_after(gone.path(), &SAMPLE.records);
    let hits = |folder: &Path| {
        let hits = Index::open(folder).unwrap().search(&Query::new("结婚登记")).hits;
        hits.iter().filter(|hit| hit.title == "结婚登记").count()
    };
    let expected = SAMPLE.records.iter().filter(title).count();
    assert!(expected > 0);
    assert_eq!((hits(gone.path()), hits(back.path())), (0, expected));
}

#[test]
fn a_damaged_index_before_is_no_reason_to_fail() {
    let first = generation(&SAMPLE.records[..60]);
    let index = first.path().join(FOLDER);
    for file in fs::read_dir(&index).unwrap() {
        let path = file.unwrap().path();
        let whole = fs::read(&path).unwrap();
        if whole.is_empty() {
            continue;
        }
        let mut broken = whole.clone();
        broken[whole.len() / 2] ^= 0x10;
        fs::File::create(&path)
            .and_then(|mut file| std::io::Write::write_all(&mut file, &broken))
            .unwrap();
        let (next, built) = generation_after(first.path(), &SAMPLE.records[..61]);
        assert!(built.kept + built.written > 0);
        let index = Index::open(next.path()).unwrap();
        let record = SAMPLE
            .records
            .iter()
            .find(|record| record.kind().is_public_page())
            .unwrap();
        let hits = index.search(&Query::new(record.title())).hits;
        assert!(
            hits.iter().any(|hit| hit.id == *record.id()),
            "after damage to {}",
            path.display()
        );
        fs::File::create(&path)
            .and_then(|mut file| std::io::Write::write_all(&mut file, &whole))
            .unwrap();
    }
}

#[test]
fn without_an_index_before_all_is_written() {
    let nowhere = tempfile::tempdir().unwrap();
    let (folder, built) = generation_after(nowhere.path(), &SAMPLE.records[..60]);
    assert_eq!(built.kept, 0);
    assert!(built.written > 0);
    Index::open(folder.path()).unwrap();
}
