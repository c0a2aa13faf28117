//! The varlink interface `org.mingchuang.Terminal`.
//!
//! The agent serves it on a Unix socket; [`TerminalProxy`] calls it. The caller names records, never
//! text or bytes to print: the agent composes what goes on paper from its own content.

mod card;
mod device;
mod event;
mod job;
mod refusal;
mod status;
mod submission;
mod time;

use futures_util::Stream;

pub use card::{CardKind, CardPurpose, CardRecord, CardStage, CardStep, Consent};
pub use device::{Check, Device, DeviceKind, DeviceState, Paper, SelfTest, SessionEnd, Trouble, Verdict};
pub use event::{
    Change, Code, CodeKind, CodeVerdict, Event, GenerationChange, Missed, Scan, Sensor, SensorKind,
};
pub use job::{Failure, Job, JobState, Language, Print, TextSize};
pub use refusal::Refusal;
pub use status::{
    Imported, NetworkState, PrinterState, PullProblem, Release, ReleaseState, SettingsInForce, SlotState,
    Status,
};
pub use submission::{
    Accepted, Applicant, ApplicantKind, AttachedFile, Correction, DeliveryMedium, DeliveryWay,
    DisclosureApplication, Enrolment, EnrolmentState, FilePiece, Grade, IdentityDocument, OpenedForm, Page,
    Rating, SubmissionOutcome, SubmissionStage, SubmissionStatus, Suggestion, SuggestionKind,
};
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

    /// Puts a page into the print queue that shows what the printer can do.
    async fn test_page(&mut self) -> zlink::Result<Result<Job, Refusal>>;

    /// The resident has left: prints that still wait are taken out of the queue. What is being printed
    /// is printed to its end; test pages stay.
    async fn end_session(&mut self) -> zlink::Result<Result<SessionEnd, Refusal>>;

    /// A new roll was put in: the paper is counted anew.
    async fn new_roll(&mut self) -> zlink::Result<Result<Paper, Refusal>>;

    /// Looks at every device, the journal and the content, and says what works.
    async fn self_test(&mut self) -> zlink::Result<Result<SelfTest, Refusal>>;

    /// Takes the release in a folder of this terminal, such as a stick, with the same checks as over the network.
    async fn import(&mut self, folder: &str) -> zlink::Result<Result<Imported, Refusal>>;

    /// The screen has drawn a frame with the content of this generation. The kiosk says so after it opened a generation and
    /// from time to time; a new generation that is not drawn in time is taken back.
    async fn frame_drawn(&mut self, generation: u64) -> zlink::Result<Result<(), Refusal>>;

    /// Waits for a card, reads it once and hands the record to this caller alone; the reader is left
    /// alone at any other time. A stage that lasts is told every second. Closing the connection ends the
    /// reading.
    #[zlink(more)]
    async fn read_card(
        &mut self,
        purpose: CardPurpose,
        consent: Consent,
    ) -> zlink::Result<impl Stream<Item = zlink::Result<Result<CardStep, Refusal>>>>;

    /// A resident opens a form: here is its name. Handing in twice under one name hands in once.
    async fn open_submission(&mut self) -> zlink::Result<Result<OpenedForm, Refusal>>;

    /// Takes a piece of a file that goes with a submission. It is sealed as it comes.
    async fn attach(&mut self, piece: &FilePiece) -> zlink::Result<Result<AttachedFile, Refusal>>;

    /// Hands in an application for disclosure, with the files attached before. The reply means that it is
    /// on the disk, sealed. Without a reply, hand in again under the same name.
    async fn submit_application(
        &mut self,
        id: &str,
        application: &DisclosureApplication,
        files: &[String],
    ) -> zlink::Result<Result<Accepted, Refusal>>;

    /// Hands in a suggestion, complaint or question; else like an application.
    async fn submit_suggestion(
        &mut self,
        id: &str,
        suggestion: &Suggestion,
        files: &[String],
    ) -> zlink::Result<Result<Accepted, Refusal>>;

    /// Hands in a correction; else like an application.
    async fn submit_correction(
        &mut self,
        id: &str,
        correction: &Correction,
        files: &[String],
    ) -> zlink::Result<Result<Accepted, Refusal>>;

    /// Hands in a rating; else like an application.
    async fn submit_rating(&mut self, id: &str, rating: &Rating) -> zlink::Result<Result<Accepted, Refusal>>;

    /// What became of the submission with this code, as staff last said it.
    async fn submission_status(&mut self, code: &str) -> zlink::Result<Result<SubmissionStatus, Refusal>>;

    /// The kiosk drew a frame; how many since it started. Once in a few seconds is enough.
    async fn heartbeat(&mut self, frames: u64) -> zlink::Result<Result<(), Refusal>>;

    /// A page was opened.
    async fn count_page(&mut self, page: Page) -> zlink::Result<Result<(), Refusal>>;

    /// A search found nothing. The term stays in memory; see the agent's rules for what is reported.
    async fn count_miss(&mut self, term: &str) -> zlink::Result<Result<(), Refusal>>;

    /// How the terminal is known to the hub, and what staff compare.
    async fn enrolment(&mut self) -> zlink::Result<Result<Enrolment, Refusal>>;

    /// Everything that changes, from event number `from_seq` on; without it, from now on.
    ///
    /// When events of that number are no longer held, the first event is [`Change::Missed`].
    #[zlink(more)]
    async fn watch(
        &mut self,
        from_seq: Option<u64>,
    ) -> zlink::Result<impl Stream<Item = zlink::Result<Result<Event, Refusal>>>>;
}
