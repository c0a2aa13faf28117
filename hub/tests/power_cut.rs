//! The power is cut at every durable step of the hub: while keys are renewed, replaced and moved, and while a release is
//! published.
//!
//! Real processes, killed by SIGKILL at the points of `catalog::power`: first a run without a cut says which points it reaches,
//! then there is a case for every one of them. After each the command is given again, and a terminal that knows the first
//! root takes what is published then.

#![allow(clippy::unwrap_used, reason = "helpers of tests panic like tests")]

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use catalog::release::{MANIFEST_TARGET, Manifest};
use catalog::submission::HubKeys;
use hub::intake::OpeningKeys;
use tough::{FilesystemTransport, IntoVec as _, RepositoryLoader, TargetName};
use url::Url;

/// What an operator does when the power is cut.
struct Scenario {
    name: &'static str,
    /// What was done before, one command a line; words in capitals are folders and files.
    before: &'static [&'static str],
    /// What is interrupted.
    command: &'static str,
    /// What is given after the cut, until it succeeds or says that it was done before.
    again: &'static [&'static str],
    /// The generation and the version of the root that a terminal then gets.
    then: (u64, u64),
}

const NEW: &str = "keys new KEYS --root-keys 3 --root-threshold 2";
const PUBLISH: &str = "publish SOURCE --keys KEYS --out RELEASE";
const ONLY_TIMESTAMP: &str = "publish --only-timestamp --keys KEYS --out RELEASE";
const CHANGE: &str = "change SOURCE";

const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "making the keys",
        before: &[],
        command: NEW,
        // Cut behind its last step it says that there are keys.
        again: &["try keys new KEYS --root-keys 3 --root-threshold 2", PUBLISH],
        then: (1, 1),
    },
    Scenario {
        name: "renewing the root",
        before: &[NEW, PUBLISH],
        command: "keys renew KEYS",
        again: &["keys renew KEYS", PUBLISH],
        then: (1, 2),
    },
    Scenario {
        name: "replacing the timestamp key",
        before: &[NEW, PUBLISH, "remove KEYS/timestamp.pk8"],
        command: "keys renew KEYS",
        again: &["keys renew KEYS", PUBLISH],
        then: (1, 2),
    },
    Scenario {
        name: "replacing a root key by two of three",
        before: &[NEW, PUBLISH],
        command: "keys replace-root KEYS 2",
        again: &["keys replace-root KEYS 2", PUBLISH],
        then: (1, 2),
    },
    Scenario {
        name: "moving a key to the safe",
        before: &[NEW, PUBLISH, CHANGE],
        command: "keys move KEYS targets --to SAFE",
        again: &["publish SOURCE --keys KEYS --with SAFE --out RELEASE"],
        then: (2, 1),
    },
    Scenario {
        name: "replacing the key that submissions are sealed to",
        before: &[NEW, PUBLISH, "intake keys INTAKE"],
        command: "intake replace-sealing-key INTAKE",
        again: &["intake replace-sealing-key INTAKE"],
        then: (1, 1),
    },
    Scenario {
        name: "the first release",
        before: &[NEW],
        command: PUBLISH,
        again: &[PUBLISH],
        then: (1, 1),
    },
    Scenario {
        name: "the next release",
        before: &[NEW, PUBLISH, CHANGE],
        command: PUBLISH,
        again: &[PUBLISH],
        then: (2, 1),
    },
    Scenario {
        name: "renewing the timestamp while changed content waits for its keys",
        before: &[NEW, PUBLISH, CHANGE, "remove KEYS/targets.pk8"],
        command: ONLY_TIMESTAMP,
        again: &[ONLY_TIMESTAMP],
        then: (1, 1),
    },
    Scenario {
        name: "a release in rings, let out further",
        before: &[NEW, "publish SOURCE --keys KEYS --out RELEASE --rings 100,1000"],
        command: "rollout advance --keys KEYS --out RELEASE",
        again: &["rollout status --keys KEYS --out RELEASE --database DATABASE"],
        then: (1, 1),
    },
];

/// The operator's folders.
struct Office(tempfile::TempDir);

