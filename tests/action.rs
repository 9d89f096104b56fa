//! The GitHub Action: its description holds together, and its scripts do what they say, with stubs for formwork, Git and gh.

use crate::support::project::Project;
use crate::support::root;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

const SAYS_NO: &str = "echo 'HTTP 403: Resource not accessible by integration' >&2; exit 1";

/// A runner's folder: stubs in `bin`, what they were asked in `calls`.
struct Runner {
    project: Project,
}

/// How a script ended.
#[derive(Debug)]
struct Ended {
    code: Option<i32>,
    said: String,
    outputs: String,
    summary: String,
    calls: String,
}

impl Runner {
    fn new(stubs: &[(&str, &str)]) -> Self {
        let runner = Runner {
            project: Project::empty(),
        };
        for (name, body) in stubs {
            let path = format!("bin/{name}");
            let log = "echo \"$(basename \"$0\") $*\" >> \"$RUNNER_TEMP/calls\"";
            runner
                .project
                .write(&path, format!("#!/bin/bash\n{log}\n{body}\n"));
            let executable = fs::Permissions::from_mode(0o755);
            fs::set_permissions(runner.project.at(&path), executable).expect("a stub");
        }
        runner
    }

    fn run(&self, script: &str, environment: &[(&str, &str)]) -> Ended {
        let at = |name: &str| self.project.at(name);
        let bin = at("bin").display().to_string();
        let path = std::env::var("PATH").expect("a PATH");
        for file in ["outputs", "summary", "calls"] {
            let _ = fs::remove_file(at(file));
        }
        let output = Command::new(root().join("action").join(script))
            .current_dir(self.project.path())
            .env_clear()
            .env("PATH", format!("{bin}:{path}"))
            .env("RUNNER_TEMP", self.project.path())
            .env("GITHUB_OUTPUT", at("outputs"))
            .env("GITHUB_STEP_SUMMARY", at("summary"))
            .env("GITHUB_PATH", at("outputs"))
            .env("GITHUB_REPOSITORY", "me/platform")
            .envs(environment.iter().copied())
            .output()
            .expect("the script to start");
        let read = |name: &str| fs::read_to_string(at(name)).unwrap_or_default();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ended {
            code: output.status.code(),
            said: text(&output.stdout) + &text(&output.stderr),
            outputs: read("outputs"),
            summary: read("summary"),
            calls: read("calls"),
        }
    }

    /// Shows a plan on a pull request.
    fn show(&self, plan: &str, environment: &[(&str, &str)]) -> Ended {
        self.project.write("plan.md", plan);
        let file = self.project.at("plan.md").display().to_string();
        let mut all = vec![
            ("PULL_REQUEST", "7"),
            ("CHANGED", "true"),
            ("PLAN_FILE", file.as_str()),
        ];
        all.extend(environment);
        self.run("show.sh", &all)
    }

    fn comment(&self) -> String {
        self.project.read("formwork-comment.md")
    }
}

#[test]
fn a_first_plan_makes_a_comment() {
    let runner = Runner::new(&[("gh", "")]);
    let ended = runner.show("two clusters change\n", &[]);
    assert_eq!(
        (ended.code, ended.summary.as_str()),
        (Some(0), ""),
        "{ended:?}"
    );
    assert!(
        ended
            .calls
            .contains("--method POST repos/me/platform/issues/7/comments --field body=@"),
        "{ended:?}"
    );
    assert_eq!(
        runner.comment(),
        "<!-- formwork plan platform.yaml -->\ntwo clusters change\n"
    );
    // Each spec has a comment of its own.
    runner.show("x\n", &[("SPEC", "infra/platform.yaml")]);
    assert!(
        runner
            .comment()
            .starts_with("<!-- formwork plan infra/platform.yaml -->\n")
    );
    let ended = runner.show("nothing changes\n", &[("CHANGED", "false")]);
    assert!(
        !ended.calls.contains("--method"),
        "no comment to say nothing: {ended:?}"
    );
}

#[test]
fn a_later_plan_renews_it() {
    let runner = Runner::new(&[("gh", "case $* in *--paginate*) printf '41\\n42\\n';; esac")]);
    for changed in ["true", "false"] {
        let ended = runner.show("now\n", &[("CHANGED", changed)]);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert!(
            ended
                .calls
                .contains("--method PATCH repos/me/platform/issues/comments/41 "),
            "{ended:?}"
        );
        assert!(!ended.calls.contains("POST"), "{ended:?}");
    }
}

