//! A resident's phone: reads a code from a picture of a slip and opens the address in a browser.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

/// The texts of the codes on a picture.
pub fn read_codes(picture: &Path) -> Result<Vec<String>> {
    let picture = image::open(picture)
        .with_context(|| format!("cannot open {}", picture.display()))?
        .into_luma8();
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let mut prepared =
        rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| picture[(x as u32, y as u32)].0[0]);
    let codes = prepared
        .detect_grids()
        .into_iter()
        .map(|grid| grid.decode().map(|(_, text)| text));
    Ok(codes.collect::<Result<Vec<_>, _>>()?)
}

/// What a browser shows at `address` on a screen 360 pixels wide: the finished document, and a picture of
/// it at `picture`.
pub fn open(address: &str, picture: &Path) -> Result<String> {
    let profile = tempfile::tempdir()?;
    let browse = |action: &str| -> Result<Vec<u8>> {
        let output = Command::new("chromium")
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
            ])
            .args([
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ])
            .args(["--hide-scrollbars", "--window-size=360,780", action])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg(address)
            .stdin(Stdio::null())
            .output()
            .context("chromium is missing: `cargo xtask setup` installs it")?;
        if !output.status.success() {
            bail!(
                "chromium ended with {}: {}",
                output.status,
                String::from_utf8_lossy(&output.stderr)
            );
        }
        Ok(output.stdout)
    };
    browse(&format!("--screenshot={}", picture.display()))?;
    Ok(String::from_utf8(browse("--dump-dom")?)?)
}
