//! The policy of printing: look first, send once, believe only a proof.

use std::hash::{BuildHasher, RandomState};
use std::io;
use std::time::{Duration, Instant};

use super::job::{ProcessId, Sheets, TRANSMIT_STATUS, encode, finish_part_of_a_job};
use super::link::{ANSWER, Link, MOST_READS};
use super::status::Status;
use super::{Presenter, Profile, Proof, Reports};
use crate::wire::Endpoint;

/// How often a silent printer is asked again before it counts as off line.
const TRIES: usize = 3;
/// How long a printer may refuse to take data in the middle of a job.
const STALL: Duration = Duration::from_secs(10);
/// Between two looks at the printer's state while a proof is awaited.
const LOOK: Duration = Duration::from_millis(400);
/// What a proof may take beyond the printing itself.
const PROOF_MARGIN: Duration = Duration::from_secs(8);
/// The bytes handed to the link at a time; progress is told in between.
const CHUNK: usize = 16 * 1024;
/// What a serial line takes before the device has heard any of it, in bytes: the kernel's buffers, at most.
const BUFFERED: u64 = 8 * 1024;

/// How a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The printer answered after the cut.
    Proven {
        /// How.
        by: Proof,
    },
    /// At least one byte left, and no proof came. The paper must be looked at; the job is never
    /// repeated by itself.
    Uncertain(Doubt),
    /// Nothing was sent.
    NotSent {
        /// Why.
        status: Status,
    },
}

/// Why a job's end is unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// The printer reported this before the proof came.
    Fault(Status),
    /// The printer took only part of the job.
    Stalled,
    /// The job was taken, but no proof came.
    NoProof,
}

/// Whether a slip lies in the printer's bezel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// A slip waits to be taken.
    Waiting,
    /// No slip is there.
    Empty,
    /// The printer cannot tell, or does not answer.
    Unknown,
}

/// A printer on the wire.
#[derive(Debug)]
pub struct Printer {
    endpoint: Endpoint,
    profile: Profile,
    link: Option<Link>,
    /// The running number of the last job. Starts anywhere, so that the late echo of a job from before
    /// a restart does not pass for a new one's.
    jobs: u32,
    left: Left,
    /// Why the printer took no more of a job whose beginning it has, by its own words.
    cause: Option<Status>,
}

/// What earlier jobs may have left in the printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Left {
    /// What the process before this one left: answers at most.
    Unknown,
    /// Nothing: the last one was proven.
    Nothing,
    /// A whole job, whose answer may still come.
    Answers,
    /// The beginning of a job. The printer waits for the rest of a command, and would take the next job's
    /// first bytes for it.
    PartOfAJob,
}

impl Printer {
    /// A printer at `endpoint`. The link is opened when it is first needed.
    #[must_use]
    pub fn new(endpoint: Endpoint, profile: Profile) -> Self {
        let jobs = RandomState::new().hash_one(profile.name) as u32;
        Self {
            endpoint,
            profile,
            link: None,
            jobs,
            left: Left::Unknown,
            cause: None,
        }
    }

    /// The process that printed last ended while it sent a job.
    pub const fn expect_part_of_a_job(&mut self) {
        self.left = Left::PartOfAJob;
    }

    /// Whether the beginning of a job may be left in the printer. With the next link it is brought to its end.
    #[must_use]
    pub const fn has_part_of_a_job(&self) -> bool {
        matches!(self.left, Left::PartOfAJob)
    }

    /// What is known about the model.
    #[must_use]
    pub const fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Asks the printer for its state; opens the link again if it was lost. Blocks for seconds at most.
    pub fn status(&mut self) -> Status {
        let profile_reports = self.profile.reports;
        let result = self.link().and_then(|link| link.state(profile_reports, TRIES));
        let is_silent = result.as_ref().is_err_and(is_timeout);
        let status = self.judge(result);
        if is_silent && self.left == Left::Answers && matches!(self.endpoint, Endpoint::Tcp(_)) {
            // Behind a job that is not printed no question is read; on a connection of its own it may be.
            return self.ask_anew().unwrap_or(status);
        }
        status
    }

    /// Whether a slip waits in the bezel, where the model can tell.
    pub fn slot(&mut self) -> Slot {
        let Presenter::Bezel { query, waiting, .. } = self.profile.presenter else {
            return Slot::Unknown;
        };
        if self.has_part_of_a_job() {
            return Slot::Unknown;
        }
        match self.link().and_then(|link| link.ask(query, 1)) {
            Ok(answer) if answer & waiting != 0 => Slot::Waiting,
            Ok(_) => Slot::Empty,
            Err(_) => Slot::Unknown,
        }
    }

