use std::sync::Mutex;

use async_trait::async_trait;
use catalog::clock::SystemClock;
use terminal_api::interface::PrinterState;
use tokio::sync::Notify;
use url::Url;

use super::waiting::TICK;
use super::*;
use crate::release::{StateFolder, at_start};

/// Notes for how long somebody wanted to sleep, and never wakes them.
#[derive(Default)]
struct Standstill {
    pauses: Mutex<Vec<Duration>>,
    asleep: Notify,
}

#[async_trait]
impl Timer for Standstill {
    async fn sleep(&self, pause: Duration) {
        self.pauses.lock().unwrap().push(pause);
        self.asleep.notify_one();
        std::future::pending::<()>().await;
    }
}

/// For how long an agent sleeps after its first look, which finds nothing.
async fn sleeps(sticks: Option<PathBuf>) -> Vec<Duration> {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let content = at_start(&StateFolder::open(&state).unwrap(), None, clock.now());
    let timer = Arc::<Standstill>::default();
    let nowhere = Url::from_directory_path(folder.path().join("repo")).unwrap();
    let (poller, _handle) = Poller::new(Setup {
        source: Source::new(nowhere, crate::http::client().unwrap()).unwrap(),
        factory_root: folder.path().join("root.json"),
        state,
        poll: Duration::from_mins(5),
        sticks,
        options: Options::default(),
        clock: Arc::clone(&clock),
        timer: Arc::<Standstill>::clone(&timer),
        board: Arc::new(Board::new(content, PrinterState::NotConfigured, clock)),
    });
    let looked = async {
        while timer.pauses.lock().unwrap().iter().all(|pause| *pause == TICK) {
            timer.asleep.notified().await;
        }
    };
    tokio::select! {
        () = poller.run() => unreachable!("it polls for ever"),
        () = looked => {}
    }
    let mut pauses = timer.pauses.lock().unwrap().clone();
    pauses.sort_unstable();
    pauses
}

#[tokio::test]
async fn an_agent_with_nothing_to_watch_sleeps_until_its_next_look() {
    let pauses = sleeps(None).await;
    assert_eq!(pauses.len(), 1);
    assert!(pauses[0] >= FIRST_PAUSE.mul_f64(0.8), "{pauses:?}");
    let media = tempfile::tempdir().unwrap();
    let pauses = sleeps(Some(media.path().to_owned())).await;
    assert_eq!(pauses[0], TICK, "{pauses:?}");
}

#[test]
fn pauses_grow_after_failures_up_to_the_usual_one() {
    let mut schedule = Schedule::every(Duration::from_mins(5));
    let mut pause = |succeeded| schedule.pause(succeeded, 0.5).as_secs();
    assert_eq!([pause(true), pause(false), pause(false)], [300, 5, 10]);
    let last = (0..20).map(|_| pause(false)).last().unwrap();
    assert_eq!([last, pause(true)], [300, 300]);
}
