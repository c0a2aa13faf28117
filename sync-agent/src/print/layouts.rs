//! Jobs into layouts: records of the generation that is current now, the test page, and the logo over both.

use std::path::PathBuf;
use std::sync::Arc;

use catalog::Language;
use catalog::clock::Clock;
use catalog::record::{ArticleNumber, Record, RecordId};
use catalog::release::Signature;
use catalog::store::{Store, StoreError};
use hardware::printer::Profile;
use hardware::slip::{Element, Layout, Picture, Size};
use jiff::tz::TimeZone;
use terminal_api::config::PlaceName;
use terminal_api::interface::{Print, Refusal, TextSize};
use url::Url;

use super::compose::{ComposeError, Context, Request, compose, test_page};
use super::journal::Work;

/// What layouts are made of.
pub(super) struct Layouts {
    /// The printer's profile, which the test page names.
    pub(super) profile: Profile,
    /// Heads every slip.
    pub(super) logo: Option<Picture>,
    /// The link to the current generation.
    pub(super) content: PathBuf,
    /// Where the terminal stands.
    pub(super) place: PlaceName,
    /// The address of the phone pages; without it, codes carry text.
    pub(super) public_url: Option<Url>,
    /// The time on the slip.
    pub(super) clock: Arc<dyn Clock>,
}

impl Layouts {
    /// What goes on paper for a job.
    pub(super) fn of(&self, work: &Work) -> Result<Layout, Refusal> {
        let mut layout = match work {
            Work::Slip(request) => self.compose(request)?,
            Work::TestPage => {
                let now = self.clock.now().to_zoned(TimeZone::system());
                let context = Context {
                    place: self.place.in_language(terminal_api::interface::Language::Zh),
                    public_url: self.public_url.as_ref(),
                    as_of: now.date(),
                    signature: Signature::Absent,
                    printed_at: now.datetime(),
                    area: &|_| None,
                };
                test_page(&self.profile, &context)
            }
        };
        if let Some(picture) = self.logo.clone() {
            layout.elements.insert(0, Element::Picture { picture });
        }
        Ok(layout)
    }

    /// The slip for a request, from the current generation.
    fn compose(&self, request: &Print) -> Result<Layout, Refusal> {
        if !self.content.exists() {
            return Err(Refusal::NoContent);
        }
        let store = Store::open(&self.content).map_err(|error| unreadable(&error))?;
        let records = request
            .records
            .iter()
            .map(|id| record(&store, id))
            .collect::<Result<Vec<Record>, Refusal>>()?;
        let article = request
            .article
            .clone()
            .map(|article| {
                ArticleNumber::try_from(article).map_err(|error| Refusal::NoSuchArticle { article: error.0 })
            })
            .transpose()?;
        let ticks = request.ticks.clone().unwrap_or_default();
        let language = match request.language {
            terminal_api::interface::Language::Zh => Language::Zh,
            terminal_api::interface::Language::En => Language::En,
        };
        let slip = Request {
            records: &records,
            article,
            ticks: &ticks,
            language,
            size: match request.size {
                TextSize::Normal => Size::Normal,
                TextSize::Large => Size::Large,
            },
        };
        let zone = TimeZone::system();
        let area = |id: &RecordId| match store.get(id) {
            Ok(Some(Record::Area(area))) => Some(match language {
                Language::En => area.name_en.unwrap_or(area.name),
                Language::Zh => area.name,
            }),
            _ => None,
        };
        let context = Context {
            place: self.place.in_language(request.language),
            public_url: self.public_url.as_ref(),
            as_of: store.meta().published_at.to_zoned(zone.clone()).date(),
            signature: Signature::of(&store),
            printed_at: self.clock.now().to_zoned(zone).datetime(),
            area: &area,
        };
        compose(&slip, &context).map_err(|error| match error {
            ComposeError::Empty => Refusal::BadRequest {
                reason: error.to_string(),
            },
            ComposeError::NotPublic(id) => Refusal::NoSuchRecord { id: id.into() },
            ComposeError::NoSuchArticle { article, .. } => Refusal::NoSuchArticle {
                article: article.to_string(),
            },
        })
    }
}

fn record(store: &Store, id: &str) -> Result<Record, Refusal> {
    let missing = || Refusal::NoSuchRecord { id: id.to_owned() };
    let id = RecordId::try_from(id).map_err(|_| missing())?;
    store
        .get(&id)
        .map_err(|error| unreadable(&error))?
        .ok_or_else(missing)
}

fn unreadable(error: &StoreError) -> Refusal {
    tracing::error!(%error, "the content cannot be read");
    Refusal::Unavailable {
        reason: error.to_string(),
    }
}
