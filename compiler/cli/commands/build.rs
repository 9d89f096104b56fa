//! `build`: compile the spec and write the tree.

use crate::args::Color;
use crate::cache::{Cache, Slot};
use crate::exit::Code;
use crate::gate::{Bar, Gate};
use crate::project::{Project, Which, show, show_one};
use crate::write::{Change, Mode, Options, Outcome, Scope, Writer};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use passes::resolve::selector::Selector;
use passes::resolve::{ClusterSpec, Platform};
use passes::summary::Summary;
use rayon::prelude::*;
use std::io::IsTerminal;
use std::mem::ManuallyDrop;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use syntax::{Diagnostic, Diagnostics};

/// Fewer clusters than this build faster than a progress bar can be read.
const WORTH_A_BAR: usize = 50;

/// More clusters than this are summed up in one line.
const SHOWN: usize = 12;

/// Options of `build`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    which: Which,

    /// Where to write [default: `generated` beside the spec]
    #[arg(long, env = "FORMWORK_OUT", value_name = "FOLDER", value_hint = clap::ValueHint::DirPath)]
    out: Option<PathBuf>,

    /// Write nothing; exit 2 where the tree is stale, and name what would change
    #[arg(long, env = "FORMWORK_CHECK")]
    check: bool,

    /// Only these clusters: NAME (`*` and `?` allowed) or key=value[,key=value]; repeat for more
    #[arg(
        long,
        env = "FORMWORK_CLUSTER",
        value_name = "SELECTOR",
        value_delimiter = ';'
    )]
    cluster: Vec<String>,

    /// Threads to use [default: one a core]
    #[arg(long, short, env = "FORMWORK_JOBS", value_name = "N")]
    jobs: Option<usize>,

    /// Write into a folder that holds other files and none of this platform; they stay
    #[arg(long, env = "FORMWORK_ADOPT")]
    adopt: bool,

    #[command(flatten)]
    gate: Gate,

    /// Print nothing but findings
    #[arg(long, short, env = "FORMWORK_QUIET")]
    quiet: bool,
}

/// Runs it.
pub fn run(args: &Args, color: Color) -> Code {
    let bar = match args.gate.bar() {
        Ok(bar) => bar,
        Err(problem) => {
            let (found, sources) = *problem;
            show(found, &sources, color);
            return Code::Failed;
        }
    };
    build(args, &bar, color).unwrap_or_else(|problem| {
        show_one(*problem, color);
        Code::Failed
    })
}

fn build(args: &Args, bar: &Bar<'_>, color: Color) -> Result<Code, Box<Diagnostic>> {
    let started = Instant::now();
    if let Some(jobs) = args.jobs {
        // Fails only where the threads are there already; then there are as many as processors.
        let _ = rayon::ThreadPoolBuilder::new()
            .num_threads(jobs)
            .build_global();
    }
    let project = Project::find(&args.which)?;
    let out = project.out(args.out.as_deref(), color)?;
    let (front, mut found) = project.front();
    let Some(platform) = front.platform.filter(|_| !found.has_errors()) else {
        project.show(found, &front.sources, color);
        return Ok(Code::Failed);
    };
    // The process ends with it: nothing has to be given back.
    let platform = ManuallyDrop::new(platform);
    let chosen = Selector::choose(&platform, &args.cluster)?;
    // A small platform is lowered sooner than its cache is read, and is summed up cluster by cluster.
    let cache = (chosen.len() > SHOWN)
        .then(|| Cache::open(&project.root, &out, &platform))
        .flatten();
    let mut judged = passes::judge(&platform).found;
    let (outcome, summaries) = write(
        (args, bar),
        out,
        (&platform, &chosen),
        cache.as_ref(),
        &mut found,
        &mut judged,
    )?;
    let failed = found.has_errors() || outcome.has_failed();
    let no = bar.weigh(&found, &judged, &platform.sources).code != Code::Done;
    let blocked = !outcome.refused.is_empty();
    found.append(outcome.diagnostics());
    let weighed = bar.weigh(&found, &judged, &platform.sources);
    project.show_entries(&weighed.entries, &platform.sources, color);
    bar.remark(&weighed, args.cluster.is_empty());
    for diff in outcome
        .refused
        .iter()
        .filter_map(|refusal| refusal.diff.as_ref())
    {
        eprintln!("\n{}", diff.trim_end());
    }
    if failed {
        return Ok(Code::Failed);
    }
    if blocked {
        return Ok(Code::Blocked);
    }
    if no {
        return Ok(Code::Refused);
    }
    if !args.quiet {
        summary(args, &platform, &summaries, &outcome, started.elapsed());
    }
    let stale = args.check && outcome.differs();
    Ok(if stale { Code::Different } else { Code::Done })
}

