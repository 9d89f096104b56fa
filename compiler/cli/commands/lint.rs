//! `lint`: judge the manifests that somebody wrote by hand, and change nothing.

use crate::args::Color;
use crate::baseline;
use crate::exit::Code;
use crate::gate::{Bar, Gate, Weighed};
use crate::manifests::Manifests;
use crate::project::{folder, show, show_one};
use crate::report::{Entry, Format, Report};
use passes::lint::{Linted, lint};
use std::path::{Path, PathBuf};
use syntax::Diagnostic;

/// Options of `lint`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  formwork lint
  formwork lint kubernetes --deny warnings
  formwork lint -o sarif > lint.sarif
  formwork lint --baseline lint.json --write-baseline")]
pub struct Args {
    /// The folder of the repository
    #[arg(value_name = "DIR", default_value = ".", value_hint = clap::ValueHint::DirPath)]
    folder: PathBuf,

    /// How to print the findings; all but `human` go to stdout
    #[arg(
        long,
        short,
        value_enum,
        default_value = "human",
        env = "FORMWORK_OUTPUT",
        value_name = "FORMAT"
    )]
    output: Format,

    /// Say only what is found of these ids, or of these groups; the exit code is that of all
    #[arg(
        long,
        env = "FORMWORK_ONLY",
        value_name = "ID|GROUP",
        value_delimiter = ','
    )]
    only: Vec<String>,

    #[command(flatten)]
    gate: Gate,

    /// Write what is found into the file that `--baseline` names
    #[arg(long, env = "FORMWORK_WRITE_BASELINE", requires = "baseline")]
    write_baseline: bool,
}

/// Runs it.
pub fn run(args: &Args, color: Color) -> Code {
    if !args.folder.is_dir() {
        let shown = args.folder.display();
        let problem = Diagnostic::error("no-folder", format!("there is no folder `{shown}`"));
        show_one(
            problem.help("name the folder of a repository: `formwork lint DIR`"),
            color,
        );
        return Code::Failed;
    }
    let mut gate = args.gate.clone();
    gate.command = "lint";
    // A baseline that is about to be written need not be there.
    let bar = match args.write_baseline {
        true => Ok(gate.bare()),
        false => gate.bar(),
    };
    let bar = match bar {
        Ok(bar) => bar,
        Err(problem) => {
            let (found, sources) = *problem;
            show(found, &sources, color);
            return Code::Failed;
        }
    };
    let world = Manifests::new(args.folder.clone());
    let linted = lint(&world);
    let mut weighed = bar.weigh(&linted.found, &linted.judged, &linted.sources);
    let written = args
        .gate
        .baseline
        .as_deref()
        .filter(|_| args.write_baseline);
    if let Some(path) = written
        && let Err(problem) = write(path, &mut weighed, &linted)
    {
        show_one(*problem, color);
        weighed.code = Code::Failed;
    }
    say(args, &world, &bar, &linted, &weighed, color)
}

/// Writes what is found as a baseline; from then on it is known.
fn write(path: &Path, weighed: &mut Weighed, linted: &Linted) -> Result<(), Box<Diagnostic>> {
    let shown = path.display();
    if weighed.code == Code::Failed {
        let message = format!("no baseline `{shown}` is written: some files can't be read");
        let problem = Diagnostic::error("no-baseline", message);
        return Err(Box::new(problem.help("mend them first")));
    }
    baseline::write(path, weighed, &linted.sources)
}

/// Prints what was found, and says how to end.
fn say(
    args: &Args,
    world: &Manifests,
    bar: &Bar<'_>,
    linted: &Linted,
    weighed: &Weighed,
    color: Color,
) -> Code {
    let mut entries: Vec<Entry> = weighed.entries.clone();
    if !args.only.is_empty() {
        entries.retain(|entry| args.only.iter().any(|only| entry.is_of(only)));
    }
    let folder = folder(&args.folder, world, args.output);
    let report = Report::new(&entries, &linted.sources)
        .below(&folder)
        .spec("README.md")
        .only(&args.only)
        .color(color.on_stderr());
    let text = report.render(args.output);
    if args.output != Format::Human {
        anstream::print!("{text}");
        bar.remark(weighed, true);
        return weighed.code;
    }
    anstream::eprint!("{text}");
    bar.remark(weighed, true);
    let count = |number: usize, word: &str| match number {
        1 => format!("1 {word}"),
        number => format!("{number} {word}s"),
    };
    anstream::eprintln!(
        "read {} with {}, {}",
        count(linted.files, "file"),
        count(linted.objects, "object"),
        match linted.clusters {
            0 => "and found no place where Flux begins".to_owned(),
            clusters => format!("of {}", count(clusters, "cluster")),
        }
    );
    if weighed.code == Code::Done && !entries.iter().any(|entry| !entry.known) {
        anstream::println!("nothing to report");
    }
    weighed.code
}
