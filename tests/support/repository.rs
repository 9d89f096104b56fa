//! A project as a Git repository.

use super::project::Project;
use std::process::Command;

/// Runs Git in a project, with nothing of this environment and commits that are the same everywhere.
pub(crate) fn git(project: &Project, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args([
            "-c",
            "user.name=Somebody",
            "-c",
            "user.email=somebody@example.org",
        ])
        .args([
            "-c",
            "init.defaultBranch=main",
            "-c",
            "core.autocrlf=false",
            "-c",
            "commit.gpgSign=false",
        ])
        .args(arguments)
        .current_dir(project.path())
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", project.path())
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z")
        .env("GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z")
        .output()
        .expect("git, which these tests make their repositories with");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(
        output.status.success(),
        "git {arguments:?}: {}",
        text(&output.stderr)
    );
    text(&output.stdout).trim().to_owned()
}

/// Commits everything.
pub(crate) fn commit(project: &Project, message: &str) {
    git(project, &["add", "--all", "--force"]);
    git(
        project,
        &["commit", "--quiet", "--allow-empty", "--message", message],
    );
}

/// A project as it was committed.
pub(crate) fn committed(project: Project) -> Project {
    git(&project, &["init", "--quiet"]);
    commit(&project, "first");
    project
}
