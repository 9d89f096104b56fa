//! The rules that a command can see: those that are built in, and those of the project in reach.

use crate::disk::Disk;
use crate::project::{Project, Which};
use passes::rules::{OwnRule, Rule};
use std::path::{Path, PathBuf};
use syntax::{Diagnostic, Diagnostics, Sources};

/// The rules in reach.
#[derive(Debug)]
pub struct Shelf {
    /// The project's folder; the current one where there is no project.
    pub root: PathBuf,
    /// The project's own, by id.
    pub own: Vec<OwnRule>,
    /// The policies that components enforce at admission, by id.
    pub policies: Vec<OwnRule>,
    /// What is wrong with them.
    pub found: Diagnostics,
    /// Their texts.
    pub sources: Sources,
}

/// A rule of either kind.
#[derive(Clone, Copy, Debug)]
pub enum Known<'a> {
    /// It is built in.
    BuiltIn(&'static Rule),
    /// It is built in, and only admission judges by it.
    Policy(&'a OwnRule),
    /// The project brings it.
    Own(&'a OwnRule),
}

impl Shelf {
    /// Reads them. Without a spec, the folder `rules` of the current folder counts.
    ///
    /// # Errors
    /// A spec was named that is not there.
    pub fn open(spec: Option<&Path>) -> Result<Shelf, Box<Diagnostic>> {
        let which = Which {
            spec: spec.map(Path::to_path_buf),
        };
        let root = match Project::find(&which) {
            Ok(project) => project.root,
            Err(problem) if spec.is_some() => return Err(problem),
            Err(_) => PathBuf::from("."),
        };
        let mut found = Diagnostics::default();
        let (own, sources) = passes::load::own_rules(&Disk::new(root.clone()), &mut found);
        Ok(Shelf {
            root,
            own,
            policies: passes::rules::own::policies(&mut found),
            found,
            sources,
        })
    }

    /// Every rule: those that are built in by group, the policies of admission, then the project's own.
    pub fn all(&self) -> impl Iterator<Item = Known<'_>> {
        let policies = self.policies.iter().map(Known::Policy);
        let own = self.own.iter().map(Known::Own);
        passes::rules::all()
            .map(Known::BuiltIn)
            .chain(policies)
            .chain(own)
    }

    /// A rule by its id.
    ///
    /// # Errors
    /// There is none; what was probably meant.
    pub fn find(&self, id: &str) -> Result<Known<'_>, Box<Diagnostic>> {
        self.all().find(|rule| rule.id() == id).ok_or_else(|| {
            let problem = Diagnostic::error("unknown-rule", format!("there is no rule `{id}`"));
            let known: Vec<&str> = self.all().map(Known::id).collect();
            Box::new(match syntax::suggest::nearest(id, known) {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None => problem.help("`formwork rules list` names those that there are"),
            })
        })
    }
}

impl<'a> Known<'a> {
    /// Its id.
    pub fn id(self) -> &'a str {
        match self {
            Known::BuiltIn(rule) => rule.id,
            Known::Policy(rule) | Known::Own(rule) => &rule.id,
        }
    }

    /// The word for its group.
    pub fn group(self) -> &'static str {
        match self {
            Known::BuiltIn(rule) => rule.group.word(),
            Known::Policy(_) => "admission",
            Known::Own(_) => passes::rules::Group::Own.word(),
        }
    }

    /// Its levels in short: in most clusters, and in those with objectives.
    pub fn levels(self) -> String {
        let levels = match self {
            Known::BuiltIn(rule) => rule.levels,
            Known::Policy(_) => return "by the cluster".to_owned(),
            Known::Own(rule) => rule.levels,
        };
        match (levels.usual.word(), levels.relied_on.word()) {
            (usual, relied_on) if usual == relied_on => usual.to_owned(),
            (usual, relied_on) => format!("{usual}, {relied_on} with objectives"),
        }
    }

    /// What it wants.
    pub fn about(self) -> &'a str {
        match self {
            Known::BuiltIn(rule) => rule.page().about,
            Known::Policy(rule) | Known::Own(rule) => rule.about(),
        }
    }

    /// A part of what else is said of it: `why`, `fix` or `source`.
    pub fn part(self, part: &str) -> &'a str {
        match self {
            Known::BuiltIn(rule) => match part {
                "why" => rule.page().why,
                "fix" => rule.page().fix,
                _ => rule.page().source,
            },
            Known::Policy(rule) | Known::Own(rule) => rule.node.str_at(&[part]).unwrap_or_default(),
        }
    }
}
