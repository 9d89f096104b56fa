//! What fails and what is known: `--deny`, `--baseline` and `--write-baseline`, in `check` and in `build`.

use crate::support::project::{Project, Run};
use serde_json::Value;

/// A spec with one finding of a rule for each image.
fn spec(images: &[&str]) -> String {
    let mut spec = "apiVersion: formwork.dev/v1alpha1\nkind: Platform\nname: small\nprofile: development\nclusters:\n  \
                    dev: { provider: kind, versions: { kubernetes: 1.36.1 } }\ncomponents:\n  cilium:\n    objects:\n"
        .to_owned();
    for (at, image) in images.iter().enumerate() {
        spec.push_str(&format!(
            "      - apiVersion: apps/v1\n        kind: Deployment\n        metadata: {{ name: probe{at}, namespace: kube-system }}\n        \
             spec:\n          selector: {{ matchLabels: {{ app: probe }} }}\n          template:\n            \
             metadata: {{ labels: {{ app: probe, app.kubernetes.io/name: probe }} }}\n            \
             spec: {{ automountServiceAccountToken: false, containers: [{{ name: probe, image: {image}, resources: {{ requests: {{ cpu: 10m, memory: 8Mi }}, limits: {{ memory: 16Mi }} }} }}] }}\n"
        ));
    }
    spec
}

const ONE: &str = "ghcr.io/acme/one:latest";
const TWO: &str = "ghcr.io/acme/two:latest";
const PINNED: &str = "\"ghcr.io/acme/one:1.0.0\"";

/// A run ended with a code and said this.
fn ended(run: &Run, code: i32, said: &[&str]) {
    let all = format!("{}{}", run.stdout, run.stderr);
    assert_eq!(run.code, Some(code), "{all}");
    for words in said {
        assert!(all.contains(words), "`{words}` is not in:\n{all}");
    }
    assert!(!all.contains("panicked"), "{all}");
}

#[test]
fn what_is_denied_fails() {
    let project = Project::with_spec(&spec(&[ONE]));
    ended(&project.run(&["check"]), 0, &["1 warning", "good enough"]);
    for denied in [
        "warnings",
        "notes",
        "unpinned-image",
        "workload",
        "x,workload",
    ] {
        let run = project.run(&["check", "--deny", denied]);
        ended(&run, 3, &["unpinned-image", "1 finding denied"]);
        let run = project.run(&["build", "--deny", denied]);
        ended(&run, 3, &["unpinned-image", "1 finding denied"]);
        assert!(!project.at("generated").exists(), "nothing is written");
    }
    for denied in ["errors", "network", "missing-key"] {
        project.succeed(&["check", "--deny", denied]);
    }
    let run = project.run(&["check", "--deny", "network", "--deny", "warnings"]);
    ended(&run, 3, &["1 finding denied"]);
    // What is not shown counts too.
    let run = project.run(&["check", "--deny", "warnings", "--only", "network"]);
    ended(&run, 3, &["1 finding denied"]);
    let slip = project.run(&["check", "--deny", "warnigns"]);
    ended(&slip, 1, &["did you mean `warnings`?"]);
    // The compiler's errors stay what they are.
    let project = Project::with_spec(&spec(&[ONE]).replace("name: small", "nmae: small"));
    ended(&project.run(&["check", "--deny", "warnings"]), 1, &["nmae"]);
    project.write("platform.yaml", spec(&[PINNED]));
    let run = project.run(&["check", "--deny", "notes"]);
    ended(&run, 0, &["nothing to report"]);
}

