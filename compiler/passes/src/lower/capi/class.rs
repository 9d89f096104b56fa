//! A class: what clusters of one kind of machines have in common, and the templates that it is made of.

use super::object;
use crate::emit::seal::digest;
use crate::lower::Cx;
use crate::resolve::cluster::Cluster;
use model::object::Object;
use syntax::print::print;
use syntax::{Map, Node, OriginId, Text};

/// The levels of audit that keep a log.
const AUDITS: [&str; 2] = ["metadata", "request"];
/// Digits of the digest in a template's name.
const DIGITS: usize = 8;

/// The class of a kind of machines and its templates.
pub fn objects(cluster: &Cluster<'_>, kind: &Node, cx: &mut Cx<'_>) -> Vec<Object> {
    let because = cx.origins.rule("capi/class", &[kind.origin()]);
    let infrastructure = kind.as_str().unwrap_or_default();
    let mut facts = Map::default();
    facts.set("infrastructure", because, kind.clone());
    for (key, value) in texts(cluster, because, cx) {
        facts.set(key, because, value);
    }
    let shapes = [
        ("cluster", format!("capi/{infrastructure}-cluster")),
        ("controlPlane", "capi/control-plane".to_owned()),
        ("machine", format!("capi/{infrastructure}-machine")),
        ("worker", "capi/worker".to_owned()),
    ];
    let mut made = Vec::new();
    let mut templates = Map::default();
    for (key, shape) in shapes {
        let seen = [("class", Node::map(facts.clone(), because))];
        let Some(template) = object(cluster, &shape, &seen, because, cx) else {
            continue;
        };
        let template = named(template, infrastructure, cx);
        let reference = ["apiVersion", "kind"].map(|key| (key, template.node.get(key).cloned()));
        let mut map = Map::default();
        for (key, value) in reference {
            map.set(key, because, value.unwrap_or_else(|| Node::null(because)));
        }
        map.set(
            "name",
            because,
            Node::string(template.id.name.clone(), because),
        );
        templates.set(key, because, Node::map(map, because));
        made.push(template);
    }
    facts.set("templates", because, Node::map(templates, because));
    let scope = cluster.scope.clone();
    let scope = scope.with("class", Node::map(facts.clone(), because));
    if let Some(patches) = cx.shape("capi/patches", &scope) {
        facts.set("patches", because, patches);
    }
    let seen = [("class", Node::map(facts, because))];
    made.extend(object(cluster, "capi/class", &seen, because, cx));
    made
}

/// Templates are immutable: another content is another name.
fn named(mut template: Object, infrastructure: &str, cx: &mut Cx<'_>) -> Object {
    let origin = cx.origins.rule("capi/template-name", &[template.because]);
    let content = template.node.get("spec").map(print).unwrap_or_default();
    let hash = digest(content.as_bytes());
    let hash = hash.get(..DIGITS).unwrap_or_default();
    let name: Text = ecow::eco_format!("{infrastructure}-{}-{hash}", template.id.name);
    if let Some(metadata) = template
        .node
        .as_map_mut()
        .and_then(|map| map.get_mut("metadata"))
        .and_then(Node::as_map_mut)
    {
        metadata.set("name", origin, Node::string(name.clone(), origin));
    }
    template.id.name = name;
    template
}

/// The files that go onto machines, as text. What differs between clusters is a variable of Cluster API in it.
fn texts(cluster: &Cluster<'_>, because: OriginId, cx: &mut Cx<'_>) -> [(&'static str, Node); 3] {
    let mut text = |shape: &str, level: &str| {
        let level = Node::string(level, because);
        let scope = cluster.scope.clone().with("level", level);
        let node = cx.shape(shape, &scope);
        Node::string(node.as_ref().map(print).unwrap_or_default(), because)
    };
    let admission = text("apiserver/admission", "{{ .podSecurity }}");
    let balancer = text("capi/balancer", "");
    let audits = AUDITS.map(|level| {
        let policy = text("apiserver/audit", level);
        Node::from_entries(
            [("level", Node::string(level, because)), ("policy", policy)],
            because,
        )
    });
    [
        ("admission", admission),
        ("audits", Node::list(audits.to_vec(), because)),
        ("balancer", balancer),
    ]
}