#[test]
fn without_permission_it_goes_to_the_summary() {
    let reads = format!("case $* in *--method*) {SAYS_NO};; esac");
    for body in [SAYS_NO, reads.as_str()] {
        let ended = Runner::new(&[("gh", body)]).show("plan\n", &[]);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert!(
            ended.summary.ends_with("\nplan\n") && ended.said.contains("::notice"),
            "{ended:?}"
        );
    }
    for environment in [("COMMENT", "false"), ("PULL_REQUEST", "")] {
        let ended = Runner::new(&[("gh", SAYS_NO)]).show("plan\n", &[environment]);
        assert_eq!(
            (ended.code, ended.calls.as_str()),
            (Some(0), ""),
            "{ended:?}"
        );
        assert!(ended.summary.ends_with("\nplan\n"), "{ended:?}");
    }
}

#[test]
fn a_long_plan_is_cut_where_it_can_be() {
    let runner = Runner::new(&[("gh", "")]);
    let plan = format!(
        "head\n```diff\n{}```\n",
        "+ a line of thirty characters.\n".repeat(4000)
    );
    runner.show(&plan, &[]);
    let comment = runner.comment();
    assert!(comment.len() < 65_536, "{}", comment.len());
    assert!(comment.ends_with("characters.\n```\n\nThe rest is too long for a comment.\n"));
    assert_eq!(comment.matches("```").count(), 2);
}

/// A formwork whose `check`, `build` and `plan` end like this.
fn formwork(check: i32, build: i32, plan: i32) -> String {
    format!(
        "case $1 in check) exit {check};; build) exit {build};; plan) echo planned; exit {plan};; esac"
    )
}

#[test]
fn the_plan_is_an_output_and_never_a_failure() {
    let base = [("BASE", "abc123")];
    for (stub, outputs) in [
        (formwork(0, 0, 0), "status=0\nchanged=false\nplan-file="),
        (formwork(0, 0, 2), "status=0\nchanged=true\nplan-file="),
        (formwork(0, 2, 2), "status=2\nchanged=true\nplan-file="),
        (formwork(0, 4, 2), "status=4\nchanged=true\nplan-file="),
        (formwork(0, 0, 1), "status=0\n"),
        (formwork(1, 0, 2), "status=1\n"),
        // A rule's no is one of the verdict: the plan is shown all the same.
        (formwork(3, 0, 2), "status=3\nchanged=true\nplan-file="),
    ] {
        let runner = Runner::new(&[("formwork", &stub), ("git", "")]);
        let ended = runner.run("plan.sh", &base);
        assert_eq!(ended.code, Some(0), "{stub}: {ended:?}");
        assert!(ended.outputs.starts_with(outputs), "{stub}: {ended:?}");
        assert_eq!(
            ended.outputs.contains("plan-file"),
            outputs.contains("plan-file"),
            "{stub}: {ended:?}"
        );
    }
    let good = formwork(0, 0, 2);
    let runner = Runner::new(&[("formwork", &good), ("git", "")]);
    let ended = runner.run(
        "plan.sh",
        &[("BASE", "abc123"), ("SPEC", "a b/platform.yaml")],
    );
    assert!(
        ended
            .calls
            .contains("formwork check -o github a b/platform.yaml\n"),
        "{ended:?}"
    );
    assert!(
        ended
            .calls
            .contains("formwork plan --base abc123.. -o markdown --exit-code a b/platform.yaml\n"),
        "{ended:?}"
    );
    // What is denied and what is known are said where they are stated.
    let says = "echo \"${FORMWORK_DENY-unset} ${FORMWORK_BASELINE-unset}\"; exit 1";
    let runner = Runner::new(&[("formwork", says)]);
    let stated = runner.run(
        "plan.sh",
        &[("DENY", "warnings"), ("BASELINE", "known.json")],
    );
    assert!(stated.said.contains("warnings known.json\n"), "{stated:?}");
    let bare = runner.run("plan.sh", &[("DENY", ""), ("BASELINE", "")]);
    assert!(bare.said.contains("unset unset\n"), "{bare:?}");
    // A first push has nothing before it, and a commit may be out of reach.
    for (base, git) in [
        ("", ""),
        ("0000000000000000000000000000000000000000", ""),
        ("abc123", "exit 1"),
    ] {
        let ended =
            Runner::new(&[("formwork", &good), ("git", git)]).run("plan.sh", &[("BASE", base)]);
        assert_eq!(
            (ended.code, ended.outputs.as_str()),
            (Some(0), "status=0\n"),
            "{ended:?}"
        );
        assert!(!ended.calls.contains("formwork plan"), "{ended:?}");
    }
}

#[test]
fn the_verdict_is_the_status() {
    let runner = Runner::new(&[]);
    for (status, changed, fail_on_diff, code) in [
        ("0", "true", "false", 0),
        ("0", "", "true", 0),
        ("0", "false", "true", 0),
        ("0", "true", "true", 1),
        ("1", "", "false", 1),
        ("2", "true", "false", 1),
        ("3", "true", "false", 1),
        ("", "", "false", 1),
    ] {
        let environment = [
            ("STATUS", status),
            ("CHANGED", changed),
            ("FAIL_ON_DIFF", fail_on_diff),
        ];
        let ended = runner.run("verdict.sh", &environment);
        assert_eq!(ended.code, Some(code), "{environment:?} {ended:?}");
    }
}

