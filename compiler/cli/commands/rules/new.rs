//! `rules new`: a rule of a project's own to start from, that already does something.

use super::shelf::Shelf;
use crate::args::Color;
use crate::exit::Code;
use crate::project::show_one;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::PathBuf;
use syntax::Diagnostic;

const RULE: &str = include_str!("new/rule.yaml");

/// Options of `rules new`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Its id: the name of its file, and `rules.ID` in a spec
    #[arg(value_name = "ID")]
    id: String,

    /// The spec beside which it is put [default: the `platform.yaml` in reach, if any, else the current folder]
    #[arg(long, env = "FORMWORK_SPEC", value_name = "SPEC", value_hint = clap::ValueHint::FilePath)]
    spec: Option<PathBuf>,
}

/// Runs it.
pub fn run(args: &Args, color: Color) -> Code {
    match start(args) {
        Ok(text) => {
            anstream::print!("{text}");
            Code::Done
        }
        Err(problem) => {
            show_one(*problem, color);
            Code::Failed
        }
    }
}

fn start(args: &Args) -> Result<String, Box<Diagnostic>> {
    let id = &args.id;
    let problem =
        |message: String, help: &str| Box::new(Diagnostic::error("bad-name", message).help(help));
    if !model::form::is_dns_label(id) {
        return Err(problem(
            format!("`{id}` is no name for a rule"),
            "lower-case letters, digits and `-`, as in a DNS label",
        ));
    }
    let shelf = Shelf::open(args.spec.as_deref())?;
    if shelf.find(id).is_ok() {
        return Err(problem(
            format!("there is a rule `{id}` already"),
            "nothing is overwritten: take another name, or edit what is there",
        ));
    }
    let folder = shelf.root.join("rules");
    let path = folder.join(format!("{id}.yaml"));
    let write = || {
        fs::create_dir_all(&folder)?;
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)?;
        file.write_all(RULE.replace("NAME", id).as_bytes())
    };
    write().map_err(|error| {
        Box::new(Diagnostic::error(
            "unwritable",
            format!("`{}` can't be written: {error}", path.display()),
        ))
    })?;
    Ok(format!(
        "  wrote {}\nnext: say what it wants; `formwork rules test {id}` tries it on its examples\n",
        path.display()
    ))
}
