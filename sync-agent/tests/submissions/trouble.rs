//! A hub that lies, stalls or is lied about.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use catalog::clock::SystemClock;
use catalog::submission::enrolment::Standing;
use catalog::submission::{HubKeys, Kind, MOST_ATTACHMENT_BYTES, Outbox};
use hub::intake::create_keys;
use sync_agent::agent_db::Memory;
use sync_agent::http::CertificateTime;
use sync_agent::identity::{Enroller, HubClient, Identity};
use sync_agent::outbox::{Setup, Submissions};
use sync_agent::timer::SystemTimer;
use terminal_api::client::CallError;
use terminal_api::interface::{EnrolmentState, FilePiece, Refusal, SubmissionStage, Verdict};

use crate::hub::{Hub, Spoiler};
use crate::rows::number;
use crate::terminal::{Terminal, suggestion, until};

async fn approved(folder: &std::path::Path) -> (Hub, Arc<Spoiler>, Terminal) {
    let spoiler = Arc::new(Spoiler::default());
    let hub = Hub::behind(folder, Arc::clone(&spoiler)).await;
    let mut terminal = Terminal::new(folder, &format!("http://{}/", hub.address));
    terminal.start().await;
    terminal.approved(&hub).await;
    (hub, spoiler, terminal)
}

