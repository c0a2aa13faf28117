//! Parses the full text of a document into headings, articles and paragraphs.
//!
//! Laws are divided into 编, 章, 节 and articles (第X条); policy documents into 一、 and （一）. A line that
//! only mentions an article is running text: an article begins where its number stands at the start of a
//! line, is followed by a space, and goes on counting.

use crate::record::{ArticleNumber, Block, Heading};
use crate::typeset::{fold_document_number, is_han};

/// What is known of the document beside its text, so that the text need not repeat it.
#[derive(Clone, Copy)]
pub(super) struct Known<'a> {
    pub(super) title: &'a str,
    pub(super) doc_no: Option<&'a str>,
    pub(super) history: &'a [String],
}

/// A parsed text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Parsed {
    pub(super) outline: Vec<Heading>,
    pub(super) blocks: Vec<Block>,
}

/// Parses `text`.
pub(super) fn parse(text: &str, known: Known) -> Parsed {
    let lines = cleaned(text);
    let body = without_front_matter(&lines, known);
    let body = without_table_of_contents(body);
    let body = joined(&body);
    let mut builder = Builder {
        books: body
            .iter()
            .any(|line| division(line).is_some_and(|(unit, ..)| unit == '编')),
        ..Builder::default()
    };
    for line in &body {
        builder.line(line);
    }
    builder.parsed
}

/// A line without Markdown, with whether it was marked as a heading.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    text: String,
    heading: bool,
}

fn cleaned(text: &str) -> Vec<Line> {
    text.lines()
        .map(|line| line.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}'))
        .filter(|line| !line.is_empty() && !line.chars().all(|c| c == '-'))
        .map(|line| {
            let bare = line.trim_start_matches('#');
            Line {
                text: bare.trim().replace("**", "").replace('\t', "\u{3000}"),
                heading: bare.len() < line.len(),
            }
        })
        .filter(|line| !line.text.is_empty())
        .collect()
}

/// Drops the title, the number and the history at the top, which the record holds as fields.
fn without_front_matter<'a>(lines: &'a [Line], known: Known) -> &'a [Line] {
    let title = squeezed(known.title);
    let mut rest = lines;
    if let Some((first, others)) = rest.split_first()
        && first.heading
        && division(first).is_none()
        && numbered(&first.text).is_none()
    {
        rest = others;
    }
    loop {
        let Some(first) = rest.first() else {
            return rest;
        };
        let known_line = known
            .history
            .iter()
            .any(|line| squeezed(line) == squeezed(&first.text))
            || known
                .doc_no
                .is_some_and(|number| fold_document_number(&first.text) == number);
        if known_line {
            rest = &rest[1..];
        } else if let Some(length) = title_lines(rest, &title) {
            rest = &rest[length..];
        } else {
            return rest;
        }
    }
}

/// How many lines at the top together repeat the title.
fn title_lines(lines: &[Line], title: &str) -> Option<usize> {
    let mut joined = String::new();
    for (index, line) in lines.iter().take(4).enumerate() {
        joined.push_str(&squeezed(&line.text));
        if joined == title {
            return Some(index + 1);
        }
    }
    None
}

/// Drops the lines between 目录 and the place where its first heading comes again.
fn without_table_of_contents(lines: &[Line]) -> Vec<Line> {
    let Some(start) = lines
        .iter()
        .position(|line| matches!(squeezed(&line.text).as_str(), "目录" | "目次"))
    else {
        return lines.to_vec();
    };
    let first = lines.get(start + 1).map(|line| squeezed(&line.text));
    let again = lines
        .iter()
        .skip(start + 2)
        .position(|line| Some(squeezed(&line.text)) == first);
    match again {
        Some(offset) => [&lines[..start], &lines[start + 2 + offset..]].concat(),
        None => lines.to_vec(),
    }
}

/// Joins a paragraph that a page break cut in two: it stops within a sentence, and what follows begins
/// with plain words.
fn joined(lines: &[Line]) -> Vec<Line> {
    let mut result: Vec<Line> = Vec::with_capacity(lines.len());
    for line in lines {
        let cut = |previous: &Line| {
            !previous.heading
                && !line.heading
                && previous.text.chars().count() >= 20
                && previous.text.chars().next_back().is_some_and(is_han)
                && line.text.chars().next().is_some_and(is_han)
                && line.text.chars().count() >= 20
                && division(line).is_none()
                && numbered(&line.text).is_none()
                && ArticleNumber::parse_prefix(&line.text).is_none()
                && !previous.text.contains('\u{3000}')
        };
        match result.last_mut() {
            Some(previous) if cut(previous) => previous.text.push_str(&line.text),
            _ => result.push(line.clone()),
        }
    }
    result
}

