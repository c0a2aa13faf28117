//! Releases in rings, and going back from bad ones.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use catalog::atomic;
use catalog::clock::{Clock, SystemClock};
use catalog::release::{Rollout, RolloutState, ring_place};
use hub::publish::{Content, PublishError, change_rollout};
use jiff::{SignedDuration, Timestamp};
use sync_agent::board::Board;
use sync_agent::release::trial::{Drawn, Frame};
use sync_agent::release::{Options, Poller, PullError, Pulled, Puller, Setup, StateFolder, Way, at_start};
use sync_agent::timer::SystemTimer;
use terminal_api::interface::{Change, Event, GenerationChange, PrinterState, PullProblem};

use crate::support::{Place, folder, records};

const RINGS: [u16; 2] = [100, 1000];

/// A clock that a test turns.
#[derive(Default)]
struct Turned {
    /// By how much it was set.
    set: Mutex<SignedDuration>,
    /// How much time passed.
    passed: Mutex<Duration>,
}

impl Clock for Turned {
    fn now(&self) -> Timestamp {
        SystemClock.now() + *self.passed.lock().unwrap() + *self.set.lock().unwrap()
    }

    fn monotonic(&self) -> Instant {
        SystemClock.monotonic() + *self.passed.lock().unwrap()
    }
}

impl Turned {
    fn new() -> Arc<Self> {
        Arc::default()
    }

    /// Time passes.
    fn pass(&self, time: Duration) {
        *self.passed.lock().unwrap() += time;
    }

    /// Somebody sets it.
    fn set(&self, by: SignedDuration) {
        *self.set.lock().unwrap() += by;
    }
}

async fn in_rings(place: &Place, name: &str) {
    let records = records(name);
    let content = Content {
        records: &records,
        files: &BTreeMap::new(),
        rings: Some(&RINGS),
    };
    place.publish_content(content).await;
}

/// Options of a terminal whose place in the rings passes this.
fn terminal(chosen: impl Fn(u16) -> bool) -> Options {
    let id = (0..).map(|number| format!("terminal-{number}"));
    Options {
        ring_id: id.into_iter().find(|id| chosen(ring_place(id))),
        ..Options::default()
    }
}

fn puller(place: &Place, options: Options) -> Puller {
    puller_at(place, options, Arc::new(SystemClock))
}

fn puller_at(place: &Place, options: Options, clock: Arc<dyn Clock>) -> Puller {
    place.puller(folder(&place.repository()), options, clock).unwrap()
}

