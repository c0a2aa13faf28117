//! What became of generations at the terminals.

use axum::http::StatusCode;
use catalog::submission::enrolment::Standing;
use catalog::submission::{GenerationOutcome, GenerationReport};
use hub::database::Address;
use jiff::Timestamp;

use crate::terminal::{Hub, Terminal};

fn now() -> Timestamp {
    "2026-11-26T08:00:00Z".parse().unwrap()
}

pub(crate) async fn what_became_of_a_generation_is_kept_once_for_each_terminal(address: Address) {
    let hub = Hub::new(&address).await;
    let (first, second) = (hub.terminal().await, hub.terminal().await);
    let report = |outcome, place| GenerationReport {
        outcome,
        reason: (outcome == GenerationOutcome::RolledBack).then(|| "the screen drew nothing".to_owned()),
        found_at: now(),
        place,
    };
    let tell = async |terminal: &Terminal, generation: &str, report: &GenerationReport| {
        let body = serde_json::to_vec(report).unwrap();
        let path = terminal.path(&format!("generations/{generation}"));
        terminal.call(&hub.router, "PUT", &path, body).await
    };
    let (good, bad) = (
        report(GenerationOutcome::Good, 7),
        report(GenerationOutcome::RolledBack, 7),
    );
    // The second answer got lost; the last report was recorded on the way and is played back.
    for said in [&good, &good, &bad, &good] {
        assert_eq!(tell(&first, "12", said).await.status, StatusCode::NO_CONTENT);
    }
    let other = report(GenerationOutcome::Good, 999);
    assert_eq!(tell(&second, "12", &other).await.status, StatusCode::NO_CONTENT);
    assert_eq!(tell(&second, "13", &other).await.status, StatusCode::NO_CONTENT);
    let kept = hub.store.generation_reports(12).await.unwrap();
    let mut kept: Vec<_> = kept.into_iter().map(|kept| (kept.device, kept.report)).collect();
    kept.sort_by_key(|(_, report)| report.place);
    assert_eq!(kept, [(first.id, bad), (second.id, other.clone())]);

    assert!(hub.decide(&first, Standing::Revoked).await);
    let kept = hub.store.generation_reports(12).await.unwrap();
    assert_eq!(kept.len(), 1, "a revoked terminal still has a say");

    let nowhere = report(GenerationOutcome::Good, 1000);
    let wordy = GenerationReport {
        reason: Some("长".repeat(501)),
        ..other.clone()
    };
    for wrong in [nowhere, wordy] {
        let answer = tell(&second, "14", &wrong).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (400, "body".into()));
    }
    for wrong in ["-1", "x", "9223372036854775808"] {
        assert_eq!(tell(&second, wrong, &other).await.status, StatusCode::NOT_FOUND);
    }
    assert_eq!(hub.store.generation_reports(14).await.unwrap(), []);
}
