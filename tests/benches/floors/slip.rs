//! From a record to a slip that could be sent.

use std::time::Instant;

use anyhow::{Context as _, Result};
use catalog::record::RecordId;
use catalog::store::Store;
use hardware::slip::{Fonts, Paper, Size, render};
use sync_agent::print::compose::{Context, Request, compose};
use system_tests::terminal::Terminal;

use crate::Figure;

/// Composes and renders a full guide; the slowest of several, fonts already found.
pub(crate) fn measure(terminal: &Terminal) -> Result<Figure> {
    let store = Store::open(&terminal.path("state/current"))?;
    let guide = store
        .get(&RecordId::try_from("guide-006")?)?
        .context("the sample has guide-006")?;
    let public_url = terminal.url().parse()?;
    let fonts = Fonts::system()?;
    let mut slowest = 0.0_f64;
    for _ in 0..10 {
        let start = Instant::now();
        let request = Request {
            records: std::slice::from_ref(&guide),
            article: None,
            ticks: &[],
            language: catalog::Language::Zh,
            size: Size::Normal,
        };
        let context = Context {
            place: "苏州工业园区·斜塘街道",
            public_url: Some(&public_url),
            as_of: "2026-11-22".parse()?,
            signature: catalog::release::Signature::Verified,
            printed_at: "2026-11-23T09:41".parse()?,
            area: &|_| Some("户籍管理".to_owned()),
        };
        let rendering = render(&compose(&request, &context)?, Paper::Mm80, &fonts)?;
        std::hint::black_box(rendering);
        slowest = slowest.max(start.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(Figure {
        what: "slip of a guide ready to send, max",
        measured: format!("{slowest:.1} ms"),
        promised: "≤ 100 ms",
    })
}
