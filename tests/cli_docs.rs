//! docs/cli.md has every command and every flag, and none that is not there.

use crate::shells::commands;
use crate::support::project::Project;
use crate::support::{none_of, root};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// The long flags of a command, as `--help` lists them.
fn flags(project: &Project, command: &str) -> BTreeSet<String> {
    let mut arguments: Vec<&str> = command.split(' ').collect();
    arguments.push("--help");
    let help = project.succeed(&arguments).stdout;
    let lines = help
        .lines()
        .map(str::trim_start)
        .filter(|line| line.starts_with('-'));
    lines
        .filter_map(|line| line.split("--").nth(1)?.split([' ', ',']).next())
        .filter(|flag| {
            !matches!(*flag, "help" | "color" | "version")
                || command == "components new" && *flag == "version"
        })
        .map(|flag| format!("--{flag}"))
        .collect()
}

/// Every command that does something.
fn all(project: &Project) -> BTreeMap<String, BTreeSet<String>> {
    let mut all = BTreeMap::new();
    for name in commands(project, &[]) {
        let below = commands(project, &[&name]);
        let names = match below.is_empty() {
            true => vec![name.clone()],
            false => below
                .iter()
                .map(|below| format!("{name} {below}"))
                .collect(),
        };
        all.extend(
            names
                .into_iter()
                .map(|name| (name.clone(), flags(project, &name))),
        );
    }
    all
}

/// What the page says: each section `### formwork COMMAND`, and the flags in code in it.
fn said(page: &str) -> BTreeMap<String, BTreeSet<String>> {
    let sections = page.split("\n### `formwork ").skip(1);
    sections
        .filter_map(|section| {
            let (name, text) = section.split_once("`\n")?;
            let text = text.split("\n## ").next()?;
            let code = text.split('`').skip(1).step_by(2);
            let flags = code
                .filter(|code| code.starts_with("--"))
                .filter_map(|code| code.split([' ', '=']).next());
            Some((name.to_owned(), flags.map(str::to_owned).collect()))
        })
        .collect()
}

#[test]
fn every_command_and_flag_is_described() {
    let project = Project::empty();
    let page = fs::read_to_string(root().join("docs/cli.md")).expect("docs/cli.md");
    let (there, said) = (all(&project), said(&page));
    assert!(there.len() > 8, "{there:?}");
    let none = BTreeSet::new();
    let mut findings = Vec::new();
    for name in there.keys().chain(said.keys()) {
        if !there.contains_key(name) {
            findings.push(format!(
                "docs/cli.md: there is no command `formwork {name}`"
            ));
        } else if !said.contains_key(name) {
            findings.push(format!("docs/cli.md: add a section: ### `formwork {name}`"));
        } else {
            let (flags, told) = (
                there.get(name).unwrap_or(&none),
                said.get(name).unwrap_or(&none),
            );
            for flag in flags.difference(told) {
                findings.push(format!(
                    "docs/cli.md: `formwork {name}`: say what `{flag}` does"
                ));
            }
            for flag in told.difference(flags) {
                findings.push(format!(
                    "docs/cli.md: `formwork {name}`: there is no `{flag}`"
                ));
            }
        }
    }
    none_of(&findings);
}