async fn outbox(hub: &Hub, holds: impl Fn(&Outbox) -> bool) {
    until("the terminal reports its outbox", async || {
        let health = hub.store.devices().await.unwrap().remove(0).health?;
        holds(&health.outbox).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_captive_portal_an_error_and_a_lost_answer_cost_nothing_but_time() {
    let folder = tempfile::tempdir().unwrap();
    let (hub, spoiler, terminal) = approved(folder.path()).await;
    for status in [200, 302, 403, 408, 425, 429, 503] {
        spoiler.instead.store(status, Ordering::SeqCst);
        let seen = spoiler.seen.load(Ordering::SeqCst);
        let id = terminal.open().await;
        let accepted = terminal
            .call()
            .await
            .submit_suggestion(&id, &suggestion("好"), &[])
            .await
            .unwrap();
        until("it was tried", async || {
            (spoiler.seen.load(Ordering::SeqCst) > seen).then_some(())
        })
        .await;
        let status = terminal
            .call()
            .await
            .submission_status(&accepted.code)
            .await
            .unwrap();
        assert_eq!(status.stage, SubmissionStage::Waiting);
        // The next round is not to wait for the pause of this one.
        spoiler.instead.store(0, Ordering::SeqCst);
        until("the hub has it", async || hub.opened(&id).await).await;
    }
    spoiler.swallow.store(1, Ordering::SeqCst);
    let id = terminal.open().await;
    terminal
        .call()
        .await
        .submit_suggestion(&id, &suggestion("好"), &[])
        .await
        .unwrap();
    until("the hub has it", async || hub.opened(&id).await).await;
    outbox(&hub, |outbox| outbox.waiting == 0 && outbox.quarantined == 0).await;
    let kept = hub.kept(&[Kind::Suggestion]).await;
    assert_eq!(kept.len(), 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_hub_refuses_is_kept_and_the_next_one_goes_through() {
    let folder = tempfile::tempdir().unwrap();
    let (hub, spoiler, terminal) = approved(folder.path()).await;
    spoiler.as_the_hub.store(true, Ordering::SeqCst);
    spoiler.instead.store(409, Ordering::SeqCst);
    let id = terminal.open().await;
    let accepted = terminal
        .call()
        .await
        .submit_suggestion(&id, &suggestion("好"), &[])
        .await
        .unwrap();
    let status = async || {
        terminal
            .call()
            .await
            .submission_status(&accepted.code)
            .await
            .unwrap()
            .stage
    };
    until("it is held", async || {
        (status().await == SubmissionStage::Held).then_some(())
    })
    .await;
    spoiler.instead.store(0, Ordering::SeqCst);
    let second = terminal.open().await;
    terminal
        .call()
        .await
        .submit_suggestion(&second, &suggestion("好"), &[])
        .await
        .unwrap();
    until("the hub has the second", async || hub.opened(&second).await).await;
    outbox(&hub, |outbox| outbox.waiting == 0 && outbox.quarantined == 1).await;
    assert_eq!(status().await, SubmissionStage::Held);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_terminal_takes_and_sends_nothing_more_and_keeps_what_it_took() {
    let folder = tempfile::tempdir().unwrap();
    let (hub, spoiler, mut terminal) = approved(folder.path()).await;
    until("it is approved", async || {
        let state = terminal.call().await.enrolment().await.unwrap().state;
        (state == EnrolmentState::Approved).then_some(())
    })
    .await;
    spoiler.instead.store(503, Ordering::SeqCst);
    let taken = terminal.open().await;
    let accepted = terminal
        .call()
        .await
        .submit_suggestion(&taken, &suggestion("好"), &[])
        .await
        .unwrap();
    let opened = terminal.open().await;
    let device = hub.store.devices().await.unwrap()[0].id;
    let now = jiff::Timestamp::from_second(1_700_000_000).unwrap();
    assert!(
        hub.store
            .decide(device, Standing::Revoked, "tester", now)
            .await
            .unwrap()
    );
    terminal.kill();
    terminal.start().await;
    until("it knows", async || {
        let state = terminal.call().await.enrolment().await.unwrap().state;
        (state == EnrolmentState::Revoked).then_some(())
    })
    .await;
    spoiler.instead.store(0, Ordering::SeqCst);
    let seen = spoiler.seen.load(Ordering::SeqCst);
    let mut kiosk = terminal.call().await;
    let refused = [
        kiosk.open_submission().await.unwrap_err(),
        terminal.attach(&opened, b"%PDF", 4).await.unwrap_err(),
        kiosk
            .submit_suggestion(&opened, &suggestion("好"), &[])
            .await
            .unwrap_err(),
    ];
    for error in refused {
        assert!(matches!(error, CallError::Refused(Refusal::Revoked)), "{error}");
    }
    let tested = kiosk.self_test().await.unwrap().checks;
    let submissions = tested.iter().find(|check| check.subject == "submissions");
    assert_eq!(submissions.unwrap().verdict, Verdict::Failed);
    // Whoever asks again for what was taken before hears that it was.
    let again = kiosk.submit_suggestion(&taken, &suggestion("好"), &[]).await;
    assert_eq!(again.unwrap(), accepted);
    let status = kiosk.submission_status(&accepted.code).await.unwrap();
    assert_eq!(status.stage, SubmissionStage::Waiting);
    assert_eq!(spoiler.seen.load(Ordering::SeqCst), seen);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_terminal_that_is_revoked_while_it_runs_hears_of_it_with_the_next_report() {
    let folder = tempfile::tempdir().unwrap();
    let (hub, _, terminal) = approved(folder.path()).await;
    outbox(&hub, |outbox| outbox.waiting == 0).await;
    let device = hub.store.devices().await.unwrap()[0].id;
    let now = jiff::Timestamp::from_second(1_700_000_000).unwrap();
    let revoked = hub.store.decide(device, Standing::Revoked, "tester", now).await;
    assert!(revoked.unwrap());
    until("it takes nothing more in", async || {
        let opened = terminal.call().await.open_submission().await;
        matches!(opened, Err(CallError::Refused(Refusal::Revoked))).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_grew_too_large_gives_its_place_back() {
    let folder = tempfile::tempdir().unwrap();
    create_keys(&folder.path().join("keys"), &SystemClock).unwrap();
    let identity = Arc::new(Identity::open(folder.path(), None).unwrap());
    let nowhere = "http://127.0.0.1:9/".parse().unwrap();
    let client = Arc::new(HubClient::new(nowhere, None, identity, CertificateTime::default()).unwrap());
    let enroller = Enroller::new(Arc::clone(&client), "街道".into(), "320571".into(), folder.path());
    let submissions = Submissions::open(Setup {
        state: folder.path(),
        keys: HubKeys::load(&folder.path().join("keys/hub.json")).unwrap(),
        client,
        enroller: Arc::new(enroller),
        clock: Arc::new(SystemClock),
        timer: Arc::new(SystemTimer),
        memory: Memory::OnDisk,
    })
    .unwrap();
    let form = submissions.open_form().unwrap().id;
    let mut file = None;
    let mut attach = async |data: &str| {
        let piece = FilePiece {
            submission: form.clone(),
            file: file.clone(),
            name: "影片.mp4".into(),
            media_type: "video/mp4".into(),
            data: data.to_owned(),
            is_last: false,
        };
        let attached = submissions.attach(piece).await?;
        file = Some(attached.file);
        Ok::<_, Refusal>(attached.length)
    };
    let piece = STANDARD.encode(vec![7; FilePiece::LONGEST]);
    let mut length = 0;
    while length < MOST_ATTACHMENT_BYTES as u64 {
        length = attach(&piece).await.unwrap();
    }
    let outbox = folder.path().join("outbox.db");
    assert_eq!(number(&outbox, "SELECT COUNT(*) FROM envelope"), Some(1));
    assert_eq!(attach("AA==").await, Err(Refusal::TooLarge));
    assert_eq!(number(&outbox, "SELECT COUNT(*) FROM envelope"), Some(0));
    assert_eq!(number(&outbox, "SELECT COUNT(*) FROM chunk"), Some(0));
}
