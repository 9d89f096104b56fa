//! What fails: errors, what is denied beside them, and nothing that a baseline knows.

use crate::baseline::{Baseline, Problem, renew};
use crate::exit::Code;
use crate::report::{COMPILER, Entry, entries};
use passes::rules::Group;
use std::collections::BTreeSet;
use std::path::PathBuf;
use syntax::suggest::nearest;
use syntax::{Diagnostics, Severity, Sources};

/// Options of what judges.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Gate {
    /// What fails beside errors, with exit code 3: `warnings`, `notes` (and warnings), an id, or a group of rules; repeat
    /// for more
    #[arg(
        long,
        env = "FORMWORK_DENY",
        value_name = "WHAT",
        value_delimiter = ',',
        value_parser = denied
    )]
    deny: Vec<Denied>,

    /// A file of findings that are known: they are not printed and do not fail; new ones do
    #[arg(long, env = "FORMWORK_BASELINE", value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub baseline: Option<PathBuf>,

    /// The command that renews it.
    #[arg(skip = "check")]
    pub command: &'static str,
}

/// Something that fails.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Denied {
    /// Everything of a severity or worse.
    From(Severity),
    /// What is found of an id or of a group.
    Of(String),
}

/// A gate whose baseline was read.
#[derive(Clone, Debug)]
pub struct Bar<'a> {
    gate: &'a Gate,
    baseline: Option<Baseline>,
}

/// Findings that were weighed.
#[derive(Clone, Debug)]
pub struct Weighed {
    /// The findings.
    pub entries: Vec<Entry>,
    /// How a command ends whose only business they are.
    pub code: Code,
    gone: usize,
}

impl Gate {
    /// Reads the baseline.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn bar(&self) -> Result<Bar<'_>, Problem> {
        let read = |path| Baseline::read(path, self.command);
        let baseline = self.baseline.as_deref().map(read).transpose()?;
        Ok(Bar {
            gate: self,
            baseline,
        })
    }

    /// A gate whose baseline is not asked.
    #[must_use]
    pub fn bare(&self) -> Bar<'_> {
        Bar {
            gate: self,
            baseline: None,
        }
    }
}

impl Bar<'_> {
    /// Whether what a rule refuses may be known.
    #[must_use]
    pub fn forgives(&self) -> bool {
        self.baseline.is_some()
    }

    /// Weighs what the compiler found and what rules found.
    #[must_use]
    pub fn weigh(&self, found: &Diagnostics, judged: &Diagnostics, sources: &Sources) -> Weighed {
        let ids: BTreeSet<String> = judged.iter().map(|it| it.id.to_string()).collect();
        let mut all = found.clone();
        all.append(judged.clone());
        let mut entries = entries(all.sorted(), sources, &ids);
        for entry in &mut entries {
            let severity = entry.finding.severity;
            // What can't be built is never known.
            let may_be_known = entry.group != COMPILER || severity != Severity::Error;
            let baseline = self.baseline.as_ref().filter(|_| may_be_known);
            entry.known = baseline.is_some_and(|baseline| baseline.has(entry));
            let denied = || self.gate.deny.iter().any(|denied| denied.is(entry));
            entry.fails = !entry.known && (severity == Severity::Error || denied());
        }
        let code = match (found.has_errors(), entries.iter().any(|entry| entry.fails)) {
            (true, _) => Code::Failed,
            (false, true) => Code::Refused,
            (false, false) => Code::Done,
        };
        // After an error nobody knows what is gone.
        let baseline = self.baseline.as_ref().filter(|_| code != Code::Failed);
        Weighed {
            gone: baseline.map_or(0, |baseline| baseline.gone(&entries)),
            entries,
            code,
        }
    }

    /// Says below the findings, to stderr, what became of them; `whole` where every cluster was asked.
    pub fn remark(&self, weighed: &Weighed, whole: bool) {
        for line in self.remarks(weighed, whole) {
            anstream::eprintln!("{line}");
        }
    }

    fn remarks(&self, weighed: &Weighed, whole: bool) -> Vec<String> {
        let mut lines = Vec::new();
        let count = |number: usize| match number {
            1 => "1 finding".to_owned(),
            number => format!("{number} findings"),
        };
        let denied = weighed.entries.iter();
        let denied = denied.filter(|it| it.fails && it.finding.severity != Severity::Error);
        let denied = denied.count();
        if denied > 0 {
            lines.push(format!("{} denied", count(denied)));
        }
        if let Some(path) = &self.gate.baseline {
            let known = weighed.entries.iter().filter(|entry| entry.known).count();
            let gone = if whole { weighed.gone } else { 0 };
            let said = format!("{}: {} known", path.display(), count(known));
            match (known, gone) {
                (0, 0) => {}
                (_, 0) => lines.push(said),
                (_, gone) => {
                    let renew = renew(path, self.gate.command);
                    lines.push(format!("{said}, {gone} gone; {renew} renews it"));
                }
            }
        }
        lines
    }
}

impl Denied {
    fn is(&self, entry: &Entry) -> bool {
        match self {
            Denied::From(severity) => entry.finding.severity >= *severity,
            Denied::Of(word) => entry.is_of(word),
        }
    }
}

/// Reads what is denied. An id is taken as it is: own rules and the compiler have many; but a slip in a word is none.
fn denied(word: &str) -> Result<Denied, String> {
    let severities = ["warnings", "notes", "errors"];
    let groups = Group::ALL.iter().map(|group| group.word());
    let words: Vec<&str> = severities.into_iter().chain(groups).collect();
    match word {
        "errors" | "error" => return Ok(Denied::From(Severity::Error)),
        "warnings" | "warning" => return Ok(Denied::From(Severity::Warning)),
        "notes" | "note" => return Ok(Denied::From(Severity::Note)),
        _ => {}
    }
    let slip = nearest(word, words.iter().copied());
    let slip = slip.filter(|_| !words.contains(&word) && passes::rules::find(word).is_none());
    match slip {
        Some(meant) => Err(format!("did you mean `{meant}`?")),
        None => Ok(Denied::Of(word.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_told() {
        assert_eq!(denied("warning"), Ok(Denied::From(Severity::Warning)));
        assert_eq!(denied("workload"), Ok(Denied::Of("workload".to_owned())));
        assert_eq!(denied("no-effect"), Ok(Denied::Of("no-effect".to_owned())));
        assert_eq!(
            denied("warnigns"),
            Err("did you mean `warnings`?".to_owned())
        );
        assert_eq!(
            denied("workloads"),
            Err("did you mean `workload`?".to_owned())
        );
    }
}
