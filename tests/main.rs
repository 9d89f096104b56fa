//! The one test binary: every test that needs the whole program, its library, or the repository.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[cfg(unix)]
mod action;
#[cfg(unix)]
mod bootstrap;
mod cli_docs;
mod commands;
mod components;
mod dead_fields;
mod determinism;
mod golden;
mod graph;
mod properties;
mod provenance;
mod readme;
mod reports;
mod schemas;
mod shells;
mod support;
mod tidy;
mod writer;
mod yaml_soak;
mod yaml_suite;
