//! From the first start of a terminal to the letter in the resident's hands.

use catalog::submission::mailbox::{self, Letter, Outcome, Stage};
use catalog::submission::{Form, Kind};
use hub::cases::{Action, Step};
use hub::store::Recorded;
use terminal_api::client::CallError;
use terminal_api::interface::{Correction, Grade, Page, Rating, Refusal, SubmissionOutcome, SubmissionStage};

use crate::hub::Hub;
use crate::terminal::{Terminal, application, enrolled, suggestion, until};

#[tokio::test(flavor = "multi_thread")]
async fn an_application_travels_sealed_and_its_letter_comes_back_by_the_code() {
    let folder = tempfile::tempdir().unwrap();
    let mut hub = Hub::start(folder.path()).await;
    let url = format!("https://localhost:{}/", hub.address.port());
    let mut terminal = Terminal::new(folder.path(), &url);
    terminal.start().await;
    terminal.approved(&hub).await;

    // Handed in before the terminal knows that it was approved: accepted all the same.
    let id = terminal.open().await;
    let picture: Vec<u8> = (0..300_000_u32).map(|byte| (byte % 253) as u8).collect();
    let file = terminal.attach(&id, &picture, 40_000).await.unwrap();
    let forgotten = terminal.attach(&id, b"not handed in", 40_000).await.unwrap();
    let files = [file.clone()];
    let accepted = terminal
        .call()
        .await
        .submit_application(&id, &application(), &files)
        .await
        .unwrap();
    let again = terminal
        .call()
        .await
        .submit_application(&id, &application(), &[])
        .await
        .unwrap();
    assert_eq!(
        accepted, again,
        "handing in again under the same name hands in once"
    );
    assert_eq!(terminal.plaintext_on_disk(), None);

    until("the hub has the application and its file", async || {
        let kept = hub.kept(&[Kind::DisclosureApplication, Kind::Attachment]).await;
        (kept.len() == 2).then_some(())
    })
    .await;
    let payload = hub.opened(&id).await.unwrap();
    let Form::DisclosureApplication(form) = &payload.form else {
        panic!("no application");
    };
    assert_eq!(form.wanted, application().wanted);
    assert_eq!(payload.attachments.len(), 1);
    assert_eq!(payload.attachments[0].id.to_string(), file);
    assert_eq!(hub.content(&file).await.unwrap(), picture);
    assert!(
        hub.store
            .find(forgotten.parse().unwrap())
            .await
            .unwrap()
            .is_none()
    );

    let status = async |terminal: &Terminal| terminal.call().await.submission_status(&accepted.code).await;
    until("the terminal has the receipt", async || {
        status(&terminal)
            .await
            .ok()
            .filter(|status| status.stage == SubmissionStage::Received)
    })
    .await;

    // Staff answer.
    let case = hub.store.case(id.parse().unwrap()).await.unwrap().unwrap();
    let letter = Letter {
        written_at: "2026-11-26T08:00:00Z".parse().unwrap(),
        stage: Stage::Answered,
        since: "2026-11-26".parse().unwrap(),
        due: Some("2026-12-24".parse().unwrap()),
        outcome: Some(Outcome::PartlyDisclosed),
        note: Some("请到二楼窗口领取".into()),
    };
    let key = case.submission.mailbox_key.unwrap();
    let sealed = mailbox::seal(&letter, case.submission.device, &key, &hub.keys().receipts).unwrap();
    let step = Recorded {
        step: Step {
            on: letter.since,
            action: Action::Register,
            note: None,
        },
        made_at: letter.written_at,
        made_by: "tester".into(),
    };
    assert!(hub.store.advance(&case, &step, Some(sealed)).await.unwrap());
    let told = status(&terminal).await.unwrap();
    assert_eq!(told.stage, SubmissionStage::Answered);
    assert_eq!(told.outcome, Some(SubmissionOutcome::PartlyDisclosed));
    assert_eq!(
        (told.since.as_deref(), told.due.as_deref()),
        (Some("2026-11-26"), Some("2026-12-24"))
    );
    assert_eq!(told.note.as_deref(), Some("请到二楼窗口领取"));

    // The resident comes back after a power cut; then the hub is away.
    terminal.kill();
    terminal.start().await;
    let again = until("the hub answers", async || status(&terminal).await.ok()).await;
    assert_eq!(again, told);
    hub.down();
    until("the hub is away", async || {
        let refused = status(&terminal).await;
        matches!(refused, Err(CallError::Refused(Refusal::HubUnreachable))).then_some(())
    })
    .await;
    assert_eq!(terminal.plaintext_on_disk(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_without_its_hub_takes_everything_and_brings_it_later() {
    let folder = tempfile::tempdir().unwrap();
    let mut hub = Hub::start(folder.path()).await;
    let url = format!("https://localhost:{}/", hub.address.port());
    let mut terminal = Terminal::new(folder.path(), &url);
    terminal.start().await;
    terminal.approved(&hub).await;
    enrolled(&terminal).await;
    hub.down();

    let mut connection = terminal.call().await;
    let id = connection.open_submission().await.unwrap().id;
    let rating = Rating {
        grade: Grade::Satisfied,
        record: None,
        text: None,
    };
    let accepted = connection.submit_rating(&id, &rating).await.unwrap();
    let correction = Correction {
        record: "guide-001".into(),
        generation: 7,
        field: None,
        text: "已搬迁".into(),
        phone: None,
    };
    let second = connection.open_submission().await.unwrap().id;
    connection
        .submit_correction(&second, &correction, &[])
        .await
        .unwrap();
    let third = connection.open_submission().await.unwrap().id;
    connection
        .submit_suggestion(&third, &suggestion("好"), &[])
        .await
        .unwrap();
    let waiting = connection.submission_status(&accepted.code).await.unwrap();
    assert_eq!(waiting.stage, SubmissionStage::Waiting);
    terminal.kill();
    terminal.start().await;
    let waiting = terminal
        .call()
        .await
        .submission_status(&accepted.code)
        .await
        .unwrap();
    assert_eq!(waiting.stage, SubmissionStage::Waiting);

    hub.up().await;
    // A start tries at once; the pauses after failures are for a hub that stays away.
    terminal.kill();
    terminal.start().await;
    until("the hub has all three", async || {
        let kept = hub
            .kept(&[Kind::Rating, Kind::Correction, Kind::Suggestion])
            .await;
        (kept.len() == 3).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_not_in_order_is_refused_with_its_field() {
    let folder = tempfile::tempdir().unwrap();
    let _hub = Hub::start(folder.path()).await;
    let mut terminal = Terminal::new(folder.path(), "https://localhost:9/");
    terminal.start().await;
    let mut connection = terminal.call().await;
    let id = connection.open_submission().await.unwrap().id;
    let refused = |result: Result<terminal_api::interface::Accepted, CallError>| match result.unwrap_err() {
        CallError::Refused(refusal) => refusal,
        other => panic!("{other}"),
    };
    let mut wrong = application();
    wrong.applicant.number = "110105194912310021".into();
    let field = "identity_number is not valid".to_owned();
    assert_eq!(
        refused(connection.submit_application(&id, &wrong, &[]).await),
        Refusal::InvalidForm { field }
    );
    let stranger = vec!["019abf2e-6c00-7000-8000-00000000002a".to_owned()];
    let refusal = refused(
        connection
            .submit_suggestion(&id, &suggestion("好"), &stranger)
            .await,
    );
    assert_eq!(
        refusal,
        Refusal::NoSuchFile {
            file: stranger[0].clone()
        }
    );
    let refusal = refused(connection.submit_suggestion("1", &suggestion("好"), &[]).await);
    assert!(matches!(refusal, Refusal::BadRequest { .. }));

    connection.end_session().await.unwrap();
    for code in ["", "7Q2K-M4TD-90XX"] {
        let status = connection.submission_status(code).await.unwrap_err();
        assert!(
            matches!(status, CallError::Refused(Refusal::InvalidCode)),
            "{status}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_terminal_reports_is_counted_once_and_says_that_its_screen_lives() {
    let folder = tempfile::tempdir().unwrap();
    let hub = Hub::start(folder.path()).await;
    let url = format!("https://localhost:{}/", hub.address.port());
    let mut terminal = Terminal::new(folder.path(), &url);
    terminal.start().await;
    terminal.approved(&hub).await;
    let mut connection = terminal.call().await;
    connection.heartbeat(42).await.unwrap();
    for _ in 0..3 {
        connection.count_page(Page::Guide).await.unwrap();
    }
    for _ in 0..5 {
        connection.count_miss("共享单车押金").await.unwrap();
        connection.end_session().await.unwrap();
    }
    connection.count_miss("张三丰").await.unwrap();
    let first = "2000-01-01".parse().unwrap();
    until("the hub has the counts", async || {
        let totals = hub.store.totals(first).await.unwrap();
        let guides = totals.iter().find(|total| total.metric == "page.guide")?;
        (guides.total == 3).then_some(())
    })
    .await;
    let missed = until("the term was reported", async || {
        let missed = hub.store.missed(first).await.unwrap();
        (!missed.is_empty()).then_some(missed)
    })
    .await;
    assert_eq!((missed.len(), missed[0].visits), (1, 5));
    let health = until("the hub has a report", async || {
        hub.store.devices().await.unwrap()[0]
            .health
            .clone()
            .filter(|health| health.screen.is_some())
    })
    .await;
    assert_eq!(health.screen.unwrap().frames, 42);
    assert!(health.free_bytes > 0);

    // Ended in order, it loses nothing that was counted.
    connection.count_page(Page::Guide).await.unwrap();
    terminal.end().await;
    terminal.start().await;
    until("the hub has the last count", async || {
        let totals = hub.store.totals(first).await.unwrap();
        totals
            .iter()
            .any(|total| total.metric == "page.guide" && total.total == 4)
            .then_some(())
    })
    .await;
}
