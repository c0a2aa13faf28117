//! `hub intake open`: what residents wrote, for those who hold the sealing key.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use catalog::atomic;
use catalog::submission::sealed::digest;
use catalog::submission::{Attachment, Kind, Payload};
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
    for kind in kinds {
        for stored in store.submissions(kind).await? {
            let payload = payload(&store, &stored, &keys).await?;
            let line = serde_json::json!({
                "id": stored.id,
                "device": stored.device,
                "received_at": stored.received_at,
                "payload": payload,
            });
            println!("{line}");
            if let Some(folder) = &arguments.files {
                for attachment in &payload.attachments {
                    write(&store, &stored, attachment, &keys, folder).await?;
                }
            }
        }
    }
    Ok(())
}

/// What a resident handed in, opened.
pub(crate) async fn payload(store: &Store, stored: &Stored, keys: &OpeningKeys) -> Result<Payload> {
    let bytes = store
        .sealed(stored.device, stored.id)
        .await?
        .context("the envelope vanished")?;
    let content = keys.open(&bytes).with_context(|| stored.id.to_string())?;
    let payload = Payload::from_bytes(&content)
        .with_context(|| format!("{} opens, and is no submission", stored.id))?;
    ensure!(
        payload.form.kind() == stored.kind,
        "{} is no {}, whatever its envelope says",
        stored.id,
        stored.kind
    );
    Ok(payload)
}

/// Writes a file that belongs to a submission, if it has come and is the one that was handed in.
async fn write(
    store: &Store,
    stored: &Stored,
    attachment: &Attachment,
    keys: &OpeningKeys,
    folder: &Path,
) -> Result<()> {
    let Some(bytes) = store.sealed(stored.device, attachment.id).await? else {
        eprintln!("file {} has not come yet", attachment.id);
        return Ok(());
    };
    let content = keys.open(&bytes).with_context(|| attachment.id.to_string())?;
    ensure!(
        hex::encode(digest(&content)) == attachment.sha256,
        "file {} is not the one that was handed in",
        attachment.id
    );
    std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    atomic::write(&folder.join(attachment.id.to_string()), &content)?;
    Ok(())
}
