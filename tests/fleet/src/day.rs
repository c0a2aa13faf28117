//! The plan of a day, and the day itself.

use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use catalog::clock::{Clock as _, SystemClock};
use jiff::SignedDuration;
use sync_agent::http::{self, CertificateTime};
use sync_agent::identity::Identity;
use tokio::task::LocalSet;

use crate::clock::FleetClock;
use crate::line::Line;
use crate::nginx::url;
use crate::origin::{Kept, Origin};
use crate::terminal::{Common, Diary, LineKind, Terminal, Way, furnish};
use crate::traffic::Traffic;

/// How many bytes of a release a connection lasts for on average, on a line that drops: two times what an update takes.
const LASTS_RELEASE: f64 = 16_000.0;
/// How many bytes of the hub's answers, which are short: about six of them.
const LASTS_HUB: f64 = 2000.0;
/// For how long each half of the origin is away.
const AWAY: SignedDuration = SignedDuration::from_mins(10);
/// How long after the day the fleet may still hand in and switch.
const AFTERWARDS: SignedDuration = SignedDuration::from_hours(6);
/// How often it is looked whether all is done then.
const LOOK: SignedDuration = SignedDuration::from_mins(5);

/// What is to happen.
#[derive(Debug, Clone)]
pub struct Plan {
    /// How many terminals there are.
    pub terminals: usize,
    /// How long the day is, in the fleet's time.
    pub length: Duration,
    /// Within which time after its beginning all terminals are switched on.
    pub switched_on: Duration,
    /// The agents' pause between two looks at the release.
    pub poll: Duration,
    /// The agents' pause between two reports.
    pub report: Duration,
    /// How many submissions residents hand in at a terminal in 24 hours.
    pub submissions: f64,
    /// How many of a hundred terminals are on lines that drop.
    pub dropping: u8,
    /// What chance begins with. The agents' own is not governed by it.
    pub seed: u64,
}

impl Plan {
    fn part(&self, part: f64) -> SignedDuration {
        SignedDuration::try_from(self.length.mul_f64(part)).expect("a day is short")
    }

    /// When the next generation is published, from the beginning of the day.
    #[must_use]
    pub fn publication(&self) -> SignedDuration {
        self.part(0.4)
    }

    /// When nginx is away and connections are refused.
    #[must_use]
    pub fn without_nginx(&self) -> Range<SignedDuration> {
        let begins = self.part(0.6);
        begins..begins + AWAY
    }

    /// When the hub is away and nginx answers 502 in its place.
    #[must_use]
    pub fn without_hub(&self) -> Range<SignedDuration> {
        let begins = self.part(0.8);
        begins..begins + AWAY
    }
}

/// What happened.
#[derive(Debug)]
pub struct Day {
    /// What was to happen.
    pub plan: Plan,
    /// What reached the origin.
    pub traffic: Traffic,
    /// How long after the publication each terminal switched, shortest first.
    pub converged: Vec<(LineKind, Duration)>,
    /// How many submissions residents were told are accepted.
    pub accepted: usize,
    /// What came of them at the hub.
    pub kept: Kept,
    /// How many connections were cut.
    pub cuts: u64,
    /// How long it took.
    pub real: Duration,
    /// The most memory that the process had, in bytes; without nginx.
    pub memory: u64,
}

/// Lets a fleet live through a day, in a folder that is empty.
pub async fn live(plan: Plan, folder: &Path) -> Result<Day> {
    // A poller stays on its thread.
    LocalSet::new().run_until(Box::pin(pass(plan, folder))).await
}

async fn pass(plan: Plan, folder: &Path) -> Result<Day> {
    let began = Instant::now();
    let mut random = fastrand::Rng::with_seed(plan.seed);
    let start = SystemClock.now();
    let clock = FleetClock::new(start);
    let mut origin = Origin::new(folder, Arc::clone(&clock)).await?;
    let lines = [
        Line::to(origin.nginx.release, LASTS_RELEASE, random.u64(..)).await?,
        Line::to(origin.nginx.hub, LASTS_HUB, random.u64(..)).await?,
    ];
    let ways = [
        way(LineKind::Sound, [origin.nginx.release, origin.nginx.hub])?,
        way(LineKind::Dropping, [lines[0].address, lines[1].address])?,
    ];
    let common = Arc::new(Common {
        clock: Arc::clone(&clock),
        factory_root: origin.factory_root(),
        hub_keys: origin.hub_keys()?,
        poll: plan.poll,
        report: plan.report,
        submissions: plan.submissions,
        closes: start + plan.part(1.0),
        diary: Diary::default(),
    });
    settle(&plan, folder, &origin, &ways, &common, &mut random).await?;
    events(&plan, &mut origin, &clock).await?;
    clock.pass(common.closes).await;
    afterwards(&plan, &common, &origin).await?;

    let Diary {
        accepted,
        switched,
        failures,
    } = &common.diary;
    if let Some(failure) = lock(failures).first() {
        bail!("{failure}");
    }
    let published = start + plan.publication();
    let mut converged: Vec<(LineKind, Duration)> = lock(switched)
        .iter()
        .map(|(line, at)| Ok((*line, at.duration_since(published).try_into()?)))
        .collect::<Result<_>>()?;
    converged.sort_unstable_by_key(|(_, took)| *took);
    let accepted = std::mem::take(&mut *lock(accepted));
    let kept = origin.kept(&accepted).await?;
    let (log, journal) = (origin.nginx.log(), clock.journal());
    Ok(Day {
        traffic: Traffic::read(&log, &journal, start, common.closes)?,
        converged,
        accepted: accepted.len(),
        kept,
        cuts: lines.iter().map(Line::cuts).sum(),
        real: began.elapsed(),
        memory: peak_memory()?,
        plan,
    })
}

