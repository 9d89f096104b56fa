//! Text, YAML, origins and diagnostics: the layer that knows nothing of platforms.
//!
//! In reading order: a [`source`] is a text, an [`origin`] says where a value came from, a [`node`] is the value,
//! and a [`diagnostic`] is what is said about it. [`parse`] reads a text as a tree, [`merge`] brings levels together,
//! [`print`] makes a tree text again, and [`mod@pack`] keeps it as bytes; [`pointer`] names a place in a tree, [`diff`] says what changed between two.

pub mod decode;
pub mod diagnostic;
pub mod diff;
pub mod merge;
pub mod node;
pub mod origin;
pub mod pack;
pub mod parse;
pub mod pointer;
pub mod print;
pub mod source;
pub mod suggest;

pub use diagnostic::{Diagnostic, Diagnostics, Fix, Label, Severity};
pub use merge::MergeRules;
pub use node::{Entry, Kind, Map, Node, Text};
pub use origin::{Origin, OriginId, Origins};
pub use pointer::Pointer;
pub use source::{FileId, Source, Sources, Span};
