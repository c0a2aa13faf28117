//! Envelopes that nobody can read, among others.

use catalog::submission::sealed::{Label, OpeningKey, digest, seal};
use catalog::submission::{Attachment, Form, Kind, SubmissionId, Suggestion, SuggestionKind};
use serde_json::Value;

use crate::office::{Office, application, payload, payload_with, run, text};

impl Office {
    /// Runs `hub`, which fails, and returns the lines that it wrote and its complaint.
    fn lines(&self, arguments: &[&str]) -> (Vec<Value>, String) {
        let output = run(self.folder.path(), arguments);
        assert!(!output.status.success());
        let lines = text(&output.stdout);
        let lines = lines.lines().map(|line| serde_json::from_str(line).unwrap());
        (lines.collect(), text(&output.stderr))
    }
}

#[tokio::test]
async fn an_envelope_that_nobody_can_read_keeps_no_other_from_being_read() {
    let office = Office::new().await;
    let kind = Kind::DisclosureApplication;
    let suggestion = Form::Suggestion(Suggestion {
        sort: SuggestionKind::Proposal,
        text: "请增加座椅".into(),
        record: None,
        name: None,
        phone: None,
    });
    let stranger = OpeningKey::generate().sealing_key();
    let mut ids: Vec<SubmissionId> = (0..5).map(|_| SubmissionId::new()).collect();
    ids.sort_by_key(ToString::to_string);
    let foreign = |id: SubmissionId| Label {
        key: stranger.id(),
        ..office.label(id, kind)
    };
    office
        .keep_sealed(office.label(ids[0], kind), b"no envelope".to_vec())
        .await;
    let sealed = seal(&stranger, foreign(ids[1]), b"x", &office.key).bytes;
    office.keep_sealed(foreign(ids[1]), sealed).await;
    office.keep(office.label(ids[2], kind), b"{\"form\": 1}").await;
    office
        .keep(office.label(ids[3], kind), &payload(suggestion))
        .await;
    let form = Form::DisclosureApplication(Box::new(application()));
    office.keep(office.label(ids[4], kind), &payload(form)).await;

    let key = office.path("keys/sealing.key");
    let key = key.to_str().unwrap();
    for command in [["intake", "open"], ["cases", "export"]] {
        let arguments = [&command[..], &["--sealing-key", key]].concat();
        let (lines, complaint) = office.lines(&arguments);
        assert!(complaint.contains("4 of 6 could not be read"), "{complaint}");
        let told = lines.iter().map(|line| {
            let error = line["error"].as_str().unwrap_or_default();
            assert_ne!(line["payload"].is_null(), error.is_empty(), "{line}");
            (line["id"].as_str().unwrap().to_owned(), error.to_owned())
        });
        let told: Vec<(String, String)> = told.collect();
        assert_eq!(told.len(), 6);
        assert_eq!(told[0], (office.id.to_string(), String::new()));
        for (id, part) in [
            (ids[0], "envelope"),
            (ids[1], "sealed to key"),
            (ids[2], "is no submission"),
            (ids[3], "whatever its envelope says"),
            (ids[4], ""),
        ] {
            let (_, error) = told.iter().find(|(told, _)| *told == id.to_string()).unwrap();
            assert!(error.contains(part), "{error}");
        }
        assert_eq!(told[5], (ids[4].to_string(), String::new()));
    }
}

#[tokio::test]
async fn a_file_that_does_not_open_keeps_neither_its_form_nor_other_files_from_being_read() {
    let office = Office::new().await;
    let (owner, good, bad, other) = (
        SubmissionId::new(),
        SubmissionId::new(),
        SubmissionId::new(),
        SubmissionId::new(),
    );
    let attachment = |id: SubmissionId| Attachment {
        id,
        name: "身份证.jpg".into(),
        media_type: "image/jpeg".into(),
        length: 4,
        sha256: hex::encode(digest(b"file")),
    };
    let form = Form::DisclosureApplication(Box::new(application()));
    let form = payload_with(form, [bad, other, good].map(attachment).to_vec());
    let label = office.label(owner, Kind::DisclosureApplication);
    office.keep(label, &form).await;
    let file = |id: SubmissionId| Label {
        regarding: Some(owner),
        ..office.label(id, Kind::Attachment)
    };
    office.keep(file(good), b"file").await;
    office.keep(file(other), b"another").await;
    office.keep_sealed(file(bad), b"no envelope".to_vec()).await;

    let (key, files) = (office.path("keys/sealing.key"), office.path("files"));
    let (lines, complaint) = office.lines(&[
        "intake",
        "open",
        "--sealing-key",
        key.to_str().unwrap(),
        "--files",
        files.to_str().unwrap(),
    ]);
    assert!(complaint.contains("1 of 2 could not be read"), "{complaint}");
    let line = lines.iter().find(|line| line["id"] == owner.to_string()).unwrap();
    let error = line["error"].as_str().unwrap();
    assert!(!line["payload"].is_null());
    assert!(
        error.contains(&format!("file {bad}: ")) && error.contains(&format!("file {other} is not the one")),
        "{error}"
    );
    assert_eq!(std::fs::read(files.join(good.to_string())).unwrap(), b"file");
    assert!(!files.join(bad.to_string()).exists() && !files.join(other.to_string()).exists());
}
