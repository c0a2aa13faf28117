//! The operator's side: check, publish and serve content.
//!
//! * [`check`]: the report on a source folder;
//! * [`departments`]: departments that sign their own records;
//! * [`keys`]: the folder of signing keys and the root of trust that terminals are given;
//! * [`page`]: the phone pages;
//! * [`publish`]: records in, a signed static release out;
//! * [`rollout`]: whether terminals get along with a new generation;
//! * [`serve`]: a web server for a release, where no other is at hand;
//! * [`upload`]: a release, copied to an object store;
//! * [`intake`]: what terminals hand in, over [`store`] and [`database`]; [`authority`]: their certificates;
//! * [`cases`]: applications for disclosure and their statutory clocks.

pub mod authority;
pub mod cases;
pub mod check;
pub mod database;
pub mod departments;
pub mod intake;
pub mod keys;
mod network;
pub mod page;
pub mod publish;
pub mod retention;
pub mod rollout;
pub mod serve;
pub mod store;
pub mod upload;
