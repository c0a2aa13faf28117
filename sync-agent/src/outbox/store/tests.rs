use catalog::submission::Kind;

use super::*;

fn now() -> Timestamp {
    "2026-11-26T08:00:00Z".parse().unwrap()
}

fn outbox() -> (tempfile::TempDir, Outbox) {
    let folder = tempfile::tempdir().unwrap();
    let outbox = Outbox::open(folder.path(), now()).unwrap();
    (folder, outbox)
}

fn piece(id: SubmissionId) -> Piece<'static> {
    Piece {
        id,
        kind: Kind::Suggestion,
        mailbox: None,
        bytes: b"sealed",
        sha256: [1; 32],
    }
}

#[test]
fn what_was_accepted_is_there_after_a_restart_and_its_first_form_counts() {
    let (folder, mut outbox) = outbox();
    let id = SubmissionId::new();
    outbox.accept(&piece(id), &[], now()).unwrap();
    let other = Piece {
        bytes: b"other",
        ..piece(id)
    };
    let again = outbox
        .accept(&other, &[], now() + SignedDuration::from_hours(1))
        .unwrap();
    assert_eq!(again.accepted_at, now());
    drop(outbox);
    let outbox = Outbox::open(folder.path(), now()).unwrap();
    assert_eq!(outbox.next().unwrap().unwrap().id, id);
    assert_eq!(outbox.chunk(id, 0).unwrap().unwrap(), b"sealed");
    assert_eq!(outbox.chunk(id, 1).unwrap(), None);
}

#[test]
fn files_wait_with_their_submission_or_not_at_all() {
    let (folder, mut outbox) = outbox();
    let (file, lost) = (SubmissionId::new(), SubmissionId::new());
    outbox.draft(file, 0, b"a", now()).unwrap();
    outbox.draft(file, 1, b"b", now()).unwrap();
    let missing = outbox.accept(
        &piece(SubmissionId::new()),
        &[(file, [2; 32]), (lost, [3; 32])],
        now(),
    );
    assert!(matches!(missing, Err(OutboxError::Content(_))));
    assert_eq!(outbox.next().unwrap(), None);
    outbox
        .accept(&piece(SubmissionId::new()), &[(file, [2; 32])], now())
        .unwrap();
    assert_eq!(outbox.summary().unwrap().waiting, 2);
    assert_eq!(outbox.chunk(file, 1).unwrap().unwrap(), b"b");

    let open = SubmissionId::new();
    outbox.draft(open, 0, b"c", now()).unwrap();
    drop(outbox);
    let outbox = Outbox::open(folder.path(), now()).unwrap();
    assert_eq!(outbox.chunk(open, 0).unwrap(), None);
    assert_eq!(outbox.summary().unwrap().waiting, 2);
}

#[test]
fn a_refused_envelope_is_kept_and_does_not_hold_up_the_others() {
    let (_folder, mut outbox) = outbox();
    let (first, second) = (SubmissionId::new(), SubmissionId::new());
    outbox.accept(&piece(first), &[], now()).unwrap();
    outbox.accept(&piece(second), &[], now()).unwrap();
    outbox.tried(first).unwrap();
    assert_eq!(outbox.next().unwrap().unwrap().id, second);
    outbox.hold(first, 409).unwrap();
    outbox.delivered(second).unwrap();
    assert_eq!(outbox.next().unwrap(), None);
    let summary = outbox.summary().unwrap();
    assert_eq!((summary.waiting, summary.held, summary.oldest_at), (0, 1, None));
    assert_eq!(outbox.chunk(first, 0).unwrap().unwrap(), b"sealed");
    assert_eq!(outbox.chunk(second, 0).unwrap(), None);
    assert_eq!(outbox.find(second).unwrap().unwrap().state, State::Done);
    assert_eq!(outbox.release().unwrap(), 1);
    assert_eq!(outbox.next().unwrap().unwrap().id, first);
}