/// Sets the terminals up, each with the content of the first generation and known to the hub, to be switched on one by one.
async fn settle(
    plan: &Plan,
    folder: &Path,
    origin: &Origin,
    ways: &[Way; 2],
    common: &Arc<Common>,
    random: &mut fastrand::Rng,
) -> Result<()> {
    let model = folder.join("model");
    origin.pull(&model).await?;
    for number in 0..plan.terminals {
        let state = folder.join(format!("terminals/{number}"));
        furnish(&state, &model).with_context(|| format!("cannot furnish {}", state.display()))?;
        let identity = Identity::generate()?;
        origin.approve(identity.key.public()).await?;
        // Evenly spread over the numbers, so that a small fleet has some as well.
        let is_dropping = number * usize::from(plan.dropping) % 100 >= 100 - usize::from(plan.dropping);
        let terminal = Terminal {
            number,
            state,
            identity,
            way: ways[usize::from(is_dropping)].clone(),
        };
        let pause = plan.switched_on.mul_f64(random.f64());
        let (common, random) = (Arc::clone(common), random.fork());
        tokio::task::spawn_local(async move {
            if let Err(error) = terminal.live(Arc::clone(&common), pause, random).await {
                lock(&common.diary.failures).push(format!("{error:#}"));
            }
        });
    }
    Ok(())
}

/// What happens to the origin in the course of the day.
async fn events(plan: &Plan, origin: &mut Origin, clock: &FleetClock) -> Result<()> {
    let start = clock.now();
    clock.pass(start + plan.publication()).await;
    origin.publish("新名").await?;
    let away = plan.without_nginx();
    clock.pass(start + away.start).await;
    origin.nginx.down();
    clock.pass(start + away.end).await;
    origin.nginx.up()?;
    let away = plan.without_hub();
    clock.pass(start + away.start).await;
    origin.hub_down().await?;
    clock.pass(start + away.end).await;
    origin.hub_up().await
}

/// Lets time pass until everything is handed in and everybody has switched, or for as long as that may take.
async fn afterwards(plan: &Plan, common: &Common, origin: &Origin) -> Result<()> {
    let last = common.closes + AFTERWARDS;
    while common.clock.now() < last {
        let switched = lock(&common.diary.switched).len();
        let accepted = lock(&common.diary.accepted).len();
        if switched == plan.terminals && origin.count().await? >= accepted {
            break;
        }
        common.clock.pass(common.clock.now() + LOOK).await;
    }
    Ok(())
}

fn way(line: LineKind, [release, hub]: [std::net::SocketAddr; 2]) -> Result<Way> {
    Ok(Way {
        line,
        release: url(release),
        hub: url(hub),
        release_client: http::client()?,
        hub_client: http::hub_client(&CertificateTime::default(), None, None)?,
    })
}

/// What is shared; nobody panics in the middle of it.
pub(crate) fn lock<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The most memory that this process ever had, as the kernel has it.
fn peak_memory() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB"));
    Ok(kib.context("the kernel names no VmHWM")?.parse::<u64>()? << 10)
}

/// Refuses a day that was not as it must be.
pub fn judge(day: &Day) -> Result<()> {
    let Kept {
        kept,
        duplicates,
        lost,
        alarms,
    } = day.kept;
    ensure!(
        duplicates == 0,
        "the hub keeps {duplicates} submissions more than once"
    );
    ensure!(lost == 0, "{lost} submissions were lost");
    ensure!(
        kept == day.accepted,
        "the hub keeps {kept} submissions of {}",
        day.accepted
    );
    ensure!(alarms == 0, "the hub raised {alarms} alarms");
    ensure!(
        day.converged.len() == day.plan.terminals,
        "{} of {} terminals switched",
        day.converged.len(),
        day.plan.terminals
    );
    Ok(())
}