#[derive(Default)]
struct Builder {
    parsed: Parsed,
    /// Whether the document has 编 above its 章.
    books: bool,
    /// The last article, while its paragraphs go on.
    article: Option<ArticleNumber>,
    /// Whether a heading without a number may begin a text with its own count of articles.
    new_text: bool,
}

impl Builder {
    fn line(&mut self, line: &Line) {
        if let Some((unit, label, title)) = division(line) {
            let level = match unit {
                '编' => 1,
                '章' => 1 + u8::from(self.books),
                _ => 2 + u8::from(self.books),
            };
            self.heading(level, label, title);
        } else if let Some((number, rest)) = self.article(&line.text) {
            self.article = Some(number);
            self.new_text = false;
            self.parsed.blocks.push(Block::Article {
                number,
                paragraphs: vec![rest.to_owned()],
            });
        } else if let (None, Some((level, label, rest))) = (self.article, numbered(&line.text)) {
            self.policy_heading(level, label, rest, line.heading);
        } else if line.heading {
            self.article = None;
            self.new_text = true;
            self.push_heading(1, "", &line.text);
        } else {
            self.paragraph(&line.text);
        }
    }

    fn article<'a>(&self, text: &'a str) -> Option<(ArticleNumber, &'a str)> {
        let (number, rest) = ArticleNumber::parse_prefix(text)?;
        let spaced = rest.starts_with(char::is_whitespace);
        let counts_on = self.article.is_none_or(|last| number > last) || self.new_text;
        (spaced && counts_on).then(|| (number, rest.trim_start()))
    }

    fn heading(&mut self, level: u8, label: &str, title: &str) {
        self.push_heading(level, label, title);
        // Articles count on across chapters, but no paragraph belongs to the one before the heading.
        self.new_text |= self.article.is_none();
    }

    /// `一、总体要求` is a heading; `（一）指导思想。以……` a heading and its first paragraph; a numbered
    /// sentence without a title stays a paragraph.
    fn policy_heading(&mut self, level: u8, label: &str, rest: &str, marked: bool) {
        let (title, text) = match rest.find('。') {
            None => (rest, ""),
            Some(stop) => (&rest[..stop], &rest[stop + '。'.len_utf8()..]),
        };
        let length = title.chars().count();
        let sentence = text.is_empty() && rest.ends_with('。') && title.contains(['，', '：', '；']);
        if marked || (length <= 40 && !sentence && !(text.is_empty() && rest.ends_with('；'))) {
            self.push_heading(level, label, title);
            if !text.is_empty() {
                self.paragraph(text);
            }
        } else {
            self.paragraph(&format!("{label}{rest}"));
        }
    }

    fn push_heading(&mut self, level: u8, label: &str, title: &str) {
        self.parsed.outline.push(Heading {
            level,
            label: label.to_owned(),
            title: without_inner_spaces(title),
            block: self.parsed.blocks.len(),
        });
    }

    fn paragraph(&mut self, text: &str) {
        let under_heading = self
            .parsed
            .outline
            .last()
            .is_some_and(|heading| heading.block == self.parsed.blocks.len());
        match (self.parsed.blocks.last_mut(), under_heading) {
            (Some(Block::Article { paragraphs, .. }), false) => paragraphs.push(text.to_owned()),
            _ => self.parsed.blocks.push(Block::Paragraph {
                text: text.to_owned(),
            }),
        }
    }
}

const NUMERALS: [char; 12] = [
    '零', '一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '百',
];

/// `第二章 总 则` as unit, label and title.
fn division(line: &Line) -> Option<(char, &str, &str)> {
    let text = line.text.as_str();
    let after = text.strip_prefix('第')?.trim_start_matches(NUMERALS);
    let unit = after
        .chars()
        .next()
        .filter(|unit| matches!(unit, '编' | '章' | '节'))?;
    let title = &after[unit.len_utf8()..];
    let spaced = title.is_empty() || title.starts_with(char::is_whitespace);
    // Unmarked, a heading is a short line of its own.
    let heading = line.heading || (spaced && text.chars().count() <= 40 && !text.ends_with('。'));
    heading.then(|| (unit, &text[..text.len() - title.len()], title.trim()))
}

