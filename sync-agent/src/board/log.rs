//! The newest events, numbered.

use std::collections::VecDeque;

use terminal_api::interface::{Change, Event, Missed};

/// How many events are held for those who come back.
const CAPACITY: usize = 256;

/// A bounded queue of events. Its numbers start where the caller says and have no gaps.
#[derive(Debug)]
pub(super) struct EventLog {
    events: VecDeque<Event>,
    next: u64,
}

impl EventLog {
    pub(super) fn starting_at(first: u64) -> Self {
        Self {
            events: VecDeque::with_capacity(CAPACITY),
            next: first.max(1),
        }
    }

    /// The number of the newest event; before the first one, the number before it.
    pub(super) fn newest(&self) -> u64 {
        self.next - 1
    }

    pub(super) fn push(&mut self, change: Change) -> u64 {
        if self.events.len() == CAPACITY {
            self.events.pop_front();
        }
        let seq = self.next;
        self.events.push_back(Event { seq, change });
        self.next += 1;
        seq
    }

    /// The events from number `from` on; [`Change::Missed`] first when some before them are gone, or when
    /// the number is not of this log.
    pub(super) fn since(&self, from: u64) -> Vec<Event> {
        let oldest = self.next - self.events.len() as u64;
        let missed = from < oldest || from > self.next;
        let gap = missed.then(|| Event {
            seq: oldest - 1,
            change: Change::Missed(Missed { oldest }),
        });
        let start = if missed { oldest } else { from };
        let held = self.events.iter().skip((start - oldest) as usize).cloned();
        gap.into_iter().chain(held).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use terminal_api::interface::NetworkState;

    fn filled(count: usize) -> EventLog {
        let mut log = EventLog::starting_at(1000);
        for _ in 0..count {
            log.push(Change::Network(NetworkState::Reachable));
        }
        log
    }

    fn numbers(events: &[Event]) -> Vec<u64> {
        events.iter().map(|event| event.seq).collect()
    }

    #[test]
    fn who_comes_back_gets_what_follows_without_a_gap() {
        let log = filled(5);
        assert_eq!(numbers(&log.since(1003)), [1003, 1004]);
        assert_eq!(numbers(&log.since(1005)), [0; 0]);
        assert_eq!(log.newest(), 1004);
    }

    #[test]
    fn who_was_away_too_long_is_told_that_events_are_missing() {
        let log = filled(CAPACITY + 10);
        let events = log.since(1000);
        assert!(matches!(
            events[0].change,
            Change::Missed(Missed { oldest: 1010 })
        ));
        assert_eq!(events.len(), CAPACITY + 1);
        assert_eq!(events[1].seq, 1010);
        assert!(numbers(&events).windows(2).all(|pair| pair[1] == pair[0] + 1));
    }

    #[test]
    fn numbers_of_another_run_are_recognised() {
        let log = filled(2);
        for foreign in [1, 999, 5_000_000] {
            let events = log.since(foreign);
            assert!(matches!(events[0].change, Change::Missed(_)), "{foreign}");
            assert_eq!(numbers(&events)[1..], [1000, 1001]);
        }
    }

    #[test]
    fn an_empty_log_has_nothing_to_say_to_who_is_up_to_date() {
        let log = filled(0);
        assert_eq!(log.since(1000), []);
        assert_eq!(numbers(&log.since(7)), [999]);
    }
}
