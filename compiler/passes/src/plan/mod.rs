//! What changes between two outputs, as data: objects by identity, fields by path, the effects, and why.
//!
//! Cells are compared one by one and dropped; what stays is what changed, each change once with the clusters that have
//! it. In reading order:
//!
//! - `side`: one cell of either output; `subject`: what a document is called
//! - `differ`, `list`: what differs between two trees; `prose`: between two texts
//! - `mask`: what must never be shown
//! - `because`: the line that decides it now
//! - `effect`: what the change does, where that is certain
//! - `cell`: one cell of both outputs; `collapse`: all of them
//! - `folder`: emitted files as cells again

pub mod because;
pub mod cell;
pub mod collapse;
mod differ;
pub mod effect;
pub mod folder;
mod list;
mod mask;
mod prose;
mod side;
mod subject;
#[cfg(test)]
mod tests;

pub use because::{Place, Touched};
pub use cell::{Change, Counts, Verb, compare};
pub use collapse::{Collapse, Group, Plan};
pub use differ::{Field, Step};
pub use effect::{Class, Effect};
pub use prose::Prose;
pub use side::Side;
pub use subject::Subject;

/// What stands for a value that must not be shown.
pub const MASKED: &str = "(masked)";

/// What stands for a value that SOPS sealed.
pub const CIPHERTEXT: &str = "(ciphertext)";

/// What stands for the cluster's name where changes differ in nothing else.
pub const CLUSTER: &str = "{cluster}";
