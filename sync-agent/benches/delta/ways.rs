//! The ways from one generation to the next.

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;

use anyhow::Result;
use catalog::release::{Limits, Manifest, apply_delta};
use catalog::store::FILE_NAME;

use super::content::Release;
use super::measure::{Cost, apply_in_own_process, run};

/// Ours: the changed rows.
pub(crate) fn row_delta(release: &Release) -> Result<Cost> {
    let (seconds, memory) = apply_in_own_process(&release.folder)?;
    Ok(Cost {
        bytes: fs::metadata(release.delta())?.len(),
        seconds,
        memory,
    })
}

/// Applies the row delta to a copy of the old store, as an agent does: with the digest over all rows.
pub(crate) fn apply_row_delta(folder: &Path) -> Result<()> {
    let copy = folder.join("copy.db");
    fs::copy(folder.join("old").join(FILE_NAME), &copy)?;
    let manifest = Manifest::parse(&fs::read(folder.join("manifest.json"))?)?;
    apply_delta(
        &copy,
        File::open(folder.join("delta"))?,
        &manifest,
        Limits::default(),
    )?;
    fs::remove_file(&copy)?;
    Ok(())
}

/// The whole new store.
pub(crate) fn whole(release: &Release) -> Result<Option<Cost>> {
    let packed = release.folder.join("whole.zst");
    if zstd(release, &["-19", "-T0", "-q", "-f"], &release.newer(), &packed)?.is_none() {
        return Ok(None);
    }
    let unpacked = release.folder.join("whole.db");
    let cost = zstd(release, &["-d", "-q", "-f"], &packed, &unpacked)?;
    Ok(cost.map(|(seconds, memory)| Cost {
        bytes: fs::metadata(&packed).map_or(0, |file| file.len()),
        seconds,
        memory,
    }))
}

/// `zstd --patch-from`: the new file in terms of the old one.
pub(crate) fn patch_from(release: &Release) -> Result<Option<Cost>> {
    let patch = release.folder.join("patch.zst");
    let from = format!("--patch-from={}", release.older().display());
    let options = ["-19", "--long=31", "-T0", "-q", "-f", &from];
    if zstd(release, &options, &release.newer(), &patch)?.is_none() {
        return Ok(None);
    }
    let patched = release.folder.join("patched.db");
    let cost = zstd(release, &["-d", "--long=31", "-q", "-f", &from], &patch, &patched)?;
    Ok(cost.map(|(seconds, memory)| Cost {
        bytes: fs::metadata(&patch).map_or(0, |file| file.len()),
        seconds,
        memory,
    }))
}

fn zstd(release: &Release, options: &[&str], from: &Path, to: &Path) -> Result<Option<(f64, u64)>> {
    let mut command = Command::new("zstd");
    command
        .args(options)
        .arg(from)
        .arg("-o")
        .arg(to)
        .current_dir(&release.folder);
    run(&mut command)
}

/// casync: the chunks that the old generation does not have.
pub(crate) fn casync(release: &Release) -> Result<Option<Cost>> {
    let (old, new) = (release.folder.join("old.castr"), release.folder.join("new.castr"));
    let index = release.folder.join("new.caibx");
    let make = |from: &Path, chunks: &Path, index: &Path| {
        let store = format!("--store={}", chunks.display());
        run(Command::new("casync").arg("make").arg(store).arg(index).arg(from))
    };
    if make(&release.older(), &old, &release.folder.join("old.caibx"))?.is_none() {
        return Ok(None);
    }
    make(&release.newer(), &new, &index)?;
    let mut bytes = fs::metadata(&index)?.len();
    for chunk in chunks(&new)? {
        if !old.join(chunk.strip_prefix(&new)?).exists() {
            bytes += fs::metadata(&chunk)?.len();
        }
    }
    let cost = run(Command::new("casync")
        .arg("extract")
        .arg(format!("--store={}", new.display()))
        .arg(format!("--seed={}", release.older().display()))
        .arg(&index)
        .arg(release.folder.join("extracted.db")))?;
    Ok(cost.map(|(seconds, memory)| Cost {
        bytes,
        seconds,
        memory,
    }))
}

/// The files of a store of chunks.
fn chunks(store: &Path) -> Result<Vec<std::path::PathBuf>> {
    let mut files = Vec::new();
    for folder in fs::read_dir(store)? {
        for file in fs::read_dir(folder?.path())? {
            files.push(file?.path());
        }
    }
    Ok(files)
}
