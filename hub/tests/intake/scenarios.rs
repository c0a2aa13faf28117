//! What must hold whatever the database.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use catalog::clock::SystemClock;
use catalog::submission::enrolment::{IssuedCertificate, Standing};
use catalog::submission::mailbox::{self, Letter, Stage};
use catalog::submission::sealed::{Label, OpeningKey, digest, seal};
use catalog::submission::{HubKeys, Kind, SignedReceipt, SubmissionId};
use hub::cases::{Action, Step};
use hub::database::Address;
use hub::intake::{OpeningKeys, receipts_key, replace_sealing_key};
use hub::store::Recorded;
use jiff::{SignedDuration, Timestamp};

pub(crate) use crate::generations::what_became_of_a_generation_is_kept_once_for_each_terminal;
pub(crate) use crate::overview::what_revoked_terminals_last_said_is_added_to_nothing;
pub(crate) use crate::rates::{
    a_device_that_asks_too_often_is_told_when_to_come_back,
    known_terminals_behind_one_address_keep_nobody_out,
    one_ipv6_network_enrols_no_more_strangers_than_one_address,
};
pub(crate) use crate::retention::what_was_kept_for_long_enough_is_erased_and_its_receipt_stays;
pub(crate) use crate::room::{
    a_device_hands_in_so_many_bytes_a_day_and_what_is_kept_keeps_its_receipt,
    a_device_has_two_bodies_on_their_way_and_keeps_no_other_out,
    bodies_on_their_way_have_so_much_room_together, small_bodies_find_room_while_large_ones_drip,
};
pub(crate) use crate::telemetry::{
    an_old_report_played_back_does_not_hide_a_new_one, counting_the_same_twice_changes_nothing,
};
use crate::terminal::{Hub, Terminal, send};
pub(crate) use crate::waiting::{
    a_waiting_terminal_that_went_silent_gives_way_and_one_that_asks_does_not,
    staff_forget_a_terminal_that_waits_and_no_other,
};

pub(crate) fn now() -> Timestamp {
    "2026-11-26T08:00:00Z".parse().unwrap()
}

pub(crate) async fn a_submission_is_kept_once_and_its_receipt_never_changes(address: Address) {
    let hub = Hub::new(&address).await;
    let terminal = hub.terminal().await;
    let id = SubmissionId::new();
    let sealed = terminal.seal(&hub, id, "first");

    let new = terminal.hand_in(&hub.router, id, &sealed.bytes).await;
    assert_eq!(new.status, StatusCode::CREATED);
    let receipt: SignedReceipt = new.json();
    let keys = [receipts_key(hub.folder.path()).unwrap().public()];
    receipt.check(&keys, terminal.id, id, &sealed.sha256).unwrap();

    let again = terminal.hand_in(&hub.router, id, &sealed.bytes).await;
    assert_eq!(again.status, StatusCode::OK);
    assert_eq!(again.json::<SignedReceipt>(), receipt);

    let other = terminal.seal(&hub, id, "second");
    let conflict = terminal.hand_in(&hub.router, id, &other.bytes).await;
    assert_eq!(
        (conflict.status, conflict.problem()),
        (StatusCode::CONFLICT, "conflict".into())
    );
    let alarms = hub.store.alarms().await.unwrap();
    assert_eq!(alarms.len(), 1);
    assert_eq!(
        (alarms[0].submission, &alarms[0].sha256),
        (id, &hex::encode(other.sha256))
    );
    assert_eq!(
        hub.store.sealed(terminal.id, id).await.unwrap().unwrap(),
        sealed.bytes
    );
}

pub(crate) async fn of_many_hubs_at_once_exactly_one_says_that_it_is_new(address: Address) {
    let hub = Hub::new(&address).await;
    let terminal = hub.terminal().await;
    let id = SubmissionId::new();
    let sealed = terminal.seal(&hub, id, "one");
    let hubs = [
        hub.router.clone(),
        hub.twin(&address).await,
        hub.twin(&address).await,
    ];
    let calls = (0..12).map(|number| terminal.hand_in(&hubs[number % 3], id, &sealed.bytes));
    let answers = futures_util::future::join_all(calls).await;
    let new = answers
        .iter()
        .filter(|answer| answer.status == StatusCode::CREATED);
    assert_eq!(new.count(), 1);
    let receipts: BTreeSet<String> = answers
        .iter()
        .map(|answer| answer.json::<SignedReceipt>().receipt)
        .collect();
    assert_eq!(receipts.len(), 1);
    assert_eq!(
        hub.store
            .submissions(Kind::DisclosureApplication)
            .await
            .unwrap()
            .len(),
        1
    );
}

