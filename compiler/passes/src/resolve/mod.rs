//! The spec's five levels become a platform: levels merged, clusters counted, nothing lowered yet.

pub mod backup;
mod check;
mod choice;
pub mod cluster;
mod clusters;
mod conflict;
mod contract;
mod counts;
pub mod derive;
pub mod managers;
mod nodes;
mod order;
mod platform;
pub mod recovery;
pub mod rows;
pub mod select;
pub mod selector;

pub use clusters::ClusterSpec;
pub use platform::{Platform, explore, level_rules, resolve};
