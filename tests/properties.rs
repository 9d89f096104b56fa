//! What holds for every platform: clusters don't see each other, names are only names, outputs read as they print.

use crate::support::project::Project;
use crate::support::world::Memory;
use crate::support::{Files, folders, root};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fs;
use syntax::{Diagnostics, FileId, Map, Node, Origins};

#[test]
fn a_cluster_more_or_less_changes_no_other() {
    let all =
        fs::read_to_string(root().join("examples/homelab/platform.yaml")).expect("the example");
    let whole = built(&Project::with_spec(&all));
    for gone in ["prod", "dev"] {
        let less = without(&all, "clusters", gone);
        assert_ne!(less, all);
        let project = Project::with_spec(&less);
        let files = built(&project);
        assert_same_clusters(&files, &whole, gone);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn any_set_of_clusters(picked in prop::collection::btree_set("[a-h]", 1..5)) {
        let all: BTreeSet<String> = ('a'..='h').map(String::from).collect();
        let whole = built(&Project::with_spec(&fleet(&all)));
        let some = built(&Project::with_spec(&fleet(&picked)));
        for (path, bytes) in &some {
            prop_assert!(whole.get(path) == Some(bytes), "{} depends on the other clusters", path);
        }
        let missing: Vec<_> = whole.keys().filter(|path| belongs_to(path, &picked) && !some.contains_key(*path)).collect();
        prop_assert!(missing.is_empty(), "{:?}", missing);
    }
}

/// A fleet of small clusters with these names.
fn fleet(names: &BTreeSet<String>) -> String {
    let mut spec =
        "apiVersion: formwork.dev/v1alpha1\nkind: Platform\nname: fleet\nprofile: development\n\
                    source: { path: generated }\nclusters:\n"
            .to_owned();
    for name in names {
        spec.push_str(&format!(
            "  {name}: {{ provider: kind, size: small, versions: {{ kubernetes: 1.36.1 }}, domain: {name}.example.org }}\n"
        ));
    }
    spec
}

fn belongs_to(path: &str, clusters: &BTreeSet<String>) -> bool {
    let name = |part: &str| part.split('.').next().unwrap_or(part).to_owned();
    path.split('/').any(|part| clusters.contains(&name(part)))
}

fn assert_same_clusters(some: &Files, whole: &Files, gone: &str) {
    for (path, bytes) in some {
        assert!(
            whole.get(path) == Some(bytes),
            "{path} changes when `{gone}` goes"
        );
    }
    let gone_names = BTreeSet::from([gone.to_owned()]);
    for path in whole.keys().filter(|path| !belongs_to(path, &gone_names)) {
        assert!(some.contains_key(path), "{path} goes when `{gone}` goes");
    }
}

fn built(project: &Project) -> Files {
    project.succeed(&["build", "--out", "out", "--jobs", "1"]);
    let files = project.files("out");
    assert!(!files.is_empty(), "nothing was written");
    files
}

/// The text of a spec without one entry of a top-level map, by its indentation.
fn without(spec: &str, section: &str, key: &str) -> String {
    let (mut kept, mut inside, mut dropping) = (String::new(), false, false);
    for line in spec.lines() {
        let indent = line.len() - line.trim_start().len();
        if indent == 0 && !line.is_empty() {
            inside = line == format!("{section}:");
        }
        if inside && indent == 2 {
            dropping = line.trim_start() == format!("{key}:");
        }
        if indent == 0 && !line.is_empty() || !dropping {
            dropping = false;
            kept.push_str(line);
            kept.push('\n');
        }
    }
    kept
}

/// Nothing but its folder's name is a component's name: the same library under other names makes the same platform.
#[test]
fn components_by_any_other_name() {
    let before = Memory::example("homelab");
    let names = folders(&root().join("components"));
    let file = |(path, bytes): (&String, &Vec<u8>)| {
        let renamed = path.replacen("components/", "components/x-", 1);
        (renamed, rename(path, bytes, &names))
    };
    let renamed = Memory {
        project: before.project.iter().map(file).collect(),
        library: before.library.iter().map(file).collect(),
    };
    let (before, after) = (before.build(), renamed.build());
    let undone: Files = after
        .into_iter()
        .map(|(path, bytes)| (undo(&path, &names), undo_in(&bytes, &names)))
        .collect();
    let paths = |files: &Files| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(paths(&before), paths(&undone));
    for (path, bytes) in &before {
        assert_eq!(
            lines(bytes),
            lines(&undone[path]),
            "{path} depends on the name of a component"
        );
    }
}

/// Renames the components that a file defines or speaks of by name: `name:` of a definition, the keys of `components:` at
/// every level, and of the versions.
fn rename(path: &str, bytes: &[u8], names: &[String]) -> Vec<u8> {
    let speaks = matches!(path, "platform.yaml" | "versions.yaml")
        || path.ends_with("/component.yaml")
        || path.starts_with("profiles/");
    if !speaks {
        return bytes.to_vec();
    }
    let mut node = parse(str::from_utf8(bytes).expect("YAML in UTF-8"));
    if path.ends_with("/component.yaml") {
        let name = node.str_at(&["name"]).expect("a component's name");
        let name = Node::string(format!("x-{name}"), node.origin());
        node.as_map_mut()
            .expect("a component")
            .set("name", name.origin(), name);
    } else if path == "versions.yaml" {
        rename_keys(&mut node, names);
    } else {
        rename_level(&mut node, names);
        for levels in ["tiers", "clusters"] {
            let levels = node
                .as_map_mut()
                .and_then(|map| map.get_mut(levels)?.as_map_mut());
            for entry in levels.into_iter().flat_map(Map::entries_mut) {
                rename_level(&mut entry.value, names);
            }
        }
    }
    syntax::print::print(&node).into_bytes()
}

fn rename_level(level: &mut Node, names: &[String]) {
    if let Some(components) = level.as_map_mut().and_then(|map| map.get_mut("components")) {
        rename_keys(components, names);
    }
}

fn rename_keys(node: &mut Node, names: &[String]) {
    for entry in node.as_map_mut().into_iter().flat_map(Map::entries_mut) {
        if names.iter().any(|name| *name == entry.key) {
            entry.key = format!("x-{}", entry.key).into();
        }
    }
}

pub(crate) fn parse(text: &str) -> Node {
    let (mut origins, mut found) = (Origins::default(), Diagnostics::default());
    let node = syntax::parse::parse_one(FileId(0), text, &mut origins, &mut found);
    node.unwrap_or_else(|| panic!("{:#?}", found.sorted()))
}

fn undo(text: &str, names: &[String]) -> String {
    names.iter().fold(text.to_owned(), |text, name| {
        text.replace(&format!("x-{name}"), name)
    })
}

fn undo_in(bytes: &[u8], names: &[String]) -> Vec<u8> {
    str::from_utf8(bytes).map_or_else(|_| bytes.to_vec(), |text| undo(text, names).into_bytes())
}

/// The lines without the digests of ownership, sorted: a name may change the order of a list.
fn lines(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let mut lines: Vec<String> = text
        .lines()
        .filter(|line| !line.contains("sha256:"))
        .map(|line| line.trim_start_matches(['-', ' ']).to_owned())
        .collect();
    lines.sort();
    lines
}

/// What is written is in the one style: reading it and printing it again changes nothing but comments.
#[test]
fn outputs_read_as_they_print() {
    for name in folders(&root().join("examples")) {
        for (path, bytes) in Memory::example(&name).build() {
            // Sealed files are copied byte for byte.
            if !path.ends_with(".yaml") || path.contains("/secrets/") {
                continue;
            }
            let text = String::from_utf8(bytes).expect("YAML in UTF-8");
            let (mut origins, mut found) = (Origins::default(), Diagnostics::default());
            let documents = syntax::parse::parse(FileId(0), &text, &mut origins, &mut found);
            assert!(found.is_empty(), "{path}: {:#?}", found.sorted());
            let again: Vec<String> = documents
                .iter()
                .map(|document| syntax::print::print(&document.node))
                .collect();
            let plain = |text: &str| -> Vec<String> {
                let code = |line: &&str| !line.trim_start().starts_with('#') && *line != "---";
                text.lines().filter(code).map(str::to_owned).collect()
            };
            assert_eq!(plain(&again.concat()), plain(&text), "{path}");
        }
    }
}
