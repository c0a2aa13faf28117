//! The command `kioskctl`: the operator's look at a running terminal.

use std::path::PathBuf;
use std::pin::pin;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, Subcommand, ValueEnum};
use futures_util::StreamExt as _;
use serde::Serialize;
use terminal_api::client::Connection;
use terminal_api::config::{Config, DEFAULT_PATH};
use terminal_api::interface::{
    Change, Check, Device, Enrolment, Job, Language, Paper, Print, SelfTest, Status, SubmissionStatus,
    TextSize,
};

/// Ask a running terminal how it is, and print from it.
#[derive(Debug, Parser)]
#[command(name = "kioskctl", version)]
struct Cli {
    /// The agent's socket; by default the one that the configuration names.
    #[arg(long, global = true)]
    socket: Option<PathBuf>,
    /// The terminal's configuration.
    #[arg(long, default_value = DEFAULT_PATH, global = true)]
    config: PathBuf,
    /// Print JSON instead of text; `watch` prints one object a line.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// How the terminal is.
    Status,
    /// What changes, until interrupted.
    Watch {
        /// Begin with this event instead of the next one.
        #[arg(long)]
        from: Option<u64>,
    },
    /// Take the release in a folder, such as a stick, with the same checks as over the network.
    Import {
        /// The folder that `hub publish` wrote, or a copy of it.
        folder: PathBuf,
    },
    /// Print a slip.
    Print {
        /// The records' ids.
        #[arg(required = true)]
        records: Vec<String>,
        /// Of a document, the article.
        #[arg(long)]
        article: Option<String>,
        /// The language of the slip's own words.
        #[arg(long, value_enum, default_value = "zh")]
        lang: Lang,
        /// Large letters.
        #[arg(long)]
        large: bool,
    },
    /// How a print is.
    Job {
        /// The job's id.
        id: String,
    },
    /// Answer for an uncertain print.
    Answer {
        /// The job's id.
        id: String,
        /// Whether the slip came out.
        #[arg(value_enum)]
        slip: Slip,
    },
    /// Print a page that shows what the printer can do.
    TestPage,
    /// Look at every device, the journal and the content; fails when something does not work.
    SelfTest,
    /// A new roll was put in: count the paper anew.
    NewRoll,
    /// The resident has left: take the prints that wait out of the queue.
    EndSession,
    /// How the terminal is known to the hub: the code to approve, and the fingerprint to compare.
    Enrolment,
    /// What became of something that was handed in here.
    Submission {
        /// The code on the slip.
        code: String,
    },
    /// Take a waiting print out of the queue.
    Cancel {
        /// The job's id.
        id: String,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Lang {
    Zh,
    En,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Slip {
    CameOut,
    NothingCameOut,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Cli::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("kioskctl: {}", catalog::explain(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> anyhow::Result<()> {
    let socket = match cli.socket {
        Some(socket) => socket,
        None => Config::load(&cli.config)?.agent.socket,
    };
    let mut agent = Connection::open(&socket)
        .await
        .with_context(|| format!("{}", socket.display()))?;
    let show_job = |job: &Job| show(cli.json, job, job_text);
    match cli.command {
        Command::Status => show(cli.json, &agent.status().await?, status_text),
        Command::Watch { from } => watch(agent, from, cli.json).await,
        Command::Import { folder } => {
            let folder = folder
                .canonicalize()
                .with_context(|| format!("{}", folder.display()))?;
            let folder = folder.to_str().context("the folder's name is no text")?;
            show(cli.json, &agent.import(folder).await?, |imported| {
                let generation = imported.generation;
                if imported.switched {
                    format!("generation {generation} is now in use")
                } else {
                    format!("generation {generation} stays in use")
                }
            })
        }
        Command::Print {
            records,
            article,
            lang,
            large,
        } => {
            let request = Print {
                records,
                article,
                language: match lang {
                    Lang::Zh => Language::Zh,
                    Lang::En => Language::En,
                },
                size: if large { TextSize::Large } else { TextSize::Normal },
                ticks: None,
            };
            show_job(&agent.print(&request).await?)
        }
        Command::Job { id } => show_job(&agent.job(&id).await?),
        Command::Answer { id, slip } => show_job(&agent.answer(&id, matches!(slip, Slip::CameOut)).await?),
        Command::TestPage => show_job(&agent.test_page().await?),
        Command::SelfTest => self_test(&agent.self_test().await?, cli.json),
        Command::NewRoll => show(cli.json, &agent.new_roll().await?, paper_text),
        Command::EndSession => show(cli.json, &agent.end_session().await?, |end| {
            format!("{} prints cancelled", end.cancelled)
        }),
        Command::Enrolment => show(cli.json, &agent.enrolment().await?, enrolment_text),
        Command::Submission { code } => {
            show(cli.json, &agent.submission_status(&code).await?, submission_text)
        }
        Command::Cancel { id } => show_job(&agent.cancel(&id).await?),
    }
}

fn enrolment_text(enrolment: &Enrolment) -> String {
    let certificate = enrolment
        .certificate_expires_at
        .map_or_else(|| "none".to_owned(), |time| format!("until {time}"));
    format!(
        "{}\ncode         {}\nfingerprint  {}\nQR code      {}\ncertificate  {certificate}",
        name(&enrolment.state),
        enrolment.code,
        enrolment.fingerprint,
        enrolment.qr
    )
}

fn submission_text(status: &SubmissionStatus) -> String {
    let outcome = status.outcome.as_ref().map(name);
    let parts = [
        ("since", status.since.as_deref()),
        ("due", status.due.as_deref()),
        ("outcome", outcome.as_deref()),
        ("note", status.note.as_deref()),
    ];
    let parts = parts
        .into_iter()
        .filter_map(|(label, part)| Some(format!("{label} {}", part?)));
    std::iter::once(name(&status.stage))
        .chain(parts)
        .collect::<Vec<_>>()
        .join(", ")
}

fn self_test(test: &SelfTest, json: bool) -> anyhow::Result<()> {
    show(json, test, |test| {
        let line = |check: &Check| {
            format!(
                "{:<12}{:<15}{}",
                check.subject,
                name(&check.verdict),
                check.finding
            )
        };
        test.checks.iter().map(line).collect::<Vec<_>>().join("\n")
    })?;
    anyhow::ensure!(test.passed(), "something does not work");
    Ok(())
}

async fn watch(mut agent: Connection, from: Option<u64>, json: bool) -> anyhow::Result<()> {
    let mut events = pin!(agent.watch(from).await?);
    while let Some(event) = events.next().await {
        let event = event?;
        if json {
            println!("{}", serde_json::to_string(&event)?);
        } else {
            println!("{} {}", event.seq, change_text(&event.change));
        }
    }
    anyhow::bail!("the agent ended")
}

fn show<T: Serialize>(json: bool, value: &T, text: impl Fn(&T) -> String) -> anyhow::Result<()> {
    if json {
        println!("{}", serde_json::to_string_pretty(value)?);
    } else {
        println!("{}", text(value));
    }
    Ok(())
}

fn status_text(status: &Status) -> String {
    let release = &status.release;
    let mut lines = vec![
        format!("agent      {}", status.agent_version),
        format!("content    {}", name(&release.state)),
    ];
    let mut line = |label: &str, value: Option<String>| {
        if let Some(value) = value {
            lines.push(format!("{label:<11}{value}"));
        }
    };
    line("generation", release.generation.map(|number| number.to_string()));
    line("published", release.published_at.map(|time| time.to_string()));
    line("checked", release.checked_at.map(|time| time.to_string()));
    line("expires", release.expires_at.map(|time| time.to_string()));
    line("problem", release.problem.as_ref().map(name));
    line("clock", release.clock_behind.then(|| "behind: set it".to_owned()));
    line("network", Some(name(&status.network)));
    line("printer", Some(name(&status.printer)));
    line("paper", status.paper.as_ref().map(paper_text));
    line("slot", status.slot.as_ref().map(name));
    for device in &status.devices {
        line("device", Some(device_text(device)));
    }
    lines.join("\n")
}

fn paper_text(paper: &Paper) -> String {
    let metres = |cm: u32| f64::from(cm) / 100.0;
    let low = if paper.is_low { ", low: bring a roll" } else { "" };
    format!(
        "{:.1} of {:.1} m left{low}",
        metres(paper.left_cm),
        metres(paper.roll_cm)
    )
}

fn device_text(device: &Device) -> String {
    let trouble = device.trouble.map(|trouble| format!(" ({})", name(&trouble)));
    format!(
        "{} {}{} since {}",
        name(&device.kind),
        name(&device.state),
        trouble.unwrap_or_default(),
        device.since
    )
}

fn job_text(job: &Job) -> String {
    match &job.failure {
        Some(failure) => format!("{} {}: {}", job.id, name(&job.state), name(failure)),
        None => format!("{} {}", job.id, name(&job.state)),
    }
}

fn change_text(change: &Change) -> String {
    match change {
        Change::Missed(missed) => format!("events before {} are no longer held", missed.oldest),
        Change::Generation(change) => format!("generation {} is in use", change.generation),
        Change::Release(release) => match &release.problem {
            Some(problem) => format!("content {}: {}", name(&release.state), name(problem)),
            None => match release.checked_at {
                Some(time) => format!("content {}, checked {time}", name(&release.state)),
                None => format!("content {}", name(&release.state)),
            },
        },
        Change::Printer(state) => format!("printer {}", name(state)),
        Change::Job(job) => format!("print {}", job_text(job)),
        Change::Scan(scan) => format!("scanned {}", scan.record),
        // What a code carries is the resident's.
        Change::Code(code) => format!("scanned a {} code", name(&code.kind)),
        Change::Sensor(sensor) => {
            let state = if sensor.is_active { "tripped" } else { "quiet" };
            format!("sensor {} {state}", name(&sensor.kind))
        }
        Change::Device(device) => device_text(device),
        Change::Paper(paper) => format!("paper {}", paper_text(paper)),
        Change::Network(state) => format!("network {}", name(state)),
        Change::Slot(state) => format!("slot {}", name(state)),
    }
}

/// The name of a state as it is on the wire, so that text and JSON use the same words.
fn name(state: &impl Serialize) -> String {
    match serde_json::to_value(state) {
        Ok(serde_json::Value::String(name)) => name.replace('_', " "),
        other => format!("{other:?}"),
    }
}
