//! What a terminal asks for again and again, and what it says of a stick.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use catalog::clock::{Clock, SystemClock};
use sync_agent::board::Board;
use sync_agent::release::trial::Generations;
use sync_agent::release::{Options, Patience, Poller, ReleaseHandle, Setup, Source, StateFolder, at_start};
use sync_agent::timer::SystemTimer;
use terminal_api::interface::{Imported, PrinterState, PullProblem, Release};

use crate::proxy::{Proxy, Slow};
use crate::support::{Place, copy_folder, folder, nearby, records, source};

/// How long anything may take before it counts as hung.
const PATIENCE: Duration = Duration::from_mins(2);

/// Nobody gives up because an answer is slow.
const SLOW: Patience = Patience {
    metadata: Duration::from_hours(1),
    file: Duration::from_hours(1),
};

/// A poller, and the board that it keeps informed.
struct Polling {
    poller: Poller,
    asks: ReleaseHandle,
    board: Arc<Board>,
}

impl Polling {
    fn new(place: &Place, source: Source, poll: Duration, sticks: Option<PathBuf>) -> Self {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let state = StateFolder::open(&place.state()).unwrap();
        let release = at_start(&state, None, clock.now());
        let board = Board::new(release, PrinterState::NotConfigured, Arc::clone(&clock));
        let board = Arc::new(board);
        let (poller, asks) = Poller::new(Setup {
            source,
            factory_root: place.root(),
            state: place.state(),
            poll,
            sticks,
            options: Options {
                patience: SLOW,
                frame: Duration::from_hours(1),
                ..Options::default()
            },
            clock,
            timer: Arc::new(SystemTimer),
            board: Arc::clone(&board),
        });
        Self { poller, asks, board }
    }

    /// Polls until something else is over.
    async fn during(self, other: impl Future<Output = ()>) {
        let polling = Box::pin(self.poller.run());
        tokio::select! {
            () = polling => unreachable!("it polls for ever"),
            () = other => {}
        }
    }
}

