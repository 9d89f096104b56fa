//! What `plan` says of an edit: whole outputs, and what holds for every edit.

use crate::support::project::{Project, Run};
use crate::support::repository::{commit, committed, git};
use crate::support::world::Memory;
use crate::support::{golden, none_of, root};
use model::object::Content;
use passes::emit::Leaf;
use passes::plan::{Collapse, Counts, Plan, Side, Touched, Verb, compare};
use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::PathBuf;
use syntax::{Node, OriginId, Origins, Sources};

/// The formats and the ends of the files that hold what is expected of them.
const FORMATS: [(&str, &str); 3] = [("human", "txt"), ("markdown", "md"), ("json", "json")];

/// A word that stands for every secret in these tests.
const CANARY: &str = "hunter2canary";

fn here() -> PathBuf {
    root().join("tests/plan")
}

/// The tests' project.
pub(crate) fn stores() -> Project {
    Project::copy_of(&here().join("project"), &[])
}

/// Changes a file of a project; each `from` must be in it once.
fn edit(project: &Project, path: &str, edits: &[(&str, &str)]) {
    let mut text = project.read(path);
    for (from, to) in edits {
        assert_eq!(text.matches(from).count(), 1, "`{from}` in {path}");
        text = text.replace(from, to);
    }
    project.write(path, text);
}

/// What a plan says in every format, against what is expected; it exits with 2.
fn expect(case: &str, project: &Project, arguments: &[&str]) {
    let mut findings = Vec::new();
    for (format, end) in FORMATS {
        let run = plan(
            project,
            &[&["-o", format, "--exit-code"], arguments].concat(),
        );
        assert_eq!(run.code, Some(2), "{}", run.stderr);
        assert!(
            !run.stdout.contains(CANARY),
            "{case}: a secret is shown as {format}"
        );
        let file = here().join(format!("{case}.{end}"));
        findings.extend(golden::text(&file, &run.stdout));
    }
    none_of(&findings);
}

fn plan(project: &Project, arguments: &[&str]) -> Run {
    project.run(&[&["plan"], arguments].concat())
}

pub(crate) fn json(project: &Project, arguments: &[&str]) -> Value {
    let run = plan(project, &[&["-o", "json"], arguments].concat());
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    serde_json::from_str(&run.stdout).expect("JSON on stdout")
}

/// It says that nothing changes, in every format.
fn nothing(project: &Project, arguments: &[&str]) {
    for (format, _) in FORMATS {
        let run = plan(
            project,
            &[&["-o", format, "--exit-code"], arguments].concat(),
        );
        assert_eq!(run.code, Some(0), "{format}: {}{}", run.stdout, run.stderr);
        let says = match format {
            "json" => "\"changes\": []",
            _ => "no changes",
        };
        assert!(run.stdout.contains(says), "{format}: {}", run.stdout);
    }
}

#[test]
fn identical_changes_are_shown_once() {
    let project = committed(stores());
    edit(
        &project,
        "platform.yaml",
        &[
            ("version: 1.4.0", "version: 1.5.0"),
            ("replicas: 2", "replicas: 3"),
            (
                "log: info, features: [search, basket]",
                "log: debug, features: [search, wishes, basket]",
            ),
            (
                "  test: {}",
                "  test: { components: { shop: { values: { log: trace } } } }",
            ),
            ("stores.example.org", "stores.example.com"),
        ],
    );
    expect("values", &project, &[]);
}

#[test]
fn a_component_goes_with_one_line() {
    let project = committed(stores());
    edit(
        &project,
        "platform.yaml",
        &[("  live: {}", "  live: { components: { shop: false } }")],
    );
    expect("switch", &project, &[]);
}

#[test]
fn an_option_takes_its_objects_along() {
    let project = committed(stores());
    edit(
        &project,
        "platform.yaml",
        &[("cache: true", "cache: false")],
    );
    expect("option", &project, &[]);
}

#[test]
fn clusters_come_and_go_as_a_whole() {
    let project = committed(stores());
    edit(&project, "platform.yaml", &[("  west:", "  north:")]);
    expect("clusters", &project, &[]);
    let some = json(&project, &["--cluster", "west"]);
    assert_eq!(some["clusters"]["removed"][0]["name"], "west", "{some:#}");
    assert_eq!(some["clusters"]["added"], Value::Array(Vec::new()));
}

