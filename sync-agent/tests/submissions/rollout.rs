//! A rollout that stops by itself: terminals tell the hub what became of a generation, and the hub holds it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use catalog::clock::{Clock as _, SystemClock};
use catalog::record::{Area, Record, RecordId};
use catalog::release::{Rollout, RolloutError, RolloutState, ring_place};
use catalog::submission::enrolment::{Standing, find};
use catalog::submission::{DeviceId, GenerationOutcome};
use hub::keys::{self, Keys, RootOptions};
use hub::publish::{
    Content, Lifetimes, NoPages, PublishError, Settings, change_rollout, publish_content, rollout,
};
use hub::rollout::{Counts, Supervised, Threshold, Verdict, supervise};
use hub::store::Reported;
use terminal_api::interface::{EnrolmentState, PullProblem, Status};

use crate::hub::{Hub, Spoiler};
use crate::terminal::{Terminal, until};

const RINGS: [u16; 2] = [100, 1000];
const THRESHOLD: Threshold = Threshold {
    failures: 20,
    least: 3,
};

/// A hub with its release, and the terminals around it.
struct City {
    folder: PathBuf,
    keys: Keys,
    hub: Hub,
}

impl City {
    async fn new(folder: &Path) -> Self {
        let release_keys = folder.join("release-keys");
        Self {
            folder: folder.to_owned(),
            keys: keys::create(&release_keys, RootOptions::default(), &SystemClock)
                .await
                .unwrap(),
            hub: Hub::behind(folder, Arc::new(Spoiler::default())).await,
        }
    }

    fn repository(&self) -> PathBuf {
        self.folder.join("repo")
    }

    fn settings<'a>(&'a self, repository: &'a Path) -> Settings<'a> {
        Settings {
            keys: &self.keys,
            repository,
            public_url: None,
            lifetimes: Lifetimes::default(),
            least_version: 1,
            clock: &SystemClock,
        }
    }

    async fn publish(&self, name: &str, rings: Option<&[u16]>) {
        let records = [Record::Area(Area {
            id: RecordId::try_from("area-0").unwrap(),
            code: "0".to_owned(),
            name: name.to_owned(),
            current_name: name.to_owned(),
            name_en: None,
            founding_pilot: true,
            national_pilot: true,
            order: 1,
        })];
        let content = Content {
            records: &records,
            files: &BTreeMap::new(),
            rings,
        };
        let repository = self.repository();
        publish_content(content, &NoPages, &self.settings(&repository))
            .await
            .unwrap();
    }

    async fn supervise(&self) -> Supervised {
        let repository = self.repository();
        supervise(&self.settings(&repository), &self.hub.store, THRESHOLD)
            .await
            .unwrap()
    }

    /// A terminal with the first id, of those that were not taken yet, whose place in the rings passes this.
    fn terminal(&self, number: usize, chosen: impl Fn(u16) -> bool) -> Terminal {
        let mut ids = (0..)
            .map(|at| format!("terminal-{number}-{at}"))
            .filter(|id| chosen(ring_place(id)));
        let id = ids.next().unwrap();
        let folder = self.folder.join(format!("terminal-{number}"));
        let root = self.keys.root_path();
        let text = format!(
            "[place]\nname = {{ zh = \"斜塘街道\" }}\ndivision = \"320571\"\n\
             [release]\nurl = \"file://{}/\"\nroot = \"{}\"\nstate = \"state\"\nring-id = \"{id}\"\n\
             poll-seconds = 1\n\
             [release.download]\nframe-seconds = 2\n\
             [agent]\nsocket = \"terminal.sock\"\n\
             [hub]\nurl = \"http://{}/\"\nkeys = \"{}/keys/hub.json\"\nreport-seconds = 1\n",
            self.repository().display(),
            root.display(),
            self.hub.address,
            self.folder.display(),
        );
        Terminal::configured(&folder, &text)
    }

    /// The terminal's name, once it has asked to be known.
    async fn name(&self, terminal: &Terminal) -> DeviceId {
        until("the terminal asks to be known", async || {
            let enrolment = terminal.call().await.enrolment().await.unwrap();
            let devices = self.hub.store.devices().await.unwrap();
            (enrolment.state == EnrolmentState::Pending)
                .then(|| find(&enrolment.code, devices.iter().map(|device| device.id)).unwrap())
        })
        .await
    }

