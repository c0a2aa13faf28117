//! What is going on when the power is cut, and the cases of it.

use std::collections::HashMap;
use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::ExitStatus;

use terminal_api::client::CallError;

use crate::support::copy_folder;
use crate::terminal::{Terminal, until};

/// Something that the agent's own program goes through.
pub(crate) trait Scenario {
    /// What happens, for the table.
    fn name(&self) -> &'static str;

    /// Steps without which the scenario would not be what its name says.
    fn must_reach(&self) -> &'static [&'static str];

    /// Makes everything as it is before.
    async fn reset(&mut self);

    fn terminal(&mut self) -> &mut Terminal;

    /// What kiosk and hall do while the agent runs, until everything that belongs to the scenario has
    /// happened; an error when the agent is gone.
    async fn happen(&mut self) -> Result<(), CallError>;

    /// The power is back: what holds now, and after the next start.
    async fn after(&mut self, point: &str);

    /// Runs the agent until all has happened, or it was killed.
    async fn run(&mut self, environment: &[(&str, &str)]) -> ExitStatus {
        if !self.terminal().start_with(environment).await {
            return self.terminal().ended().await;
        }
        let mut happened = self.happen().await;
        if happened.is_ok() {
            happened = has_looked_for_a_release(self.terminal()).await;
        }
        if let Err(CallError::Refused(refusal)) = happened {
            panic!("{}: {refusal}", self.name());
        }
        if happened.is_err() || self.terminal().has_ended() {
            return self.terminal().ended().await;
        }
        self.terminal().end().await
    }
}

/// Waits until the agent has looked for a release and found none, so that it does the same in every run.
async fn has_looked_for_a_release(terminal: &Terminal) -> Result<(), CallError> {
    until("the agent looks for a release", async || {
        let status = async { terminal.try_call().await?.status().await };
        match status.await {
            Ok(status) => status.release.problem.is_some().then_some(Ok(())),
            Err(CallError::Silent) => None,
            Err(error) => Some(Err(error)),
        }
    })
    .await
}

/// Cuts the power at every point of a scenario; how many that are.
pub(crate) async fn cut_everywhere(scenario: &mut impl Scenario) -> usize {
    let name = scenario.name();
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("points");
    scenario.reset().await;
    let ended = scenario.run(&[("POWER_LOG", log.to_str().unwrap())]).await;
    assert!(ended.success(), "{name}, without a cut: {ended}");
    let points = points(&log);
    for step in scenario.must_reach() {
        assert!(
            points.iter().any(|point| point.starts_with(step)),
            "{name} does not reach {step}: {points:#?}"
        );
    }
    for point in &points {
        scenario.reset().await;
        let ended = scenario.run(&[("POWER_CUT", point)]).await;
        assert_eq!(ended.signal(), Some(9), "{name}: was not killed at {point}");
        scenario.after(point).await;
        scenario.terminal().kill();
    }
    println!("{:>6}  {name}", points.len());
    points.len()
}

/// The points in a log, each with the number of times before.
pub(crate) fn points(log: &Path) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let text = fs::read_to_string(log).unwrap();
    text.lines()
        .map(|point| {
            let times = seen.entry(point.to_owned()).or_default();
            *times += 1;
            format!("{point}/{}", *times - 1)
        })
        .collect()
}

/// Makes `to` what `from` is, links included.
pub(crate) fn keep(from: &Path, to: &Path) {
    let _not_there_yet = fs::remove_dir_all(to);
    copy_folder(from, to);
    let current = to.join("current");
    if let Ok(target) = fs::read_link(from.join("current")) {
        // The copy followed the link.
        let _dangling = fs::remove_dir_all(&current);
        catalog::atomic::relink(&current, &target).unwrap();
    }
}
