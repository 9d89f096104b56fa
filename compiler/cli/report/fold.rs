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

/// The findings of one id.
pub(super) struct Pile<'a> {
    /// Those to show at length.
    pub(super) shown: Vec<&'a Entry>,
    /// Those to sum up.
    pub(super) rest: Vec<&'a Entry>,
}

/// The findings by id: what the compiler says as it stands in the text, then rules by group, the worst first.
pub(super) fn piles<'a>(report: &Report<'a>) -> Vec<Pile<'a>> {
    let mut ids: Vec<&str> = Vec::new();
    let mut by_id: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
    for entry in report.news() {
        let id = entry.finding.id.as_ref();
        let pile = by_id.entry(id).or_default();
        if pile.is_empty() {
            ids.push(id);
        }
        pile.push(entry);
    }
    let mut piles: Vec<Vec<&Entry>> = ids.iter().filter_map(|id| by_id.remove(id)).collect();
    piles.sort_by_key(|pile| {
        let group = pile.first().map_or(COMPILER, |entry| entry.group);
        let worst = pile.iter().map(|entry| entry.finding.severity).max();
        (group != COMPILER).then_some((group, Reverse(worst)))
    });
    let folds = report.only.is_none_or(<[String]>::is_empty);
    let pile = |mut shown: Vec<&'a Entry>| {
        let rest = match shown.len() > MOST && folds {
            true => shown.split_off(SHOWN),
            false => Vec::new(),
        };
        Pile { shown, rest }
    };
    piles.into_iter().map(pile).collect()
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
