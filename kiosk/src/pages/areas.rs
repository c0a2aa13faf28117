//! All areas of disclosure.

use std::rc::Rc;

use catalog::record::{Area, RecordId};
use catalog::release::Signature;
use terminal_api::interface::Language;

use super::{area_name, as_of, icons, model};
use crate::navigation::Place;
use crate::words::Words;
use crate::{App, ui};

/// A Chinese name longer than this is broken in the middle: two even lines read better than one and a bit.
const LONGEST_LINE: usize = 8;

pub(super) fn attach(app: &Rc<App>) {
    let weak = app.weak();
    app.global::<ui::AreasView>().on_open(move |id| {
        if let (Some(app), Ok(id)) = (weak.upgrade(), RecordId::try_from(id.as_str())) {
            app.open(Place::Area { id, kind: None });
        }
    });
}

pub(super) fn show(app: &App) -> ui::Page {
    let (view, words, content) = (app.global::<ui::AreasView>(), app.words(), app.content());
    let (pilot, others): (Vec<&Area>, Vec<&Area>) =
        content.areas().iter().partition(|area| area.founding_pilot);
    let shown = |area: &Area, count: String| area_view(area, &words, count);
    view.set_long_names(words.language() == Language::En);
    view.set_title(words.count("areas-title", content.areas().len() as u64).into());
    view.set_pilot_remark(words.count("areas-pilot-remark", pilot.len() as u64).into());
    view.set_others_remark(words.count("areas-others-remark", others.len() as u64).into());
    view.set_pilot(model(pilot.iter().map(|area| {
        shown(area, words.count("count-entries", content.pages_in(&area.id)))
    })));
    view.set_others(model(
        others
            .iter()
            .map(|area| shown(area, content.pages_in(&area.id).to_string())),
    ));
    view.set_provenance(ui::ProvenanceView {
        publisher: words.get("areas-publisher").into(),
        source: words.get("areas-source").into(),
        validity: words.get("not-provided").into(),
        as_of: as_of(app).into(),
        verified: content.signature() == Signature::Verified,
    });
    ui::Page::Areas
}

fn area_view(area: &Area, words: &Words, count: String) -> ui::AreaView {
    let renamed = area.current_name != area.name && words.language() == Language::Zh;
    let now_called = if renamed {
        words.with("areas-now-called", [("name", area.current_name.as_str().into())])
    } else {
        String::new()
    };
    ui::AreaView {
        id: area.id.as_str().into(),
        icon: icons::of_area(&area.code),
        name: broken(&area_name(area, words.language()), words.language()).into(),
        now_called: now_called.into(),
        count: count.into(),
    }
}

/// A long Chinese name in two lines of even length.
fn broken(name: &str, language: Language) -> String {
    let characters: Vec<char> = name.chars().collect();
    if language != Language::Zh || characters.len() <= LONGEST_LINE {
        return name.to_owned();
    }
    let (first, second) = characters.split_at(characters.len().div_ceil(2));
    first.iter().chain(&['\n']).chain(second).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_is_broken_into_even_lines() {
        assert_eq!(broken("国有土地上房屋征收", Language::Zh), "国有土地上\n房屋征收");
        assert_eq!(broken("农村集体土地征收", Language::Zh), "农村集体土地征收");
        assert_eq!(
            broken("Expropriation of houses", Language::En),
            "Expropriation of houses"
        );
    }
}