#[test]
fn it_is_installed_where_it_is_not() {
    let there = Runner::new(&[("formwork", "echo formwork 1.2.3"), ("cargo", "")]);
    for wanted in ["", "1.2.3", "v1.2.3"] {
        let ended = there.run("install.sh", &[("WANTED", wanted)]);
        assert!(
            ended.said.contains("is there already") && !ended.calls.contains("cargo"),
            "{ended:?}"
        );
    }
    let other = there.run(
        "install.sh",
        &[("WANTED", "1.3.0"), ("RUNNER_TOOL_CACHE", "/tools")],
    );
    assert!(
        other.calls.contains(
            "cargo install --quiet --locked --root /tools/formwork/1.3.0 formwork@1.3.0\n"
        ),
        "{other:?}"
    );
    assert_eq!(other.outputs, "/tools/formwork/1.3.0/bin\n");
    let none = Runner::new(&[("formwork", "exit 127"), ("cargo", "")])
        .run("install.sh", &[("HOME", "/home/x")]);
    assert!(
        none.calls
            .contains("--root /home/x/formwork/newest formwork\n"),
        "{none:?}"
    );
}

#[test]
fn its_description_holds_together() {
    let text = fs::read_to_string(root().join("action.yml")).expect("action.yml");
    let action: serde_yaml::Value = serde_yaml::from_str(&text).expect("YAML");
    assert_eq!(action["runs"]["using"].as_str(), Some("composite"));
    let docs = fs::read_to_string(root().join("docs/ci.md")).expect("docs/ci.md");
    for (kind, used) in [("inputs", "${{ inputs."), ("outputs", "value: ")] {
        for (name, about) in action[kind].as_mapping().expect("a map") {
            let name = name.as_str().expect("a name");
            assert!(
                about["description"].as_str().is_some(),
                "{kind}.{name} says nothing"
            );
            assert!(
                docs.contains(&format!("| `{name}` |")),
                "docs/ci.md: {kind}.{name}"
            );
            assert!(
                kind == "outputs" || text.contains(&format!("{used}{name} }}}}")),
                "{name} is not used"
            );
        }
    }
    let steps = action["runs"]["steps"].as_sequence().expect("steps");
    for step in steps {
        let run = step["run"].as_str().expect("a script");
        assert!(
            !run.contains("${{"),
            "{run}: what a pull request says must not become code"
        );
        assert_eq!(step["shell"].as_str(), Some("bash"));
        let script = run
            .trim_matches('"')
            .trim_start_matches("$GITHUB_ACTION_PATH/");
        let mode = fs::metadata(root().join(script))
            .expect(script)
            .permissions()
            .mode();
        assert_eq!(mode & 0o111, 0o111, "{script} can't be run");
    }
    assert_eq!(
        steps.len(),
        fs::read_dir(root().join("action"))
            .expect("scripts")
            .count()
    );
}

/// What `init` writes is the job that docs/ci.md shows, with inputs that the Action has.
#[test]
fn a_started_platform_uses_it() {
    let project = Project::empty();
    project.succeed(&["init", "--name", "started"]);
    let text = project.read(".github/workflows/platform.yaml");
    let started: serde_yaml::Value = serde_yaml::from_str(&text).expect("YAML");
    let page = crate::support::fences::of("docs/ci.md");
    let shown = page
        .iter()
        .find(|fence| fence.text.starts_with("# .github/workflows/platform.yaml"));
    let shown: serde_yaml::Value =
        serde_yaml::from_str(&shown.expect("the workflow").text).expect("YAML");
    for key in ["permissions", "timeout-minutes", "runs-on"] {
        assert_eq!(
            started["jobs"]["plan"][key], shown["jobs"]["plan"][key],
            "{key}"
        );
    }
    let version = env!("CARGO_PKG_VERSION");
    let uses = |workflow: &serde_yaml::Value| {
        let steps = workflow["jobs"]["plan"]["steps"]
            .as_sequence()
            .expect("steps");
        let steps = steps.iter().filter(|step| step["uses"].is_string());
        steps
            .map(|step| (step["uses"].clone(), step["with"].clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(uses(&started), uses(&shown));
    let own = format!("formwork-dev/formwork@v{version}");
    let (_, with) = uses(&started)
        .into_iter()
        .find(|(used, _)| used.as_str() == Some(&own))
        .expect("the Action, at this version");
    let action = fs::read_to_string(root().join("action.yml")).expect("action.yml");
    let action: serde_yaml::Value = serde_yaml::from_str(&action).expect("YAML");
    for input in with.as_mapping().expect("inputs").keys() {
        assert!(
            action["inputs"].get(input).is_some(),
            "{input:?} is no input"
        );
    }
}
