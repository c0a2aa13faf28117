//! Forms: opened, filled, handed in.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use catalog::clock::Clock;
use catalog::submission::sealed::{Label, seal};
use catalog::submission::{Form, HubKeys, InvalidForm, Payload, Screen, SubmissionId, enrolment};
use terminal_api::interface::{
    Accepted, AttachedFile, Correction, DisclosureApplication, Enrolment, EnrolmentState, FilePiece,
    OpenedForm, Rating, Refusal, Suggestion, Time,
};
use tokio::sync::Notify;
use zeroize::Zeroizing;

use super::counting::metric;
use super::drafts::{Drafts, Part, Unfit};
use super::send::with;
use super::status::Tries;
use super::{Outbox, OutboxError, Piece, Sender, Usage, convert};
use crate::agent_db::Memory;
use crate::identity::{Enroller, HubClient, Standing};
use crate::timer::Timer;

/// How many characters a file's name and type may have.
const LONGEST_NAME: usize = 200;

/// What the service works with.
pub struct Setup<'a> {
    /// The state folder.
    pub state: &'a Path,
    /// The hub's public keys.
    pub keys: HubKeys,
    /// The way to the hub.
    pub client: Arc<HubClient>,
    /// The terminal's standing.
    pub enroller: Arc<Enroller>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// What the tasks sleep by.
    pub timer: Arc<dyn Timer>,
    /// Where the outbox is kept.
    pub memory: Memory,
}

/// What residents hand in at this terminal.
pub struct Submissions {
    pub(super) outbox: Arc<Mutex<Outbox>>,
    pub(super) client: Arc<HubClient>,
    pub(super) enroller: Arc<Enroller>,
    pub(super) keys: Arc<HubKeys>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) timer: Arc<dyn Timer>,
    pub(super) memory: Memory,
    pub(super) screen: Mutex<Option<Screen>>,
    pub(super) tries: Tries,
    wake: Arc<Notify>,
    drafts: Mutex<Drafts>,
    pub(super) usage: Arc<Mutex<Usage>>,
}

impl Submissions {
    /// Opens the outbox.
    pub fn open(setup: Setup<'_>) -> Result<Self, OutboxError> {
        let outbox = Outbox::open_in(setup.memory, setup.state, setup.clock.now())?;
        Ok(Self {
            outbox: Arc::new(Mutex::new(outbox)),
            usage: Arc::new(Mutex::new(Usage::new(setup.keys.term_key.as_bytes()))),
            keys: Arc::new(setup.keys),
            client: setup.client,
            enroller: setup.enroller,
            clock: setup.clock,
            timer: setup.timer,
            memory: setup.memory,
            screen: Mutex::new(None),
            tries: Tries::default(),
            wake: Arc::new(Notify::new()),
            drafts: Mutex::new(Drafts::default()),
        })
    }

    /// What brings the outbox to the hub.
    #[must_use]
    pub fn sender(&self) -> Sender {
        Sender {
            outbox: Arc::clone(&self.outbox),
            client: Arc::clone(&self.client),
            enroller: Arc::clone(&self.enroller),
            keys: Arc::clone(&self.keys),
            clock: Arc::clone(&self.clock),
            timer: Arc::clone(&self.timer),
            wake: Arc::clone(&self.wake),
        }
    }

    /// What keeps the terminal known to the hub.
    #[must_use]
    pub fn enroller(&self) -> Arc<Enroller> {
        Arc::clone(&self.enroller)
    }

    /// A form is opened: its name.
    pub fn open_form(&self) -> Result<OpenedForm, Refusal> {
        self.require_delivery()?;
        Ok(OpenedForm {
            id: SubmissionId::new().to_string(),
        })
    }

    /// What is sealed under a key that was revoked reaches nobody, ever: nothing more is taken in.
    pub(crate) fn require_delivery(&self) -> Result<(), Refusal> {
        let standing = *self.enroller.standing().borrow();
        match standing {
            Standing::Said(enrolment::Standing::Revoked) => Err(Refusal::Revoked),
            // The others may still be approved.
            _ => Ok(()),
        }
    }

