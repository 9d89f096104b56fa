//! The one test binary.

mod writer;
