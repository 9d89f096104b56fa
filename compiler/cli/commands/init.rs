//! `init`: a starter platform that builds as it is, with the recipes around it. What is there is kept.

mod answers;
mod starter;
mod versions;

use crate::args::Color;
use crate::exit::Code;
use crate::project::show_one;
use answers::Answers;
use starter::Starter;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use syntax::Diagnostic;

/// Options of `init`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The folder of the new platform
    #[arg(default_value = ".", env = "FORMWORK_DIR", value_name = "DIR")]
    dir: PathBuf,

    /// The profile it starts from: homelab, production, development, edge, or one of your own
    #[arg(long, env = "FORMWORK_PROFILE", value_name = "NAME")]
    profile: Option<String>,

    /// Its name [default: the folder's]
    #[arg(long, env = "FORMWORK_NAME", value_name = "NAME")]
    name: Option<String>,

    /// The domain below which it publishes
    #[arg(long, env = "FORMWORK_DOMAIN", value_name = "DOMAIN")]
    domain: Option<String>,

    /// The repository that the clusters read [default: the remote `origin`]
    #[arg(long, env = "FORMWORK_GIT", value_name = "URL")]
    git: Option<String>,

    /// Who may read its secrets: age recipients (age1...); repeat for more
    #[arg(
        long,
        env = "FORMWORK_AGE",
        value_name = "RECIPIENT",
        value_delimiter = ','
    )]
    age: Vec<String>,
}

/// What became of a file.
enum Fate {
    Wrote,
    /// It was there; what it lacks of ours, if it is a list of lines.
    Kept(Vec<String>),
}

/// Runs it.
pub fn run(args: &Args, color: Color) -> Code {
    match start(args) {
        Ok(()) => Code::Done,
        Err(problem) => {
            show_one(*problem, color);
            Code::Failed
        }
    }
}

fn start(args: &Args) -> Result<(), Box<Diagnostic>> {
    let answers = Answers::gather(args)?;
    fs::create_dir_all(&args.dir).map_err(|error| cannot("make the folder", &args.dir, &error))?;
    anstream::println!("platform `{}` in {}", answers.name, args.dir.display());
    for starter in starter::before(&answers) {
        put(&args.dir, &starter)?;
    }
    for starter in starter::after(&args.dir, &answers)? {
        put(&args.dir, &starter)?;
    }
    if !answers.at_top {
        anstream::println!(
            "  left out the recipes for hooks, CI and Renovate: they belong at the top of the repository"
        );
    }
    let build = match args.dir.as_path() == Path::new(".") {
        true => "formwork build".to_owned(),
        false => format!("formwork build {}", args.dir.join(starter::SPEC).display()),
    };
    anstream::println!(
        "next: `{build}`, look at the tree, edit {}, and build again",
        starter::SPEC
    );
    Ok(())
}

fn cannot(what: &str, path: &Path, error: &io::Error) -> Box<Diagnostic> {
    let message = format!("cannot {what} `{}`: {error}", path.display());
    Box::new(Diagnostic::error("init", message))
}

/// Writes a file where there is none, and says so.
fn put(folder: &Path, starter: &Starter) -> Result<(), Box<Diagnostic>> {
    let path = folder.join(starter.path);
    let fate = match write_new(&path, &starter.text) {
        Ok(()) => Fate::Wrote,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            Fate::Kept(lacking(&path, starter))
        }
        Err(error) => return Err(cannot("write", &path, &error)),
    };
    match fate {
        Fate::Wrote => anstream::println!("  wrote {}", starter.path),
        Fate::Kept(lines) if lines.is_empty() => anstream::println!("  kept  {}", starter.path),
        Fate::Kept(lines) => {
            anstream::println!("  kept  {}; it should also say:", starter.path);
            for line in lines {
                anstream::println!("          {line}");
            }
        }
    }
    Ok(())
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes())
}

/// The lines that a kept file lacks, where each line stands for itself.
fn lacking(path: &Path, starter: &Starter) -> Vec<String> {
    if !starter.is_lines {
        return Vec::new();
    }
    let there = fs::read_to_string(path).unwrap_or_default();
    let has = |line: &str| there.lines().any(|other| other.trim() == line);
    let lines = starter.text.lines().map(str::trim);
    lines
        .filter(|line| !line.is_empty() && !line.starts_with('#') && !has(line))
        .map(str::to_owned)
        .collect()
}