async fn change(place: &Place, change: impl FnOnce(&Rollout) -> Rollout) {
    let repository = place.repository();
    let settings = place.settings(&repository, &SystemClock);
    change_rollout(&settings, |rollout| Ok(change(rollout)))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_generation_reaches_ring_after_ring_and_stops_where_it_is_held() {
    let place = Place::new().await;
    place.publish(&records("旧名")).await;
    let outer = terminal(|place| place >= RINGS[0]);
    let inner = terminal(|place| place < RINGS[0]);
    puller(&place, outer.clone()).pull().await.unwrap();
    in_rings(&place, "新名").await;

    let report = puller(&place, outer.clone()).pull().await.unwrap();
    assert_eq!(report.pulled, Pulled::NotYet { newest: 2 });
    assert_eq!((report.meta.generation, place.shown().0), (1, 1));

    change(&place, |rollout| rollout.in_state(RolloutState::Held)).await;
    let report = puller(&place, inner.clone()).pull().await.unwrap();
    assert_eq!(report.pulled, Pulled::NotYet { newest: 2 });
    change(&place, |rollout| rollout.in_state(RolloutState::Running)).await;
    let report = puller(&place, inner).pull().await.unwrap();
    assert!(matches!(report.pulled, Pulled::Switched { .. }), "{report:?}");
    assert_eq!(place.shown(), (2, "新名".to_owned()));

    let elsewhere = tempfile::tempdir().unwrap();
    let state = elsewhere.path().join("state");
    let mut other = Puller::with_options(
        folder(&place.repository()),
        &place.root(),
        &state,
        Arc::new(SystemClock),
        outer,
    )
    .unwrap();
    // A terminal without content takes what there is.
    let report = other.pull().await.unwrap();
    assert_eq!(report.meta.generation, 2);
}

#[tokio::test]
async fn the_next_ring_gets_what_the_first_one_had() {
    let place = Place::new().await;
    place.publish(&records("旧名")).await;
    let outer = terminal(|place| place >= RINGS[0]);
    puller(&place, outer.clone()).pull().await.unwrap();
    in_rings(&place, "新名").await;
    change(&place, |rollout| rollout.advanced().unwrap()).await;
    puller(&place, outer).pull().await.unwrap();
    assert_eq!(place.shown(), (2, "新名".to_owned()));
}

#[tokio::test]
async fn a_release_for_everybody_has_no_rollout_to_change() {
    let place = Place::new().await;
    place.publish(&records("名")).await;
    let repository = place.repository();
    let settings = place.settings(&repository, &SystemClock);
    let error = change_rollout(&settings, |rollout| Ok(rollout.clone()))
        .await
        .unwrap_err();
    assert!(matches!(error, PublishError::NoRollout { .. }), "{error}");
}

fn drawn(generation: u64, at: Instant) -> Drawn {
    Drawn {
        last: Some(Frame { generation, at }),
    }
}

#[tokio::test]
async fn a_generation_that_the_screen_does_not_draw_is_left_and_never_taken_again() {
    let place = Place::new().await;
    let clock = Turned::new();
    place.publish(&records("旧名")).await;
    let mut agent = puller_at(&place, Options::default(), Arc::clone(&clock) as Arc<dyn Clock>);
    agent.pull().await.unwrap();
    assert_eq!(agent.trial().unwrap(), None, "there is nothing to go back to");
    place.publish(&records("坏名")).await;
    agent.pull().await.unwrap();
    assert_eq!(place.shown().0, 2);
    let still_the_old = drawn(1, clock.monotonic());
    assert!(agent.judge(still_the_old).unwrap().is_none());
    clock.pass(Duration::from_secs(61));
    let went_back = agent.judge(still_the_old).unwrap().unwrap();
    assert!(matches!(
        went_back.bad,
        PullError::BadGeneration { generation: 2, .. }
    ));
    assert_eq!(place.shown(), (1, "旧名".to_owned()));

    for _ in 0..2 {
        let error = agent.pull().await.unwrap_err();
        assert!(
            matches!(error, PullError::BadGeneration { generation: 2, .. }),
            "{error}"
        );
    }
    drop(agent);
    let mut agent = puller_at(&place, Options::default(), clock);
    let error = agent.pull().await.unwrap_err();
    assert!(
        matches!(error, PullError::BadGeneration { .. }),
        "after a restart: {error}"
    );
    assert!(!place.state().join("gen-2").exists());

    place.publish(&records("新名")).await;
    let report = agent.pull().await.unwrap();
    let way = Way::Delta {
        from: 1,
        put: 1,
        gone: 0,
    };
    assert_eq!(report.pulled, Pulled::Switched { way });
    assert!(agent.judge(drawn(3, SystemClock.monotonic())).unwrap().is_none());
    assert_eq!(agent.trial().unwrap(), None);
    assert_eq!(place.shown(), (3, "新名".to_owned()));
}

#[tokio::test]
async fn setting_the_clock_in_the_middle_of_a_trial_decides_nothing() {
    let place = Place::new().await;
    let clock = Turned::new();
    place.publish(&records("旧名")).await;
    let mut agent = puller_at(&place, Options::default(), Arc::clone(&clock) as Arc<dyn Clock>);
    agent.pull().await.unwrap();
    place.publish(&records("新名")).await;
    agent.pull().await.unwrap();
    let still_the_old = drawn(1, clock.monotonic());
    for by in [1, -3] {
        clock.set(SignedDuration::from_hours(by));
        assert!(agent.judge(still_the_old).unwrap().is_none());
        assert!(agent.trial().unwrap().is_some(), "after {by} h");
    }
    assert!(agent.judge(drawn(2, clock.monotonic())).unwrap().is_none());
    assert_eq!(agent.trial().unwrap(), None);
    assert_eq!(place.shown(), (2, "新名".to_owned()));
}

#[tokio::test]
async fn after_bad_generations_in_a_row_the_last_good_one_is_still_there() {
    let place = Place::new().await;
    let clock = Turned::new();
    place.publish(&records("旧名")).await;
    let mut agent = puller_at(&place, Options::default(), Arc::clone(&clock) as Arc<dyn Clock>);
    agent.pull().await.unwrap();
    for bad in 2..=5 {
        place.publish(&records(&format!("坏名{bad}"))).await;
        agent.pull().await.unwrap();
        assert_eq!(place.shown().0, bad);
        let still_the_old = drawn(1, clock.monotonic());
        clock.pass(Duration::from_secs(61));
        assert!(agent.judge(still_the_old).unwrap().is_some());
        assert_eq!(place.shown(), (1, "旧名".to_owned()), "after generation {bad}");
    }
}

#[tokio::test]
async fn a_generation_that_could_not_be_switched_to_is_not_blamed() {
    let place = Place::new().await;
    let clock = Turned::new();
    place.publish(&records("旧名")).await;
    let mut agent = puller_at(&place, Options::default(), Arc::clone(&clock) as Arc<dyn Clock>);
    agent.pull().await.unwrap();
    place.publish(&records("新名")).await;
    agent.pull().await.unwrap();
    // As it is when the disk fails between the note of the trial and the switch.
    atomic::relink(&place.state().join("current"), Path::new("gen-1")).unwrap();
    let old = drawn(1, clock.monotonic());
    clock.pass(Duration::from_secs(61));
    assert!(agent.judge(old).unwrap().is_none());
    assert_eq!(agent.trial().unwrap(), None);
    agent.pull().await.unwrap();
    assert_eq!(place.shown(), (2, "新名".to_owned()));
}

#[tokio::test]
async fn a_terminal_that_restarts_again_and_again_with_a_new_generation_goes_back() {
    let place = Place::new().await;
    place.publish(&records("旧名")).await;
    puller(&place, Options::default()).pull().await.unwrap();
    place.publish(&records("坏名")).await;
    puller(&place, Options::default()).pull().await.unwrap();
    for _ in 0..4 {
        let mut agent = puller(&place, Options::default());
        agent.count_start().unwrap();
        assert!(agent.judge(Drawn::default()).unwrap().is_none());
    }
    let mut agent = puller(&place, Options::default());
    agent.count_start().unwrap();
    assert!(agent.judge(Drawn::default()).unwrap().is_some());
    assert_eq!(place.shown(), (1, "旧名".to_owned()));
}

#[tokio::test]
async fn a_generation_on_trial_that_rots_on_the_disk_is_fetched_again_and_not_condemned() {
    let place = Place::new().await;
    place.publish(&records("旧名")).await;
    puller(&place, Options::default()).pull().await.unwrap();
    place.publish(&records("新名")).await;
    puller(&place, Options::default()).pull().await.unwrap();
    std::fs::remove_file(place.state().join("gen-2/records.db")).unwrap();
    puller(&place, Options::default()).pull().await.unwrap();
    assert_eq!(place.shown(), (2, "新名".to_owned()));
}

#[tokio::test]
async fn a_way_back_at_the_start_is_announced_like_every_other() {
    let place = Place::new().await;
    for name in ["旧名", "坏名"] {
        place.publish(&records(name)).await;
        puller(&place, Options::default()).pull().await.unwrap();
    }
    // As it is when the power goes between the note that a generation is bad and the way back.
    let memory = sync_agent::agent_db::open(&place.state()).unwrap();
    let condemn = "INSERT INTO bad_generation (generation, reason) VALUES (2, 'blank')";
    memory.execute(condemn, []).unwrap();
    drop(memory);

    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let state = StateFolder::open(&place.state()).unwrap();
    let release = at_start(&state, None, clock.now());
    assert_eq!(release.generation, Some(2));
    let board = Arc::new(Board::new(
        release,
        PrinterState::NotConfigured,
        Arc::clone(&clock),
    ));
    let (poller, _handle) = Poller::new(Setup {
        source: folder(&place.repository()),
        factory_root: place.root(),
        state: place.state(),
        poll: Duration::from_hours(1),
        sticks: None,
        options: Options::default(),
        clock,
        timer: Arc::new(SystemTimer),
        board: Arc::clone(&board),
    });
    let told = async {
        let mut news = board.follow();
        let is_the_way_back =
            |event: &Event| event.change == Change::Generation(GenerationChange { generation: 1 });
        while !board.since(0).iter().any(is_the_way_back) {
            news.changed().await.unwrap();
        }
    };
    tokio::select! {
        () = poller.run() => unreachable!("it runs for ever"),
        () = told => {}
    }
    let release = board.status().release;
    assert_eq!(release.generation, Some(1));
    assert_eq!(release.problem, Some(PullProblem::BadGeneration));
    assert_eq!(place.shown(), (1, "旧名".to_owned()));
}
