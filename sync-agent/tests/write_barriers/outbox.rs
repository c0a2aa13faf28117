//! A terminal becomes known to the hub, and residents hand in.

use std::collections::BTreeSet;
use std::sync::Arc;

use catalog::submission::Kind;
use sync_agent::identity::Identity;
use terminal_api::interface::EnrolmentState;

use crate::hub::{Hub, Spoiler};
use crate::mount::Mounted;
use crate::rows::{number, until_number};
use crate::terminal::{SECRETS, Terminal, enrolled, suggestion, until};

const OUTBOX: &str = "outbox.db";
const WAITING: &str = "SELECT COUNT(*) FROM envelope WHERE state IN ('draft', 'waiting')";
const HELD: &str = "SELECT COUNT(*) FROM envelope WHERE state = 'held'";
/// How many residents there are; the first one attaches a file.
const RESIDENTS: usize = 3;

/// What was promised, and at which moment of the record.
struct Promises {
    /// The hub knew the terminal by its key.
    known: usize,
    /// The screen said "accepted" of these submissions.
    accepted: Vec<(usize, String)>,
}

async fn record(hub: &Hub, terminal: &mut Terminal, mounted: &Mounted) -> Promises {
    terminal.start().await;
    terminal.approved(hub).await;
    let known = mounted.moment();
    terminal.kill();
    terminal.start().await;
    enrolled(terminal).await;
    let mut accepted = Vec::new();
    for resident in 0..RESIDENTS {
        let id = terminal.open().await;
        let mut files = Vec::new();
        if resident == 0 {
            files.push(terminal.attach(&id, &vec![7; 80_000], 40_000).await.unwrap());
        }
        let mut kiosk = terminal.call().await;
        kiosk
            .submit_suggestion(&id, &suggestion(SECRETS[3]), &files)
            .await
            .unwrap();
        accepted.push((mounted.moment(), id));
    }
    until("the hub has everything", async || {
        let kept = hub.kept(&[Kind::Suggestion, Kind::Attachment]).await;
        (kept.len() == RESIDENTS + 1).then_some(())
    })
    .await;
    terminal.end().await;
    Promises { known, accepted }
}

#[tokio::test(flavor = "multi_thread")]
async fn at_every_write_barrier_of_a_submission_what_was_accepted_is_there_and_the_hub_has_it_once() {
    let folder = tempfile::tempdir().unwrap();
    let hub = Hub::behind(folder.path(), Arc::new(Spoiler::default())).await;
    let mut terminal = Terminal::new(folder.path(), &format!("http://{}/", hub.address));
    let state = terminal.state();
    let Some(mounted) = Mounted::new(&state) else {
        return;
    };
    let promises = record(&hub, &mut terminal, &mounted).await;
    let disk = mounted.unmount();
    let device = hub.store.devices().await.unwrap()[0].id;
    let cuts = disk.power_cuts();
    for (moment, unsynced) in &cuts {
        let case = format!("cut at {moment}, {unsynced:?}");
        disk.after_power_cut(*moment, *unsynced, &state).unwrap();
        assert_eq!(terminal.plaintext_on_disk(), None, "{case}");
        let is_known = promises.known <= *moment;
        if is_known {
            let identity = Identity::open(&state, None).unwrap();
            assert_eq!(identity.device(), device, "{case}: another identity");
        }
        terminal.start().await;
        if is_known {
            enrolled(&terminal).await;
            until_number(&mut terminal, OUTBOX, WAITING, 0).await.unwrap();
        } else {
            until("it asks to be known", async || {
                let enrolment = terminal.call().await.enrolment().await.unwrap();
                (enrolment.state != EnrolmentState::Unknown).then_some(())
            })
            .await;
        }
        for (_, id) in promises
            .accepted
            .iter()
            .filter(|(promised, _)| promised <= moment)
        {
            let done = format!("SELECT COUNT(*) FROM envelope WHERE id = '{id}' AND state = 'done'");
            let done = number(&state.join(OUTBOX), &done);
            assert_eq!(done, Some(1), "{case}: {id} was lost");
        }
        assert_eq!(number(&state.join(OUTBOX), HELD), Some(0), "{case}");
        assert_eq!(terminal.plaintext_on_disk(), None, "after a {case}");
        terminal.kill();
    }
    assert_eq!(hub.store.alarms().await.unwrap(), []);
    let kept = hub.kept(&[Kind::Suggestion]).await;
    let kept: BTreeSet<String> = kept.iter().map(|kept| kept.id.to_string()).collect();
    let accepted = promises.accepted.into_iter().map(|(_, id)| id).collect();
    assert_eq!(kept, accepted);
    println!("{:>6}  cuts at the write barriers of a submission", cuts.len());
}
