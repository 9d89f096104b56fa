//! Each capability of the spec goes and comes with one line, and `plan` shows that and nothing else, naming the line.

mod company;
mod homelab;
mod refused;
mod small;

use crate::plan::{json, stores};
use crate::support::none_of;
use crate::support::project::Project;
use crate::support::repository::{committed, git};
use company::COMPANY;
use homelab::HOMELAB;
use refused::REFUSED;
use serde_json::Value;
use small::STORES;
use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// An edit of one line.
enum Line {
    /// A line that comes after this one.
    After(&'static str, &'static str),
    /// Another text in a line.
    Instead(&'static str, &'static str),
    /// A line that goes, by its text.
    Without(&'static str),
}

/// A capability's line, and what is to come of it.
struct Switch {
    line: Line,
    /// The clusters that it is about.
    clusters: &'static str,
    /// The units whose objects come or go; of `namespaces` and `network-policies` those of the others' namespaces.
    whole: &'static str,
    /// The units of which objects stay and say something else.
    partly: &'static str,
}

/// A line that can't be, and what is said of it.
struct Refused {
    project: &'static str,
    line: Line,
    words: &'static [&'static str],
}

/// A capability's line in these clusters, and the units that come or go with it, or change.
const fn of(
    line: Line,
    clusters: &'static str,
    whole: &'static str,
    partly: &'static str,
) -> Switch {
    Switch {
        line,
        clusters,
        whole,
        partly,
    }
}

impl Line {
    /// The text with the edit, and the place that it is named by.
    fn edit(&self, text: &str) -> (String, String) {
        let (anchor, new) = match self {
            Line::After(anchor, line) => (*anchor, format!("{anchor}\n{line}")),
            Line::Instead(old, new) => (*old, (*new).to_owned()),
            Line::Without(old) => (*old, String::new()),
        };
        assert_eq!(text.matches(anchor).count(), 1, "`{anchor}` in the spec");
        let (head, _) = text.split_once(anchor).expect("it is there");
        let line = head.matches('\n').count() + 1;
        match self {
            Line::After(..) => {
                let place = format!("platform.yaml:{}", line + 1);
                (text.replacen(anchor, &new, 1), place)
            }
            Line::Instead(..) => (
                text.replacen(anchor, &new, 1),
                format!("platform.yaml:{line}"),
            ),
            Line::Without(_) => {
                let lines = text.lines().enumerate();
                let rest = lines.filter(|(at, _)| at + 1 != line);
                let rest: Vec<&str> = rest.map(|(_, line)| line).collect();
                (rest.join("\n") + "\n", format!("HEAD:platform.yaml:{line}"))
            }
        }
    }

    fn shown(&self) -> &'static str {
        match self {
            Line::After(_, line) | Line::Instead(_, line) | Line::Without(line) => line.trim(),
        }
    }
}

/// Runs something for each of many, on all processors with a project each, and fails with all that is found.
fn each<T: Sync, P>(
    all: &[T],
    project: impl Fn() -> P + Sync,
    run: impl Fn(&P, &T) -> Vec<String> + Sync,
) {
    let next = AtomicUsize::new(0);
    let found = Mutex::new(Vec::new());
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers.min(4) {
            scope.spawn(|| {
                let project = project();
                while let Some(one) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let more = run(&project, one);
                    found.lock().expect("no panic elsewhere").extend(more);
                }
            });
        }
    });
    none_of(&found.into_inner().expect("no panic elsewhere"));
}

fn words(text: &str) -> BTreeSet<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

/// The changes that are not only a repetition of others.
fn own(plan: &Value) -> impl Iterator<Item = &Value> {
    list(plan, "changes")
        .iter()
        .filter(|change| change.pointer("/subject/derived") != Some(&Value::Bool(true)))
}

