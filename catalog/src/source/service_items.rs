//! `service_items_*.csv`: governments' lists of services, one file a place.

use std::collections::HashMap;

use serde::Deserialize;

use super::Found;
use super::datasets::{DIRECTORY, SourceDataset};
use super::reader::{Located, Reader};
use crate::record::{Provenance, ProvenanceMark, Record, RecordId, ServiceItem, Source};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceItem {
    id: RecordId,
    department: String,
    main_item: Option<String>,
    name: String,
    item_code: String,
    area_code: String,
    task_type_code: String,
    dept_code: String,
    url: Option<String>,
}

/// An administrative division (GB/T 2260 and its extensions).
#[derive(Deserialize)]
struct Division {
    code: String,
    name: String,
    parent: Option<String>,
}

pub(super) fn read(reader: &mut Reader) -> Vec<Found> {
    let files: Vec<String> = reader
        .file_names()
        .into_iter()
        .filter(|name| is_list(name))
        .collect();
    if files.is_empty() {
        return Vec::new();
    }
    let divisions = divisions(reader);
    let titles: HashMap<String, String> = reader
        .list_quietly::<SourceDataset>(DIRECTORY)
        .into_iter()
        .map(|dataset| (dataset.file, dataset.title))
        .collect();
    let mut found = Vec::new();
    for file in files {
        let title = titles.get(&file).unwrap_or(&file);
        let items: Vec<Located<SourceItem>> = reader.table(&file);
        found.extend(items.into_iter().map(|Located { value, origin }| {
            let record = Record::ServiceItem(item(value, title, &divisions));
            (record, origin)
        }));
    }
    found
}

fn is_list(file: &str) -> bool {
    file.strip_prefix("service_items_")
        .is_some_and(|rest| rest.strip_suffix(".csv").is_some())
}

fn divisions(reader: &mut Reader) -> HashMap<String, Division> {
    reader
        .table::<Division>("divisions_national.csv")
        .into_iter()
        .map(|division| (division.value.code.clone(), division.value))
        .collect()
}

fn item(source: SourceItem, list: &str, divisions: &HashMap<String, Division>) -> ServiceItem {
    ServiceItem {
        provenance: Provenance {
            mark: ProvenanceMark::RepoVerbatim,
            source: Some(Source {
                title: list.to_owned(),
                url: source.url,
                jurisdiction: place(&source.area_code, divisions),
                date: None,
            }),
            truncated: false,
        },
        id: source.id,
        name: source.name,
        main_item: source.main_item,
        department: source.department,
        item_code: source.item_code,
        area_code: source.area_code,
        task_type_code: source.task_type_code,
        dept_code: source.dept_code,
    }
}

/// The place with this code, from the province down: 四川省广安市广安区.
fn place(code: &str, divisions: &HashMap<String, Division>) -> Option<String> {
    let mut division = divisions.get(code.get(..6)?)?;
    let mut names = vec![division.name.as_str()];
    // Province, city, county: never more than two steps up.
    for _ in 0..2 {
        match division.parent.as_ref().and_then(|parent| divisions.get(parent)) {
            Some(parent) => {
                names.push(&parent.name);
                division = parent;
            }
            None => break,
        }
    }
    Some(names.into_iter().rev().collect())
}
