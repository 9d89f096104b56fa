//! What a rule is: its record.

use super::found::Told;
use super::page::Page;
use super::view::{Subject, View, Workload};
use crate::resolve::Platform;
use syntax::Severity;

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Copies of data: that there are any, how often, and where.
    Backup,
    /// Clusters, their nodes and addresses, alone and beside each other.
    Clusters,
    /// What is spent: quotas, sizes, idle time.
    Cost,
    /// How changes reach a cluster: pinned, waited for, retried.
    Gitops,
    /// What depends on what.
    Graph,
    /// What every object is labelled with.
    Labels,
    /// Who may talk to whom.
    Network,
    /// Alerts, dashboards and what they look at.
    Observability,
    /// Rules about rules: exceptions that hold nothing.
    Rules,
    /// Passwords, keys and tokens.
    Secrets,
    /// What fits what, and what is no longer served.
    Versions,
    /// Pods and what makes them.
    Workload,
    /// Rules that a project brings itself.
    Own,
}

impl Group {
    /// Every group, in the order of their words.
    pub const ALL: [Group; 13] = [
        Group::Backup,
        Group::Clusters,
        Group::Cost,
        Group::Gitops,
        Group::Graph,
        Group::Labels,
        Group::Network,
        Group::Observability,
        Group::Own,
        Group::Rules,
        Group::Secrets,
        Group::Versions,
        Group::Workload,
    ];

    /// The word for it, as people write it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Group::Backup => "backup",
            Group::Clusters => "clusters",
            Group::Cost => "cost",
            Group::Gitops => "gitops",
            Group::Graph => "graph",
            Group::Labels => "labels",
            Group::Network => "network",
            Group::Observability => "observability",
            Group::Own => "own",
            Group::Rules => "rules",
            Group::Secrets => "secrets",
            Group::Versions => "versions",
            Group::Workload => "workload",
        }
    }
}

/// How much a finding of a rule matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Nothing is said.
    Off,
    /// Worth knowing.
    Note,
    /// Probably a mistake.
    Warning,
    /// Nothing is built.
    Error,
}

impl Level {
    /// A level by its word.
    #[must_use]
    pub fn of(word: &str) -> Option<Level> {
        Some(match word {
            "off" => Level::Off,
            "note" => Level::Note,
            "warning" => Level::Warning,
            "error" => Level::Error,
            _ => return None,
        })
    }

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Level::Off => "off",
            Level::Note => "note",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }

    /// The severity of a finding; `None` where nothing is said.
    #[must_use]
    pub fn severity(self) -> Option<Severity> {
        match self {
            Level::Off => None,
            Level::Note => Some(Severity::Note),
            Level::Warning => Some(Severity::Warning),
            Level::Error => Some(Severity::Error),
        }
    }
}

/// A rule's level where a spec says none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Levels {
    /// In most clusters.
    pub usual: Level,
    /// In clusters with objectives: somebody relies on them.
    pub relied_on: Level,
}

impl Levels {
    /// The same everywhere.
    #[must_use]
    pub const fn all(level: Level) -> Levels {
        Levels {
            usual: level,
            relied_on: level,
        }
    }

    /// One in most clusters, another in those with objectives.
    #[must_use]
    pub const fn of(usual: Level, relied_on: Level) -> Levels {
        Levels { usual, relied_on }
    }
}

/// What a rule reads.
#[derive(Clone, Copy, Debug)]
pub enum On {
    /// Each Kubernetes object of these kinds by itself; of every kind where none is named.
    Object(&'static [&'static str], fn(&Subject<'_>, &mut Told)),
    /// Each thing that runs pods: a plain object, or what a component says that its chart makes.
    Workload(fn(&Workload<'_>, &mut Told)),
    /// A lowered cluster.
    Cluster(fn(&View<'_>, &mut Told)),
    /// The platform above its clusters.
    Platform(fn(&Platform, &mut Told)),
}

/// A rule that is built in.
#[derive(Debug)]
pub struct Rule {
    /// Its id in words, such as `image-digest`.
    pub id: &'static str,
    /// What it is about.
    pub group: Group,
    /// How much it matters where a spec says nothing.
    pub levels: Levels,
    /// Its manual page: Markdown, with examples that are its tests.
    pub page: &'static str,
    /// What it reads.
    pub on: On,
}

impl Rule {
    /// Its page, read.
    #[must_use]
    pub fn page(&self) -> Page<'static> {
        Page::read(self.page)
    }
}
