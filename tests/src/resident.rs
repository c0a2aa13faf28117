//! Somebody in front of a kiosk of a whole terminal.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use catalog::clock::SystemClock;
use kiosk::Setup;
use kiosk::testing::{Pace, Visitor};
use kiosk::words::Words;
use terminal_api::config::{Config, Orientation};
use terminal_api::interface::Language;

use crate::programs::PATIENCE;

/// A resident who reads one language and may leave numbered pictures behind.
pub struct Resident {
    visitor: Visitor,
    language: Language,
    album: Option<Album>,
}

struct Album {
    folder: PathBuf,
    taken: std::cell::Cell<usize>,
}

impl Resident {
    /// Puts up a kiosk with the terminal's configuration and stands in front of it. Once a process.
    pub fn arrive(config: &Path, orientation: Orientation, language: Language) -> Result<Self> {
        let mut setup = Setup::from(Config::load(config)?);
        setup.orientation = orientation;
        setup.languages.sort_by_key(|other| *other != language);
        let visitor = Visitor::arrive(setup, Arc::new(SystemClock), Pace::Real)?;
        Ok(Self {
            visitor,
            language,
            album: None,
        })
    }

    /// Takes a numbered picture into `folder` at every [`picture`](Self::picture) from now on.
    #[must_use]
    pub fn with_album(mut self, folder: &Path) -> Self {
        self.album = Some(Album {
            folder: folder.to_owned(),
            taken: 0.into(),
        });
        self
    }

    /// The hands and eyes.
    #[must_use]
    pub fn visitor(&self) -> &Visitor {
        &self.visitor
    }

    /// What the screen says for `key` in the resident's language.
    #[must_use]
    pub fn word(&self, key: &str) -> String {
        Words::new(self.language).get(key)
    }

    /// Presses the control whose name is the word `key`.
    pub fn press_word(&self, key: &str) {
        self.visitor.press(&self.word(key));
    }

    /// Presses the first control whose name contains `part`.
    pub fn press_part(&self, part: &str) -> Result<()> {
        let label = self
            .visitor
            .labels()
            .into_iter()
            .find(|label| label.contains(part));
        let label =
            label.with_context(|| format!("nothing contains {part:?}: {:#?}", self.visitor.labels()))?;
        self.visitor.press(&label);
        Ok(())
    }

    /// Presses the search field of the home page; a lying panel words it shorter.
    pub fn press_search_field(&self) -> Result<()> {
        let names = ["home-placeholder", "home-placeholder-short"].map(|key| self.word(key));
        let name = names
            .iter()
            .find(|name| self.visitor.sees(name))
            .context("no search field on the screen")?;
        self.visitor.press(name);
        Ok(())
    }

    /// Types on the on-screen keyboard, a key a character.
    pub fn type_keys(&self, keys: &str) {
        for key in keys.chars() {
            self.visitor.press(&key.to_string());
        }
    }

    /// Waits until some text on the screen contains `part`.
    pub fn wait_for(&self, part: &str) -> Result<()> {
        self.wait_until(&format!("{part:?} on the screen"), |visitor| visitor.reads(part))
    }

    /// Waits until `holds`.
    pub fn wait_until(&self, what: &str, holds: impl Fn(&Visitor) -> bool) -> Result<()> {
        let start = Instant::now();
        while !holds(&self.visitor) {
            if start.elapsed() > PATIENCE {
                let seen: Vec<_> = self.visitor.seen().into_iter().map(|seen| seen.label).collect();
                bail!("waited in vain for {what}; the screen shows {seen:#?}");
            }
            self.visitor.wait(Duration::from_millis(50));
        }
        Ok(())
    }

    /// Lets toasts go and takes a picture called `name`.
    pub fn picture(&self, name: &str) -> Result<()> {
        if let Some(album) = &self.album {
            album.taken.set(album.taken.get() + 1);
            let file = album.folder.join(format!("{:02}-{name}.png", album.taken.get()));
            self.visitor.save_picture(&file)?;
            println!("  {}", file.display());
        }
        Ok(())
    }
}
