//! `completions`: what a shell needs to complete commands, flags and paths.

use crate::args;
use crate::exit::Code;
use clap::CommandFactory;
use clap_complete::Shell;
use std::io::{self, Write};

/// Options of `completions`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  formwork completions bash > ~/.local/share/bash-completion/completions/formwork
  formwork completions zsh > ~/.zfunc/_formwork
  formwork completions fish > ~/.config/fish/completions/formwork.fish
  formwork completions elvish >> ~/.config/elvish/rc.elv
  formwork completions powershell >> $PROFILE")]
pub struct Args {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Runs it.
pub fn run(args: &Args) -> Code {
    let mut text = Vec::new();
    let mut command = args::Args::command();
    clap_complete::generate(args.shell, &mut command, "formwork", &mut text);
    match io::stdout().write_all(&text) {
        Ok(()) => Code::Done,
        // Who reads it has seen enough.
        Err(_) => Code::Failed,
    }
}
