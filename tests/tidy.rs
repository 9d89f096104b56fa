//! House rules as tests. Each failure says what to do.

use crate::support::{children, folders, name, none_of, root};
use std::fs;
use std::path::{Path, PathBuf};

/// Most lines of a file, its inline tests not counted.
const FILE: usize = 400;
/// Most lines of a function.
const FUNCTION: usize = 60;
/// Most lines of a `mod.rs`, which is a table of contents.
const CONTENTS: usize = 150;

/// A source file: its path relative to the repository, and its lines.
struct Source {
    path: String,
    lines: Vec<String>,
}

#[test]
fn every_file_says_its_one_job() {
    let mut findings = Vec::new();
    for source in sources(&["compiler", "tests", "benches"]) {
        if !source.first().starts_with("//! ") {
            findings.push(format!(
                "{}:1: open the file with a `//!` line that says its one job",
                source.path
            ));
        }
    }
    none_of(&findings);
}

#[test]
fn files_and_functions_are_short() {
    let mut findings = Vec::new();
    for source in sources(&["compiler"]) {
        if source.is_test() {
            continue;
        }
        let code = source.code();
        let most = if source.path.ends_with("/mod.rs") {
            CONTENTS
        } else {
            FILE
        };
        if code.len() > most {
            findings.push(format!(
                "{}: {} lines, at most {most}: move what can be named on its own to a file of its own",
                source.path,
                code.len()
            ));
        }
        for (line, length) in functions(code) {
            if length > FUNCTION {
                findings.push(format!(
                    "{}:{line}: a function of {length} lines, at most {FUNCTION}: give its steps names",
                    source.path
                ));
            }
        }
    }
    none_of(&findings);
}

#[test]
fn the_compiler_names_no_component() {
    let components = folders(&root().join("components"));
    let mut findings = Vec::new();
    for source in sources(&["compiler"]) {
        if source.is_test() {
            continue;
        }
        for (line, code) in source.code_lines() {
            for component in &components {
                let as_word = component.replace('-', "_");
                if names(code, component) || names(code, &as_word) {
                    findings.push(format!(
                        "{}:{line}: the component `{component}` is named: say in its component.yaml what the compiler has to know",
                        source.path
                    ));
                }
            }
        }
    }
    none_of(&findings);
}

#[test]
fn versions_are_compared_in_contracts_only() {
    let mut findings = Vec::new();
    for source in sources(&["compiler/passes", "compiler/cli"]) {
        if source.is_test() || source.path.ends_with("/contract.rs") {
            continue;
        }
        for (line, code) in source.code_lines() {
            if let Some(version) = version_literal(code) {
                findings.push(format!(
                    "{}:{line}: the version {version}: ask the target's contract.rs a question with a name instead",
                    source.path
                ));
            }
        }
    }
    none_of(&findings);
}

#[test]
fn registries_are_sorted() {
    let mut findings = Vec::new();
    for source in sources(&["compiler"]) {
        let mut before: Option<&str> = None;
        for (line, code) in source.code_lines() {
            if is_registry(code) {
                before = Some("");
            } else if code.trim() == "];" {
                before = None;
            } else if let Some(last) = before {
                let entry = code.trim();
                if entry < last {
                    findings.push(format!(
                        "{}:{line}: `{entry}` stands after `{last}`: sort the list, so that two branches that add to it seldom meet",
                        source.path
                    ));
                }
                before = Some(entry);
            }
        }
    }
    none_of(&findings);
}

#[test]
fn every_component_has_a_readme() {
    let library = root().join("components");
    let findings: Vec<String> = folders(&library)
        .iter()
        .filter(|component| !library.join(component).join("README.md").is_file())
        .map(|component| {
            format!(
                "components/{component}: add a README.md: one paragraph, and one spec that uses it"
            )
        })
        .collect();
    none_of(&findings);
}

#[test]
fn everything_vendored_says_from_where() {
    let upstream = root().join("schemas/upstream");
    let findings: Vec<String> = folders(&upstream)
        .iter()
        .filter(|folder| !upstream.join(folder).join("SOURCE").is_file())
        .map(|folder| {
            format!("schemas/upstream/{folder}: add a SOURCE: where from, which version, its licence and hash")
        })
        .collect();
    none_of(&findings);
}

#[test]
fn every_command_is_tested() {
    let tests = fs::read_to_string(root().join("tests/commands.rs")).unwrap_or_default();
    let findings: Vec<String> = children(&root().join("compiler/cli/commands"))
        .iter()
        .filter_map(|path| path.file_stem()?.to_str())
        .filter(|command| *command != "mod" && !tests.contains(&format!("fn {command}_")))
        .map(|command| format!("tests/commands.rs: add a test whose name starts with `{command}_`"))
        .collect();
    none_of(&findings);
}

impl Source {
    fn first(&self) -> &str {
        self.lines.first().map_or("", String::as_str)
    }

    fn is_test(&self) -> bool {
        self.path.ends_with("/tests.rs") || self.path.contains("/tests/")
    }

