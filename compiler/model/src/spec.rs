//! What a spec may say, as types: the one source of the JSON Schemas.
//!
//! No data is ever decoded into these types. Between parse and print everything is a [`syntax::Node`], because a leaf
//! must keep the place it came from: a struct would lose it, and with it carets, `explain` and the plan's reasons. The
//! stages read Nodes by key; these types say which keys there are, what they mean and how they default. Their doc
//! comments are the schema's descriptions, their attributes its limits: [`crate::schema`] generates `schemas/*.json`
//! from them, [`crate::shape`] checks every layer against those, and an editor reads the same text.

pub mod admission;
pub mod alerts;
pub mod app;
pub mod backup;
pub mod capi;
pub mod choice;
pub mod claim;
pub mod component;
pub mod flows;
pub mod link;
pub mod machine;
pub mod network;
pub mod observability;
pub mod platform;
pub mod rule_file;
pub mod rules;
pub mod secrets;
pub mod settings;
pub mod template;
pub mod text;
pub mod volume;
