//! Whatever has a name is found by it.

use catalog::record::{Kind, Record};

use crate::{SAMPLE, first_five, generation, search};

#[test]
fn every_record_is_among_the_first_five_for_its_own_title() {
    let searchable = |record: &&Record| record.kind().is_public_page() || record.kind() == Kind::Area;
    let lost: Vec<_> = SAMPLE
        .records
        .iter()
        .filter(searchable)
        .filter(|record| {
            let hits = search(record.title(), 5).hits;
            // Catalogue lines of different areas share titles; five of the same name are a fair answer.
            let all_namesakes = hits.len() == 5 && hits.iter().all(|hit| hit.title == record.title());
            !all_namesakes && hits.iter().all(|hit| hit.id != *record.id())
        })
        .map(|record| (record.id().as_str(), record.title()))
        .collect();
    assert!(lost.is_empty(), "{lost:?}");
}

#[test]
fn every_alias_finds_its_guide() {
    let guides = SAMPLE.records.iter().filter_map(|record| match record {
        Record::Guide(guide) => Some(guide),
        _ => None,
    });
    let lost: Vec<_> = guides
        .flat_map(|guide| {
            guide
                .aliases
                .iter()
                .map(move |alias| (guide.id.to_string(), alias))
        })
        .filter(|(id, alias)| !first_five(alias).contains(id))
        .collect();
    assert!(lost.is_empty(), "{lost:?}");
}

#[test]
fn another_record_does_not_hide_one_with_the_exact_name() {
    let records = &SAMPLE.records;
    let mut more = records.clone();
    for record in records.iter().filter(|record| record.kind() == Kind::ServiceItem) {
        if let Record::ServiceItem(item) = record {
            let mut longer = item.clone();
            longer.id = format!("{}-x", item.id).try_into().unwrap();
            longer.name = format!("{}（变更、延续、补办、注销）", item.name);
            more.push(Record::ServiceItem(longer));
        }
    }
    let folder = generation(&more);
    let index = catalog::search::Index::open(folder.path()).unwrap();
    for record in records
        .iter()
        .filter(|record| record.kind() == Kind::ServiceItem)
        .step_by(10)
    {
        let hits = index.search(&catalog::search::Query::new(record.title())).hits;
        assert!(
            hits.iter().take(5).any(|hit| hit.title == record.title()),
            "{}",
            record.title()
        );
    }
}
