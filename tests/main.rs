//! The one test binary: every test that needs the whole program, its library, or the repository.
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[cfg(unix)]
mod action;
mod alerts;
#[cfg(unix)]
mod bootstrap;
mod capi;
mod cli_docs;
mod commands;
mod components;
mod dead_fields;
mod determinism;
mod doc_examples;
mod gate;
mod golden;
mod graph;
mod lint;
mod mutants;
mod own_rules;
mod plaintext;
mod plan;
mod properties;
mod provenance;
mod reach;
mod readme;
mod reports;
mod rules;
mod schemas;
mod shells;
mod support;
mod switches;
mod tidy;
mod upstream;
mod writer;
mod yaml_soak;
mod yaml_suite;
