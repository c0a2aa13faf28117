//! The page of an open data set.

use catalog::record::Dataset;
use maud::{Markup, html};

use super::parts::{related, row};
use super::words::{both_with, set};

/// A phone shows the beginning; the terminal and the portal hold the rest.
const SHOWN: usize = 20;

pub(super) fn content(dataset: &Dataset) -> Markup {
    let all = dataset.rows.len();
    let shown = all.min(SHOWN);
    html! {
        dl.rows {
            (row("provider", dataset.provider.as_deref()))
            (row("rows", Some(&all.to_string())))
            (row("form", Some(&dataset.format)))
            (row("open-type", Some(&dataset.open_type)))
            (row("frequency", dataset.update_frequency.as_deref()))
        }
        h2 { (both_with("rows-shown", &[("shown", &shown.to_string()), ("all", &all.to_string())])) }
        div.scroll tabindex="0" role="region" aria-label=(dataset.title) {
            table {
                thead { tr { @for column in &dataset.columns { th scope="col" { (set(column)) } } } }
                tbody {
                    @for row in dataset.rows.iter().take(SHOWN) {
                        tr { @for cell in row { td { (set(cell)) } } }
                    }
                }
            }
        }
        (related(&dataset.links))
    }
}
