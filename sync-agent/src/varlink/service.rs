//! The interface's calls, answered.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;

use futures_util::{Stream, stream};
use terminal_api::interface::{
    Accepted, Applicant, ApplicantKind, AttachedFile, CardKind, CardPurpose, CardRecord, CardStage, CardStep,
    Change, Check, Code, CodeKind, CodeVerdict, Consent, Correction, DeliveryMedium, DeliveryWay, Device,
    DeviceKind, DeviceState, DisclosureApplication, Enrolment, EnrolmentState, Event, Failure, FilePiece,
    GenerationChange, Grade, IdentityDocument, Imported, Job, JobState, Language, Missed, NetworkState,
    OpenedForm, Page, Paper, Print, PrinterState, PullProblem, Rating, Refusal, Release, ReleaseState, Scan,
    SelfTest, Sensor, SensorKind, SessionEnd, SettingsInForce, SlotState, Status, SubmissionOutcome,
    SubmissionStage, SubmissionStatus, Suggestion, SuggestionKind, TextSize, Trouble, Verdict,
};
use tokio::sync::{mpsc, watch};
use zlink::Reply;

use crate::board::Board;
use crate::outbox::Submissions;
use crate::peripherals::Peripherals;
use crate::printing::Printing;

/// What one connection talks to.
pub(super) struct Terminal {
    board: Arc<Board>,
    peripherals: Arc<Peripherals>,
}

impl Terminal {
    pub(super) fn new(board: Arc<Board>, peripherals: Arc<Peripherals>) -> Self {
        Self { board, peripherals }
    }

    /// Asks the printer's side, which may wait for the disk, without holding up other connections.
    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&dyn Printing) -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let printing = Arc::clone(&self.peripherals.printing);
        beside(move || question(&*printing)).await?
    }

    /// What residents hand in.
    fn submissions(&self) -> Result<&Submissions, Refusal> {
        match &self.peripherals.submissions {
            Ok(submissions) => Ok(submissions),
            Err(refusal) => Err(refusal.clone()),
        }
    }
}

/// Does what may wait for the disk beside the connections.
async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refusal> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Refusal::Unavailable {
            reason: error.to_string(),
        })
}

/// Replies of which there are several.
type Replies<T> = Pin<Box<dyn Stream<Item = Result<Reply<T>, Refusal>>>>;

/// A single refusal where several replies were asked for.
fn refused<T: 'static>(refusal: Refusal) -> Replies<T> {
    Box::pin(stream::iter([Err(refusal)]))
}

/// The caller asked for one reply where there are several.
fn needs_more(call: &str) -> Refusal {
    Refusal::BadRequest {
        reason: format!("{call} answers more than once: call it with `more`"),
    }
}

