//! What stands around the text: the keys that turn, the rail of chapters, what explains the article.

use super::interpretation::Passage;
use super::open::{At, Open, next, previous, rail_start};
use crate::pages::content::Say as _;
use crate::pages::content::view::model;
use crate::ui;
use crate::words::Words;

pub(super) fn show_turn(open: &Open, reader: &ui::Reader<'_>, words: &Words) {
    let by_article = open.has_articles() && matches!(open.at, At::Text(_));
    let (here, total, of) = match open.at {
        At::About(screen) => (screen + 1, open.about.len(), "document-screens"),
        At::Text(place) if by_article => (
            open.reading.article_at(place).map_or(1, |here| here + 1),
            open.reading.article_count(),
            "document-articles",
        ),
        At::Text(place) => (open.screen_at(place) + 1, open.starts.len(), "document-screens"),
    };
    let goes_on = match (open.at, next(open)) {
        (At::Text(place), Some(At::Text(next))) if by_article => {
            open.reading.article_at(place) == open.reading.article_at(next)
                && open
                    .reading
                    .article_place(here - 1)
                    .is_some_and(|own| own <= place)
        }
        _ => false,
    };
    let (previous_key, next_key) = if by_article {
        (
            "document-previous",
            if goes_on {
                "document-continues"
            } else {
                "document-next"
            },
        )
    } else {
        ("document-previous-screen", "document-next-screen")
    };
    reader.set_here(here.to_string().into());
    reader.set_of(words.say_with(of, &[("total", &total.to_string())]).into());
    reader.set_previous_text(words.get(previous_key).into());
    reader.set_next_text(words.get(next_key).into());
    reader.set_can_previous(previous(open).is_some());
    reader.set_can_next(next(open).is_some());
    reader.set_can_jump(open.has_articles());
    reader.set_is_about(matches!(open.at, At::About(_)));
}

pub(super) fn show_rail(open: &Open, reader: &ui::Reader<'_>) {
    let chapters = open.reading.chapters();
    let fit = open.geometry.chapters(chapters.len(), open.has_articles());
    let first = rail_start(open, fit);
    let selected = match open.at {
        At::Text(place) => open.reading.chapter_at(place),
        At::About(_) => None,
    };
    reader.set_more_above(first > 0);
    reader.set_more_below(first + fit < chapters.len());
    reader.set_rail(model(chapters.iter().enumerate().skip(first).take(fit).map(
        |(index, chapter)| ui::RailItem {
            label: chapter.label.as_str().into(),
            title: chapter.title.as_str().into(),
            selected: selected == Some(index),
            action: index as i32,
        },
    )));
}

pub(super) fn show_explained(open: &Open, reader: &ui::Reader<'_>) {
    let At::Text(place) = open.at else {
        reader.set_explains(false);
        return;
    };
    let article = open.reading.article_at(place);
    let passage = open.explained.as_ref().map(|explained| {
        let near = article
            .and_then(|article| Passage::nearest(&explained.passages, &open.reading.article_text(article)));
        let text = near
            .or(explained.passages.first())
            .map_or("", |passage| passage.text.as_str());
        ui::Explained {
            source: explained.title.as_str().into(),
            text: text.into(),
        }
    });
    reader.set_explains(passage.is_some());
    reader.set_explained(passage.unwrap_or_default());
}
