//! The tie to the agent: what happens there arrives on the thread of the window, in its order.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::mpsc;

use slint::{ComponentHandle as _, Weak};
use terminal_api::client::{CallError, Link, News};
use terminal_api::interface::{Change, Job, Page, Print, SlotState};

use crate::navigation::Place;
use crate::printing::Repeat;
use crate::service::Service;
use crate::{App, printing, scanning, ui};

/// What reaches the window's thread.
enum Message {
    News(News),
    /// A print was accepted or not; the number tells which request.
    Printed(u64, Result<Job, CallError>),
    /// How a print is, because it was asked for.
    Job(Result<Job, CallError>),
    /// Whether a slip that is wanted again was taken out of the queue.
    TakenOut(Repeat, Result<Job, CallError>),
    /// Whether the job with this id, for which nobody waits, was taken out of the queue.
    Cancelled(String, Result<Job, CallError>),
    /// The agent did not hear that the visit is over.
    EndUnheard,
}

/// Whose prints may wait in the agent's queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Queue {
    /// Those of a visit that is over: this kiosk has just started, or the agent did not hear of the end.
    #[default]
    Former,
    /// Nobody's.
    Ended,
    /// Those of the visit that goes on: ending the session would take them out, too.
    Present,
}

/// The tie to the agent; without a socket there is none.
#[derive(Default)]
pub(crate) struct Agent {
    line: RefCell<Option<Line>>,
    queue: Cell<Queue>,
    /// The jobs for which nobody waits and which the agent has not yet cancelled.
    unwanted: RefCell<Vec<String>>,
}

struct Line {
    link: Link,
    post: Post,
}

/// Hands messages over to the window's thread.
#[derive(Clone)]
struct Post {
    messages: mpsc::Sender<Message>,
    window: Weak<ui::AppWindow>,
}

impl Post {
    fn send(&self, message: Message) {
        // The window is gone only when the program ends.
        if self.messages.send(message).is_ok() {
            drop(
                self.window
                    .upgrade_in_event_loop(|window| window.global::<ui::AgentLine>().invoke_news()),
            );
        }
    }
}

/// Starts watching the agent, when the terminal has one.
pub(crate) fn attach(app: &Rc<App>) {
    let Some(socket) = app.setup().socket.clone() else {
        return;
    };
    let (messages, inbox) = mpsc::channel();
    let post = Post {
        messages,
        window: app.window().as_weak(),
    };
    let weak = app.weak();
    app.global::<ui::AgentLine>().on_news(move || {
        let Some(app) = weak.upgrade() else { return };
        while let Ok(message) = inbox.try_recv() {
            receive(&app, message);
        }
    });
    let watching = post.clone();
    match Link::start(socket, move |news| watching.send(Message::News(news))) {
        Ok(link) => *app.agent().line.borrow_mut() = Some(Line { link, post }),
        Err(error) => {
            tracing::error!(%error, "the agent cannot be watched");
            app.set_service(Service::Away);
        }
    }
}

impl Agent {
    /// Queues a print; its fate reaches [`printing`] under `number`.
    pub(crate) fn print(&self, number: u64, request: Print) {
        self.queue.set(Queue::Present);
        self.with(|line| {
            let post = line.post.clone();
            line.link
                .print(request, move |result| post.send(Message::Printed(number, result)));
        });
    }

    /// Passes on whether an uncertain slip came out.
    pub(crate) fn answer(&self, job: String, came_out: bool) {
        self.with(|line| {
            let post = line.post.clone();
            line.link
                .answer(job, came_out, move |result| post.send(Message::Job(result)));
        });
    }

    /// Takes the first slip out of the queue, so that it can be printed again; its fate reaches [`printing`].
    pub(crate) fn take_out(&self, repeat: Repeat) {
        self.with(|line| {
            let post = line.post.clone();
            line.link.cancel(repeat.job.clone(), move |result| {
                post.send(Message::TakenOut(repeat, result));
            });
        });
    }

    /// Takes a job for which nobody waits out of the queue, when the agent is away as soon as it is back.
    pub(crate) fn cancel(&self, job: String) {
        self.unwanted.borrow_mut().push(job.clone());
        self.try_to_cancel(job);
    }

    fn try_to_cancel(&self, job: String) {
        self.with(|line| {
            let post = line.post.clone();
            line.link.cancel(job.clone(), move |result| {
                post.send(Message::Cancelled(job, result));
            });
        });
    }

