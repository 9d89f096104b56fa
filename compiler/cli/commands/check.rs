//! `check`: say everything that is wrong, and write nothing.

use crate::args::Color;
use crate::exit::Code;
use crate::project::{Project, Which, show_one};
use crate::report::{Format, Report};
use rayon::prelude::*;
use std::sync::{Mutex, PoisonError};
use syntax::{Diagnostic, Diagnostics};

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
}

/// Runs it.
pub fn run(args: &Args, color: Color) -> Code {
    let project = match Project::find(&args.which) {
        Ok(project) => project,
        Err(problem) => {
            show_one(*problem, color);
            return Code::Failed;
        }
    };
    // What can't be healed is for `build` to say: this is about the spec.
    let _ = project.out(None, color);
    let (front, mut found) = project.front();
    let sources = front.sources;
    let mut sources = sources;
    if let Some(platform) = front.platform {
        stale_schema(&project, &platform, &mut found);
        let findings = Mutex::new(Diagnostics::default());
        if !found.has_errors() {
            platform.clusters.par_iter().for_each(|spec| {
                let cell = passes::cell(&platform, spec);
                findings
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .append(cell.found);
            });
        }
        found.append(
            findings
                .into_inner()
                .unwrap_or_else(PoisonError::into_inner),
        );
        sources = platform.sources;
    }
    let failed = found.has_errors();
    let sorted = found.sorted();
    let folder = project.folder(args.output);
    let report = Report::new(&sorted, &sources)
        .below(&folder)
        .color(color.on_stderr());
    let text = report.render(args.output);
    if args.output != Format::Human {
        anstream::print!("{text}");
    } else {
        anstream::eprint!("{text}");
        match (failed, sorted.is_empty()) {
            (true, _) => {}
            (false, true) => anstream::println!("nothing to report"),
            (false, false) => anstream::println!("good enough to build"),
        }
    }
    if failed { Code::Failed } else { Code::Done }
}

/// The editor's schema beside the spec should know the project's own components.
fn stale_schema(project: &Project, platform: &passes::resolve::Platform, found: &mut Diagnostics) {
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
