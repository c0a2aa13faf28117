//! A terminal on the bench: the agent's own program, and simulators for its devices.

#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    clippy::unwrap_used,
    reason = "every test file uses its own part of this"
)]

mod watching;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use catalog::clock::SystemClock;
use catalog::record::Record;
use futures_util::StreamExt as _;
use hardware::card::simulator::Simulator as CardReader;
use hardware::gpio::simulator::Simulator as GpioBoard;
use hardware::printer::simulator::{Model, Simulator as Printer};
use hardware::scanner::simulator::Simulator as Scanner;
use hardware::simulator::{Bind, Simulated as _};
use hardware::wire::Endpoint;
use terminal_api::client::Connection;
use terminal_api::interface::{Consent, Event, Language, Print, Status, TextSize};

use crate::card_steps::{Steps, on_a_thread};
use crate::support::{Place, records};

pub const LOOPBACK: Bind = Bind::Tcp(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0));

/// How long anything may take before it counts as hung.
pub const PATIENCE: Duration = Duration::from_mins(2);
const SOON: Duration = Duration::from_millis(10);

/// Waits until something holds.
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < PATIENCE, "waited in vain for {what}");
        std::thread::sleep(SOON);
    }
}

/// The rows of a slip, as its file's header has them (PNG: after the signature and the IHDR chunk's own
/// header and width).
pub fn height(slip: &Path) -> u32 {
    let bytes = std::fs::read(slip).unwrap();
    u32::from_be_bytes(bytes[20..24].try_into().unwrap())
}

fn sample() -> Vec<Record> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../hub/sample");
    catalog::source::load(&folder).unwrap().records
}

/// A terminal's place with content, the sample's guide among it.
pub async fn place_with_a_guide() -> Place {
    let mut records = records("名");
    let guide = |record: &Record| record.id().as_str() == "guide-006";
    records.extend(sample().into_iter().filter(guide));
    place_with(&records).await
}

async fn place_with(records: &[Record]) -> Place {
    let place = Place::new().await;
    place.publish(records).await;
    place.pull_folder(&place.repository()).await.unwrap();
    place
}

pub struct Bench {
    place: Place,
    config: String,
    agent: Option<Child>,
    events: Arc<Mutex<Vec<Event>>>,
    watcher: Option<JoinHandle<()>>,
    /// How many events of jobs were looked at.
    seen: usize,
}

impl Drop for Bench {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Bench {
    /// A terminal with content and without devices.
    pub async fn new() -> Self {
        Self::at(place_with_a_guide().await)
    }

    /// A terminal with all of the sample's content and without devices.
    pub async fn with_sample() -> Self {
        Self::at(place_with(&sample()).await)
    }

    fn at(place: Place) -> Self {
        let config = format!(
            "[place]\nname = {{ zh = \"斜塘街道\" }}\ndivision = \"320571\"\n\
             [release]\nurl = \"file://{}\"\nroot = \"factory-root.json\"\nstate = \"state\"\n\
             [agent]\nsocket = \"terminal.sock\"\n",
            place.repository().display()
        );
        Self {
            place,
            config,
            agent: None,
            events: Arc::default(),
            watcher: None,
            seen: 0,
        }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.place.path(name)
    }

    fn add(&mut self, section: &str, endpoint: &Endpoint) {
        let lines = match endpoint {
            Endpoint::Tcp(address) => format!("kind = \"tcp\"\naddress = \"{address}\"\n"),
            Endpoint::Device { path, .. } => format!("kind = \"serial\"\naddress = \"{}\"\n", path.display()),
            Endpoint::Serial { id, .. } => format!("kind = \"serial\"\naddress = \"{id}\"\n"),
            Endpoint::Usb(id) => format!("kind = \"usb\"\naddress = \"{id}\"\n"),
        };
        self.config = format!("{}[{section}]\n{lines}", self.config);
    }

    pub fn plug_printer(&mut self, bind: Bind, model: Model) -> Printer {
        let printer = Printer::start_model(bind, &self.path("slips"), model).unwrap();
        self.add("printer", &printer.endpoint());
        printer
    }

    /// More lines for the device that was plugged in last.
    pub fn configure(&mut self, lines: &str) {
        self.config.push_str(lines);
    }

    pub fn plug_card_reader(&mut self, bind: Bind) -> CardReader {
        let reader = CardReader::start(bind).unwrap();
        self.add("card-reader", &reader.endpoint());
        reader
    }

    pub fn plug_scanner(&mut self, bind: Bind) -> Scanner {
        let scanner = Scanner::start(bind).unwrap();
        self.add("scanner", &scanner.endpoint());
        scanner
    }

