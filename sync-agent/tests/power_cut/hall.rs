//! A hall whose terminal hands in, and whose hub takes, loses or refuses what comes.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use catalog::submission::{Kind, Payload};
use tempfile::TempDir;

use crate::hub::{Hub, Spoiler};
use crate::rows::{number, until_number};
use crate::scenario::keep;
use crate::terminal::{Terminal, enrolled};

pub(super) const OUTBOX: &str = "outbox.db";
pub(super) const WAITING: &str = "SELECT COUNT(*) FROM envelope WHERE state IN ('draft', 'waiting')";
pub(super) const HELD: &str = "SELECT COUNT(*) FROM envelope WHERE state = 'held'";
pub(super) const TRIED: &str = "SELECT COUNT(*) FROM envelope WHERE tries > 0";
/// Bytes of what is neither waiting nor held.
pub(super) const LITTER: &str = "SELECT COUNT(*) FROM chunk WHERE id NOT IN
                      (SELECT id FROM envelope WHERE state IN ('waiting', 'held'))";
pub(super) const UNREPORTED: &str = "SELECT COUNT(*) FROM usage_count WHERE total > sent";

/// What the hub does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// It takes what comes.
    Receipt,
    /// It takes it, and its answer never arrives.
    Lost,
    /// It refuses.
    Refusal,
}

/// A terminal that the hub knows, with a file of a form that the power cut short.
pub(super) struct Hall {
    pub(super) folder: TempDir,
    pub(super) hub: Hub,
    pub(super) spoiler: Arc<Spoiler>,
    pub(super) terminal: Terminal,
    /// What is at the hub from other cases.
    pub(super) known: BTreeSet<String>,
}

impl Hall {
    pub(super) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let spoiler = Arc::new(Spoiler::default());
        let hub = Hub::behind(folder.path(), Arc::clone(&spoiler)).await;
        let mut terminal = Terminal::new(folder.path(), &format!("http://{}/", hub.address));
        terminal.start().await;
        terminal.approved(&hub).await;
        // Not after the pause that a terminal makes which waits for approval.
        terminal.kill();
        terminal.start().await;
        enrolled(&terminal).await;
        let form = terminal.open().await;
        terminal.attach(&form, b"left behind", 100).await.unwrap();
        terminal.kill();
        let hall = Self {
            folder,
            hub,
            spoiler,
            terminal,
            known: BTreeSet::new(),
        };
        keep(&hall.terminal.state(), &hall.before());
        hall
    }

    pub(super) fn before(&self) -> PathBuf {
        self.folder.path().join("before")
    }

    pub(super) fn answer(&self, answer: Answer) {
        let refuses = answer == Answer::Refusal;
        self.spoiler.as_the_hub.store(refuses, Ordering::SeqCst);
        self.spoiler
            .instead
            .store(if refuses { 409 } else { 0 }, Ordering::SeqCst);
        let lost = usize::from(answer == Answer::Lost);
        self.spoiler.swallow.store(lost, Ordering::SeqCst);
    }

    /// The suggestions of this case that are at the hub, each with all its files.
    pub(super) async fn arrived(&self) -> Vec<Payload> {
        let mut arrived = Vec::new();
        for kept in self.hub.kept(&[Kind::Suggestion]).await {
            let id = kept.id.to_string();
            if self.known.contains(&id) {
                continue;
            }
            let payload = self.hub.opened(&id).await.unwrap();
            for file in &payload.attachments {
                let content = self.hub.content(&file.id.to_string()).await;
                assert!(content.unwrap() == picture(), "the file of {id}");
            }
            arrived.push(payload);
        }
        arrived
    }

    /// What is at the hub now belongs to the past.
    pub(super) async fn forget(&mut self) {
        let kept = self.hub.kept(&[Kind::Suggestion]).await;
        self.known = kept.iter().map(|kept| kept.id.to_string()).collect();
    }

    /// After a start, with a hub that takes everything: the outbox is empty, and what was held was let go.
    pub(super) async fn deliver(&mut self) {
        self.answer(Answer::Receipt);
        self.terminal.start().await;
        self.settled().await;
        let outbox = self.terminal.state().join(OUTBOX);
        if number(&outbox, HELD) != Some(0) {
            let let_go = retry(&self.terminal, &[]);
            assert!(let_go.success());
            // Not after the minute in which it would look by itself.
            self.terminal.kill();
            self.terminal.start().await;
            self.settled().await;
        }
        assert_eq!(number(&outbox, LITTER), Some(0));
    }

    pub(super) async fn settled(&mut self) {
        until_number(&mut self.terminal, OUTBOX, WAITING, 0)
            .await
            .unwrap();
    }
}

/// `sync-agent retry`.
pub(super) fn retry(terminal: &Terminal, environment: &[(&str, &str)]) -> ExitStatus {
    Command::new(env!("CARGO_BIN_EXE_sync-agent"))
        .args(["retry", "--config"])
        .arg(terminal.configuration())
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .unwrap()
}

/// A file that makes an envelope of several parts.
pub(super) fn picture() -> Vec<u8> {
    (0..80_000_u32).map(|byte| (byte % 253) as u8).collect()
}
