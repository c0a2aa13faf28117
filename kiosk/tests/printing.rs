//! Slips of residents who have left, and slips that did not come out.

mod agent;
mod support;

use std::time::{Duration, Instant};

use JobState::{Cancelled, NothingCameOut, Queued, Sent, Uncertain};
use agent::Agent;
use catalog::record::Kind;
use kiosk::Setup;
use kiosk::navigation::Place;
use kiosk::service::Service;
use kiosk::testing::{Pace, Visitor};
use serde_json::json;
use support::Way;
use tempfile::TempDir;
use terminal_api::interface::JobState;

/// A visitor in front of a kiosk whose agent does what the test says.
struct Hall {
    visitor: Visitor,
    agent: Agent,
    _state: TempDir,
}

impl Hall {
    /// A kiosk that has just started, in front of an agent with these jobs in its queue.
    fn open(jobs: &[JobState]) -> Self {
        let state = support::state_with_sample();
        let socket = state.path().join("agent.sock");
        let agent = Agent::start(&socket, jobs);
        let setup = Setup::desk(state.path().to_owned(), Some(socket));
        let visitor = Visitor::arrive(setup, support::clock(), Pace::Real).expect("the kiosk comes up");
        let hall = Self {
            visitor,
            agent,
            _state: state,
        };
        hall.until("the agent to be known", |hall| {
            hall.visitor.app().service().can_print()
        });
        // The kiosk ends what it may have begun before it started.
        hall.until("the first end of a session", |hall| {
            hall.agent.count("EndSession") == 1
        });
        hall
    }

    fn until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        let start = Instant::now();
        while !holds(self) {
            assert!(
                start.elapsed() < Duration::from_mins(1),
                "waited in vain for {what}: {:?}, {:#?}",
                self.agent.jobs(),
                self.visitor.labels()
            );
            self.visitor.wait(Duration::from_millis(20));
        }
    }

    fn until_jobs(&self, jobs: &[JobState]) {
        self.until(&format!("{jobs:?}"), |hall| hall.agent.jobs() == jobs);
    }

    fn until_said(&self, key: &str) {
        self.until(key, |hall| hall.visitor.sees(&zh(key)));
    }

    /// Touches the attract screen and asks for a slip of a guide.
    fn print(&self) {
        self.visitor.press(&zh("attract-start"));
        self.ask_for_slip();
    }

    fn ask_for_slip(&self) {
        let guide = self.visitor.app().content().of_kind(Kind::Guide)[0].id.clone();
        self.visitor.app().open(Place::record(guide));
        let print = zh("action-print");
        let labels = self.visitor.labels();
        let print = labels.iter().find(|label| label.contains(&print));
        self.visitor.press(print.unwrap_or_else(|| panic!("{labels:?}")));
    }

    /// Takes the agent away and waits until the kiosk knows it.
    fn lose_agent(&self) {
        self.agent.go_away();
        self.until("the agent to be missed", |hall| {
            *hall.visitor.app().service() == Service::Away
        });
    }

    fn find_agent(&self) {
        self.agent.come_back();
        self.until("the agent to be back", |hall| {
            hall.visitor.app().service().can_print()
        });
    }

    /// A slip waits, and the screen does not know any more what became of it: it came back to the agent and was not
    /// told yet.
    fn lose_sight_of_a_slip(&self) {
        self.print();
        self.until_jobs(&[Queued]);
        self.until("the slip to be shown", |hall| hall.agent.count("Print") == 1);
        self.agent.hold("Job");
        self.lose_agent();
        self.until_said("print-uncertain");
        self.find_agent();
    }
}

fn zh(key: &str) -> String {
    support::word(Way::USUAL, key)
}

#[test]
fn slips_of_a_visit_that_ends_while_the_agent_is_away_are_cancelled_when_it_is_back() {
    let hall = Hall::open(&[]);
    hall.print();
    hall.until_jobs(&[Queued]);
    hall.lose_agent();
    hall.visitor.app().end_visit();
    hall.agent.come_back();
    hall.until_jobs(&[Cancelled]);
}

#[test]
fn a_kiosk_that_starts_ends_the_visit_in_which_it_broke_down() {
    let hall = Hall::open(&[Queued]);
    hall.until_jobs(&[Cancelled]);
}

