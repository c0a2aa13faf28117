//! 政策解读.

use catalog::record::{Interpretation, Relation};
use hardware::slip::TextStyle;

use super::composer::Composer;

/// Characters of running text: about a metre of paper.
const TEXT: usize = 1800;

pub(super) fn body(composer: &mut Composer<'_>, interpretation: &Interpretation) {
    composer.title(&interpretation.title, None);
    for link in interpretation
        .links
        .iter()
        .filter(|link| link.relation == Relation::Interprets)
    {
        composer.paragraph(
            &format!("《{}》", link.title.trim_matches(['《', '》'])),
            TextStyle::Small,
        );
    }
    composer.heading("interpretation-text");
    composer.running_text(interpretation.paragraphs.iter().map(String::as_str), TEXT);
}
