//! The interface's calls, answered.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;

use futures_util::{Stream, stream};
use terminal_api::interface::{
    Change, Event, Failure, GenerationChange, Job, JobState, Language, Missed, NetworkState, Print,
    PrinterState, PullProblem, Refusal, Release, ReleaseState, Scan, Status, TextSize,
};
use tokio::sync::watch;
use zlink::Reply;

use crate::board::Board;
use crate::printing::Printing;

/// What one connection talks to.
pub(super) struct Terminal {
    board: Arc<Board>,
    printing: Arc<dyn Printing>,
}

impl Terminal {
    pub(super) fn new(board: Arc<Board>, printing: Arc<dyn Printing>) -> Self {
        Self { board, printing }
    }

    /// Asks the printer's side, which may wait for the disk, without holding up other connections.
    async fn ask(
        &self,
        question: impl FnOnce(&dyn Printing) -> Result<Job, Refusal> + Send + 'static,
    ) -> Result<Job, Refusal> {
        let printing = Arc::clone(&self.printing);
        match tokio::task::spawn_blocking(move || question(&*printing)).await {
            Ok(answer) => answer,
            Err(error) => Err(Refusal::Unavailable {
                reason: error.to_string(),
            }),
        }
    }
}

/// The replies to `Watch`.
type Events = Pin<Box<dyn Stream<Item = Result<Reply<Event>, Refusal>>>>;

#[expect(clippy::unused_async, reason = "the macro awaits every method")]
#[zlink::service(
    interface = "org.mingchuang.Terminal",
    vendor = "mingchuang",
    product = "sync-agent",
    version = env!("CARGO_PKG_VERSION"),
    types = [
        Status, Release, ReleaseState, PullProblem, PrinterState, NetworkState, Print, Language, TextSize,
        Job, JobState, Failure, Event, Change, Missed, GenerationChange, Scan
    ]
)]
impl Terminal {
    async fn status(&self) -> Status {
        self.board.status()
    }

    async fn print(&self, request: Print) -> Result<Job, Refusal> {
        check(&request)?;
        self.ask(|printing| printing.print(request)).await
    }

    async fn job(&self, id: String) -> Result<Job, Refusal> {
        self.ask(move |printing| printing.job(&id)).await
    }

    async fn answer(&self, job: String, came_out: bool) -> Result<Job, Refusal> {
        self.ask(move |printing| printing.answer(&job, came_out)).await
    }

    async fn cancel(&self, job: String) -> Result<Job, Refusal> {
        self.ask(move |printing| printing.cancel(&job)).await
    }

    #[zlink(more)]
    async fn watch(
        &self,
        more: bool,
        from_seq: Option<u64>,
    ) -> impl Stream<Item = Result<Reply<Event>, Refusal>> + Unpin {
        if more {
            follow(Arc::clone(&self.board), from_seq)
        } else {
            let refusal = Refusal::BadRequest {
                reason: "Watch answers more than once: call it with `more`".to_owned(),
            };
            Box::pin(stream::iter([Err(refusal)])) as Events
        }
    }
}

/// What a request must keep to, whatever prints it.
fn check(request: &Print) -> Result<(), Refusal> {
    let bad = |reason: String| Err(Refusal::BadRequest { reason });
    match request.records.len() {
        0 => bad("a slip needs at least one record".to_owned()),
        1 => Ok(()),
        count if count > Print::MOST_RECORDS => {
            bad(format!("a slip has at most {} records", Print::MOST_RECORDS))
        }
        _ if request.article.is_some() => bad("an article belongs to one document".to_owned()),
        _ => Ok(()),
    }
}

/// Every event from `from` on, and then each as it happens. It never ends by itself.
fn follow(board: Arc<Board>, from: Option<u64>) -> Events {
    struct Follower {
        board: Arc<Board>,
        newest: watch::Receiver<u64>,
        next: u64,
        ready: VecDeque<Event>,
    }
    let follower = Follower {
        newest: board.follow(),
        next: from.unwrap_or_else(|| board.status().seq + 1),
        ready: VecDeque::new(),
        board,
    };
    Box::pin(stream::unfold(follower, async |mut follower| {
        loop {
            if let Some(event) = follower.ready.pop_front() {
                follower.next = event.seq + 1;
                return Some((Ok(Reply::new(Some(event)).set_continues(Some(true))), follower));
            }
            follower.newest.borrow_and_update();
            follower.ready = follower.board.since(follower.next).into();
            if follower.ready.is_empty() {
                follower.newest.changed().await.ok()?;
            }
        }
    }))
}
