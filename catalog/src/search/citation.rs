//! Articles and numbers by which documents are cited, cut out of what was typed.

use super::fold::Folded;
use super::number::Number;
use crate::record::ArticleNumber;

/// How the names of laws end.
const LAWS: &[&str] = &["法典", "法", "条例", "规定", "办法", "细则", "规则"];
/// How one goes on who has named an article.
const AFTER_ARTICLE: &[char] = &['的', '是', '怎', '规', '内', '说', '讲'];

/// Cuts 第二十九条 or 29条 out of a text, wherever it stands, unless nothing else is there.
pub(super) fn without_article(text: &str) -> (String, Option<ArticleNumber>) {
    let digits = "零〇一二三四五六七八九十百千0123456789０１２３４５６７８９";
    for (at, _) in text.match_indices('条') {
        let before = text[..at].trim_end();
        let numeral = before.trim_end_matches(|character| digits.contains(character));
        if numeral.len() == before.len() {
            continue;
        }
        let plain: String = Folded::new(&before[numeral.len()..], 8)
            .chars
            .into_iter()
            .collect();
        let worded = format!("第{plain}{}", &text[at..]);
        let Some((article, rest)) = ArticleNumber::parse_prefix(&worded) else {
            continue;
        };
        let numeral = numeral.trim_end();
        let title = numeral.strip_suffix('第').unwrap_or(numeral);
        // 三条红线 and 稳就业20条措施 are no articles: without 第, only figures that follow a law's name or end the
        // query or a part of it, and numerals that do both.
        let is_explicit = title.len() < numeral.len();
        let is_figures = plain.bytes().all(|byte| byte.is_ascii_digit());
        let is_of_law = LAWS.iter().any(|law| title.trim_end().ends_with(law));
        let ends = !rest.starts_with(char::is_alphanumeric);
        let ends_law = is_of_law && (ends || rest.starts_with(AFTER_ARTICLE));
        let is_alone = !title.chars().chain(rest.chars()).any(char::is_alphanumeric);
        if !is_alone && (is_explicit || ends_law || is_figures && (is_of_law || ends)) {
            return (format!("{title} {rest}"), Some(article));
        }
    }
    (text.to_owned(), None)
}

/// Cuts the number of a document out of a text that names the document as well: 信息公开条例（国务院令第711号）.
pub(super) fn without_number(text: &str) -> (String, Option<Number>) {
    let is_between = |character: char| character.is_whitespace() || "（）()《》，,、".contains(character);
    let mut at = 0;
    for piece in text.split_inclusive(is_between) {
        let end = at + piece.len();
        let piece = piece.trim_end_matches(is_between);
        let number = Number::parse(piece).filter(Number::is_whole);
        let rest = format!("{} {}", &text[..at], &text[end..]);
        if number.is_some() && rest.contains(char::is_alphanumeric) {
            return (rest, number);
        }
        at = end;
    }
    (text.to_owned(), None)
}

#[cfg(test)]
mod tests {
    use super::super::query::Parsed;

    #[test]
    fn an_article_is_cut_out_of_the_query() {
        for (text, rest, number) in [
            ("条例 第二十九条", "条例", 29),
            ("政府信息公开条例第29条", "政府信息公开条例", 29),
            ("信息公开条例29条", "信息公开条例", 29),
        ] {
            let parsed = Parsed::new(text);
            assert_eq!(
                parsed.article.map(|article| article.number),
                Some(number),
                "{text}"
            );
            assert_eq!(parsed.folded.chars.iter().collect::<String>(), rest);
        }
        for (text, number) in [
            ("老年人权益保障法三十条", 30),
            ("居住证暂行条例第 9 条", 9),
            ("民法典1079条是什么", 1079),
            ("法律援助法三十六条怎么说", 36),
        ] {
            let article = Parsed::new(text).article;
            assert_eq!(article.map(|article| article.number), Some(number), "{text}");
        }
        for text in ["第二十九条", "20条", "规定三条红线", "一条龙服务"] {
            let parsed = Parsed::new(text);
            assert_eq!(parsed.article, None, "{text}");
            assert!(!parsed.tokens.is_empty(), "{text}");
        }
        assert_eq!(Parsed::new("三条红线").article, None);
        assert_eq!(Parsed::new("优化营商环境20条措施").article, None);
        assert!(Parsed::new("劳动法36条怎么规定").article.is_some());
        assert_eq!(Parsed::new("信息公开条例").article, None);
    }

    #[test]
    fn a_number_beside_the_name_of_its_document_is_cut_out() {
        for text in [
            "政府信息公开条例（国务院令第711号）",
            "国务院令第711号 政府信息公开条例",
        ] {
            let parsed = Parsed::new(text);
            assert!(parsed.number.is_some(), "{text}");
            assert_eq!(parsed.folded.chars.iter().collect::<String>(), "政府信息公开条例");
        }
        for text in ["公租房 60平", "2019年 47号楼"] {
            assert_eq!(Parsed::new(text).number, None, "{text}");
        }
    }
}
