//! Every rule: its page is whole, it finds what the page says, with the caret that it shows, and nothing in what is good.
//!
//! `UPDATE=1` writes the reports into the pages; `RULE=ID` tries one.

use crate::support::project::Project;
use crate::support::world::Memory;
use crate::support::{folders, none_of, root, update};
use passes::rules::{Example, Page, Rule, Verdict, all};
use rayon::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};

/// Where a rule's page lies.
fn path(rule: &Rule) -> PathBuf {
    let group = root()
        .join("compiler/passes/src/rules")
        .join(rule.group.word());
    group.join(format!("{}.md", rule.id))
}

#[test]
fn pages_are_whole() {
    let findings = all().flat_map(|rule| {
        let (id, page) = (rule.id, rule.page());
        let file = path(rule);
        let code = file.with_file_name(format!("{}.rs", id.replace('-', "_")));
        let parts = [
            ("about", page.about),
            ("why", page.why),
            ("fix", page.fix),
            ("source", page.source),
        ];
        let empty = parts.into_iter().filter(|(_, text)| text.is_empty());
        let empty = empty.map(move |(part, _)| format!("`{id}`: its page says no `{part}`"));
        let wrong = [
            (page.id != id, "its page's heading is another id"),
            (!file.is_file(), "its page lies elsewhere"),
            (!code.is_file(), "its code lies elsewhere"),
            (!of(&page, Verdict::Found), "its page has no bad example"),
            (
                !of(&page, Verdict::NotFound),
                "its page has no good example",
            ),
        ];
        let wrong = wrong.into_iter().filter(|(is, _)| *is);
        empty.chain(wrong.map(move |(_, what)| format!("`{id}`: {what}")))
    });
    none_of(&findings.collect::<Vec<String>>());
}

#[test]
fn the_list_is_sorted() {
    let ids: Vec<(&str, &str)> = all().map(|rule| (rule.group.word(), rule.id)).collect();
    assert!(ids.is_sorted(), "{ids:#?}");
}

fn of(page: &Page<'_>, verdict: Verdict) -> bool {
    page.examples.iter().any(|it| it.verdict == verdict)
}

#[test]
fn each_finds_what_its_page_says() {
    let only = std::env::var("RULE").ok();
    let wanted = |rule: &&Rule| only.as_ref().is_none_or(|only| only == rule.id);
    let rules: Vec<&Rule> = all().filter(wanted).collect();
    let findings: Vec<String> = rules.par_iter().flat_map(|rule| examples(rule)).collect();
    none_of(&findings);
}

/// What is wrong with the examples of a rule's page.
fn examples(rule: &Rule) -> Vec<String> {
    let file = path(rule);
    let Ok(text) = fs::read_to_string(&file) else {
        return vec![format!("{} can't be read", file.display())];
    };
    let page = Page::read(&text);
    let mut findings = Vec::new();
    let mut renewed = text.clone();
    for example in &page.examples {
        let said = check(rule, example);
        match (example.verdict, said) {
            (_, Err(problem)) => findings.push(format!("`{}`: {problem}", rule.id)),
            (Verdict::NotFound, Ok(report)) if !report.is_empty() => {
                findings.push(format!("`{}` speaks of a good example:\n{report}", rule.id));
            }
            (Verdict::NotFound, Ok(_)) => {}
            (Verdict::Found, Ok(report)) => {
                if report.is_empty() {
                    findings.push(format!("`{}` stays silent on a bad example", rule.id));
                } else if example.report.map(str::trim) != Some(report.trim()) {
                    renewed = with_report(&renewed, example, &report);
                    findings.extend(
                        (!update()).then(|| {
                            format!("`{}` says (UPDATE=1 accepts it):\n{report}", rule.id)
                        }),
                    );
                }
            }
        }
    }
    if update() && renewed != text {
        fs::write(&file, renewed).expect("a page to write");
    }
    findings
}

/// What `check` says of an example, as far as the rule is concerned.
fn check(rule: &Rule, example: &Example<'_>) -> Result<String, String> {
    let project = Project::empty();
    for (path, text) in &example.files {
        project.write(path, format!("{text}\n"));
    }
    // Support of versions ends some day: what a page shows must be the same tomorrow.
    let run = project.run_on("1789430400", &["check", "--only", rule.id]);
    match run.code {
        Some(0 | 3) => Ok(without(&run.stderr, &more(rule))),
        code => {
            let all = project.run(&["check"]);
            Err(format!(
                "an example of its page ends with {code:?}:\n{}",
                all.stderr
            ))
        }
    }
}

/// What leads to the page, which need not stand in it.
fn more(rule: &Rule) -> String {
    format!("= note: `formwork explain {}` says more", rule.id)
}

/// A report without the lines that end so, however far in they begin.
fn without(report: &str, end: &str) -> String {
    let lines = report.split_inclusive('\n');
    lines
        .filter(|line| !line.trim_end().ends_with(end))
        .collect()
}

/// The page with a report behind an example's last file.
fn with_report(page: &str, example: &Example<'_>, report: &str) -> String {
    let fence = |text: &str| format!("```report\n{}\n```", text.trim_end());
    match example.report {
        Some(old) => page.replace(&format!("```report\n{old}\n```"), &fence(report)),
        None => {
            let (_, last) = example.files.last().expect("an example has files");
            let end = format!("{last}\n```");
            page.replacen(&end, &format!("{end}\n\n{}", fence(report)), 1)
        }
    }
}

/// Nothing that is built here for people to learn from breaks a rule.
#[test]
fn golden_platforms_break_none() {
    let mut cases: Vec<(String, Memory)> = folders(&root().join("examples"))
        .into_iter()
        .map(|name| (format!("examples/{name}"), Memory::example(&name)))
        .collect();
    let golden = folders(&root().join("golden")).into_iter();
    let golden = golden.filter(|name| has_spec(&root().join("golden").join(name)));
    cases.extend(golden.map(|name| (format!("golden/{name}"), Memory::golden(&name))));
    assert!(cases.len() > 10, "{} cases", cases.len());
    let findings: Vec<String> = cases
        .par_iter()
        .flat_map_iter(|(name, memory)| {
            let broken = memory.broken_rules().into_iter();
            broken.map(move |finding| format!("{name}: {finding}"))
        })
        .collect();
    none_of(&findings);
}

fn has_spec(folder: &Path) -> bool {
    folder.join("platform.yaml").is_file()
}

/// Each rule counts: a list without it, tried on its own page, is caught.
#[test]
fn a_rule_that_finds_nothing_is_noticed() {
    let findings: Vec<String> = all()
        .filter_map(|rule| {
            let page = rule.page();
            let mut bad = page.examples.iter();
            let bad = bad.find(|example| example.verdict == Verdict::Found)?;
            let report = bad.report.unwrap_or_default();
            let named = format!("[{}]", rule.id);
            (!report.contains(&named))
                .then(|| format!("`{}`: the report of its page does not name it", rule.id))
        })
        .collect();
    none_of(&findings);
}
