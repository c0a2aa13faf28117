//! `hub cases`.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use catalog::calendar::Calendar;
use catalog::clock::{Clock as _, SystemClock, day_in_china as day};
use catalog::record::Record;
use catalog::submission::SubmissionId;
use catalog::submission::mailbox::{self, Letter, LetterError, Outcome, Stage};
use clap::{Subcommand, ValueEnum};
use hub::cases::{Action, Case, Deadline, Step};
use hub::intake::{self, OpeningKeys};
use hub::store::{Recorded, Store, StoredCase};
use jiff::civil::Date;

use super::{Database, Staff, open};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// List the applications with what is due
    List {
        #[command(flatten)]
        database: Database,
        #[command(flatten)]
        calendar: CalendarFile,
        /// Also those that are archived
        #[arg(long)]
        all: bool,
    },
    /// Show one application: its steps, its clocks, and with the sealing key what it says
    Show {
        #[command(flatten)]
        database: Database,
        #[command(flatten)]
        calendar: CalendarFile,
        /// The application
        id: SubmissionId,
        /// The key that opens it; former ones beside it are used as well
        #[arg(long, value_name = "FILE")]
        sealing_key: Option<PathBuf>,
    },
    /// Enter the next step of an application
    Advance(Box<Advance>),
    /// Write all applications as JSON lines; with the sealing key, with what they say
    Export {
        #[command(flatten)]
        database: Database,
        #[command(flatten)]
        calendar: CalendarFile,
        /// The key that opens them; former ones beside it are used as well
        #[arg(long, value_name = "FILE")]
        sealing_key: Option<PathBuf>,
    },
}

#[derive(clap::Args)]
pub(crate) struct CalendarFile {
    /// The source folder with the published calendar of working days
    #[arg(long, value_name = "DIR", env = "HUB_CONTENT")]
    content: PathBuf,
}

