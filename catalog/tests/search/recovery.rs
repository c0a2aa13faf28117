//! A broken index is an error that says so, and building it anew is the cure.

use std::fs;
use std::path::Path;

use catalog::search::{FOLDER, Index, IndexError, Query};
use catalog::store::Store;

use crate::{SAMPLE, generation};

/// Whether the index does not open; who only looks at it must find the same.
fn is_broken(folder: &Path) -> bool {
    let opened = Index::open(folder).map(drop);
    let looked_at = Index::check(folder);
    assert_eq!(
        opened.is_err(),
        looked_at.is_err(),
        "{opened:?} and {looked_at:?}"
    );
    opened.is_err()
}

#[test]
fn a_missing_index_is_reported_as_absent() {
    let folder = tempfile::tempdir().unwrap();
    for result in [Index::open(folder.path()).map(drop), Index::check(folder.path())] {
        assert!(matches!(result, Err(IndexError::Absent { .. })));
    }
}

type Spoil = fn(&mut [u8]);

/// What a worn flash memory does to a file.
const SPOILT: [(&str, Spoil); 2] = [
    ("a bit was flipped in", |content| content[content.len() / 2] ^= 4),
    ("a page was lost of", |content| {
        let page = content.len() / 3..(content.len() / 3 + 4096).min(content.len());
        content[page].fill(0);
    }),
];

fn write(path: &Path, content: &[u8]) {
    let mut file = fs::File::create(path).unwrap();
    std::io::Write::write_all(&mut file, content).unwrap();
}

#[test]
fn each_damaged_file_is_noticed_and_rebuilding_cures_it() {
    let folder = generation(&SAMPLE.records[..40]);
    let index = folder.path().join(FOLDER);
    let files: Vec<_> = fs::read_dir(&index)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    let parts = files.iter().filter(|path| {
        let name = path.file_name().unwrap().to_string_lossy();
        // The ledger is for the next build, which does without where it must: see `growth`.
        let is_aside = ["ledger.bin", "parts.bin"].contains(&&*name);
        !name.ends_with(".lock") && !is_aside && fs::metadata(path).unwrap().len() > 0
    });
    for path in parts {
        let whole = fs::read(path).unwrap();
        fs::File::create(path).unwrap().set_len(0).unwrap();
        assert!(is_broken(folder.path()), "emptied {}", path.display());
        write(path, &whole[..whole.len() / 2]);
        assert!(is_broken(folder.path()), "halved {}", path.display());
        for (what, spoil) in SPOILT {
            let mut content = whole.clone();
            spoil(&mut content);
            if content != whole {
                write(path, &content);
                let looked_at = Index::check(folder.path());
                assert!(
                    matches!(looked_at, Err(IndexError::Damaged { .. })),
                    "{what} {}: {looked_at:?}",
                    path.display()
                );
            }
        }
        write(path, &whole);
        assert!(!is_broken(folder.path()));
    }
    fs::remove_dir_all(&index).unwrap();
    Index::build(folder.path(), &Store::open(folder.path()).unwrap()).unwrap();
    assert!(
        Index::open(folder.path())
            .unwrap()
            .search(&Query::new("城乡规划"))
            .total
            > 0
    );
}

#[test]
fn who_only_looks_notices_a_damaged_list_of_parts() {
    let folder = generation(&SAMPLE.records[..20]);
    Index::check(folder.path()).unwrap();
    let path = folder.path().join(FOLDER).join("parts.bin");
    fs::File::options()
        .write(true)
        .open(&path)
        .and_then(|file| file.set_len(20))
        .unwrap();
    let looked_at = Index::check(folder.path());
    assert!(
        matches!(looked_at, Err(IndexError::Damaged { .. })),
        "{looked_at:?}"
    );
}

#[test]
fn a_flipped_bit_among_the_names_is_noticed() {
    let folder = generation(&SAMPLE.records[..20]);
    let path = folder.path().join(FOLDER).join("names.bin");
    let whole = fs::read(&path).unwrap();
    for at in (0..whole.len()).step_by(whole.len() / 50) {
        let mut broken = whole.clone();
        broken[at] ^= 4;
        fs::File::create(&path)
            .and_then(|mut file| std::io::Write::write_all(&mut file, &broken))
            .unwrap();
        assert!(is_broken(folder.path()), "byte {at}");
    }
}

#[test]
fn opening_and_searching_write_nothing() {
    let listing = || {
        let mut files: Vec<_> = fs::read_dir(SAMPLE.folder.join(FOLDER))
            .unwrap()
            .map(|file| file.unwrap())
            .map(|file| (file.file_name(), file.metadata().unwrap().modified().unwrap()))
            .collect();
        files.sort();
        files
    };
    let before = listing();
    let index = Index::open(&SAMPLE.folder).unwrap();
    assert!(index.search(&Query::new("社保")).total > 0);
    assert_eq!(listing(), before);
}
