//! The crate from outside, on files that sops 3.13.2 wrote (`sealed/`) and on its own.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

mod edits;
mod made;
mod real;
mod refusals;
mod support;