    /// Tells the printer to take the slip in its bezel back in. Whether it did, [`slot`](Self::slot) tells.
    pub fn retract(&mut self) -> io::Result<()> {
        let Presenter::Bezel {
            retract: Some(command),
            ..
        } = self.profile.presenter
        else {
            return Err(io::ErrorKind::Unsupported.into());
        };
        self.link()?.say(command, Instant::now() + ANSWER)
    }

    /// Sends a job and waits for its proof, without looking first. Blocks until the end is known or
    /// the waits are over. `progress` is told the share of the bytes that was sent, in per cent.
    pub fn send(&mut self, sheets: &Sheets, mut progress: impl FnMut(u8)) -> Outcome {
        self.jobs = self.jobs.wrapping_add(1);
        let id = ProcessId::of_job(self.jobs);
        // Before this job starts, what is left of another is brought to its end.
        if let Err(error) = self.link() {
            return Outcome::NotSent {
                status: self.judge(Err(error)),
            };
        }
        let may_answer = self.left != Left::Nothing && self.profile.proof == Proof::StatusAfterCut;
        if may_answer && self.settle().is_err() {
            return Outcome::NotSent {
                status: self.status(),
            };
        }
        // Until more is known.
        self.left = Left::Answers;
        let outcome = self.send_settled(sheets, id, &mut progress);
        if matches!(outcome, Outcome::Proven { .. }) {
            self.left = Left::Nothing;
        }
        outcome
    }

    fn send_settled(&mut self, sheets: &Sheets, id: ProcessId, progress: &mut impl FnMut(u8)) -> Outcome {
        let bytes = encode(sheets, &self.profile, id);
        if let Some(link) = &mut self.link {
            link.forget();
        }
        if let Err(outcome) = self.transmit(&bytes, progress) {
            return outcome;
        }
        let printing = Duration::from_secs(u64::from(sheets.rows() / self.profile.rows_per_second));
        match self.await_proof(id, Instant::now() + self.in_flight() + printing + PROOF_MARGIN) {
            Ok(()) => Outcome::Proven {
                by: self.profile.proof,
            },
            Err(doubt) => Outcome::Uncertain(doubt),
        }
    }

    /// [`status`](Self::status), and if the printer is fit, [`send`](Self::send).
    pub fn print(&mut self, sheets: &Sheets, progress: impl FnMut(u8)) -> Outcome {
        match self.status() {
            status if status.can_print() => self.send(sheets, progress),
            status => Outcome::NotSent { status },
        }
    }

    /// Waits until nothing of an earlier job is left in the printer: answers to `GS r` carry no id, and
    /// that job's answer must not pass for the next one's. A question put behind whatever is left is
    /// answered last.
    fn settle(&mut self) -> io::Result<()> {
        let patience = self.in_flight() + PROOF_MARGIN;
        let link = self.link()?;
        link.say(&TRANSMIT_STATUS, Instant::now() + ANSWER)?;
        link.hear(Instant::now() + patience)?;
        for _ in 0..MOST_READS {
            match link.hear(Instant::now() + ANSWER) {
                Ok(_) => {}
                Err(error) if is_timeout(&error) => {
                    self.left = Left::Nothing;
                    return Ok(());
                }
                Err(error) => return Err(error),
            }
        }
        Err(io::ErrorKind::TimedOut.into())
    }

    /// How long bytes that the line has taken may be under way.
    fn in_flight(&self) -> Duration {
        // Start bit, eight data bits, stop bit.
        let seconds = |baud: u32| BUFFERED * 10 / u64::from(baud.max(1));
        Duration::from_secs(self.endpoint.baud().map_or(0, seconds))
    }

    fn transmit(&mut self, bytes: &[u8], progress: &mut impl FnMut(u8)) -> Result<(), Outcome> {
        let mut sent = 0;
        while sent < bytes.len() {
            let chunk = &bytes[sent..bytes.len().min(sent + CHUNK)];
            let written = self
                .link()
                .and_then(|link| link.say_some(chunk, Instant::now() + STALL));
            match written {
                Ok(written) => sent += written,
                Err(error) => {
                    return Err(self.cut_short(sent, &error));
                }
            }
            progress((sent * 100 / bytes.len()) as u8);
        }
        Ok(())
    }

    /// How a job ends of which the printer took `sent` bytes and no more.
    fn cut_short(&mut self, sent: usize, error: &io::Error) -> Outcome {
        let timed_out = is_timeout(error);
        // Whatever is left in the link must not reach a later job.
        let reported = self.link.take().and_then(|mut link| link.reported());
        let status = match (timed_out, reported) {
            (false, _) => Status::Disconnected,
            (true, Some(cause)) if !cause.can_print() => cause,
            (true, _) => Status::Offline,
        };
        if sent == 0 {
            return Outcome::NotSent { status };
        }
        self.left = Left::PartOfAJob;
        if !timed_out {
            return Outcome::Uncertain(Doubt::Fault(status));
        }
        self.cause = Some(status)
            .filter(|status| *status != Status::Offline)
            .or_else(|| self.ask_anew());
        Outcome::Uncertain(match self.cause {
            Some(cause) if cause.needs_a_person() => Doubt::Fault(cause),
            _ => Doubt::Stalled,
        })
    }

