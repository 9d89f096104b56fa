//! A finding with what reports add to it: its group, what it is known by over time, and whether it fails.

use passes::lint::truth;
use passes::rules::{Group, Rule};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use syntax::{Diagnostic, Severity, Sources, Span};

/// The group of what no rule found.
pub const COMPILER: &str = "compiler";

/// What is said of levels and exceptions: rules about rules.
const OF_RULES: [&str; 3] = [
    "expired-exception",
    "rule-off-without-reason",
    "unused-exception",
];

/// A finding as reports tell of it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What was found.
    pub finding: Diagnostic,
    /// What its rule is about; [`COMPILER`] where no rule found it.
    pub group: &'static str,
    /// What it is known by while lines move: 32 hexadecimal digits.
    pub fingerprint: String,
    /// Whether it is in the baseline.
    pub known: bool,
    /// Whether it makes the run fail.
    pub fails: bool,
}

impl Entry {
    /// The rule that found it, where that is a built-in one.
    pub fn rule(&self) -> Option<&'static Rule> {
        passes::rules::find(&self.finding.id)
    }

    /// The id of a page that says more.
    pub fn explained(&self) -> Option<&'static str> {
        let truth = truth::find(&self.finding.id).filter(|_| self.group != COMPILER);
        self.rule()
            .map(|rule| rule.id)
            .or(truth.map(|truth| truth.id))
    }

    /// Whether it is of an id or of a group.
    pub fn is_of(&self, word: &str) -> bool {
        is_of(word, &self.finding.id, self.group)
    }
}

/// Whether a word names an id or its group.
pub fn is_of(word: &str, id: &str, group: &str) -> bool {
    word == id || word == group
}

/// Sorted findings as reports tell of them; `judged` has the ids of what rules found.
pub fn entries(found: Vec<Diagnostic>, sources: &Sources, judged: &BTreeSet<String>) -> Vec<Entry> {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    let entry = |finding: Diagnostic| {
        let identity = identity(&finding, sources);
        let time = times.entry(identity.clone()).or_insert(0);
        *time += 1;
        Entry {
            group: group(&finding.id, judged),
            // What is the same in all that counts is told apart by its order.
            fingerprint: digest(&format!("{identity}{time}")),
            known: false,
            fails: finding.severity == Severity::Error,
            finding,
        }
    };
    found.into_iter().map(entry).collect()
}

fn group(id: &str, judged: &BTreeSet<String>) -> &'static str {
    match passes::rules::find(id) {
        Some(rule) => rule.group.word(),
        None if OF_RULES.contains(&id) => Group::Rules.word(),
        None if judged.contains(id) => truth::group(id).unwrap_or(Group::Own.word()),
        None => COMPILER,
    }
}

/// What does not change when lines move, or when the same is said in other words: the id, the file, the text of the line and
/// what is marked in it, and which files of the library are named.
fn identity(finding: &Diagnostic, sources: &Sources) -> String {
    let mut identity = format!("{}\0", finding.id);
    let Some(primary) = finding.span() else {
        let _ = write!(identity, "{}\0", without_numbers(&finding.message));
        return identity;
    };
    if let Some(source) = sources.get(primary.file) {
        let line = source.line(source.place(primary.start).line);
        let line = line.map_or("", |(_, text)| text.trim());
        let marked = marked(source.text(), primary);
        let _ = write!(identity, "{}\0{line}\0{marked}\0", source.name());
    }
    for label in finding.labels.iter().skip(1) {
        let source = sources.get(label.span.file);
        if let Some(source) = source.filter(|_| sources.is_built_in(label.span.file)) {
            let _ = write!(identity, "{}\0", source.name());
        }
    }
    identity
}

/// What is marked, as far as it is on its first line.
fn marked(text: &str, span: Span) -> &str {
    let within = |at: u32| text.floor_char_boundary((at as usize).min(text.len()));
    let start = within(span.start);
    let marked = text.get(start..within(span.end).max(start));
    let line = marked.unwrap_or_default().lines().next();
    line.unwrap_or_default().trim()
}

/// Counts and dates in a message change by themselves.
fn without_numbers(message: &str) -> String {
    message
        .split(|c: char| c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("#")
}

/// 32 hexadecimal digits for a text.
pub(super) fn digest(text: &str) -> String {
    let mut digits = String::new();
    for byte in Sha256::digest(text.as_bytes()).iter().take(16) {
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

/// How many findings there are of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) errors: usize,
    pub(super) warnings: usize,
    pub(super) notes: usize,
}

impl Counts {
    /// Counts them.
    pub(super) fn of<'a>(entries: impl Iterator<Item = &'a Entry>) -> Counts {
        let mut counts = Counts::default();
        for entry in entries {
            match entry.finding.severity {
                Severity::Error => counts.errors += 1,
                Severity::Warning => counts.warnings += 1,
                Severity::Note => counts.notes += 1,
            }
        }
        counts
    }

    /// `2 errors, 1 warning`; nothing where there are none.
    pub(super) fn in_words(self) -> Option<String> {
        let parts = [
            (self.errors, "error"),
            (self.warnings, "warning"),
            (self.notes, "note"),
        ];
        let parts: Vec<String> = parts
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, name)| format!("{count} {name}{}", if count == 1 { "" } else { "s" }))
            .collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

/// How many findings there are of each group.
pub(super) fn by_group<'a>(
    entries: impl Iterator<Item = &'a Entry>,
) -> BTreeMap<&'static str, Vec<&'a Entry>> {
    let mut groups: BTreeMap<&'static str, Vec<&Entry>> = BTreeMap::new();
    for entry in entries {
        groups.entry(entry.group).or_default().push(entry);
    }
    groups
}