/// Waits until the board shows the release like this.
async fn until(board: &Board, is_so: impl Fn(&Release) -> bool) {
    let mut news = board.follow();
    let shown = async {
        while !is_so(&board.status().release) {
            news.changed().await.unwrap();
        }
    };
    let shown = tokio::time::timeout(PATIENCE, shown).await;
    assert!(shown.is_ok(), "{:?}", board.status().release);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_that_the_terminal_went_back_from_is_fetched_again_only_when_it_has_changed() {
    let place = Place::new().await;
    place.publish(&records("旧名")).await;
    place.pull_folder(&place.repository()).await.unwrap();
    place.publish(&records("坏名")).await;
    let memory = sync_agent::agent_db::open(&place.state()).unwrap();
    let condemn = "INSERT INTO bad_generation (generation, reason) VALUES (2, 'blank')";
    memory.execute(condemn, []).unwrap();
    drop(memory);

    let proxy = Proxy::to(place.repository()).await;
    let polling = Polling::new(&place, source(proxy.url.clone()), Duration::from_millis(20), None);
    let board = Arc::clone(&polling.board);
    polling
        .during(Box::pin(asked_for_once(&place, &proxy, &board)))
        .await;
}

async fn asked_for_once(place: &Place, proxy: &Proxy, board: &Board) {
    let (mut requests, start) = (Vec::new(), Instant::now());
    let conditional = |requests: &[String]| {
        let is_conditional = |request: &&String| request.contains("if-none-match");
        requests.iter().filter(is_conditional).count()
    };
    while conditional(&requests) < 3 {
        assert!(start.elapsed() < PATIENCE, "{requests:?}");
        tokio::time::sleep(Duration::from_millis(10)).await;
        requests.extend(proxy.carried().0);
    }
    let manifests = requests
        .iter()
        .filter(|request| request.contains("manifest.json"));
    assert_eq!(manifests.count(), 1, "{requests:?}");
    let shown = board.status().release;
    assert_eq!(
        (shown.generation, shown.problem),
        (Some(1), Some(PullProblem::BadGeneration))
    );

    place.publish(&records("新名")).await;
    until(board, |release| {
        release.generation == Some(3) && release.problem.is_none()
    })
    .await;
}

/// Plugs a stick in whole, as it is mounted.
fn plug_in(place: &Place, repository: &Path, media: &Path) {
    let copy = place.path("copy");
    copy_folder(repository, &copy);
    let stick = media.join("STICK");
    let _none_was_there = fs::remove_dir_all(&stick);
    fs::rename(copy, stick).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stick_that_is_refused_says_why_until_one_is_taken() {
    let (place, other) = (Place::new().await, Place::new().await);
    place.publish(&records("旧名")).await;
    other.publish(&records("假")).await;
    let usual = place.keep_copy("usual");
    let media = place.path("media");
    fs::create_dir(&media).unwrap();
    let sticks = Some(media.clone());
    let polling = Polling::new(&place, folder(&usual), Duration::from_hours(1), sticks);
    let board = Arc::clone(&polling.board);
    let sticks = async {
        until(&board, |release| release.generation == Some(1)).await;
        plug_in(&place, &other.repository(), &media);
        until(&board, |release| release.problem == Some(PullProblem::Forged)).await;
        assert_eq!(board.status().release.generation, Some(1));

        place.publish(&records("新名")).await;
        plug_in(&place, &place.repository(), &media);
        until(&board, |release| {
            release.generation == Some(2) && release.problem.is_none()
        })
        .await;
    };
    polling.during(Box::pin(sticks)).await;
}

/// A terminal with the first generation, whose line to the release is slow from now on: a poller that looks there, and the line.
async fn on_a_slow_line(place: &Place, sticks: Option<PathBuf>) -> (Polling, Proxy) {
    place.publish(&records("旧名")).await;
    place.pull_folder(&place.repository()).await.unwrap();
    let proxy = Proxy::to(place.repository()).await;
    proxy.slow_down(TIMESTAMP, Slow::Drips);
    let polling = Polling::new(
        place,
        source(proxy.url.clone()),
        Duration::from_millis(20),
        sticks,
    );
    (polling, proxy)
}

const TIMESTAMP: &str = "timestamp.json";

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_line_holds_up_neither_a_stick_nor_an_import() {
    let place = Place::new().await;
    let media = place.path("media");
    fs::create_dir(&media).unwrap();
    let (polling, proxy) = on_a_slow_line(&place, Some(media.clone())).await;
    let (board, asks) = (Arc::clone(&polling.board), polling.asks.clone());
    let brought = async {
        proxy.asked_for(TIMESTAMP).await;
        place.publish(&records("棒")).await;
        plug_in(&place, &place.repository(), &media);
        until(&board, |release| release.generation == Some(2)).await;

        place.publish(&records("盘")).await;
        let import = tokio::time::timeout(PATIENCE, asks.import(place.repository())).await;
        let taken = Imported {
            generation: 3,
            switched: true,
        };
        assert_eq!(import.unwrap().unwrap(), taken);

        place.publish(&records("线")).await;
        proxy.hurry();
        until(&board, |release| release.generation == Some(4)).await;
    };
    polling.during(Box::pin(brought)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trial_is_over_when_the_screen_says_so_however_slow_the_line_is() {
    let place = Place::new().await;
    let (polling, proxy) = on_a_slow_line(&place, None).await;
    proxy.hurry();
    place.publish(&records("新名")).await;
    let (board, asks) = (Arc::clone(&polling.board), polling.asks.clone());
    let drawn = async {
        until(&board, |release| release.generation == Some(2)).await;
        proxy.slow_down("manifest.json", Slow::Drips);
        place.publish(&records("更新的名")).await;
        proxy.asked_for("manifest.json").await;
        let memory = Generations::open(&place.state()).unwrap();
        assert_eq!(memory.trial().unwrap().unwrap().generation, 2);
        asks.frame_drawn(2);
        let over = async {
            while memory.trial().unwrap().is_some() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(PATIENCE, over).await.unwrap();
        assert_eq!(memory.why_bad(2).unwrap(), None);
    };
    polling.during(Box::pin(drawn)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_origin_gone_what_is_new_in_the_cache_is_seen_at_the_next_look() {
    let place = Place::new().await;
    place.publish(&records("旧名")).await;
    let (origin, cache) = (
        Proxy::to(place.repository()).await,
        Proxy::to(place.repository()).await,
    );
    let source = nearby(&origin.url, &cache.url);
    let polling = Polling::new(&place, source, Duration::from_millis(20), None);
    let board = Arc::clone(&polling.board);
    let news = async {
        until(&board, |release| release.generation == Some(1)).await;
        origin.break_after(0);
        place.publish(&records("新名")).await;
        until(&board, |release| release.generation == Some(2)).await;
    };
    polling.during(Box::pin(news)).await;
}
