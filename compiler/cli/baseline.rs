//! The baseline: a file of findings that are known, by which only new ones fail.

use crate::exit::Code;
use crate::gate::Weighed;
use crate::report::Entry;
use serde_json::json;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use syntax::parse::parse_one;
use syntax::{Diagnostic, Diagnostics, Kind, Node, Origins, Sources, decode};

/// What the file says it is.
const VERSION: &str = "formwork.dev/v1alpha1";
const KIND: &str = "Baseline";

/// What is known.
#[derive(Clone, Debug, Default)]
pub struct Baseline {
    fingerprints: BTreeSet<String>,
}

/// What is wrong with a file, and its text.
pub type Problem = Box<(Diagnostics, Sources)>;

impl Baseline {
    /// Reads a file.
    ///
    /// # Errors
    /// What is wrong with it, at its line.
    pub fn read(path: &Path, command: &str) -> Result<Baseline, Problem> {
        let shown = path.display().to_string();
        let mut found = Diagnostics::default();
        let mut sources = Sources::default();
        let text = match text_of(path) {
            Ok(text) => text,
            Err(problem) => {
                let message = format!("the baseline `{shown}` can't be read: {problem}");
                found.add(
                    Diagnostic::error("bad-baseline", message)
                        .help(format!("{} writes one", renew(path, command))),
                );
                return Err(Box::new((found, sources)));
            }
        };
        let mut origins = Origins::default();
        let file = sources.add(&shown, &text);
        let node = parse_one(file, &text, &mut origins, &mut found);
        let mut baseline = Baseline::default();
        let help = format!("{} writes one", renew(path, command));
        if let Some(node) = node.filter(|_| !found.has_errors()) {
            baseline.take(&node, &origins, (path, &help), &mut found);
        }
        if found.has_errors() {
            return Err(Box::new((found, sources)));
        }
        Ok(baseline)
    }

    fn take(
        &mut self,
        node: &Node,
        origins: &Origins,
        (path, help): (&Path, &str),
        found: &mut Diagnostics,
    ) {
        let wrong = |node: &Node, label: &str| {
            let message = format!("`{}` is no baseline", path.display());
            Diagnostic::error("bad-baseline", message)
                .at(origins.place(node.origin()), label)
                .help(help)
        };
        for (key, value) in [("apiVersion", VERSION), ("kind", KIND)] {
            if node.str_at(&[key]) != Some(value) {
                let at = node.get(key).unwrap_or(node);
                found.add(wrong(at, &format!("`{key}` is `{value}` in one")));
                return;
            }
        }
        let findings = node.get("findings");
        let Some(Kind::List(findings)) = findings.map(Node::kind) else {
            found.add(wrong(findings.unwrap_or(node), "has no list of `findings`"));
            return;
        };
        for finding in findings.iter() {
            match finding.str_at(&["fingerprint"]) {
                Some(fingerprint) => {
                    self.fingerprints.insert(fingerprint.to_owned());
                }
                None => found.add(wrong(finding, "has no `fingerprint`")),
            }
        }
    }

    /// Whether a finding is known.
    #[must_use]
    pub fn has(&self, entry: &Entry) -> bool {
        self.fingerprints.contains(&entry.fingerprint)
    }

    /// How many of its findings are not among these.
    #[must_use]
    pub fn gone(&self, entries: &[Entry]) -> usize {
        let there: BTreeSet<&str> = entries.iter().map(|it| it.fingerprint.as_str()).collect();
        let gone = self.fingerprints.iter();
        gone.filter(|known| !there.contains(known.as_str())).count()
    }
}

fn text_of(path: &Path) -> Result<String, String> {
    let bytes = fs::read(path).map_err(|error| error.to_string())?;
    let text = decode::decode(&bytes).map_err(|problem| problem.message)?;
    Ok(text.to_owned())
}

/// Writes what is found; from then on it is known.
///
/// # Errors
/// Why it can't be written.
pub fn write(path: &Path, weighed: &mut Weighed, sources: &Sources) -> Result<(), Box<Diagnostic>> {
    let shown = path.display();
    let text = text(&weighed.entries, sources);
    if let Err(error) = fs::write(path, text) {
        let message = format!("the baseline `{shown}` can't be written: {error}");
        return Err(Box::new(Diagnostic::error("no-baseline", message)));
    }
    for entry in &mut weighed.entries {
        entry.known = true;
        entry.fails = false;
    }
    weighed.code = Code::Done;
    anstream::eprintln!("wrote {shown}");
    Ok(())
}

/// The command that writes it.
#[must_use]
pub fn renew(path: &Path, command: &str) -> String {
    let shown = path.display();
    format!("`formwork {command} --baseline {shown} --write-baseline`")
}

/// The text of a baseline: sorted, a finding a line, so that two branches merge as lines do.
#[must_use]
pub fn text(entries: &[Entry], sources: &Sources) -> String {
    let path = |entry: &Entry| {
        let source = entry.finding.span().and_then(|span| sources.get(span.file));
        source.map_or("", |source| source.name()).to_owned()
    };
    let mut lines: Vec<(&str, String, &str, &str)> = entries
        .iter()
        .map(|entry| {
            let finding = &entry.finding;
            let (id, message) = (finding.id.as_ref(), finding.message.as_str());
            (id, path(entry), message, entry.fingerprint.as_str())
        })
        .collect();
    lines.sort();
    let mut text =
        format!("{{\n  \"apiVersion\": \"{VERSION}\",\n  \"kind\": \"{KIND}\",\n  \"findings\": [");
    for (at, (id, path, message, fingerprint)) in lines.iter().enumerate() {
        let line =
            json!({ "id": id, "path": path, "message": message, "fingerprint": fingerprint });
        let _ = write!(text, "{}\n    {line}", if at == 0 { "" } else { "," });
    }
    text.push_str(if lines.is_empty() {
        "]\n}\n"
    } else {
        "\n  ]\n}\n"
    });
    text
}
