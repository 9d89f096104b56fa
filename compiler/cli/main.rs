//! The binary: parse the command line, dispatch, exit code.

mod args;
mod baseline;
mod cache;
mod commands;
mod disk;
mod exit;
mod gate;
mod git;
mod manifests;
mod project;
mod report;
mod table;
mod verdict;
mod write;

use clap::Parser;
use std::process::ExitCode;

/// A build is many small nodes on several threads, which glibc's allocator pays for page by page: docs/performance.md.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let args = match args::Args::try_parse() {
        Ok(args) => args,
        Err(problem) => {
            // Help and version are answers; everything else is wrong usage.
            let code = if problem.use_stderr() {
                exit::Code::Failed
            } else {
                exit::Code::Done
            };
            let _ = problem.print();
            return code.into();
        }
    };
    commands::run(args).into()
}
