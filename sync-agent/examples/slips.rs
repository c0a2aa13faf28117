//! Composes and renders slips of a content folder for the eye: `slips CONTENT OUT [ID…]`.
//!
//! Without ids, the first record of every kind. Each in both languages and sizes on 80 mm paper, and
//! once on 58 mm.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::time::Instant;

use anyhow::Context as _;
use catalog::Language;
use catalog::record::{Kind, Record, RecordId};
use hardware::slip::{Fonts, Paper, Size, render};
use sync_agent::print::compose::{Context, Request, compose};

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().context("slips CONTENT OUT [ID…]")?;
    let out = arguments.next().context("slips CONTENT OUT [ID…]")?;
    let out = Path::new(&out);
    let wanted: Vec<String> = arguments.collect();
    std::fs::create_dir_all(out)?;

    let records: BTreeMap<RecordId, Record> = catalog::source::load(Path::new(&folder))?
        .records
        .into_iter()
        .map(|record| (record.id().clone(), record))
        .collect();
    let area = |id: &RecordId| match records.get(id) {
        Some(Record::Area(area)) => Some(area.name.clone()),
        _ => None,
    };
    let context = Context {
        place: "苏州工业园区·斜塘街道",
        public_url: None,
        as_of: "2026-11-22".parse()?,
        signature: catalog::release::Signature::Verified,
        printed_at: "2026-11-23T09:41:00".parse()?,
        area: &area,
    };
    let chosen: Vec<&Record> = if wanted.is_empty() {
        let first_of = |kind: Kind| records.values().find(|record| record.kind() == kind);
        Kind::ALL
            .into_iter()
            .filter(|kind| kind.is_public_page())
            .filter_map(first_of)
            .collect()
    } else {
        records
            .values()
            .filter(|record| wanted.iter().any(|id| id == record.id().as_str()))
            .collect()
    };
    let fonts = Fonts::system()?;
    for record in chosen {
        for (language, size, paper) in [
            (Language::Zh, Size::Normal, Paper::Mm80),
            (Language::Zh, Size::Large, Paper::Mm80),
            (Language::En, Size::Normal, Paper::Mm80),
            (Language::Zh, Size::Normal, Paper::Mm58),
        ] {
            let started = Instant::now();
            let records = std::slice::from_ref(record);
            let request = Request {
                records,
                article: None,
                ticks: &[],
                language,
                size,
            };
            let slip = render(&compose(&request, &context)?, paper, &fonts)?;
            let took = started.elapsed();
            let name = format!("{}-{language}-{size:?}-{paper:?}.png", record.id());
            slip.sheets[0].write_png(BufWriter::new(File::create(out.join(&name))?))?;
            println!(
                "{name}: {} rows in {took:?}, missing {:?}",
                slip.sheets[0].height(),
                slip.missing
            );
        }
    }
    Ok(())
}
