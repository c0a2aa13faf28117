//! The agent's own program, with what a kiosk does over its socket.

use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use catalog::submission::enrolment::{Standing, find};
use terminal_api::client::{CallError, Connection};
use terminal_api::interface::{
    Applicant, ApplicantKind, DeliveryMedium, DeliveryWay, DisclosureApplication, EnrolmentState, FilePiece,
    IdentityDocument, Suggestion, SuggestionKind,
};

use crate::hub::Hub;

/// How long anything may take before it counts as hung.
pub(crate) const PATIENCE: Duration = Duration::from_mins(3);

/// Words of a resident that must never be found on the terminal's disk.
pub(crate) const SECRETS: [&str; 4] = ["张三丰", "11010519491231002X", "示例路一号", "排队三小时"];

/// An agent; dropping it kills it, as a power cut would.
pub(crate) struct Terminal {
    folder: PathBuf,
    process: Option<Child>,
}

impl Terminal {
    /// A terminal of the hub at `url`, which is not running yet.
    pub(crate) fn new(folder: &Path, url: &str) -> Self {
        std::fs::create_dir_all(folder.join("repo")).unwrap();
        let text = format!(
            "[place]\nname = {{ zh = \"斜塘街道\" }}\ndivision = \"320571\"\n\
             [release]\nurl = \"file://{}/repo/\"\nroot = \"root.json\"\nstate = \"state\"\n\
             [agent]\nsocket = \"terminal.sock\"\n\
             [hub]\nurl = \"{url}\"\nkeys = \"keys/hub.json\"\nreport-seconds = 1\n{}",
            folder.display(),
            if url.starts_with("https") {
                "certificate-authority = \"tls.pem\"\n"
            } else {
                ""
            },
        );
        Self::configured(folder, &text)
    }

    /// A terminal in a folder of its own, with this configuration, whose socket is `terminal.sock`. It is not running yet.
    pub(crate) fn configured(folder: &Path, text: &str) -> Self {
        std::fs::create_dir_all(folder).unwrap();
        catalog::atomic::write(&folder.join("terminal.toml"), text.as_bytes()).unwrap();
        Self {
            folder: folder.to_owned(),
            process: None,
        }
    }

    pub(crate) async fn start(&mut self) {
        assert!(self.start_with(&[]).await, "the agent ended");
    }

