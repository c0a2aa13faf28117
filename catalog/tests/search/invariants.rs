//! What holds of any content, not only of the content set: properties over made-up service items.

use catalog::record::{Record, ServiceItem};
use catalog::search::{Index, Query};
use proptest::prelude::*;
use proptest::sample::select;

use crate::{SAMPLE, generation};

/// Words of which names are made, so that made-up names resemble each other as real ones do.
const WORDS: [&str; 24] = [
    "社会保险",
    "登记",
    "变更",
    "注销",
    "居民",
    "身份证",
    "补领",
    "公积金",
    "提取",
    "医疗",
    "救助",
    "申请",
    "建设工程",
    "规划",
    "许可",
    "道路",
    "运输",
    "备案",
    "出生",
    "户口",
    "（个人）",
    "企业",
    "食品",
    "经营",
];

fn name() -> impl Strategy<Value = String> {
    prop::collection::vec(select(&WORDS[..]), 2..6).prop_map(|words| words.concat())
}

/// Service items of these names, beside some real ones.
fn records(names: &[String]) -> Vec<Record> {
    let items = SAMPLE.records.iter().filter_map(|record| match record {
        Record::ServiceItem(item) => Some(item),
        _ => None,
    });
    let real: Vec<ServiceItem> = items.take(60).cloned().collect();
    let made = names.iter().zip(0..).map(|(name, number)| ServiceItem {
        id: format!("made-{number}").try_into().unwrap(),
        name: name.clone(),
        ..real[0].clone()
    });
    let all = made.chain(real.iter().cloned());
    all.map(Record::ServiceItem).collect()
}

/// Whether `title` is the title of one of the first five.
fn finds(index: &Index, title: &str) -> bool {
    let hits = index.search(&Query::new(title)).hits;
    hits.iter().take(5).any(|hit| hit.title == title)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn every_record_is_found_by_its_own_full_name(names in prop::collection::vec(name(), 1..40)) {
        let records = records(&names);
        let folder = generation(&records);
        let index = Index::open(folder.path()).unwrap();
        for record in &records {
            prop_assert!(finds(&index, record.title()), "{} is lost among {names:?}", record.title());
        }
    }

    #[test]
    fn adding_a_record_never_hides_another_with_the_exact_name(
        names in prop::collection::vec(name(), 2..20),
        added in prop::collection::vec(name(), 1..20),
        around in select(&["", "关于", "国家"][..]),
    ) {
        // What is added is most like what is there: the same name with more before and after it.
        let longer = names.iter().zip(&added).map(|(name, more)| format!("{around}{name}{more}"));
        let all: Vec<String> = names.iter().cloned().chain(longer).chain(added.iter().cloned()).collect();
        let folder = generation(&records(&all));
        let index = Index::open(folder.path()).unwrap();
        for name in &names {
            prop_assert!(finds(&index, name), "{name} is hidden among {all:?}");
        }
    }
}
