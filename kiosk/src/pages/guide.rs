//! 办事指南: the answer first, then what to bring, how it goes, where; the law last, complete and one touch away.

mod facts;

use catalog::record::{ArticleNumber, Condition, Guide, Material, Record, Relation, Situation, Step};

use self::facts::{facts, in_short};
use super::content::provenance::{self, law_title};
use super::content::{
    Action, Block, Check, Context, Head, Icon, LinkRow, Page, Pair, Row, RowValue, Shortcut, StepMark, Tone,
    card, links, typeset,
};

/// The page of `guide`.
#[must_use]
pub(crate) fn page(guide: &Guide, cx: &Context<'_>) -> Page {
    let notices = notices(guide, cx);
    let facts = Block::Facts(facts(guide, cx));
    let who = section(cx.say("guide-who"), conditions(&guide.who, cx));
    let materials = materials(guide, cx);
    let (mut identity, mut body) = (notices, Vec::new());
    identity.push(facts);
    if cx.large() {
        body.extend(materials);
        body.extend(place(guide, cx));
        body.extend(who);
    } else {
        identity.extend(who);
        body.extend(materials);
    }
    body.extend(section(cx.say("guide-steps"), steps(&guide.steps, cx)));
    body.extend(situations(guide, cx));
    if !cx.large() {
        body.extend(place(guide, cx));
    }
    body.extend(limits(guide, cx));
    body.extend(refusal(guide, cx));
    body.extend(basis(guide, cx));
    links::section(
        "related-interpretations",
        &guide.links,
        Relation::InterpretedBy,
        cx,
        &mut body,
    );
    links::section_of_area(
        "related-entries",
        &guide.links,
        Relation::Entry,
        &guide.area,
        cx,
        &mut body,
    );
    let basis = cx.say("guide-basis");
    Page {
        head: head(guide, cx),
        identity,
        body,
        provenance: provenance::line(&Record::Guide(guide.clone()), cx),
        shortcut: (!guide.legal_basis.is_empty() && !cx.large()).then(|| Shortcut {
            icon: Icon::Basis,
            label: cx.say_with("guide-basis-count", &[("count", &cited(guide).to_string())]),
            action: Action::Section(basis),
        }),
    }
}

fn head(guide: &Guide, cx: &Context<'_>) -> Head {
    let (title, subtitle) = cx.named(&guide.name, guide.name_en.as_deref());
    let nationwide = guide.region.starts_with("全国");
    Head {
        crumbs: [Some(cx.say("record-guide")), cx.area(&guide.area)]
            .into_iter()
            .flatten()
            .collect(),
        title,
        subtitle,
        tag: Some(if nationwide {
            cx.say("guide-nationwide")
        } else {
            typeset(&guide.region)
        }),
    }
}

fn notices(guide: &Guide, cx: &Context<'_>) -> Vec<Block> {
    let mut notices: Vec<Block> = provenance::notice(&guide.validity, cx).into_iter().collect();
    if let Some(note) = &guide.note
        && guide.validity.note.as_ref() != Some(note)
    {
        notices.push(Block::Notice {
            tone: Tone::Warning,
            title: cx.say("guide-note"),
            text: typeset(note),
        });
    }
    notices
}

/// A heading and what is under it; 未提供 when that is nothing.
fn section(heading: String, mut blocks: Vec<Block>) -> Vec<Block> {
    blocks.insert(
        0,
        Block::Heading {
            text: heading,
            remark: None,
        },
    );
    blocks
}

fn unknown(cx: &Context<'_>) -> Block {
    Block::Text {
        text: cx.say("not-provided"),
        tone: Tone::Quiet,
    }
}

fn conditions(conditions: &[Condition], cx: &Context<'_>) -> Vec<Block> {
    match conditions {
        [] => vec![unknown(cx)],
        [only] => vec![Block::Text {
            text: typeset(&only.text),
            tone: Tone::Plain,
        }],
        several => several
            .iter()
            .enumerate()
            .map(|(index, condition)| Block::Clause {
                label: (index + 1).to_string(),
                text: typeset(&condition.text),
                note: note(condition.article),
            })
            .collect(),
    }
}

fn note(article: Option<ArticleNumber>) -> Option<String> {
    article.map(|article| article.to_string())
}

fn materials(guide: &Guide, cx: &Context<'_>) -> Vec<Block> {
    let heading = Block::Heading {
        text: cx.say("guide-materials"),
        remark: (!guide.materials.is_empty() && !cx.large()).then(|| cx.say("guide-materials-remark")),
    };
    let mut blocks = vec![heading];
    if guide.materials.is_empty() {
        blocks.push(unknown(cx));
    }
    let mut short: Option<Check> = None;
    for (index, material) in guide.materials.iter().enumerate() {
        let check = check(index, material, cx);
        let fits =
            !cx.large() && !cx.lying() && check.details.is_empty() && check.title.chars().count() <= 11;
        match (short.take(), fits) {
            (Some(first), true) => blocks.push(Block::Checks(vec![first, check])),
            (first, fits) => {
                blocks.extend(first.map(|first| Block::Checks(vec![first])));
                if fits {
                    short = Some(check);
                } else {
                    blocks.push(Block::Checks(vec![check]));
                }
            }
        }
    }
    blocks.extend(short.map(|check| Block::Checks(vec![check])));
    blocks
}

fn check(index: usize, material: &Material, cx: &Context<'_>) -> Check {
    let when = material
        .when
        .iter()
        .map(|when| (cx.say("guide-material-when"), typeset(when)));
    let details = material
        .details
        .iter()
        .map(|detail| match detail.split_once('：') {
            Some((key, text)) if key.chars().count() <= 9 => (typeset(key), typeset(text)),
            _ => (String::new(), typeset(detail)),
        });
    Check {
        index,
        title: typeset(&material.name),
        details: when.chain(details).collect(),
        ticked: cx.ticks.contains(&index),
    }
}

