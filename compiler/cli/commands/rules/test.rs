//! `rules test`, and `selftest`: each rule on the examples of its page.

use super::show::find;
use crate::args::Color;
use crate::disk::Library;
use crate::exit::Code;
use crate::project::show_one;
use passes::rules::trial::{self, Trial};
use passes::rules::{Example, Rule};
use passes::world::{Bytes, Shelf, World};
use rayon::prelude::*;
use std::collections::BTreeMap;
use syntax::{Diagnostic, Node};

/// Options of `rules test`.
#[derive(Debug, Default, clap::Args)]
pub struct Args {
    /// The rules to try [default: all]
    #[arg(value_name = "ID")]
    ids: Vec<String>,
}

/// Runs it.
pub fn run(args: &Args, color: Color) -> Code {
    let rules: Result<Vec<&Rule>, Box<Diagnostic>> = match args.ids.as_slice() {
        [] => Ok(passes::rules::all().collect()),
        ids => ids.iter().map(|id| find(id)).collect(),
    };
    match rules {
        Ok(rules) => trials(&rules),
        Err(problem) => {
            show_one(*problem, color);
            Code::Failed
        }
    }
}

fn trials(rules: &[&'static Rule]) -> Code {
    let tried: Vec<(&Rule, Trial)> = rules
        .par_iter()
        .map(|rule| {
            (
                *rule,
                trial::rule(rule, &|example| Box::new(Sample::of(example))),
            )
        })
        .collect();
    for (rule, trial) in &tried {
        for wrong in &trial.wrong {
            anstream::println!("{}: {wrong}", rule.id);
        }
    }
    let fired = tried.iter().filter(|(_, trial)| trial.fired > 0).count();
    let silent = tried.len() - fired;
    anstream::println!("{} rules, {fired} fired, {silent} silent", tried.len());
    match tried.iter().all(|(_, trial)| trial.wrong.is_empty()) {
        true => Code::Done,
        false => Code::Failed,
    }
}

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
    fn read(&self, path: &str) -> Option<Result<(Bytes, Shelf), String>> {
        match self.0.get(path) {
            Some(text) => Some(Ok((text.clone().into_bytes().into(), Shelf::Project))),
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

    fn repository_path(&self) -> Option<String> {
        None
    }
}
