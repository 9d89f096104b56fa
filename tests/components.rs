//! Every component of the library: the spec in its README builds, with it in the tree, and without a word to say.

use crate::support::project::{Project, Run, run_in};
use crate::support::{files, folders, none_of, root};
use rayon::prelude::*;
use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The charts of the library's components, where they are at hand: each in a folder of its name.
const CHARTS: &str = "../shared/charts";

#[test]
fn examples_build() {
    let findings: Vec<String> = folders(&root().join("components"))
        .par_iter()
        .flat_map(|component| example(component))
        .collect();
    none_of(&findings);
}

/// No value that is emitted is unknown to its chart, whatever options say; and all build in company.
#[test]
fn the_library_passes_its_own_test() {
    let charts = root().join(CHARTS);
    let run = match charts.is_dir() {
        true => run_in(root(), &["components", "test", "--all", "--chart", CHARTS]),
        false => {
            eprintln!("skipped: charts are not compared, there is no `{CHARTS}`");
            run_in(root(), &["components", "test", "--all"])
        }
    };
    assert_eq!(run.code, Some(0), "{}{}", run.stderr, run.stdout);
    assert!(!run.stderr.contains("warning["), "{}", run.stderr);
    let findings: Vec<String> = folders(&root().join("components"))
        .iter()
        .filter_map(|name| match row(&run, name) {
            None => Some(format!("`{name}` was not tested:\n{}", run.stdout)),
            Some(row) if row.contains("chart not found") => {
                Some(format!("`{name}`: put its chart into `{CHARTS}`"))
            }
            Some(_) => None,
        })
        .collect();
    none_of(&findings);
}

/// What overrides are held to is of the chart's version that the library installs.
#[test]
fn outlines_are_of_the_versions_that_are_installed() {
    let read = |path: &str| fs::read_to_string(root().join(path)).unwrap_or_default();
    let version = |text: &str, above: &[&str]| {
        let text: serde_yaml::Value = serde_yaml::from_str(text).expect("YAML");
        let node = above.iter().try_fold(&text, |node, key| node.get(*key));
        node.and_then(|node| Some(node.get("version")?.as_str()?.to_owned()))
    };
    let components = folders(&root().join("components"));
    let findings: Vec<String> = components
        .iter()
        .filter_map(|name| {
            let component = read(&format!("components/{name}/component.yaml"));
            let installed = version(&component, &["chart"])?;
            // Its chart is not under a permissive licence.
            let known = (name != "flux-operator").then_some(installed);
            let outline = read(&format!("components/{name}/chart.yaml"));
            let outlined = (!outline.is_empty()).then(|| version(&outline, &[])).flatten();
            (outlined != known).then(|| {
                format!("`{name}` installs {known:?}, its chart.yaml is of {outlined:?}: `components test {name} --chart DIR --update`")
            })
        })
        .collect();
    none_of(&findings);
}

/// A component of one's own gets one too, and is told when its chart has moved on.
#[test]
fn an_outline_is_written_and_held_to_the_chart() {
    let project = Project::empty();
    project.write("echo/Chart.yaml", "name: echo\nversion: 2.3.0\n");
    project.write("echo/values.yaml", "replicas: 1\nresources: {}\n");
    let charts = ["--chart", "oci://example.org/echo", "--from", "echo"];
    project.succeed(&[&["components", "new", "echo"], &charts[..]].concat());
    let test = ["components", "test", "echo", "--chart", "echo"];
    let path = "components/echo/chart.yaml";
    project.run(&[&test[..], &["--update"]].concat());
    let outline = project.read(path);
    assert!(
        outline.contains("version: '2.3.0'\nvalues:\n  replicas: null\n"),
        "{outline}"
    );
    let told = |project: &Project| project.run(&test).stderr.contains("old-outline");
    assert!(!told(&project));
    project.write(
        "echo/values.yaml",
        "replicas: 1\nresources: {}\nservice: { type: ClusterIP }\n",
    );
    assert!(told(&project));
    project.run(&[&test[..], &["--update"]].concat());
    assert!(!told(&project));
    assert_ne!(project.read(path), outline);
}

/// The broken twin: a value that is misspelt is refused at its line. Every fourth component will do.
#[test]
fn a_misspelt_value_is_refused() {
    if !root().join(CHARTS).is_dir() {
        return eprintln!("skipped: there is no `{CHARTS}`");
    }
    let charts = root().join(CHARTS);
    let charts = charts.to_str().expect("a path in UTF-8");
    let components = folders(&root().join("components"));
    let some: Vec<&String> = components.iter().step_by(4).collect();
    let tested: AtomicUsize = AtomicUsize::new(0);
    let findings: Vec<String> = some
        .par_iter()
        .filter_map(|name| {
            let place = root().join("components").join(name);
            let text = fs::read_to_string(place.join("component.yaml")).expect("a component");
            let (line, broken) = misspelt(&text)?;
            tested.fetch_add(1, Ordering::Relaxed);
            let project = Project::empty();
            for (path, bytes) in files(&place) {
                project.write(&format!("components/{name}/{path}"), bytes);
            }
            let path = format!("components/{name}/component.yaml");
            project.write(&path, &broken);
            let run = project.run(&["components", "test", name, "--chart", charts]);
            let told = run.stderr.contains("error[not-in-chart]")
                && run.stderr.contains(&format!("--> {path}:{line}:"));
            (run.code != Some(1) || !told).then(|| {
                format!(
                    "`{name}` with line {line} misspelt ends with {:?}:\n{}",
                    run.code, run.stderr
                )
            })
        })
        .collect();
    none_of(&findings);
    assert!(tested.into_inner() > 1, "nothing was broken");
}

