use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fluent_bundle::FluentResource;

use super::*;

/// The keys of a language with the arguments that each uses.
fn messages(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let mut messages = BTreeMap::new();
    for (_, text) in files(language) {
        let mut key = String::new();
        for line in text.lines() {
            if let Some((name, _)) = line.split_once(" =")
                && name.starts_with(|first: char| first.is_ascii_lowercase())
            {
                key = name.to_owned();
                messages.entry(key.clone()).or_insert_with(BTreeSet::new);
            }
            for argument in line.split('$').skip(1) {
                let name: String = argument
                    .chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || *c == '_' || *c == '-')
                    .collect();
                messages.get_mut(&key).unwrap().insert(name);
            }
        }
    }
    messages
}

/// The contents of all files below `folder` that end in `extension`.
fn sources(folder: &str, extension: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push((path.display().to_string(), std::fs::read_to_string(path).unwrap()));
            }
        }
    }
    assert!(!found.is_empty());
    found
}

#[test]
fn both_languages_have_the_same_messages_with_the_same_arguments() {
    let (chinese, english) = (messages(Language::Zh), messages(Language::En));
    let difference: Vec<_> = chinese
        .iter()
        .filter(|(key, arguments)| english.get(*key) != Some(arguments))
        .chain(english.iter().filter(|(key, _)| !chinese.contains_key(*key)))
        .collect();
    assert!(difference.is_empty(), "{difference:#?}");
}

#[test]
fn every_file_of_the_folders_is_part_of_the_program() {
    for language in [Language::Zh, Language::En] {
        let on_disk: BTreeSet<String> = sources(&format!("locales/{}", language.tag()), "ftl")
            .into_iter()
            .map(|(path, _)| {
                Path::new(&path)
                    .file_stem()
                    .unwrap()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        let built_in: BTreeSet<String> = files(language)
            .iter()
            .map(|(name, _)| (*name).to_owned())
            .collect();
        assert_eq!(on_disk, built_in);
    }
}

#[test]
fn every_key_that_the_interface_asks_for_exists() {
    let known = messages(Language::Zh);
    let asked: Vec<(String, String)> = sources("ui", "slint")
        .into_iter()
        .flat_map(|(path, text)| {
            let mut keys = Vec::new();
            for call in text.split("Words.").skip(1) {
                if let Some((_, rest)) = call.split_once("(\"")
                    && let Some((key, _)) = rest.split_once('"')
                    && !call.starts_with("rev")
                    && call.find("(\"").is_some_and(|at| at < 12)
                {
                    keys.push((path.clone(), key.to_owned()));
                }
            }
            keys
        })
        .collect();
    assert!(asked.len() > 30, "the keys are read from the files");
    let missing: Vec<_> = asked.iter().filter(|(_, key)| !known.contains_key(key)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_file_is_well_formed() {
    for language in [Language::Zh, Language::En] {
        for (name, text) in files(language) {
            assert!(FluentResource::try_new((*text).to_owned()).is_ok(), "{name}");
        }
        assert_eq!(Words::new(language).language(), language);
    }
}

#[test]
fn dates_are_said_as_each_language_says_them() {
    let date = jiff::civil::date(2026, 11, 23);
    assert_eq!(Words::new(Language::Zh).short_date(date), "11月23日");
    assert_eq!(Words::new(Language::En).short_date(date), "23 Nov");
    assert_eq!(Words::new(Language::Zh).day(date), "11月23日 周一");
    assert_eq!(Words::new(Language::En).day(date), "Mon 23 Nov");
}
