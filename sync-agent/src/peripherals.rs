//! What the socket reaches of the devices, and the self-test over all of them.

use std::path::PathBuf;
use std::sync::Arc;

use catalog::store::Store;
use terminal_api::interface::{
    Check, Device, DeviceKind, DeviceState, Refusal, ReleaseState, SelfTest, Status, Verdict,
};

use crate::board::Board;
use crate::card::CardService;
use crate::outbox::Submissions;
use crate::print::logo;
use crate::printing::Printing;
use crate::release::ReleaseHandle;

/// The devices of a terminal, as far as callers reach them.
pub struct Peripherals {
    /// The printer's side.
    pub printing: Arc<dyn Printing>,
    /// The card reader, if there is one.
    pub card: Option<CardService>,
    /// What residents hand in, or why nothing can be handed in here.
    pub submissions: Result<Arc<Submissions>, Refusal>,
    /// What takes releases.
    pub releases: ReleaseHandle,
    /// The link to the current generation.
    pub content: PathBuf,
    /// The logo that slips should have.
    pub logo: Option<PathBuf>,
}

impl Peripherals {
    /// Looks at everything that must work. May wait for the disk.
    #[must_use]
    pub fn self_test(&self, board: &Board) -> SelfTest {
        let status = board.status();
        let kinds = [
            DeviceKind::Printer,
            DeviceKind::Scanner,
            DeviceKind::CardReader,
            DeviceKind::Gpio,
        ];
        let mut checks: Vec<Check> = kinds.map(|kind| device(&status, kind)).into();
        checks.push(self.journal());
        checks.push(self.content());
        checks.extend(self.logo());
        checks.push(release(&status));
        checks.push(self.submissions());
        SelfTest { checks }
    }

    /// A job that cannot be: the journal says that it has none, or that it cannot be read.
    fn journal(&self) -> Check {
        match self.printing.job("") {
            Ok(_) | Err(Refusal::NoSuchJob { .. }) => check("journal", Verdict::Passed, "readable"),
            Err(refusal) => check("journal", Verdict::Failed, &refusal.to_string()),
        }
    }

    fn submissions(&self) -> Check {
        let taken = match &self.submissions {
            Ok(submissions) => submissions.require_delivery(),
            Err(refusal) => Err(refusal.clone()),
        };
        match taken {
            Ok(()) => check("submissions", Verdict::Passed, "can be handed in"),
            Err(refusal @ Refusal::NoHub) => {
                check("submissions", Verdict::NotConfigured, &refusal.to_string())
            }
            Err(refusal) => check("submissions", Verdict::Failed, &refusal.to_string()),
        }
    }

    /// Read anew: what the file is now is what the next start of the agent prints.
    fn logo(&self) -> Option<Check> {
        let path = self.logo.as_deref()?;
        Some(match logo::load(path, hardware::slip::Paper::Mm80) {
            Ok(_) => check("logo", Verdict::Passed, "readable"),
            Err(error) => check("logo", Verdict::Warning, &error.to_string()),
        })
    }

    fn content(&self) -> Check {
        if !self.content.exists() {
            return check("content", Verdict::Failed, "none was ever pulled");
        }
        let checked = Store::open(&self.content).and_then(|store| {
            store.quick_check()?;
            store.len()
        });
        match checked {
            Ok(count) => check("content", Verdict::Passed, &format!("{count} records, whole")),
            Err(error) => check("content", Verdict::Failed, &error.to_string()),
        }
    }
}

fn check(subject: &str, verdict: Verdict, finding: &str) -> Check {
    Check {
        subject: subject.to_owned(),
        verdict,
        finding: finding.to_owned(),
    }
}

fn device(status: &Status, kind: DeviceKind) -> Check {
    let subject = match kind {
        DeviceKind::Printer => "printer",
        DeviceKind::Scanner => "scanner",
        DeviceKind::CardReader => "card reader",
        DeviceKind::Gpio => "gpio",
    };
    let Some(Device {
        state,
        trouble,
        since,
        ..
    }) = status.devices.iter().find(|device| device.kind == kind)
    else {
        return check(subject, Verdict::NotConfigured, "this terminal has none");
    };
    let verdict = match state {
        DeviceState::Ready => Verdict::Passed,
        DeviceState::Starting | DeviceState::Attention => Verdict::Warning,
        DeviceState::Broken | DeviceState::Away => Verdict::Failed,
    };
    let finding = match trouble {
        Some(trouble) => format!("{} since {since}", wire_name(trouble)),
        None => format!("{} since {since}", wire_name(state)),
    };
    check(subject, verdict, &finding)
}

/// The name of a state as it is on the wire.
fn wire_name(state: &impl serde::Serialize) -> String {
    match serde_json::to_value(state) {
        Ok(serde_json::Value::String(name)) => name.replace('_', " "),
        other => unreachable!("states are named: {other:?}"),
    }
}

fn release(status: &Status) -> Check {
    let verdict = match status.release.state {
        ReleaseState::Current => Verdict::Passed,
        ReleaseState::Stale | ReleaseState::Expired => Verdict::Warning,
        ReleaseState::NeverPulled => Verdict::Failed,
    };
    check("release", verdict, &wire_name(&status.release.state))
}
