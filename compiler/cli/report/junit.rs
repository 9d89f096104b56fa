//! JUnit's XML: a suite for each group, a test for each rule, so that their number means something.

use super::entry::{COMPILER, Entry, by_group};
use super::{Report, is_of, sarif, word};
use passes::rules::{Group, Rule, all};
use std::collections::BTreeMap;
use std::fmt::Write;

/// A test and what it found.
struct Case<'a> {
    name: &'a str,
    found: Vec<&'a Entry>,
    /// Why it said nothing, where it was not asked.
    skipped: Option<&'static str>,
}

pub(super) fn render(report: &Report<'_>) -> String {
    let mut found = by_group(report.news());
    let groups = std::iter::once(COMPILER).chain(Group::ALL.iter().map(|group| group.word()));
    let suites: Vec<(&str, Vec<Case<'_>>)> = groups
        .map(|group| {
            let found = found.remove(group).unwrap_or_default();
            (group, cases(report, group, found))
        })
        .filter(|(_, cases)| !cases.is_empty())
        .collect();
    let totals = totals(suites.iter().flat_map(|(_, cases)| cases));
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(text, "<testsuites name=\"formwork\" {totals}>");
    for (group, cases) in &suites {
        suite(report, group, cases, &mut text);
    }
    text.push_str("</testsuites>\n");
    text
}

/// The tests of a group: its rules, and what else was found.
fn cases<'a>(report: &Report<'a>, group: &'static str, found: Vec<&'a Entry>) -> Vec<Case<'a>> {
    let mut by_id: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
    let asked = |id: &str| {
        let only = report.only.unwrap_or_default();
        only.is_empty() || only.iter().any(|word| is_of(word, id, group))
    };
    let rules = all().filter(|rule| rule.group.word() == group && asked(rule.id));
    let mut skipped = BTreeMap::new();
    for rule in rules {
        by_id.entry(rule.id).or_default();
        skipped.insert(rule.id, why_not(report, rule));
    }
    for entry in found {
        by_id
            .entry(entry.finding.id.as_ref())
            .or_default()
            .push(entry);
    }
    if group == COMPILER && by_id.is_empty() && asked(COMPILER) {
        by_id.insert("spec", Vec::new());
    }
    let case = |(name, found): (&'a str, Vec<&'a Entry>)| Case {
        name,
        skipped: skipped
            .get(name)
            .copied()
            .flatten()
            .filter(|_| found.is_empty()),
        found,
    };
    by_id.into_iter().map(case).collect()
}

/// Why a rule may have said nothing.
fn why_not(report: &Report<'_>, rule: &Rule) -> Option<&'static str> {
    use passes::rules::Level::Off;
    if !report.judged {
        return Some("the spec has errors, and rules were not asked");
    }
    let off = rule.levels.usual == Off && rule.levels.relied_on == Off;
    off.then_some("off where a spec does not switch it on")
}

/// The attributes that count tests.
fn totals<'a>(cases: impl Iterator<Item = &'a Case<'a>>) -> String {
    let (mut tests, mut failures, mut skipped) = (0, 0, 0);
    for case in cases {
        tests += 1;
        failures += usize::from(case.found.iter().any(|entry| entry.fails));
        skipped += usize::from(case.skipped.is_some());
    }
    format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\"")
}

fn suite(report: &Report<'_>, group: &str, cases: &[Case<'_>], text: &mut String) {
    let totals = totals(cases.iter());
    let _ = writeln!(text, "  <testsuite name=\"{group}\" {totals}>");
    for it in cases {
        case(report, group, it, text);
    }
    text.push_str("  </testsuite>\n");
}

fn case(report: &Report<'_>, group: &str, case: &Case<'_>, text: &mut String) {
    let name = attribute(case.name);
    let _ = write!(
        text,
        "    <testcase classname=\"formwork.{group}\" name=\"{name}\""
    );
    let (failing, others): (Vec<&Entry>, Vec<&Entry>) =
        case.found.iter().partition(|entry| entry.fails);
    let mut places = failing
        .iter()
        .chain(&others)
        .filter_map(|entry| report.split(&entry.finding).primary);
    if let Some((_, at)) = places.next() {
        let _ = write!(text, " file=\"{}\"", attribute(&at.file));
    }
    if case.found.is_empty() && case.skipped.is_none() {
        text.push_str("/>\n");
        return;
    }
    text.push_str(">\n");
    if let Some(why) = case.skipped {
        let _ = writeln!(text, "      <skipped message=\"{}\"/>", attribute(why));
    }
    if let Some(first) = failing.first() {
        let more = match failing.len() - 1 {
            0 => String::new(),
            more => format!(" (and {more} more)"),
        };
        let message = attribute(&format!("{}{more}", first.finding.message));
        let kind = word(first.finding.severity);
        let _ = write!(
            text,
            "      <failure type=\"{kind}\" message=\"{message}\">"
        );
        text.push_str(&content(&said(report, &failing)));
        text.push_str("</failure>\n");
    }
    if !others.is_empty() {
        let said = content(&said(report, &others));
        let _ = writeln!(text, "      <system-out>{said}</system-out>");
    }
    text.push_str("    </testcase>\n");
}

/// Findings in words, each with its place.
fn said(report: &Report<'_>, entries: &[&Entry]) -> String {
    let said = entries.iter().map(|entry| {
        let finding = &entry.finding;
        let at = report.split(finding).primary.map(|(_, at)| at);
        let at = at.map(|at| format!("{}:{}:{}: ", at.file, at.start.line, at.start.column));
        let severity = word(finding.severity);
        let message = sarif::message(report, finding);
        format!("{}{severity}: {message}", at.unwrap_or_default())
    });
    said.collect::<Vec<_>>().join("\n")
}

/// A text between tags.
fn content(text: &str) -> String {
    escape(text, false)
}

/// A text between quotes.
fn attribute(text: &str) -> String {
    escape(text, true)
}

fn escape(text: &str, quoted: bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' if quoted => escaped.push_str("&quot;"),
            // A reader makes spaces of line breaks between quotes, and drops returns everywhere.
            '\n' | '\t' if quoted => {
                let _ = write!(escaped, "&#{};", u32::from(c));
            }
            '\r' => escaped.push_str("&#13;"),
            '\n' | '\t' => escaped.push(c),
            // XML 1.0 has no way to write these.
            '\0'..=' ' if c != ' ' => escaped.push('\u{FFFD}'),
            '\u{FFFE}' | '\u{FFFF}' => escaped.push('\u{FFFD}'),
            c => escaped.push(c),
        }
    }
    escaped
}
