//! English names from the glossary, and Chinese document names as they are cited.

use std::collections::HashMap;

use super::reader::Located;
use crate::record::Glossary;

/// Chinese names with their preferred English.
pub(super) struct EnglishNames(HashMap<String, String>);

impl EnglishNames {
    pub(super) fn new(glossary: Option<&Located<Glossary>>) -> Self {
        let entries = glossary.into_iter().flat_map(|glossary| &glossary.value.entries);
        let mut names = HashMap::new();
        for entry in entries {
            if let Some(english) = entry.en.first() {
                names.entry(entry.zh.clone()).or_insert_with(|| english.clone());
            }
        }
        Self(names)
    }

    /// The preferred English for exactly this name.
    pub(super) fn get(&self, chinese: &str) -> Option<String> {
        self.0.get(chinese).map(|english| capitalised(english))
    }
}

/// The glossary words terms as in running text; titles start with a capital.
fn capitalised(english: &str) -> String {
    let mut characters = english.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}

/// A document's name in the form in which two ways of citing it are equal: without the book-title marks,
/// the country's name, spaces and a version in brackets.
pub(super) fn citation_key(name: &str) -> String {
    let name: String = name
        .chars()
        .filter(|character| !character.is_whitespace())
        .map(|character| match character {
            '<' | '〈' => '《',
            '>' | '〉' => '》',
            '(' => '（',
            ')' => '）',
            other => other,
        })
        .collect();
    let mut name = name.as_str();
    if let Some(inner) = name.strip_prefix('《').and_then(|rest| rest.strip_suffix('》')) {
        name = inner;
    }
    if let Some(rest) = name.strip_prefix("中华人民共和国") {
        name = rest;
    }
    if let (true, Some(bracket)) = (name.ends_with('）'), name.rfind('（')) {
        name = &name[..bracket];
    }
    name.to_owned()
}

/// The names between book-title marks in a 公开依据, outermost marks only, in order and once each.
pub(super) fn cited_names(basis: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (at, character) in basis.char_indices() {
        match character {
            '《' => {
                if depth == 0 {
                    start = at + character.len_utf8();
                }
                depth += 1;
            }
            '》' if depth > 0 => {
                depth -= 1;
                let name = &basis[start..at];
                if depth == 0 && !name.is_empty() && !names.iter().any(|known| known == name) {
                    names.push(name.to_owned());
                }
            }
            _ => {}
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_ways_of_citing_a_law_have_one_key() {
        assert_eq!(
            citation_key("《中华人民共和国政府信息公开条例》"),
            citation_key("政府信息公开条例（2019年修订）")
        );
        assert_ne!(citation_key("土地管理法"), citation_key("土地管理法实施条例"));
    }

    #[test]
    fn names_are_taken_from_the_outermost_marks() {
        assert_eq!(
            cited_names("《城乡规划法》、《关于印发《办法》的通知》和《城乡规划法》"),
            ["城乡规划法", "关于印发《办法》的通知"]
        );
        assert!(cited_names("按有关规定》《").is_empty());
    }
}
