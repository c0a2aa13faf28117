//! How characters are read: syllables without tones.
//!
//! The two tables under `data/` are cut down from the lexicon of the content set: of 47,000 phrases only
//! the 3,300 are kept in which some character is not read as usual, for the others follow from the
//! characters. A test holds them against the lexicon.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A syllable as an index into the list of syllables; 0 for a character that is not read in pinyin.
pub(super) type Syllable = u16;

const CHARACTERS: &str = include_str!("data/characters.txt");
const PHRASES: &str = include_str!("data/phrases.txt");

/// Han characters of the basic plane, from which on readings are tabled.
const FIRST: u32 = 0x3400;

struct Characters {
    syllables: Vec<&'static str>,
    readings: Vec<Syllable>,
}

static TABLE: LazyLock<Characters> = LazyLock::new(|| {
    let mut syllables = vec![""];
    let mut readings = vec![0; (0xa000 - FIRST) as usize];
    for line in CHARACTERS.lines().filter(|line| !line.starts_with('#')) {
        let Some((syllable, characters)) = line.split_once(' ') else {
            continue;
        };
        for character in characters.chars() {
            if let Some(reading) = readings.get_mut((character as u32).wrapping_sub(FIRST) as usize) {
                *reading = syllables.len() as Syllable;
            }
        }
        syllables.push(syllable);
    }
    Characters { syllables, readings }
});

/// The letters of a syllable; ü is written v.
pub(super) fn letters(syllable: Syllable) -> &'static str {
    TABLE
        .syllables
        .get(usize::from(syllable))
        .copied()
        .unwrap_or_default()
}

/// The letters of all syllables, in order, beginning with none.
pub(super) fn syllables() -> impl Iterator<Item = &'static str> {
    TABLE.syllables.iter().copied()
}

/// Letters as the tables have them: input methods take lue and nue for lüe and nüe as well.
pub(super) fn usual(letters: &str) -> &str {
    match letters {
        "lue" => "lve",
        "nue" => "nve",
        _ => letters,
    }
}

/// The syllable with these letters.
pub(super) fn syllable(letters: &str) -> Option<Syllable> {
    let letters = usual(letters);
    let found = TABLE.syllables.binary_search(&letters).ok()?;
    (found > 0).then_some(found as Syllable)
}

/// Whether some syllable begins with these letters.
pub(super) fn begins_syllable(letters: &str) -> bool {
    let at = TABLE.syllables.partition_point(|&syllable| syllable < letters);
    TABLE
        .syllables
        .get(at)
        .is_some_and(|syllable| syllable.starts_with(letters))
}

/// How a character is usually read.
pub(super) fn reading(character: char) -> Syllable {
    let index = (character as u32).wrapping_sub(FIRST) as usize;
    TABLE.readings.get(index).copied().unwrap_or_default()
}

/// Readings of whole phrases, needed only where an index is built.
pub(super) struct Phrases {
    readings: HashMap<Vec<char>, Vec<Syllable>>,
    longest: usize,
}

impl Phrases {
    pub(super) fn load() -> Self {
        let mut readings = HashMap::new();
        for line in PHRASES.lines().filter(|line| !line.starts_with('#')) {
            let mut parts = line.split(' ');
            let phrase: Vec<char> = parts.next().unwrap_or_default().chars().collect();
            let read = parts.map(|part| syllable(part).unwrap_or_default()).collect();
            readings.insert(phrase, read);
        }
        let longest = readings.keys().map(Vec::len).max().unwrap_or_default();
        Self { readings, longest }
    }