    async fn approve(&self, device: DeviceId) {
        let now = jiff::Timestamp::from_second(1_700_000_000).unwrap();
        let decided = self.hub.store.decide(device, Standing::Approved, "tester", now);
        assert!(decided.await.unwrap());
    }
}

/// Waits until the status of a terminal is such, while its screen says again and again what it draws.
async fn status_with(
    terminal: &Terminal,
    drawn: u64,
    what: &str,
    is_such: impl Fn(&Status) -> bool,
) -> Status {
    until(what, async || {
        let mut connection = terminal.call().await;
        connection.frame_drawn(drawn).await.unwrap();
        let status = connection.status().await.unwrap();
        is_such(&status).then_some(status)
    })
    .await
}

fn shows(generation: u64) -> impl Fn(&Status) -> bool {
    move |status| status.release.generation == Some(generation)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_generation_that_screens_do_not_draw_is_held_before_it_reaches_the_other_terminals() {
    let folder = tempfile::tempdir().unwrap();
    let city = City::new(folder.path()).await;
    city.publish("旧名", None).await;
    let is_first = |place| place < RINGS[0];
    let mut first: Vec<Terminal> = (0..3).map(|number| city.terminal(number, is_first)).collect();
    let mut late = city.terminal(3, is_first);
    let mut last = city.terminal(4, |place| !is_first(place));
    let mut names = Vec::new();
    for terminal in first.iter_mut().chain([&mut late, &mut last]) {
        terminal.start().await;
        names.push(city.name(terminal).await);
        status_with(terminal, 1, "the first generation", shows(1)).await;
    }
    // Staff take their time with one of them.
    for name in &names[1..] {
        city.approve(*name).await;
    }
    late.kill();

    city.publish("坏名", Some(&RINGS)).await;
    let went_back = |status: &Status| {
        status.release.problem == Some(PullProblem::BadGeneration) && status.release.generation == Some(1)
    };
    for terminal in &first {
        status_with(terminal, 1, "the terminal goes back", went_back).await;
    }
    // What it found it still knows after the power was gone.
    first[0].kill();
    let two_reports = async || {
        let reports = city.hub.store.generation_reports(2).await.unwrap();
        (reports.len() == 2).then_some(())
    };
    until("two terminals have told", two_reports).await;
    let supervised = city.supervise().await;
    assert_eq!((supervised.verdict, supervised.stopped), (Verdict::TooFew, false));
    city.approve(names[0]).await;
    first[0].start().await;
    let reports = until("all three have told", async || {
        let reports = city.hub.store.generation_reports(2).await.unwrap();
        (reports.len() == 3).then_some(reports)
    })
    .await;
    for Reported { report, .. } in &reports {
        assert_eq!(report.outcome, GenerationOutcome::RolledBack);
        let reason = report.reason.as_deref().unwrap();
        assert!(
            reason.contains("the screen drew nothing later than generation 1"),
            "{reason}"
        );
        assert!(report.place < RINGS[0]);
    }

    let supervised = city.supervise().await;
    assert_eq!((supervised.verdict, supervised.stopped), (Verdict::Failing, true));
    assert_eq!(supervised.rollout.state, RolloutState::Held);
    let repository = city.repository();
    let settings = city.settings(&repository);
    let advanced = change_rollout(&settings, Rollout::advanced).await.unwrap_err();
    assert!(
        matches!(advanced, PublishError::Rollout(RolloutError::Held(2))),
        "{advanced}"
    );
    // A terminal of the same ring that was off meanwhile looks at the release, and does not take it.
    late.start().await;
    let since = SystemClock.now();
    let looked = |status: &Status| status.release.checked_at.is_some_and(|checked| checked.0 > since);
    for terminal in [&late, &last] {
        let status = status_with(terminal, 1, "a look at what is held", looked).await;
        assert_eq!(status.release.generation, Some(1));
    }

    // The next one is drawn, and told as good.
    city.publish("新名", Some(&RINGS)).await;
    for terminal in first.iter().chain([&late]) {
        status_with(terminal, 3, "the next generation", shows(3)).await;
    }
    until("four terminals get along with it", async || {
        let counts = city.supervise().await.rings[0];
        let all = Counts {
            good: 4,
            rolled_back: 0,
        };
        (counts == all).then_some(())
    })
    .await;
    assert_eq!(city.supervise().await.verdict, Verdict::Healthy);
    assert_eq!(rollout(&settings).await.unwrap().state, RolloutState::Running);
    assert!(shows(1)(&last.call().await.status().await.unwrap()));
}
