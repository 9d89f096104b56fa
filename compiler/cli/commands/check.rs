//! `check`: say everything that is wrong, and write nothing.

use crate::args::Color;
use crate::exit::Code;
use crate::project::{Project, Which, show_one};
use crate::report::{Format, Report};
use passes::Judged;
use passes::resolve::Platform;
use rayon::prelude::*;
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
}

/// Runs it.
pub fn run(args: &Args, color: Color) -> Code {
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
    let (front, mut found) = project.front();
    let mut sources = front.sources;
    let mut judged = Judged::default();
    if let Some(platform) = front.platform {
        stale_schema(&project, &platform, &mut found);
        if !found.has_errors() {
            judged = passes::judge(&platform);
            cells(&platform, &mut found, &mut judged);
        }
        sources = platform.sources;
    }
    let code = match (found.has_errors(), judged.found.has_errors()) {
        (true, _) => Code::Failed,
        (false, true) => Code::Refused,
        (false, false) => Code::Done,
    };
    found.append(judged.found);
    say(args, &project, &sources, found, code, color);
    code
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

/// Prints what was found.
fn say(
    args: &Args,
    project: &Project,
    sources: &Sources,
    found: Diagnostics,
    code: Code,
    color: Color,
) {
    let mut sorted = found.sorted();
    if !args.only.is_empty() {
        sorted.retain(|finding| args.only.iter().any(|only| is_of(finding, only)));
    }
    let folder = project.folder(args.output);
    let report = Report::new(&sorted, sources)
        .below(&folder)
        .color(color.on_stderr());
    let text = report.render(args.output);
    if args.output != Format::Human {
        anstream::print!("{text}");
        return;
    }
    anstream::eprint!("{text}");
    match (code, sorted.is_empty()) {
        (Code::Done, true) => anstream::println!("nothing to report"),
        (Code::Done, false) => anstream::println!("good enough to build"),
        (Code::Different | Code::Refused | Code::Blocked | Code::Failed, _) => {}
    }
}

/// Whether a finding is of an id, or of a rule of a group.
fn is_of(finding: &Diagnostic, only: &str) -> bool {
    let rule = passes::rules::find(&finding.id);
    finding.id == only || rule.is_some_and(|rule| rule.group.word() == only)
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
