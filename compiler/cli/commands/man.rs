//! `man`: the manual pages, made from the same definition as `--help`.

use crate::args::{self, Color};
use crate::exit::Code;
use crate::project::show_one;
use clap::CommandFactory;
use clap_mangen::Man;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use syntax::Diagnostic;

/// What the foot of each page says.
const SOURCE: &str = concat!("formwork ", env!("CARGO_PKG_VERSION"));

/// Options of `man`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  formwork man | man -l -
  formwork man --dir ~/.local/share/man/man1")]
pub struct Args {
    /// Write a page for each command into this folder, instead of printing the main one
    #[arg(long, env = "FORMWORK_DIR", value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    dir: Option<PathBuf>,
}

/// Runs it.
pub fn run(args: &Args, color: Color) -> Code {
    let done = match &args.dir {
        None => print(),
        Some(folder) => write(folder),
    };
    match done {
        Ok(()) => Code::Done,
        Err(problem) => {
            show_one(*problem, color);
            Code::Failed
        }
    }
}

fn print() -> Result<(), Box<Diagnostic>> {
    let mut page = Vec::new();
    let made = Man::new(args::Args::command()).render(&mut page);
    made.and_then(|()| io::stdout().write_all(&page))
        .map_err(|error| cannot("print the page", &error))
}

/// Every page is written, also over an older one of the same name: pages are made, not edited.
fn write(folder: &Path) -> Result<(), Box<Diagnostic>> {
    let place = folder.display();
    fs::create_dir_all(folder).map_err(|error| cannot(&format!("make `{place}`"), &error))?;
    let mut command = args::Args::command();
    command.build();
    let mut pages = Vec::new();
    collect(&command, "formwork", &mut pages).map_err(|error| cannot("make a page", &error))?;
    for (name, page) in &pages {
        let path = folder.join(name);
        fs::write(&path, page)
            .map_err(|error| cannot(&format!("write `{}`", path.display()), &error))?;
    }
    anstream::println!("wrote {} pages to {place}", pages.len());
    Ok(())
}

/// The page of a command, and of each below it.
fn collect(
    command: &clap::Command,
    name: &str,
    pages: &mut Vec<(String, Vec<u8>)>,
) -> io::Result<()> {
    let mut page = Vec::new();
    let page_of = Man::new(command.clone()).title(name);
    page_of.source(SOURCE).render(&mut page)?;
    pages.push((format!("{name}.1"), page));
    for below in command
        .get_subcommands()
        .filter(|below| !below.is_hide_set())
    {
        collect(below, &format!("{name}-{}", below.get_name()), pages)?;
    }
    Ok(())
}

fn cannot(what: &str, error: &io::Error) -> Box<Diagnostic> {
    Box::new(Diagnostic::error("man", format!("cannot {what}: {error}")))
}