    /// Takes a piece of a file.
    pub async fn attach(&self, piece: FilePiece) -> Result<AttachedFile, Refusal> {
        self.require_delivery()?;
        let regarding = submission_id(&piece.submission)?;
        let content = STANDARD
            .decode(&piece.data)
            .map_err(|_| bad("data is not base 64"))?;
        let content = Zeroizing::new(content);
        if content.len() > FilePiece::LONGEST {
            return Err(Refusal::TooLarge);
        }
        let is_short = |text: &str| (1..=LONGEST_NAME).contains(&text.chars().count());
        if !is_short(&piece.name) || !is_short(&piece.media_type) {
            return Err(bad("a file needs a short name and a type"));
        }
        let unfit = |unfit: Unfit| match unfit {
            Unfit::TooLarge => Refusal::TooLarge,
            Unfit::Unknown => Refusal::NoSuchFile {
                file: piece.file.clone().unwrap_or_default(),
            },
        };
        let identity = self.client.identity();
        let mut parts = Vec::new();
        let id = if let Some(file) = &piece.file {
            file.parse().map_err(|_| unfit(Unfit::Unknown))?
        } else {
            let (id, part) = self
                .lock_drafts()
                .begin(
                    &self.keys.sealing_key,
                    identity.device(),
                    regarding,
                    &piece.name,
                    &piece.media_type,
                )
                .map_err(unfit)?;
            parts.push(part);
            id
        };
        let end = piece.is_last.then_some(&identity.key);
        let pushed = self.lock_drafts().push(id, regarding, &content, end);
        let pushed = match pushed {
            Ok(pushed) => pushed,
            Err(error) => {
                // A file that will never be whole takes up no room. One of another form is left alone.
                if error == Unfit::TooLarge || piece.file.is_none() {
                    self.lock_drafts().forget(id);
                    self.discard(vec![id]).await;
                }
                return Err(unfit(error));
            }
        };
        let length = pushed.length;
        parts.push(pushed);
        let now = self.clock.now();
        let written = with(&self.outbox, move |outbox| {
            for Part {
                id, number, bytes, ..
            } in parts.iter().filter(|part| !part.bytes.is_empty())
            {
                outbox.draft(*id, *number, bytes, now)?;
            }
            Ok(())
        });
        if let Err(error) = written.await {
            self.lock_drafts().forget(id);
            // What was written of it would take up room until the next start.
            self.discard(vec![id]).await;
            return Err(refusal(&error));
        }
        Ok(AttachedFile {
            file: id.to_string(),
            length,
            is_whole: piece.is_last,
        })
    }

    /// Hands in an application.
    pub async fn application(
        &self,
        id: &str,
        form: DisclosureApplication,
        files: &[String],
    ) -> Result<Accepted, Refusal> {
        self.hand_in(id, convert::application(form), files).await
    }

    /// Hands in a suggestion.
    pub async fn suggestion(
        &self,
        id: &str,
        form: Suggestion,
        files: &[String],
    ) -> Result<Accepted, Refusal> {
        self.hand_in(id, convert::suggestion(form), files).await
    }

    /// Hands in a correction.
    pub async fn correction(
        &self,
        id: &str,
        form: Correction,
        files: &[String],
    ) -> Result<Accepted, Refusal> {
        self.hand_in(id, convert::correction(form), files).await
    }

    /// Hands in a rating.
    pub async fn rating(&self, id: &str, form: Rating) -> Result<Accepted, Refusal> {
        self.hand_in(id, convert::rating(form), &[]).await
    }

    /// Seals a form and commits it. Under a name that was accepted before, nothing is handed in again.
    async fn hand_in(
        &self,
        id: &str,
        form: Result<Form, InvalidForm>,
        files: &[String],
    ) -> Result<Accepted, Refusal> {
        let id = submission_id(id)?;
        let invalid = |error: InvalidForm| Refusal::InvalidForm {
            field: error.to_string(),
        };
        let form = form.map_err(invalid)?;
        form.check().map_err(invalid)?;
        let before = with(&self.outbox, move |outbox| outbox.find(id)).await;
        if let Some(before) = before.map_err(|error| refusal(&error))? {
            self.discard_drafts_of(id).await;
            return Ok(self.accepted(id, before.accepted_at));
        }
        self.require_delivery()?;
        let (attachments, digests) = self.whole_files(id, files)?;
        let now = self.clock.now();
        let identity = self.client.identity();
        let mailbox = identity.mailboxes.mailbox(&identity.mailboxes.code(id));
        let (mailbox_id, kind) = (mailbox.id(), form.kind());
        let label = Label {
            key: self.keys.sealing_key.id(),
            device: identity.device(),
            submission: id,
            kind,
            regarding: None,
            mailbox: Some(mailbox.public_key()),
        };
        let payload = Payload {
            handed_in_at: now,
            form,
            attachments,
        };
        let sealed = seal(&self.keys.sealing_key, label, &payload.to_bytes(), &identity.key);
        drop(payload);
        let accepted = with(&self.outbox, move |outbox| {
            let piece = Piece {
                id,
                kind,
                mailbox: Some(mailbox_id),
                bytes: &sealed.bytes,
                sha256: sealed.sha256,
            };
            outbox.accept(&piece, &digests, now)
        });
        let accepted = accepted.await.map_err(|error| refusal(&error))?;
        self.discard_drafts_of(id).await;
        self.count(metric(&format!("submitted.{kind}")));
        self.wake.notify_one();
        Ok(self.accepted(id, accepted.accepted_at))
    }

