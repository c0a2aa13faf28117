//! Pages that have no content to show, and say what is possible all the same.

use std::rc::Rc;

use catalog::record::Kind;

use super::model;
use crate::content::Problem;
use crate::navigation::Place;
use crate::ui::KindIcon;
use crate::{App, ui};

/// A way on: its icon, the keys of its two lines, and where it leads on this screen.
type Way = (KindIcon, [&'static str; 2], Option<Place>);

pub(super) fn attach(app: &Rc<App>) {
    let weak = app.weak();
    app.global::<ui::NoticeView>().on_follow(move |index| {
        let Some(app) = weak.upgrade() else { return };
        let ways = match app.place() {
            Place::Suggestions => suggestion_ways(&app),
            _ => elsewhere(),
        };
        match ways.into_iter().nth(index as usize) {
            Some((_, _, Some(Place::Home))) => app.home(),
            Some((_, _, Some(place))) => app.open(place),
            _ => (),
        }
    });
}

/// There is no content on this terminal.
pub(super) fn no_content(app: &App, problem: Problem) -> ui::Page {
    let [title, text] = match problem {
        Problem::NotYet => ["notice-not-yet", "notice-not-yet-text"],
        Problem::Unreadable => ["notice-unreadable", "notice-unreadable-text"],
    };
    fill(app, None, [title, text], None, &in_the_hall());
    ui::Page::Unavailable
}

/// The record that was asked for is not, or no longer, part of the content.
pub(super) fn gone(app: &App) -> ui::Page {
    fill(app, None, ["notice-gone", "notice-gone-text"], None, &elsewhere());
    ui::Page::Unavailable
}

/// 意见建议: what can be done today.
pub(super) fn suggestions(app: &App) -> ui::Page {
    fill(
        app,
        Some("suggestions-crumb"),
        ["suggestions-title", "suggestions-text"],
        Some("suggestions-banner"),
        &suggestion_ways(app),
    );
    ui::Page::Suggestions
}

fn in_the_hall() -> Vec<Way> {
    vec![
        (KindIcon::UserCircle, ["notice-staff", "notice-staff-text"], None),
        (KindIcon::Buildings, ["notice-window", "notice-window-text"], None),
    ]
}

fn elsewhere() -> Vec<Way> {
    vec![
        (
            KindIcon::SquaresFour,
            ["notice-areas", "notice-areas-text"],
            Some(Place::Areas),
        ),
        (
            KindIcon::HouseLine,
            ["notice-home", "notice-home-text"],
            Some(Place::Home),
        ),
        (KindIcon::UserCircle, ["notice-staff", "notice-staff-text"], None),
    ]
}

fn suggestion_ways(app: &App) -> Vec<Way> {
    let form = app.content().of_kind(Kind::Form).into_iter().next();
    let mut ways = vec![
        (
            KindIcon::ChatCircleDots,
            ["suggestions-say", "suggestions-say-text"],
            None,
        ),
        (
            KindIcon::Printer,
            ["suggestions-take", "suggestions-take-text"],
            None,
        ),
    ];
    if let Some(form) = form {
        let keys = ["suggestions-request", "suggestions-request-text"];
        ways.push((KindIcon::EnvelopeSimpleOpen, keys, Some(Place::record(form.id))));
    }
    ways
}

fn fill(app: &App, crumb: Option<&str>, [title, text]: [&str; 2], banner: Option<&str>, ways: &[Way]) {
    let (view, words) = (app.global::<ui::NoticeView>(), app.words());
    let said = |key: Option<&str>| key.map(|key| words.get(key)).unwrap_or_default().into();
    view.set_crumb(said(crumb));
    view.set_title(said(Some(title)));
    view.set_text(said(Some(text)));
    view.set_banner(said(banner));
    view.set_ways_title(said(Some("notice-ways")));
    view.set_ways(model(ways.iter().map(|(icon, [title, text], leads)| {
        ui::NoticeWay {
            icon: *icon,
            title: said(Some(title)),
            text: said(Some(text)),
            leads: leads.is_some(),
        }
    })));
}