pub(crate) async fn a_terminal_hands_in_only_while_it_is_approved(address: Address) {
    let hub = Hub::new(&address).await;
    let terminal = Terminal::new();
    let id = SubmissionId::new();
    let sealed = terminal.seal(&hub, id, "x").bytes;
    let hand_in = async || {
        let answer = terminal.hand_in(&hub.router, id, &sealed).await;
        let problem = if answer.status.is_success() {
            String::new()
        } else {
            answer.problem()
        };
        (answer.status.as_u16(), problem)
    };
    assert_eq!(hand_in().await, (425, "unknown-device".into()));
    assert_eq!(terminal.enrol(&hub.router).await, Standing::Pending);
    assert_eq!(hand_in().await, (425, "not-approved".into()));
    let certificate = terminal.path("certificate");
    let early = terminal.call(&hub.router, "POST", &certificate, Vec::new()).await;
    assert_eq!(early.status.as_u16(), 425);

    assert!(hub.decide(&terminal, Standing::Approved).await);
    assert_eq!(terminal.enrol(&hub.router).await, Standing::Approved);
    let issued = terminal.call(&hub.router, "POST", &certificate, Vec::new()).await;
    assert!(
        issued
            .json::<IssuedCertificate>()
            .certificate
            .starts_with("-----BEGIN CERTIFICATE-----")
    );
    assert_eq!(hand_in().await, (201, String::new()));

    assert!(hub.decide(&terminal, Standing::Revoked).await);
    assert_eq!(hand_in().await, (403, "revoked".into()));
    assert_eq!(terminal.enrol(&hub.router).await, Standing::Revoked);
    assert!(
        !hub.decide(&terminal, Standing::Approved).await,
        "a revoked key came back"
    );
}

pub(crate) async fn what_is_not_in_order_is_refused_by_its_own_name(address: Address) {
    let hub = Hub::new(&address).await;
    let (terminal, stranger) = (hub.terminal().await, hub.terminal().await);
    let id = SubmissionId::new();
    let sealed = terminal.seal(&hub, id, "x").bytes;
    let path = terminal.path(&format!("submissions/{id}"));
    let problem = async |path: &str, body: &[u8]| {
        let answer = terminal.call(&hub.router, "PUT", path, body.to_vec()).await;
        (answer.status.as_u16(), answer.problem())
    };

    let unsigned = Request::put(&path).body(Body::from(sealed.clone())).unwrap();
    let unsigned = send(&hub.router, unsigned).await;
    assert_eq!(
        (unsigned.status.as_u16(), unsigned.problem()),
        (401, "unsigned".into())
    );
    let foreign = stranger.call(&hub.router, "PUT", &path, sealed.clone()).await;
    assert_eq!(
        (foreign.status.as_u16(), foreign.problem()),
        (401, "unsigned".into())
    );

    let elsewhere = terminal.path(&format!("submissions/{}", SubmissionId::new()));
    assert_eq!(problem(&elsewhere, &sealed).await, (400, "misaddressed".into()));
    assert_eq!(problem(&path, b"no envelope").await, (422, "envelope".into()));
    let other_signature = seal(
        &hub.sealing_key,
        terminal.label(id, Kind::Suggestion),
        b"x",
        &stranger.key,
    );
    assert_eq!(
        problem(&path, &other_signature.bytes).await,
        (422, "envelope".into())
    );
    let other_key = OpeningKey::generate().sealing_key();
    let sealed_to_another = seal(
        &other_key,
        terminal.label(id, Kind::Suggestion),
        b"x",
        &terminal.key,
    );
    assert_eq!(
        problem(&path, &sealed_to_another.bytes).await,
        (422, "other-key".into())
    );
    let long = seal(
        &hub.sealing_key,
        terminal.label(id, Kind::Suggestion),
        &vec![7; 400_000],
        &terminal.key,
    );
    assert_eq!(problem(&path, &long.bytes).await, (413, "too-large".into()));
    assert_eq!(
        problem(&path, &vec![0; 10 << 20]).await,
        (413, "too-large".into())
    );

    // The digest is signed; the body is another.
    let signed = catalog::submission::request::sign("PUT", &path, &digest(&sealed), &terminal.key);
    let swapped = Request::put(&path)
        .header("content-digest", signed.content_digest)
        .header("signature-input", signed.signature_input)
        .header("signature", signed.signature)
        .body(Body::from("swapped"))
        .unwrap();
    let swapped = send(&hub.router, swapped).await;
    assert_eq!(
        (swapped.status.as_u16(), swapped.problem()),
        (401, "unsigned".into())
    );
    assert!(hub.store.find(id).await.unwrap().is_none());
}

