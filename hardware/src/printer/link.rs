//! Questions and answers: one question at a time, and of everything else that is heard only what can be.

use std::collections::VecDeque;
use std::io;
use std::time::{Duration, Instant};

use super::job::{ProcessId, REPORT_CHANGES, SENSOR_QUESTIONS};
use super::replies::{Replies, Reply};
use super::status::{Query, Status, decode, from_automatic};
use super::{Proof, Reports};
use crate::wire::{Endpoint, Wire};

/// How long the answer to a status query may take.
pub(super) const ANSWER: Duration = Duration::from_millis(500);
/// What a printer may say between two queries at the most: an echo, an answer to `GS r`, and a few
/// automatic states.
const MOST_SAID: usize = 48;
/// The time in which so much counts as said in one breath.
const BREATH: Duration = Duration::from_millis(500);
/// Replies that are kept for a closer look; a printer that says more is babbling.
const MOST_HEARD: usize = 256;
/// Reads in a row after which a printer counts as babbling.
pub(super) const MOST_READS: usize = 64;

/// Whether answers to queries come when they should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pace {
    /// Each with its own query.
    Prompt,
    /// Each only with the query after its own, as some firmware does once it missed one.
    OneLate,
}

/// An open link and what was heard on it.
#[derive(Debug)]
pub(super) struct Link {
    wire: Wire,
    replies: Replies,
    /// The newest replies.
    heard: VecDeque<Reply>,
    /// The newest automatic status.
    automatic: Option<[u8; 4]>,
    reporting: Reporting,
    pace: Pace,
    breath: Breath,
    sensors: Sensors,
}

/// Whether the printer was asked to report changes by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reporting {
    /// Not yet, or before it fell silent: it may have been switched off and have forgotten.
    NotAsked,
    Asked,
}

/// How much was said within [`BREATH`].
#[derive(Debug, Clone, Copy)]
struct Breath {
    since: Instant,
    bytes: usize,
}

/// Whether a byte that looks like an answer to `GS r` can be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sensors {
    Believed,
    /// There was a burst of noise since the job began.
    Spoilt,
}

impl Link {
    pub(super) fn open(endpoint: &Endpoint) -> io::Result<Self> {
        Ok(Self {
            wire: Wire::open(endpoint)?,
            replies: Replies::default(),
            heard: VecDeque::new(),
            automatic: None,
            reporting: Reporting::NotAsked,
            pace: Pace::Prompt,
            breath: Breath {
                since: Instant::now(),
                bytes: 0,
            },
            sensors: Sensors::Believed,
        })
    }

    /// Forgets what was heard; what comes from now on is an answer to what is said from now on.
    pub(super) fn forget(&mut self) {
        self.heard.clear();
        self.sensors = Sensors::Believed;
    }

    /// Sends all of `bytes` before `deadline`.
    pub(super) fn say(&mut self, bytes: &[u8], deadline: Instant) -> io::Result<()> {
        self.wire.write_all(bytes, deadline)
    }

    /// Sends all of `bytes`, for as long as the printer takes some of them within every `stall`: on a slow line
    /// that is longer than any one wait.
    pub(super) fn say_steadily(&mut self, mut bytes: &[u8], stall: Duration) -> io::Result<()> {
        while !bytes.is_empty() {
            let taken = self.say_some(bytes, Instant::now() + stall)?;
            bytes = &bytes[taken..];
        }
        Ok(())
    }

    /// Sends some of `bytes`, waiting until `deadline` for the printer to take any.
    pub(super) fn say_some(&mut self, bytes: &[u8], deadline: Instant) -> io::Result<usize> {
        self.wire.write_some(bytes, deadline)
    }

    /// Takes in what comes, at least one byte; returns how many.
    pub(super) fn hear(&mut self, deadline: Instant) -> io::Result<usize> {
        let bytes = self.wire.read_some(deadline)?;
        for reply in self.replies.push(&bytes) {
            if let Reply::Automatic(status) = reply {
                self.automatic = Some(status);
            }
            if self.heard.len() == MOST_HEARD {
                self.heard.pop_front();
            }
            self.heard.push_back(reply);
        }
        self.take_breath(bytes.len(), Instant::now());
        Ok(bytes.len())
    }

    /// Noise makes every byte sooner or later: of a burst none is believed to be an answer to `GS r`.
    fn take_breath(&mut self, bytes: usize, now: Instant) {
        if now.saturating_duration_since(self.breath.since) > BREATH {
            self.breath = Breath { since: now, bytes: 0 };
        }
        self.breath.bytes += bytes;
        if self.breath.bytes > MOST_SAID {
            self.sensors = Sensors::Spoilt;
            self.heard.retain(|reply| !matches!(reply, Reply::PaperSensor(_)));
        }
    }

    /// Takes in what has come already. More than a printer has to say is babble: no byte of it may pass
    /// for an answer.
    fn catch_up(&mut self) -> io::Result<()> {
        let mut heard = 0;
        for _ in 0..MOST_READS {
            match self.hear(Instant::now()) {
                Ok(count) => heard += count,
                Err(error) if error.kind() == io::ErrorKind::TimedOut => break,
                Err(error) => return Err(error),
            }
        }
        judge_babble(heard)
    }

