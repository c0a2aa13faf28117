//! Time that moves on only when everybody sleeps.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use catalog::clock::{Clock, SystemClock};
use jiff::{SignedDuration, Timestamp};
use sync_agent::timer::Timer;
use tokio::sync::{Notify, oneshot};

/// In real time: if nobody falls asleep or wakes for so long, somebody waits for one who sleeps, and time moves on all the same.
const GRACE: Duration = Duration::from_secs(2);

/// The clock of the fleet.
#[derive(Debug)]
pub struct FleetClock {
    start: Timestamp,
    /// The reading at `start`.
    begun: Instant,
    state: Mutex<State>,
    quiet: Notify,
}

#[derive(Debug)]
struct State {
    now: Timestamp,
    /// By when they wake, and a number that makes them unique.
    sleepers: BTreeMap<(Timestamp, u64), Sleeper>,
    hands: Vec<Hand>,
    /// How many loops of all hands are awake.
    awake: usize,
    /// How often somebody fell asleep or woke.
    moves: u64,
    journal: Vec<Passed>,
}

/// Somebody who sleeps.
#[derive(Debug)]
struct Sleeper {
    hand: usize,
    wake: oneshot::Sender<()>,
}

/// What sleeps by one timer.
#[derive(Debug)]
struct Hand {
    loops: usize,
    asleep: usize,
}

impl Hand {
    const fn awake(&self) -> usize {
        self.loops.saturating_sub(self.asleep)
    }
}

/// At which real time the fleet's time moved on, and to when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Passed {
    /// The machine's time.
    pub real: Timestamp,
    /// The fleet's time.
    pub fleet: Timestamp,
}

/// What tasks of the fleet sleep by.
#[derive(Debug, Clone)]
pub struct FleetTimer {
    clock: Arc<FleetClock>,
    hand: usize,
}

/// Ends the sleep of whoever no longer waits for it.
struct Asleep<'a> {
    clock: &'a FleetClock,
    key: (Timestamp, u64),
}

impl State {
    fn change(&mut self, hand: usize, change: impl FnOnce(&mut Hand)) {
        let hand = &mut self.hands[hand];
        self.awake -= hand.awake();
        change(hand);
        self.awake += hand.awake();
        self.moves += 1;
    }
}

impl FleetClock {
    /// A clock that stands at `start`.
    #[must_use]
    pub fn new(start: Timestamp) -> Arc<Self> {
        Arc::new(Self {
            start,
            begun: SystemClock.monotonic(),
            state: Mutex::new(State {
                now: start,
                sleepers: BTreeMap::new(),
                hands: Vec::new(),
                awake: 0,
                moves: 0,
                journal: vec![Passed {
                    real: SystemClock.now(),
                    fleet: start,
                }],
            }),
            quiet: Notify::new(),
        })
    }

    /// A timer for `loops` tasks, each of which always sleeps again.
    #[must_use]
    pub fn timer(self: &Arc<Self>, loops: usize) -> FleetTimer {
        let mut state = self.lock();
        state.hands.push(Hand { loops: 0, asleep: 0 });
        let hand = state.hands.len() - 1;
        state.change(hand, |hand| hand.loops = loops);
        FleetTimer {
            clock: Arc::clone(self),
            hand,
        }
    }

    /// Lets time pass until then.
    pub async fn pass(&self, until: Timestamp) {
        loop {
            self.settled().await;
            if !self.advance(until) {
                return;
            }
        }
    }

    /// How time passed.
    #[must_use]
    pub fn journal(&self) -> Vec<Passed> {
        self.lock().journal.clone()
    }

    /// Waits until everybody sleeps.
    async fn settled(&self) {
        let look = || {
            let state = self.lock();
            (state.awake, state.moves)
        };
        loop {
            let (awake, moves) = look();
            if awake == 0 {
                return;
            }
            let waited = tokio::time::timeout(GRACE, self.quiet.notified()).await;
            if waited.is_err() && look().1 == moves {
                tracing::warn!(awake, "somebody waits for one who sleeps");
                return;
            }
        }
    }

    /// Moves on to when the next one wakes, and wakes all whose time has come. `false` when it is `until`.
    fn advance(&self, until: Timestamp) -> bool {
        let mut state = self.lock();
        if state.now >= until {
            return false;
        }
        let next = state.sleepers.keys().next().map_or(until, |(at, _)| *at);
        state.now = self.full_second(next).clamp(state.now, until);
        let passed = Passed {
            real: SystemClock.now(),
            fleet: state.now,
        };
        state.journal.push(passed);
        while let Some(entry) = state.sleepers.first_entry() {
            if entry.key().0 > passed.fleet {
                break;
            }
            let Sleeper { hand, wake } = entry.remove();
            state.change(hand, |hand| hand.asleep -= 1);
            // Whoever no longer waits is about to say so.
            let _waits = wake.send(());
        }
        true
    }

