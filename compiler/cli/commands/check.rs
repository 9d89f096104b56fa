//! `check`: say everything that is wrong, and write nothing.

use crate::args::Color;
use crate::baseline;
use crate::exit::Code;
use crate::gate::{Bar, Gate, Weighed};
use crate::project::{Project, Which, show, show_one};
use crate::report::{Entry, Format, Report};
use passes::Judged;
use passes::resolve::Platform;
use rayon::prelude::*;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use syntax::{Diagnostic, Diagnostics, Sources};

/// Options of `check`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    which: Which,

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

    /// Say only what is found of these ids, or of the rules of these groups; the exit code is that of all
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
    // A baseline that is about to be written need not be there.
    let bar = match args.write_baseline {
        true => Ok(args.gate.bare()),
        false => args.gate.bar(),
    };
    let bar = match bar {
        Ok(bar) => bar,
        Err(problem) => {
            let (found, sources) = *problem;
            show(found, &sources, color);
            return Code::Failed;
        }
    };
    let mut project = match Project::find(&args.which) {
        Ok(project) => project,
        Err(problem) => {
            show_one(*problem, color);
            return Code::Failed;
        }
    };
    project.world.asks_the_day();
    // What can't be healed is for `build` to say: this is about the spec.
    let _ = project.out(None, color);
    let checked = check(&project);
    let mut weighed = bar.weigh(&checked.found, &checked.judged, &checked.sources);
    let written = args.gate.baseline.as_deref();
    if let Some(path) = written.filter(|_| args.write_baseline)
        && let Err(problem) = write(path, &mut weighed, &checked.sources)
    {
        show_one(*problem, color);
        weighed.code = Code::Failed;
    }
    say(args, &project, &bar, &checked, &weighed, color)
}

/// What came of a check.
struct Checked {
    sources: Sources,
    found: Diagnostics,
    judged: Diagnostics,
    /// Whether rules had their say.
    asked: bool,
}

fn check(project: &Project) -> Checked {
    let (front, mut found) = project.front();
    let mut sources = front.sources;
    let mut judged = Judged::default();
    let mut asked = false;
    if let Some(platform) = front.platform {
        stale_schema(project, &platform, &mut found);
        if !found.has_errors() {
            asked = true;
            judged = passes::judge(&platform);
            cells(&platform, &mut found, &mut judged);
        }
        sources = platform.sources;
    }
    Checked {
        sources,
        found,
        judged: judged.found,
        asked,
    }
}

/// Writes what is found as a baseline; from then on it is known.
fn write(path: &Path, weighed: &mut Weighed, sources: &Sources) -> Result<(), Box<Diagnostic>> {
    let shown = path.display();
    if weighed.code == Code::Failed {
        let message = format!("no baseline `{shown}` is written: the spec has errors");
        let problem = Diagnostic::error("no-baseline", message);
        let help = "mend them first: what can't be built is never known";
        return Err(Box::new(problem.help(help)));
    }
    baseline::write(path, weighed, sources)
}

/// Lowers and judges every cluster.
fn cells(platform: &Platform, found: &mut Diagnostics, judged: &mut Judged) {
    let said = Mutex::new((found, judged));
    platform.clusters.par_iter().for_each(|spec| {
        let cell = passes::judged_cell(platform, spec);
        let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
        said.0.append(cell.found);
        said.1.append(cell.judged);
    });
    let (found, judged) = said.into_inner().unwrap_or_else(PoisonError::into_inner);
    // What is wrong hides what an exception may be for.
    if !found.has_errors() {
        judged.exceptions.tell(&mut judged.found);
    }
}

/// Prints what was found, and says how to end.
fn say(
    args: &Args,
    project: &Project,
    bar: &Bar<'_>,
    checked: &Checked,
    weighed: &Weighed,
    color: Color,
) -> Code {
    let mut entries: Vec<Entry> = weighed.entries.clone();
    if !args.only.is_empty() {
        entries.retain(|entry| args.only.iter().any(|only| entry.is_of(only)));
    }
    let folder = project.folder(args.output);
    let report = Report::new(&entries, &checked.sources)
        .below(&folder)
        .spec(&project.spec)
        .judged(checked.asked)
        .only(&args.only)
        .color(color.on_stderr());
    let text = report.render(args.output);
    if args.output == Format::Human {
        anstream::eprint!("{text}");
    } else {
        anstream::print!("{text}");
    }
    bar.remark(weighed, true);
    if args.output == Format::Human && weighed.code == Code::Done {
        anstream::println!(
            "{}",
            match entries.iter().any(|entry| !entry.known) {
                true => "good enough to build",
                false => "nothing to report",
            }
        );
    }
    weighed.code
}

/// The editor's schema beside the spec should know the project's own components.
fn stale_schema(project: &Project, platform: &Platform, found: &mut Diagnostics) {
    let path = project.root.join("schemas/platform.json");
    let Ok(there) = std::fs::read_to_string(&path) else {
        return;
    };
    if there != super::schema::Name::Platform.text(&platform.library()) {
        found.add(
            Diagnostic::note(
                "stale-schema",
                "`schemas/platform.json` is not what this formwork and these components say",
            )
            .help("renew it: `formwork schema platform > schemas/platform.json`"),
        );
    }
}
