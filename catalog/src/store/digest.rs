//! The digest over all rows.

use rusqlite::Connection;
use sha2::{Digest as _, Sha256};

use super::Row;

/// SHA-256, in lower-case hex, over all rows of the table `record` in the order of their ids.
///
/// Every field goes in with its length before it (eight bytes, little endian), so that no two contents
/// run together; an absent area is the length `u64::MAX`, which no text has. The bytes do not depend on
/// how SQLite happens to lay out the file: a store that grew by deltas and one built afresh agree.
pub fn rows_digest(connection: &Connection) -> rusqlite::Result<String> {
    let mut hash = Sha256::new();
    let mut statement =
        connection.prepare("SELECT id, kind, area, title, position, body FROM record ORDER BY id")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let row = Row::from_sql(row)?;
        text(&mut hash, Some(row.id.as_str()));
        text(&mut hash, Some(&row.kind));
        text(&mut hash, row.area.as_ref().map(AsRef::as_ref));
        text(&mut hash, Some(&row.title));
        hash.update(row.position.to_le_bytes());
        text(&mut hash, Some(&row.body));
    }
    Ok(hex::encode(hash.finalize()))
}

fn text(hash: &mut Sha256, field: Option<&str>) {
    let Some(field) = field else {
        hash.update(u64::MAX.to_le_bytes());
        return;
    };
    hash.update((field.len() as u64).to_le_bytes());
    hash.update(field);
}