/// Lowers the chosen cells and hands each to the writer as soon as it is done.
fn write(
    (args, bar): (&Args, &Bar<'_>),
    out: PathBuf,
    (platform, chosen): (&Platform, &[&ClusterSpec]),
    cache: Option<&Cache>,
    found: &mut Diagnostics,
    judged: &mut Diagnostics,
) -> Result<(Outcome, Vec<Summary>), Box<Diagnostic>> {
    let scope = if args.cluster.is_empty() {
        Scope::All
    } else {
        Scope::Cells(
            chosen
                .iter()
                .map(|cluster| cluster.name.to_string())
                .collect(),
        )
    };
    let mode = if args.check { Mode::Check } else { Mode::Write };
    let writer = Writer::open(Options {
        out,
        platform: platform.name.to_string(),
        mode,
        adopt: args.adopt,
        scope,
        cells: platform.clusters.len(),
    })?;
    let shown = progress(chosen.len());
    let run = Run {
        platform,
        cache,
        writer,
        remembers: !args.check,
        sums_up: chosen.len() <= SHOWN,
        forgives: bar.forgives(),
        said: Mutex::default(),
    };
    chosen.par_iter().for_each(|spec| {
        run.cell(spec);
        shown.inc(1);
    });
    shown.finish_and_clear();
    let said = run.said.into_inner();
    let (cells_found, cells_judged, mut summaries) = said.unwrap_or_else(PoisonError::into_inner);
    found.append(cells_found);
    judged.append(cells_judged);
    summaries.sort_by(|a: &Summary, b| a.name.cmp(&b.name));
    let right = bar.weigh(found, judged, &platform.sources).code == Code::Done;
    Ok((run.writer.finish(right), summaries))
}

/// What the cells of one run share.
struct Run<'a> {
    platform: &'a Platform,
    cache: Option<&'a Cache>,
    writer: Writer,
    /// Cells that were right are remembered.
    remembers: bool,
    /// Each cluster is summed up.
    sums_up: bool,
    /// What a rule refuses may be known: that is decided once everything is found.
    forgives: bool,
    said: Mutex<(Diagnostics, Diagnostics, Vec<Summary>)>,
}

impl Run<'_> {
    /// Lowers one cell and hands it to the writer, unless nothing about it changed.
    fn cell(&self, spec: &ClusterSpec) {
        let slot = self.cache.map(|cache| cache.slot(self.platform, spec));
        let memory = slot.as_ref().and_then(Slot::read);
        if memory.is_some_and(|memory| self.writer.recall(&memory)) {
            return;
        }
        let mut cell = passes::judged_cell(self.platform, spec);
        let found = std::mem::take(&mut cell.found);
        let judged = std::mem::take(&mut cell.judged.found);
        let good = !found.has_errors() && (self.forgives || !judged.has_errors());
        let silent = found.is_empty() && judged.is_empty();
        if self.sums_up || !silent {
            let mut said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
            said.0.append(found);
            said.1.append(judged);
            if self.sums_up {
                said.2.push(std::mem::take(&mut cell.summary));
            }
        }
        if good {
            let files = passes::files(self.platform, cell);
            let memory = self.writer.cell(&spec.name, files);
            if let Some((slot, memory)) = slot.zip(memory)
                && silent
                && self.remembers
            {
                slot.write(&memory);
            }
        }
    }
}

fn progress(clusters: usize) -> ProgressBar {
    if clusters < WORTH_A_BAR || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(Some(clusters as u64), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} clusters, {eta} left") {
        bar.set_style(style);
    }
    bar
}

/// What a person wants to know, in a few lines.
fn summary(
    args: &Args,
    platform: &Platform,
    summaries: &[Summary],
    outcome: &Outcome,
    took: Duration,
) {
    if summaries.is_empty() {
        println!("{}: {} clusters", platform.name, platform.clusters.len());
    }
    for summary in summaries {
        println!("{}: {}", summary.name, summary.about);
        println!("  {}", summary.components.join(", "));
        if !summary.apps.is_empty() {
            println!("  apps: {}", summary.apps.join(", "));
        }
        // Said once more with every change, not with every run of a hook.
        for note in summary.notes.iter().filter(|_| outcome.differs()) {
            println!("  - {note}");
        }
    }
    if args.check {
        for (path, change) in &outcome.changes {
            let word = match change {
                Change::Added => "add",
                Change::Changed => "change",
                Change::Removed => "remove",
            };
            println!("would {word} {path}");
        }
    }
    let verb = if args.check { "would write" } else { "wrote" };
    let (written, unchanged, removed) = (outcome.written(), outcome.unchanged, outcome.removed);
    let ms = took.as_secs_f64() * 1000.0;
    println!("{verb} {written} files, {unchanged} unchanged, {removed} removed, in {ms:.0} ms");
}
