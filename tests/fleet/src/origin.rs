//! The operator's side: keys, release, hub, and nginx before them.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use catalog::clock::Clock;
use catalog::record::{Area, Record, RecordId};
use catalog::submission::enrolment::{Enrolment, Standing};
use catalog::submission::sealed::open;
use catalog::submission::{DeviceId, Form, HubKeys, Kind, Payload, PublicKey};
use hub::database::Address;
use hub::intake::{ClientCertificates, Intake, IntakeKeys, Limits, create_keys, opening_key};
use hub::keys::{self, Keys, RootOptions};
use hub::publish::{Lifetimes, NoPages, Outcome, Settings, publish};
use hub::serve::{Connections, Services, serve_all};
use hub::store::Store;
use jiff::SignedDuration;
use sync_agent::agent_db::Memory;
use sync_agent::http;
use sync_agent::release::{Options, Puller, Source};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use url::Url;

use crate::clock::FleetClock;
use crate::nginx::Nginx;

/// Where terminals say that they stand.
pub const PLACE: &str = "斜塘街道";
/// The administrative division of that.
pub const DIVISION: &str = "320571";
/// How many records the fleet's catalogue has: enough that a delta is worth it, few enough for ten thousand copies.
const RECORDS: usize = 200;

/// Everything that terminals talk to.
#[derive(Debug)]
pub struct Origin {
    folder: PathBuf,
    keys: Keys,
    clock: Arc<FleetClock>,
    /// What the hub keeps.
    pub store: Store,
    /// nginx.
    pub nginx: Nginx,
    hub: Hub,
}

/// The hub, running or not.
#[derive(Debug)]
struct Hub {
    address: SocketAddr,
    running: Option<(oneshot::Sender<()>, JoinHandle<std::io::Result<()>>)>,
}

/// What came of everything that was handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// How many the hub keeps.
    pub kept: usize,
    /// How many of those it keeps though it has another with the very same content.
    pub duplicates: usize,
    /// How many were accepted from a resident and are not there.
    pub lost: usize,
    /// How many were handed in twice with different content.
    pub alarms: usize,
}

impl Origin {
    /// Makes keys, publishes the first generation, and serves.
    pub async fn new(folder: &Path, clock: Arc<FleetClock>) -> Result<Self> {
        let keys = keys::create(&folder.join("keys"), RootOptions::default(), &*clock).await?;
        create_keys(&folder.join("intake"), &*clock)?;
        let store = Store::open(&Address::File(folder.join("hub.db"))).await?;
        let repository = folder.join("repo");
        std::fs::create_dir_all(&repository)?;
        let mut hub = Hub {
            address: TcpListener::bind("127.0.0.1:0").await?.local_addr()?,
            running: None,
        };
        hub.up(folder, &store, &clock).await?;
        let nginx = Nginx::start(&folder.join("nginx"), &repository, hub.address)?;
        let origin = Self {
            folder: folder.to_owned(),
            keys,
            clock,
            store,
            nginx,
            hub,
        };
        origin.publish("旧名").await?;
        Ok(origin)
    }

    /// Publishes the catalogue with its first record under this name.
    pub async fn publish(&self, name: &str) -> Result<Outcome> {
        let settings = Settings {
            keys: &self.keys,
            repository: &self.repository(),
            public_url: None,
            lifetimes: Lifetimes::default(),
            least_version: 1,
            clock: &*self.clock,
        };
        Ok(publish(&records(name), &NoPages, &settings).await?)
    }

    /// Pulls the release into a folder as a terminal does, for others to begin with.
    pub async fn pull(&self, state: &Path) -> Result<()> {
        let repository = Url::from_directory_path(self.repository());
        let source = repository
            .ok()
            .and_then(|url| Source::new(url, http::client().ok()?))
            .context("the folder's name is absolute")?;
        let options = Options {
            memory: Memory::InProcess,
            ..Options::default()
        };
        let clock: Arc<dyn Clock> = Arc::<FleetClock>::clone(&self.clock);
        Puller::with_options(source, &self.factory_root(), state, clock, options)?
            .pull()
            .await?;
        Ok(())
    }

