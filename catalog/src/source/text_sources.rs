//! `text_sources.json`: what the collections of texts and data that records were taken from are called for residents.

use std::collections::HashMap;

use serde::Deserialize;

use super::reader::Reader;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceCollection {
    key: String,
    title: String,
}

/// The titles of collections by the name that records cite.
pub(super) struct TextSources(HashMap<String, String>);

impl TextSources {
    pub(super) fn read(reader: &mut Reader) -> Self {
        Self(
            reader
                .list::<SourceCollection>("text_sources.json", None)
                .into_iter()
                .map(|collection| (collection.value.key, collection.value.title))
                .collect(),
        )
    }

    /// What the collection `key` is called.
    pub(super) fn title(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// What to call `source`, a collection with a place in it, or anything else as it is.
    pub(super) fn name(&self, source: String, place: Option<String>) -> String {
        match (self.title(&source), place) {
            (Some(title), _) => title.to_owned(),
            (None, Some(place)) => format!("{source}　{place}"),
            (None, None) => source,
        }
    }
}
