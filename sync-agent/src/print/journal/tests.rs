use super::*;
use catalog::clock::FixedClock;
use std::path::Path;

fn at(path: &Path, time: &str) -> Journal {
    in_boot("first", path, time)
}

fn in_boot(boot: &str, path: &Path, time: &str) -> Journal {
    let clock = FixedClock(time.parse().unwrap());
    let connection = Connection::open(path).unwrap();
    Journal::open(connection, Arc::new(clock), Boot::named(boot)).unwrap()
}

fn slip() -> Work {
    Work::Slip(Print {
        records: vec!["guide-006".to_owned()],
        article: None,
        language: terminal_api::interface::Language::Zh,
        size: terminal_api::interface::TextSize::Normal,
        ticks: Some(vec![1]),
    })
}

#[test]
fn after_hours_without_the_agent_nothing_is_printed_or_promised() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let journal = at(file.path(), "2026-11-22T08:00:00Z");
    let [queued, sending, sent, proven] = [
        &[][..],
        &[JobState::Sending],
        &[JobState::Sending, JobState::Sent],
        &[JobState::Sending, JobState::Sent, JobState::Proven],
    ]
    .map(|way| {
        let job = journal.queue(&slip()).unwrap();
        let mut state = job.state;
        for next in way {
            assert!(journal.advance(&job.id, &[state], *next, None).unwrap());
            state = *next;
        }
        job.id
    });
    drop(journal);
    let journal = at(file.path(), "2026-11-22T09:00:00Z");
    let state = |id: &str| journal.get(id).unwrap().unwrap();
    assert_eq!(state(&queued).state, JobState::Failed);
    assert_eq!(state(&queued).failure, Some(Failure::Interrupted));
    assert_eq!(state(&sending).state, JobState::Uncertain);
    assert_eq!(state(&sent).state, JobState::Uncertain);
    assert_eq!(state(&proven).state, JobState::Proven);
}

#[test]
fn a_job_whose_bytes_were_leaving_is_told_from_one_whose_bytes_had_left() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let journal = at(file.path(), "2026-11-22T08:00:00Z");
    assert!(!journal.was_cut_short().unwrap());
    let id = journal.queue(&slip()).unwrap().id;
    journal
        .advance(&id, &[JobState::Queued], JobState::Sending, None)
        .unwrap();
    drop(journal);
    // So it stays, over restarts and the resident's answer, until something else was sent.
    let journal = at(file.path(), "2026-11-22T08:00:10Z");
    assert!(journal.was_cut_short().unwrap());
    journal
        .advance(&id, &[JobState::Uncertain], JobState::NothingCameOut, None)
        .unwrap();
    drop(journal);
    let journal = at(file.path(), "2026-11-22T08:00:20Z");
    assert!(journal.was_cut_short().unwrap());
    // Or until the printer was brought to its end.
    journal.end_what_was_cut_short().unwrap();
    assert_eq!(journal.get(&id).unwrap().unwrap().state, JobState::NothingCameOut);
    drop(journal);
    let journal = at(file.path(), "2026-11-22T08:00:25Z");
    assert!(!journal.was_cut_short().unwrap());
    let id = journal.queue(&slip()).unwrap().id;
    journal
        .advance(&id, &[JobState::Queued], JobState::Sending, None)
        .unwrap();
    drop(journal);
    let journal = at(file.path(), "2026-11-22T08:00:28Z");
    assert!(journal.was_cut_short().unwrap());
    let id = journal.queue(&slip()).unwrap().id;
    for (from, to) in [
        (JobState::Queued, JobState::Sending),
        (JobState::Sending, JobState::Sent),
    ] {
        journal.advance(&id, &[from], to, None).unwrap();
    }
    drop(journal);
    assert!(!at(file.path(), "2026-11-22T08:00:30Z").was_cut_short().unwrap());
}

#[test]
fn what_cut_a_job_short_stands_in_the_journal_before_and_after_it_was_brought_to_its_end() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let journal = at(file.path(), "2026-11-22T08:00:00Z");
    let id = journal.queue(&slip()).unwrap().id;
    journal
        .advance(&id, &[JobState::Queued], JobState::Sending, None)
        .unwrap();
    let reason = cut_short_by("paper_out");
    journal
        .advance(&id, &[JobState::Sending], JobState::Uncertain, Some(&reason))
        .unwrap();
    drop(journal);
    let journal = at(file.path(), "2026-11-22T08:00:10Z");
    let reason = || -> String {
        let query = "SELECT reason FROM print_journal WHERE id = ?1";
        journal
            .connection
            .query_row(query, [&id], |row| row.get(0))
            .unwrap()
    };
    assert!(journal.was_cut_short().unwrap());
    assert_eq!(reason(), "cut_short:paper_out");
    journal.end_what_was_cut_short().unwrap();
    assert!(!journal.was_cut_short().unwrap());
    assert_eq!(reason(), "paper_out");
}

