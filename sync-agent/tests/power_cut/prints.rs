//! A print, cut at every step: the journal knows at least as much as came out, and no slip comes out twice.

use std::fs;
use std::path::PathBuf;

use hardware::printer::simulator::{Model, Pace, Simulator};
use hardware::simulator::Simulated as _;
use hardware::wire::Endpoint;
use terminal_api::client::CallError;
use terminal_api::interface::{JobState, Language, Print, TextSize};

use crate::bench::{LOOPBACK, height, place_with_a_guide};
use crate::rows::until_number;
use crate::scenario::{Scenario, cut_everywhere, keep};
use crate::support::Place;
use crate::terminal::Terminal;

const UNDER_WAY: &str = "SELECT COUNT(*) FROM print_journal WHERE state IN ('queued', 'sending', 'sent')";

/// What the agent does when the power is cut.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Work {
    /// It prints what is asked for.
    Print,
    /// It starts after a cut in the middle of a slip.
    Settle,
    /// It starts after a cut before a slip, and prints it.
    TakeUp,
}

/// A terminal with content and a printer.
struct Desk {
    place: Place,
    terminal: Terminal,
    printer: Simulator,
    work: Work,
    /// How many printers there were: each case has a new one.
    printers: usize,
    job: Option<String>,
    /// How long the whole slip is.
    whole: u32,
}

impl Desk {
    async fn new(work: Work) -> Self {
        let place = place_with_a_guide().await;
        // Without a root of trust nothing is pulled, and no step of a release comes in between.
        fs::remove_file(place.state().join("root.json")).unwrap();
        keep(&place.state(), &place.path("before"));
        let printer = Simulator::start(LOOPBACK, &place.path("slips"), Pace::Instant).unwrap();
        let mut desk = Self {
            terminal: Terminal::configured(&place.path(""), ""),
            place,
            printer,
            work: Work::Print,
            printers: 0,
            job: None,
            whole: 0,
        };
        desk.new_printer();
        desk.terminal.start().await;
        desk.print().await.unwrap();
        desk.settled().await.unwrap();
        assert_eq!(desk.state_of_job().await, Some(JobState::Proven));
        desk.whole = height(&desk.printer.state().slips[0]);
        desk.terminal.kill();
        desk.work = work;
        desk
    }

    /// A printer in which nothing was printed yet.
    fn new_printer(&mut self) {
        self.printers += 1;
        let slips = self.place.path(&format!("slips-{}", self.printers));
        self.printer = Simulator::start_model(LOOPBACK, &slips, Model::with_pace(Pace::Instant)).unwrap();
        let Endpoint::Tcp(address) = self.printer.endpoint() else {
            panic!("a socket")
        };
        let folder = self.place.path("");
        let text = format!(
            "[place]\nname = {{ zh = \"斜塘街道\" }}\ndivision = \"320571\"\n\
             [release]\nurl = \"file://{}nowhere/\"\nroot = \"nowhere.json\"\nstate = \"state\"\n\
             [agent]\nsocket = \"terminal.sock\"\n\
             [printer]\nkind = \"tcp\"\naddress = \"{address}\"\n",
            folder.display()
        );
        self.terminal = Terminal::configured(&folder, &text);
    }

    /// Asks for the sample's guide.
    async fn print(&mut self) -> Result<(), CallError> {
        let request = Print {
            records: vec!["guide-006".to_owned()],
            article: None,
            language: Language::Zh,
            size: TextSize::Normal,
            ticks: None,
        };
        let job = self.terminal.try_call().await?.print(&request).await?;
        self.job = Some(job.id);
        Ok(())
    }

    async fn settled(&mut self) -> Result<(), CallError> {
        until_number(&mut self.terminal, "agent.db", UNDER_WAY, 0).await
    }

    async fn state_of_job(&self) -> Option<JobState> {
        let job = self.job.as_ref()?;
        Some(self.terminal.call().await.job(job).await.unwrap().state)
    }

    /// How many whole slips came out.
    fn slips(&self) -> usize {
        let slips: Vec<PathBuf> = self.printer.state().slips;
        slips.iter().filter(|slip| height(slip) >= self.whole).count()
    }
}

impl Scenario for Desk {
    fn name(&self) -> &'static str {
        match self.work {
            Work::Print => "a slip is printed",
            Work::Settle => "the start after a cut in the middle of a slip",
            Work::TakeUp => "the start after a cut before a slip, which is printed then",
        }
    }

    fn must_reach(&self) -> &'static [&'static str] {
        match self.work {
            Work::Print => &[
                "queue print/before",
                "queue print/after",
                "print sending/after",
                "send slip/during",
                "print sent/before",
                "count paper/before",
                "print proven/before",
            ],
            Work::Settle => &["settle prints/during"],
            Work::TakeUp => &["settle prints/during", "send slip/during"],
        }
    }

    async fn reset(&mut self) {
        let state = self.place.state();
        self.terminal.kill();
        fs::remove_dir_all(&state).unwrap();
        keep(&self.place.path("before"), &state);
        self.new_printer();
        self.job = None;
        let cut = match self.work {
            Work::Print => return,
            Work::Settle => "send slip/during/0",
            Work::TakeUp => "queue print/after/0",
        };
        assert!(self.terminal.start_with(&[("POWER_CUT", cut)]).await);
        let _cut_before_the_answer = self.print().await;
        self.terminal.ended().await;
        // What came of it is not this case's.
        self.new_printer();
    }

    fn terminal(&mut self) -> &mut Terminal {
        &mut self.terminal
    }

    async fn happen(&mut self) -> Result<(), CallError> {
        if self.work == Work::Print {
            self.print().await?;
        }
        self.settled().await
    }

    async fn after(&mut self, point: &str) {
        let name = self.name();
        self.terminal.start().await;
        self.settled().await.unwrap();
        let slips = self.slips();
        assert!(slips <= 1, "{name}, cut at {point}: {slips} slips");
        match self.state_of_job().await {
            Some(JobState::Proven) => assert_eq!(slips, 1, "{name}, cut at {point}"),
            Some(JobState::Uncertain) | None => {}
            state => panic!("{name}, cut at {point}: {state:?}"),
        }
        if self.work == Work::Settle {
            assert_eq!(slips, 0, "{name}, cut at {point}: repeated by itself");
        }
        // Neither the next start nor the next resident brings it out once more.
        self.terminal.kill();
        self.terminal.start().await;
        self.print().await.unwrap();
        self.settled().await.unwrap();
        assert_eq!(self.state_of_job().await, Some(JobState::Proven));
        assert_eq!(self.slips(), slips + 1, "{name}, after a cut at {point}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_power_cut_anywhere_no_slip_comes_out_twice() {
    let mut cases = 0;
    for work in [Work::Print, Work::Settle, Work::TakeUp] {
        cases += cut_everywhere(&mut Desk::new(work).await).await;
    }
    println!("{cases:>6}  cases of printing");
}