    /// Enters a terminal that staff have approved.
    pub async fn approve(&self, public_key: PublicKey) -> Result<()> {
        let enrolment = Enrolment {
            public_key,
            place: PLACE.to_owned(),
            division: DIVISION.to_owned(),
        };
        let now = self.clock.now();
        let device: DeviceId = self.store.enrol(&enrolment, now).await?.id;
        self.store
            .decide(device, Standing::Approved, "fleet", now)
            .await?;
        Ok(())
    }

    /// The root of trust of every terminal.
    #[must_use]
    pub fn factory_root(&self) -> PathBuf {
        self.keys.root_path()
    }

    /// What every terminal is given of the hub.
    pub fn hub_keys(&self) -> Result<HubKeys> {
        Ok(HubKeys::load(&self.folder.join("intake/hub.json"))?)
    }

    /// The hub ends; nginx says 502 in its place.
    pub async fn hub_down(&mut self) -> Result<()> {
        self.hub.down().await
    }

    /// The hub is there again.
    pub async fn hub_up(&mut self) -> Result<()> {
        self.hub.up(&self.folder, &self.store, &self.clock).await
    }

    /// How many submissions the hub keeps.
    pub async fn count(&self) -> Result<usize> {
        Ok(self.store.submissions(Kind::Suggestion).await?.len())
    }

    /// Opens everything that the hub keeps, and compares it with the texts that were `accepted` from residents, each of which
    /// is unique.
    pub async fn kept(&self, accepted: &[String]) -> Result<Kept> {
        let key = opening_key(&self.folder.join("intake/sealing.key"))?;
        let mut texts: HashMap<String, usize> = HashMap::new();
        let stored = self.store.submissions(Kind::Suggestion).await?;
        for submission in &stored {
            let sealed = self.store.sealed(submission.device, submission.id).await?;
            let sealed = sealed.context("a submission without its envelope")?;
            let payload = Payload::from_bytes(&open(&sealed, &key)?)?;
            if let Form::Suggestion(suggestion) = &payload.form {
                *texts.entry(suggestion.text.clone()).or_default() += 1;
            }
        }
        Ok(Kept {
            kept: stored.len(),
            duplicates: stored.len() - texts.len(),
            lost: accepted.iter().filter(|text| !texts.contains_key(*text)).count(),
            alarms: self.store.alarms().await?.len(),
        })
    }

    fn repository(&self) -> PathBuf {
        self.folder.join("repo")
    }
}

impl Hub {
    async fn up(&mut self, folder: &Path, store: &Store, clock: &Arc<FleetClock>) -> Result<()> {
        let listener = TcpListener::bind(self.address).await?;
        // The gate counts real seconds, in which the fleet lives through hours.
        let limits = Limits {
            device_per_minute: NonZeroU32::MAX,
            ..Limits::default()
        };
        let keys = IntakeKeys::open(&folder.join("intake"), SignedDuration::from_hours(24 * 7))?;
        let clock: Arc<dyn Clock> = Arc::<FleetClock>::clone(clock);
        let certificates = ClientCertificates::Optional;
        let intake = Intake::new(store.clone(), keys, clock, certificates, limits);
        let services = Services {
            folder: folder.join("repo"),
            intake: Some(Arc::new(intake)),
            tls: None,
            // The whole fleet comes from this machine.
            connections: Connections {
                trusted_proxies: vec![self.address.ip()],
                ..Connections::default()
            },
        };
        let (stop, stopped) = oneshot::channel();
        let serving = tokio::spawn(serve_all(services, listener, async move {
            let _told_or_dropped = stopped.await;
        }));
        self.running = Some((stop, serving));
        Ok(())
    }

    async fn down(&mut self) -> Result<()> {
        if let Some((stop, serving)) = self.running.take() {
            drop(stop);
            serving.await??;
        }
        Ok(())
    }
}

/// The catalogue, with its first record under this name.
fn records(first: &str) -> Vec<Record> {
    let area = |number: usize, name: String| {
        Record::Area(Area {
            id: RecordId::try_from(format!("area-{number}")).expect("a plain id"),
            code: number.to_string(),
            current_name: name.clone(),
            name,
            name_en: None,
            founding_pilot: true,
            national_pilot: true,
            order: 1,
        })
    };
    let others = (1..RECORDS).map(|number| area(number, format!("领域{}", number * 7919)));
    std::iter::once(area(0, first.to_owned())).chain(others).collect()
}