#[expect(clippy::unused_async, reason = "the macro awaits every method")]
#[zlink::service(
    interface = "org.mingchuang.Terminal",
    vendor = "mingchuang",
    product = "sync-agent",
    version = env!("CARGO_PKG_VERSION"),
    types = [
        Status, Release, ReleaseState, Imported, PullProblem, PrinterState, NetworkState, Print, Language, TextSize,
        Job, JobState, Failure, Event, Change, Missed, GenerationChange, Scan, Device, DeviceKind,
        DeviceState, Trouble, Paper, SessionEnd, SelfTest, Check, Verdict, CardPurpose, Consent, CardStep,
        CardStage, CardRecord, CardKind, Code, CodeKind, CodeVerdict, SettingsInForce, Sensor, SensorKind, SlotState,
        OpenedForm, FilePiece, AttachedFile, Accepted, SubmissionStatus, SubmissionStage, SubmissionOutcome,
        DisclosureApplication, Applicant, ApplicantKind, IdentityDocument, DeliveryMedium, DeliveryWay,
        Suggestion, SuggestionKind, Correction, Rating, Grade, Page, Enrolment, EnrolmentState
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

    async fn test_page(&self) -> Result<Job, Refusal> {
        self.ask(|printing| printing.test_page()).await
    }

    async fn open_submission(&self) -> Result<OpenedForm, Refusal> {
        self.submissions()?.open_form()
    }

    async fn attach(&self, piece: FilePiece) -> Result<AttachedFile, Refusal> {
        self.submissions()?.attach(piece).await
    }

    async fn submit_application(
        &self,
        id: String,
        application: DisclosureApplication,
        files: Vec<String>,
    ) -> Result<Accepted, Refusal> {
        self.submissions()?.application(&id, application, &files).await
    }

    async fn submit_suggestion(
        &self,
        id: String,
        suggestion: Suggestion,
        files: Vec<String>,
    ) -> Result<Accepted, Refusal> {
        self.submissions()?.suggestion(&id, suggestion, &files).await
    }

    async fn submit_correction(
        &self,
        id: String,
        correction: Correction,
        files: Vec<String>,
    ) -> Result<Accepted, Refusal> {
        self.submissions()?.correction(&id, correction, &files).await
    }

    async fn submit_rating(&self, id: String, rating: Rating) -> Result<Accepted, Refusal> {
        self.submissions()?.rating(&id, rating).await
    }

    async fn submission_status(&self, code: String) -> Result<SubmissionStatus, Refusal> {
        self.submissions()?.status(&code).await
    }

    async fn heartbeat(&self, frames: u64) -> Result<(), Refusal> {
        self.submissions()?.heartbeat(frames);
        Ok(())
    }

    async fn count_page(&self, page: Page) -> Result<(), Refusal> {
        self.submissions()?.count_page(page);
        Ok(())
    }

    async fn count_miss(&self, term: String) -> Result<(), Refusal> {
        self.submissions()?.count_miss(&term);
        Ok(())
    }

    async fn enrolment(&self) -> Result<Enrolment, Refusal> {
        Ok(self.submissions()?.enrolment())
    }

    async fn end_session(&self) -> Result<SessionEnd, Refusal> {
        if let Ok(submissions) = &self.peripherals.submissions {
            submissions.end_session().await;
        }
        self.ask(|printing| printing.end_session()).await
    }

    async fn self_test(&self) -> Result<SelfTest, Refusal> {
        let (peripherals, board) = (Arc::clone(&self.peripherals), Arc::clone(&self.board));
        beside(move || peripherals.self_test(&board)).await
    }

    async fn new_roll(&self) -> Result<Paper, Refusal> {
        self.ask(|printing| printing.new_roll()).await
    }

    async fn import(&self, folder: String) -> Result<Imported, Refusal> {
        self.peripherals.releases.import(folder.into()).await
    }

    async fn frame_drawn(&self, generation: u64) -> Result<(), Refusal> {
        self.peripherals.releases.frame_drawn(generation);
        Ok(())
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
            refused(needs_more("Watch"))
        }
    }

    #[zlink(more)]
    async fn read_card(
        &self,
        more: bool,
        purpose: CardPurpose,
        consent: Consent,
    ) -> impl Stream<Item = Result<Reply<CardStep>, Refusal>> + Unpin {
        if !more {
            return refused(needs_more("ReadCard"));
        }
        let Some(card) = &self.peripherals.card else {
            return refused(Refusal::NoCardReader);
        };
        let (tell, steps) = mpsc::unbounded_channel();
        match card.read(purpose, consent, tell) {
            Ok(()) => hand_on(steps),
            Err(refusal) => refused(refusal),
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
fn follow(board: Arc<Board>, from: Option<u64>) -> Replies<Event> {
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

/// Every step as it comes, up to the last one. Dropping the stream ends the reading.
fn hand_on(steps: mpsc::UnboundedReceiver<CardStep>) -> Replies<CardStep> {
    Box::pin(stream::unfold(Some(steps), async |steps| {
        let mut steps = steps?;
        // The thread that reads has ended: so has the reading.
        let step = steps.recv().await.unwrap_or(CardStep {
            stage: CardStage::Unavailable,
            record: None,
        });
        let is_last = step.stage.is_last();
        let reply = Reply::new(Some(step)).set_continues(Some(!is_last));
        Some((Ok(reply), (!is_last).then_some(steps)))
    }))
}