    /// The files of a submission, all of them whole.
    #[expect(clippy::type_complexity, reason = "two columns of one short table")]
    fn whole_files(
        &self,
        id: SubmissionId,
        files: &[String],
    ) -> Result<
        (
            Vec<catalog::submission::Attachment>,
            Vec<(SubmissionId, [u8; 32])>,
        ),
        Refusal,
    > {
        let drafts = self.lock_drafts();
        let whole = |file: &String| {
            let found = file.parse().ok().and_then(|file| drafts.whole(file, id));
            found.ok_or_else(|| Refusal::NoSuchFile { file: file.clone() })
        };
        let whole: Vec<_> = files.iter().map(whole).collect::<Result<_, _>>()?;
        Ok(whole
            .into_iter()
            .map(|(attachment, sha256)| {
                let id = attachment.id;
                (attachment, (id, sha256))
            })
            .unzip())
    }

    fn accepted(&self, id: SubmissionId, accepted_at: jiff::Timestamp) -> Accepted {
        Accepted {
            id: id.to_string(),
            code: self.client.identity().mailboxes.code(id).to_string(),
            accepted_at: accepted_at.into(),
        }
    }

    /// The visit is over: what was not handed in is thrown away.
    pub async fn end_session(&self) {
        self.lock_usage().end_visit();
        let open = self.lock_drafts().take(None);
        self.discard(open).await;
    }

    /// What was attached to a form that was handed in, and not handed in with it.
    async fn discard_drafts_of(&self, id: SubmissionId) {
        let left_over = self.lock_drafts().take(Some(id));
        self.discard(left_over).await;
    }

    async fn discard(&self, drafts: Vec<SubmissionId>) {
        if drafts.is_empty() {
            return;
        }
        // Files that were accepted are no drafts any more.
        if let Err(error) = with(&self.outbox, move |outbox| outbox.discard(&drafts)).await {
            tracing::warn!(%error, "sealed drafts stay until the next start");
        }
    }

    /// How the terminal is known to the hub.
    #[must_use]
    pub fn enrolment(&self) -> Enrolment {
        let identity = self.client.identity();
        let public = identity.key.public();
        let state = match *self.enroller.standing().borrow() {
            Standing::Unknown => EnrolmentState::Unknown,
            Standing::Said(enrolment::Standing::Pending) => EnrolmentState::Pending,
            Standing::Said(enrolment::Standing::Approved) => EnrolmentState::Approved,
            Standing::Said(enrolment::Standing::Revoked) => EnrolmentState::Revoked,
        };
        Enrolment {
            state,
            code: enrolment::code(identity.device()),
            fingerprint: public.fingerprint(),
            qr: enrolment::qr_text(&public),
            certificate_expires_at: self.enroller.expires_at().map(Time),
        }
    }

    fn lock_drafts(&self) -> MutexGuard<'_, Drafts> {
        self.drafts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn submission_id(text: &str) -> Result<SubmissionId, Refusal> {
    text.parse().map_err(|_| bad("the submission's name is none"))
}

fn bad(reason: &str) -> Refusal {
    Refusal::BadRequest {
        reason: reason.to_owned(),
    }
}

fn refusal(error: &OutboxError) -> Refusal {
    match error {
        OutboxError::Full => Refusal::OutboxFull,
        other => {
            tracing::error!(error = %other, "nothing can be handed in");
            Refusal::Unavailable {
                reason: other.to_string(),
            }
        }
    }
}
