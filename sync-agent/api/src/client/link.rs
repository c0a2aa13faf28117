//! A lasting tie to an agent that may come and go.

use std::io;
use std::path::{Path, PathBuf};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::thread::JoinHandle;
use std::time::Duration;

use futures_util::StreamExt as _;
use tokio::sync::mpsc;
use tokio::task::LocalSet;

use super::{CallError, Connection};
use crate::interface::{Change, Event, Job, Page, Print, SessionEnd, Status};

/// The pause before the first attempt to reconnect; it doubles up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(200);
/// The longest pause between two attempts to reconnect. An agent that is back prints what waited at once: until then it
/// should have heard of a visit that ended meanwhile.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// After how long without an event the agent is asked whether it is still there.
const SILENCE: Duration = Duration::from_secs(15);

/// What a [`Link`] hands over.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// The agent is there, and this is how the terminal is. Comes again after a break, and when
    /// changes were missed: ask then for the jobs that are waited for.
    Connected(Status),
    /// Something changed; never [`Change::Missed`].
    Changed(Change),
    /// The agent is not there.
    Disconnected,
}

/// A thread that keeps watching the agent and carries calls to it.
///
/// Callbacks run on that thread and should hand over quickly. Dropping the link ends the thread.
#[derive(Debug)]
pub struct Link {
    errands: Option<mpsc::UnboundedSender<Errand>>,
    thread: Option<JoinHandle<()>>,
}

/// A call to be made on the link's thread, on a connection of its own: none waits for another.
type Errand = Box<dyn FnOnce(Rc<Path>) -> Pin<Box<dyn Future<Output = ()>>> + Send>;

impl Link {
    /// Starts watching the agent behind `socket`, which need not be there yet.
    pub fn start(socket: PathBuf, on_news: impl FnMut(News) + Send + 'static) -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (errands, todo) = mpsc::unbounded_channel();
        let thread = std::thread::Builder::new()
            .name("agent-link".to_owned())
            .spawn(move || {
                let local = LocalSet::new();
                runtime.block_on(local.run_until(run(socket.into(), on_news, todo)));
            })?;
        Ok(Self {
            errands: Some(errands),
            thread: Some(thread),
        })
    }

    /// Queues a print.
    ///
    /// `done` with [`CallError::Lost`] or [`CallError::Silent`] leaves open whether the agent took it:
    /// do not repeat it without asking the resident.
    pub fn print(&self, request: Print, done: impl FnOnce(Result<Job, CallError>) + Send + 'static) {
        self.send(async move |connection| connection.print(&request).await, done);
    }

    /// Asks how a print is.
    pub fn job(&self, id: String, done: impl FnOnce(Result<Job, CallError>) + Send + 'static) {
        self.send(async move |connection| connection.job(&id).await, done);
    }

    /// Passes on whether an uncertain slip came out.
    pub fn answer(
        &self,
        job: String,
        came_out: bool,
        done: impl FnOnce(Result<Job, CallError>) + Send + 'static,
    ) {
        self.send(
            async move |connection| connection.answer(&job, came_out).await,
            done,
        );
    }

    /// Takes a print out of the queue.
    pub fn cancel(&self, job: String, done: impl FnOnce(Result<Job, CallError>) + Send + 'static) {
        self.send(async move |connection| connection.cancel(&job).await, done);
    }

    /// Says that the resident has left: what still waits is not printed.
    pub fn end_session(&self, done: impl FnOnce(Result<SessionEnd, CallError>) + Send + 'static) {
        self.send(async move |connection| connection.end_session().await, done);
    }

    /// Says that a frame with this generation's content was drawn.
    pub fn frame_drawn(&self, generation: u64, done: impl FnOnce(Result<(), CallError>) + Send + 'static) {
        self.send(
            async move |connection| connection.frame_drawn(generation).await,
            done,
        );
    }

