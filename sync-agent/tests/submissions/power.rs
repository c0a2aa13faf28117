//! The power goes, again and again: SIGKILL to the agent's own program while residents hand in.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use catalog::submission::Kind;

use crate::hub::{Hub, Spoiler};
use crate::terminal::{SECRETS, Terminal, application, suggestion, until};

/// How often the power goes at least.
const CUTS: u64 = 30;
/// How often it goes at most until something was accepted.
const MOST_CUTS: u64 = 500;

#[tokio::test(flavor = "multi_thread")]
async fn whatever_was_accepted_reaches_the_hub_once_whenever_the_power_goes() {
    let folder = tempfile::tempdir().unwrap();
    let hub = Hub::behind(folder.path(), Arc::new(Spoiler::default())).await;
    let mut terminal = Terminal::new(folder.path(), &format!("http://{}/", hub.address));
    terminal.start().await;
    terminal.approved(&hub).await;
    let mut accepted = BTreeSet::new();
    let mut unsure = BTreeSet::new();
    let mut cuts = 0;
    // On a slow machine it takes later cuts until anybody gets anything done.
    while cuts < CUTS || accepted.len() <= 3 {
        assert!(cuts < MOST_CUTS, "the power went before anybody was done");
        // The cut comes a little later each time, so that it hits every step sooner or later.
        let moment = Duration::from_millis(3 * cuts);
        let residents = async {
            loop {
                let id = terminal.open().await;
                unsure.insert(id.clone());
                let mut connection = terminal.call().await;
                let done = if accepted.len().is_multiple_of(2) {
                    connection.submit_application(&id, &application(), &[]).await
                } else {
                    connection
                        .submit_suggestion(&id, &suggestion(SECRETS[3]), &[])
                        .await
                };
                if let Ok(done) = done {
                    accepted.insert(done.id);
                }
            }
        };
        let _time_is_up = tokio::time::timeout(moment, residents).await;
        terminal.kill();
        assert_eq!(terminal.plaintext_on_disk(), None, "after cut {cuts}");
        terminal.start().await;
        cuts += 1;
    }
    let kinds = [Kind::DisclosureApplication, Kind::Suggestion];
    until("everything that was accepted is at the hub", async || {
        let kept: BTreeSet<String> = hub
            .kept(&kinds)
            .await
            .iter()
            .map(|kept| kept.id.to_string())
            .collect();
        accepted.is_subset(&kept).then_some(())
    })
    .await;
    until("the outbox is empty", async || {
        let health = hub.store.devices().await.unwrap().remove(0).health?;
        (health.outbox.waiting == 0 && health.outbox.quarantined == 0).then_some(())
    })
    .await;
    let kept: Vec<String> = hub
        .kept(&kinds)
        .await
        .iter()
        .map(|kept| kept.id.to_string())
        .collect();
    let different: BTreeSet<String> = kept.iter().cloned().collect();
    assert_eq!(kept.len(), different.len(), "something was doubled");
    assert!(different.is_subset(&unsure), "something that nobody handed in");
    assert_eq!(hub.store.alarms().await.unwrap(), []);
    println!(
        "{cuts} cuts, {} accepted, {} at the hub",
        accepted.len(),
        kept.len()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_identity_survives_every_cut_of_the_first_start() {
    for cut in 0..20_u64 {
        let folder = tempfile::tempdir().unwrap();
        let hub = Hub::behind(folder.path(), Arc::new(Spoiler::default())).await;
        let mut terminal = Terminal::new(folder.path(), &format!("http://{}/", hub.address));
        let _too_short_for_a_start =
            tokio::time::timeout(Duration::from_millis(2 * cut), terminal.start()).await;
        terminal.kill();
        terminal.start().await;
        terminal.approved(&hub).await;
        let known = hub.store.devices().await.unwrap();
        assert_eq!(known.len(), 1, "cut {cut}: the terminal is known under two names");
    }
}
