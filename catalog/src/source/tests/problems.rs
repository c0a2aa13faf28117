//! What is wrong with a folder is named, and hides nothing else.

use super::*;

#[test]
fn a_broken_record_is_named_with_its_line_and_hides_no_other() {
    let folder = folder_with(&["areas.json", "catalog_sources.json", "catalog.json"]);
    let path = folder.path().join("catalog.json");
    let text = fs::read_to_string(&path).unwrap();
    let spoilt = text.replacen("\"mode\": \"主动\"", "\"mode\": \"自动\"", 1);
    assert_ne!(spoilt, text);
    write(&path, &spoilt);
    let loaded = load(folder.path()).unwrap();
    let entries = loaded
        .records
        .iter()
        .filter(|record| record.kind() == Kind::Entry);
    assert_eq!(entries.count(), 190);
    let problem = loaded
        .problems
        .iter()
        .find(|problem| problem.path.is_some())
        .unwrap();
    assert_eq!(problem.path.as_deref(), Some("core[0].mode"));
    assert_eq!(problem.record.as_deref(), Some("cat-ghgl-001"));
    let line = text.lines().nth(problem.line.unwrap() - 1).unwrap();
    assert!(line.contains("\"mode\""), "{line}");
}

#[test]
fn a_broken_file_hides_no_other_file() {
    let folder = folder_with(&["areas.json", "synonyms.json"]);
    write(&folder.path().join("guides.json"), "[{\"id\": \"guide-001\",\n");
    let loaded = load(folder.path()).unwrap();
    assert!(
        loaded
            .problems
            .iter()
            .any(|p| p.file == "guides.json" && p.line == Some(2))
    );
    assert!(loaded.records.iter().any(|record| record.kind() == Kind::Area));
}

#[test]
fn a_field_that_nobody_knows_is_a_problem() {
    let folder = folder_with(&["synonyms.json", "areas.json"]);
    let path = folder.path().join("areas.json");
    let text = fs::read_to_string(&path)
        .unwrap()
        .replacen("\"order\"", "\"oder\"", 1);
    write(&path, &text);
    write(&folder.path().join("guides.json"), "[]");
    let loaded = load(folder.path()).unwrap();
    let problem = loaded.problems.first().unwrap();
    assert!(problem.to_string().contains("oder"), "{problem}");
    assert_eq!(
        loaded
            .records
            .iter()
            .filter(|record| record.kind() == Kind::Area)
            .count(),
        26
    );
}

#[test]
fn an_id_that_is_used_twice_is_a_problem() {
    let folder = folder_with(&["areas.json"]);
    let path = folder.path().join("areas.json");
    let text = fs::read_to_string(&path)
        .unwrap()
        .replacen("area-zdxm", "area-ghgl", 1);
    write(&path, &text);
    write(&folder.path().join("guides.json"), "[]");
    let loaded = load(folder.path()).unwrap();
    assert!(matches!(loaded.problems[0].kind, ProblemKind::DuplicateId { .. }));
    assert_eq!(loaded.problems[0].record.as_deref(), Some("area-ghgl"));
}

#[test]
fn a_reference_to_nothing_is_a_problem_and_becomes_no_link() {
    let folder = folder_with(&["areas.json", "catalog.json", "catalog_sources.json"]);
    let loaded = load(folder.path()).unwrap();
    assert!(loaded.problems.iter().any(|problem| matches!(
        &problem.kind,
        ProblemKind::BrokenReference { target, .. } if target == "law-3141"
    )));
    for record in &loaded.records {
        assert!(
            record
                .links()
                .iter()
                .all(|link| link.kind == Kind::Entry || link.kind == Kind::Guide)
        );
    }
}

#[test]
fn a_folder_of_something_else_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(load(folder.path()), Err(SourceError::NotASource { .. })));
    assert!(matches!(
        load(&folder.path().join("missing")),
        Err(SourceError::Unreadable { .. })
    ));
}

#[test]
fn an_attachment_is_named_by_its_digest_in_the_record_it_belongs_to() {
    let folder = folder_with(&["areas.json", "guides.json"]);
    let guide = "guide-001";
    fs::create_dir(folder.path().join("attachments")).unwrap();
    for (name, content) in [
        ("flow.png", "\u{89}PNG"),
        ("form.pdf", "%PDF-1.7 一"),
        ("page.pdf", "<html>"),
    ] {
        write(&folder.path().join("attachments").join(name), content);
    }
    let list = format!(
        r#"[{{"record": "{guide}", "file": "attachments/form.pdf", "title": "申请表"}},
            {{"record": "{guide}", "file": "attachments/page.pdf", "title": "网页"}},
            {{"record": "{guide}", "file": "../outside.pdf", "title": "别处"}},
            {{"record": "area-ghgl", "file": "attachments/form.pdf", "title": "领域"}}]"#
    );
    write(&folder.path().join("attachments.json"), &list);
    let loaded = load(folder.path()).unwrap();
    let record = loaded.records.iter().find(|record| record.id().as_str() == guide);
    let [attachment] = record.unwrap().attachments() else {
        panic!("{record:?}");
    };
    assert_eq!(
        (
            attachment.title.as_str(),
            attachment.media_type,
            attachment.length
        ),
        ("申请表", MediaType::Pdf, 12)
    );
    let file = &loaded.files[&attachment.sha256];
    assert_eq!(fs::read(file).unwrap(), "%PDF-1.7 一".as_bytes());
    let told = |words: &str| {
        loaded
            .problems
            .iter()
            .any(|problem| problem.to_string().contains(words))
    };
    for words in ["page.pdf: neither", "without `..`", "names \"area-ghgl\""] {
        assert!(told(words), "{words}: {:?}", loaded.problems);
    }
}