/// `一、` and `（一）` as level, label and what follows.
fn numbered(text: &str) -> Option<(u8, &str, &str)> {
    let (level, after) = match text.strip_prefix('（') {
        Some(inner) => (2, behind_numeral(inner)?.strip_prefix('）')?),
        None => (1, behind_numeral(text)?.strip_prefix('、')?),
    };
    Some((level, &text[..text.len() - after.len()], after.trim()))
}

/// What follows the numeral at the start of `text`.
fn behind_numeral(text: &str) -> Option<&str> {
    let after = text.trim_start_matches(NUMERALS);
    (after.len() < text.len()).then_some(after)
}

/// Text without any white space, for comparing.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// `总 则` as 总则: spaces between Han characters only spread a short heading over its line.
fn without_inner_spaces(title: &str) -> String {
    let characters: Vec<char> = title.chars().collect();
    let spread = |at: usize| {
        let before = characters[..at].iter().rev().find(|c| !c.is_whitespace());
        let after = characters[at..].iter().find(|c| !c.is_whitespace());
        characters[at].is_whitespace()
            && before.copied().is_some_and(is_han)
            && after.copied().is_some_and(is_han)
    };
    let kept = (0..characters.len()).filter(|&at| !spread(at));
    kept.map(|at| characters[at]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Parsed {
        parse(
            text,
            Known {
                title: "某某条例",
                doc_no: Some("国发〔2019〕5号"),
                history: &["2019年1月1日 公布".to_owned()],
            },
        )
    }

    fn article(number: u16, inserted: u16, paragraphs: &[&str]) -> Block {
        Block::Article {
            number: ArticleNumber { number, inserted },
            paragraphs: paragraphs.iter().map(|&text| text.to_owned()).collect(),
        }
    }

    #[test]
    fn a_law_becomes_chapters_and_articles_with_their_paragraphs() {
        let law = parsed(
            "# 某某条例\n\n2019年1月1日 公布\n\n## 第一章 总 则\n\n第一条 目的。\n\n第二条 包括：\n\n（一）甲；\n\n\
             ## 第二章 罚则\n\n第二条之一 另一款。",
        );
        assert_eq!(
            law.blocks,
            [
                article(1, 0, &["目的。"]),
                article(2, 0, &["包括：", "（一）甲；"]),
                article(2, 1, &["另一款。"])
            ]
        );
        let titles: Vec<_> = law
            .outline
            .iter()
            .map(|h| (h.level, &*h.label, &*h.title, h.block))
            .collect();
        assert_eq!(titles, [(1, "第一章", "总则", 0), (1, "第二章", "罚则", 2)]);
    }

    #[test]
    fn a_quoted_article_stays_in_the_article_that_quotes_it() {
        let law = parsed("第五条 修改如下：\n第三条 旧文。\n第六条所称情形除外。\n第六条 新文。");
        assert_eq!(
            law.blocks,
            [
                article(5, 0, &["修改如下：", "第三条 旧文。", "第六条所称情形除外。"]),
                article(6, 0, &["新文。"])
            ]
        );
    }

    #[test]
    fn a_table_of_contents_is_not_the_text() {
        let law =
            parsed("目　录\n第一章 总则\n第二章 附则\n第一章　总则\n第一条 甲。\n第二章　附则\n第二条 乙。");
        assert_eq!(law.outline.len(), 2);
        assert_eq!(law.blocks.len(), 2);
    }

    #[test]
    fn a_policy_document_is_divided_by_its_numbered_headings() {
        let policy = parsed(
            "# 某某条例\n\n某某\n条例\n国发﹝2019﹞5号\n\n各市人民政府：\n一、总体要求\n（一）指导思想。以服务为本。\n\
             二、元旦：1月1日放假，共1天。",
        );
        let titles: Vec<_> = policy
            .outline
            .iter()
            .map(|h| (h.level, &*h.label, &*h.title, h.block))
            .collect();
        assert_eq!(titles, [(1, "一、", "总体要求", 1), (2, "（一）", "指导思想", 1)]);
        let paragraph = |text: &str| Block::Paragraph {
            text: text.to_owned(),
        };
        assert_eq!(
            policy.blocks,
            [
                paragraph("各市人民政府："),
                paragraph("以服务为本。"),
                paragraph("二、元旦：1月1日放假，共1天。")
            ]
        );
    }

    #[test]
    fn books_stand_above_chapters_and_chapters_above_sections() {
        let law = parsed("## 第一编 总则\n### 第一章 甲\n#### 第一节 乙\n第一条 丙。");
        let levels: Vec<u8> = law.outline.iter().map(|heading| heading.level).collect();
        assert_eq!(levels, [1, 2, 3]);
    }
}
