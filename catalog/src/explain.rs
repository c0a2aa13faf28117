//! Errors in words.

use std::error::Error;

/// An error with its causes, in one line, each said once: most of our errors name their cause already.
#[must_use]
pub fn explain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let told = cause.to_string();
        if !text.contains(&told) {
            text.push_str(": ");
            text.push_str(&told);
        }
        next = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_that_was_named_is_not_repeated() {
        let error = anyhow::anyhow!("no such file")
            .context("cannot read a: no such file")
            .context("cannot start");
        assert_eq!(
            explain(error.as_ref()),
            "cannot start: cannot read a: no such file"
        );
    }
}
