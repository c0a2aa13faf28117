//! The operator's commands, as typed: keys, terminals, applications.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use catalog::clock::SystemClock;
use catalog::submission::enrolment::{Enrolment, code};
use catalog::submission::mailbox::{self, MailboxId, MailboxSecret, Outcome, Stage};
use catalog::submission::sealed::{Label, digest, seal};
use catalog::submission::{
    Applicant, Citizen, DeliveryMedium, DeliveryWay, DeviceId, DeviceKey, DisclosureApplication, Form,
    HubKeys, IdentityDocument, Kind, Payload, Receipt, SubmissionId,
};
use hub::database::Address;
use hub::intake::receipts_key;
use hub::store::{Delivery, Store};

/// A hub's folder with one application in its database, handed in at the end of September 2026.
struct Office {
    folder: tempfile::TempDir,
    store: Store,
    device: DeviceId,
    secret: MailboxSecret,
    id: SubmissionId,
}

impl Office {
    async fn new() -> Self {
        let secret = MailboxSecret::generate().unwrap();
        let id = SubmissionId::new();
        let mailbox = secret.mailbox(&secret.code(id)).public_key();
        Self::with_mailbox(secret, id, mailbox).await
    }

    /// With an application to be answered to this mailbox.
    async fn with_mailbox(secret: MailboxSecret, id: SubmissionId, mailbox: [u8; 32]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let keys = folder.path().join("keys");
        let made = run(folder.path(), &["intake", "keys", keys.to_str().unwrap()]);
        assert!(made.status.success(), "{}", text(&made.stderr));
        let public = HubKeys::load(&keys.join("hub.json")).unwrap();
        let store = Store::open(&Address::File(folder.path().join("hub.db")))
            .await
            .unwrap();

        let key = DeviceKey::generate().unwrap();
        let device = DeviceId::of(&key.public());
        let received_at = "2026-09-28T02:00:00Z".parse().unwrap();
        let enrolment = Enrolment {
            public_key: key.public(),
            place: "斜塘街道".into(),
            division: "320571".into(),
        };
        store.enrol(&enrolment, received_at).await.unwrap();
        let label = Label {
            key: public.sealing_key.id(),
            device,
            submission: id,
            kind: Kind::DisclosureApplication,
            regarding: None,
            mailbox: Some(mailbox),
        };
        let payload = Payload {
            handed_in_at: received_at,
            form: Form::DisclosureApplication(Box::new(application())),
            attachments: Vec::new(),
        };
        let sealed = seal(&public.sealing_key, label, &payload.to_bytes(), &key).bytes;
        let receipt = Receipt {
            device,
            submission: id,
            sha256: hex::encode(digest(&sealed)),
            received_at,
        };
        let receipt = receipt.sign(&receipts_key(&keys).unwrap());
        store
            .take_in(
                &label,
                &hex::encode(digest(&sealed)),
                sealed,
                &receipt,
                received_at,
            )
            .await
            .unwrap();
        Self {
            folder,
            store,
            device,
            secret,
            id,
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs `hub` and says what it printed, or its complaint.
    fn hub(&self, arguments: &[&str]) -> Result<String, String> {
        let output = run(self.folder.path(), arguments);
        if output.status.success() {
            Ok(text(&output.stdout))
        } else {
            Err(text(&output.stderr))
        }
    }

    fn advance(&self, step: &[&str]) -> Result<String, String> {
        let (id, keys) = (self.id.to_string(), self.path("keys"));
        let mut arguments = vec![
            "cases",
            "advance",
            "--by",
            "王芳",
            "--keys",
            keys.to_str().unwrap(),
            &id,
        ];
        arguments.extend(step);
        self.hub(&arguments)
    }

    async fn letter(&self) -> mailbox::Letter {
        let mailbox = self.secret.mailbox(&self.secret.code(self.id));
        let Delivery::Letter(letter) = self.store.mailbox(self.device, mailbox.id()).await.unwrap() else {
            panic!("no letter");
        };
        let hub = [receipts_key(&self.path("keys")).unwrap().public()];
        mailbox::open(&letter, self.device, &mailbox, &hub).unwrap()
    }
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let content = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample");
    Command::new(env!("CARGO_BIN_EXE_hub"))
        .args(arguments)
        .env("HUB_DATABASE", folder.join("hub.db"))
        .env("HUB_CONTENT", content)
        .env("RUST_LOG", "error")
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn application() -> DisclosureApplication {
    DisclosureApplication {
        applicant: Applicant::Citizen(Citizen {
            name: "张三".into(),
            employer: None,
            document: IdentityDocument::ResidentCard,
            number: "11010519491231002X".into(),
            phone: "0512-62880000".into(),
            address: "示例路1号".into(),
            postcode: None,
            email: None,
        }),
        body: None,
        wanted: "2025年度预算执行情况".into(),
        purpose: None,
        medium: DeliveryMedium::Paper,
        way: DeliveryWay::PickUp,
    }
}

#[tokio::test]
async fn an_application_is_led_from_receipt_to_answer_and_the_resident_is_told() {
    let office = Office::new().await;
    let id = office.id.to_string();
    let listed = office.hub(&["cases", "list"]).unwrap();
    assert!(
        listed.contains(&id) && listed.contains("接收") && listed.contains("no clock runs"),
        "{listed}"
    );

    let refused = office.advance(&["deliver", "--on", "2026-09-29"]).unwrap_err();
    assert!(refused.contains("送达 does not follow 接收"), "{refused}");
    office
        .advance(&["register", "--on", "2026-09-29", "--note", "请保留回执"])
        .unwrap();
    let letter = office.letter().await;
    // The published calendar of 2026: 1 to 7 October are off, 10 October is worked.
    assert_eq!(
        (letter.stage, letter.due),
        (Stage::Registered, Some("2026-11-02".parse().unwrap()))
    );
    assert_eq!(letter.note.as_deref(), Some("请保留回执"));

    office.advance(&["handle", "--on", "2026-09-30"]).unwrap();
    let unclear = office
        .advance(&["extend", "--on", "2026-10-08", "--days", "5"])
        .unwrap_err();
    assert!(unclear.contains("--approved-by"), "{unclear}");
    office
        .advance(&[
            "extend",
            "--on",
            "2026-10-08",
            "--days",
            "5",
            "--approved-by",
            "李主任",
        ])
        .unwrap();
    assert_eq!(office.letter().await.due, Some("2026-11-09".parse().unwrap()));
    office
        .advance(&["review", "--on", "2026-10-09", "--outcome", "部分公开"])
        .unwrap();
    assert_eq!(
        office.letter().await.outcome,
        None,
        "a proposal is not an outcome"
    );
    let answer = [
        "answer",
        "--on",
        "2026-10-10",
        "--outcome",
        "部分公开",
        "--number",
        "园信公〔2026〕1号",
    ];
    office.advance(&answer).unwrap();
    let letter = office.letter().await;
    assert_eq!(
        (letter.stage, letter.outcome),
        (Stage::Answered, Some(Outcome::PartlyDisclosed))
    );

    let shown = office.hub(&["cases", "show", &id]).unwrap();
    for part in [
        "答复 since 2026-10-10",
        "部分公开  园信公〔2026〕1号",
        "2026-10-08  延期  王芳",
    ] {
        assert!(shown.contains(part), "{part} is not in\n{shown}");
    }
    assert!(!shown.contains("张三") && !shown.contains("OVERDUE"), "{shown}");
}

#[tokio::test]
async fn what_a_resident_wrote_is_read_only_with_the_sealing_key() {
    let office = Office::new().await;
    let id = office.id.to_string();
    let key = office.path("keys/sealing.key");
    let shown = office
        .hub(&["cases", "show", &id, "--sealing-key", key.to_str().unwrap()])
        .unwrap();
    assert!(
        shown.contains("张三") && shown.contains("预算执行情况"),
        "{shown}"
    );
    let plain = office.hub(&["cases", "export"]).unwrap();
    let plain: serde_json::Value = serde_json::from_str(&plain).unwrap();
    assert_eq!(
        (&plain["stage"], &plain["payload"]),
        (&"received".into(), &serde_json::Value::Null)
    );
    let full = office
        .hub(&["cases", "export", "--sealing-key", key.to_str().unwrap()])
        .unwrap();
    let full: serde_json::Value = serde_json::from_str(&full).unwrap();
    assert_eq!(full["payload"]["form"]["applicant"]["name"], "张三");

    let opened = [
        "intake",
        "open",
        "--kind",
        "disclosure-application",
        "--sealing-key",
        key.to_str().unwrap(),
    ];
    let opened: serde_json::Value = serde_json::from_str(&office.hub(&opened).unwrap()).unwrap();
    assert_eq!(
        (&opened["id"], &opened["payload"]),
        (&full["id"], &full["payload"])
    );

    let other = office.path("other");
    hub::intake::create_keys(&other, &SystemClock).unwrap();
    let wrong = office
        .hub(&[
            "cases",
            "show",
            &id,
            "--sealing-key",
            other.join("sealing.key").to_str().unwrap(),
        ])
        .unwrap_err();
    assert!(wrong.contains("sealed to key"), "{wrong}");
}

#[tokio::test]
async fn a_mailbox_that_nothing_can_be_sealed_to_holds_up_no_case() {
    let secret = MailboxSecret::generate().unwrap();
    // A point of small order: whatever is sealed to it, anybody opens.
    let mut point = [0; 32];
    point[0] = 1;
    let office = Office::with_mailbox(secret, SubmissionId::new(), point).await;
    let advanced = office.advance(&["register", "--on", "2026-09-29"]).unwrap();
    assert!(advanced.contains("登记 since 2026-09-29"), "{advanced}");
    let known = office.store.mailbox(office.device, MailboxId::of(&point)).await;
    assert_eq!(known.unwrap(), Delivery::Empty);
}

#[tokio::test]
async fn after_the_sealing_key_was_replaced_everything_still_opens() {
    let office = Office::new().await;
    let (id, keys) = (office.id.to_string(), office.path("keys"));
    let replaced = office
        .hub(&["intake", "replace-sealing-key", keys.to_str().unwrap()])
        .unwrap();
    assert!(replaced.contains("opens what was sealed before"), "{replaced}");
    let key = keys.join("sealing.key");
    let shown = office
        .hub(&["cases", "show", &id, "--sealing-key", key.to_str().unwrap()])
        .unwrap();
    assert!(shown.contains("张三"), "{shown}");
}

#[tokio::test]
async fn staff_approve_a_terminal_by_the_code_on_its_screen_and_never_a_revoked_one() {
    let office = Office::new().await;
    let code = code(office.device);
    let listed = office.hub(&["devices", "list"]).unwrap();
    assert!(
        listed.contains(&code) && listed.contains("待批准") && listed.contains("斜塘街道"),
        "{listed}"
    );
    let approved = office
        .hub(&["devices", "approve", "--by", "王芳", &code])
        .unwrap();
    assert!(
        approved.contains("已批准") && approved.contains("fingerprint") && approved.contains("by 王芳"),
        "{approved}"
    );
    office
        .hub(&["devices", "revoke", "--by", "王芳", &code.to_lowercase()])
        .unwrap();
    let refused = office
        .hub(&["devices", "approve", "--by", "王芳", &code])
        .unwrap_err();
    assert!(refused.contains("was revoked"), "{refused}");
    let unknown = office.hub(&["devices", "show", "0000-0000"]).unwrap_err();
    assert!(unknown.contains("no terminal"), "{unknown}");
}

#[tokio::test]
async fn what_is_over_its_time_is_announced_and_erased_by_the_operators_own_policy() {
    let office = Office::new().await;
    let policy = office.path("retention.toml");
    let retention = |verb: &str| office.hub(&["retention", verb, "--policy", policy.to_str().unwrap()]);
    catalog::atomic::write(&policy, b"pending-devices = \"always\"\n").unwrap();
    let refused = retention("show").unwrap_err();
    assert!(
        refused.contains("retention.toml") && refused.contains("always"),
        "{refused}"
    );

    // The terminal that asked in September was never approved.
    catalog::atomic::write(&policy, b"pending-devices = 1\n").unwrap();
    let line = |said: &str| {
        let line = said
            .lines()
            .find(|line| line.starts_with("terminals never approved"));
        line.unwrap()
            .split_whitespace()
            .skip(3)
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(line(&retention("show").unwrap()), "1 to erase");
    assert_eq!(line(&retention("show").unwrap()), "1 to erase");
    assert_eq!(line(&retention("apply").unwrap()), "1 erased");
    assert_eq!(line(&retention("apply").unwrap()), "0 erased");
    assert!(office.store.find(office.id).await.unwrap().is_some());
}
