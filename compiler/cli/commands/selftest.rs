//! `selftest`: shows that each rule can fire, and that it stays silent where nothing is wrong.

use super::rules::test;
use crate::args::Color;
use crate::exit::Code;

/// Options of `selftest`.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs it.
pub fn run(_: &Args, color: Color) -> Code {
    test::run(&test::Args::default(), color)
}