    /// What the printer last said by itself, unasked: one that takes no data takes no question either.
    pub(super) fn reported(&mut self) -> Option<Status> {
        // What was heard before the link broke was said all the same.
        self.catch_up().ok();
        self.automatic.map(from_automatic).map(decode)
    }

    pub(super) fn has_proof(&self, proof: Proof, id: ProcessId) -> bool {
        match proof {
            Proof::ProcessId => self.heard.contains(&Reply::Echo(id.0)),
            Proof::StatusAfterCut => self.sensors == Sensors::Believed && answers_in_a_row(&self.heard),
        }
    }

    /// The printer's state. Where it reports changes by itself, one query shows that it is alive and on line as it
    /// said last; otherwise four, one at a time.
    pub(super) fn state(&mut self, reports: Reports, tries: usize) -> io::Result<Status> {
        let printer = match self.ask(Query::Printer.bytes(), tries) {
            Err(error) => {
                // It may have been switched off: what it said holds no more, nor does what it was asked for.
                self.automatic = None;
                self.reporting = Reporting::NotAsked;
                return Err(error);
            }
            Ok(printer) => printer,
        };
        if reports == Reports::Automatically && self.reporting == Reporting::NotAsked {
            self.say(&REPORT_CHANGES, Instant::now() + ANSWER)?;
            self.reporting = Reporting::Asked;
        }
        if reports == Reports::Automatically
            && let Some(automatic) = self.automatic
            && from_automatic(automatic)[0] == printer
        {
            return Ok(decode(from_automatic(automatic)));
        }
        let mut answers = [printer; 4];
        for (answer, query) in answers.iter_mut().zip(Query::ALL).skip(1) {
            *answer = self.ask(query.bytes(), tries)?;
        }
        Ok(decode(answers))
    }

    /// One query, one answer.
    pub(super) fn ask(&mut self, query: [u8; 3], tries: usize) -> io::Result<u8> {
        if self.pace == Pace::OneLate
            && let Err(error) = self.ask_once(query)
            && error.kind() != io::ErrorKind::TimedOut
        {
            return Err(error);
        }
        let mut result = self.ask_once(query);
        for _ in 1..tries {
            if result
                .as_ref()
                .is_err_and(|error| error.kind() == io::ErrorKind::TimedOut)
            {
                result = self.ask_once(query);
                if result.is_ok() {
                    // Silent to the first and not to the second: from now on its answers may be the ones
                    // before. Asking twice is right whether they are or not.
                    self.pace = Pace::OneLate;
                    result = self.ask_once(query);
                }
            }
        }
        result
    }

    fn ask_once(&mut self, query: [u8; 3]) -> io::Result<u8> {
        self.catch_up()?;
        // A late answer to an earlier query must not pass for the answer to this one.
        self.heard.retain(|reply| !matches!(reply, Reply::Answer(_)));
        let deadline = Instant::now() + ANSWER;
        self.wire.write_all(&query, deadline)?;
        let mut heard = 0;
        loop {
            heard += self.hear(deadline)?;
            judge_babble(heard)?;
            if Instant::now() > deadline {
                return Err(io::ErrorKind::TimedOut.into());
            }
            let answer = self.heard.iter().find_map(|reply| match reply {
                Reply::Answer(answer) => Some(*answer),
                _ => None,
            });
            if let Some(answer) = answer {
                return Ok(answer);
            }
        }
    }
}

/// Whether the answers to all of a job's questions for the paper sensors are there, with nothing between them but
/// answers to status queries.
fn answers_in_a_row(heard: &VecDeque<Reply>) -> bool {
    let mut row = 0;
    heard.iter().any(|reply| {
        row = match reply {
            Reply::PaperSensor(_) => row + 1,
            Reply::Answer(_) => row,
            Reply::Automatic(_) | Reply::Echo(_) | Reply::Noise(_) => 0,
        };
        row >= SENSOR_QUESTIONS
    })
}

/// So many bytes in one breath are no answers. It counts as silence.
fn judge_babble(heard: usize) -> io::Result<()> {
    if heard > MOST_SAID {
        Err(io::ErrorKind::TimedOut.into())
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulator::{Bind, Port};

    #[test]
    fn what_takes_longer_than_any_one_wait_is_sent_as_long_as_some_is_taken() {
        // Takes at most 4 KiB, and only every half second.
        let port = Port::open(Bind::Pty, |_, _, bytes| {
            if !bytes.is_empty() {
                std::thread::sleep(Duration::from_millis(500));
            }
        })
        .unwrap();
        let mut link = Link::open(&port.endpoint()).unwrap();
        let bytes = vec![0; 64 * 1024];
        let stall = Duration::from_secs(4);
        assert_eq!(
            link.say(&bytes, Instant::now() + stall).unwrap_err().kind(),
            io::ErrorKind::TimedOut
        );
        link.say_steadily(&bytes, stall).unwrap();
    }
}
