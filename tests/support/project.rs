//! A project in a temporary folder, and the program run in it.

use super::{Files, files};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// A folder of its own, outside of any repository, gone when dropped.
pub(crate) struct Project {
    folder: TempDir,
}

/// How a run of the program ended.
#[derive(Debug)]
pub(crate) struct Run {
    /// The exit code; `None` after a signal.
    pub(crate) code: Option<i32>,
    /// All of standard output.
    pub(crate) stdout: String,
    /// All of standard error.
    pub(crate) stderr: String,
}

impl Project {
    /// An empty one.
    pub(crate) fn empty() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("project")
            .tempdir()
            .expect("a temporary folder");
        Project { folder }
    }

    /// One with this spec.
    pub(crate) fn with_spec(spec: &str) -> Self {
        let project = Project::empty();
        project.write("platform.yaml", spec);
        project
    }

    /// A copy of an example.
    pub(crate) fn example(name: &str) -> Self {
        Project::copy_of(&super::root().join("examples").join(name), &["generated"])
    }

    /// One with a copy of what is in a folder, except what `leave` names.
    pub(crate) fn copy_of(folder: &Path, leave: &[&str]) -> Self {
        let project = Project::empty();
        for (path, bytes) in files(folder) {
            let first = path.split('/').next().unwrap_or(&path);
            if !leave.contains(&first) {
                project.write(&path, bytes);
            }
        }
        project
    }

    /// Its folder.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The path of a file in it.
    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.path().join(path)
    }

    /// Writes a file, and its folders.
    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let path = self.at(path);
        let folder = path.parent().expect("a path below the project");
        fs::create_dir_all(folder).expect("a folder to create");
        fs::write(path, bytes).expect("a file to write");
    }

    /// The text of a file.
    pub(crate) fn read(&self, path: &str) -> String {
        let path = self.at(path);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Every file below one of its folders.
    pub(crate) fn files(&self, folder: &str) -> Files {
        files(&self.at(folder))
    }

    /// Runs the program in it.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        run_in(self.path(), arguments)
    }

    /// Runs the program in it as if it were a certain day, in seconds since 1970.
    pub(crate) fn run_on(&self, day: &str, arguments: &[&str]) -> Run {
        run_with(self.path(), arguments, &[("SOURCE_DATE_EPOCH", day)])
    }

    /// Runs the program in it and expects success.
    /// Runs the program with something on its stdin and with further variables.
    pub(crate) fn fed(&self, input: &str, variables: &[(&str, &str)], arguments: &[&str]) -> Run {
        let mut child = command(&self.at("."), arguments, variables)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program to start");
        let stdin = child.stdin.take().expect("a stdin");
        // A program that does not ask for it may be gone already.
        let _ = (&stdin).write_all(input.as_bytes());
        drop(stdin);
        run_of(child.wait_with_output().expect("the program to end"))
    }

    pub(crate) fn succeed(&self, arguments: &[&str]) -> Run {
        let run = self.run(arguments);
        assert_eq!(run.code, Some(0), "{arguments:?} failed:\n{}", run.stderr);
        run
    }
}

/// Runs the program in a folder, with nothing of this environment that could change what it does.
pub(crate) fn run_in(folder: &Path, arguments: &[&str]) -> Run {
    run_with(folder, arguments, &[])
}

fn run_with(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Run {
    let mut command = command(folder, arguments, variables);
    run_of(command.output().expect("the program to start"))
}

fn command(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_formwork"));
    command
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .envs(variables.iter().copied())
        .stdin(Stdio::null());
    command
}

fn run_of(output: Output) -> Run {
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output in UTF-8");
    Run {
        code: output.status.code(),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}
