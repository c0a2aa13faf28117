//! SQLite FTS5 over trigrams, the usual first answer to Chinese text: a query is a phrase.

use std::path::Path;

use catalog::record::Record;
use rusqlite::Connection;

use crate::engine::{Engine, PASSAGES, records};
use crate::passages;

const FILE: &str = "trigram.db";

pub(crate) fn build(folder: &Path, records: &[Record]) {
    let mut connection = Connection::open(folder.join(FILE)).unwrap();
    let transaction = connection.transaction().unwrap();
    transaction
        .execute_batch(
            "CREATE TABLE passage (rowid INTEGER PRIMARY KEY, record TEXT NOT NULL);
             CREATE VIRTUAL TABLE text USING fts5(title, body, content='', tokenize='trigram');",
        )
        .unwrap();
    {
        let mut passage = transaction
            .prepare("INSERT INTO passage (record) VALUES (?1)")
            .unwrap();
        let mut text = transaction
            .prepare("INSERT INTO text (rowid, title, body) VALUES (?1, ?2, ?3)")
            .unwrap();
        for record in records {
            for words in passages::of(record) {
                let row = passage.insert([record.id().as_str()]).unwrap();
                text.execute((row, record.title(), words)).unwrap();
            }
        }
    }
    transaction.commit().unwrap();
}

pub(crate) fn open(folder: &Path) -> Trigram {
    Trigram(Connection::open(folder.join(FILE)).unwrap())
}

pub(crate) struct Trigram(Connection);

impl Engine for Trigram {
    fn search(&self, text: &str) -> Vec<String> {
        let phrase = format!("\"{}\"", text.replace('"', "\"\""));
        let mut statement = self
            .0
            .prepare_cached(
                "SELECT record FROM text JOIN passage ON passage.rowid = text.rowid
                 WHERE text MATCH ?1 ORDER BY rank LIMIT ?2",
            )
            .unwrap();
        let found = statement
            .query_map((phrase, PASSAGES as i64), |row| row.get(0))
            .unwrap();
        records(found.map(Result::unwrap))
    }
}
