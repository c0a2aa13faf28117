//! Reading a store.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};

use super::row::{count_column, id_column, optional_id_column, row_count};
use super::{FILE_NAME, Meta, Row, SCHEMA, StoreError};
use crate::record::{Attachment, Kind, Record, RecordId};

/// The records of one generation, read-only.
///
/// It keeps reading the generation it was opened on, also after the terminal has switched to the next
/// one. A store may move to another thread; threads that read at the same time open one each.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    path: PathBuf,
    meta: Meta,
}

/// Which records a list holds; the default is all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only this kind.
    pub kind: Option<Kind>,
    /// Only records of this area.
    pub area: Option<RecordId>,
}

/// What a list shows of a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// The id.
    pub id: RecordId,
    /// The kind.
    pub kind: Kind,
    /// The area it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<RecordId>,
    /// The Chinese title.
    pub title: String,
    /// Its place in lists: smaller comes first.
    pub position: i64,
}

/// How many records there are of a kind in an area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// The kind.
    pub kind: Kind,
    /// The area; `None` counts the records that belong to no area.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<RecordId>,
    /// How many.
    pub records: u64,
}

impl Store {
    /// Opens the store in a generation folder, or in the link `current` to one. The link is followed
    /// once: what is read later all comes from the same generation.
    ///
    /// Nothing may write to the file while it is open; see the module's documentation.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        Self::open_file(&folder.join(FILE_NAME))
    }

    /// Opens a store by the name of its file.
    pub fn open_file(path: &Path) -> Result<Self, StoreError> {
        let path = path.canonicalize().map_err(|source| StoreError::Absent {
            path: path.to_owned(),
            source,
        })?;
        let failed = |source| StoreError::sqlite(&path, source);
        let flags =
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(immutable_uri(&path), flags).map_err(failed)?;
        let meta = Meta::read(&connection, &path)?;
        if meta.schema != SCHEMA {
            return Err(StoreError::Schema {
                path,
                found: meta.schema,
            });
        }
        Ok(Self {
            connection,
            path,
            meta,
        })
    }

    /// The release that this is.
    #[must_use]
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    /// The database file, links resolved.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The record with this id, if the release holds it.
    pub fn get(&self, id: &RecordId) -> Result<Option<Record>, StoreError> {
        let body: Option<String> = self
            .connection
            .prepare_cached("SELECT body FROM record WHERE id = ?1")
            .and_then(|mut statement| statement.query_row([id.as_str()], |row| row.get(0)).optional())
            .map_err(|source| self.failed(source))?;
        body.map(|body| self.decode(id, &body)).transpose()
    }

    /// The records that the filter lets through, in the order in which lists show them.
    pub fn list(&self, filter: &Filter) -> Result<Vec<Summary>, StoreError> {
        let kind = filter.kind.map(Kind::as_str);
        let area = filter.area.as_ref().map(RecordId::as_str);
        let columns = "SELECT id, kind, area, title, position FROM record";
        let read = |sql: &str, parameters: &[&dyn rusqlite::ToSql]| {
            self.connection
                .prepare_cached(sql)?
                .query_map(parameters, summary)?
                .collect::<Result<Vec<_>, _>>()
        };
        match (kind, area) {
            (None, None) => read(&format!("{columns} ORDER BY position, id"), params![]),
            (Some(kind), None) => read(
                &format!("{columns} WHERE kind = ?1 ORDER BY position, id"),
                params![kind],
            ),
            (None, Some(area)) => read(
                &format!("{columns} WHERE area = ?1 ORDER BY position, id"),
                params![area],
            ),
            (Some(kind), Some(area)) => read(
                &format!("{columns} WHERE area = ?1 AND kind = ?2 ORDER BY position, id"),
                params![area, kind],
            ),
        }
        .map_err(|source| self.failed(source))
    }

    /// How many records there are, by kind and area.
    pub fn counts(&self) -> Result<Vec<Count>, StoreError> {
        self.connection
            .prepare_cached("SELECT kind, area, count(*) FROM record GROUP BY area, kind ORDER BY area, kind")
            .and_then(|mut statement| {
                statement
                    .query_map([], |row| {
                        Ok(Count {
                            kind: kind_column(row, 0)?,
                            area: optional_id_column(row, 1)?,
                            records: count_column(row, 2)?,
                        })
                    })?
                    .collect()
            })
            .map_err(|source| self.failed(source))
    }

    /// Shows every record to `visit`, in the order of the ids, one in memory at a time. The first error
    /// of `visit` ends it.
    pub fn for_each<E: From<StoreError>>(
        &self,
        mut visit: impl FnMut(Record) -> Result<(), E>,
    ) -> Result<(), E> {
        self.for_each_row(|row| visit(self.decode(&row.id, &row.body)?))
    }

    /// Like [`Store::for_each`], with the rows as they are stored.
    pub fn for_each_row<E: From<StoreError>>(
        &self,
        mut visit: impl FnMut(Row) -> Result<(), E>,
    ) -> Result<(), E> {
        let failed = |source| E::from(self.failed(source));
        let mut statement = self
            .connection
            .prepare_cached("SELECT id, kind, area, title, position, body FROM record ORDER BY id")
            .map_err(failed)?;
        let mut rows = statement.query([]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            visit(Row::from_sql(row).map_err(failed)?)?;
        }
        Ok(())
    }

    /// The row with this id as it is stored.
    pub fn row(&self, id: &RecordId) -> Result<Option<Row>, StoreError> {
        self.connection
            .prepare_cached("SELECT id, kind, area, title, position, body FROM record WHERE id = ?1")
            .and_then(|mut statement| statement.query_row([id.as_str()], Row::from_sql).optional())
            .map_err(|source| self.failed(source))
    }

    /// How many records there are in all.
    pub fn len(&self) -> Result<u64, StoreError> {
        row_count(&self.connection).map_err(|source| self.failed(source))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> Result<bool, StoreError> {
        Ok(self.len()? == 0)
    }

    /// Lets SQLite look through the whole file for damage.
    pub fn quick_check(&self) -> Result<(), StoreError> {
        let finding: String = self
            .connection
            .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
            .map_err(|source| self.failed(source))?;
        if finding == "ok" {
            return Ok(());
        }
        Err(StoreError::Damaged {
            path: self.path.clone(),
            finding,
        })
    }

    /// A row with more than `limit` bytes, if there is one, and its [size](super::Row::size).
    pub fn row_above(&self, limit: u64) -> Result<Option<(String, u64)>, StoreError> {
        let size = "octet_length(id) + octet_length(kind) + ifnull(octet_length(area), 0) + octet_length(title) + \
                    octet_length(body)";
        let found = self.connection.query_row(
            &format!("SELECT id, {size} AS size FROM record WHERE size > ?1 LIMIT 1"),
            [i64::try_from(limit).unwrap_or(i64::MAX)],
            |row| Ok((row.get(0)?, super::row::count_column(row, 1)?)),
        );
        found.optional().map_err(|source| self.failed(source))
    }

    /// The attachments that records name, each digest once, in the order of their digests.
    pub fn attachments(&self) -> Result<Vec<Attachment>, StoreError> {
        /// The part of a record's body that is read here.
        #[derive(serde::Deserialize)]
        struct Body {
            #[serde(default)]
            attachments: Vec<Attachment>,
        }
        let mut found = BTreeMap::new();
        let mut read = || -> rusqlite::Result<()> {
            let mut statement = self
                .connection
                .prepare("SELECT body FROM record WHERE instr(body, '\"attachments\":[') > 0")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let text = row.get_ref(0)?.as_str()?;
                let body: Body = serde_json::from_str(text).map_err(|error| {
                    rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error))
                })?;
                for attachment in body.attachments {
                    found.entry(attachment.sha256.clone()).or_insert(attachment);
                }
            }
            Ok(())
        };
        read().map_err(|source| self.failed(source))?;
        Ok(found.into_values().collect())
    }

    /// The digest over all rows; see [`super::rows_digest`].
    pub fn rows_digest(&self) -> Result<String, StoreError> {
        super::rows_digest(&self.connection).map_err(|source| self.failed(source))
    }

    fn decode(&self, id: &RecordId, body: &str) -> Result<Record, StoreError> {
        let mut reader = serde_json::Deserializer::from_str(body);
        serde_path_to_error::deserialize(&mut reader).map_err(|source| StoreError::Body {
            path: self.path.clone(),
            id: id.to_string(),
            source,
        })
    }

    fn failed(&self, source: rusqlite::Error) -> StoreError {
        StoreError::sqlite(&self.path, source)
    }
}

impl StoreError {
    /// An error of SQLite with the file it is about.
    pub(crate) fn sqlite(path: &Path, source: rusqlite::Error) -> Self {
        Self::Sqlite {
            path: path.to_owned(),
            source,
        }
    }
}

/// The SQLite URI that reads `path` without locks, journals or change detection. The characters that
/// mean something in a URI are escaped: <https://www.sqlite.org/uri.html>.
fn immutable_uri(path: &Path) -> String {
    let path = path.to_string_lossy();
    let escaped = path.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    format!("file:{escaped}?mode=ro&immutable=1")
}

fn kind_column(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Kind> {
    let name: String = row.get(column)?;
    Kind::from_name(&name).ok_or_else(|| {
        rusqlite::Error::FromSqlConversionFailure(
            column,
            rusqlite::types::Type::Text,
            format!("{name:?} is not a kind of record").into(),
        )
    })
}

fn summary(row: &rusqlite::Row<'_>) -> rusqlite::Result<Summary> {
    Ok(Summary {
        id: id_column(row, 0)?,
        kind: kind_column(row, 1)?,
        area: optional_id_column(row, 2)?,
        title: row.get(3)?,
        position: row.get(4)?,
    })
}

#[cfg(test)]
mod tests;