pub(crate) async fn a_submission_has_so_many_attachments_and_no_more(address: Address) {
    let hub = Hub::new(&address).await;
    let terminal = hub.terminal().await;
    let regarding = Some(SubmissionId::new());
    let attach = async || {
        let id = SubmissionId::new();
        let label = Label {
            kind: Kind::Attachment,
            regarding,
            mailbox: None,
            ..terminal.label(id, Kind::Attachment)
        };
        let sealed = seal(&hub.sealing_key, label, &vec![1; 300_000], &terminal.key);
        let first = terminal
            .hand_in(&hub.router, id, &sealed.bytes)
            .await
            .status
            .as_u16();
        let again = terminal
            .hand_in(&hub.router, id, &sealed.bytes)
            .await
            .status
            .as_u16();
        (first, again)
    };
    for _ in 0..5 {
        assert_eq!(attach().await, (201, 200));
    }
    assert_eq!(attach().await, (400, 400));
}

pub(crate) async fn a_letter_reaches_its_mailbox_and_two_clerks_never_make_one_step(address: Address) {
    let hub = Hub::new(&address).await;
    let terminal = hub.terminal().await;
    let id = SubmissionId::new();
    let mailbox = terminal.secret.mailbox(&terminal.secret.code(id));
    let path = terminal.path(&format!("mailboxes/{}", mailbox.id()));
    let fetch = async || terminal.call(&hub.router, "GET", &path, Vec::new()).await;
    assert_eq!(fetch().await.status, StatusCode::NOT_FOUND);
    terminal
        .hand_in(&hub.router, id, &terminal.seal(&hub, id, "x").bytes)
        .await;
    assert_eq!(fetch().await.status, StatusCode::NO_CONTENT);

    let receipts = receipts_key(hub.folder.path()).unwrap();
    let case = hub.store.case(id).await.unwrap().unwrap();
    let letter = Letter {
        written_at: now(),
        stage: Stage::Registered,
        since: "2026-11-26".parse().unwrap(),
        due: None,
        outcome: None,
        note: Some("已登记".into()),
    };
    let sealed = mailbox::seal(
        &letter,
        terminal.id,
        &case.submission.mailbox_key.unwrap(),
        &receipts,
    )
    .unwrap();
    let step = Recorded {
        step: Step {
            on: letter.since,
            action: Action::Register,
            note: None,
        },
        made_at: now(),
        made_by: "甲".into(),
    };
    assert!(
        hub.store
            .advance(&case, &step, Some(sealed.clone()))
            .await
            .unwrap()
    );
    let late = Recorded {
        made_by: "乙".into(),
        ..step.clone()
    };
    assert!(!hub.store.advance(&case, &late, Some(sealed)).await.unwrap());
    assert_eq!(hub.store.case(id).await.unwrap().unwrap().steps, [step]);

    let opened = mailbox::open(&fetch().await.body, terminal.id, &mailbox, &[receipts.public()]);
    assert_eq!(opened.unwrap(), letter);
    let stranger = hub.terminal().await;
    let elsewhere = stranger.path(&format!("mailboxes/{}", mailbox.id()));
    let answer = stranger.call(&hub.router, "GET", &elsewhere, Vec::new()).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

pub(crate) async fn what_was_sealed_to_a_former_key_is_taken_for_its_time(address: Address) {
    let hub = Hub::new(&address).await;
    let terminal = hub.terminal().await;
    let replace = |hours| {
        let (folder, clock) = (hub.folder.path(), SystemClock);
        let grace = SignedDuration::from_hours(hours);
        replace_sealing_key(folder, &folder.join("sealing.key"), grace, &clock).unwrap()
    };
    let (waiting, late) = (SubmissionId::new(), SubmissionId::new());
    let sealed = terminal.seal(&hub, waiting, "waited at the terminal").bytes;

    replace(24);
    let router = hub.twin(&address).await;
    let taken = terminal.hand_in(&router, waiting, &sealed).await;
    assert_eq!(taken.status, StatusCode::CREATED);
    let keys = OpeningKeys::read(&hub.folder.path().join("sealing.key")).unwrap();
    assert_eq!(*keys.open(&sealed).unwrap(), b"waited at the terminal");

    // The second key is given no time at all.
    let second = HubKeys::load(&hub.folder.path().join("hub.json"))
        .unwrap()
        .sealing_key;
    replace(0);
    let router = hub.twin(&address).await;
    let label = terminal.label(late, Kind::Suggestion);
    let sealed = seal(&second, label, b"x", &terminal.key).bytes;
    let refused = terminal.hand_in(&router, late, &sealed).await;
    assert_eq!(
        (refused.status.as_u16(), refused.problem()),
        (422, "other-key".into())
    );
}
