//! Becoming known to the hub, cut at every step: the terminal has one identity, and the hub takes what it hands in.

use std::fs;
use std::path::{Path, PathBuf};

use catalog::submission::enrolment::{Standing, find};
use serde_json::Value;
use tempfile::TempDir;
use terminal_api::client::CallError;
use terminal_api::interface::EnrolmentState;

use crate::hub::Hub;
use crate::scenario::{Scenario, cut_everywhere, keep};
use crate::terminal::{Terminal, enrolled, suggestion, until};

/// A hub that ends TLS and wants certificates, and a terminal.
struct Hall {
    folder: TempDir,
    hub: Hub,
    terminal: Terminal,
}

impl Hall {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let hub = Hub::start(folder.path()).await;
        let url = format!("https://localhost:{}/", hub.address.port());
        let terminal = Terminal::new(folder.path(), &url);
        fs::create_dir(terminal.state()).unwrap();
        Self {
            folder,
            hub,
            terminal,
        }
    }

    /// With a terminal that was approved and does not know it yet.
    async fn approved() -> Self {
        let mut hall = Self::new().await;
        hall.terminal.start().await;
        hall.terminal.approved(&hall.hub).await;
        hall.terminal.kill();
        hall
    }

    fn before(&self) -> PathBuf {
        self.folder.path().join("before")
    }

    fn reset(&self) {
        keep(&self.before(), &self.terminal.state());
    }

    /// What the terminal hands in arrives.
    async fn is_usable(&self) {
        enrolled(&self.terminal).await;
        let id = self.terminal.open().await;
        let mut kiosk = self.terminal.call().await;
        kiosk
            .submit_suggestion(&id, &suggestion("好"), &[])
            .await
            .unwrap();
        until("the hub has it", async || self.hub.opened(&id).await).await;
    }
}

/// Waits until the terminal says that it stands so; an error when it is gone.
async fn until_state(terminal: &Terminal, wanted: EnrolmentState) -> Result<(), CallError> {
    until("the terminal knows how it stands", async || {
        let state = async { terminal.try_call().await?.enrolment().await };
        match state.await {
            Ok(enrolment) => (enrolment.state == wanted).then_some(Ok(())),
            Err(CallError::Silent) => None,
            Err(error) => Some(Err(error)),
        }
    })
    .await
}

/// A new terminal makes its key and asks to be known.
struct FirstStart {
    hall: Hall,
    /// How many terminals the hub knew before.
    known: usize,
}

impl Scenario for FirstStart {
    fn name(&self) -> &'static str {
        "a new terminal makes its key and asks to be known"
    }

    fn must_reach(&self) -> &'static [&'static str] {
        &[
            "write identity.json/during",
            "ask to be known/before",
            "ask to be known/after",
        ]
    }

    async fn reset(&mut self) {
        let state = self.hall.terminal.state();
        fs::remove_dir_all(&state).unwrap();
        fs::create_dir(&state).unwrap();
        self.known = self.hall.hub.store.devices().await.unwrap().len();
    }

    fn terminal(&mut self) -> &mut Terminal {
        &mut self.hall.terminal
    }

    async fn happen(&mut self) -> Result<(), CallError> {
        until_state(&self.hall.terminal, EnrolmentState::Pending).await
    }

    async fn after(&mut self, point: &str) {
        let name = self.name();
        let Hall { hub, terminal, .. } = &mut self.hall;
        terminal.start().await;
        until_state(terminal, EnrolmentState::Pending).await.unwrap();
        let devices = hub.store.devices().await.unwrap();
        assert_eq!(
            devices.len(),
            self.known + 1,
            "{name}, cut at {point}: one terminal under two names"
        );
        let shown = terminal.call().await.enrolment().await.unwrap();
        let device = find(&shown.code, devices.iter().map(|device| device.id)).unwrap();
        let now = jiff::Timestamp::from_second(1_700_000_000).unwrap();
        let decided = hub.store.decide(device, Standing::Approved, "tester", now).await;
        assert!(decided.unwrap());
        terminal.kill();
        terminal.start().await;
        self.hall.is_usable().await;
    }
}

/// A terminal that was approved fetches its certificate.
struct Certificate {
    hall: Hall,
    name: &'static str,
}

impl Certificate {
    async fn first() -> Self {
        let hall = Hall::approved().await;
        keep(&hall.terminal.state(), &hall.before());
        Self {
            hall,
            name: "an approved terminal fetches its certificate",
        }
    }

    /// With one that was issued long ago.
    async fn renewed() -> Self {
        let mut hall = Hall::approved().await;
        hall.terminal.start().await;
        enrolled(&hall.terminal).await;
        hall.terminal.kill();
        let path = hall.terminal.state().join("certificate.json");
        let mut kept = certificate(&path).unwrap();
        kept["issued_at"] = "2020-01-01T00:00:00Z".into();
        catalog::atomic::write(&path, kept.to_string().as_bytes()).unwrap();
        keep(&hall.terminal.state(), &hall.before());
        Self {
            hall,
            name: "a certificate is renewed",
        }
    }
}

/// The certificate as it is kept, which must be whole if there is one.
fn certificate(path: &Path) -> Option<Value> {
    let bytes = fs::read(path).ok()?;
    Some(serde_json::from_slice(&bytes).unwrap())
}

impl Scenario for Certificate {
    fn name(&self) -> &'static str {
        self.name
    }

    fn must_reach(&self) -> &'static [&'static str] {
        &[
            "fetch certificate/before",
            "fetch certificate/after",
            "write certificate.json/during",
        ]
    }

    async fn reset(&mut self) {
        self.hall.reset();
    }

    fn terminal(&mut self) -> &mut Terminal {
        &mut self.hall.terminal
    }

    async fn happen(&mut self) -> Result<(), CallError> {
        until_state(&self.hall.terminal, EnrolmentState::Approved).await
    }

    async fn after(&mut self, point: &str) {
        let path = self.hall.terminal.state().join("certificate.json");
        let old = certificate(&self.hall.before().join("certificate.json"));
        let after = certificate(&path);
        assert!(
            after == old || after.is_some(),
            "{}, cut at {point}: lost",
            self.name
        );
        if point.starts_with("write certificate.json/during") {
            assert_eq!(after, old, "{}, cut at {point}", self.name);
        }
        self.hall.terminal.start().await;
        self.hall.is_usable().await;
        let new = certificate(&path);
        assert!(
            new.is_some() && new != old,
            "{}, after a cut at {point}: not renewed",
            self.name
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_power_cut_anywhere_a_terminal_has_one_identity_and_the_hub_takes_what_it_hands_in() {
    let hall = Hall::new().await;
    let mut cases = cut_everywhere(&mut FirstStart { hall, known: 0 }).await;
    cases += cut_everywhere(&mut Certificate::first().await).await;
    cases += cut_everywhere(&mut Certificate::renewed().await).await;
    println!("{cases:>6}  cases of enrolment");
}
