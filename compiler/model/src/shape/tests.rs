//! What is said of broken layers.

use super::Shape;
use crate::library::{Library, LibraryComponent};
use crate::schema::{platform_schema, profile_schema};
use serde_json::json;
use syntax::parse::parse_one;
use syntax::{Diagnostics, Node, Origins, Sources};

fn library() -> Library {
    let component =
        |name: &str, provides: &[(&str, &str)], options: serde_json::Value| LibraryComponent {
            name: name.into(),
            about: "A component.".into(),
            provides: provides
                .iter()
                .map(|(a, b)| ((*a).into(), (*b).into()))
                .collect(),
            options: options.as_object().cloned().unwrap_or_default(),
        };
    Library {
        components: vec![
            component("flux-operator", &[("engine", "flux")], json!({})),
            component(
                "cilium",
                &[("network.cni", "cilium"), ("network.gateway", "cilium")],
                json!({"routing": {"type": "string", "enum": ["tunnel", "native"]}, "replicas": {"type": "integer", "minimum": 1}}),
            ),
            component("flannel", &[("network.cni", "flannel")], json!({})),
        ],
        profiles: vec!["homelab".into()],
        rules: Vec::new(),
    }
}

/// The findings of a layer, one line each, and what is left of it: the same from a shape for this layer only.
fn check(shape: &Shape, text: &str) -> (Vec<String>, Node) {
    let mut origins = Origins::default();
    let file = Sources::default().add("platform.yaml", text);
    let layer = parse_one(file, text, &mut origins, &mut Diagnostics::default()).unwrap();
    let narrowed = Shape::new(shape.schema().clone()).narrowed(&layer);
    let (said, left) = check_with(shape, text);
    let (narrow, rest) = check_with(&narrowed, text);
    assert_eq!(
        (&said, format!("{left:?}")),
        (&narrow, format!("{rest:?}")),
        "{text}"
    );
    (said, left)
}

fn check_with(shape: &Shape, text: &str) -> (Vec<String>, Node) {
    let mut sources = Sources::default();
    let mut origins = Origins::default();
    let mut found = Diagnostics::default();
    let file = sources.add("platform.yaml", text);
    let mut node = parse_one(file, text, &mut origins, &mut found).unwrap();
    shape.check(&mut node, "the spec", &sources, &origins, &mut found);
    let lines = found.sorted().into_iter().map(|d| {
        let place = d
            .labels
            .first()
            .map(|l| {
                text.get(l.span.start as usize..l.span.end as usize)
                    .unwrap_or_default()
                    .to_owned()
            })
            .unwrap_or_default();
        let fix = d
            .fix
            .map(|fix| format!(" => {}", fix.replacement))
            .unwrap_or_default();
        format!(
            "[{place}] {}: {} ({}){fix}",
            d.id,
            d.message,
            d.help.join("; ")
        )
    });
    (lines.collect(), node)
}

fn platform(body: &str) -> Vec<String> {
    let shape = Shape::new(platform_schema(&library()));
    let head = "apiVersion: formwork.dev/v1alpha1\nkind: Platform\nname: home\nclusters:\n  prod:\n    provider: talos\n";
    check(&shape, &format!("{head}{body}")).0
}

#[test]
fn a_right_spec_says_nothing() {
    let body = "    network: { nodes: 10.0.10.0/24, router: 10.0.10.1, apiServer: 10.0.10.10 }\n    nodes:\n      cp-1: { role: controlplane, address: 10.0.10.11/24, disk: /dev/sda, dhcp: false, router: false }\n";
    assert_eq!(platform(body), Vec::<String>::new());
    let body = "    nodes:\n      cp-1: { address: { host: 11 }, link: { mac: \"aa:bb:cc:dd:ee:ff\" }, volumes: { ceph: { disk: { match: 'true' }, raw: true } } }\n  store-{001..400}:\n    network: { nodes: { pool: 10.64.0.0/10, prefix: 24 } }\n";
    assert_eq!(platform(body), Vec::<String>::new());
}

#[test]
fn mistakes_are_told_all_at_once() {
    let body = r#"    netwrok: {}
    allowSchedulingOnControlPlanes: yes
    network: { nodes: 10.0.10.5/24, cni: ciliumm, gateway: off, mtu: 90000, vlan: "10" }
    nodes:
      CP_1: { role: master, address: 10.0.10.300, mtu: big }
      cp-2: { role: worker, dhcp: "maybe", disk: [/dev/sda], labels: { a: 1 } }
    components: { cilum: true, cilium: { options: { routng: native, replicas: "2" } } }
    machine: { modules: nbd, env: }
"#;
    let lines = platform(body);
    println!("{}", lines.join("\n"));
    assert_eq!(lines.len(), 19);
}

#[test]
fn what_is_unusable_is_taken_out() {
    let shape = Shape::new(profile_schema(&library()));
    let (lines, node) = check(&shape, "netwrok: {}\nnetwork: { mtu: x, cni: cilium }\n");
    assert_eq!(lines.len(), 2);
    assert!(node.get("netwrok").is_none());
    assert!(node.at(&["network", "mtu"]).unwrap().is_null());
    assert_eq!(node.str_at(&["network", "cni"]), Some("cilium"));
    let mut again = node;
    let mut found = Diagnostics::default();
    shape.check(
        &mut again,
        "the profile",
        &Sources::default(),
        &Origins::default(),
        &mut found,
    );
    assert!(
        found.is_empty(),
        "error nodes are passed over: {:?}",
        found.sorted()
    );
}

#[test]
fn cold_start() {
    #[expect(clippy::disallowed_types, reason = "a measurement, in a test")]
    let now = std::time::Instant::now;
    let start = now();
    let schema = platform_schema(&library());
    let made = start.elapsed();
    let shape = Shape::new(schema);
    let start = now();
    let mut node = Node::from_entries(
        [("apiVersion", Node::string("x", syntax::OriginId(1)))],
        syntax::OriginId(1),
    );
    shape.check(
        &mut node,
        "the spec",
        &Sources::default(),
        &Origins::default(),
        &mut Diagnostics::default(),
    );
    println!("schema {made:?}, compiled and used {:?}", start.elapsed());
}

#[test]
fn a_narrowed_shape_says_the_same() {
    let schema = json!({
        "type": "object",
        "properties": {
            "a": { "type": "string" },
            "b": { "$ref": "#/properties/c" },
            "c": { "type": "integer" },
            "properties": { "type": "object", "additionalProperties": { "type": "boolean" } },
        },
        "required": ["c"],
        "additionalProperties": false,
    });
    let shape = Shape::new(schema);
    let count = |text| check(&shape, text).0.len();
    assert_eq!(count("{c: 1}"), 0);
    assert_eq!(count("{a: x}"), 1);
    assert_eq!(count("{a: 1, c: 2}"), 1);
    assert_eq!(count("{c: 1, d: 1}"), 1);
    assert_eq!(count("{c: 1, properties: {type: 3}}"), 1);
    // Here the narrowed schema refers to what it left out.
    assert_eq!(count("{b: x}"), 2);
}
