//! 公开时限: when something must be disclosed.

use serde::{Deserialize, Serialize};

/// A time limit of the catalogue, as worded and as understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeLimit {
    /// The source's words.
    pub raw: String,
    /// What they mean.
    #[serde(flatten)]
    pub kind: TimeLimitKind,
}

/// The meaning of a time limit. Only a deadline can be scored for timeliness.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum TimeLimitKind {
    /// `n` days after the trigger; counting starts the next day.
    Deadline {
        /// What starts the clock, such as 信息形成或者变更.
        trigger: Option<String>,
        /// How many days.
        n: u16,
        /// Which days count.
        unit: DayUnit,
    },
    /// 实时公开.
    Immediate,
    /// 及时公开, 按进展情况及时公开.
    Prompt,
    /// Words that give no single deadline; shown as they are.
    Unparsed,
}

/// Which days count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DayUnit {
    /// 工作日.
    Workday,
    /// 日.
    Day,
}

impl TimeLimit {
    /// Reads the wording of a time limit.
    ///
    /// Understood are one single deadline (自信息形成或者变更之日起20个工作日内予以公开), 实时公开 and
    /// 及时公开. Several limits in one phrase, a day of the year, a rhythm (半年至少更新1次) or a minimum
    /// (不得少于30日) stay [unparsed](TimeLimitKind::Unparsed).
    #[must_use]
    pub fn parse(raw: &str) -> Self {
        Self {
            raw: raw.to_owned(),
            kind: TimeLimitKind::parse(raw),
        }
    }
}

impl TimeLimitKind {
    fn parse(raw: &str) -> Self {
        let text = folded(raw);
        let mut quantities = quantities(&text);
        let single = quantities.next();
        if quantities.next().is_some() || text.contains(AMBIGUOUS) {
            return Self::Unparsed;
        }
        let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
        match single {
            Some(Quantity { start, n, unit }) => Self::Deadline {
                trigger: trigger(&text[..start]),
                n,
                unit,
            },
            None if text.contains(|c: char| c.is_ascii_digit()) => Self::Unparsed,
            None if says(&["实时", "即时", "立即"]) => Self::Immediate,
            None if says(&["及时"]) => Self::Prompt,
            None => Self::Unparsed,
        }
    }
}

/// A sign of several limits, or of a number that is no limit of days.
const AMBIGUOUS: &[char] = &['；', ';'];

/// A number of days in a text.
struct Quantity {
    /// Where it begins, in bytes.
    start: usize,
    n: u16,
    unit: DayUnit,
}

/// Full-width digits as plain ones; no white space, no full stop at the end.
fn folded(raw: &str) -> String {
    let text: String = raw
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '０'..='９' => char::from(b'0' + (c as u32 - '０' as u32) as u8),
            other => other,
        })
        .collect();
    text.trim_end_matches('。').to_owned()
}

/// Every number of days: `20个工作日`, `20日内`, `二十日内`. A date such as 1月31日前 is none.
fn quantities(text: &str) -> impl Iterator<Item = Quantity> + '_ {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let start = from + text[from..].find(is_numeral)?;
            let length = text[start..]
                .find(|c| !is_numeral(c))
                .unwrap_or(text.len() - start);
            from = start + length;
            let behind_month = text[..start].ends_with(['月', '年', '第']);
            if let (false, Some(n), Some(unit)) =
                (behind_month, number(&text[start..from]), unit(&text[from..]))
            {
                return Some(Quantity { start, n, unit });
            }
        }
    })
}

fn is_numeral(c: char) -> bool {
    c.is_ascii_digit() || "一二三四五六七八九十百".contains(c)
}

fn number(text: &str) -> Option<u16> {
    match super::document::parse_numeral(text)? {
        (n, "") if n > 0 => Some(n),
        _ => None,
    }
}

