//! Counters and health.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use catalog::submission::{ContentAge, Count, Counters, Health, MissedTerm, Outbox};
use hub::database::Address;

use crate::scenarios::now;
use crate::terminal::{Hub, Terminal, send};

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
