//! `components test`: what a component lacks, whether it builds, and whether its chart knows its values.

mod bench;
mod charts;
mod company;
pub mod example;
mod outline;
mod pool;
mod render;
mod settings;
mod subject;
mod table;
mod trial;
mod values;

use super::Output;
use super::library::Library;
use crate::args::Color;
use crate::exit::Code;
use crate::project::show_one;
use crate::report::{Format, Report, entries};
use charts::Charts;
use passes::world::Shelf;
use pool::Pool;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::path::PathBuf;
use subject::Subject;
use syntax::{Diagnostic, Severity};
use trial::Trial;

/// Options of `components test`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  formwork components test echo
  formwork components test components/echo --chart ../charts/echo
  formwork components test --all --chart ../charts")]
pub struct Args {
    /// Which components: names, or folders with a component.yaml [default: the project's own]
    #[arg(value_name = "NAME|DIR")]
    names: Vec<String>,

    /// Every component in reach, those of the library too
    #[arg(long, env = "FORMWORK_ALL", conflicts_with = "names")]
    all: bool,

    /// The chart's folder (Chart.yaml, values.yaml, values.schema.json), or one that holds such folders by the charts' names
    #[arg(long, env = "FORMWORK_CHART", value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    chart: Option<PathBuf>,

    /// Run `helm template` on the chart (it needs its templates) and compare what it makes with `declares`
    #[arg(long, env = "FORMWORK_RENDER", requires = "chart")]
    render: bool,

    /// Write what the chart takes beside the component, as `chart.yaml`: builds warn by it of overrides that name no value
    #[arg(long, env = "FORMWORK_UPDATE", requires = "chart")]
    update: bool,

    /// The spec whose folder holds the project's own components [default: the `platform.yaml` in reach, if any]
    #[arg(long, env = "FORMWORK_SPEC", value_name = "SPEC", value_hint = clap::ValueHint::FilePath)]
    spec: Option<PathBuf>,

    /// How to print the result
    #[arg(
        long,
        short,
        value_enum,
        default_value = "human",
        value_name = "FORMAT"
    )]
    output: Output,
}

/// Runs it.
pub fn run(args: &Args, color: Color) -> Code {
    test(args, color).unwrap_or_else(|problem| {
        show_one(*problem, color);
        Code::Failed
    })
}

fn test(args: &Args, color: Color) -> Result<Code, Box<Diagnostic>> {
    let library = Library::open(args.spec.as_deref())?;
    let subjects = subjects(args, &library)?;
    let charts = Charts::new(args.chart.as_deref())?;
    let mut trials: Vec<Trial> = subjects
        .par_iter()
        .map(|subject| trial::run(subject, &library, &charts, args))
        .collect();
    let mut pool = Pool::default();
    let mut found: Vec<Diagnostic> = Vec::new();
    for trial in &mut trials {
        for (said, sources) in trial.said.drain(..) {
            found.extend(pool.take(said, &sources, |name| trial.subject.shown(&library, name)));
        }
    }
    found.sort_by(|a, b| (a.span(), &a.id, &a.message).cmp(&(b.span(), &b.id, &b.message)));
    found.dedup();
    let failed = found.iter().any(|found| found.severity == Severity::Error);
    let found = entries(found, &pool.sources, &BTreeSet::new());
    let report = Report::new(&found, &pool.sources).color(color.on_stderr());
    match args.output {
        Output::Human => {
            anstream::eprint!("{}", report.render(Format::Human));
            anstream::print!("{}", table::human(&trials));
        }
        Output::Json => anstream::print!("{}", table::json(&trials, &report.render(Format::Json))),
    }
    Ok(if failed { Code::Failed } else { Code::Done })
}

/// The components to test.
fn subjects(args: &Args, library: &Library) -> Result<Vec<Subject>, Box<Diagnostic>> {
    if !args.names.is_empty() {
        return args
            .names
            .iter()
            .map(|name| Subject::named(name, library))
            .collect();
    }
    let wanted = library
        .components
        .values()
        .filter(|component| args.all || component.shelf == Shelf::Project);
    let subjects: Vec<Subject> = wanted
        .map(|component| Subject::of(&component.name))
        .collect();
    if subjects.is_empty() {
        return Err(Box::new(
            Diagnostic::error("usage", "there is no component of your own here")
                .help("name one, or test those of the library: `formwork components test --all`")
                .help("`formwork components new NAME` starts one"),
        ));
    }
    Ok(subjects)
}
