//! Splits running text at its own numbering.

/// A style of numbering: the text of the marker with this number, from 1.
type Style = fn(usize) -> Option<String>;

const CHINESE: [&str; 20] = [
    "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三", "十四", "十五",
    "十六", "十七", "十八", "十九", "二十",
];

const STYLES: [Style; 8] = [
    |n| Some(format!("{n}.")),
    |n| Some(format!("{n}．")),
    |n| Some(format!("{n}、")),
    |n| Some(format!("（{n}）")),
    |n| CHINESE.get(n - 1).map(|numeral| format!("（{numeral}）")),
    |n| CHINESE.get(n - 1).map(|numeral| format!("{numeral}、")),
    |n| (n <= 20).then(|| char::from_u32('①' as u32 + n as u32 - 1).map(String::from))?,
    |n| Some(format!("{n}）")),
];

/// The elements of a 公开内容, without their numbers; the whole text when it has no numbering.
pub(super) fn split(text: &str) -> Vec<String> {
    let text = text.trim();
    let pieces = numbered(text).unwrap_or_else(|| text.split('；').map(str::to_owned).collect());
    pieces
        .iter()
        .map(|piece| piece.trim().trim_end_matches(['；', ';']).trim())
        .filter(|piece| !piece.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Splits at the style of numbering that begins first, which is the outermost.
fn numbered(text: &str) -> Option<Vec<String>> {
    let (_, markers) = STYLES
        .iter()
        .filter_map(|style| {
            let markers = sequence(text, *style);
            (markers.len() >= 2).then(|| (markers[0].0, markers))
        })
        .min_by_key(|(start, _)| *start)?;
    let mut pieces = vec![text[..markers[0].0].to_owned()];
    for (index, &(_, end)) in markers.iter().enumerate() {
        let until = markers.get(index + 1).map_or(text.len(), |&(start, _)| start);
        pieces.push(text[end..until].to_owned());
    }
    Some(pieces)
}

/// The byte ranges of the markers 1, 2, 3 … in their order.
fn sequence(text: &str, style: Style) -> Vec<(usize, usize)> {
    let mut markers = Vec::new();
    let mut from = 0;
    while let Some(marker) = style(markers.len() + 1) {
        let Some(at) = find_marker(text, from, &marker) else {
            break;
        };
        from = at + marker.len();
        markers.push((at, from));
    }
    markers
}

/// The next place where `marker` stands by itself: not the end of a longer number, not a decimal.
fn find_marker(text: &str, from: usize, marker: &str) -> Option<usize> {
    text[from..]
        .match_indices(marker)
        .map(|(at, _)| from + at)
        .find(|&at| {
            let before = text[..at].chars().next_back();
            let after = text[at + marker.len()..].chars().next();
            let numeral = |c: char| c.is_ascii_digit() || CHINESE[..10].iter().any(|n| n.starts_with(c));
            !before.is_some_and(numeral) && !after.is_some_and(|c| c.is_ascii_digit())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_splits_at_its_outermost_numbering() {
        assert_eq!(
            split("1.机构名称；2.开放时间；3.地址。"),
            ["机构名称", "开放时间", "地址。"]
        );
        assert_eq!(
            split("包括：（一）受理：①材料②窗口；（二）决定"),
            ["包括：", "受理：①材料②窗口", "决定"]
        );
    }

    #[test]
    fn text_without_numbering_splits_at_semicolons() {
        assert_eq!(split("典型案例；网址"), ["典型案例", "网址"]);
        assert_eq!(split("规划批准文件、文本"), ["规划批准文件、文本"]);
    }

    #[test]
    fn decimals_and_longer_numbers_are_no_markers() {
        assert_eq!(split("面积1.5亩、12.3亩"), ["面积1.5亩、12.3亩"]);
    }
}
