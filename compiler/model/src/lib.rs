//! The shapes formwork works on: spec, profile, component, platform, object, tree.

pub mod object;
pub mod spec;
