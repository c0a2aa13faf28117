use super::super::fixture::{area, meta, store};
use super::super::{build, finish};
use super::*;

fn id(text: &str) -> RecordId {
    RecordId::try_from(text).unwrap()
}

#[test]
fn a_record_comes_back_as_it_was_stored_and_lists_keep_the_order() {
    let folder = tempfile::tempdir().unwrap();
    let records = [area("area-b", "城乡规划"), area("area-a", "社会救助")];
    let (path, _) = store(folder.path(), 1, &Row::in_order(&records));
    finish(&path).unwrap();
    let store = Store::open(path.parent().unwrap()).unwrap();
    assert_eq!(store.get(&id("area-b")).unwrap().as_ref(), Some(&records[0]));
    assert_eq!(store.get(&id("area-c")).unwrap(), None);
    let titles = |filter: Filter| -> Vec<String> {
        let list = store.list(&filter).unwrap();
        list.into_iter().map(|summary| summary.title).collect()
    };
    assert_eq!(titles(Filter::default()), ["城乡规划", "社会救助"]);
    let areas = Some(Kind::Area);
    assert_eq!(
        titles(Filter {
            kind: areas,
            area: None
        })
        .len(),
        2
    );
    assert_eq!(
        titles(Filter {
            kind: areas,
            area: Some(id("area-a"))
        }),
        ["社会救助"]
    );
    assert!(
        titles(Filter {
            kind: Some(Kind::Guide),
            area: None
        })
        .is_empty()
    );
    assert_eq!(store.counts().unwrap().len(), 2);
    assert_eq!(store.meta(), &meta(1));
    store.quick_check().unwrap();
}

#[test]
fn a_store_opened_through_the_link_stays_with_its_generation() {
    let folder = tempfile::tempdir().unwrap();
    let link = folder.path().join("current");
    store(folder.path(), 1, &Row::in_order(&[area("area-a", "old")]));
    store(folder.path(), 2, &Row::in_order(&[area("area-a", "new")]));
    crate::atomic::relink(&link, Path::new("gen-1")).unwrap();
    let old = Store::open(&link).unwrap();
    crate::atomic::relink(&link, Path::new("gen-2")).unwrap();
    let new = Store::open(&link).unwrap();
    let title = |store: &Store| store.get(&id("area-a")).unwrap().unwrap().title().to_owned();
    assert_eq!((title(&old), title(&new)), ("old".to_owned(), "new".to_owned()));
}

#[test]
fn a_path_with_characters_of_a_uri_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("100% #1?.db");
    build(&path, &meta(1), &[]).unwrap();
    assert!(Store::open_file(&path).unwrap().is_empty().unwrap());
}

#[test]
fn what_cannot_be_opened_says_where_and_why() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE_NAME);
    let absent = Store::open(folder.path()).unwrap_err();
    assert!(matches!(absent, StoreError::Absent { .. }), "{absent}");
    crate::atomic::write(&path, b"this is not a database, but it is long enough to be read").unwrap();
    let garbage = Store::open(folder.path()).unwrap_err();
    assert!(matches!(garbage, StoreError::Sqlite { .. }), "{garbage}");
    std::fs::remove_file(&path).unwrap();
    build(
        &path,
        &Meta {
            schema: 99,
            ..meta(1)
        },
        &[],
    )
    .unwrap();
    let newer = Store::open(folder.path()).unwrap_err();
    assert!(matches!(newer, StoreError::Schema { found: 99, .. }), "{newer}");
    for error in [absent, garbage, newer] {
        assert!(error.to_string().contains("records.db"), "{error}");
    }
}

#[test]
fn a_body_of_another_shape_names_the_record_and_the_field() {
    let folder = tempfile::tempdir().unwrap();
    let mut row = Row::new(&area("area-a", "城乡规划"), 0);
    row.body = row.body.replace("\"order\":1", "\"order\":\"first\"");
    let (_, store) = store(folder.path(), 1, &[row]);
    let error = store.get(&id("area-a")).unwrap_err();
    assert!(
        error.to_string().contains("area-a") && error.to_string().contains("first"),
        "{error}"
    );
}

#[test]
fn a_cut_off_file_does_not_pass_the_check() {
    let folder = tempfile::tempdir().unwrap();
    let names: Vec<Record> = (0..200).map(|n| area(&format!("area-{n}"), "规划")).collect();
    let (path, _) = store(folder.path(), 1, &Row::in_order(&names));
    let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.set_len(file.metadata().unwrap().len() / 2).unwrap();
    let checked = Store::open_file(&path).and_then(|store| store.quick_check());
    assert!(checked.is_err());
}
