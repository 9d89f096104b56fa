//! The binary: parse the command line, dispatch, exit code.

fn main() {}
