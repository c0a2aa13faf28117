//! What residents hand in, cut at every step on its way: whatever was accepted is at the hub once, whether the hub took it,
//! its answer was lost, or it refused.

use std::process::ExitStatus;

use catalog::submission::Form;
use rusqlite::Connection;
use terminal_api::client::CallError;
use terminal_api::interface::Page;

use crate::hall::{Answer, HELD, Hall, OUTBOX, TRIED, UNREPORTED, WAITING, picture, retry};
use crate::rows::{number, until_number};
use crate::scenario::{Scenario, cut_everywhere, keep};
use crate::terminal::{SECRETS, Terminal, suggestion};

/// A resident hands in.
struct HandingIn {
    hall: Hall,
    answer: Answer,
    /// How many residents there were.
    residents: usize,
    form: Option<String>,
    is_accepted: bool,
}

impl HandingIn {
    fn new(hall: Hall, answer: Answer) -> Self {
        Self {
            hall,
            answer,
            residents: 0,
            form: None,
            is_accepted: false,
        }
    }

    fn text(&self) -> String {
        format!("{}，第{}次", SECRETS[3], self.residents)
    }

    /// Fills in the form and hands it in; again under the same name if nobody knows what became of it, as on a machine that
    /// takes longer than a kiosk waits.
    async fn hand_in(&mut self) -> Result<(), CallError> {
        loop {
            match self.try_to_hand_in().await {
                Err(CallError::Silent) => {}
                done => return done,
            }
        }
    }

    async fn try_to_hand_in(&mut self) -> Result<(), CallError> {
        let terminal = &self.hall.terminal;
        let mut kiosk = terminal.try_call().await?;
        let form = match &self.form {
            Some(form) => form.clone(),
            None => kiosk.open_submission().await?.id,
        };
        self.form = Some(form.clone());
        let mut files = Vec::new();
        if self.answer == Answer::Receipt {
            files.push(terminal.attach(&form, &picture(), 40_000).await?);
            terminal.attach(&form, b"not handed in after all", 40_000).await?;
        }
        kiosk
            .submit_suggestion(&form, &suggestion(&self.text()), &files)
            .await?;
        self.is_accepted = true;
        Ok(())
    }
}

impl Scenario for HandingIn {
    fn name(&self) -> &'static str {
        match self.answer {
            Answer::Receipt => "a suggestion with a file is handed in, and the hub takes it",
            Answer::Lost => "the hub takes a suggestion, and its answer is lost",
            Answer::Refusal => "the hub refuses a suggestion",
        }
    }

    fn must_reach(&self) -> &'static [&'static str] {
        match self.answer {
            Answer::Receipt => &[
                "tidy outbox/during",
                "add to draft/during/2",
                "accept/during",
                "throw drafts away/during",
                "hand in/during/2",
                "note receipt/during/1",
            ],
            Answer::Lost => &["hand in/after", "note attempt/after"],
            Answer::Refusal => &["hold/before", "hold/after"],
        }
    }

    async fn reset(&mut self) {
        self.hall.forget().await;
        self.hall.answer(self.answer);
        keep(&self.hall.before(), &self.hall.terminal.state());
        self.residents += 1;
        self.form = None;
        self.is_accepted = false;
    }

    fn terminal(&mut self) -> &mut Terminal {
        &mut self.hall.terminal
    }

    async fn happen(&mut self) -> Result<(), CallError> {
        self.hand_in().await?;
        let (sql, wanted) = match self.answer {
            Answer::Receipt => (WAITING, 0),
            Answer::Lost => (TRIED, 1),
            Answer::Refusal => (HELD, 1),
        };
        until_number(&mut self.hall.terminal, OUTBOX, sql, wanted).await
    }

    async fn after(&mut self, point: &str) {
        let name = self.name();
        assert_eq!(
            self.hall.terminal.plaintext_on_disk(),
            None,
            "{name}, cut at {point}"
        );
        self.hall.deliver().await;
        let arrived = self.hall.arrived().await.len();
        if self.is_accepted {
            assert_eq!(arrived, 1, "{name}, cut at {point}: what was accepted");
        } else {
            assert!(arrived <= 1, "{name}, cut at {point}: what nobody confirmed");
            self.hand_in().await.unwrap();
            self.hall.settled().await;
        }
        let arrived = self.hall.arrived().await;
        assert_eq!(arrived.len(), 1, "{name}, cut at {point}: lost or doubled");
        let Form::Suggestion(form) = &arrived[0].form else {
            panic!("no suggestion");
        };
        assert_eq!(form.text, self.text(), "{name}, cut at {point}");
        assert_eq!(self.hall.hub.store.alarms().await.unwrap(), []);
        assert_eq!(
            self.hall.terminal.plaintext_on_disk(),
            None,
            "{name}, after a cut at {point}"
        );
    }
}

