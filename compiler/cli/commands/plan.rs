//! `plan`: what a change of the spec changes in every cluster, and what that does.

mod base;
mod human;
mod json;
mod markdown;
mod words;

use crate::args::Color;
use crate::exit::Code;
use crate::project::{Project, Which, show_one};
use base::Base;
use passes::emit::Leaf;
use passes::plan::{Collapse, Plan, Side, Touched, Verb, compare};
use passes::resolve::selector::Selector;
use passes::resolve::{ClusterSpec, Platform};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::{Mutex, PoisonError};
use syntax::{Diagnostic, Diagnostics, Origins, Sources};

/// Options of `plan`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  formwork plan                            what the uncommitted edit changes
  formwork plan --base origin/main         what this branch changes, as a pull request shows it
  formwork plan --base v1.4.0..            what has changed since exactly that revision
  formwork plan --base ./generated         what a build would change in a folder, as data
  formwork plan -o markdown --exit-code    a comment for a pull request; exit 2 where anything changes")]
pub struct Args {
    #[command(flatten)]
    which: Which,

    /// What to compare with: a revision (where it and HEAD part; REV.. for the revision itself) or a folder of emitted
    /// files (./FOLDER) [default: HEAD]
    #[arg(long, env = "FORMWORK_BASE", value_name = "REV|FOLDER")]
    base: Option<String>,

    /// How to print the plan
    #[arg(
        long,
        short,
        value_enum,
        default_value = "human",
        env = "FORMWORK_PLAN_OUTPUT",
        value_name = "FORMAT"
    )]
    output: Output,

    /// Exit 2 where anything changes
    #[arg(long, env = "FORMWORK_EXIT_CODE")]
    exit_code: bool,

    /// Only these clusters: NAME (`*` and `?` allowed) or key=value[,key=value]; repeat for more
    #[arg(
        long,
        env = "FORMWORK_CLUSTER",
        value_name = "SELECTOR",
        value_delimiter = ';'
    )]
    cluster: Vec<String>,
}

/// How a plan is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Output {
    /// For a terminal.
    Human,
    /// For a comment on a pull request: always below 60,000 bytes.
    Markdown,
    /// For programs.
    Json,
}

/// A plan and what it is told of.
#[derive(Debug)]
struct Shown<'a> {
    plan: &'a Plan,
    platform: &'a str,
    base: &'a Base,
}

type Problem = Box<Diagnostic>;

/// Runs it.
pub fn run(args: &Args, color: Color) -> Code {
    plan(args, color).unwrap_or_else(|problem| {
        show_one(*problem, color);
        Code::Failed
    })
}

fn plan(args: &Args, color: Color) -> Result<Code, Problem> {
    let project = Project::find(&args.which)?;
    // What can't be healed is for `build` to say: this is about the spec.
    let _ = project.out(None, color);
    let base = Base::open(&project, args.base.as_deref())?;
    let (front, mut found) = project.front();
    let Some(platform) = front.platform.filter(|_| !found.has_errors()) else {
        project.show(found, &front.sources, color);
        return Ok(Code::Failed);
    };
    let before = base.platform(&project, color)?;
    let run = Run::new(&base, before.as_ref(), &platform);
    let names = run.choose(&args.cluster)?;
    names.par_iter().for_each(|name| run.cell(name));
    let said = run
        .said
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    if let Some((_, (old, sources))) = said.old.into_iter().next() {
        let sources = before.as_ref().map_or(&sources, |before| &before.sources);
        return Err(base.unbuildable(old, sources, color));
    }
    found.append(said.new);
    let failed = found.has_errors();
    project.show(found, &platform.sources, color);
    if failed {
        return Ok(Code::Failed);
    }
    let plan = said.collapse.finish();
    let shown = Shown {
        plan: &plan,
        platform: &platform.name,
        base: &base,
    };
    let text = match args.output {
        Output::Human => human::render(&shown, color.on_stdout()),
        Output::Markdown => markdown::render(&shown),
        Output::Json => json::render(&shown),
    };
    // A reader that had enough is no error.
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
    let differs = args.exit_code && !plan.is_empty();
    Ok(if differs { Code::Different } else { Code::Done })
}

/// What the cells of one run share.
struct Run<'a> {
    base: &'a Base,
    before: Option<&'a Platform>,
    after: &'a Platform,
    old_specs: BTreeMap<&'a str, &'a ClusterSpec>,
    new_specs: BTreeMap<&'a str, &'a ClusterSpec>,
    gone: Touched,
    come: Touched,
    /// Files that are read back have places of their own, which decide nothing.
    unknown: Origins,
    said: Mutex<Said>,
}

/// The sealed files of a platform, which are none of its texts.
fn sealed(platform: &Platform) -> impl Iterator<Item = (&str, &str, &str, &[u8])> {
    platform.sealed.iter().flat_map(|(cluster, files)| {
        files.iter().map(move |file| {
            let (namespace, name) = (file.namespace.as_str(), file.file.as_str());
            (cluster.as_str(), namespace, name, file.bytes.as_slice())
        })
    })
}

