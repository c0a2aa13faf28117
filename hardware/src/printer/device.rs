//! The policy of printing: look first, send once, believe only a proof.

use std::hash::{BuildHasher, RandomState};
use std::io;
use std::time::{Duration, Instant};

use super::escpos_job::{ProcessId, TRANSMIT_STATUS, encode};
use super::status::{Query, Status, decode, is_answer};
use super::{Profile, Proof};
use crate::slip::Bitmap;
use crate::wire::{Endpoint, Wire};

/// How long the answer to a status query may take.
const ANSWER: Duration = Duration::from_millis(500);
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

/// A printer that is ready to take a job.
#[derive(Debug)]
pub struct Printer {
    endpoint: Endpoint,
    profile: Profile,
    wire: Option<Wire>,
    /// The running number of the last job. Starts anywhere, so that the late echo of a job from before
    /// a restart does not pass for a new one's.
    jobs: u32,
    /// Whether an earlier job may still be in the printer and answer later.
    settled: bool,
}

impl Printer {
    /// A printer at `endpoint`. The link is opened when it is first needed.
    #[must_use]
    pub fn new(endpoint: Endpoint, profile: Profile) -> Self {
        let jobs = RandomState::new().hash_one(profile.name) as u32;
        Self {
            endpoint,
            profile,
            wire: None,
            jobs,
            settled: false,
        }
    }

    /// What is known about the model.
    #[must_use]
    pub const fn profile(&self) -> &Profile {
        &self.profile
    }

    /// Asks the printer for its state; opens the link again if it was lost. Blocks for seconds at most.
    pub fn status(&mut self) -> Status {
        match self.ask_all() {
            Ok(status) => status,
            Err(error) if error.kind() == io::ErrorKind::TimedOut => Status::Offline,
            Err(error) => {
                tracing::debug!(endpoint = %self.endpoint, %error, "no link to the printer");
                self.wire = None;
                Status::Disconnected
            }
        }
    }

    /// Sends a job and waits for its proof, without looking first. Blocks until the end is known or
    /// the waits are over. `progress` is told the share of the bytes that was sent, in per cent.
    pub fn send(&mut self, sheets: &[Bitmap], mut progress: impl FnMut(u8)) -> Outcome {
        self.jobs = self.jobs.wrapping_add(1);
        let id = ProcessId::of_job(self.jobs);
        if !self.settled && self.profile.proof == Proof::StatusAfterCut && self.settle().is_err() {
            return Outcome::NotSent {
                status: self.status(),
            };
        }
        let outcome = self.send_settled(sheets, id, &mut progress);
        self.settled = matches!(outcome, Outcome::Proven { .. });
        outcome
    }

    fn send_settled(&mut self, sheets: &[Bitmap], id: ProcessId, progress: &mut impl FnMut(u8)) -> Outcome {
        let bytes = encode(sheets, &self.profile, id);
        if let Err(outcome) = self.transmit(&bytes, progress) {
            return outcome;
        }
        let rows: u32 = sheets.iter().map(Bitmap::height).sum();
        let printing = Duration::from_secs(u64::from(rows / self.profile.rows_per_second));
        match self.await_proof(id, Instant::now() + printing + PROOF_MARGIN) {
            Ok(()) => Outcome::Proven {
                by: self.profile.proof,
            },
            Err(doubt) => Outcome::Uncertain(doubt),
        }
    }

    /// [`status`](Self::status), and if the printer is fit, [`send`](Self::send).
    pub fn print(&mut self, sheets: &[Bitmap], progress: impl FnMut(u8)) -> Outcome {
        match self.status() {
            status if status.can_print() => self.send(sheets, progress),
            status => Outcome::NotSent { status },
        }
    }

    /// Waits until nothing of an earlier job is left in the printer: answers to `GS r` carry no id, and
    /// that job's answer must not pass for the next one's. A question put behind whatever is left is
    /// answered last.
    fn settle(&mut self) -> io::Result<()> {
        let wire = self.wire()?;
        wire.write_all(&TRANSMIT_STATUS, Instant::now() + ANSWER)?;
        wire.read_some(Instant::now() + PROOF_MARGIN)?;
        loop {
            match wire.read_some(Instant::now() + ANSWER) {
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::TimedOut => break,
                Err(error) => return Err(error),
            }
        }
        self.settled = true;
        Ok(())
    }

