//! `rules test`, and `selftest`: each rule on the examples of its page.

use super::shelf::{Known, Shelf};
use crate::args::Color;
use crate::disk::Library;
use crate::exit::Code;
use crate::project::{show, show_one};
use passes::rules::Example;
use passes::rules::trial::{self, Trial};
use passes::world::{Bytes, Shelf as From, World};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::path::PathBuf;
use syntax::{Diagnostic, Node};

/// Options of `rules test`.
#[derive(Debug, Default, clap::Args)]
pub struct Args {
    /// The rules to try [default: all]
    #[arg(value_name = "ID")]
    ids: Vec<String>,

    /// The spec beside which a project's own rules lie [default: the `platform.yaml` in reach, if any]
    #[arg(long, env = "FORMWORK_SPEC", value_name = "SPEC", value_hint = clap::ValueHint::FilePath)]
    spec: Option<PathBuf>,
}

/// Runs it.
pub fn run(args: &Args, color: Color) -> Code {
    tried(args, color).unwrap_or_else(|problem| {
        show_one(*problem, color);
        Code::Failed
    })
}

fn tried(args: &Args, color: Color) -> Result<Code, Box<Diagnostic>> {
    let shelf = Shelf::open(args.spec.as_deref())?;
    let rules: Vec<Known<'_>> = match args.ids.as_slice() {
        [] => shelf.all().collect(),
        ids => ids
            .iter()
            .map(|id| shelf.find(id))
            .collect::<Result<_, _>>()?,
    };
    let tried: Vec<(Known<'_>, Trial)> = rules
        .par_iter()
        .map(|rule| (*rule, trial_of(*rule)))
        .collect();
    let wrong = tried
        .iter()
        .flat_map(|(rule, trial)| trial.wrong.iter().map(move |wrong| (rule.id(), wrong)));
    for (id, wrong) in wrong {
        anstream::println!("{id}: {wrong}");
    }
    let fired = tried.iter().filter(|(_, trial)| trial.fired > 0).count();
    let silent = tried.len() - fired;
    anstream::println!("{} rules, {fired} fired, {silent} silent", tried.len());
    let unread = shelf.found.has_errors();
    show(shelf.found.clone(), &shelf.sources, color);
    let right = tried.iter().all(|(_, trial)| trial.wrong.is_empty());
    Ok(if right && !unread {
        Code::Done
    } else {
        Code::Failed
    })
}

fn trial_of(rule: Known<'_>) -> Trial {
    match rule {
        Known::BuiltIn(rule) => trial::rule(rule, &|example| Box::new(Sample::of(example))),
        Known::Policy(rule) | Known::Own(rule) => trial::own(rule),
    }
}

/// The day on which examples are tried: what they say of support must be the same tomorrow.
const TODAY: &str = "2026-09-15";

/// The files of an example, and the library inside the binary.
struct Sample(BTreeMap<String, String>);

impl Sample {
    fn of(example: &Example<'_>) -> Sample {
        let files = example.files.iter();
        let files = files.map(|(path, text)| ((*path).to_owned(), format!("{text}\n")));
        Sample(files.collect())
    }
}

impl World for Sample {
    fn read(&self, path: &str) -> Option<Result<(Bytes, From), String>> {
        match self.0.get(path) {
            Some(text) => Some(Ok((text.clone().into_bytes().into(), From::Project))),
            None => Library.read(path),
        }
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let mut names = Library.list(folder);
        let folder = format!("{}/", folder.trim_end_matches('/'));
        let below = self.0.keys().filter_map(|path| path.strip_prefix(&folder));
        names.extend(below.map(|rest| match rest.split_once('/') {
            Some((name, _)) => format!("{name}/"),
            None => rest.to_owned(),
        }));
        names.sort();
        names.dedup();
        names
    }

    fn packed(&self, path: &str) -> Option<&'static [u8]> {
        Library.packed(path)
    }

    fn accepts(&self, spec: &Node) -> bool {
        Library.accepts(spec)
    }

    fn today(&self) -> Option<String> {
        Some(TODAY.to_owned())
    }

    fn repository_path(&self) -> Option<String> {
        None
    }
}