    /// A board whose lines have these roles, as the configuration has them.
    pub fn plug_gpio(&mut self, roles: &str) -> GpioBoard {
        let board = GpioBoard::start(LOOPBACK).unwrap();
        let Endpoint::Tcp(address) = board.endpoint() else {
            panic!("a socket")
        };
        self.config = format!(
            "{}[gpio]\nboard = \"simulator\"\naddress = \"{address}\"\n{roles}",
            self.config
        );
        board
    }

    /// A hub that hands out no answers: the agent has its keys and asks for nothing else.
    pub fn name_hub(&mut self) {
        let keys = self.path("hub-keys");
        hub::intake::create_keys(&keys, &SystemClock).unwrap();
        let section = format!(
            "[hub]\nurl = \"http://127.0.0.1:9/\"\nkeys = \"{}\"\n",
            keys.join("hub.json").display()
        );
        self.config.push_str(&section);
    }

    /// Starts the agent and watches everything that it tells.
    pub async fn start(&mut self) {
        let config = self.path("terminal.toml");
        catalog::atomic::write(&config, self.config.as_bytes()).unwrap();
        let agent = Command::new(env!("CARGO_BIN_EXE_sync-agent"))
            .args(["run", "--config"])
            .arg(&config)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        self.agent = Some(agent);
        let socket = self.socket();
        until("the agent's socket", || UnixStream::connect(&socket).is_ok());
        let events = Arc::clone(&self.events);
        let seq = self.status().await.seq;
        self.watcher = Some(on_a_thread(move || async move {
            let mut connection = Connection::open(&socket).await.unwrap();
            let mut stream = std::pin::pin!(connection.watch(Some(seq + 1)).await.unwrap());
            while let Some(Ok(event)) = stream.next().await {
                events.lock().unwrap().push(event);
            }
        }));
    }

    fn kill(&mut self) {
        if let Some(mut agent) = self.agent.take() {
            let _already_ended = agent.kill();
            let _status = agent.wait();
        }
        if let Some(watcher) = self.watcher.take() {
            watcher.join().unwrap();
        }
    }

    /// SIGTERM, which the agent has yet to act on.
    pub fn tell_to_end(&self) {
        let id = rustix::process::Pid::from_child(self.agent.as_ref().unwrap());
        rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
    }

    /// The agent's end by itself.
    pub fn until_ended(&mut self) -> ExitStatus {
        let agent = self.agent.as_mut().unwrap();
        let mut ended = None;
        until("the agent's end", || {
            ended = agent.try_wait().unwrap();
            ended.is_some()
        });
        ended.unwrap()
    }

    /// A power cut, and the agent again.
    pub async fn restart(&mut self) {
        self.kill();
        self.events.lock().unwrap().clear();
        self.seen = 0;
        self.start().await;
    }

    /// What the kernel says of the agent in a file of its `/proc` folder.
    fn proc(&self, file: &str) -> String {
        let id = self.agent.as_ref().unwrap().id();
        std::fs::read_to_string(format!("/proc/{id}/{file}")).unwrap()
    }

    /// The processor time that the agent has used.
    pub fn processor_time(&self) -> Duration {
        let stat = self.proc("stat");
        // After the program's name in brackets; user and system time are the 14th and 15th fields, in ticks
        // of which Linux shows a hundred a second on every platform.
        let (_, fields) = stat.rsplit_once(')').unwrap();
        let ticks: u64 = fields
            .split_whitespace()
            .skip(11)
            .take(2)
            .map(|field| field.parse::<u64>().unwrap())
            .sum();
        Duration::from_millis(ticks * 10)
    }

    /// A figure of the agent's memory in bytes: `VmRSS` what is in use, `RssAnon` its own share of it,
    /// `RssFile` what of files is mapped, the program first of all.
    pub fn memory(&self, field: &str) -> u64 {
        let status = self.proc("status");
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix(field)?.strip_prefix(':'))
            .unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }

    fn socket(&self) -> PathBuf {
        self.path("terminal.sock")
    }

    pub async fn connection(&self) -> Connection {
        Connection::open(&self.socket()).await.unwrap()
    }

    pub async fn status(&self) -> Status {
        self.connection().await.status().await.unwrap()
    }

    /// Asks for the sample's guide; returns the job's id.
    pub async fn print(&self) -> String {
        self.print_in(Language::Zh, TextSize::Normal).await
    }

    pub async fn print_in(&self, language: Language, size: TextSize) -> String {
        let request = Print {
            records: vec!["guide-006".to_owned()],
            article: None,
            language,
            size,
            ticks: None,
        };
        self.connection().await.print(&request).await.unwrap().id
    }

    pub fn read_card(&self, consent: Consent) -> Steps {
        Steps::of(self.socket(), consent)
    }

    pub fn kioskctl(&self, arguments: &[&str]) -> (bool, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_kioskctl"))
            .arg("--socket")
            .arg(self.socket())
            .args(arguments)
            .output()
            .unwrap();
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(text).unwrap())
    }
}