#[test]
fn secrets_are_never_shown() {
    let project = stores();
    let values = |secret: &str| {
        format!(
            "values: {{ adminPassword: {secret}, env: [{{ name: DB_TOKEN, value: {secret} }}], nested: {{ apiKey: {secret} }},\n      \
             tokens: {{ some: {secret} }}, file: \"user = me\\npassword = {secret}\\n\", url: \"https://me:{secret}@example.org\",\n      \
             key: \"-----BEGIN EC PRIVATE KEY-----\\n{secret}\\n\", existingSecret: by-name }}"
        )
    };
    let said = "values: { log: info, features: [search, basket] }";
    edit(
        &project,
        "platform.yaml",
        &[(said, &values(&format!("{CANARY}old")))],
    );
    let sealed = root().join("examples/homelab/secrets/dev/flux-system/flux-git.yaml");
    let sealed = std::fs::read_to_string(sealed).expect("the example's sealed file");
    project.write(
        "secrets/lab/shop/login.yaml",
        sealed.replace("namespace: flux-system", "namespace: shop"),
    );
    let project = committed(project);
    edit(
        &project,
        "platform.yaml",
        &[(
            &values(&format!("{CANARY}old")),
            &values(&format!("{CANARY}new")),
        )],
    );
    let sealed = project.read("secrets/lab/shop/login.yaml");
    let resealed = sealed.replacen("data:", "data: ", 1).replacen(
        "ENC[AES256_GCM,data: ",
        "ENC[AES256_GCM,data:AA",
        1,
    );
    assert_ne!(sealed, resealed);
    project.write("secrets/lab/shop/login.yaml", resealed);
    expect("secrets", &project, &[]);
}

#[test]
fn comments_and_order_are_no_change() {
    let project = committed(stores());
    let text = project.read("platform.yaml");
    edit(
        &project,
        "platform.yaml",
        &[
            ("    version: 1.4.0\n", ""),
            (
                "    options: { replicas: 2, cache: true }\n",
                "    options: { cache: true, replicas: 2 } # both\n    version: 1.4.0\n",
            ),
            (
                "  test: {}\n  live: {}\n",
                "  # first the shops\n  live: {}\n\n  test: {}\n",
            ),
            (
                "log: info, features: [search, basket]",
                "features: [search, basket], log: info",
            ),
        ],
    );
    assert_ne!(project.read("platform.yaml"), text);
    nothing(&project, &[]);
    let clusters: Vec<&str> = text
        .lines()
        .filter(|line| line.contains("provider: kind"))
        .collect();
    let turned: Vec<&str> = clusters.iter().rev().copied().collect();
    project.write(
        "platform.yaml",
        text.replace(&clusters.join("\n"), &turned.join("\n")),
    );
    nothing(&project, &["--base", "main"]);
}

#[test]
fn a_branch_is_compared_with_where_it_began() {
    let project = committed(stores());
    git(&project, &["checkout", "--quiet", "-b", "topic"]);
    edit(&project, "platform.yaml", &[("replicas: 2", "replicas: 4")]);
    commit(&project, "four copies");
    git(&project, &["checkout", "--quiet", "main"]);
    edit(
        &project,
        "platform.yaml",
        &[("cache: true", "cache: false")],
    );
    commit(&project, "no cache");
    git(&project, &["checkout", "--quiet", "topic"]);
    nothing(&project, &[]);
    let own = json(&project, &["--base", "main"]);
    assert_eq!(own["base"]["mergeBase"], true);
    assert_eq!(own["summary"]["changed"], 3, "{own:#}");
    assert_eq!(
        own["summary"]["added"], 0,
        "what main did is not shown as undone: {own:#}"
    );
    let itself = json(&project, &["--base", "main.."]);
    assert_eq!(itself["base"]["mergeBase"], false);
    assert_eq!(itself["summary"]["added"], 3, "{itself:#}");
    assert_eq!(
        json(&project, &["--base", "main..."])["changes"],
        own["changes"]
    );
    assert_eq!(
        json(&project, &["--base", "HEAD~1"])["changes"],
        own["changes"]
    );
}

