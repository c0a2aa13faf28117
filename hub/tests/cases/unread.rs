//! Envelopes that nobody can read, among others.

use catalog::submission::sealed::{Label, OpeningKey, seal};
use catalog::submission::{Form, Kind, SubmissionId, Suggestion, SuggestionKind};
use serde_json::Value;

use crate::office::{Office, application, payload, run, text};

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
    let label = |id: SubmissionId| Label {
        key: stranger.id(),
        device: office.device,
        submission: id,
        kind,
        regarding: None,
        mailbox: None,
    };
    office.keep_sealed(label(ids[0]), b"no envelope".to_vec()).await;
    let foreign = seal(&stranger, label(ids[1]), b"x", &office.key).bytes;
    office.keep_sealed(label(ids[1]), foreign).await;
    office.keep(ids[2], kind, None, b"{\"form\": 1}").await;
    office.keep(ids[3], kind, None, &payload(suggestion)).await;
    let form = Form::DisclosureApplication(Box::new(application()));
    office.keep(ids[4], kind, None, &payload(form)).await;

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
