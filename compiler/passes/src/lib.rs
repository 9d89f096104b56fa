//! How one shape becomes the next: load, resolve, check, lower, emit.

pub mod emit;
pub mod template;
pub mod world;
