//! `hub cases`.

mod told;

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail, ensure};
use catalog::calendar::Calendar;
use catalog::clock::{Clock as _, SystemClock, day_in_china as day};
use catalog::record::Record;
use catalog::submission::SubmissionId;
use catalog::submission::mailbox::{self, Letter, LetterError, Outcome};
use clap::{Subcommand, ValueEnum};
use hub::cases::{Action, Case, Step, WrongStep};
use hub::intake;
use hub::store::{Recorded, Store, StoredCase};
use jiff::civil::Date;

use super::{Database, Staff};
use told::{export, list, show};

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
    /// For `third-party-received`: the day on which the third party received the letter, from which its 15 working days count;
    /// the day of the step where absent. While it is not entered they count from the day of asking
    #[arg(long, value_name = "DATE")]
    received_on: Option<Date>,
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
    /// 第三方收到征求意见书
    ThirdPartyReceived,
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
fn case_of(stored: &StoredCase) -> Result<Case, WrongStep> {
    let steps = stored.steps.iter().map(|recorded| &recorded.step);
    Case::replay(day(stored.submission.received_at), steps)
}

async fn stored(store: &Store, id: SubmissionId) -> Result<StoredCase> {
    store
        .case(id)
        .await?
        .with_context(|| format!("{id} is no application for disclosure"))
}

impl Advance {
    async fn run(self) -> Result<()> {
        let store = self.database.open().await?;
        let calendar = self.calendar.read()?;
        let receipts = intake::receipts_key(&self.keys)?;
        let stored = stored(&store, self.id).await?;
        let now = SystemClock.now();
        let on = self.on.unwrap_or_else(|| day(now));
        let step = Step {
            on,
            action: self.action(on)?,
            note: self.note.clone(),
        };
        ensure!(
            step.on <= day(now),
            "{} is in the future: a step cannot be taken back",
            step.on
        );
        let case = case_of(&stored)
            .with_context(|| format!("the steps of {} do not follow each other", self.id))?
            .after(&step)?;
        let clock = case.clock(&calendar, day(now));
        let letter = Letter {
            written_at: now,
            stage: case.stage,
            since: case.since,
            due: clock.answer.deadline().and_then(|deadline| deadline.due.ok()),
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
        for late in told::late(&clock) {
            println!("{late}");
        }
        Ok(())
    }

    fn action(&self, on: Date) -> Result<Action> {
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
            StepName::ThirdPartyReceived => Action::ThirdPartyReceived {
                received: self.received_on.unwrap_or(on),
            },
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