    fn transmit(&mut self, bytes: &[u8], progress: &mut impl FnMut(u8)) -> Result<(), Outcome> {
        let mut sent = 0;
        while sent < bytes.len() {
            let chunk = &bytes[sent..bytes.len().min(sent + CHUNK)];
            let written = self
                .wire()
                .and_then(|wire| wire.write_some(chunk, Instant::now() + STALL));
            match written {
                Ok(written) => sent += written,
                Err(error) => {
                    let timed_out = error.kind() == io::ErrorKind::TimedOut;
                    let status = if timed_out {
                        Status::Offline
                    } else {
                        Status::Disconnected
                    };
                    // Whatever is left in the link must not reach a later job.
                    self.wire = None;
                    return Err(match (sent, timed_out) {
                        (0, _) => Outcome::NotSent { status },
                        (_, true) => Outcome::Uncertain(Doubt::Stalled),
                        (_, false) => Outcome::Uncertain(Doubt::Fault(status)),
                    });
                }
            }
            progress((sent * 100 / bytes.len()) as u8);
        }
        Ok(())
    }

    /// Waits for the proof and looks at the printer's state in between, so that a used-up roll is
    /// told at once and not after the whole wait.
    fn await_proof(&mut self, id: ProcessId, deadline: Instant) -> Result<(), Doubt> {
        let mut received = Vec::new();
        while Instant::now() < deadline {
            let look = deadline.min(Instant::now() + LOOK);
            match self.wire().and_then(|wire| wire.read_some(look)) {
                Ok(bytes) => received.extend(bytes),
                Err(error) if error.kind() == io::ErrorKind::TimedOut => {}
                Err(_) => {
                    self.wire = None;
                    return Err(Doubt::Fault(Status::Disconnected));
                }
            }
            if self.is_proof(&received, id) {
                return self.confirm();
            }
            match self.look(&mut received) {
                Status::Offline => {}
                status if status.needs_a_person() => {
                    // The proof may have come just ahead of the fault.
                    return if self.is_proof(&received, id) && self.profile.proof == Proof::ProcessId {
                        Ok(())
                    } else {
                        Err(Doubt::Fault(status))
                    };
                }
                _ => {}
            }
            if self.is_proof(&received, id) {
                return self.confirm();
            }
        }
        Err(Doubt::NoProof)
    }

    fn is_proof(&self, received: &[u8], id: ProcessId) -> bool {
        match self.profile.proof {
            Proof::ProcessId => received.windows(7).any(|window| window == id.echo()),
            // The paper sensor status has bits 4 and 7 clear, which no other answer has.
            Proof::StatusAfterCut => received.iter().any(|byte| byte & 0b1001_0000 == 0),
        }
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

    /// One look during a job. Bytes that are no answers are kept for the proof.
    fn look(&mut self, received: &mut Vec<u8>) -> Status {
        let mut answers = [0x12; 4];
        for (answer, query) in answers.iter_mut().zip(Query::ALL) {
            match self.ask(query, received) {
                Ok(byte) => *answer = byte,
                Err(error) if error.kind() == io::ErrorKind::TimedOut => return Status::Offline,
                Err(_) => return Status::Disconnected,
            }
        }
        decode(answers)
    }

    fn ask_all(&mut self) -> io::Result<Status> {
        let mut result = self.ask_each();
        for _ in 1..TRIES {
            match &result {
                Err(error) if error.kind() == io::ErrorKind::TimedOut => result = self.ask_each(),
                _ => break,
            }
        }
        result
    }

    fn ask_each(&mut self) -> io::Result<Status> {
        let mut answers = [0; 4];
        for (answer, query) in answers.iter_mut().zip(Query::ALL) {
            // A late answer to an earlier query must not pass for the answer to this one.
            self.wire()?.drain()?;
            *answer = self.ask(query, &mut Vec::new())?;
        }
        Ok(decode(answers))
    }

    /// One query, one answer; other bytes that come in between are put into `others`.
    fn ask(&mut self, query: Query, others: &mut Vec<u8>) -> io::Result<u8> {
        let deadline = Instant::now() + ANSWER;
        let wire = self.wire()?;
        wire.write_all(&query.bytes(), deadline)?;
        loop {
            let mut answer = None;
            for byte in wire.read_some(deadline)? {
                if answer.is_none() && is_answer(byte) {
                    answer = Some(byte);
                } else {
                    others.push(byte);
                }
            }
            if let Some(answer) = answer {
                return Ok(answer);
            }
        }
    }

    fn wire(&mut self) -> io::Result<&mut Wire> {
        if self.wire.is_none() {
            self.wire = Some(Wire::open(&self.endpoint)?);
        }
        self.wire
            .as_mut()
            .ok_or_else(|| io::ErrorKind::NotConnected.into())
    }
}
