//! Departments that sign their own records.
//!
//! The operator delegates records to a department: `departments.json` in the folder of keys says which key is whose and which
//! ids are its. A department signs its records of a source folder into `signatures/DEPARTMENT.json`. What a department signed
//! outside its own list is refused, and so is a record of its list that it did not sign, or not like this, or that is gone.

mod check;
mod error;
mod list;
mod statement;

pub use check::check;
pub use error::DepartmentError;
pub use list::{Department, Departments, Pattern};
pub use statement::{Statement, sign};
