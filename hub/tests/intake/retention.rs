//! What is kept for long enough is erased, and nothing comes back.

use axum::http::StatusCode;
use catalog::clock::{Clock as _, SystemClock, day_in_china};
use catalog::submission::enrolment::Standing;
use catalog::submission::mailbox::{self, Letter, Outcome, Stage};
use catalog::submission::sealed::{Label, seal};
use catalog::submission::{Kind, SignedReceipt, SubmissionId};
use hub::cases::{Action, Step};
use hub::database::Address;
use hub::intake::receipts_key;
use hub::retention::{Erasure, Policy, apply, due};
use hub::store::Recorded;
use jiff::{SignedDuration, Timestamp};

use crate::terminal::{Hub, Terminal};

/// A case's whole way on one day, with a letter at its end.
async fn archive(hub: &Hub, terminal: &Terminal, id: SubmissionId, now: Timestamp) {
    let receipts = receipts_key(hub.folder.path()).unwrap();
    let outcome = Outcome::Disclosed;
    let actions = [
        Action::Register,
        Action::Handle,
        Action::Review { outcome },
        Action::Answer {
            outcome,
            number: "苏园依复〔2026〕1号".into(),
        },
        Action::Deliver,
        Action::Archive,
    ];
    for action in actions {
        let case = hub.store.case(id).await.unwrap().unwrap();
        let letter = Letter {
            written_at: now,
            stage: Stage::Archived,
            since: day_in_china(now),
            due: None,
            outcome: None,
            note: None,
        };
        let key = case.submission.mailbox_key.unwrap();
        let letter = mailbox::seal(&letter, terminal.id, &key, &receipts).unwrap();
        let step = Recorded {
            step: Step {
                on: day_in_china(now),
                action,
                note: Some("张三来电确认".into()),
            },
            made_at: now,
            made_by: "甲".into(),
        };
        assert!(hub.store.advance(&case, &step, Some(letter)).await.unwrap());
    }
}

/// Hands in something; its name and its bytes.
async fn hand_in(
    hub: &Hub,
    terminal: &Terminal,
    kind: Kind,
    regarding: Option<SubmissionId>,
) -> (SubmissionId, Vec<u8>) {
    let id = SubmissionId::new();
    let label = terminal.label(id, kind);
    let label = Label {
        key: hub.sealing_key.id(),
        regarding,
        mailbox: label.mailbox.filter(|_| kind != Kind::Attachment),
        ..label
    };
    let bytes = seal(&hub.sealing_key, label, b"x", &terminal.key).bytes;
    let answer = terminal.hand_in(&hub.router, id, &bytes).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    (id, bytes)
}

pub(crate) async fn what_was_kept_for_long_enough_is_erased_and_its_receipt_stays(address: Address) {
    let hub = Hub::new(&address).await;
    let terminal = hub.terminal().await;
    let now = SystemClock.now();
    let (archived, envelope) = hand_in(&hub, &terminal, Kind::DisclosureApplication, None).await;
    let receipt: SignedReceipt = terminal.hand_in(&hub.router, archived, &envelope).await.json();
    let (file, _) = hand_in(&hub, &terminal, Kind::Attachment, Some(archived)).await;
    let (open, _) = hand_in(&hub, &terminal, Kind::DisclosureApplication, None).await;
    let (open_file, _) = hand_in(&hub, &terminal, Kind::Attachment, Some(open)).await;
    let (suggestion, _) = hand_in(&hub, &terminal, Kind::Suggestion, None).await;
    let (its_file, _) = hand_in(&hub, &terminal, Kind::Attachment, Some(suggestion)).await;
    let lost_form = SubmissionId::new();
    let (orphan, _) = hand_in(&hub, &terminal, Kind::Attachment, Some(lost_form)).await;
    archive(&hub, &terminal, archived, now).await;
    let stranger = Terminal::new();
    stranger.enrol(&hub.router).await;

    let policy = Policy::default();
    let after = async |days: i64| {
        let then = now + SignedDuration::from_hours(24 * days);
        let announced = due(&hub.store, &policy, then).await.unwrap();
        let erased = apply(&hub.store, &policy, then).await.unwrap();
        assert_eq!(announced, erased, "after {days} days");
        erased
    };
    let is_kept = async |id| hub.store.sealed(terminal.id, id).await.unwrap().is_some();
    let mailbox = terminal.secret.mailbox(&terminal.secret.code(archived));
    let path = terminal.path(&format!("mailboxes/{}", mailbox.id()));
    let letter = async || terminal.call(&hub.router, "GET", &path, Vec::new()).await.status;

    assert_eq!(after(89).await, Erasure::default());
    let strangers = Erasure {
        pending_devices: 1,
        ..Erasure::default()
    };
    assert_eq!(after(91).await, strangers);
    assert!(hub.store.device(stranger.id).await.unwrap().is_none());
    assert_eq!(
        stranger.enrol(&hub.router).await,
        Standing::Pending,
        "it may ask again"
    );
    assert!(hub.store.device(terminal.id).await.unwrap().is_some());

    assert_eq!(letter().await, StatusCode::OK);
    assert_eq!(after(366).await.letters, 1);
    assert_eq!(letter().await, StatusCode::NOT_FOUND);
    assert!(is_kept(archived).await && is_kept(suggestion).await);

    assert_eq!(after(731).await.submissions, 2);
    for gone in [suggestion, its_file, orphan] {
        assert!(!is_kept(gone).await);
    }
    assert!(is_kept(archived).await && is_kept(file).await);

    assert_eq!(after(5 * 365).await.applications, 0);
    assert_eq!(after(5 * 365 + 1).await.applications, 1);
    assert!(!is_kept(archived).await && !is_kept(file).await);
    assert_eq!(hub.store.find(archived).await.unwrap(), None);
    let cases = hub.store.cases().await.unwrap();
    assert_eq!(
        cases.iter().map(|case| case.submission.id).collect::<Vec<_>>(),
        [open]
    );
    // However long it lasts, what nobody archived is there.
    assert_eq!(after(36_000).await.applications, 0);
    assert!(is_kept(open).await && is_kept(open_file).await);

    // An envelope that was recorded on its way is played back: it is known, and stays erased.
    let again = terminal.hand_in(&hub.router, archived, &envelope).await;
    assert_eq!(again.status, StatusCode::OK);
    assert_eq!(again.json::<SignedReceipt>(), receipt);
    assert!(!is_kept(archived).await);
}