fn unit(rest: &str) -> Option<DayUnit> {
    let rest = rest.strip_prefix('个').unwrap_or(rest);
    if rest.starts_with("工作日") {
        Some(DayUnit::Workday)
    } else if rest.starts_with("日内") || rest.starts_with("天内") || rest.starts_with("日以内") {
        Some(DayUnit::Day)
    } else {
        None
    }
}

/// What starts the clock: 自信息形成或者变更之日起 is 信息形成或者变更.
fn trigger(text: &str) -> Option<String> {
    let text = text.strip_prefix(['自', '从']).unwrap_or(text);
    let text = text.strip_prefix('该').unwrap_or(text);
    let text = ["之日起", "之后", "起", "后", "之日"]
        .iter()
        .find_map(|end| text.strip_suffix(end))
        .unwrap_or(text);
    let text = text.trim_end_matches(['，', '、', '：']);
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deadline(trigger: Option<&str>, n: u16, unit: DayUnit) -> TimeLimitKind {
        TimeLimitKind::Deadline {
            trigger: trigger.map(str::to_owned),
            n,
            unit,
        }
    }

    fn kind(raw: &str) -> TimeLimitKind {
        TimeLimit::parse(raw).kind
    }

    #[test]
    fn one_deadline_has_a_trigger_a_number_and_a_unit() {
        use DayUnit::{Day, Workday};
        for (raw, trigger, n, unit) in [
            (
                "自信息形成或者变更之日起20个工作日内予以公开",
                Some("信息形成或者变更"),
                20,
                Workday,
            ),
            (
                "自该政府信息形成或者变更之日起20个工作日内及时公开",
                Some("政府信息形成或者变更"),
                20,
                Workday,
            ),
            (
                "自制作或获取该信息之日起20个工作日内公开",
                Some("制作或获取该信息"),
                20,
                Workday,
            ),
            (
                "信息形成（变更）20个工作日内",
                Some("信息形成（变更）"),
                20,
                Workday,
            ),
            ("分配结果确定后20个工作日内", Some("分配结果确定"), 20, Workday),
            (
                "本级政府财政部门批复后20日内",
                Some("本级政府财政部门批复"),
                20,
                Day,
            ),
            (
                "收到征地批准文件之日起10个工作日内公开。",
                Some("收到征地批准文件"),
                10,
                Workday,
            ),
            ("20工作日", None, 20, Workday),
            ("２０个工作日", None, 20, Workday),
            ("自决定作出之日起七个工作日内", Some("决定作出"), 7, Workday),
            (
                "信息形成或者变更之日起20个工作日内。法律、法规对政府信息公开的期限另有规定的，从其规定。",
                Some("信息形成或者变更"),
                20,
                Workday,
            ),
        ] {
            assert_eq!(kind(raw), deadline(trigger, n, unit), "{raw}");
        }
    }

    #[test]
    fn immediate_and_prompt_disclosure_have_no_number() {
        assert_eq!(kind("实时公开"), TimeLimitKind::Immediate);
        assert_eq!(kind("启动拟征收土地工作时实时公开"), TimeLimitKind::Immediate);
        assert_eq!(kind("及时公开"), TimeLimitKind::Prompt);
        assert_eq!(kind("按进展情况及时公开"), TimeLimitKind::Prompt);
    }

    #[test]
    fn what_is_no_single_deadline_stays_as_worded() {
        for raw in [
            "同上",
            "每年1月31日前",
            "半年至少更新1次",
            "随采购公告、采购文件公开",
            "提前一周发通知邀请",
            "制定或获取信息之日起10个工作日内，公示7个工作日",
            "1.除处罚决定外其他内容：长期公开（动态调整）；2.处罚决定：20个工作日内。",
            "信息形成或者变更之日起20个工作日内予以公开；征求意见期限不得少于30日",
            "",
        ] {
            let limit = TimeLimit::parse(raw);
            assert_eq!(limit.kind, TimeLimitKind::Unparsed, "{raw}");
            assert_eq!(limit.raw, raw);
        }
    }
}
