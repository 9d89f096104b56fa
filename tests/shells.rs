//! What is made for shells and for `man`: the programs that read it accept it, and nothing is left out of it.

use crate::support::project::Project;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Every command, as `--help` lists them.
pub(crate) fn commands(project: &Project, above: &[&str]) -> Vec<String> {
    let mut arguments = above.to_vec();
    arguments.push("--help");
    let help = project.succeed(&arguments).stdout;
    let Some((_, list)) = help.split_once("Commands:\n") else {
        return Vec::new();
    };
    let list = list.lines().take_while(|line| !line.is_empty());
    list.filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A program's verdict on a file; `None` where it is not installed.
fn verdict(program: &str, arguments: &[&str], file: &Path) -> Option<(bool, String)> {
    let output = Command::new(program)
        .args(arguments)
        .arg(file)
        .output()
        .ok()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    Some((output.status.success() && said.is_empty(), said + &shown))
}

#[test]
fn completions_are_read_by_their_shells() {
    let project = Project::empty();
    let names = commands(&project, &[]);
    assert!(names.contains(&"graph".to_owned()), "{names:?}");
    for (shell, check) in [
        ("bash", Some(["-n"])),
        ("zsh", Some(["-n"])),
        ("fish", Some(["--no-execute"])),
        ("elvish", Some(["-compileonly"])),
        ("powershell", None),
    ] {
        let text = project.succeed(&["completions", shell]).stdout;
        for name in &names {
            assert!(
                text.contains(name.as_str()),
                "{shell} does not know `{name}`"
            );
        }
        assert!(text.contains("cluster"), "{shell} knows no flags");
        let file = format!("completion.{shell}");
        project.write(&file, &text);
        let judged = check.and_then(|flags| verdict(shell, &flags, &project.at(&file)));
        match judged {
            Some((good, said)) => assert!(good, "{shell}: {said}"),
            None => eprintln!("skipped: {shell} is not here to read its completions"),
        }
    }
    let unknown = project.run(&["completions", "tcsh"]);
    assert_eq!((unknown.code, unknown.stdout.as_str()), (Some(1), ""));
}

/// In a real bash: a prefix is completed to the command, a flag's value to its choices, a path to files.
#[test]
fn bash_completes() {
    let project = Project::empty();
    let script = project.succeed(&["completions", "bash"]).stdout;
    project.write("completion.bash", &script);
    project.write("some-spec.yaml", "");
    let complete = |words: &str| {
        let program = format!(
            "source completion.bash; COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); \
             _formwork formwork \"${{COMP_WORDS[COMP_CWORD]}}\" \"${{COMP_WORDS[COMP_CWORD-1]}}\"; echo \"${{COMPREPLY[*]}}\""
        );
        let output = Command::new("bash")
            .args(["--norc", "-c", &program])
            .current_dir(project.path())
            .output()
            .expect("bash");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    };
    assert_eq!(complete("formwork gra"), "graph");
    assert_eq!(complete("formwork graph -o merm"), "mermaid");
    assert_eq!(complete("formwork schema --spec some"), "some-spec.yaml");
    // Where nothing is offered, bash offers files by itself.
    assert_eq!(complete("formwork graph some"), "");
    assert!(script.contains("-o default"), "{script}");
}

#[test]
fn manual_pages_are_clean() {
    let project = Project::empty();
    let main = project.succeed(&["man"]).stdout;
    project.succeed(&["man", "--dir", "pages"]);
    let pages: Vec<String> = project.files("pages").into_keys().collect();
    let mut wanted = vec!["formwork.1".to_owned()];
    for name in commands(&project, &[]) {
        let below = commands(&project, &[&name]);
        wanted.extend(
            below
                .iter()
                .map(|below| format!("formwork-{name}-{below}.1")),
        );
        wanted.push(format!("formwork-{name}.1"));
    }
    wanted.sort();
    assert_eq!(pages, wanted);
    for page in &pages {
        let path = project.at(&format!("pages/{page}"));
        let text = fs::read_to_string(&path).expect("a page");
        assert!(
            text.contains(".SH NAME") && text.contains(".SH SYNOPSIS"),
            "{page}"
        );
        let groff = verdict("groff", &["-man", "-Tutf8", "-ww", "-z"], &path);
        let mandoc = verdict("mandoc", &["-T", "lint", "-W", "error"], &path);
        match groff.as_ref().or(mandoc.as_ref()) {
            Some((good, said)) => assert!(good, "{page}: {said}"),
            None => eprintln!("skipped: neither groff nor mandoc is here to read {page}"),
        }
    }
    assert!(main.contains("formwork\\-graph(1)"), "{main}");
    assert!(!project.at("formwork.1").exists());
}