/// Switches there and back again; says what is not as it should be.
fn switched(project: &Project, switch: &Switch) -> Vec<String> {
    let before = project.read("platform.yaml");
    let (after, here) = switch.line.edit(&before);
    project.write("platform.yaml", &after);
    let there = json(project, &[]);
    git(
        project,
        &["commit", "--quiet", "--all", "--message", "next"],
    );
    project.write("platform.yaml", &before);
    // What no other cluster had to say there it has not here; a cluster that is gone can't be chosen beside others.
    let whole = switch.clusters.contains("added:");
    let chosen = switch.clusters.split(' ').filter(|_| !whole);
    let chosen: Vec<&str> = chosen.flat_map(|cluster| ["--cluster", cluster]).collect();
    let back = json(project, &chosen);
    git(project, &["reset", "--quiet", "--hard", "HEAD~1"]);
    let mut found = Vec::new();
    let mut same = |what: &str, is: BTreeSet<String>, wanted: BTreeSet<String>| {
        if is != wanted {
            let is: Vec<String> = is.into_iter().collect();
            found.push(format!("{what}: {}", is.join(" ")));
        }
    };
    same("clusters", clusters(&there), words(switch.clusters));
    let stays = |change: &&Value| change["verb"] == "changed";
    let (partly, whole): (Vec<&Value>, Vec<&Value>) = own(&there).partition(stays);
    let units = |changes: &[&Value]| {
        changes
            .iter()
            .map(|it| text(it, "unit").to_owned())
            .collect()
    };
    same("whole", units(&whole), words(switch.whole));
    same("partly", units(&partly), words(switch.partly));
    found.extend(elsewhere(&there));
    found.extend(reasons(&there, &here));
    found.extend(mirrored(&there, &back));
    let name = switch.line.shown();
    found
        .into_iter()
        .map(|it| format!("{name}\n  {it}"))
        .collect()
}

/// The clusters of a plan.
fn clusters(plan: &Value) -> BTreeSet<String> {
    let all = list(plan, "changes")
        .iter()
        .flat_map(|change| list(change, "clusters"));
    let mut all: BTreeSet<String> = all.filter_map(Value::as_str).map(str::to_owned).collect();
    for verb in ["added", "removed"] {
        let whole = list(&plan["clusters"], verb).iter();
        all.extend(whole.map(|cluster| format!("{verb}:{}", text(cluster, "name"))));
    }
    all
}

/// What comes or goes of namespaces and their policies belongs to something else that the line touches.
fn elsewhere(plan: &Value) -> Vec<String> {
    let shared =
        |change: &&Value| ["namespaces", "network-policies"].contains(&text(change, "unit"));
    let (around, inside): (Vec<&Value>, Vec<&Value>) = own(plan).partition(shared);
    let homes: BTreeSet<&str> = inside
        .iter()
        .map(|change| text(&change["subject"], "namespace"))
        .collect();
    if inside
        .iter()
        .all(|change| text(&change["subject"], "type") != "object")
    {
        return Vec::new();
    }
    let gone = around.iter().filter(|change| change["verb"] != "changed");
    let subjects = gone.map(|change| &change["subject"]);
    let home = |subject: &Value| match text(subject, "kind") {
        "Namespace" => text(subject, "name").to_owned(),
        "Kustomization" => "flux-system".to_owned(),
        _ => text(subject, "namespace").to_owned(),
    };
    let strange = subjects.filter(|subject| !homes.contains(home(subject).as_str()));
    strange
        .map(|subject| format!("of another's namespace: {subject}"))
        .collect()
}

/// Everything is told by the line, and by it alone.
fn reasons(plan: &Value, here: &str) -> Vec<String> {
    let mut found = Vec::new();
    for change in own(plan) {
        let fields = list(change, "fields").iter();
        let object = Some(change).filter(|change| change["verb"] != "changed");
        for told in fields.chain(object) {
            if list(told, "because") != [Value::from(here)] {
                let (unit, subject) = (text(change, "unit"), &change["subject"]);
                found.push(format!(
                    "{unit} {subject}: told by {}, not {here}",
                    told["because"]
                ));
            }
        }
    }
    found
}