    /// What keeps the printer from printing, by its answer on a link of its own.
    fn ask_anew(&self) -> Option<Status> {
        let mut link = Link::open(&self.endpoint).ok()?;
        let status = link.state(Reports::WhenAsked, 1).ok()?;
        Some(status).filter(|status| !status.can_print())
    }

    /// Waits for the proof and looks at the printer's state in between, so that a used-up roll is
    /// told at once and not after the whole wait.
    fn await_proof(&mut self, id: ProcessId, deadline: Instant) -> Result<(), Doubt> {
        let (proof, reports) = (self.profile.proof, self.profile.reports);
        while Instant::now() < deadline {
            let Some(link) = &mut self.link else {
                return Err(Doubt::Fault(Status::Disconnected));
            };
            let heard = link.hear(deadline.min(Instant::now() + LOOK));
            if let Err(error) = heard
                && !is_timeout(&error)
            {
                return Err(Doubt::Fault(self.judge(Err(error))));
            }
            if link.has_proof(proof, id) {
                return self.confirm();
            }
            let state = link.state(reports, 1);
            let proven = link.has_proof(proof, id);
            let status = self.judge(state);
            match (proven, proof) {
                // The echo may have come just ahead of the fault.
                (true, Proof::ProcessId) => return Ok(()),
                _ if status.needs_a_person() => return Err(Doubt::Fault(status)),
                (true, Proof::StatusAfterCut) => return self.confirm(),
                (false, _) => {}
            }
        }
        Err(Doubt::NoProof)
    }

    /// An echo speaks for itself; an answer to `GS r` counts only from a printer without a fault.
    fn confirm(&mut self) -> Result<(), Doubt> {
        match self.profile.proof {
            Proof::ProcessId => Ok(()),
            Proof::StatusAfterCut => match self.status() {
                Status::Ready | Status::NearEnd => Ok(()),
                // It ran out on the very last rows, or just after: only a look tells.
                status => Err(Doubt::Fault(status)),
            },
        }
    }

    fn judge(&mut self, state: io::Result<Status>) -> Status {
        match state {
            Ok(status) => status,
            // Stuck in the middle of a job, it takes no question: what it said last still holds.
            Err(error) if is_timeout(&error) => match self.cause {
                Some(cause) if self.has_part_of_a_job() => cause,
                _ => Status::Offline,
            },
            Err(error) => {
                tracing::debug!(endpoint = %self.endpoint, %error, "no link to the printer");
                self.link = None;
                self.cause = None;
                if error.kind() == io::ErrorKind::ConnectionAborted && self.left == Left::Answers {
                    // The kernel gave up: some of what it had taken may never have reached the printer.
                    self.left = Left::PartOfAJob;
                }
                Status::Disconnected
            }
        }
    }

    /// Brings a printer to the end of the job that was cut short. One that waits for a person takes no more: it is
    /// asked first, which at worst puts a few dots on a slip that is spoilt anyway.
    fn finish(&mut self, link: &mut Link) -> io::Result<()> {
        match link.state(Reports::WhenAsked, 1) {
            Ok(status) => {
                self.cause = Some(status).filter(|status| !status.can_print());
                if status.needs_a_person() {
                    return Err(io::ErrorKind::TimedOut.into());
                }
            }
            // Where not even one byte is taken, the others need not be waited for.
            Err(error) if is_timeout(&error) => link.say(&[0], Instant::now() + ANSWER)?,
            Err(error) => return Err(error),
        }
        link.say_steadily(&finish_part_of_a_job(&self.profile), STALL)?;
        self.left = Left::Answers;
        self.cause = None;
        Ok(())
    }

    /// The link. A printer that waits for the rest of a job may take questions for it: it is brought to that
    /// job's end first.
    fn link(&mut self) -> io::Result<&mut Link> {
        if self.link.is_none() {
            let mut link = Link::open(&self.endpoint)?;
            if self.left == Left::PartOfAJob {
                self.finish(&mut link)?;
            }
            self.link = Some(link);
        }
        self.link
            .as_mut()
            .ok_or_else(|| io::ErrorKind::NotConnected.into())
    }
}

/// Whether it is silence, and no lost link.
fn is_timeout(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::TimedOut
}
