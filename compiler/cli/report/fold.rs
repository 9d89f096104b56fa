//! What is said often is said at length a few times, then in a line.

use super::entry::{COMPILER, Entry};
use super::{Report, word};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write;

/// More findings of one id than this are folded.
const MOST: usize = 8;
/// So many of them are shown.
const SHOWN: usize = 5;
/// So many lines of a file are named.
const LINES: usize = 12;
/// So many files are named.
const FILES: usize = 8;

/// Findings that are shown one below the other.
#[derive(Default)]
pub(super) struct Section<'a> {
    /// Those to show at length.
    pub(super) shown: Vec<&'a Entry>,
    /// Those to sum up, by id.
    pub(super) folded: Vec<Vec<&'a Entry>>,
}

/// What the compiler says as it stands in the text, then what each rule says: by group, the worst first.
pub(super) fn sections<'a>(report: &Report<'a>) -> Vec<Section<'a>> {
    let mut ids: Vec<&str> = Vec::new();
    let mut by_id: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
    let mut compiler = Section::default();
    let folds = report.only.is_none_or(<[String]>::is_empty);
    for entry in report.news() {
        let id = entry.finding.id.as_ref();
        if entry.group == COMPILER {
            compiler.shown.push(entry);
            continue;
        }
        let pile = by_id.entry(id).or_default();
        if pile.is_empty() {
            ids.push(id);
        }
        pile.push(entry);
    }
    let mut piles: Vec<Vec<&Entry>> = ids.iter().filter_map(|id| by_id.remove(id)).collect();
    piles.sort_by_key(|pile| {
        let worst = pile.iter().map(|entry| entry.finding.severity).max();
        (pile.first().map(|entry| entry.group), Reverse(worst))
    });
    let rules = piles.into_iter().map(|shown| Section {
        shown,
        folded: Vec::new(),
    });
    let mut sections: Vec<Section<'_>> = std::iter::once(compiler).chain(rules).collect();
    if folds {
        sections.iter_mut().for_each(Section::fold);
    }
    sections
}

impl Section<'_> {
    /// Takes out what is there too often.
    fn fold(&mut self) {
        let mut times: BTreeMap<&str, usize> = BTreeMap::new();
        for entry in &self.shown {
            *times.entry(&entry.finding.id).or_default() += 1;
        }
        times.retain(|_, times| *times > MOST);
        for id in times.into_keys() {
            let mut seen = 0;
            let (rest, shown): (Vec<&Entry>, Vec<&Entry>) = self.shown.iter().partition(|entry| {
                seen += usize::from(entry.finding.id == id);
                entry.finding.id == id && seen > SHOWN
            });
            self.shown = shown;
            self.folded.push(rest);
        }
    }
}

/// `and 12 more of `id`: platform.yaml:3,5,9; apps.yaml:7`.
pub(super) fn rest(report: &Report<'_>, rest: &[&Entry]) -> Option<String> {
    let finding = &rest.first()?.finding;
    let mut files: Vec<(String, Vec<usize>)> = Vec::new();
    for entry in rest {
        let Some(at) = report.primary(&entry.finding) else {
            continue;
        };
        match files.iter_mut().find(|(file, _)| *file == at.file) {
            Some((_, lines)) => lines.push(at.start.line),
            None => files.push((at.file, vec![at.start.line])),
        }
    }
    let severity = word(finding.severity);
    let mut text = format!("{severity}[{}]: and {} more", finding.id, rest.len());
    for (at, (file, lines)) in files.iter_mut().enumerate() {
        text.push_str(if at == 0 { ": " } else { "; " });
        if at == FILES {
            let _ = write!(text, "and more");
            break;
        }
        lines.dedup();
        let named: Vec<String> = lines.iter().take(LINES).map(usize::to_string).collect();
        let _ = write!(text, "{file}:{}", named.join(","));
        if lines.len() > LINES {
            text.push_str(",...");
        }
    }
    if report.only.is_some() {
        let _ = write!(text, "\n  `--only {}` shows all of them", finding.id);
    }
    Some(text)
}
