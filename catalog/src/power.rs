//! Where the power may be cut.
//!
//! Everything that writes what must survive names its durable steps here. In a usual build that is all: the points are not
//! compiled in. With the feature `failpoints` a program that calls `arm` first can be killed at any of them, as a power cut
//! would; the tests named `power_cut` do so at every point that a run reaches.

/// When within a durable step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Nothing of it is on the disk.
    Before,
    /// Part of it is.
    During,
    /// All of it is.
    After,
}

impl Moment {
    #[cfg(feature = "failpoints")]
    const fn name(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::During => "during",
            Self::After => "after",
        }
    }
}

/// The program is at this moment of a durable step.
#[cfg(not(feature = "failpoints"))]
#[inline]
pub fn point(_step: &str, _moment: Moment) {}

#[cfg(feature = "failpoints")]
pub use armed::{arm, point};

#[cfg(feature = "failpoints")]
mod armed {
    use std::io::Write as _;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::Moment;

    /// The variable that names the point to be killed at, as `STEP/MOMENT/N`: the Nth time, from 0.
    const CUT: &str = "POWER_CUT";
    /// The variable that names a file to which every point is written that is reached.
    const LOG: &str = "POWER_LOG";

    /// The program is at this moment of a durable step.
    pub fn point(step: &str, moment: Moment) {
        let name = format!("{step}/{}", moment.name());
        if let Some(log) = std::env::var_os(LOG) {
            let file = std::fs::OpenOptions::new().append(true).create(true).open(log);
            let written = file.and_then(|mut file| writeln!(file, "{name}"));
            written.expect("the log of a test can be written");
        }
        fail::fail_point!(&name);
    }

    /// Gets ready to be killed where the environment says.
    pub fn arm() {
        let Ok(cut) = std::env::var(CUT) else { return };
        let (name, nth) = cut.rsplit_once('/').expect("a cut is STEP/MOMENT/N");
        let nth: usize = nth.parse().expect("N is a number");
        let reached = AtomicUsize::new(0);
        fail::cfg_callback(name, move || {
            if reached.fetch_add(1, Ordering::SeqCst) == nth {
                let own = rustix::process::getpid();
                rustix::process::kill_process(own, rustix::process::Signal::KILL)
                    .expect("a process may kill itself");
                // The signal may take a moment.
                std::thread::park();
            }
        })
        .expect("the name of a point is one of a fail point");
    }
}
