//! The commands of the README and of the first steps run as they are written, in order, and what they are shown to print
//! is what they print.

use crate::support::fences::{self, Fence};
use crate::support::own_files;
use crate::support::project::Project;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Output};

/// Stands in for Cargo, which has built the program already: `cargo run ... -- ARGUMENTS` runs it.
const CARGO: &str = "#!/bin/sh\nset -eu\ncase $1 in\ninstall) exit 0 ;;\nrun) ;;\n*) echo \"the README runs cargo $1\" >&2; exit 9 ;;\nesac\n\
                     while [ \"$1\" != -- ]; do shift; done\nshift\nexec formwork \"$@\"\n";

/// Stands in for what brings a cluster up, which needs containers: the script must be there and be a script.
const BASH: &str = "#!/bin/sh\nexec /bin/bash -n \"$1\"\n";

/// A computer on which the repository was cloned, and the program installed.
struct Computer {
    project: Project,
}

impl Computer {
    fn new() -> Self {
        let project = Project::empty();
        for (path, bytes) in own_files("examples") {
            project.write(&format!("formwork/examples/{path}"), bytes);
        }
        for (tool, text) in [("cargo", CARGO), ("bash", BASH)] {
            project.write(&format!("bin/{tool}"), text);
            let tool = project.at("bin").join(tool);
            fs::set_permissions(tool, fs::Permissions::from_mode(0o755)).expect("a mode to set");
        }
        symlink(env!("CARGO_BIN_EXE_formwork"), project.at("bin/formwork"))
            .expect("a link to make");
        Computer { project }
    }

    /// Runs a block in a folder; what it prints, where it succeeds.
    fn run(&self, fence: &Fence, folder: &Path, text: &str) -> String {
        let output = self.shell(folder, text);
        let printed = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(
            output.status.success(),
            "{}: {}\n{text}\n{}{}",
            fence.place(),
            output.status,
            printed(&output.stdout),
            printed(&output.stderr)
        );
        printed(&output.stdout)
    }

    fn shell(&self, folder: &Path, text: &str) -> Output {
        let path = std::env::var("PATH").unwrap_or_default();
        let path = format!("{}:{path}", self.project.at("bin").display());
        let someone = [
            "AUTHOR_NAME",
            "AUTHOR_EMAIL",
            "COMMITTER_NAME",
            "COMMITTER_EMAIL",
        ];
        let someone = someone.map(|who| (format!("GIT_{who}"), "someone@example.org"));
        Command::new("sh")
            .args(["-eu", "-c", text])
            .current_dir(folder)
            .env("PATH", path)
            .env("HOME", self.project.path())
            .envs(someone)
            .output()
            .expect("a shell")
    }
}

#[test]
fn commands_run() {
    let computer = Computer::new();
    let fences = fences::of("README.md");
    let blocks: Vec<&Fence> = fences.iter().filter(|fence| fence.info == "sh").collect();
    assert!(
        blocks.len() > 1,
        "README.md has no `sh` block: show how it is used"
    );
    for fence in blocks {
        computer.run(fence, &computer.project.at("formwork"), &fence.text);
    }
}

/// The README's spec builds, and its slip of the pen is told as it says.
#[test]
fn the_slip_of_the_readme_is_told_as_it_says() {
    let fences = fences::of("README.md");
    let spec = fences.iter().find(|fence| fence.info == "yaml platform");
    let spec = &spec.expect("a spec").text;
    let project = Project::with_spec(spec);
    project.succeed(&["build"]);
    project.write("platform.yaml", spec.replace("size:", "sizee:"));
    let said = project.run(&["check"]).stderr;
    let shown = fences.iter().find(|fence| fence.text.starts_with("error["));
    let shown = &shown.expect("an error").text;
    assert!(
        said.starts_with(shown.as_str()),
        "README.md shows\n{shown}\nand it is\n{said}"
    );
}

/// `console examples/NAME`: what a command prints in that example.
#[test]
fn listings_are_what_is_printed() {
    let mut shown = 0;
    for fence in fences::all() {
        let Some(example) = fence.info.strip_prefix("console ") else {
            continue;
        };
        shown += 1;
        let computer = Computer::new();
        let folder = computer.project.at("formwork").join(example);
        let (command, text) = fence.text.split_once('\n').unwrap_or_default();
        let command = command.trim_start_matches("$ ");
        assert_eq!(
            computer.run(&fence, &folder, command),
            text,
            "{} shows what is not printed",
            fence.place()
        );
    }
    assert!(shown > 0, "no listing is marked `console examples/NAME`");
}

/// Whoever follows the first steps from an empty folder sees what the page shows.
#[test]
fn first_steps_lead_somewhere() {
    let computer = Computer::new();
    let mut folder = computer.project.at("formwork");
    let mut printed = String::new();
    for fence in fences::of("docs/getting-started.md") {
        let spec = folder.join("platform.yaml");
        match fence.info.as_str() {
            "sh" => {
                printed = computer.run(&fence, &folder, &fence.text);
                folder = computer.project.at("platform");
            }
            "yaml platform" => {
                let text = fs::read_to_string(&spec).expect("the starter's spec");
                fs::write(&spec, text + &fence.text).expect("a spec to write");
            }
            "text" => assert_eq!(
                without_commits(&printed),
                without_commits(&fence.text),
                "{} shows what is not printed",
                fence.place()
            ),
            other => panic!("{}: nobody tries `{other}`", fence.place()),
        }
    }
    slips(&computer, &folder);
}

/// What the page says of a slip of the pen and of an edit by hand.
fn slips(computer: &Computer, folder: &Path) {
    let spec = folder.join("platform.yaml");
    let good = fs::read_to_string(&spec).expect("the spec");
    fs::write(&spec, good.replace("size: small", "sise: small")).expect("a spec to write");
    let said = computer.shell(folder, "formwork check").stderr;
    let said = String::from_utf8_lossy(&said).into_owned();
    assert!(said.contains("did you mean `size`?"), "{said}");
    fs::write(&spec, good).expect("a spec to write");
    let edited = "generated/clusters/dev/hello/kustomization.yaml";
    let output = computer.shell(
        folder,
        &format!("echo '# mine' >> {edited}; formwork build"),
    );
    assert_eq!(output.status.code(), Some(4), "{output:?}");
    let output = computer.shell(
        folder,
        &format!("rm {edited}; formwork build; test -s {edited}"),
    );
    assert!(output.status.success(), "{output:?}");
}

/// A text but for the names of commits.
fn without_commits(text: &str) -> String {
    let lines = text.lines().map(|line| match line.split_once(" (") {
        Some((line, _)) if line.starts_with("compared with") => line,
        Some(_) | None => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}
