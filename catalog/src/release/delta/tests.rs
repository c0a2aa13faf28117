//! A delta brings exactly what was changed, or nothing.

use super::*;
use crate::record::Record;
use crate::release::SnapshotTarget;
use crate::store::fixture::{area, store};

/// The manifest that describes a store, as far as applying a delta needs it.
fn manifest(store: &Store) -> Manifest {
    let meta = store.meta().clone();
    Manifest {
        generation: meta.generation,
        schema: meta.schema,
        published_at: meta.published_at,
        public_url: meta.public_url,
        rows: store.len().unwrap(),
        rows_digest: store.rows_digest().unwrap(),
        snapshot: SnapshotTarget {
            target: String::new(),
            length: 0,
            sha256: String::new(),
            unpacked: None,
        },
        deltas: Vec::new(),
        blobs: None,
    }
}

fn rows(records: &[(&str, &str)]) -> Vec<Row> {
    let records: Vec<Record> = records.iter().map(|(id, name)| area(id, name)).collect();
    Row::in_order(&records)
}

/// Two generations, the way between them and the first one's file.
struct Step {
    _folder: tempfile::TempDir,
    path: PathBuf,
    old: Store,
    manifest: Manifest,
    delta: Vec<u8>,
}

fn step(old: &[Row], new: &[Row]) -> Step {
    let folder = tempfile::tempdir().unwrap();
    let (path, old) = store(folder.path(), 1, old);
    let (_, new) = store(folder.path(), 2, new);
    let mut delta = Vec::new();
    write_delta(&old, &new, &mut delta).unwrap();
    Step {
        _folder: folder,
        path,
        manifest: manifest(&new),
        old,
        delta,
    }
}

impl Step {
    /// Applies another delta than the right one and expects that nothing happens to the file.
    fn refuses(&self, delta: &[u8], limits: Limits) -> DeltaError {
        let before = std::fs::read(&self.path).unwrap();
        let error = apply_delta(&self.path, delta, &self.manifest, limits).unwrap_err();
        assert!(
            std::fs::read(&self.path).unwrap() == before,
            "the store was written to"
        );
        let files = std::fs::read_dir(self.path.parent().unwrap()).unwrap();
        assert_eq!(files.count(), 1, "a journal was left");
        error
    }

    fn small() -> Self {
        step(
            &rows(&[
                ("area-a", "城乡规划"),
                ("area-b", "社会救助"),
                ("area-c", "公共法律服务"),
            ]),
            &rows(&[
                ("area-a", "国土空间规划"),
                ("area-c", "公共法律服务"),
                ("area-d", "养老服务"),
            ]),
        )
    }
}

#[test]
fn a_delta_makes_the_new_generation_of_the_old_one() {
    let step = Step::small();
    let applied = apply_delta(&step.path, &step.delta[..], &step.manifest, Limits::default()).unwrap();
    // area-c moved up, so its row changed as well.
    assert_eq!(applied, Applied { put: 3, gone: 1 });
    super::super::verify(&step.path, &step.manifest).unwrap();
}

#[test]
fn a_delta_between_equal_generations_is_empty() {
    let rows = rows(&[("area-a", "城乡规划")]);
    let step = step(&rows, &rows);
    assert_eq!(zstd::decode_all(&step.delta[..]).unwrap(), b"");
}

/// A small generator of numbers (xorshift), so that a failure repeats.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap()
    }
}

#[test]
fn any_edit_arrives_by_its_delta() {
    let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
    for _ in 0..40 {
        let mut records: Vec<(String, String)> = (0..numbers.below(30))
            .map(|n| (format!("area-{n}"), "规划".to_owned()))
            .collect();
        let old = records.clone();
        for edit in 0..numbers.below(20) {
            let place = numbers.below(records.len() + 1);
            match (numbers.below(3), place < records.len()) {
                (0, true) => drop(records.remove(place)),
                (1, true) => records[place].1 = format!("\"规划\"\n{edit}\u{0}\u{2028}"),
                _ => records.insert(place, (format!("area-new-{edit}"), String::new())),
            }
        }
        let borrowed = |records: &[(String, String)]| -> Vec<Row> {
            let pairs: Vec<(&str, &str)> = records.iter().map(|(id, name)| (&**id, &**name)).collect();
            rows(&pairs)
        };
        let step = step(&borrowed(&old), &borrowed(&records));
        apply_delta(&step.path, &step.delta[..], &step.manifest, Limits::default()).unwrap();
        super::super::verify(&step.path, &step.manifest).unwrap();
    }
}

#[test]
fn a_delta_cut_off_anywhere_changes_nothing() {
    let step = Step::small();
    for length in 0..step.delta.len() {
        step.refuses(&step.delta[..length], Limits::default());
    }
}

#[test]
fn a_delta_that_grows_beyond_the_limits_changes_nothing() {
    let step = Step::small();
    let total = step.refuses(
        &step.delta,
        Limits {
            total: 300,
            ..Limits::default()
        },
    );
    assert!(matches!(total, DeltaError::TooLarge { limit: 300 }), "{total}");
    let line = step.refuses(
        &step.delta,
        Limits {
            line: 100,
            ..Limits::default()
        },
    );
    assert!(
        matches!(line, DeltaError::LineTooLong { line: 1, limit: 100 }),
        "{line}"
    );
    let bomb = zstd::encode_all(io::repeat(b' ').take(50 << 20), 1).unwrap();
    let bomb = step.refuses(&bomb, Limits::default());
    assert!(matches!(bomb, DeltaError::LineTooLong { .. }), "{bomb}");
}

#[test]
fn a_row_larger_than_allowed_is_refused_by_its_id() {
    let step = Step::small();
    let limits = Limits {
        row: 100,
        ..Limits::default()
    };
    let error = step.refuses(&step.delta, limits);
    assert!(
        matches!(&error, DeltaError::RowTooLarge { id, limit: 100, .. } if id.as_str() == "area-a"),
        "{error}"
    );
}

#[test]
fn a_delta_for_another_generation_is_found_out_by_the_digest() {
    let step = Step::small();
    let other = zstd::encode_all(&b"{\"id\":\"area-a\",\"gone\":true}\n"[..], 1).unwrap();
    let error = step.refuses(&other, Limits::default());
    assert!(
        matches!(error, DeltaError::WrongResult { rows: 2, .. }),
        "{error}"
    );
    assert_eq!(step.old.len().unwrap(), 3);
}

#[test]
fn a_line_that_is_no_change_is_refused_by_its_number() {
    let step = Step::small();
    for (text, expected) in [
        ("{\"id\":\"area-a\",\"gone\":true}\n{}\n", "line 2"),
        ("{\"id\":\"area-a\",\"gone\":false}\n", "contradicts"),
        ("{\"id\":\"../a\",\"gone\":true}\n", "line 1"),
    ] {
        let delta = zstd::encode_all(text.as_bytes(), 1).unwrap();
        let error = step.refuses(&delta, Limits::default()).to_string();
        assert!(error.contains(expected), "{error}");
    }
}
