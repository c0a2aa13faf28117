//! The varlink interface `org.mingchuang.Terminal`.
//!
//! The agent serves it on a Unix socket; [`TerminalProxy`] calls it. The caller names records, never
//! text or bytes to print: the agent composes what goes on paper from its own content.

mod event;
mod job;
mod refusal;
mod status;
mod time;

use futures_util::Stream;

pub use event::{Change, Event, GenerationChange, Missed, Scan};
pub use job::{Failure, Job, JobState, Language, Print, TextSize};
pub use refusal::Refusal;
pub use status::{NetworkState, PrinterState, PullProblem, Release, ReleaseState, Status};
pub use time::Time;

/// The interface's name.
pub const NAME: &str = "org.mingchuang.Terminal";

/// The calls of the interface, on a [`zlink::Connection`].
#[zlink::proxy("org.mingchuang.Terminal")]
pub trait TerminalProxy {
    /// How the terminal is, and the number of its newest event.
    async fn status(&mut self) -> zlink::Result<Result<Status, Refusal>>;

    /// Puts a slip into the print queue. The agent never repeats it by itself; neither must a caller
    /// whose connection broke before the reply came.
    async fn print(&mut self, request: &Print) -> zlink::Result<Result<Job, Refusal>>;

    /// How a print is.
    async fn job(&mut self, id: &str) -> zlink::Result<Result<Job, Refusal>>;

    /// The resident's answer to an uncertain print: did the slip come out?
    async fn answer(&mut self, job: &str, came_out: bool) -> zlink::Result<Result<Job, Refusal>>;

    /// Takes a print that was not sent yet out of the queue.
    async fn cancel(&mut self, job: &str) -> zlink::Result<Result<Job, Refusal>>;

    /// Everything that changes, from event number `from_seq` on; without it, from now on.
    ///
    /// When events of that number are no longer held, the first event is [`Change::Missed`].
    #[zlink(more)]
    async fn watch(
        &mut self,
        from_seq: Option<u64>,
    ) -> zlink::Result<impl Stream<Item = zlink::Result<Result<Event, Refusal>>>>;
}
