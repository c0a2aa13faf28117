//! The words of the pages in both languages.

use std::sync::LazyLock;

use catalog::Language;
use catalog::words::Words;
use maud::{Markup, html};

pub(super) const CHINESE: &str = include_str!("../../locales/zh-CN/page.ftl");
pub(super) const ENGLISH: &str = include_str!("../../locales/en/page.ftl");

static ZH: LazyLock<Words> = LazyLock::new(|| Words::new(Language::Zh, CHINESE));
static EN: LazyLock<Words> = LazyLock::new(|| Words::new(Language::En, ENGLISH));

/// The Chinese words.
pub(super) fn zh(key: &str) -> String {
    ZH.get(key)
}

/// The English words.
pub(super) fn en(key: &str) -> String {
    EN.get(key)
}

/// Both: Chinese first.
pub(super) fn both(key: &str) -> Markup {
    both_with(key, &[])
}

/// Both, with variables filled in.
pub(super) fn both_with(key: &str, variables: &[(&str, &str)]) -> Markup {
    html! {
        (set(&ZH.with(key, variables))) " " span lang="en" { (EN.with(key, variables)) }
    }
}

/// Chinese text as it is shown.
pub(super) fn set(text: &str) -> String {
    catalog::typeset(text, Language::Zh)
}