#[test]
fn a_project_below_the_root_and_its_links() {
    let project = Project::empty();
    for (path, bytes) in stores().files("") {
        project.write(&format!("deep/er/{path}"), bytes);
    }
    let link = project.at("deep/er/components/shop");
    std::fs::rename(&link, project.at("deep/er/kept")).expect("a folder to move");
    #[cfg(unix)]
    std::os::unix::fs::symlink("../kept", &link).expect("a link");
    #[cfg(not(unix))]
    std::fs::rename(project.at("deep/er/kept"), &link).expect("a folder to move back");
    let project = committed(project);
    nothing(&project, &["deep/er"]);
    edit(
        &project,
        "deep/er/platform.yaml",
        &[("replicas: 2", "replicas: 4")],
    );
    assert_eq!(json(&project, &["deep/er"])["summary"]["changed"], 3);
}

#[test]
fn a_folder_of_emitted_files() {
    let project = stores();
    project.succeed(&["build", "--quiet"]);
    project.write("generated/mine.txt", "not formwork's");
    project.write("generated/clusters/lab/mine.yaml", "a: 1\n");
    nothing(&project, &["--base", "./generated"]);
    edit(
        &project,
        "platform.yaml",
        &[("cache: true", "cache: false")],
    );
    let folder = json(&project, &["--base", "generated"]);
    assert_eq!(folder["base"]["folder"], "generated");
    edit(
        &project,
        "platform.yaml",
        &[("cache: false", "cache: true")],
    );
    let project = committed(project);
    edit(
        &project,
        "platform.yaml",
        &[("cache: true", "cache: false")],
    );
    let revision = json(&project, &[]);
    for key in ["summary", "effects"] {
        assert_eq!(folder[key], revision[key], "{key}");
    }
    project.write("generated/clusters/lab/shop/release.yaml", "# formwork stores sha256:00000000000000000000000000000000 (generated; edit platform.yaml)\na: [1\n");
    let broken = plan(&project, &["--base", "./generated"]);
    assert_eq!(broken.code, Some(1), "{}", broken.stdout);
    assert!(
        broken
            .stderr
            .contains("./generated/clusters/lab/shop/release.yaml"),
        "{}",
        broken.stderr
    );
}

#[test]
fn a_base_that_is_not_there() {
    let project = committed(stores());
    git(&project, &["tag", "v1.0.0"]);
    git(
        &project,
        &["update-ref", "refs/remotes/origin/release", "HEAD"],
    );
    for (base, words) in [
        ("mian", "did you mean `main`?"),
        ("release", "did you mean `origin/release`?"),
        ("v1.0.1", "did you mean `v1.0.0`?"),
        ("0123456789", "name a branch, a tag or a commit"),
        ("./nowhere", "there is no folder `./nowhere`"),
        ("HEAD:platform.yaml", "is no commit"),
    ] {
        let run = plan(&project, &["--base", base]);
        assert_eq!(
            (run.code, run.stdout.as_str()),
            (Some(1), ""),
            "{base}: {}",
            run.stderr
        );
        assert!(run.stderr.contains(words), "{base}: {}", run.stderr);
    }
    git(&project, &["checkout", "--quiet", "--orphan", "alone"]);
    commit(&project, "unrelated");
    let run = plan(&project, &["--base", "main"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("no commit in common"), "{}", run.stderr);
    nothing(&project, &["--base", "main.."]);
}

#[test]
fn no_repository_no_commit_and_no_spec() {
    let project = stores();
    let run = plan(&project, &[]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""));
    assert!(
        run.stderr.contains("the project lies in no Git repository"),
        "{}",
        run.stderr
    );
    git(&project, &["init", "--quiet"]);
    let run = plan(&project, &["--exit-code"]);
    assert_eq!(run.code, Some(2), "{}", run.stderr);
    assert!(
        run.stdout
            .contains("the repository has no commit yet, so all is new"),
        "{}",
        run.stdout
    );
    project.write("README.md", "nothing yet\n");
    git(&project, &["add", "README.md"]);
    git(&project, &["commit", "--quiet", "--message", "first"]);
    let run = plan(&project, &["--exit-code"]);
    assert_eq!(run.code, Some(2), "{}", run.stderr);
    assert!(
        run.stdout
            .contains("`HEAD` has no `platform.yaml`, so all is new"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.contains("+ cluster east is new"),
        "{}",
        run.stdout
    );
}

#[test]
fn a_base_that_does_not_build() {
    let project = stores();
    edit(
        &project,
        "platform.yaml",
        &[(
            "size: small, versions: { kubernetes: 1.36.1 } }\n  west",
            "size: tiny, versions: { kubernetes: 1.36.1 } }\n  west",
        )],
    );
    let project = committed(project);
    edit(&project, "platform.yaml", &[("size: tiny", "size: small")]);
    let run = plan(&project, &["--base", "main"]);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (Some(1), ""),
        "{}",
        run.stderr
    );
    for words in [
        "main:platform.yaml:20",
        "the base `main` can't be built",
        "tiny",
    ] {
        assert!(
            run.stderr.contains(words),
            "`{words}` is not in:\n{}",
            run.stderr
        );
    }
    // And where the new spec doesn't build, it is that which is told.
    edit(
        &project,
        "platform.yaml",
        &[("profile: development", "profile: none")],
    );
    let run = plan(&project, &["--base", "main"]);
    assert_eq!(run.code, Some(1));
    assert!(
        run.stderr.contains("there is no profile `none`"),
        "{}",
        run.stderr
    );
}

