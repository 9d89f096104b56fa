//! The shapes formwork works on: spec, profile, component, platform, object, tree.

pub mod form;
pub mod library;
pub mod object;
pub mod schema;
pub mod shape;
pub mod spec;
pub mod structural;
pub mod versions;
