//! The operator's commands, as typed: keys, terminals, applications.

#![expect(clippy::unwrap_used, reason = "tests")]

mod clocks;
mod office;
mod unread;

use catalog::clock::SystemClock;
use catalog::submission::SubmissionId;
use catalog::submission::enrolment::code;
use catalog::submission::mailbox::{MailboxId, MailboxSecret, Outcome, Stage};
use hub::store::Delivery;
use office::Office;

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