impl Office {
    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name.to_lowercase())
    }

    /// Runs a command; whether it ended well.
    fn run(&self, command: &str, environment: &[(&str, &str)]) -> bool {
        if let Some(command) = command.strip_prefix("try ") {
            self.run(command, environment);
            return true;
        }
        let words: Vec<String> = command
            .split(' ')
            .map(|word| match word.split_once('/') {
                Some((folder, file)) => self.path(folder).join(file).display().to_string(),
                None if word.chars().all(|letter| letter.is_ascii_uppercase()) => {
                    self.path(word).display().to_string()
                }
                None => word.to_owned(),
            })
            .collect();
        match words[0].as_str() {
            "remove" => fs::remove_file(&words[1]).is_ok(),
            "change" => {
                let areas = Path::new(&words[1]).join("areas.json");
                let text = fs::read_to_string(&areas).unwrap();
                catalog::atomic::write(
                    &areas,
                    text.replacen("重大建设项目", "重大建设工程", 1).as_bytes(),
                )
                .is_ok()
            }
            _ => Command::new(env!("CARGO_BIN_EXE_hub"))
                .args(&words)
                // Scratch of a killed process goes with the office.
                .env("TMPDIR", self.0.path())
                .envs(environment.iter().copied())
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .unwrap()
                .success(),
        }
    }

    /// As it is before the command of a scenario.
    fn before(scenario: &Scenario) -> Self {
        let office = Self(tempfile::tempdir().unwrap());
        let source = office.path("SOURCE");
        fs::create_dir(&source).unwrap();
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample");
        fs::copy(sample.join("areas.json"), source.join("areas.json")).unwrap();
        catalog::atomic::write(&source.join("guides.json"), b"[]").unwrap();
        for command in scenario.before {
            assert!(office.run(command, &[]), "{}: {command}", scenario.name);
        }
        office
    }

    /// Whether the phone pages are of this generation.
    fn pages_tell_of(&self, generation: u64) -> bool {
        let home = fs::read_to_string(self.path("RELEASE").join("index.html"));
        home.is_ok_and(|home| home.contains(&format!("release {generation}<")))
    }

    /// Whatever terminals may have sealed to can be opened.
    fn sealing_keys_are_whole(&self, point: &str) {
        let folder = self.path("INTAKE");
        if !folder.exists() {
            return;
        }
        let public = HubKeys::load(&folder.join("hub.json")).unwrap();
        let private = OpeningKeys::read(&folder.join("sealing.key")).unwrap();
        let former = public.former_sealing_keys.iter().map(|former| &former.key);
        for key in former.chain([&public.sealing_key]) {
            assert!(private.has(key), "a key was lost by a cut at {point}");
        }
    }

    /// What a terminal gets that was given the first root.
    async fn terminal(&self) -> (u64, u64) {
        let root = fs::read(self.path("KEYS").join("1.root.json")).unwrap();
        let url = |name| Url::from_directory_path(self.path("RELEASE").join(name)).unwrap();
        let repository = RepositoryLoader::new(&root, url("metadata"), url("targets"))
            .transport(FilesystemTransport)
            .load()
            .await
            .unwrap();
        for name in repository.targets().signed.targets.keys() {
            let content = repository.read_target(name).await.unwrap().unwrap();
            content.into_vec().await.unwrap();
        }
        let name = TargetName::new(MANIFEST_TARGET).unwrap();
        let manifest = repository.read_target(&name).await.unwrap().unwrap();
        let manifest = Manifest::parse(&manifest.into_vec().await.unwrap()).unwrap();
        (manifest.generation, repository.root().signed.version.get())
    }
}

/// The points that the command reaches without a cut, each with the number of times before.
fn points(scenario: &Scenario) -> Vec<String> {
    let office = Office::before(scenario);
    let log = office.path("points");
    assert!(
        office.run(scenario.command, &[("POWER_LOG", log.to_str().unwrap())]),
        "{}",
        scenario.name
    );
    let mut seen: HashMap<String, usize> = HashMap::new();
    let text = fs::read_to_string(&log).unwrap();
    text.lines()
        .map(|point| {
            let times = seen.entry(point.to_owned()).or_default();
            *times += 1;
            format!("{point}/{}", *times - 1)
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_power_cut_anywhere_the_same_command_goes_through_and_terminals_follow() {
    let mut table = String::new();
    for scenario in SCENARIOS {
        let name = scenario.name;
        let points = points(scenario);
        assert!(
            points.iter().any(|point| point.contains("/during/")),
            "{name}: {points:?}"
        );
        for point in &points {
            let office = Office::before(scenario);
            let ended_well = office.run(scenario.command, &[("POWER_CUT", point)]);
            assert!(!ended_well, "{name}: was not killed at {point}");
            if office.path("RELEASE").join("metadata/timestamp.json").exists() {
                // Whatever was cut: what is published is whole.
                let (generation, _) = office.terminal().await;
                assert!(
                    !office.pages_tell_of(generation + 1),
                    "{name}: pages of what is not released after a cut at {point}"
                );
            } else {
                assert!(!office.pages_tell_of(1), "{name}: pages after a cut at {point}");
            }
            office.sealing_keys_are_whole(point);
            for command in scenario.again {
                let repeated = office.run(command, &[]);
                assert!(repeated, "{name}: {command} after a cut at {point}");
            }
            let (generation, root) = office.terminal().await;
            assert_eq!(generation, scenario.then.0, "{name}: after a cut at {point}");
            assert!(
                office.pages_tell_of(generation),
                "{name}: old pages after a cut at {point}"
            );
            // A command that was cut after it had done its work makes one more root when it is given again.
            assert!(
                (scenario.then.1..=scenario.then.1 + 1).contains(&root),
                "{name}: root {root} after a cut at {point}"
            );
        }
        let _infallible = writeln!(table, "{:>6}  {name}", points.len());
    }
    println!("{table}");
}
