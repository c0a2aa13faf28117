//! The statutory clocks, as the commands tell them.

use catalog::clock::{Clock as _, SystemClock, day_in_china};
use catalog::submission::mailbox::Stage;
use serde_json::json;

use crate::office::Office;

impl Office {
    fn exported(&self) -> serde_json::Value {
        serde_json::from_str(&self.hub(&["cases", "export"]).unwrap()).unwrap()
    }
}

#[tokio::test]
async fn a_step_that_came_too_late_is_listed_and_exported_as_late() {
    let office = Office::new().await;
    office.advance(&["register", "--on", "2026-09-29"]).unwrap();
    office.advance(&["handle", "--on", "2026-09-30"]).unwrap();
    let extend = [
        "extend",
        "--days",
        "20",
        "--approved-by",
        "李主任",
        "--on",
        "2026-11-03",
    ];
    let told = office.advance(&extend).unwrap();
    let late = "LATE 延期 after the answer was due: due 2026-11-02, made 2026-11-03";
    assert!(told.contains(late), "{told}");
    assert_eq!(office.letter().await.due, Some("2026-11-02".parse().unwrap()));
    for words in [
        office.hub(&["cases", "list"]).unwrap(),
        office.hub(&["cases", "show", &office.id.to_string()]).unwrap(),
    ] {
        assert!(
            words.contains(late) && words.contains("OVERDUE since 2026-11-02"),
            "{words}"
        );
    }
    office
        .advance(&["request-correction", "--on", "2026-11-04"])
        .unwrap();
    let exported = office.exported();
    assert_eq!(exported["due"], json!(null));
    let steps = [
        ("correction", "2026-10-14", "2026-11-04"),
        ("correction-after-answer-was-due", "2026-11-02", "2026-11-04"),
        ("extension", "2026-11-02", "2026-11-03"),
    ];
    let late = steps.map(|(step, due, on)| json!({"step": step, "due": due, "on": on}));
    assert_eq!(exported["late"], json!(late));
}

#[tokio::test]
async fn while_a_third_party_is_being_asked_no_day_is_told_to_the_resident() {
    let office = Office::new().await;
    // The third party still has time on whatever day this runs.
    let today = day_in_china(SystemClock.now());
    for step in ["register", "handle", "ask-third-party"] {
        office.advance(&[step, "--on", &today.to_string()]).unwrap();
    }
    let day = today.to_string();
    let told = office.advance(&["third-party-received", "--received-on", &day]);
    assert!(told.unwrap().contains(&format!("since {today}")));
    let letter = office.letter().await;
    assert_eq!((letter.stage, letter.due), (Stage::ThirdParty, None));
    let listed = office.hub(&["cases", "list"]).unwrap();
    let told = format!("the clock stands still since {today}: a third party is being asked");
    assert!(listed.contains(&told), "{listed}");
    let exported = office.exported();
    assert_eq!(
        (&exported["due"], &exported["stands_since"]),
        (&json!(null), &json!(today))
    );
    assert_eq!(exported["steps"][3]["action"]["received"], json!(today));
}
