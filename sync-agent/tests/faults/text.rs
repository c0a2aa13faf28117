//! Text mode: slips in the printer's own type.

use JobState::Proven;
use hardware::printer::simulator::{Model, Pace};
use hardware::slip::Paper;
use terminal_api::interface::{JobState, Language, TextSize};

use crate::terminal::{Bench, LOOPBACK};

#[tokio::test(flavor = "multi_thread")]
async fn on_a_slow_line_slips_go_out_as_text_that_reads_the_same() {
    let mut bench = Bench::new().await;
    let printer = bench.plug_printer(LOOPBACK, Model::with_pace(Pace::Instant));
    bench.configure("mode = \"text\"\nprofile = \"kiosk-80\"\n");
    bench.start().await;
    let id = bench.print().await;
    bench.until_job(&id, Proven).await;
    let slip = printer.state().slips[0].with_extension("txt");
    let text = std::fs::read_to_string(slip).unwrap();
    for words in ["居住证申领", "要带的材料", "□本人居民身份证"] {
        assert!(text.contains(words), "{words} in {text}");
    }
}

/// The text of the only slip, after a print in this language and size on paper of this width.
async fn printed(profile: &str, paper: Paper, language: Language, size: TextSize) -> String {
    let mut bench = Bench::new().await;
    let model = Model {
        paper,
        ..Model::with_pace(Pace::Instant)
    };
    let printer = bench.plug_printer(LOOPBACK, model);
    bench.configure(&format!("mode = \"text\"\nprofile = \"{profile}\"\n"));
    bench.start().await;
    let id = bench.print_in(language, size).await;
    bench.until_job(&id, Proven).await;
    let slips = printer.state().slips;
    assert_eq!(slips.len(), 1);
    std::fs::read_to_string(slips[0].with_extension("txt")).unwrap_or_default()
}

/// ASCII takes one column, everything else two.
fn columns(line: &str) -> usize {
    line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn large_print_in_text_is_twice_the_size_and_fits_the_paper() {
    for (profile, paper, width) in [("generic-58", Paper::Mm58, 32), ("kiosk-80", Paper::Mm80, 48)] {
        let text = printed(profile, paper, Language::Zh, TextSize::Large).await;
        assert!(text.contains("居住证申领"), "{profile}: {text}");
        let widest = text.lines().map(columns).max().unwrap();
        // Rules alone are set at single size, across the whole paper.
        assert_eq!(widest, width, "{profile}: {text}");
        let words = text
            .lines()
            .filter(|line| line.chars().any(|c| !"-=".contains(c)));
        for line in words {
            assert!(columns(line) <= width / 2, "{profile}: {line}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_english_slip_in_text_has_the_english_words_and_the_chinese_names() {
    let text = printed("kiosk-80", Paper::Mm80, Language::En, TextSize::Normal).await;
    for words in ["What to bring", "居住证申领"] {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert!(text.lines().all(|line| columns(line) <= 48), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slip_with_a_character_that_the_printer_lacks_goes_out_as_a_picture() {
    let mut bench = Bench::new().await;
    let printer = bench.plug_printer(LOOPBACK, Model::with_pace(Pace::Instant));
    // The test page has rare characters; this profile knows the two-byte ones only.
    bench.configure("mode = \"text\"\nprofile = \"generic-80\"\n");
    bench.start().await;
    let page = bench.connection().await.test_page().await.unwrap().id;
    bench.until_job(&page, Proven).await;
    let guide = bench.print().await;
    bench.until_job(&guide, Proven).await;
    let slips = printer.state().slips;
    assert_eq!(
        slips
            .iter()
            .map(|slip| slip.with_extension("txt").exists())
            .collect::<Vec<_>>(),
        [false, true]
    );
}
