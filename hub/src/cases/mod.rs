//! Applications for disclosure, from receipt to archive.
//!
//! A case is the fold of its steps: [`Case::after`] is a pure function from a case and a step to the next
//! case or to why the step cannot be made; [`Case::clock`] is the statutory clock on a day. Nothing here
//! knows a database, a time or a person.

mod case;
mod clock;
mod step;

pub use case::{Case, CorrectionRequest, Extension, Suspension, WrongStep};
pub use clock::{AnswerClock, Clock, Deadline, Late, LateStep};
pub use step::{Action, Step};

#[cfg(test)]
mod tests;