    fn cancelled(&self, job: &str, result: &Result<Job, CallError>) {
        match result {
            Err(error @ (CallError::Lost(_) | CallError::Silent)) => {
                tracing::warn!(%error, job, "a print for which nobody waits was not cancelled yet");
                return;
            }
            Err(CallError::Refused(refusal)) => {
                tracing::warn!(%refusal, job, "a print for which nobody waits was not cancelled");
            }
            Ok(_) => {}
        }
        self.unwanted.borrow_mut().retain(|unwanted| unwanted != job);
    }

    /// Says that the resident has left: what still waits is not printed.
    pub(crate) fn end_session(&self) {
        self.queue.set(Queue::Ended);
        self.with(|line| {
            let post = line.post.clone();
            line.link.end_session(move |result| {
                if let Err(error) = result {
                    tracing::warn!(%error, "the agent did not hear that the visit is over");
                    post.send(Message::EndUnheard);
                }
            });
        });
    }

    /// Takes note that prints of a visit that is over may still wait; they are taken out when the agent is back.
    pub(crate) fn end_was_not_heard(&self) {
        if self.queue.get() == Queue::Ended {
            self.queue.set(Queue::Former);
        }
    }

    /// The agent is there, perhaps anew: it hears again of what nobody waits for.
    fn connected(&self, place: &Place) {
        if *place == Place::Attract || self.queue.get() == Queue::Former {
            self.end_session();
        }
        let unwanted = self.unwanted.borrow().clone();
        for job in unwanted {
            self.try_to_cancel(job);
        }
    }

    /// Says that a frame with this generation's content was drawn.
    pub(crate) fn frame_drawn(&self, generation: u64) {
        self.with(|line| line.link.frame_drawn(generation, unheard));
    }

    /// Says how many frames were drawn since the kiosk started.
    pub(crate) fn heartbeat(&self, frames: u64) {
        self.with(|line| line.link.heartbeat(frames, unheard));
    }

    /// Says that a page was opened.
    pub(crate) fn count_page(&self, page: Page) {
        self.with(|line| line.link.count_page(page, unheard));
    }

    /// Says that a search found nothing.
    pub(crate) fn count_miss(&self, term: &str) {
        self.with(|line| line.link.count_miss(term.to_owned(), unheard));
    }

    /// Asks how a print is.
    pub(crate) fn job(&self, id: String) {
        self.with(|line| {
            let post = line.post.clone();
            line.link.job(id, move |result| post.send(Message::Job(result)));
        });
    }

    fn with(&self, call: impl FnOnce(&Line)) {
        if let Some(line) = self.line.borrow().as_ref() {
            call(line);
        }
    }
}

/// What the agent need not hear: it may be away, or the terminal may have no hub that counts.
fn unheard(result: Result<(), CallError>) {
    if let Err(error) = result {
        tracing::debug!(%error, "the agent did not take note");
    }
}

fn receive(app: &App, message: Message) {
    match message {
        Message::News(News::Connected(status)) => {
            app.agent().connected(&app.place());
            app.set_service(Service::there(&status));
            // The generation may have changed while nobody watched.
            app.reopen_content();
            app.pulse().begin();
            printing::connected(app);
        }
        Message::News(News::Disconnected) => {
            app.set_service(Service::Away);
            printing::disconnected(app);
        }
        Message::News(News::Changed(change)) => changed(app, change),
        Message::Printed(number, result) => printing::accepted(app, number, result),
        Message::TakenOut(repeat, result) => printing::taken_out(app, repeat, &result),
        Message::Cancelled(job, result) => app.agent().cancelled(&job, &result),
        Message::EndUnheard => app.agent().end_was_not_heard(),
        Message::Job(Ok(job)) => printing::moved_on(app, &job),
        Message::Job(Err(error)) => tracing::warn!(%error, "the agent did not say how a print is"),
    }
}

fn changed(app: &App, change: Change) {
    match change {
        Change::Generation(_) => app.reopen_content(),
        Change::Job(job) => printing::moved_on(app, &job),
        Change::Scan(scan) => scanning::scanned(app, &scan),
        Change::Code(code) => scanning::special(app, code.kind),
        Change::Configuration(verdict) => scanning::configured(app, verdict),
        change => {
            let before = app.service().clone();
            let after = before.clone().changed(&change);
            if before.holds_slip() && after.slot() == Some(SlotState::Empty) {
                printing::taken(app);
            }
            app.set_service(after);
        }
    }
}
