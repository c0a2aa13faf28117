//! What must hold whatever the database.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use catalog::clock::SystemClock;
use catalog::submission::enrolment::{IssuedCertificate, Standing};
use catalog::submission::mailbox::{self, Letter, Stage};
use catalog::submission::sealed::{Label, OpeningKey, digest, seal};
use catalog::submission::{
    ContentAge, Count, Counters, Health, HubKeys, Kind, MissedTerm, Outbox, SignedReceipt, SubmissionId,
};
use hub::cases::{Action, Step};
use hub::database::Address;
use hub::intake::{Limits, OpeningKeys, receipts_key, replace_sealing_key};
use hub::store::Recorded;
use jiff::{SignedDuration, Timestamp};

pub(crate) use crate::generations::what_became_of_a_generation_is_kept_once_for_each_terminal;
pub(crate) use crate::overview::what_revoked_terminals_last_said_is_added_to_nothing;
pub(crate) use crate::retention::what_was_kept_for_long_enough_is_erased_and_its_receipt_stays;
pub(crate) use crate::room::bodies_on_their_way_have_so_much_room_together;
use crate::terminal::{Hub, Terminal, send};
pub(crate) use crate::waiting::a_waiting_terminal_that_went_silent_gives_way_and_one_that_asks_does_not;

fn now() -> Timestamp {
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

pub(crate) async fn counting_the_same_twice_changes_nothing(address: Address) {
    let hub = Hub::new(&address).await;
    let (first, second) = (hub.terminal().await, hub.terminal().await);
    let day = "2026-11-26".parse().unwrap();
    let epoch = uuid::Uuid::new_v4();
    let report = |epoch, total| Counters {
        epoch,
        counts: vec![Count {
            metric: "page.guide".parse().unwrap(),
            day,
            total,
        }],
        missed: vec![MissedTerm {
            term: "ab".repeat(16),
            day,
            visits: total as u32,
        }],
    };
    let send = async |terminal: &Terminal, counters: &Counters| {
        let body = serde_json::to_vec(counters).unwrap();
        let answer = terminal
            .call(&hub.router, "PUT", &terminal.path("counters"), body)
            .await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
    };
    for total in [3, 7, 7, 5] {
        send(&first, &report(epoch, total)).await;
    }
    send(&second, &report(epoch, 2)).await;
    // The terminal lost its counts and began anew.
    send(&first, &report(uuid::Uuid::new_v4(), 1)).await;
    let totals = hub.store.totals(day).await.unwrap();
    assert_eq!((totals.len(), totals[0].total), (1, 7 + 2 + 1));
    assert_eq!(hub.store.missed(day).await.unwrap()[0].visits, 7 + 2 + 1);

    let mut plain = report(epoch, 9);
    plain.missed[0].term = "张三".into();
    let body = serde_json::to_vec(&plain).unwrap();
    let answer = first
        .call(&hub.router, "PUT", &first.path("counters"), body)
        .await;
    assert_eq!((answer.status.as_u16(), answer.problem()), (400, "body".into()));
}

pub(crate) async fn an_old_report_played_back_does_not_hide_a_new_one(address: Address) {
    let hub = Hub::new(&address).await;
    let terminal = hub.terminal().await;
    let report = async |sequence: i64, waiting: u64| {
        let health = Health {
            sequence,
            reported_at: now(),
            agent_version: "0.1.0".into(),
            content: ContentAge {
                generation: Some(7),
                published_at: Some(now()),
                checked_at: None,
                problem: None,
            },
            screen: None,
            outbox: Outbox {
                waiting,
                quarantined: 1,
                oldest_at: None,
            },
            devices: Vec::new(),
            clock_behind: false,
            free_bytes: 1,
        };
        let body = serde_json::to_vec(&health).unwrap();
        let answer = terminal
            .call(&hub.router, "PUT", &terminal.path("health"), body)
            .await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT);
        let device = hub.store.device(terminal.id).await.unwrap().unwrap();
        device.health.unwrap().outbox.waiting
    };
    assert_eq!(report(10, 4).await, 4);
    assert_eq!(report(11, 0).await, 0);
    assert_eq!(report(10, 4).await, 0);

    let request = Request::get("/metrics").body(Body::empty()).unwrap();
    let metrics = String::from_utf8(send(&hub.router, request).await.body).unwrap();
    for line in [
        "hub_devices{standing=\"approved\"} 1",
        "hub_outbox_waiting 0",
        "hub_outbox_quarantined 1",
        "hub_requests_total{route=\"/v1/devices/{device}/health\",status=\"204\"} 3",
    ] {
        assert!(metrics.contains(line), "{line} is not in\n{metrics}");
    }
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

pub(crate) async fn a_device_that_asks_too_often_is_told_when_to_come_back(address: Address) {
    let limits = Limits {
        device_per_minute: 2.try_into().unwrap(),
        ..Limits::default()
    };
    let hub = Hub::with_limits(&address, limits).await;
    let (terminal, other) = (hub.terminal().await, hub.terminal().await);
    let path = terminal.path("certificate");
    for _ in 0..2 {
        assert_eq!(
            terminal.call(&hub.router, "POST", &path, Vec::new()).await.status,
            StatusCode::OK
        );
    }
    let refused = terminal.call(&hub.router, "POST", &path, Vec::new()).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    let seconds: u64 = refused.headers[header::RETRY_AFTER]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    let path = other.path("certificate");
    assert_eq!(
        other.call(&hub.router, "POST", &path, Vec::new()).await.status,
        StatusCode::OK
    );
}

pub(crate) async fn known_terminals_behind_one_address_keep_nobody_out(address: Address) {
    let limits = Limits {
        enrolments_per_minute: 2.try_into().unwrap(),
        ..Limits::default()
    };
    let hub = Hub::with_limits(&address, limits).await;
    let (known, other) = (hub.terminal().await, Terminal::new());
    for _ in 0..10 {
        assert_eq!(known.enrol(&hub.router).await, Standing::Approved);
    }
    assert_eq!(other.enrol(&hub.router).await, Standing::Pending);

    let (stranger, body) = (Terminal::new(), |terminal: &Terminal| {
        serde_json::to_vec(&terminal.enrolment()).unwrap()
    });
    let refused = stranger
        .call(&hub.router, "POST", "/v1/enrolments", body(&stranger))
        .await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    // Nor does it help to use another one's name.
    let path = "/v1/enrolments";
    let signed = catalog::submission::request::sign("POST", path, &digest(&body(&known)), &stranger.key);
    let name = signed
        .signature_input
        .replace(&stranger.id.to_string(), &known.id.to_string());
    let borrowed = Request::post(path)
        .header("content-digest", signed.content_digest)
        .header("signature-input", name)
        .header("signature", signed.signature)
        .body(Body::from(body(&known)))
        .unwrap();
    let refused = send(&hub.router, borrowed).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
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
