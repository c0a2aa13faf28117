//! Sums over all terminals.

use catalog::submission::enrolment::Standing;
use catalog::submission::{ContentAge, Health, Outbox};
use hub::database::Address;
use jiff::Timestamp;

use crate::terminal::Hub;

pub(crate) async fn what_revoked_terminals_last_said_is_added_to_nothing(address: Address) {
    let hub = Hub::new(&address).await;
    let (stays, goes) = (hub.terminal().await, hub.terminal().await);
    for (terminal, waiting) in [(&stays, 3), (&goes, 40)] {
        let health = Health {
            sequence: 1,
            reported_at: Timestamp::UNIX_EPOCH,
            agent_version: "0.1.0".into(),
            content: ContentAge {
                generation: None,
                published_at: None,
                checked_at: None,
                problem: None,
            },
            screen: None,
            outbox: Outbox {
                waiting,
                quarantined: waiting,
                oldest_at: None,
            },
            devices: Vec::new(),
            clock_behind: false,
            free_bytes: 1,
        };
        assert!(hub.store.keep_health(terminal.id, &health).await.unwrap());
    }
    let sums = async || {
        let overview = hub.store.overview().await.unwrap();
        (
            overview.approved,
            overview.revoked,
            overview.waiting,
            overview.quarantined,
        )
    };
    assert_eq!(sums().await, (2, 0, 43, 43));
    assert!(hub.decide(&goes, Standing::Revoked).await);
    assert_eq!(sums().await, (1, 1, 3, 3));
}
