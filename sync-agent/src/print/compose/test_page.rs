//! The page that shows what a printer can do: type, rare characters, shades, a code.

use catalog::Language;
use hardware::printer::Profile;
use hardware::slip::{Element, Layout, Picture, Row, RuleWeight, Size, TextStyle};

use super::composer::Composer;
use super::{Context, Request};

/// Names and places have these; many printers' own fonts do not.
const RARE: &str = "㛃 㐂 䶮 𠅤 𫖮 𬭚 𬱟 龘";

/// What a code must be able to carry.
const CODE: &str = "https://example.org/i/test-page?明窗";

/// Composes the test page for a printer of this profile.
#[must_use]
pub fn test_page(profile: &Profile, context: &Context<'_>) -> Layout {
    let request = Request {
        records: &[],
        article: None,
        ticks: &[],
        language: Language::Zh,
        size: Size::Normal,
    };
    let mut composer = Composer::new(&request, context);
    composer.header();
    let title = composer.say("test-title");
    composer.title(&title, None);
    let printed = context.printed_at.strftime("%Y-%m-%d %H:%M").to_string();
    let rows = [
        composer.row("test-profile", Some(profile.name)),
        composer.row(
            "test-width",
            Some(&format!("{} × {} dpi", profile.paper.dots(), profile.dpi)),
        ),
        composer.row("test-time", Some(&printed)),
    ];
    composer.rows(rows);
    composer.heading("test-type");
    for style in [TextStyle::Small, TextStyle::Body, TextStyle::Strong] {
        let sample = composer.say("test-sample");
        composer.paragraph(&sample, style);
    }
    composer.heading("test-rare");
    composer.body(RARE);
    composer.heading("test-grey");
    composer.push(Element::Picture {
        picture: Picture::ramp(profile.paper.dots() - 32, 64),
    });
    for weight in [RuleWeight::Thin, RuleWeight::Medium, RuleWeight::Thick] {
        composer.push(Element::Rule { weight });
    }
    composer.push(Element::Tick {
        text: composer.say("test-tick"),
        ticked: true,
        details: Vec::new(),
    });
    composer.push(Element::Rows {
        rows: vec![Row {
            label: "0123456789".to_owned(),
            value: "ABCXYZ abcxyz".to_owned(),
        }],
    });
    composer.push(Element::Qr {
        payload: CODE.to_owned(),
        caption: composer.say("test-code"),
        hints: vec![CODE.to_owned()],
        short_code: None,
    });
    composer.finish()
}
