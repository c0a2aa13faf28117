//! What the socket asks of the printer's side.

use terminal_api::interface::{Job, Paper, Print, PrinterState, Refusal, SessionEnd};

/// Takes prints and answers for them. Calls may wait for the disk; for the printer only [`finish`](Self::finish) does.
pub trait Printing: Send + Sync {
    /// Queues a slip.
    fn print(&self, request: Print) -> Result<Job, Refusal>;

    /// How a print is.
    fn job(&self, id: &str) -> Result<Job, Refusal>;

    /// The resident's answer to an uncertain print.
    fn answer(&self, job: &str, came_out: bool) -> Result<Job, Refusal>;

    /// Takes a print that was not sent yet out of the queue.
    fn cancel(&self, job: &str) -> Result<Job, Refusal>;

    /// Queues a test page.
    fn test_page(&self) -> Result<Job, Refusal>;

    /// Takes all slips that were not sent yet out of the queue.
    fn end_session(&self) -> Result<SessionEnd, Refusal>;

    /// Counts the paper anew.
    fn new_roll(&self) -> Result<Paper, Refusal>;

    /// Waits until the print in hand is at its end, and starts no other: what waits is for the next start.
    fn finish(&self) {}
}

/// A terminal without a printer.
#[derive(Debug, Clone, Copy)]
pub struct NoPrinter;

impl NoPrinter {
    fn refuse<T>() -> Result<T, Refusal> {
        Err(Refusal::PrinterUnavailable {
            state: PrinterState::NotConfigured,
        })
    }
}

impl Printing for NoPrinter {
    fn print(&self, _: Print) -> Result<Job, Refusal> {
        Self::refuse()
    }

    fn job(&self, id: &str) -> Result<Job, Refusal> {
        Err(Refusal::NoSuchJob { job: id.to_owned() })
    }

    fn answer(&self, job: &str, _: bool) -> Result<Job, Refusal> {
        self.job(job)
    }

    fn cancel(&self, job: &str) -> Result<Job, Refusal> {
        self.job(job)
    }

    fn test_page(&self) -> Result<Job, Refusal> {
        Self::refuse()
    }

    fn end_session(&self) -> Result<SessionEnd, Refusal> {
        Ok(SessionEnd { cancelled: 0 })
    }

    fn new_roll(&self) -> Result<Paper, Refusal> {
        Self::refuse()
    }
}

/// A printer whose journal cannot be opened.
#[derive(Debug, Clone)]
pub struct OutOfOrder {
    reason: String,
}

impl OutOfOrder {
    /// Out of order because of this error.
    #[must_use]
    pub fn new(error: &anyhow::Error) -> Self {
        Self {
            reason: error.to_string(),
        }
    }

    fn refuse<T>(&self) -> Result<T, Refusal> {
        Err(Refusal::Unavailable {
            reason: self.reason.clone(),
        })
    }
}

impl Printing for OutOfOrder {
    fn print(&self, _: Print) -> Result<Job, Refusal> {
        self.refuse()
    }

    fn job(&self, _: &str) -> Result<Job, Refusal> {
        self.refuse()
    }

    fn answer(&self, _: &str, _: bool) -> Result<Job, Refusal> {
        self.refuse()
    }

    fn cancel(&self, _: &str) -> Result<Job, Refusal> {
        self.refuse()
    }

    fn test_page(&self) -> Result<Job, Refusal> {
        self.refuse()
    }

    fn end_session(&self) -> Result<SessionEnd, Refusal> {
        Ok(SessionEnd { cancelled: 0 })
    }

    fn new_roll(&self) -> Result<Paper, Refusal> {
        self.refuse()
    }
}