#[test]
fn a_baseline_knows_what_was_there() {
    let project = Project::with_spec(&spec(&[ONE]));
    let deny = ["check", "--baseline", "known.json", "--deny", "warnings"];
    let run = project.run(&["check", "--baseline", "known.json", "--write-baseline"]);
    ended(
        &run,
        0,
        &["wrote known.json", "known.json: 1 finding known"],
    );
    let text = project.read("known.json");
    let known: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(known.pointer("/kind"), Some(&"Baseline".into()));
    let first = |key: &str| known.pointer(&format!("/findings/0/{key}")).cloned();
    assert_eq!(first("id"), Some("unpinned-image".into()));
    assert_eq!(first("path"), Some("platform.yaml".into()));
    assert!(first("message").is_some_and(|it| it.to_string().contains(ONE)));

    // It stays known where lines move.
    project.write("platform.yaml", format!("# new\n\n{}", spec(&[ONE])));
    let run = project.run(&deny);
    ended(
        &run,
        0,
        &["known.json: 1 finding known", "nothing to report"],
    );
    assert!(!run.stderr.contains("unpinned-image"), "{}", run.stderr);
    let build = project.run(&["build", "--baseline", "known.json", "--deny", "warnings"]);
    ended(&build, 0, &["known.json: 1 finding known", "wrote "]);

    // A new one fails, and is the one that is shown.
    project.write("platform.yaml", spec(&[TWO, ONE]));
    let run = project.run(&deny);
    ended(
        &run,
        3,
        &[TWO, "1 warning\n", "1 finding denied", "1 finding known"],
    );
    assert!(!run.stderr.contains(ONE), "{}", run.stderr);
    let build = project.run(&["build", "--baseline", "known.json", "--deny", "warnings"]);
    ended(&build, 3, &[TWO]);

    // What is mended is told, with how to renew the file.
    project.write("platform.yaml", spec(&[PINNED]));
    let gone = "known.json: 0 findings known, 1 gone; `formwork check --baseline known.json --write-baseline` renews it";
    ended(&project.run(&deny), 0, &[gone]);
    project.succeed(&["check", "--baseline", "known.json", "--write-baseline"]);
    let text = project.read("known.json");
    assert!(text.ends_with("  \"findings\": []\n}\n"), "{text}");
    let run = project.succeed(&deny);
    assert!(!run.stderr.contains("known.json"), "{}", run.stderr);
}

#[test]
fn a_baseline_is_stable() {
    let project = Project::with_spec(&spec(&[TWO, ONE, TWO]));
    let write = ["check", "--baseline", "known.json", "--write-baseline"];
    project.succeed(&write);
    let first = project.read("known.json");
    assert_eq!(
        first.lines().filter(|line| line.contains("\"id\"")).count(),
        3
    );
    project.write(
        "platform.yaml",
        format!("# moved\n{}", spec(&[TWO, ONE, TWO])),
    );
    project.succeed(&write);
    assert_eq!(project.read("known.json"), first);
    let findings: Vec<&str> = first
        .lines()
        .filter(|line| line.contains("\"id\""))
        .collect();
    let bare: Vec<&str> = findings
        .iter()
        .map(|line| line.trim_end_matches(','))
        .collect();
    assert!(bare.is_sorted(), "{bare:#?}");
}

/// What a rule calls an error stops a build, unless it is known.
#[test]
fn errors_of_rules_may_be_known() {
    let strict = spec(&[ONE]) + "rules: { unpinned-image: error }\n";
    let project = Project::with_spec(&strict);
    ended(&project.run(&["check"]), 3, &["error[unpinned-image]"]);
    ended(&project.run(&["build"]), 3, &["error[unpinned-image]"]);
    project.succeed(&["check", "--baseline", "known.json", "--write-baseline"]);
    ended(&project.run(&["check"]), 3, &["error[unpinned-image]"]);
    project.succeed(&["check", "--baseline", "known.json"]);
    project.succeed(&["build", "--baseline", "known.json"]);
    assert!(project.at("generated").is_dir());
    project.succeed(&["build", "--check", "--baseline", "known.json"]);
    let before = project.files("generated");
    project.write("platform.yaml", strict.replace(ONE, TWO));
    let run = project.run(&["build", "--baseline", "known.json"]);
    ended(&run, 3, &[TWO]);
    assert_eq!(project.files("generated"), before, "all or nothing");
}

/// What can't be built is never known.
#[test]
fn errors_of_the_compiler_are_never_known() {
    let broken = spec(&[ONE]).replace("name: small", "nmae: small");
    let project = Project::with_spec(&broken);
    let run = project.run(&["check", "--baseline", "known.json", "--write-baseline"]);
    ended(&run, 1, &["nmae", "no baseline `known.json` is written"]);
    assert!(!project.at("known.json").exists());
    // Nor where somebody writes it by hand.
    let json = project.run(&["check", "-o", "json"]);
    let report: Value = serde_json::from_str(&json.stdout).expect("JSON");
    let fingerprints = report.pointer("/results").and_then(Value::as_array);
    let fingerprints = fingerprints.expect("results").iter();
    let findings: Vec<Value> = fingerprints
        .map(|it| serde_json::json!({ "fingerprint": it.get("fingerprint") }))
        .collect();
    let file = serde_json::json!({
        "apiVersion": "formwork.dev/v1alpha1", "kind": "Baseline", "findings": findings
    });
    project.write("known.json", file.to_string());
    ended(
        &project.run(&["check", "--baseline", "known.json"]),
        1,
        &["nmae"],
    );
}

