//! The phone pages beside the signed content.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use catalog::atomic::{self, Readers};
use catalog::record::{Record, RecordId};
use catalog::store::Meta;

use super::PublishError;

/// Makes the phone pages of a release.
pub trait Pages: Send + Sync {
    /// The page of a record as HTML; `None` for records that have none.
    fn page(&self, record: &Record, meta: &Meta) -> Option<String>;

    /// The page at the address of a record that is no longer published: its code is still printed on
    /// slips.
    fn withdrawn(&self, id: &RecordId, meta: &Meta) -> String;

    /// The page at the root of the release, which has this many pages; `None` for none.
    fn home(&self, pages: usize, meta: &Meta) -> Option<String>;
}

/// A release without phone pages.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoPages;

impl Pages for NoPages {
    fn page(&self, _: &Record, _: &Meta) -> Option<String> {
        None
    }

    fn withdrawn(&self, _: &RecordId, _: &Meta) -> String {
        String::new()
    }

    fn home(&self, _: usize, _: &Meta) -> Option<String> {
        None
    }
}

/// Writes `i/ID/index.html` for every record; pages that are the same already stay untouched. Returns
/// how many records have a page.
pub(super) fn write(
    repository: &Path,
    records: &[Record],
    meta: &Meta,
    pages: &dyn Pages,
) -> Result<usize, PublishError> {
    let folder = repository.join("i");
    let mut published = HashSet::new();
    for record in records {
        if let Some(html) = pages.page(record, meta) {
            write_page(&folder, record.id(), &html)?;
            published.insert(record.id().clone());
        }
    }
    let failed = |source| PublishError::io(&folder, source);
    for entry in fs::read_dir(&folder).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        let id = name.to_str().and_then(|name| RecordId::try_from(name).ok());
        if let Some(id) = id.filter(|id| !published.contains(id)) {
            write_page(&folder, &id, &pages.withdrawn(&id, meta))?;
        }
    }
    if let Some(html) = pages.home(published.len(), meta) {
        write_file(&repository.join("index.html"), &html)?;
    }
    Ok(published.len())
}

fn write_page(folder: &Path, id: &RecordId, html: &str) -> Result<(), PublishError> {
    let folder = folder.join(id.as_str());
    fs::create_dir_all(&folder).map_err(|source| PublishError::io(&folder, source))?;
    write_file(&folder.join("index.html"), html)
}

fn write_file(path: &Path, html: &str) -> Result<(), PublishError> {
    if fs::read(path).is_ok_and(|present| present == html.as_bytes()) {
        return Ok(());
    }
    Ok(atomic::write_for(Readers::Everybody, path, html.as_bytes())?)
}
