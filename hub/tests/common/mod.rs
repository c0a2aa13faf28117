//! A hub with a little content, for the tests of this crate.

use std::path::{Path, PathBuf};

use catalog::clock::SystemClock;
use catalog::record::{Area, Record, RecordId};
use catalog::store::Meta;
use hub::keys::{self, Keys, RootOptions};
use hub::publish::{Lifetimes, Outcome, Pages, PublishError, Released, Settings, publish};

/// Keys and a release in a folder of their own.
pub(crate) struct Hub {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) keys: Keys,
}

/// Pages that say which record and which generation they are of.
pub(crate) struct PlainPages;

impl Pages for PlainPages {
    fn page(&self, record: &Record, meta: &Meta) -> Option<String> {
        Some(format!("<p>{} of generation {}", record.title(), meta.generation))
    }

    fn withdrawn(&self, id: &RecordId, _: &Meta) -> String {
        format!("<p>{id} was withdrawn")
    }

    fn home(&self, pages: usize, _: &Meta) -> Option<String> {
        Some(format!("<p>{pages} pages"))
    }
}

impl Hub {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        let keys = keys::create(&path, RootOptions::default(), &SystemClock)
            .await
            .unwrap();
        Self { folder, keys }
    }

    pub(crate) fn repository(&self) -> PathBuf {
        self.folder.path().join("repo")
    }

    pub(crate) async fn try_publish(&self, records: &[Record]) -> Result<Outcome, PublishError> {
        publish(records, &PlainPages, &settings(&self.keys, &self.repository())).await
    }

    /// Publishes what is new content.
    pub(crate) async fn release(&self, records: &[Record]) -> Released {
        match self.try_publish(records).await.unwrap() {
            Outcome::Released(released) => released,
            Outcome::Refreshed { .. } => panic!("the content has not changed"),
        }
    }
}

pub(crate) fn settings<'a>(keys: &'a Keys, repository: &'a Path) -> Settings<'a> {
    Settings {
        keys,
        repository,
        public_url: None,
        lifetimes: Lifetimes::default(),
        least_version: 1,
        clock: &SystemClock,
    }
}

/// Areas with these names.
pub(crate) fn areas(names: &[&str]) -> Vec<Record> {
    names.iter().map(|name| area(name, name)).collect()
}

pub(crate) fn area(id: &str, name: &str) -> Record {
    Record::Area(Area {
        id: RecordId::try_from(format!("area-{id}")).unwrap(),
        code: id.to_owned(),
        name: name.to_owned(),
        current_name: name.to_owned(),
        name_en: None,
        founding_pilot: false,
        national_pilot: true,
        order: 1,
    })
}
