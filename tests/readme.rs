//! The README's commands run as they are written, in order, in a copy of the repository's examples.

use crate::support::project::Project;
use crate::support::{files, root};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;

/// Stands in for Cargo, which has built the program already: `cargo run ... -- ARGUMENTS` runs it.
const CARGO: &str = "#!/bin/sh\nset -eu\ncase $1 in\ninstall) exit 0 ;;\nrun) ;;\n*) echo \"the README runs cargo $1\" >&2; exit 9 ;;\nesac\n\
                     while [ \"$1\" != -- ]; do shift; done\nshift\nexec formwork \"$@\"\n";

/// Stands in for what fetches this repository: the copy is there already.
const GIT: &str = "#!/bin/sh\n[ \"$1\" = clone ] || exec /usr/bin/git \"$@\"\n";

#[test]
fn commands_run() {
    let readme = fs::read_to_string(root().join("README.md")).expect("a README");
    let blocks = shell_blocks(&readme);
    assert!(
        !blocks.is_empty(),
        "README.md has no ```sh block: show how it is used"
    );
    let project = Project::empty();
    for (path, bytes) in files(&root().join("examples")) {
        project.write(&format!("examples/{path}"), bytes);
    }
    project.write("formwork/.keep", "");
    project.write(".bin/cargo", CARGO);
    project.write(".bin/git", GIT);
    for tool in ["cargo", "git"] {
        let tool = project.at(".bin").join(tool);
        fs::set_permissions(tool, fs::Permissions::from_mode(0o755)).expect("a mode to set");
    }
    symlink(env!("CARGO_BIN_EXE_formwork"), project.at(".bin/formwork")).expect("a link to make");
    let path = std::env::var("PATH").unwrap_or_default();
    for (line, block) in blocks {
        let output = Command::new("sh")
            .args(["-eu", "-c", &block])
            .current_dir(project.path())
            .env("PATH", format!("{}:{path}", project.at(".bin").display()))
            .output()
            .expect("a shell");
        assert!(
            output.status.success(),
            "README.md:{line}: {}\n{block}\n{}{}",
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

/// The fenced `sh` blocks with the line they start at; `console` blocks would hold prompts and output.
fn shell_blocks(text: &str) -> Vec<(usize, String)> {
    let mut blocks = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (index, line) in text.lines().enumerate() {
        match (&mut open, line.trim_end()) {
            (None, "```sh") => open = Some((index + 1, String::new())),
            (Some(_), "```") => blocks.extend(open.take()),
            (Some((_, block)), line) => {
                block.push_str(line);
                block.push('\n');
            }
            (None, _) => {}
        }
    }
    blocks
}