    /// Reads folded text: the longest phrase first, single characters as usual.
    pub(super) fn read(&self, text: &[char]) -> Vec<Syllable> {
        let mut read = Vec::with_capacity(text.len());
        while read.len() < text.len() {
            let rest = &text[read.len()..];
            let phrase = (2..=self.longest.min(rest.len()))
                .rev()
                .find_map(|length| self.readings.get(&rest[..length]));
            match phrase {
                Some(syllables) => read.extend(syllables),
                None => read.push(reading(rest[0])),
            }
        }
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        let text: Vec<char> = text.chars().collect();
        let syllables = Phrases::load().read(&text);
        syllables.into_iter().map(letters).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn characters_are_read_by_the_phrase_they_stand_in() {
        assert_eq!(read("银行执行"), "yin hang zhi xing");
        assert_eq!(read("重庆重大"), "chong qing zhong da");
        assert_eq!(read("会计开会"), "kuai ji kai hui");
        assert_eq!(read("旅客A"), "lv ke ");
    }

    #[test]
    fn syllables_are_found_by_their_letters() {
        assert_eq!(letters(syllable("zhuang").unwrap()), "zhuang");
        assert_eq!(syllable("zhua ng"), None);
        assert!(begins_syllable("zhu") && begins_syllable("g") && !begins_syllable("i"));
    }

    /// The shipped tables are what the lexicon of the content set gives. To renew them after the lexicon
    /// changed: `UPDATE_LEXICON=1 cargo test -p catalog lexicon`.
    #[test]
    fn the_shipped_tables_follow_from_the_lexicon() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../hub/sample/lexicon/");
        let source = |name: &str| std::fs::read_to_string(format!("{folder}{name}")).unwrap();
        let (characters, phrases) = derive(&source("pinyin_8105.txt"), &source("phrase_pinyin.txt"));
        if std::env::var_os("UPDATE_LEXICON").is_some() {
            let data = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/search/data"));
            for (name, shipped, body) in [
                ("characters.txt", CHARACTERS, &characters),
                ("phrases.txt", PHRASES, &phrases),
            ] {
                let head: String = shipped
                    .lines()
                    .take_while(|line| line.starts_with('#'))
                    .flat_map(|line| [line, "\n"])
                    .collect();
                crate::atomic::write(&data.join(name), format!("{head}{body}").as_bytes()).unwrap();
            }
        } else {
            let body = |shipped: &str| -> String {
                shipped
                    .lines()
                    .filter(|line| !line.starts_with('#'))
                    .flat_map(|line| [line, "\n"])
                    .collect()
            };
            assert!(body(CHARACTERS) == characters, "characters.txt is out of date");
            assert!(body(PHRASES) == phrases, "phrases.txt is out of date");
        }
    }

    fn derive(characters: &str, phrases: &str) -> (String, String) {
        use std::collections::BTreeMap;
        use std::fmt::Write as _;

        // Interjections without a vowel, which nobody types.
        const VOWELLESS: [&str; 4] = ["m", "n", "ng", "hm"];
        let mut usual: HashMap<char, String> = HashMap::new();
        let mut by_syllable: BTreeMap<String, Vec<char>> = BTreeMap::new();
        for line in characters.lines() {
            let Some((code, rest)) = line.strip_prefix("U+").and_then(|line| line.split_once(": ")) else {
                continue;
            };
            let character = u32::from_str_radix(code, 16)
                .ok()
                .and_then(char::from_u32)
                .unwrap();
            let reading = plain(rest.split([' ', ',']).next().unwrap());
            if character > '\u{ffff}' {
                continue;
            }
            if reading.bytes().all(|byte| byte.is_ascii_lowercase()) && !VOWELLESS.contains(&reading.as_str())
            {
                by_syllable.entry(reading.clone()).or_default().push(character);
            }
            usual.insert(character, reading);
        }
        let mut unusual: BTreeMap<String, String> = BTreeMap::new();
        for line in phrases.lines().filter(|line| !line.starts_with('#')) {
            let Some((phrase, rest)) = line.split_once(": ") else {
                continue;
            };
            let readings: Vec<String> = rest.split_whitespace().map(plain).collect();
            let usually: Option<Vec<&String>> =
                phrase.chars().map(|character| usual.get(&character)).collect();
            let Some(usually) = usually.filter(|usually| usually.len() == readings.len()) else {
                continue;
            };
            if usually
                .iter()
                .zip(&readings)
                .any(|(usual, reading)| *usual != reading)
                && readings.iter().all(|reading| by_syllable.contains_key(reading))
            {
                unusual
                    .entry(phrase.to_owned())
                    .or_insert_with(|| readings.join(" "));
            }
        }
        let (mut first, mut second) = (String::new(), String::new());
        for (syllable, mut characters) in by_syllable {
            characters.sort_unstable();
            writeln!(first, "{syllable} {}", characters.into_iter().collect::<String>()).unwrap();
        }
        for (phrase, readings) in unusual {
            writeln!(second, "{phrase} {readings}").unwrap();
        }
        (first, second)
    }

    /// A syllable without its tone mark, ü as v.
    fn plain(syllable: &str) -> String {
        use unicode_normalization::UnicodeNormalization as _;
        let mut plain = String::new();
        for character in syllable.nfd() {
            match character {
                '\u{308}' => {
                    plain.pop();
                    plain.push('v');
                }
                mark if unicode_normalization::char::is_combining_mark(mark) => {}
                letter => plain.extend(letter.to_lowercase()),
            }
        }
        plain.nfc().collect()
    }
}