#[test]
fn a_bad_baseline_is_told() {
    let project = Project::with_spec(&spec(&[ONE]));
    let missing = [
        "the baseline `known.json` can't be read",
        "--write-baseline` writes one",
    ];
    for command in ["check", "build"] {
        let run = project.run(&[command, "--baseline", "known.json"]);
        ended(&run, 1, &missing);
        assert!(!project.at("generated").exists());
    }
    let head = "{\n  \"apiVersion\": \"formwork.dev/v1alpha1\",\n  \"kind\": \"Baseline\",\n";
    for (text, said) in [
        ("[", "known.json:1:1"),
        ("{}", "`apiVersion` is `formwork.dev/v1alpha1` in one"),
        (
            "{\"apiVersion\": \"formwork.dev/v1alpha1\", \"kind\": \"Report\"}",
            "`kind` is `Baseline` in one",
        ),
        (&format!("{head}  \"findings\": 1\n}}\n"), "known.json:4:15"),
        (&format!("{head}}}\n"), "has no list of `findings`"),
        (
            &format!("{head}  \"findings\": [\n    {{\"id\": \"x\"}}\n  ]\n}}\n"),
            "known.json:5:5",
        ),
        (
            &format!("{head}<<<<<<< mine\n  \"findings\": []\n}}\n"),
            "known.json:",
        ),
        ("\0\0", "null bytes"),
    ] {
        project.write("known.json", text);
        ended(
            &project.run(&["check", "--baseline", "known.json"]),
            1,
            &[said, "error["],
        );
    }
    let run = project.run(&["check", "--write-baseline"]);
    ended(&run, 1, &["--baseline"]);
    let run = project.run(&[
        "check",
        "--baseline",
        "no/such/known.json",
        "--write-baseline",
    ]);
    ended(
        &run,
        1,
        &["the baseline `no/such/known.json` can't be written"],
    );
}

#[test]
fn machines_hear_what_fails_and_what_is_known() {
    let project = Project::with_spec(&spec(&[ONE]));
    project.succeed(&["check", "--baseline", "known.json", "--write-baseline"]);
    project.write("platform.yaml", spec(&[ONE, TWO]));
    let with = |format: &str| {
        let arguments = [
            "check",
            "--baseline",
            "known.json",
            "--deny",
            "workload",
            "-o",
            format,
        ];
        let run = project.run(&arguments);
        assert_eq!(run.code, Some(3), "{}", run.stderr);
        run.stdout
    };
    let report: Value = serde_json::from_str(&with("json")).expect("JSON");
    for (pointer, value) in [
        ("/summary/warnings", Value::from(1)),
        ("/summary/known", 1.into()),
        ("/summary/failing", 1.into()),
        ("/summary/groups/workload/warnings", 1.into()),
        ("/results/0/known", true.into()),
        ("/results/0/fails", false.into()),
        ("/results/1/known", false.into()),
        ("/results/1/fails", true.into()),
        ("/results/1/group", "workload".into()),
    ] {
        assert_eq!(report.pointer(pointer), Some(&value), "{pointer}");
    }
    let junit = with("junit");
    assert!(
        junit.contains("<testsuite name=\"compiler\" tests=\"1\" failures=\"0\""),
        "{junit}"
    );
    assert_eq!(junit.matches("<failure ").count(), 1, "{junit}");
    assert!(junit.contains(TWO) && !junit.contains(ONE), "{junit}");
    let issues: Value = serde_json::from_str(&with("gitlab")).expect("JSON");
    assert_eq!(issues.as_array().map(Vec::len), Some(1));
    assert_eq!(issues.pointer("/0/severity"), Some(&"major".into()));
    // Without a gate a warning is no failure.
    let junit = project.succeed(&["check", "-o", "junit"]).stdout;
    assert!(
        !junit.contains("<failure ") && junit.contains("<system-out>"),
        "{junit}"
    );
}