#[derive(clap::Args)]
pub(crate) struct Advance {
    #[command(flatten)]
    database: Database,
    #[command(flatten)]
    calendar: CalendarFile,
    #[command(flatten)]
    staff: Staff,
    /// The folder of the hub's keys, which sign the letter to the resident
    #[arg(long, value_name = "DIR")]
    keys: PathBuf,
    /// The application
    id: SubmissionId,
    /// The step
    #[arg(value_enum)]
    step: StepName,
    /// The day of the step; today where absent
    #[arg(long, value_name = "DATE")]
    on: Option<Date>,
    /// For `extend`: by how many working days
    #[arg(long, value_name = "N")]
    days: Option<u16>,
    /// For `extend`: who agreed
    #[arg(long, value_name = "NAME")]
    approved_by: Option<String>,
    /// For `review` and `answer`: 予以公开, 部分公开, 不予公开, 无法提供, 不予处理 or 其他处理
    #[arg(long)]
    outcome: Option<Outcome>,
    /// For `answer`: the document number
    #[arg(long)]
    number: Option<String>,
    /// What the resident is told besides, at most 200 characters
    #[arg(long)]
    note: Option<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum StepName {
    /// 登记
    Register,
    /// 要求补正
    RequestCorrection,
    /// 收到补正
    Corrected,
    /// 逾期未补正
    GiveUp,
    /// 办理
    Handle,
    /// 延期
    Extend,
    /// 征求第三方意见
    AskThirdParty,
    /// 第三方意见结束
    ThirdPartyDone,
    /// 送审
    Review,
    /// 退回
    SendBack,
    /// 答复
    Answer,
    /// 送达
    Deliver,
    /// 归档
    Archive,
}

pub(crate) async fn run(command: Command) -> Result<()> {
    match command {
        Command::List {
            database,
            calendar,
            all,
        } => list(&database.open().await?, &calendar.read()?, all).await,
        Command::Show {
            database,
            calendar,
            id,
            sealing_key,
        } => {
            show(
                &database.open().await?,
                &calendar.read()?,
                id,
                sealing_key.as_deref(),
            )
            .await
        }
        Command::Advance(advance) => advance.run().await,
        Command::Export {
            database,
            calendar,
            sealing_key,
        } => export(&database.open().await?, &calendar.read()?, sealing_key.as_deref()).await,
    }
}

impl CalendarFile {
    fn read(&self) -> Result<Calendar> {
        let loaded = catalog::source::load(&self.content)?;
        let published = loaded.records.iter().find_map(|record| match record {
            Record::Holidays(holidays) => Some(Calendar::from(holidays)),
            _ => None,
        });
        published.with_context(|| format!("{} has no calendar of working days", self.content.display()))
    }
}

/// The case that its steps made.
fn case_of(stored: &StoredCase) -> Result<Case> {
    let steps = stored.steps.iter().map(|recorded| &recorded.step);
    Case::replay(day(stored.submission.received_at), steps)
        .with_context(|| format!("the steps of {} do not follow each other", stored.submission.id))
}

async fn list(store: &Store, calendar: &Calendar, all: bool) -> Result<()> {
    let today = day(SystemClock.now());
    for stored in store.cases().await? {
        let case = case_of(&stored)?;
        if case.stage == Stage::Archived && !all {
            continue;
        }
        let clock = case.clock(calendar, today);
        let answer = clock
            .answer
            .map_or("no clock runs".to_owned(), |due| told("answer", due));
        println!(
            "{}  {} since {}  {answer}",
            stored.submission.id, case.stage, case.since
        );
    }
    Ok(())
}

/// A deadline in words.
fn told(what: &str, deadline: Deadline) -> String {
    match deadline.due {
        Ok(due) if deadline.is_over => format!("{what} OVERDUE since {due}"),
        Ok(due) => format!("{what} due {due}"),
        Err(unknown) => format!("{what} due on a day that is not known: {unknown}"),
    }
}

async fn stored(store: &Store, id: SubmissionId) -> Result<StoredCase> {
    store
        .case(id)
        .await?
        .with_context(|| format!("{id} is no application for disclosure"))
}

async fn show(store: &Store, calendar: &Calendar, id: SubmissionId, key: Option<&Path>) -> Result<()> {
    let stored = stored(store, id).await?;
    let case = case_of(&stored)?;
    println!(
        "{id}  from {}  received {}",
        stored.submission.device, stored.submission.received_at
    );
    println!("{} since {}", case.stage, case.since);
    let clock = case.clock(calendar, day(SystemClock.now()));
    let clocks = [
        ("answer", clock.answer),
        ("asking to correct", clock.correction),
        ("third party", clock.third_party),
    ];
    for (what, deadline) in clocks {
        if let Some(deadline) = deadline {
            println!("{}", told(what, deadline));
        }
    }
    if let Some(outcome) = case.outcome {
        println!("{outcome}  {}", case.number.as_deref().unwrap_or("no number yet"));
    }
    for Recorded { step, made_by, .. } in &stored.steps {
        let note = step
            .note
            .as_deref()
            .map_or_else(String::new, |note| format!("  {note}"));
        println!("  {}  {}  {made_by}{note}", step.on, step.action);
    }
    if let Some(key) = key {
        let keys = OpeningKeys::read(key)?;
        let payload = open::payload(store, &stored.submission, &keys).await?;
        println!("{}", serde_json::to_string_pretty(&payload)?);
    }
    Ok(())
}

async fn export(store: &Store, calendar: &Calendar, key: Option<&Path>) -> Result<()> {
    let today = day(SystemClock.now());
    let keys = key.map(OpeningKeys::read).transpose()?;
    for stored in store.cases().await? {
        let case = case_of(&stored)?;
        let answer = case.clock(calendar, today).answer;
        let mut line = serde_json::json!({
            "id": stored.submission.id,
            "device": stored.submission.device,
            "received_at": stored.submission.received_at,
            "stage": case.stage,
            "since": case.since,
            "due": answer.and_then(|deadline| deadline.due.ok()),
            "is_overdue": answer.is_some_and(|deadline| deadline.is_over),
            "outcome": case.outcome,
            "number": case.number,
            "answered": case.answered,
            "steps": stored.steps.iter().map(entered).collect::<Vec<_>>(),
        });
        if let Some(keys) = &keys {
            let payload = open::payload(store, &stored.submission, keys).await?;
            line["payload"] = serde_json::to_value(payload)?;
        }
        println!("{line}");
    }
    Ok(())
}

/// A step with who entered it and when.
fn entered(recorded: &Recorded) -> serde_json::Value {
    let mut line = serde_json::json!(recorded.step);
    line["made_at"] = serde_json::json!(recorded.made_at);
    line["made_by"] = serde_json::json!(recorded.made_by);
    line
}

impl Advance {
    async fn run(self) -> Result<()> {
        let store = self.database.open().await?;
        let calendar = self.calendar.read()?;
        let receipts = intake::receipts_key(&self.keys)?;
        let stored = stored(&store, self.id).await?;
        let now = SystemClock.now();
        let step = Step {
            on: self.on.unwrap_or_else(|| day(now)),
            action: self.action()?,
            note: self.note.clone(),
        };
        ensure!(
            step.on <= day(now),
            "{} is in the future: a step cannot be taken back",
            step.on
        );
        let case = case_of(&stored)?.after(&step)?;
        let deadline = case.clock(&calendar, day(now)).answer;
        let letter = Letter {
            written_at: now,
            stage: case.stage,
            since: case.since,
            due: deadline.and_then(|deadline| deadline.due.ok()),
            // A proposed result is not yet one.
            outcome: case.answered.and(case.outcome),
            note: self.note.clone(),
        };
        let sealed = stored
            .submission
            .mailbox_key
            .map(|key| mailbox::seal(&letter, stored.submission.device, &key, &receipts));
        let letter = match sealed {
            // What a device made up holds up no case.
            Some(Err(LetterError::Key(error))) => {
                eprintln!(
                    "the resident is not told at the terminal: the mailbox there has no usable key: {error}"
                );
                None
            }
            sealed => sealed.transpose()?,
        };
        let recorded = Recorded {
            step,
            made_at: now,
            made_by: self.staff.name()?,
        };
        let done = store.advance(&stored, &recorded, letter).await?;
        ensure!(done, "somebody else has just entered a step; look again");
        println!("{}  {} since {}", self.id, case.stage, case.since);
        Ok(())
    }

    fn action(&self) -> Result<Action> {
        Ok(match self.step {
            StepName::Register => Action::Register,
            StepName::RequestCorrection => Action::RequestCorrection,
            StepName::Corrected => Action::Corrected,
            StepName::GiveUp => Action::GiveUp,
            StepName::Handle => Action::Handle,
            StepName::Extend => match (self.days, &self.approved_by) {
                (Some(days), Some(approved_by)) => Action::Extend {
                    days,
                    approved_by: approved_by.clone(),
                },
                _ => bail!("an extension needs --days and --approved-by"),
            },
            StepName::AskThirdParty => Action::AskThirdParty,
            StepName::ThirdPartyDone => Action::ThirdPartyDone,
            StepName::Review => Action::Review {
                outcome: self.outcome.context("a review needs --outcome")?,
            },
            StepName::SendBack => Action::SendBack,
            StepName::Answer => match (self.outcome, &self.number) {
                (Some(outcome), Some(number)) => Action::Answer {
                    outcome,
                    number: number.clone(),
                },
                _ => bail!("an answer needs --outcome and --number"),
            },
            StepName::Deliver => Action::Deliver,
            StepName::Archive => Action::Archive,
        })
    }
}