    /// The first full second from then on: whoever wants to wake within the same one wakes together.
    fn full_second(&self, at: Timestamp) -> Timestamp {
        let since = at.duration_since(self.start).max(SignedDuration::ZERO);
        let whole = since.as_secs() + i64::from(since.subsec_nanos() > 0);
        self.start + SignedDuration::from_secs(whole)
    }

    fn fall_asleep(&self, hand: usize, pause: Duration, wake: oneshot::Sender<()>) -> Asleep<'_> {
        let mut state = self.lock();
        let pause = SignedDuration::try_from(pause).unwrap_or(SignedDuration::MAX);
        let at = state.now.saturating_add(pause).unwrap_or(Timestamp::MAX);
        let key = (at, state.moves);
        state.sleepers.insert(key, Sleeper { hand, wake });
        state.change(hand, |hand| hand.asleep += 1);
        self.tell(&state);
        Asleep { clock: self, key }
    }

    fn tell(&self, state: &State) {
        if state.awake == 0 {
            self.quiet.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for FleetClock {
    fn now(&self) -> Timestamp {
        self.lock().now
    }

    fn monotonic(&self) -> Instant {
        self.begun + self.now().duration_since(self.start).unsigned_abs()
    }
}

impl FleetTimer {
    /// From now on so many tasks sleep by it.
    pub fn set_loops(&self, loops: usize) {
        let mut state = self.clock.lock();
        state.change(self.hand, |hand| hand.loops = loops);
        self.clock.tell(&state);
    }
}

#[async_trait]
impl Timer for FleetTimer {
    async fn sleep(&self, pause: Duration) {
        let (wake, woken) = oneshot::channel();
        let asleep = self.clock.fall_asleep(self.hand, pause, wake);
        let _woken_or_the_clock_is_gone = woken.await;
        drop(asleep);
    }
}

impl Drop for Asleep<'_> {
    fn drop(&mut self) {
        let mut state = self.clock.lock();
        if let Some(sleeper) = state.sleepers.remove(&self.key) {
            state.change(sleeper.hand, |hand| hand.asleep -= 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> Timestamp {
        "2026-11-26T00:00:00Z".parse().unwrap()
    }

    fn second(second: i64) -> Timestamp {
        start() + SignedDuration::from_secs(second)
    }

    #[tokio::test]
    async fn time_stands_still_while_somebody_works_and_jumps_to_the_next_who_wakes() {
        let clock = FleetClock::new(start());
        let timer = clock.timer(1);
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (worker, noted) = (Arc::clone(&clock), Arc::clone(&seen));
        tokio::spawn(async move {
            loop {
                // Real time goes by; the fleet's does not.
                tokio::time::sleep(Duration::from_millis(5)).await;
                noted.lock().unwrap().push(worker.now());
                timer.sleep(Duration::from_millis(89_500)).await;
            }
        });
        clock.pass(second(300)).await;
        let seen = seen.lock().unwrap().clone();
        assert_eq!(seen, [second(0), second(90), second(180), second(270)]);
        assert_eq!(clock.now(), second(300));
        let hours: Vec<_> = clock.journal().iter().map(|passed| passed.fleet).collect();
        assert_eq!(
            hours,
            [second(0), second(90), second(180), second(270), second(300)]
        );
    }

    #[tokio::test]
    async fn a_sleep_of_any_length_ends_at_a_full_second() {
        let clock = FleetClock::new(start());
        for pause in [
            Duration::ZERO,
            Duration::from_nanos(1),
            Duration::from_nanos(1_000_400_001),
        ] {
            let timer = clock.timer(1);
            tokio::spawn(async move {
                timer.sleep(pause).await;
                timer.set_loops(0);
            });
            clock.pass(clock.now() + SignedDuration::from_secs(5)).await;
        }
        let fleet: Vec<_> = clock.journal().iter().map(|passed| passed.fleet).collect();
        let expected = [0, 0, 5, 6, 10, 12, 15].map(second);
        assert_eq!(fleet, expected);
    }

    #[tokio::test]
    async fn a_sleep_that_nobody_waits_for_any_more_wakes_nobody() {
        let clock = FleetClock::new(start());
        let timer = clock.timer(1);
        tokio::select! {
            biased;
            () = timer.sleep(Duration::from_secs(10)) => unreachable!("time stands still"),
            () = std::future::ready(()) => {}
        }
        assert_eq!(clock.lock().awake, 1);
        timer.set_loops(0);
        clock.pass(second(60)).await;
        assert_eq!(clock.journal().len(), 2);
    }
}