/// What the cells said.
#[derive(Default)]
struct Said {
    collapse: Collapse,
    new: Diagnostics,
    /// What is wrong in the base, by cluster, with the texts of files that were read back.
    old: BTreeMap<String, (Diagnostics, Sources)>,
}

/// One cell of one side.
#[derive(Default)]
struct Lowered {
    leaves: Vec<Leaf>,
    origins: Origins,
    found: Diagnostics,
    /// The texts, where they are not the platform's.
    sources: Option<Sources>,
}

impl<'a> Run<'a> {
    fn new(base: &'a Base, before: Option<&'a Platform>, after: &'a Platform) -> Self {
        let (gone, come) = match before {
            Some(before) => {
                let (gone, come) = Touched::between(&before.sources, &after.sources);
                match sealed(before).eq(sealed(after)) {
                    true => (gone, come),
                    false => (gone.among_others(), come.among_others()),
                }
            }
            None => Default::default(),
        };
        let specs = |platform: &'a Platform| {
            let specs = platform.clusters.iter();
            specs.map(|spec| (spec.name.as_str(), spec)).collect()
        };
        Run {
            base,
            before,
            after,
            old_specs: before.map(specs).unwrap_or_default(),
            new_specs: specs(after),
            gone,
            come,
            unknown: Origins::default(),
            said: Mutex::default(),
        }
    }

    /// The clusters to compare: of either side, by name.
    fn choose(&self, selectors: &[String]) -> Result<BTreeSet<&'a str>, Problem> {
        let new = Selector::choose(self.after, selectors);
        let old = self
            .before
            .map(|before| Selector::choose(before, selectors));
        let mut names: BTreeSet<&str> = self
            .base
            .clusters()
            .into_iter()
            .filter(|name| selectors.is_empty() || Selector::any_names(selectors, name))
            .collect();
        if let Some(Ok(old)) = &old {
            names.extend(old.iter().map(|spec| spec.name.as_str()));
        }
        match new {
            Ok(new) => names.extend(new.iter().map(|spec| spec.name.as_str())),
            // A cluster that is no longer described can still be meant.
            Err(problem) if names.is_empty() => return Err(problem),
            Err(_) => {}
        }
        Ok(names)
    }

    /// Compares one cell of both sides.
    fn cell(&self, name: &str) {
        let mut new = self.new_specs.get(name).map(|spec| lower(self.after, spec));
        let mut old = match (self.before, self.old_specs.get(name)) {
            (Some(before), Some(spec)) => Some(lower(before, spec)),
            (Some(_), None) => None,
            (None, _) => self.emitted(name),
        };
        let mut said = Said::default();
        if let Some(new) = &mut new {
            said.new = std::mem::take(&mut new.found);
        }
        if let Some(old) = old.as_mut().filter(|old| old.found.has_errors()) {
            let sources = old.sources.take().unwrap_or_default();
            let found = std::mem::take(&mut old.found);
            said.old.insert(name.to_owned(), (found, sources));
        } else if !said.new.has_errors() {
            self.compare(name, old.as_ref(), new.as_ref(), &mut said.collapse);
        }
        let mut all = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        all.collapse.absorb(said.collapse);
        all.new.append(said.new);
        all.old.append(&mut said.old);
    }

    fn compare(
        &self,
        name: &str,
        old: Option<&Lowered>,
        new: Option<&Lowered>,
        collapse: &mut Collapse,
    ) {
        let none = Lowered::default();
        let (before, after) = (old.unwrap_or(&none), new.unwrap_or(&none));
        let old_sources = self
            .before
            .map_or(&self.after.sources, |before| &before.sources);
        let is_built = before.sources.is_none();
        let old_side = Side {
            leaves: &before.leaves,
            origins: if is_built {
                &before.origins
            } else {
                &self.unknown
            },
            sources: old_sources,
            touched: &self.gone,
        };
        let new_side = Side {
            leaves: &after.leaves,
            origins: &after.origins,
            sources: &self.after.sources,
            touched: &self.come,
        };
        let changes = compare(&old_side, &new_side);
        match (old, new) {
            (Some(_), None) if !before.leaves.is_empty() => {
                collapse.whole(name, Verb::Removed, &changes);
            }
            (None, Some(_)) => collapse.whole(name, Verb::Added, &changes),
            (Some(_), Some(_)) => collapse.cell(name, changes),
            (Some(_) | None, None) => {}
        }
    }

    /// A cell of a folder; `None` where the folder has nothing of this platform's for it.
    fn emitted(&self, name: &str) -> Option<Lowered> {
        let mut found = Diagnostics::default();
        let emitted = self.base.read(&self.after.name, name, &mut found);
        (!emitted.leaves.is_empty() || !found.is_empty()).then(|| Lowered {
            leaves: emitted.leaves,
            origins: emitted.origins,
            found,
            sources: Some(emitted.sources),
        })
    }
}

fn lower(platform: &Platform, spec: &ClusterSpec) -> Lowered {
    let cell = passes::cell(platform, spec);
    Lowered {
        leaves: cell.leaves,
        origins: cell.origins,
        found: cell.found,
        sources: None,
    }
}
