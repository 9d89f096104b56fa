//! Rules over objects that no platform made: each by itself, at the level that a rule has where nobody says anything.

use super::found::{Finding, Told};
use super::own::OwnRule;
use super::rule::{Group, On};
use super::view::{Subject, Workload};
use super::{all, find};
use syntax::{Diagnostic, Origins, Severity, Span};

/// Groups that hold to one way of several: of others' work they only make a note.
const STYLE: [Group; 3] = [Group::Cost, Group::Gitops, Group::Labels];

/// Judges objects by every rule that reads objects or workloads. Nothing is said of a value of which `is_open` says that it
/// is filled in later.
pub fn objects(
    subjects: &[Subject<'_>],
    own: &[OwnRule],
    origins: &Origins,
    is_open: &dyn Fn(Span) -> bool,
) -> Vec<Diagnostic> {
    let workloads: Vec<Workload<'_>> = subjects.iter().filter_map(Workload::of).collect();
    let mut told = Told::default();
    for rule in all() {
        told.begin(rule);
        match rule.on {
            On::Object(kinds, judge) => {
                let is_of = |subject: &&Subject<'_>| {
                    kinds.is_empty() || kinds.contains(&subject.object.id.kind.as_str())
                };
                for subject in subjects.iter().filter(is_of) {
                    told.about(subject);
                    judge(subject, &mut told);
                }
            }
            On::Workload(judge) => {
                for workload in &workloads {
                    told.about_workload(workload);
                    judge(workload, &mut told);
                }
            }
            On::Cluster(_) | On::Platform(_) => {}
        }
    }
    for rule in own {
        rule.of_objects(subjects, &mut told);
    }
    let findings = told.into_findings().into_iter();
    findings
        .filter_map(|finding| shown(&finding, origins, is_open))
        .collect()
}

fn shown(
    finding: &Finding,
    origins: &Origins,
    is_open: &dyn Fn(Span) -> bool,
) -> Option<Diagnostic> {
    let severity = finding.levels.usual.severity()?;
    let rule = find(&finding.id);
    let is_style = rule.is_some_and(|rule| STYLE.contains(&rule.group));
    let severity = if is_style { Severity::Note } else { severity };
    let mut told = Diagnostic::new(severity, finding.id.clone(), finding.message.clone());
    // Where a rule of one's own is written is a place in another table.
    let places = if rule.is_some() { usize::MAX } else { 1 };
    for (at, label) in finding.places.iter().take(places) {
        told = told.at(origins.place(*at), label.as_str());
    }
    if told.labels.is_empty() {
        told = told.at(
            finding.because.and_then(|because| origins.place(because)),
            "",
        );
    }
    told.help.extend(finding.help.iter().cloned());
    let open = told.span().is_some_and(is_open);
    (!open).then_some(told)
}