#[test]
fn what_waited_when_the_machine_went_down_or_will_only_be_asked_for_is_not_printed() {
    for (boot, time) in [
        ("second", "2026-11-22T08:00:10Z"),
        // The clock was set back: how long it has waited nobody knows.
        ("first", "2026-11-22T07:00:00Z"),
    ] {
        let file = tempfile::NamedTempFile::new().unwrap();
        let id = at(file.path(), "2026-11-22T08:00:00Z").queue(&slip()).unwrap().id;
        let journal = in_boot(boot, file.path(), time);
        assert_eq!(journal.waiting().unwrap(), []);
        let job = journal.get(&id).unwrap().unwrap();
        assert_eq!(
            (job.state, job.failure),
            (JobState::Failed, Some(Failure::Interrupted))
        );
    }
}

#[test]
fn the_kernel_names_one_boot_for_as_long_as_it_runs() {
    assert_eq!(Boot::of_kernel(), Boot::of_kernel());
    assert_ne!(Boot::of_kernel(), Boot::named(""));
}

#[test]
fn a_fresh_print_waits_on_after_a_restart_and_an_old_one_does_not() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let journal = at(file.path(), "2026-11-22T08:00:00Z");
    let [slip, page, cancelled] =
        [slip(), Work::TestPage, slip()].map(|work| (journal.queue(&work).unwrap().id, work));
    journal
        .advance(&cancelled.0, &[JobState::Queued], JobState::Cancelled, None)
        .unwrap();
    drop(journal);
    let journal = at(file.path(), "2026-11-22T08:01:30Z");
    assert_eq!(journal.waiting().unwrap(), [slip, page]);
    drop(journal);
    let journal = at(file.path(), "2026-11-22T08:03:00Z");
    assert_eq!(journal.waiting().unwrap(), []);
}

#[test]
fn what_was_to_be_printed_is_forgotten_once_it_is_sent() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let journal = at(file.path(), "2026-11-22T08:00:00Z");
    let id = journal.queue(&slip()).unwrap().id;
    let request = || -> Option<String> {
        let query = "SELECT request FROM print_journal WHERE id = ?1";
        journal
            .connection
            .query_row(query, [&id], |row| row.get(0))
            .unwrap()
    };
    assert!(request().unwrap().contains("guide-006"));
    journal
        .advance(&id, &[JobState::Queued], JobState::Sending, None)
        .unwrap();
    assert_eq!(request(), None);
}

#[test]
fn the_journal_of_an_earlier_version_is_carried_on() {
    let file = tempfile::NamedTempFile::new().unwrap();
    Connection::open(file.path())
        .unwrap()
        .execute_batch(
            "CREATE TABLE print_journal (id TEXT PRIMARY KEY, records TEXT NOT NULL, state TEXT NOT NULL,
                 reason TEXT, created_at TEXT NOT NULL, changed_at TEXT NOT NULL) STRICT;
             INSERT INTO print_journal VALUES
                 ('a', '[]', 'queued', NULL, '2026-11-22T08:00:00Z', '2026-11-22T08:00:00Z');",
        )
        .unwrap();
    let journal = at(file.path(), "2026-11-22T08:00:01Z");
    assert_eq!(journal.get("a").unwrap().unwrap().state, JobState::Failed);
    journal.queue(&slip()).unwrap();
    assert_eq!(journal.waiting().unwrap().len(), 1);
}

#[test]
fn a_job_moves_only_from_where_it_is_said_to_stand() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let journal = at(file.path(), "2026-11-22T08:00:00Z");
    let id = journal.queue(&slip()).unwrap().id;
    assert!(
        journal
            .advance(&id, &[JobState::Queued], JobState::Cancelled, None)
            .unwrap()
    );
    assert!(
        !journal
            .advance(&id, &[JobState::Queued], JobState::Sending, None)
            .unwrap()
    );
    assert!(
        !journal
            .advance("no-such-job", &[JobState::Queued], JobState::Sending, None)
            .unwrap()
    );
    assert_eq!(journal.get(&id).unwrap().unwrap().state, JobState::Cancelled);
}

#[test]
fn old_lines_are_dropped() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let id = at(file.path(), "2026-06-01T08:00:00Z").queue(&slip()).unwrap().id;
    assert!(
        at(file.path(), "2026-08-01T08:00:00Z")
            .get(&id)
            .unwrap()
            .is_some()
    );
    assert!(
        at(file.path(), "2026-11-22T08:00:00Z")
            .get(&id)
            .unwrap()
            .is_none()
    );
}