/// What the page about `plan` shows is what `plan` says.
#[test]
fn the_page_shows_real_output() {
    let page = std::fs::read_to_string(root().join("docs/plan.md")).expect("the page");
    let shown = std::fs::read_to_string(here().join("values.txt")).expect("what is expected");
    assert!(
        page.contains(&shown),
        "docs/plan.md: show tests/plan/values.txt as it is now"
    );
}

/// Both sides of a comparison in memory.
fn between(old: &Memory, new: &Memory) -> Plan {
    let front = |memory: &Memory| {
        let mut found = syntax::Diagnostics::default();
        let front = passes::front(memory, "platform.yaml", &mut found);
        let platform = front.platform.filter(|_| !found.has_errors());
        platform.unwrap_or_else(|| panic!("{:#?}", found.sorted()))
    };
    let (old, new) = (front(old), front(new));
    let (gone, come) = Touched::between(&old.sources, &new.sources);
    let specs = old.clusters.iter().chain(&new.clusters);
    let names: BTreeSet<&str> = specs.map(|spec| spec.name.as_str()).collect();
    let mut collapse = Collapse::default();
    for name in names {
        let cell = |platform: &passes::resolve::Platform| {
            let spec = platform.clusters.iter().find(|spec| spec.name == name);
            spec.map(|spec| passes::cell(platform, spec))
        };
        let (before, after) = (cell(&old), cell(&new));
        let origins = Origins::default();
        let changes = compare(
            &Side {
                leaves: before.as_ref().map_or(&[], |cell| &cell.leaves),
                origins: before.as_ref().map_or(&origins, |cell| &cell.origins),
                sources: &old.sources,
                touched: &gone,
            },
            &Side {
                leaves: after.as_ref().map_or(&[], |cell| &cell.leaves),
                origins: after.as_ref().map_or(&origins, |cell| &cell.origins),
                sources: &new.sources,
                touched: &come,
            },
        );
        match (before, after) {
            (Some(_), Some(_)) => collapse.cell(name, changes),
            (Some(_), None) => collapse.whole(name, Verb::Removed, &changes),
            (None, _) => collapse.whole(name, Verb::Added, &changes),
        }
    }
    collapse.finish()
}

/// Edits of the example that can be made together.
const EDITS: [(&str, &str); 8] = [
    ("options: { hubble: ui }", "options: { hubble: none }"),
    (
        "security: { network: open, audit: none }",
        "security: { network: default-deny, audit: none }",
    ),
    (
        "observability: { crds: false }",
        "observability: { crds: prometheus-operator }",
    ),
    ("quotas: true", "quotas: false"),
    ("talos: 1.13.9", "talos: 1.13.8"),
    ("domain: home.example.org", "domain: house.example.org"),
    ("maxUnavailable: 1", "maxUnavailable: 2"),
    ("\n  dev:\n    tier", "\n  desk:\n    tier"),
];

