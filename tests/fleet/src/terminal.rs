//! One terminal of the fleet: the agent's own tasks, and the residents who come to it.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use catalog::clock::Clock;
use catalog::submission::HubKeys;
use jiff::Timestamp;
use sync_agent::agent_db::Memory;
use sync_agent::board::Board;
use sync_agent::identity::{Enroller, HubClient, Identity};
use sync_agent::outbox::{Reporter, RingId, Setup, Submissions};
use sync_agent::release::{self, Options, Poller, ReleaseHandle, Source, StateFolder, at_start};
use sync_agent::timer::Timer as _;
use terminal_api::interface::{Change, Page, PrinterState, Suggestion, SuggestionKind};
use url::Url;

use crate::clock::{FleetClock, FleetTimer};
use crate::day::lock;
use crate::origin::{DIVISION, PLACE};

/// How many residents come to a terminal a day.
const VISITS: f64 = 20.0;
const DAY: Duration = Duration::from_hours(24);

/// How a terminal reaches the origin.
#[derive(Debug, Clone)]
pub struct Way {
    /// Whether its line drops.
    pub line: LineKind,
    /// Where the release is.
    pub release: Url,
    /// Where the hub is.
    pub hub: Url,
    /// Connections to the release.
    pub release_client: reqwest::Client,
    /// Connections to the hub.
    pub hub_client: reqwest::Client,
}

/// What sort of line a terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    /// It holds.
    Sound,
    /// It drops again and again.
    Dropping,
}

/// What all terminals have in common.
#[derive(Debug)]
pub struct Common {
    /// The fleet's time.
    pub clock: Arc<FleetClock>,
    /// The root of trust.
    pub factory_root: PathBuf,
    /// The hub's public keys.
    pub hub_keys: HubKeys,
    /// The pause between two looks at the release.
    pub poll: Duration,
    /// The pause between two reports.
    pub report: Duration,
    /// How many submissions residents of one terminal hand in a day.
    pub submissions: f64,
    /// When the last residents come.
    pub closes: Timestamp,
    /// What happened.
    pub diary: Diary,
}

/// What happened at all terminals.
#[derive(Debug, Default)]
pub struct Diary {
    /// What residents were told is accepted: texts, each unique.
    pub accepted: Mutex<Vec<String>>,
    /// When terminals switched to a later generation.
    pub switched: Mutex<Vec<(LineKind, Timestamp)>>,
    /// What went wrong with the fleet itself.
    pub failures: Mutex<Vec<String>>,
}

/// A terminal that was not switched on yet.
#[derive(Debug)]
pub struct Terminal {
    /// Its number in the fleet.
    pub number: usize,
    /// Its state folder.
    pub state: PathBuf,
    /// Its key.
    pub identity: Identity,
    /// How it reaches the origin.
    pub way: Way,
}

/// Gives a terminal the content of another. What never changes is shared.
pub fn furnish(state: &Path, from: &Path) -> Result<()> {
    let generation = fs::read_link(from.join("current"))?;
    copy(&from.join(&generation), &state.join(&generation))?;
    std::os::unix::fs::symlink(&generation, state.join("current"))?;
    fs::hard_link(from.join("root.json"), state.join("root.json"))?;
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let place = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &place)?;
        } else {
            fs::hard_link(entry.path(), place)?;
        }
    }
    Ok(())
}

impl Terminal {
    /// Switches the terminal on after `pause`, and lives there: an error is one of the fleet, not of the terminal's day.
    pub async fn live(self, common: Arc<Common>, pause: Duration, mut random: fastrand::Rng) -> Result<()> {
        let residents = common.clock.timer(1);
        residents.sleep(pause).await;
        let (number, line) = (self.number, self.way.line);
        let (submissions, board, releases) = self.start(&common)?;
        tokio::spawn(watch(Arc::clone(&common), line, board, releases));
        let visits = residents_come(&common, number, &residents, &submissions, &mut random).await;
        residents.set_loops(0);
        visits
    }

