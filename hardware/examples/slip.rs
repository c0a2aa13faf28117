//! Renders a layout (JSON on standard input) to PNG files: `slip OUT-PREFIX [58|80] < layout.json`.

use std::fs::File;
use std::io::BufWriter;

use anyhow::Context;
use hardware::slip::{Fonts, Paper, render};

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let prefix = arguments
        .next()
        .context("where to write: slip OUT-PREFIX [58|80]")?;
    let paper = if arguments.next().as_deref() == Some("58") {
        Paper::Mm58
    } else {
        Paper::Mm80
    };
    let layout = serde_json::from_reader(std::io::stdin().lock()).context("the layout")?;
    let slip = render(&layout, paper, &Fonts::system()?)?;
    for (number, sheet) in slip.sheets.iter().enumerate() {
        let path = format!("{prefix}-{}.png", number + 1);
        let file = File::create(&path).with_context(|| path.clone())?;
        sheet
            .write_png(BufWriter::new(file))
            .with_context(|| path.clone())?;
    }
    Ok(())
}