/// What came goes, and the other way round; what changed changes back.
fn mirrored(there: &Value, back: &Value) -> Vec<String> {
    let count = |plan: &Value, words: &[&str]| -> u64 {
        let counts = words.iter().map(|word| plan["summary"].get(word)?.as_u64());
        counts.map(|count| count.expect("a count")).sum()
    };
    let pairs: [(&[&str], &[&str]); 4] = [
        (&["added"], &["removed", "orphaned"]),
        (&["removed", "orphaned"], &["added"]),
        (&["changed"], &["changed"]),
        (&["files"], &["files"]),
    ];
    let differ = |(one, other): &(&[&str], &[&str])| count(there, one) != count(back, other);
    let all = pairs.into_iter().filter(differ);
    all.map(|(one, other)| {
        let (there, back) = (&there["summary"], &back["summary"]);
        format!("{one:?} there is not {other:?} back: {there} {back}")
    })
    .collect()
}

#[test]
fn lines_of_a_small_platform() {
    each(&STORES, || committed(stores()), switched);
}

#[test]
fn lines_of_a_household() {
    let project = || committed(Project::example("homelab"));
    each(&HOMELAB, project, switched);
}

#[test]
fn lines_of_a_company() {
    let project = || committed(Project::example("company"));
    each(&COMPANY, project, switched);
}

#[test]
fn lines_that_something_forbids() {
    each(
        &REFUSED,
        || (),
        |(), refused| {
            let project = Project::example(refused.project);
            let (spec, _) = refused.line.edit(&project.read("platform.yaml"));
            project.write("platform.yaml", spec);
            let run = project.run(&["check"]);
            let name = refused.line.shown();
            if run.code != Some(1) {
                return vec![format!("{name}: is allowed\n{}{}", run.stdout, run.stderr)];
            }
            let said = format!("{}{}", run.stdout, run.stderr);
            let missing = refused.words.iter().filter(|words| !said.contains(**words));
            missing
                .map(|words| format!("{name}: `{words}` is not in:\n{said}"))
                .collect()
        },
    );
}

/// With an edit elsewhere no change is told by it, and nearly all are still told by their own.
#[test]
fn lines_among_other_edits() {
    let other = Line::After("    provider: kind", "    security: { quotas: true }");
    let counts = Mutex::new((0, 0));
    let text = Project::example("homelab").read("platform.yaml");
    let is_prod = |it: &&Switch| it.clusters == "prod" && matches!(it.line, Line::After(..));
    // Some of them are enough to tell.
    let prod: Vec<&Switch> = HOMELAB.iter().filter(is_prod).step_by(3).collect();
    let project = || committed(Project::example("homelab"));
    each(&prod, project, |project, switch| {
        let (spec, _) = other.edit(&text);
        let (spec, here) = switch.line.edit(&spec);
        let there = spec
            .lines()
            .position(|line| line.contains("{ quotas: true }"));
        let there = format!("platform.yaml:{}", there.expect("the other edit") + 1);
        project.write("platform.yaml", spec);
        let plan = json(project, &[]);
        let mut found = Vec::new();
        for change in own(&plan).filter(|it| list(it, "clusters") == [Value::from("prod")]) {
            let object = Some(change).filter(|change| change["verb"] != "changed");
            for told in list(change, "fields").iter().chain(object) {
                let because = list(told, "because");
                if because.contains(&Value::from(there.as_str())) {
                    let name = switch.line.shown();
                    found.push(format!(
                        "{name}: told by the other edit: {}",
                        change["subject"]
                    ));
                }
                let mut counts = counts.lock().expect("no panic elsewhere");
                counts.0 += usize::from(because == [Value::from(here.as_str())]);
                counts.1 += 1;
            }
        }
        found
    });
    let (named, all) = counts.into_inner().expect("no panic elsewhere");
    assert!(
        named * 10 >= all * 8,
        "{named} of {all} are told by their line"
    );
}