    /// Says how many frames were drawn since the kiosk started.
    pub fn heartbeat(&self, frames: u64, done: impl FnOnce(Result<(), CallError>) + Send + 'static) {
        self.send(async move |connection| connection.heartbeat(frames).await, done);
    }

    /// Says that a page was opened.
    pub fn count_page(&self, page: Page, done: impl FnOnce(Result<(), CallError>) + Send + 'static) {
        self.send(async move |connection| connection.count_page(page).await, done);
    }

    /// Says that a search found nothing.
    pub fn count_miss(&self, term: String, done: impl FnOnce(Result<(), CallError>) + Send + 'static) {
        self.send(async move |connection| connection.count_miss(&term).await, done);
    }

    fn send<T: 'static>(
        &self,
        call: impl AsyncFnOnce(&mut Connection) -> Result<T, CallError> + Send + 'static,
        done: impl FnOnce(Result<T, CallError>) + Send + 'static,
    ) {
        let errand: Errand = Box::new(move |socket| {
            Box::pin(async move {
                let result = match Connection::open(&socket).await {
                    Ok(mut connection) => call(&mut connection).await,
                    Err(error) => Err(error),
                };
                done(result);
            })
        });
        self.errands
            .as_ref()
            .expect("the sender is taken only by drop")
            .send(errand)
            .expect("the thread ends only after the sender is dropped");
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.errands.take();
        if let Some(thread) = self.thread.take() {
            // A panic in a callback has already been reported by the panic hook.
            drop(thread.join());
        }
    }
}

async fn run(socket: Rc<Path>, on_news: impl FnMut(News), mut todo: mpsc::UnboundedReceiver<Errand>) {
    let errands = async {
        while let Some(errand) = todo.recv().await {
            tokio::task::spawn_local(errand(Rc::clone(&socket)));
        }
    };
    tokio::select! {
        () = errands => (),
        () = watch_for_ever(&socket, on_news) => (),
    }
}

async fn watch_for_ever(socket: &Path, mut on_news: impl FnMut(News)) {
    let mut last_seen = None;
    let mut pause = FIRST_PAUSE;
    let mut told_away = false;
    loop {
        let error = watch(socket, &mut last_seen, &mut |news| {
            pause = FIRST_PAUSE;
            told_away = false;
            on_news(news);
        })
        .await;
        if !told_away {
            tracing::warn!(%error, "the agent is away");
            on_news(News::Disconnected);
            told_away = true;
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Watches until the agent goes away, and says how.
async fn watch(socket: &Path, last_seen: &mut Option<u64>, on_news: &mut impl FnMut(News)) -> CallError {
    let result: Result<(), CallError> = async {
        let status = Connection::open(socket).await?.status().await?;
        // What the status contains need not be told again; jobs and scans are not part of it.
        let mut contained = status.seq;
        let resume = last_seen.unwrap_or(status.seq) + 1;
        last_seen.get_or_insert(status.seq);
        on_news(News::Connected(status));

        let mut connection = Connection::open(socket).await?;
        let mut events = pin!(connection.watch(Some(resume)).await?);
        loop {
            let Ok(event) = tokio::time::timeout(SILENCE, events.next()).await else {
                Connection::open(socket).await?.status().await?;
                continue;
            };
            let Event { seq, change } = event.ok_or(CallError::Lost(zlink::Error::UnexpectedEof))??;
            match change {
                Change::Missed(_) => {
                    let status = Connection::open(socket).await?.status().await?;
                    contained = status.seq;
                    on_news(News::Connected(status));
                }
                change
                    if seq > contained
                        || matches!(
                            change,
                            Change::Job(_) | Change::Scan(_) | Change::Code(_) | Change::Configuration(_)
                        ) =>
                {
                    on_news(News::Changed(change));
                }
                _ => {}
            }
            *last_seen = Some(seq);
        }
    }
    .await;
    result.expect_err("the loop only ends by an error")
}
