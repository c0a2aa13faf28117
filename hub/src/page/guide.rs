//! The page of a guide: the answer first, the law last.

use catalog::record::{Binds, Condition, FeeKind, Guide, Material, PlainLimit, Relation};
use maud::{Markup, html};

use super::parts::{article, fact, link, not_provided, optional_row, related, row, section};
use super::words::{both, set};

pub(super) fn content(guide: &Guide) -> Markup {
    html! {
        dl.facts {
            (fact("statutory-limit", &limit(guide.statutory_limit.as_ref())))
            (fact("fee", &fee(guide)))
            (fact("promised-limit", &limit(guide.promised_limit.as_ref())))
        }
        p { (set(&guide.summary)) }
        (section("who", conditions(&guide.who)))
        (section("materials", Some(materials(&guide.materials))))
        (section("situations", situations(guide)))
        (section("steps", steps(guide)))
        (section("where", Some(place(guide))))
        (section("limits", limits(guide)))
        (section("refusal", conditions(&guide.refusal)))
        (section("remedy", guide.remedy.as_ref().map(|text| html! { p { (set(text)) } })))
        (section("legal-basis", bases(guide)))
        (section("law-text", sections(guide)))
        (section("note", guide.note.as_ref().map(|text| html! { p { (set(text)) } })))
        (related(&guide.links))
    }
}

/// The figure large, the words below it.
fn limit(limit: Option<&PlainLimit>) -> Markup {
    match limit {
        None => not_provided(),
        Some(PlainLimit { text, duration: None }) => html! { (set(text)) },
        Some(PlainLimit {
            text,
            duration: Some(duration),
        }) => {
            let figure = format!("{}{}", duration.number, duration.unit);
            html! {
                span.big { (duration.number) " " small { (duration.unit) } }
                @if *text != figure { span.why { (set(text)) } }
            }
        }
    }
}

fn fee(guide: &Guide) -> Markup {
    let short = match guide.fee.kind {
        FeeKind::Unknown => match &guide.fee.text {
            Some(text) => return html! { (set(text)) },
            None => return not_provided(),
        },
        FeeKind::Free => "fee-free",
        FeeKind::Charged => "fee-charged",
        FeeKind::Mixed => "fee-mixed",
    };
    html! {
        (both(short))
        @if let Some(text) = &guide.fee.text { span.why { (set(text)) (article(guide.fee.article)) } }
    }
}

fn conditions(conditions: &[Condition]) -> Option<Markup> {
    (!conditions.is_empty()).then(|| {
        html! {
            ul { @for condition in conditions { li { (set(&condition.text)) (article(condition.article)) } } }
        }
    })
}

fn materials(materials: &[Material]) -> Markup {
    if materials.is_empty() {
        return html! { p { (not_provided()) } };
    }
    html! {
        ul.list {
            @for material in materials {
                li {
                    strong { (set(&material.name)) } (article(material.article))
                    @if let Some(when) = &material.when { div { (both("when")) "　" (set(when)) } }
                    @if !material.details.is_empty() {
                        ul { @for detail in &material.details { li { (set(detail)) } } }
                    }
                }
            }
        }
    }
}

fn situations(guide: &Guide) -> Option<Markup> {
    (!guide.situations.is_empty()).then(|| {
        html! {
            ul {
                @for situation in &guide.situations {
                    li {
                        strong { (set(&situation.label)) }
                        @if let Some(note) = &situation.note { "　" (set(note)) }
                        @let names = situation.materials.iter().filter_map(|&index| guide.materials.get(index));
                        @for material in names { br; (set(&material.name)) }
                    }
                }
            }
        }
    })
}

fn steps(guide: &Guide) -> Option<Markup> {
    (!guide.steps.is_empty()).then(|| {
        html! {
            ol.steps {
                @for step in &guide.steps {
                    li {
                        strong { (set(&step.title)) } (article(step.article))
                        br; (set(&step.text))
                        @if let Some(limit) = &step.limit { span.why { (set(&limit.text)) } }
                    }
                }
            }
        }
    })
}

fn place(guide: &Guide) -> Markup {
    html! {
        dl.rows {
            (row("where", guide.where_to_apply.as_deref()))
            (row("agency", Some(&guide.agency)))
            (row("window", guide.window_address.as_deref()))
            (row("hours", guide.office_hours.as_deref()))
            (row("phone", guide.phone_consult.as_deref()))
            (row("supervision", guide.phone_supervise.as_deref()))
            (row("place", Some(&guide.region)))
            (row("target", Some(&guide.target.join("、"))))
            (row("item-code", guide.item_code.as_deref()))
            (optional_row("proxy", guide.proxy.as_deref()))
            (row("result", guide.result.as_deref()))
            (optional_row("result-validity", guide.result_validity.as_deref()))
        }
    }
}

fn limits(guide: &Guide) -> Option<Markup> {
    let binds = |binds| match binds {
        Binds::Resident => "binds-resident",
        Binds::Office => "binds-office",
        Binds::Other => "binds-other",
    };
    (!guide.limits.is_empty()).then(|| {
        html! {
            ul {
                @for limit in &guide.limits {
                    li {
                        strong { (set(&limit.label)) } "　" (set(&limit.limit.text)) (article(limit.article))
                        br; span.art { (both(binds(limit.binds))) }
                    }
                }
            }
        }
    })
}

fn bases(guide: &Guide) -> Option<Markup> {
    let bases: Vec<_> = guide
        .links
        .iter()
        .filter(|link| link.relation == Relation::Basis)
        .collect();
    (!bases.is_empty()).then(|| {
        html! { ul { @for basis in bases { li { (link(basis)) } } } }
    })
}

fn sections(guide: &Guide) -> Option<Markup> {
    (!guide.sections.is_empty()).then(|| {
        html! {
            @for section in &guide.sections {
                details {
                    summary { (set(&section.field)) (article(section.article)) }
                    @for line in section.text.lines() { p { (set(line)) } }
                }
            }
        }
    })
}