    /// Starts the agent's tasks.
    fn start(self, common: &Arc<Common>) -> Result<(Arc<Submissions>, Arc<Board>, ReleaseHandle)> {
        let clock: Arc<dyn Clock> = Arc::<FleetClock>::clone(&common.clock);
        let state = StateFolder::open(&self.state)?;
        let content = at_start(&state, None, clock.now());
        let board = Arc::new(Board::new(
            content,
            PrinterState::NotConfigured,
            Arc::clone(&clock),
        ));
        let source = Source::new(self.way.release, self.way.release_client);
        let ring_id = format!("terminal-{}", self.number);
        let (poller, releases) = Poller::new(release::Setup {
            source: source.context("the release is at no place of releases")?,
            factory_root: common.factory_root.clone(),
            state: self.state.clone(),
            poll: common.poll,
            sticks: None,
            options: Options {
                ring_id: Some(ring_id.clone()),
                memory: Memory::InProcess,
                ..Options::default()
            },
            clock: Arc::clone(&clock),
            timer: Arc::new(common.clock.timer(1)),
            board: Arc::clone(&board),
        });
        tokio::task::spawn_local(poller.run());

        let identity = Arc::new(self.identity);
        let client = Arc::new(HubClient::over(self.way.hub, self.way.hub_client, identity));
        let enroller = Enroller::new(Arc::clone(&client), PLACE.into(), DIVISION.into(), &self.state);
        let enroller = Arc::new(enroller);
        // Counts are written whatever the hub says; sender and reporter sleep only once the terminal is approved.
        let timer = common.clock.timer(1);
        let submissions = Arc::new(Submissions::open(Setup {
            state: &self.state,
            keys: common.hub_keys.clone(),
            client,
            enroller: Arc::clone(&enroller),
            clock: Arc::clone(&clock),
            timer: Arc::new(timer.clone()),
            memory: Memory::InProcess,
        })?);
        let mut standing = enroller.standing();
        tokio::spawn(async move {
            while standing.changed().await.is_ok() {
                let is_approved = standing.borrow_and_update().is_approved();
                timer.set_loops(if is_approved { 4 } else { 1 });
            }
        });
        let enrolling = Arc::new(common.clock.timer(1));
        tokio::spawn(async move { enroller.run(clock, enrolling).await });
        let sender = submissions.sender();
        tokio::spawn(async move { sender.run().await });
        let reporter = Reporter::new(
            Arc::clone(&submissions),
            Arc::clone(&board),
            self.state,
            common.report,
        )
        .with_generations(RingId::Configured(ring_id));
        tokio::spawn(async move { reporter.run().await });
        Ok((submissions, board, releases))
    }
}

/// Notes when the terminal switches, and draws the new content as a kiosk does.
async fn watch(common: Arc<Common>, line: LineKind, board: Arc<Board>, releases: ReleaseHandle) {
    let mut newest = board.follow();
    let mut next = board.status().seq + 1;
    loop {
        newest.borrow_and_update();
        for event in board.since(next) {
            next = event.seq + 1;
            if let Change::Generation(change) = event.change {
                releases.frame_drawn(change.generation);
                let now = common.clock.now();
                lock(&common.diary.switched).push((line, now));
            }
        }
        if newest.changed().await.is_err() {
            return;
        }
    }
}

/// Residents look at pages, and now and then hand something in.
async fn residents_come(
    common: &Common,
    number: usize,
    timer: &FleetTimer,
    submissions: &Submissions,
    random: &mut fastrand::Rng,
) -> Result<()> {
    for visit in 0_u64.. {
        let until_next = -(1.0 - random.f64()).ln() / VISITS;
        timer.sleep(DAY.mul_f64(until_next)).await;
        if common.clock.now() >= common.closes {
            break;
        }
        submissions.heartbeat(visit * 100);
        for _ in 0..random.u32(2..9) {
            submissions.count_page(
                *random
                    .choice(&[Page::Home, Page::Guide, Page::Document])
                    .expect("three"),
            );
        }
        if random.f64() < common.submissions / VISITS {
            let text = format!("第{number}台终端第{visit}位来访者：窗口排队时间太长");
            let form = Suggestion {
                sort: SuggestionKind::Proposal,
                text: text.clone(),
                record: None,
                name: None,
                phone: None,
            };
            let handed_in = async {
                let id = submissions.open_form()?.id;
                submissions.suggestion(&id, form, &[]).await
            };
            if let Err(refusal) = handed_in.await {
                bail!("terminal {number} refuses a suggestion: {refusal}");
            }
            lock(&common.diary.accepted).push(text);
        }
        submissions.end_session().await;
    }
    Ok(())
}