    /// Starts with these variables; whether it came so far that it listens.
    pub(crate) async fn start_with(&mut self, environment: &[(&str, &str)]) -> bool {
        let process = Command::new(env!("CARGO_BIN_EXE_sync-agent"))
            .args(["run", "--log", "json", "--config"])
            .arg(self.configuration())
            .env("RUST_LOG", "warn")
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn();
        self.process = Some(process.unwrap());
        let start = Instant::now();
        while UnixStream::connect(self.socket()).is_err() {
            if self.has_ended() {
                return false;
            }
            assert!(start.elapsed() < PATIENCE, "no socket");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        true
    }

    /// Whether the agent's process is over.
    pub(crate) fn has_ended(&mut self) -> bool {
        let over = |process: &mut Child| process.try_wait().unwrap().is_some();
        self.process.as_mut().is_none_or(over)
    }

    /// SIGKILL: nothing is tidied up.
    pub(crate) fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _already_ended = process.kill();
            let _status = process.wait();
        }
    }

    /// SIGTERM, and its end.
    pub(crate) async fn end(&mut self) -> ExitStatus {
        let process = self.process.as_ref().unwrap();
        let id = rustix::process::Pid::from_child(process);
        rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
        self.ended().await
    }

    /// Its end, which comes by itself.
    pub(crate) async fn ended(&mut self) -> ExitStatus {
        // Not taken yet: whoever waits in vain leaves nothing running.
        let process = self.process.as_mut().unwrap();
        let ended = until("the agent ends", async || process.try_wait().unwrap()).await;
        self.process = None;
        ended
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.folder.join("state")
    }

    pub(crate) fn configuration(&self) -> PathBuf {
        self.folder.join("terminal.toml")
    }

    fn socket(&self) -> PathBuf {
        self.folder.join("terminal.sock")
    }

    pub(crate) async fn call(&self) -> Connection {
        self.try_call().await.unwrap()
    }

    /// A connection to an agent that may be gone.
    pub(crate) async fn try_call(&self) -> Result<Connection, CallError> {
        Connection::open(&self.socket()).await
    }

    /// Is approved by staff who read the code on its screen.
    pub(crate) async fn approved(&self, hub: &Hub) {
        let enrolment = until("the terminal asks to be known", async || {
            let enrolment = self.call().await.enrolment().await.unwrap();
            (enrolment.state == EnrolmentState::Pending).then_some(enrolment)
        })
        .await;
        let devices = hub.store.devices().await.unwrap();
        let device = find(&enrolment.code, devices.iter().map(|device| device.id)).unwrap();
        let fingerprint = devices[0].public_key.fingerprint();
        assert_eq!(fingerprint, enrolment.fingerprint);
        let now = jiff::Timestamp::from_second(1_700_000_000).unwrap();
        assert!(
            hub.store
                .decide(device, Standing::Approved, "tester", now)
                .await
                .unwrap()
        );
    }

    pub(crate) async fn open(&self) -> String {
        self.call().await.open_submission().await.unwrap().id
    }

    /// Attaches a file in pieces of so many bytes, and says what the agent calls it.
    pub(crate) async fn attach(
        &self,
        submission: &str,
        content: &[u8],
        piece: usize,
    ) -> Result<String, CallError> {
        let mut file = None;
        let pieces: Vec<&[u8]> = content.chunks(piece).collect();
        for (number, piece) in pieces.iter().enumerate() {
            let piece = FilePiece {
                submission: submission.to_owned(),
                file: file.clone(),
                name: "附件.jpg".into(),
                media_type: "image/jpeg".into(),
                data: STANDARD.encode(piece),
                is_last: number + 1 == pieces.len(),
            };
            let attached = self.try_call().await?.attach(&piece).await?;
            file = Some(attached.file);
        }
        Ok(file.unwrap())
    }

    /// Whether one of the [`SECRETS`] lies anywhere in the terminal's state folder.
    pub(crate) fn plaintext_on_disk(&self) -> Option<(PathBuf, &'static str)> {
        let mut folders = vec![self.state()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() && !path.is_symlink() {
                    folders.push(path);
                    continue;
                }
                // A file may vanish while the agent runs.
                let content = std::fs::read(&path).unwrap_or_default();
                for secret in SECRETS {
                    let bytes = secret.as_bytes();
                    if content.windows(bytes.len()).any(|window| window == bytes) {
                        return Some((path, secret));
                    }
                }
            }
        }
        None
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Waits until the terminal knows that it was approved, and has its certificate.
pub(crate) async fn enrolled(terminal: &Terminal) {
    until("the terminal has its certificate", async || {
        let enrolment = terminal.call().await.enrolment().await.ok()?;
        (enrolment.state == EnrolmentState::Approved && enrolment.certificate_expires_at.is_some())
            .then_some(())
    })
    .await;
}

/// Waits until there is something.
pub(crate) async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(start.elapsed() < PATIENCE, "waited in vain: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

pub(crate) fn application() -> DisclosureApplication {
    DisclosureApplication {
        applicant: Applicant {
            kind: ApplicantKind::Citizen,
            name: SECRETS[0].into(),
            employer: None,
            document: Some(IdentityDocument::ResidentCard),
            number: SECRETS[1].into(),
            representative: None,
            contact: None,
            phone: "0512-62880000".into(),
            address: SECRETS[2].into(),
            postcode: None,
            email: None,
        },
        body: None,
        wanted: "2025年度预算执行情况".into(),
        purpose: None,
        medium: DeliveryMedium::Paper,
        way: DeliveryWay::PickUp,
    }
}

pub(crate) fn suggestion(text: &str) -> Suggestion {
    Suggestion {
        sort: SuggestionKind::Complaint,
        text: text.to_owned(),
        record: None,
        name: None,
        phone: None,
    }
}