/// Staff let go what the hub refused: `sync-agent retry`.
struct LettingGo(HandingIn);

impl LettingGo {
    async fn new(mut refused: HandingIn) -> Self {
        refused.reset().await;
        let ended = refused.run(&[]).await;
        assert!(ended.success(), "{ended}");
        keep(&refused.hall.terminal.state(), &refused.hall.before());
        Self(refused)
    }
}

impl Scenario for LettingGo {
    fn name(&self) -> &'static str {
        "what the hub refused is let go by hand"
    }

    fn must_reach(&self) -> &'static [&'static str] {
        &["let go/before", "let go/after"]
    }

    async fn reset(&mut self) {
        self.0.hall.answer(Answer::Receipt);
        keep(&self.0.hall.before(), &self.0.hall.terminal.state());
    }

    fn terminal(&mut self) -> &mut Terminal {
        &mut self.0.hall.terminal
    }

    async fn happen(&mut self) -> Result<(), CallError> {
        Ok(())
    }

    async fn after(&mut self, point: &str) {
        self.0.after(point).await;
    }

    async fn run(&mut self, environment: &[(&str, &str)]) -> ExitStatus {
        retry(&self.0.hall.terminal, environment)
    }
}

/// The agent is told to end, and writes down what it counted.
struct Counting {
    hall: Hall,
    /// What the hub counted before.
    before: u64,
}

impl Counting {
    async fn pages(&self) -> u64 {
        let first = "2000-01-01".parse().unwrap();
        let totals = self.hall.hub.store.totals(first).await.unwrap();
        let guides = totals.iter().find(|total| total.metric == "page.guide");
        guides.map_or(0, |total| total.total.unsigned_abs())
    }
}

impl Scenario for Counting {
    fn name(&self) -> &'static str {
        "counts of use are written down at the end"
    }

    fn must_reach(&self) -> &'static [&'static str] {
        &["keep counts/before", "keep counts/during", "keep counts/after"]
    }

    async fn reset(&mut self) {
        self.hall.answer(Answer::Receipt);
        keep(&self.hall.before(), &self.hall.terminal.state());
        // Each case counts for itself, as a terminal does whose outbox was lost.
        let outbox = Connection::open(self.hall.terminal.state().join(OUTBOX)).unwrap();
        outbox.execute("DELETE FROM usage_epoch", []).unwrap();
        self.before = self.pages().await;
    }

    fn terminal(&mut self) -> &mut Terminal {
        &mut self.hall.terminal
    }

    async fn happen(&mut self) -> Result<(), CallError> {
        let mut kiosk = self.hall.terminal.try_call().await?;
        // One, which is written at once or at the end, and not some now and some then.
        kiosk.count_page(Page::Guide).await
    }

    async fn after(&mut self, point: &str) {
        self.hall.terminal.start().await;
        let outbox = self.hall.terminal.state().join(OUTBOX);
        let total = "SELECT COALESCE(SUM(total), 0) FROM usage_count WHERE metric = 'page.guide'";
        let counted = number(&outbox, total).unwrap().unsigned_abs();
        let name = self.name();
        assert!(counted <= 1, "{name}, cut at {point}: {counted}");
        if point.starts_with("keep counts/after") {
            assert_eq!(counted, 1, "{name}, cut at {point}");
        }
        until_number(&mut self.hall.terminal, OUTBOX, UNREPORTED, 0)
            .await
            .unwrap();
        assert_eq!(
            self.pages().await,
            self.before + counted,
            "{name}, cut at {point}: counted at the hub"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_power_cut_anywhere_what_was_accepted_is_at_the_hub_once() {
    let mut cases = 0;
    for answer in [Answer::Receipt, Answer::Lost] {
        cases += cut_everywhere(&mut HandingIn::new(Hall::new().await, answer)).await;
    }
    let mut refused = HandingIn::new(Hall::new().await, Answer::Refusal);
    cases += cut_everywhere(&mut refused).await;
    cases += cut_everywhere(&mut LettingGo::new(refused).await).await;
    let hall = Hall::new().await;
    cases += cut_everywhere(&mut Counting { hall, before: 0 }).await;
    println!("{cases:>6}  cases of the outbox");
}