/// Steps side by side, three or on a lying panel four a row at the most and as even as can be; one a row in large text.
fn steps(steps: &[Step], cx: &Context<'_>) -> Vec<Block> {
    if steps.is_empty() {
        return vec![unknown(cx)];
    }
    let marks: Vec<StepMark> = steps
        .iter()
        .enumerate()
        .map(|(index, step)| StepMark {
            number: index + 1,
            title: typeset(&step.title),
            text: match &step.limit {
                Some(limit) if !step.text.contains(&limit.text) => {
                    typeset(&format!("{}。{}", step.text.trim_end_matches('。'), limit.text))
                }
                _ => typeset(&step.text),
            },
            joined: index + 1 < steps.len(),
        })
        .collect();
    let across = if cx.large() {
        1
    } else {
        let most = if cx.lying() { 4 } else { 3 };
        marks.len().div_ceil(marks.len().div_ceil(most))
    };
    marks
        .chunks(across)
        .map(|row| Block::Steps {
            marks: row.to_vec(),
            across,
        })
        .collect()
}

fn situations(guide: &Guide, cx: &Context<'_>) -> Vec<Block> {
    if guide.situations.is_empty() {
        return Vec::new();
    }
    let row = |situation: &Situation| {
        let names: Vec<String> = situation
            .materials
            .iter()
            .filter_map(|&index| guide.materials.get(index))
            .map(|material| typeset(&material.name))
            .collect();
        let bring = (!names.is_empty())
            .then(|| cx.say_with("guide-situation-bring", &[("materials", &cx.list(&names))]));
        let note = situation.note.as_deref().map(typeset);
        let text = [note, bring].into_iter().flatten().collect::<Vec<_>>().join("\n");
        Block::Row(Row {
            label: typeset(&situation.label),
            inferred: false,
            value: if text.is_empty() {
                RowValue::Unknown
            } else {
                RowValue::Text(text)
            },
        })
    };
    section(
        cx.say("guide-situations"),
        guide.situations.iter().map(row).collect(),
    )
}

/// Where, when, by telephone, for whom else, with what result. A missing value keeps its row.
fn place(guide: &Guide, cx: &Context<'_>) -> Vec<Block> {
    let agency = (!guide.agency.is_empty()).then_some(&guide.agency);
    // Said in the facts already, unless there was no room.
    let fee = guide
        .fee
        .text
        .as_ref()
        .filter(|text| cx.lying() || in_short(text) != **text);
    let rows = [
        ("guide-where", guide.where_to_apply.as_ref().or(agency)),
        ("guide-address", guide.window_address.as_ref()),
        ("guide-hours", guide.office_hours.as_ref()),
        ("guide-phone", guide.phone_consult.as_ref()),
        ("guide-supervise", guide.phone_supervise.as_ref()),
        ("guide-fee", fee),
        ("guide-proxy", guide.proxy.as_ref()),
        ("guide-result", guide.result.as_ref()),
        ("guide-result-validity", guide.result_validity.as_ref()),
        ("guide-code", guide.item_code.as_ref()),
    ];
    let pairs = rows
        .into_iter()
        .filter(|&(label, value)| label != "guide-fee" || value.is_some())
        .map(|(label, value)| Pair {
            label: cx.say(label),
            value: value.map(|text| typeset(text)),
        });
    section(cx.say("guide-place"), card::rows(pairs, cx))
}

/// All limits in the articles, with whom they bind.
fn limits(guide: &Guide, cx: &Context<'_>) -> Vec<Block> {
    if guide.limits.is_empty() {
        return Vec::new();
    }
    let rows = guide.limits.iter().map(|limit| {
        Block::Row(Row {
            label: typeset(&limit.label),
            inferred: false,
            value: RowValue::Text(match limit.article {
                Some(article) => format!("{}（{article}）", typeset(&limit.limit.text)),
                None => typeset(&limit.limit.text),
            }),
        })
    });
    section(cx.say("guide-limits"), rows.collect())
}

fn refusal(guide: &Guide, cx: &Context<'_>) -> Vec<Block> {
    let mut blocks = section(cx.say("guide-refusal"), conditions(&guide.refusal, cx));
    let remedy = match &guide.remedy {
        Some(remedy) => Block::Text {
            text: typeset(remedy),
            tone: Tone::Plain,
        },
        None => unknown(cx),
    };
    blocks.extend(section(cx.say("guide-remedy"), vec![remedy]));
    blocks
}

fn basis(guide: &Guide, cx: &Context<'_>) -> Vec<Block> {
    let rows: Vec<Block> = guide
        .legal_basis
        .iter()
        .map(|law| {
            let articles = links::articles(&law.articles, cx);
            let version = cx.say_with("validity-text-of", &[("date", &law.version)]);
            let parts: Vec<String> = [articles, version]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect();
            Block::Link(LinkRow {
                icon: Icon::Basis,
                title: law_title(&law.title),
                meta: parts.join("\u{3000}"),
                action: Action::Open(law.document.clone(), law.articles.first().copied()),
            })
        })
        .collect();
    let rows = if rows.is_empty() { vec![unknown(cx)] } else { rows };
    section(cx.say("guide-basis"), rows)
}

/// How many articles the guide rests on.
fn cited(guide: &Guide) -> usize {
    guide
        .legal_basis
        .iter()
        .map(|law| law.articles.len().max(1))
        .sum()
}
