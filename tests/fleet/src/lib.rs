//! A day in the life of a fleet of terminals, in one process.
//!
//! Every terminal is the agent's own code: the poller with TUF, deltas, search index and switch; the outbox with its sender,
//! reporter and enroller. They talk HTTP over the loopback interface to a real nginx, which serves the release and stands before
//! the hub. What differs from a terminal in a hall:
//!
//! * [`clock`]: the fleet sleeps by a clock of its own, which moves on by whole seconds, and only when everybody sleeps. A day
//!   takes as long as the machine needs, and a slow machine does not change what is found. What the fleet does within one
//!   second of its time takes no time.
//! * The agents' databases are in memory (ten thousand times eight open files are more than a process may have), their state
//!   folders best in a file system of memory. Connections are shared and kept open; there is no TLS.
//!
//! * [`day`]: the plan, and what happens; [`terminal`]: one of the terminals, with its residents;
//! * [`origin`]: keys, release, nginx and hub; [`line`](mod@line): lines that drop;
//! * [`traffic`]: what nginx logged; [`report`], [`picture`]: what is said of it.

pub mod clock;
pub mod day;
pub mod line;
pub mod nginx;
pub mod origin;
pub mod picture;
pub mod report;
pub mod terminal;
pub mod traffic;
