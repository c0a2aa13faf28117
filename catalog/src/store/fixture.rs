//! Records for the tests of this crate's stores and releases.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::{Meta, Row, SCHEMA, Store, build};
use crate::record::{Area, Record, RecordId};

/// An area.
pub(crate) fn area(id: &str, name: &str) -> Record {
    Record::Area(Area {
        id: RecordId::try_from(id).unwrap(),
        code: id.to_owned(),
        name: name.to_owned(),
        current_name: name.to_owned(),
        name_en: None,
        founding_pilot: false,
        national_pilot: true,
        order: 1,
    })
}

/// A release of the second second of 1970.
pub(crate) fn meta(generation: u64) -> Meta {
    Meta {
        generation,
        schema: SCHEMA,
        published_at: Timestamp::from_second(1).unwrap(),
        public_url: None,
    }
}

/// A store with these rows in the new folder `gen-N`.
pub(crate) fn store(folder: &Path, generation: u64, rows: &[Row]) -> (PathBuf, Store) {
    let folder = folder.join(format!("gen-{generation}"));
    std::fs::create_dir(&folder).unwrap();
    let path = folder.join(super::FILE_NAME);
    build(&path, &meta(generation), rows).unwrap();
    let store = Store::open(&folder).unwrap();
    (path, store)
}