/// A component with one more value, `resourcez`, and the line it stands at; `None` where it has no chart with values.
fn misspelt(text: &str) -> Option<(usize, String)> {
    let at = text.lines().position(|line| line == "values:")?;
    if !text.contains("\nchart:") {
        return None;
    }
    let mut lines: Vec<&str> = text.lines().collect();
    lines.insert(at + 1, "  resourcez: { limits: { memory: 1Gi } }");
    Some((at + 2, lines.join("\n") + "\n"))
}

/// A component's line of the table.
fn row<'r>(run: &'r Run, component: &str) -> Option<&'r str> {
    run.stdout
        .lines()
        .find(|line| line.split_whitespace().next() == Some(component))
}

fn example(component: &str) -> Vec<String> {
    let place = format!("components/{component}/README.md");
    let readme = fs::read_to_string(root().join(&place)).unwrap_or_default();
    let specs: Vec<&str> = readme
        .split("```yaml\n")
        .skip(1)
        .filter_map(|rest| rest.split_once("```"))
        .map(|(spec, _)| spec)
        .filter(|spec| spec.contains("kind: Platform"))
        .collect();
    if specs.is_empty() {
        return vec![format!(
            "{place}: show a whole spec that uses it in a ```yaml block"
        )];
    }
    let mut findings = Vec::new();
    for spec in specs {
        let project = Project::with_spec(spec);
        let run = project.run(&["build"]);
        if run.code != Some(0) || is_noisy(&run.stderr) {
            findings.push(format!(
                "{place}: its spec ends with {:?}:\n{}",
                run.code, run.stderr
            ));
        } else if !run.stdout.contains(component) {
            findings.push(format!(
                "{place}: its spec does not use it:\n{}",
                run.stdout
            ));
        }
    }
    findings
}

/// Whether anything is said but that a secret is not sealed yet: so begins every platform that has one.
fn is_noisy(said: &str) -> bool {
    said.lines()
        .filter(|line| line.contains('[') && line.split('[').next().is_some_and(is_severity))
        .any(|line| !line.starts_with("warning[missing-secret]"))
}

fn is_severity(word: &str) -> bool {
    matches!(word, "error" | "warning" | "note")
}

/// A component that is started, filled in and tested: what is left is named, line by line, until nothing is.
/// A platform that uses what was begun.
const USES_ECHO: &str = "apiVersion: formwork.dev/v1alpha1\nkind: Platform\nname: x\nprofile: development\n\
    components: { echo: true }\n\
    clusters: { dev: { provider: kind, size: small, versions: { kubernetes: 1.36.1 } } }\n";

#[test]
fn a_new_component_says_what_is_left() {
    let project = Project::empty();
    let run = project.succeed(&["components", "new", "echo"]);
    assert!(
        run.stdout.contains("components test echo"),
        "{}",
        run.stdout
    );
    let test = project.run(&["components", "test"]);
    assert_eq!(test.code, Some(1));
    for line in [5, 6, 7, 30] {
        let place = format!("components/echo/component.yaml:{line}:");
        assert!(
            test.stderr.contains(&place),
            "{place} is not in:\n{}",
            test.stderr
        );
    }
    for file in ["README.md", "alerts.yaml", "runbook.md"] {
        let words = format!("`components/echo/{file}` is still to be written");
        assert!(test.stderr.contains(&words), "{words}: {}", test.stderr);
    }
    project.write("platform.yaml", USES_ECHO);
    let check = project.succeed(&["check"]).stderr;
    assert!(
        check.contains("warning[unfinished]: component `echo` is used, and still to be written"),
        "{check}"
    );
    let again = project.run(&["components", "new", "echo"]);
    assert_eq!(again.code, Some(1));
    assert!(
        again.stderr.contains("is there already"),
        "{}",
        again.stderr
    );

    fill_in(&project);
    assert_eq!(project.succeed(&["check"]).stderr, "");
    let test = project.succeed(&["components", "test", "echo"]);
    assert_eq!(test.stderr, "");
    let row = row(&test, "echo").expect("a row");
    for mark in [
        "✓ complete",
        "✓ builds",
        "on kind",
        "on talos",
        "- chart not compared",
        "- not rendered",
    ] {
        assert!(row.contains(mark), "`{mark}` is not in: {row}");
    }
    let json = project
        .succeed(&["components", "test", "echo", "-o", "json"])
        .stdout;
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let tests = json.pointer("/components/0/tests").expect("tests");
    assert_eq!(
        tests.pointer("/complete/result"),
        Some(&"passed".into()),
        "{tests:#}"
    );
    assert_eq!(
        tests.pointer("/values/result"),
        Some(&"skipped".into()),
        "{tests:#}"
    );
}