/// The example with some of the edits.
fn edited(chosen: &[bool]) -> Memory {
    let mut memory = Memory::example("homelab");
    let spec = memory.project.get_mut("platform.yaml").expect("the spec");
    let mut text = String::from_utf8(spec.clone()).expect("UTF-8");
    for ((from, to), _) in EDITS.iter().zip(chosen).filter(|(_, chosen)| **chosen) {
        assert!(text.contains(from), "`{from}`");
        text = text.replacen(from, to, 1);
    }
    *spec = text.into_bytes();
    memory
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    #[test]
    fn there_and_back(
        one in prop::collection::vec(any::<bool>(), EDITS.len()),
        other in prop::collection::vec(any::<bool>(), EDITS.len()),
    ) {
        let (one_memory, other_memory) = (edited(&one), edited(&other));
        prop_assert!(between(&one_memory, &one_memory).is_empty());
        let there = between(&one_memory, &other_memory);
        let back = between(&other_memory, &one_memory);
        prop_assert_eq!(there.is_empty(), one == other);
        let gone = |counts: Counts| counts.removed + counts.orphaned;
        prop_assert_eq!(there.counts.added, gone(back.counts));
        prop_assert_eq!(gone(there.counts), back.counts.added);
        prop_assert_eq!(there.counts.changed, back.counts.changed);
        prop_assert_eq!(there.counts.files, back.counts.files);
        prop_assert_eq!(there.touched, back.touched);
    }
}

/// Trees with few keys and values, so that two of them have much in common.
fn tree() -> impl Strategy<Value = Node> {
    let no = OriginId::default();
    let leaf = prop_oneof![
        Just(Node::null(no)),
        any::<bool>().prop_map(move |value| Node::bool(value, no)),
        (0_i64..3).prop_map(move |value| Node::integer(value, no)),
        "[ab]{0,2}".prop_map(move |value| Node::string(value, no)),
    ];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        let entries = prop::collection::btree_map("name|[a-c]", inner.clone(), 0..4);
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(move |items| Node::list(items, no)),
            entries.prop_map(move |entries| Node::from_entries(entries, no)),
        ]
    })
}

/// The same data with every map's keys the other way round.
fn turned(node: &Node) -> Node {
    let no = OriginId::default();
    match (node.items(), node.entries()) {
        ([], []) => node.clone(),
        ([], entries) => {
            let entries = entries.iter().rev();
            Node::from_entries(
                entries.map(|entry| (entry.key.clone(), turned(&entry.value))),
                no,
            )
        }
        (items, _) => Node::list(items.iter().map(turned), no),
    }
}

fn fields(old: &Node, new: &Node) -> usize {
    let leaf = |node: &Node| Leaf {
        path: "kind/x.yaml".to_owned(),
        content: Content::Yaml(vec![node.clone()]),
        because: OriginId::default(),
    };
    let (old, new) = ([leaf(old)], [leaf(new)]);
    let (origins, sources, touched) = (Origins::default(), Sources::default(), Touched::default());
    let side = |leaves| Side {
        leaves,
        origins: &origins,
        sources: &sources,
        touched: &touched,
    };
    let changes = compare(&side(&old), &side(&new));
    changes.iter().map(|change| change.fields.len()).sum()
}

proptest! {
    #[test]
    fn trees_differ_or_not(old in tree(), new in tree()) {
        prop_assert_eq!(fields(&old, &old), 0);
        prop_assert_eq!(fields(&old, &turned(&old)), 0);
        if old != new && turned(&old) != new {
            // Both ways something differs, and as much, unless only order does.
            prop_assert_eq!(fields(&old, &new) == 0, fields(&new, &old) == 0);
        }
        if fields(&old, &new) == 0 {
            prop_assert_eq!(old.leaves().count(), new.leaves().count());
        }
    }
}
