//! What apps become where a setting reaches them that no library has yet: databases that are backed up.

use crate::world::{Bytes, Shelf, World};
use model::object::Content;
use std::collections::BTreeMap;
use syntax::{Diagnostics, Node};

const OPERATOR: &str = "
name: operator
provides: { databases.postgres: operator }
declares: { crds: [{ group: postgresql.cnpg.io, kinds: { Cluster: Namespaced, ScheduledBackup: Namespaced } }] }
";
const ARCHIVER: &str = "
name: archiver
provides: { backup.databases: archiver }
declares: { crds: [{ group: barmancloud.cnpg.io, kinds: { ObjectStore: Namespaced } }] }
";
const SPEC: &str = "
name: test
objectives: { rpo: 2m }
backup:
  databases: { engine: archiver, schedule: '30 2 * * *', keep: 2w }
  target: { s3: { endpoint: https://s3.example.org, bucket: store, region: eu-1, secret: s3 } }
clusters: { one: { provider: kind, size: small, versions: { kubernetes: 1.36.1 }, storage: { block: false } } }
apps:
  ledger: { pattern: database, clusters: one, uses: { postgres: { storage: 1Gi, class: fast } } }
  lax: { pattern: database, clusters: one, uses: { postgres: { storage: 1Gi, class: fast, rpo: 1h } } }
  spare: { pattern: database, clusters: one, uses: { postgres: { storage: 1Gi, class: fast, backup: false } } }
";

struct Files(BTreeMap<&'static str, String>);

impl World for Files {
    fn read(&self, path: &str) -> Option<Result<(Bytes, Shelf), String>> {
        let text = self.0.get(path)?;
        Some(Ok((text.clone().into_bytes().into(), Shelf::Library)))
    }

    fn list(&self, folder: &str) -> Vec<String> {
        match folder {
            "components" => vec!["archiver/".into(), "operator/".into()],
            _ => Vec::new(),
        }
    }

    fn repository_path(&self) -> Option<String> {
        None
    }
}

/// The objects of a spec whose settings no schema was asked about, by their files.
fn build(spec: &str) -> BTreeMap<String, Node> {
    let defaults = include_str!("../../../../profiles/defaults.yaml");
    let files = Files(BTreeMap::from([
        ("platform.yaml", spec.to_owned()),
        (
            "profiles/defaults.yaml",
            defaults.replace("engine: flux", "engine: false"),
        ),
        ("components/operator/component.yaml", OPERATOR.to_owned()),
        ("components/archiver/component.yaml", ARCHIVER.to_owned()),
    ]));
    let mut found = Diagnostics::default();
    let loaded = crate::load::load(&files, "platform.yaml", &mut found);
    let platform = crate::resolve::resolve(loaded, &mut found).expect("a platform");
    let mut objects = BTreeMap::new();
    for spec in &platform.clusters {
        let cell = crate::cell(&platform, spec);
        found.append(cell.found);
        for leaf in cell.leaves {
            if let Content::Yaml(documents) = leaf.content {
                objects.extend(documents.into_iter().map(|node| (leaf.path.clone(), node)));
            }
        }
    }
    assert!(!found.has_errors(), "{:#?}", found.sorted());
    objects
}

#[test]
fn a_database_is_backed_up_where_the_cluster_does_that() {
    let objects = build(SPEC);
    let at = |file: &str, path: &[&str]| {
        let node = objects.get(&format!("clusters/one/ledger/{file}.yaml"))?;
        node.at(path)?.scalar_text()
    };
    let expected: [(&str, &[&str], &str); 9] = [
        (
            "cluster-ledger",
            &["spec", "postgresql", "parameters", "archive_timeout"],
            "120s",
        ),
        (
            "objectstore-ledger",
            &["spec", "configuration", "destinationPath"],
            "s3://store/one/databases/ledger",
        ),
        (
            "objectstore-ledger",
            &["spec", "configuration", "endpointURL"],
            "https://s3.example.org",
        ),
        (
            "objectstore-ledger",
            &[
                "spec",
                "configuration",
                "s3Credentials",
                "accessKeyId",
                "name",
            ],
            "s3",
        ),
        ("objectstore-ledger", &["spec", "retentionPolicy"], "14d"),
        (
            "scheduledbackup-ledger",
            &["spec", "schedule"],
            "0 30 2 * * *",
        ),
        ("scheduledbackup-ledger", &["spec", "method"], "plugin"),
        (
            "scheduledbackup-ledger",
            &["spec", "cluster", "name"],
            "ledger",
        ),
        ("cluster-ledger", &["spec", "enablePDB"], "false"),
    ];
    for (file, path, value) in expected {
        assert_eq!(at(file, path).as_deref(), Some(value), "{file} {path:?}");
    }
    let plugins = objects["clusters/one/ledger/cluster-ledger.yaml"].at(&["spec", "plugins"]);
    let plugin = &plugins.expect("a plugin").items()[0];
    assert_eq!(
        plugin.str_at(&["parameters", "barmanObjectName"]),
        Some("ledger")
    );
    assert_eq!(
        plugin.get("isWALArchiver").and_then(Node::as_bool),
        Some(true)
    );
}

#[test]
fn a_database_may_say_how_much_it_may_lose() {
    let objects = build(SPEC);
    let lax = &objects["clusters/one/lax/cluster-lax.yaml"];
    let timeout = ["spec", "postgresql", "parameters", "archive_timeout"];
    assert_eq!(lax.str_at(&timeout), Some("300s"));
    let annotation = ["metadata", "annotations", "formwork.dev/rpo"];
    assert_eq!(lax.str_at(&annotation), Some("1h"));
    let spare = &objects["clusters/one/spare/cluster-spare.yaml"];
    assert_eq!(spare.at(&["spec", "plugins"]), None);
    assert!(!objects.contains_key("clusters/one/spare/objectstore-spare.yaml"));
}
