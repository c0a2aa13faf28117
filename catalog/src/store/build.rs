//! Writing a store.

use std::path::Path;

use rusqlite::{Connection, ErrorCode, params};

use super::{Meta, Row, StoreError};

/// The tables; see the module's documentation.
const TABLES: &str = "
    PRAGMA journal_mode = DELETE;
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE record (
        id TEXT PRIMARY KEY NOT NULL,
        kind TEXT NOT NULL,
        area TEXT,
        title TEXT NOT NULL,
        position INTEGER NOT NULL,
        body TEXT NOT NULL
    );";

/// What lists and counts read. Both hold the order, so that a list needs no sorting.
const INDEXES: &str = "
    CREATE INDEX IF NOT EXISTS record_by_kind ON record (kind, position, id);
    CREATE INDEX IF NOT EXISTS record_by_area ON record (area, kind, position, id);";

/// Writes a new store at `path`, which must not exist, without the indexes that [`finish`] adds.
pub fn build<'a>(
    path: &Path,
    meta: &Meta,
    rows: impl IntoIterator<Item = &'a Row>,
) -> Result<(), StoreError> {
    let failed = |source| StoreError::sqlite(path, source);
    std::fs::File::create_new(path).map_err(|source| StoreError::Absent {
        path: path.to_owned(),
        source,
    })?;
    let mut connection = Connection::open(path).map_err(failed)?;
    connection.execute_batch(TABLES).map_err(failed)?;
    let transaction = connection.transaction().map_err(failed)?;
    set_meta(&transaction, meta).map_err(failed)?;
    for row in rows {
        insert_row(&transaction, row).map_err(|source| match source.sqlite_error_code() {
            Some(ErrorCode::ConstraintViolation) => StoreError::Duplicate { id: row.id.clone() },
            _ => failed(source),
        })?;
    }
    transaction.commit().map_err(failed)
}

/// Adds the indexes to a store that a terminal is about to make current.
pub fn finish(path: &Path) -> Result<(), StoreError> {
    let failed = |source| StoreError::sqlite(path, source);
    let connection =
        Connection::open_with_flags(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(failed)?;
    connection.execute_batch(INDEXES).map_err(failed)
}

/// Inserts one row; the id must be new.
pub(crate) fn insert_row(connection: &Connection, row: &Row) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO record (id, kind, area, title, position, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            row.id.as_str(),
            row.kind,
            row.area.as_ref().map(AsRef::<str>::as_ref),
            row.title,
            row.position,
            row.body,
        ])?;
    Ok(())
}

/// Replaces the description of the release.
pub(crate) fn set_meta(connection: &Connection, meta: &Meta) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM meta", [])?;
    let mut insert = connection.prepare("INSERT INTO meta (key, value) VALUES (?1, ?2)")?;
    insert.execute(params!["generation", meta.generation.to_string()])?;
    insert.execute(params!["schema", meta.schema.to_string()])?;
    insert.execute(params!["published_at", meta.published_at.to_string()])?;
    if let Some(url) = &meta.public_url {
        insert.execute(params!["public_url", url])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{area, meta};
    use super::*;

    #[test]
    fn two_records_with_one_id_are_refused_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let rows = Row::in_order(&[area("area-a", "one"), area("area-a", "two")]);
        let error = build(&folder.path().join("records.db"), &meta(1), &rows).unwrap_err();
        assert!(
            matches!(&error, StoreError::Duplicate { id } if id.as_str() == "area-a"),
            "{error}"
        );
    }

    #[test]
    fn an_existing_file_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("records.db");
        build(&path, &meta(1), &[]).unwrap();
        assert!(build(&path, &meta(2), &[]).is_err());
        assert_eq!(super::super::Store::open_file(&path).unwrap().meta(), &meta(1));
    }
}