/// Writes what the starter leaves to people.
fn fill_in(project: &Project) {
    for file in ["component.yaml", "README.md", "alerts.yaml", "runbook.md"] {
        let path = format!("components/echo/{file}");
        let text = project.read(&path);
        let words: Vec<&str> = text
            .split(|c: char| !(c.is_ascii_uppercase() || c == '-'))
            .filter(|word| word.starts_with("REPLACE-BY-"))
            .collect();
        assert!(!words.is_empty(), "{text}");
        let text = words
            .iter()
            .fold(text.clone(), |text, word| text.replace(word, "written"));
        project.write(&path, text);
    }
}

/// What is taken out of a complete component is asked for, with what to write.
#[test]
fn what_a_component_lacks_is_named() {
    let project = Project::empty();
    project.succeed(&["components", "new", "echo"]);
    fill_in(&project);
    let path = "components/echo/component.yaml";
    let whole = project.read(path);
    for (out, words) in [
        (
            "          limits: \"${{ values.resources.limits }}\"\n",
            "states no limits.memory",
        ),
        (
            "          requests: \"${{ values.resources.requests }}\"\n",
            "states no requests.cpu, no requests.memory",
        ),
        (
            "    description: Copies. Unstated, two where at least two nodes take workloads, else one.\n",
            "option `replicas` has no description",
        ),
        ("    type: integer\n", "option `replicas` has no type"),
        (
            "network:\n  egress:\n    - { to: kube-apiserver }\n  ingress: []\n",
            "the flows of its pods are not stated",
        ),
        (
            "namespace: { name: echo, podSecurity: restricted, because: written }\n",
            "has no namespace",
        ),
    ] {
        assert!(whole.contains(out), "{out}");
        project.write(path, whole.replace(out, ""));
        let run = project.run(&["components", "test", "echo"]);
        assert_eq!(run.code, Some(1), "without {out}{}", run.stderr);
        assert!(
            run.stderr.contains(words),
            "`{words}` is not in:\n{}",
            run.stderr
        );
    }
    let (head, _) = whole.split_once("declares:").expect("what it declares");
    project.write(path, head);
    let run = project.run(&["components", "test", "echo"]);
    assert!(
        run.stderr.contains("nothing says what it makes"),
        "{}",
        run.stderr
    );
}

/// With `--render`, what Helm makes is compared with `declares`; here Helm is a script that prints one answer.
#[cfg(unix)]
#[test]
fn what_is_rendered_must_be_declared() {
    use std::os::unix::fs::PermissionsExt;
    let project = Project::empty();
    project.succeed(&["components", "new", "echo"]);
    fill_in(&project);
    project.write("chart/templates/all.yaml", "");
    project.write("chart/values.yaml", "replicaCount: 1\nresources: {}\n");
    project.write(
        "helm",
        format!(
            "#!/bin/sh\ncat {}/rendered.yaml\n",
            project.path().display()
        ),
    );
    let script = project.at("helm");
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).expect("a script");
    let rendered = "kind: Deployment\nmetadata: { name: echo }\nspec:\n  template:\n    spec:\n      containers:\n        \
                    - { name: echo, resources: { requests: { cpu: 10m, memory: 64Mi }, limits: { memory: 128Mi } } }\n";
    let test = |rendered: &str| {
        project.write("rendered.yaml", rendered);
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_formwork"))
            .args(["components", "test", "echo", "--chart", "chart", "--render"])
            .current_dir(project.path())
            .env_clear()
            .env("PATH", project.path())
            .output()
            .expect("the program to start");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        (
            output.status.code(),
            text(output.stderr),
            text(output.stdout),
        )
    };
    // The script needs `cat`.
    let cat = ["/bin/cat", "/usr/bin/cat"]
        .iter()
        .find(|path| fs::metadata(path).is_ok())
        .expect("cat");
    std::os::unix::fs::symlink(cat, project.at("cat")).expect("a link");
    let (code, said, table) = test(rendered);
    assert_eq!((code, said.as_str()), (Some(0), ""), "{table}");
    assert!(table.contains("✓ as declared"), "{table}");
    for (broken, words) in [
        (
            rendered.replace("128Mi", "256Mi"),
            "limits.memory: declared `128Mi`, rendered `256Mi`",
        ),
        (
            rendered.replace("name: echo,", "name: other,"),
            "container other: declared not there, rendered there",
        ),
        (
            format!("{rendered}---\nkind: Service\nmetadata: {{ name: echo }}\n"),
            "the chart makes Service echo, which is not declared",
        ),
        (
            String::from("kind: Other\n"),
            "Deployment echo is declared, and the chart does not make it",
        ),
    ] {
        let (code, said, table) = test(&broken);
        assert_eq!(code, Some(1), "{table}");
        assert!(said.contains(words), "`{words}` is not in:\n{said}");
    }
}
