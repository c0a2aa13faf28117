//! The number pad that leads to an article.

use std::rc::Rc;

use catalog::record::ArticleNumber;
use slint::SharedString;

use super::open::{At, Open};
use super::page::turn;
use crate::{App, ui};

pub(super) fn attach(app: &Rc<App>) {
    /// No law has an article with more digits.
    const DIGITS: usize = 4;
    let pad = app.global::<ui::JumpPad>();
    let weak = app.weak();
    pad.on_digit(move |digit: SharedString| {
        let Some(app) = weak.upgrade() else { return };
        {
            let mut digits = app.pages().document.digits.borrow_mut();
            if digits.len() < DIGITS && !(digits.is_empty() && digit == "0") {
                digits.push_str(&digit);
            }
        }
        show(&app);
    });
    pad.on_erase(app.react(|app| {
        app.pages().document.digits.borrow_mut().pop();
        show(app);
    }));
    pad.on_clear(app.react(|app| {
        app.pages().document.digits.borrow_mut().clear();
        show(app);
    }));
    pad.on_close(app.react(|app| app.global::<ui::JumpPad>().set_shown(false)));
    pad.on_go(app.react(|app| {
        let digits = app.pages().document.digits.borrow().clone();
        turn(app, |open| {
            Some(At::Text(open.reading.article_place(named(open, &digits)?)?))
        });
        app.global::<ui::JumpPad>().set_shown(false);
    }));
}

/// The article that the digits name.
fn named(open: &Open, digits: &str) -> Option<usize> {
    open.reading.find(ArticleNumber {
        number: digits.parse().ok()?,
        inserted: 0,
    })
}

pub(super) fn show(app: &App) {
    /// The article's first line, as much as the pad shows.
    const PREVIEW: usize = 44;
    let (pad, words, open) = (
        app.global::<ui::JumpPad>(),
        app.words(),
        app.pages().document.open.borrow(),
    );
    let digits = app.pages().document.digits.borrow();
    let Some(open) = open.as_ref() else { return };
    let found = named(open, &digits);
    let number: Option<u16> = digits.parse().ok();
    pad.set_digits(digits.as_str().into());
    pad.set_can_go(found.is_some());
    pad.set_article(
        number
            .map_or_else(
                || words.get("jump-article"),
                |number| ArticleNumber { number, inserted: 0 }.to_string(),
            )
            .into(),
    );
    pad.set_preview(
        match (found.and_then(|found| open.reading.first_line(found)), number) {
            (Some(line), _) => {
                let short: String = line.chars().take(PREVIEW).collect();
                if short.len() < line.len() {
                    format!("{short}……").into()
                } else {
                    short.into()
                }
            }
            (None, Some(_)) => words.get("jump-missing").into(),
            (None, None) => words
                .count("jump-empty", open.reading.article_count() as u64)
                .into(),
        },
    );
}
