//! `hub intake open`: what residents wrote, for those who hold the sealing key.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use catalog::atomic;
use catalog::submission::sealed::{OpenError, digest};
use catalog::submission::{Attachment, Kind, Payload, SubmissionId};
use hub::database::DatabaseError;
use hub::intake::OpeningKeys;
use hub::store::{Store, Stored};

use super::Database;

#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    database: Database,
    /// The key that opens it; former ones beside it are used as well
    #[arg(long, value_name = "FILE")]
    sealing_key: PathBuf,
    /// disclosure-application, suggestion, correction or rating; all of them where absent
    #[arg(long)]
    kind: Option<Kind>,
    /// Write the files that go with it to this folder, under their ids
    #[arg(long, value_name = "DIR")]
    files: Option<PathBuf>,
}

/// Why one thing that was handed in cannot be read. It says nothing of the others.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unreadable {
    /// It was erased in the meantime.
    #[error("the envelope is not in the database any more")]
    Gone,
    /// The envelope does not open with the keys at hand.
    #[error(transparent)]
    Envelope(#[from] OpenError),
    /// It opens, and nothing here can read it.
    #[error("it opens, and is no submission: {0}")]
    Content(#[from] serde_json::Error),
    /// The form is another than the envelope says.
    #[error("it is no {0}, whatever its envelope says")]
    Kind(Kind),
    /// A file that goes with it does not open.
    #[error("file {id}: {source}")]
    File {
        /// The file's envelope.
        id: SubmissionId,
        /// What is wrong with it.
        source: OpenError,
    },
    /// A file that goes with it is another than the form says.
    #[error("file {0} is not the one that was handed in")]
    OtherFile(SubmissionId),
}

/// How many lines were written, and how many of them only say why they are not whole.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    lines: usize,
    unread: usize,
}

impl Tally {
    /// Counts a line that is whole, or not.
    pub(crate) const fn count(&mut self, is_whole: bool) {
        self.lines += 1;
        self.unread += !is_whole as usize;
    }

    /// Fails when there was a line that is not whole, so that nobody takes the output for everything.
    pub(crate) fn end(self) -> Result<()> {
        let Self { lines, unread } = self;
        if unread > 0 {
            bail!("{unread} of {lines} could not be read; their lines say why");
        }
        Ok(())
    }
}

pub(crate) async fn run(arguments: Arguments) -> Result<()> {
    let store = arguments.database.open().await?;
    let keys = OpeningKeys::read(&arguments.sealing_key)?;
    let kinds = match arguments.kind {
        Some(Kind::Attachment) => bail!("attachments are opened with what they belong to: --files DIR"),
        Some(kind) => vec![kind],
        None => Kind::ALL
            .into_iter()
            .filter(|kind| *kind != Kind::Attachment)
            .collect(),
    };
    let mut tally = Tally::default();
    for kind in kinds {
        for stored in store.submissions(kind).await? {
            let mut line = serde_json::json!({
                "id": stored.id,
                "device": stored.device,
                "received_at": stored.received_at,
            });
            let mut errors = Vec::new();
            match payload(&store, &stored, &keys).await? {
                Ok(payload) => {
                    if let Some(folder) = &arguments.files {
                        for attachment in &payload.attachments {
                            let written = write(&store, &stored, attachment, &keys, folder).await?;
                            errors.extend(written.err());
                        }
                    }
                    line["payload"] = serde_json::to_value(payload)?;
                }
                Err(error) => errors.push(error),
            }
            if !errors.is_empty() {
                let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
                line["error"] = errors.join("; ").into();
            }
            println!("{line}");
            tally.count(errors.is_empty());
        }
    }
    tally.end()
}

/// What a resident handed in, opened; or why this one cannot be read.
pub(crate) async fn payload(
    store: &Store,
    stored: &Stored,
    keys: &OpeningKeys,
) -> Result<Result<Payload, Unreadable>, DatabaseError> {
    let sealed = store.sealed(stored.device, stored.id).await?;
    Ok(sealed
        .ok_or(Unreadable::Gone)
        .and_then(|bytes| read(&bytes, stored.kind, keys)))
}

fn read(bytes: &[u8], kind: Kind, keys: &OpeningKeys) -> Result<Payload, Unreadable> {
    let payload = Payload::from_bytes(&keys.open(bytes)?)?;
    if payload.form.kind() == kind {
        Ok(payload)
    } else {
        Err(Unreadable::Kind(kind))
    }
}

/// Writes a file that belongs to a submission, if it has come and is the one that was handed in.
async fn write(
    store: &Store,
    stored: &Stored,
    attachment: &Attachment,
    keys: &OpeningKeys,
    folder: &Path,
) -> Result<Result<(), Unreadable>> {
    let id = attachment.id;
    let Some(bytes) = store.sealed(stored.device, id).await? else {
        eprintln!("file {id} has not come yet");
        return Ok(Ok(()));
    };
    let content = match keys.open(&bytes) {
        Ok(content) => content,
        Err(source) => return Ok(Err(Unreadable::File { id, source })),
    };
    if hex::encode(digest(&content)) != attachment.sha256 {
        return Ok(Err(Unreadable::OtherFile(id)));
    }
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    atomic::write(&folder.join(id.to_string()), &content)?;
    Ok(Ok(()))
}
