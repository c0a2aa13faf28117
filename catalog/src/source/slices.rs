//! Cuts a JSON array into the texts of its elements, so that one broken element does not hide the others.

use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::Deserializer;

use super::reader::message;

/// Where the array stops being JSON.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Broken<'a> {
    /// The text from the broken value on.
    pub(super) rest: &'a str,
    /// The line of the error within `rest`, from 1.
    pub(super) line: usize,
    /// What is wrong.
    pub(super) message: String,
}

/// The elements of the array that `text` holds, or that its object holds under `key`, up to where it
/// stops being JSON.
pub(super) fn elements<'a>(text: &'a str, key: Option<&str>) -> (Vec<&'a str>, Option<Broken<'a>>) {
    let mut found = Vec::new();
    let broken = collect(text, key, &mut found).err();
    (found, broken)
}

fn collect<'a>(text: &'a str, key: Option<&str>, found: &mut Vec<&'a str>) -> Result<(), Broken<'a>> {
    let array = match key {
        Some(key) => member(text, key)?,
        None => text,
    };
    let mut rest = behind(array, '[')?;
    while behind(rest, ']').is_err() {
        if !found.is_empty() {
            rest = behind(rest, ',')?;
        }
        let (element, _, after) = value::<IgnoredAny>(rest)?;
        found.push(element);
        rest = after;
    }
    Ok(())
}

/// The text from the value of `key` on, in an object.
fn member<'a>(object: &'a str, key: &str) -> Result<&'a str, Broken<'a>> {
    let mut rest = behind(object, '{')?;
    loop {
        if behind(rest, '}').is_ok() {
            return Err(broken(object, format!("the key {key:?} is missing")));
        }
        let (_, name, after) = value::<String>(rest)?;
        let member = behind(after, ':')?;
        if name == key {
            return Ok(member);
        }
        let (_, _, after) = value::<IgnoredAny>(member)?;
        rest = behind(after, ',').unwrap_or(after);
    }
}

/// The JSON value at the start of `text`: its text, what it is, and what follows.
fn value<T: DeserializeOwned>(text: &str) -> Result<(&str, T, &str), Broken<'_>> {
    let text = text.trim_start();
    let mut stream = Deserializer::from_str(text).into_iter::<T>();
    match stream.next() {
        Some(Ok(value)) => {
            let (element, rest) = text.split_at(stream.byte_offset());
            Ok((element, value, rest))
        }
        Some(Err(error)) => Err(Broken {
            rest: text,
            line: error.line(),
            message: message(&error),
        }),
        None => Err(broken(text, "the file ends too early".to_owned())),
    }
}

fn behind(text: &str, sign: char) -> Result<&str, Broken<'_>> {
    let text = text.trim_start();
    let found = text.strip_prefix(sign);
    found.ok_or_else(|| broken(text, format!("expected `{sign}`")))
}

fn broken(rest: &str, message: String) -> Broken<'_> {
    Broken {
        rest,
        line: 1,
        message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The elements, and what is wrong behind them.
    fn all<'a>(text: &'a str, key: Option<&str>) -> (Vec<&'a str>, Option<String>) {
        let (found, broken) = elements(text, key);
        (found, broken.map(|broken| broken.message))
    }

    #[test]
    fn elements_are_cut_where_they_end() {
        assert_eq!(
            all("[ 1, {\"a\": [2]} ,\"]\"]", None),
            (vec!["1", "{\"a\": [2]}", "\"]\""], None)
        );
        assert_eq!(all(" []", None), (vec![], None));
    }

    #[test]
    fn an_array_is_found_under_its_key() {
        assert_eq!(
            all("{\"b\": {\"a\": [9]}, \"a\": [1]}", Some("a")),
            (vec!["1"], None)
        );
        let missing = "the key \"a\" is missing".to_owned();
        assert_eq!(all("{\"b\": 1}", Some("a")), (vec![], Some(missing)));
    }

    #[test]
    fn elements_before_a_break_are_kept() {
        let (found, broken) = all("[{\"a\": 1}, {\"a\": 2", None);
        assert_eq!(found, ["{\"a\": 1}"]);
        assert!(broken.is_some());
        assert_eq!(all("{}", None), (vec![], Some("expected `[`".to_owned())));
    }
}