    /// The lines before the inline tests.
    fn code(&self) -> &[String] {
        let end = self
            .lines
            .windows(2)
            .position(|pair| matches!(pair, [test, module] if test == "#[cfg(test)]" && module.ends_with('{')))
            .unwrap_or(self.lines.len());
        self.lines.split_at(end).0
    }

    /// The lines of code with their numbers, without comments.
    fn code_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code()
            .iter()
            .enumerate()
            .map(|(index, line)| (index + 1, without_comment(line)))
    }
}

/// All Rust sources below these folders of the repository.
fn sources(folders: &[&str]) -> Vec<Source> {
    let mut paths = Vec::new();
    for folder in folders {
        find_rust(&root().join(folder), &mut paths);
    }
    paths.iter().map(|path| read(path)).collect()
}

fn find_rust(folder: &Path, found: &mut Vec<PathBuf>) {
    for path in children(folder) {
        if path.is_dir() && name(&path) != "target" {
            find_rust(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

fn read(path: &Path) -> Source {
    let text = fs::read_to_string(path).expect("a source in UTF-8");
    let short = path.strip_prefix(root()).unwrap_or(path);
    Source {
        path: short.to_str().expect("a path in UTF-8").replace('\\', "/"),
        lines: text.lines().map(str::to_owned).collect(),
    }
}

/// The line without a comment; `//` right after a `:` is an address.
fn without_comment(line: &str) -> &str {
    let comment = line
        .match_indices("//")
        .map(|(at, _)| at)
        .find(|at| !line.get(..*at).unwrap_or("").ends_with(':'));
    comment.and_then(|at| line.get(..at)).unwrap_or(line)
}

/// The functions with the line they start at and their length, by the indentation that rustfmt gives them.
fn functions(lines: &[String]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (start, line) in lines.iter().enumerate() {
        let text = line.trim_start();
        if !is_function(text) || text.ends_with(';') || text.ends_with('}') {
            continue;
        }
        let indent = line.len() - text.len();
        let end = lines.iter().skip(start + 1).position(|line| {
            let text = line.trim_start();
            line.len() - text.len() == indent && (text == "}" || text.ends_with(';'))
        });
        if let Some(length) = end {
            found.push((start + 1, length + 2));
        }
    }
    found
}

fn is_function(text: &str) -> bool {
    let mut words = text.split(' ').skip_while(|word| {
        matches!(*word, "pub" | "const" | "async" | "unsafe") || word.starts_with("pub(")
    });
    words.next() == Some("fn")
}

fn is_registry(code: &str) -> bool {
    let mut words = code.split([' ', ':']).filter(|word| !word.is_empty());
    let is_constant = words.any(|word| word == "const" || word == "static");
    is_constant
        && words
            .next()
            .is_some_and(|word| matches!(word, "RULES" | "TARGETS"))
        && code.ends_with("= &[")
}

/// Whether a word stands in the code with nothing of a name around it.
/// Whether a component is named. Its project's API group, or a path at its end, is a name of another thing.
fn names(code: &str, component: &str) -> bool {
    let code = code.replace(&format!("{component}.io"), "");
    has_word(&code.replace(&format!("/{component}"), ""), component)
}

fn has_word(code: &str, word: &str) -> bool {
    let in_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    code.match_indices(word).any(|(at, _)| {
        let before = code.get(..at).and_then(|text| text.chars().next_back());
        let after = code
            .get(at + word.len()..)
            .and_then(|text| text.chars().next());
        !before.is_some_and(in_name) && !after.is_some_and(in_name)
    })
}

/// A version of Talos (1.1x) or Kubernetes (1.3x) that is written out.
fn version_literal(code: &str) -> Option<&str> {
    let (at, _) = code.match_indices("1.").find(|(at, _)| {
        let before = code.get(..*at).and_then(|text| text.chars().next_back());
        let mut after = code.get(at + 2..).unwrap_or("").chars();
        !before.is_some_and(|c| c.is_ascii_digit() || c == '.')
            && matches!(after.next(), Some('1' | '3'))
            && after.next().is_some_and(|c| c.is_ascii_digit())
    })?;
    let rest = code.get(at..)?;
    let end = rest
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(rest.len());
    rest.get(..end)
}

#[test]
fn the_measures_measure() {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    let code = "fn a() {}\nfn b(\n    x: u8,\n) -> u8 {\n    x\n}\ntrait T {\n    fn c(\n        x: u8,\n    );\n    fn d() {\n        1;\n    }\n}\n";
    assert_eq!(functions(&lines(code)), [(2, 5), (8, 3), (11, 3)]);
    assert!(has_word("use x_cni::y; \"my-cni\"; cni", "cni"));
    assert!(!has_word("x_cni my-cni cni2", "cni"));
    assert_eq!(version_literal("\"v1.13.2\""), Some("1.13.2"));
    assert_eq!(version_literal("10.1.10.1 21.12 1.1 1.2"), None);
    assert_eq!(without_comment("a(); // b"), "a(); ");
    assert_eq!(without_comment("\"https://x\"; // y"), "\"https://x\"; ");
    assert!(is_registry("pub const RULES: &[Rule] = &["));
    assert!(is_function("pub(crate) const fn x() {"));
}