#[test]
fn the_next_resident_does_not_get_the_slips_of_the_one_before_and_keeps_ones_own() {
    let hall = Hall::open(&[]);
    hall.print();
    hall.until_jobs(&[Queued]);
    hall.lose_agent();
    hall.visitor.app().end_visit();
    hall.visitor.press(&zh("attract-start"));
    hall.agent.come_back();
    hall.until_jobs(&[Cancelled]);
    hall.until("the agent to be back", |hall| {
        hall.visitor.app().service().can_print()
    });

    hall.ask_for_slip();
    hall.until_jobs(&[Cancelled, Queued]);
    hall.lose_agent();
    let asked = hall.agent.count("Job");
    hall.find_agent();
    hall.until("the slip to be asked for", |hall| hall.agent.count("Job") > asked);
    hall.until_said("print-sending");
    assert_eq!(hall.agent.jobs(), [Cancelled, Queued]);
}

#[test]
fn a_print_that_the_end_of_the_visit_overtook_is_cancelled() {
    let hall = Hall::open(&[]);
    hall.agent.hold("Print");
    hall.print();
    hall.until("the print to be composed", |hall| hall.agent.count("Print") == 1);
    hall.visitor.app().end_visit();
    hall.until("the end of the visit", |hall| hall.agent.count("EndSession") == 2);
    hall.agent.let_go("Print");
    hall.until_jobs(&[Cancelled]);
}

#[test]
fn a_print_that_nobody_waits_for_is_cancelled_also_when_the_agent_was_away_meanwhile() {
    let hall = Hall::open(&[]);
    hall.agent.hold("Print");
    hall.print();
    hall.until("the print to be composed", |hall| hall.agent.count("Print") == 1);
    hall.visitor.app().end_visit();
    hall.until("the end of the visit", |hall| hall.agent.count("EndSession") == 2);
    hall.visitor.press(&zh("attract-start"));
    hall.agent.hold("Cancel");
    hall.agent.let_go("Print");
    hall.until("the print to be cancelled", |hall| {
        hall.agent.count("Cancel") == 1
    });
    hall.lose_agent();
    hall.agent.let_go("Cancel");
    hall.until_jobs(&[Cancelled]);
    // As if the agent had gone away before it heard the call.
    hall.agent.set(0, Queued);
    hall.find_agent();
    hall.until_jobs(&[Cancelled]);
}

#[test]
fn a_slip_that_did_not_come_is_taken_out_of_the_queue_before_another_is_printed() {
    let hall = Hall::open(&[]);
    hall.lose_sight_of_a_slip();
    hall.visitor.press(&zh("print-nothing-came"));
    hall.until_jobs(&[Cancelled, Queued]);
    hall.agent.let_go("Job");
    hall.until_said("print-sending");
    assert_eq!(hall.agent.answers(), Vec::<serde_json::Value>::new());
}

#[test]
fn a_slip_that_is_on_its_way_after_all_is_followed_and_not_printed_twice() {
    let hall = Hall::open(&[]);
    hall.lose_sight_of_a_slip();
    hall.agent.set(0, Sent);
    hall.visitor.press(&zh("print-nothing-came"));
    hall.until("the slip to be taken out", |hall| hall.agent.count("Cancel") == 1);
    hall.agent.let_go("Job");
    hall.until_said("print-printing");
    assert_eq!(hall.agent.jobs(), [Sent]);
}

#[test]
fn a_slip_of_which_nobody_knows_is_answered_for_and_printed_again() {
    let hall = Hall::open(&[]);
    hall.lose_sight_of_a_slip();
    hall.agent.set(0, Uncertain);
    hall.agent.let_go("Job");
    hall.visitor.press(&zh("print-nothing-came"));
    hall.until_jobs(&[NothingCameOut, Queued]);
    assert_eq!(
        hall.agent.answers(),
        [json!({ "job": "job-0", "came_out": false })]
    );
}

#[test]
fn a_slip_that_is_wanted_again_while_the_agent_is_away_is_not_forgotten() {
    let hall = Hall::open(&[]);
    hall.print();
    hall.until_jobs(&[Queued]);
    hall.lose_agent();
    hall.until_said("print-uncertain");
    hall.visitor.press(&zh("print-nothing-came"));
    hall.until_said("print-uncertain");
    hall.find_agent();
    hall.until_said("print-sending");
    assert_eq!(hall.agent.jobs(), [Queued]);
    assert_eq!(hall.agent.count("Print"), 1);
}
