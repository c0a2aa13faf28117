//! A record as the store keeps it.

use serde::{Deserialize, Serialize};

use crate::record::{Record, RecordId};

/// One row of the table `record`. Two rows are equal when their bytes are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The record's id.
    pub id: RecordId,
    /// The name of the record's [kind](crate::record::Kind).
    pub kind: String,
    /// The area it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub area: Option<RecordId>,
    /// Its Chinese title.
    pub title: String,
    /// Its place in lists: smaller comes first. Only the order counts, there may be gaps.
    pub position: i64,
    /// The record as JSON, byte for byte as published.
    pub body: String,
}

impl Row {
    /// The row for `record` at a place in the list.
    #[must_use]
    pub fn new(record: &Record, position: i64) -> Self {
        Self {
            id: record.id().clone(),
            kind: record.kind().as_str().to_owned(),
            area: record.area().cloned(),
            title: record.title().to_owned(),
            position,
            body: serde_json::to_string(record).expect("record types have string keys only"),
        }
    }

    /// The rows for records in the order in which lists show them.
    #[must_use]
    pub fn in_order(records: &[Record]) -> Vec<Self> {
        (0..)
            .zip(records)
            .map(|(position, record)| Self::new(record, position))
            .collect()
    }

    /// How many bytes its texts have together.
    #[must_use]
    pub fn size(&self) -> u64 {
        let area = self.area.as_ref().map_or(0, |area| area.as_str().len());
        (self.id.as_str().len() + self.kind.len() + area + self.title.len() + self.body.len()) as u64
    }

    /// Reads the columns `id, kind, area, title, position, body`.
    pub(crate) fn from_sql(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: id_column(row, 0)?,
            kind: row.get(1)?,
            area: optional_id_column(row, 2)?,
            title: row.get(3)?,
            position: row.get(4)?,
            body: row.get(5)?,
        })
    }
}

/// Reads a column that holds a record id.
pub(super) fn id_column(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<RecordId> {
    RecordId::try_from(row.get::<_, String>(column)?).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error))
    })
}

/// Reads a column that may hold a record id.
pub(super) fn optional_id_column(
    row: &rusqlite::Row<'_>,
    column: usize,
) -> rusqlite::Result<Option<RecordId>> {
    match row.get_ref(column)? {
        rusqlite::types::ValueRef::Null => Ok(None),
        _ => id_column(row, column).map(Some),
    }
}

/// Reads a column that holds a `count(*)`, which is never negative.
pub(super) fn count_column(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column).map(i64::cast_unsigned)
}

/// How many rows the table `record` has.
pub(crate) fn row_count(connection: &rusqlite::Connection) -> rusqlite::Result<u64> {
    connection.query_row("SELECT count(*) FROM record", [], |row| count_column(row, 0))
}
