//! Comparing by hand-made objects: what is the same, what is called what, what it does, what is hidden.

use super::cell::{Change, compare};
use super::{Class, Side, Touched, Verb};
use crate::emit::Leaf;
use model::object::Content;
use syntax::parse::parse_one;
use syntax::{Diagnostics, FileId, OriginId, Origins, Sources};

fn leaf((path, text): &(&str, &str)) -> Leaf {
    let mut found = Diagnostics::default();
    let content = if path.ends_with(".yaml") {
        let node = parse_one(FileId(0), text, &mut Origins::default(), &mut found);
        Content::Yaml(vec![node.expect("a document")])
    } else {
        Content::Text {
            text: (*text).to_owned(),
            reads: Vec::new(),
        }
    };
    Leaf {
        path: (*path).to_owned(),
        content,
        because: OriginId::default(),
    }
}

fn changes(old: &[(&str, &str)], new: &[(&str, &str)]) -> Vec<Change> {
    let (old, new): (Vec<Leaf>, Vec<Leaf>) = (
        old.iter().map(leaf).collect(),
        new.iter().map(leaf).collect(),
    );
    let (origins, sources, touched) = (Origins::default(), Sources::default(), Touched::default());
    let side = |leaves| Side {
        leaves,
        origins: &origins,
        sources: &sources,
        touched: &touched,
    };
    compare(&side(&old), &side(&new))
}

/// The fields of one object that differ, as `path: old → new`.
fn fields(old: &str, new: &str) -> Vec<String> {
    let path = "clusters/c/unit/x.yaml";
    let shown = |node: &Option<syntax::Node>| {
        let node = node.as_ref().map(syntax::print::print);
        node.map_or("-".to_owned(), |text| {
            text.trim_end()
                .replace('\n', " ")
                .replace("'(", "(")
                .replace(")'", ")")
        })
    };
    let all = changes(&[(path, old)], &[(path, new)]);
    let all = all.iter().flat_map(|change| &change.fields);
    all.map(|field| {
        format!(
            "{}: {} → {}",
            field.path(),
            shown(&field.old),
            shown(&field.new)
        )
    })
    .collect()
}

fn effects(old: &[(&str, &str)], new: &[(&str, &str)]) -> Vec<(Class, String)> {
    let all = changes(old, new);
    let all = all.into_iter().flat_map(|change| change.effects);
    all.map(|effect| (effect.class, effect.subject)).collect()
}

#[test]
fn order_and_writing_are_no_change() {
    for (old, new) in [
        ("a: 1\nb: { c: 2, d: 3 }", "b: { d: 3, c: 2 }\na: 1 # why"),
        (
            "env: [{ name: A, value: 1 }, { name: B, value: 2 }]",
            "env: [{ name: B, value: 2 }, { value: 1, name: A }]",
        ),
        (
            "ports: [{ containerPort: 1 }, { containerPort: 2 }]",
            "ports: [{ containerPort: 2 }, { containerPort: 1 }]",
        ),
        ("a: 1.0", "a: 1"),
        ("a: 1e3", "a: 1000"),
    ] {
        assert_eq!(fields(old, new), Vec::<String>::new(), "{old} {new}");
    }
    for (old, new, change) in [
        ("a: '1'", "a: 1", "a: '1' → 1"),
        ("a: {}", "a: null", "a: {} → null"),
        ("a: [1, 2]", "a: [2, 1]", "a[0]: - → 2|a[1]: 2 → -"),
        (
            "initContainers: [{ name: a }, { name: b }]",
            "initContainers: [{ name: b }, { name: a }]",
            "initContainers: - a - b → - b - a",
        ),
        (
            "a: 12345678901234567890",
            "a: 12345678901234567891",
            "a: 12345678901234567890 → 12345678901234567891",
        ),
    ] {
        assert_eq!(fields(old, new).join("|"), change, "{old} {new}");
    }
}

#[test]
fn fields_are_named_at_their_top() {
    let old = "a: { 'x.y/z': 1 }\nlist: [{ name: one, v: 1 }, { name: two, v: 2 }]\nplain: [p, q, r]\ngone: { deep: [1] }";
    let new = "a: { 'x.y/z': 2 }\nlist: [{ name: zero }, { name: two, v: 3 }]\nplain: [p, new, q, r]\ncome: { deep: 1 }";
    assert_eq!(
        fields(old, new),
        [
            "gone: deep: - 1 → -",
            "a[\"x.y/z\"]: 1 → 2",
            "list[one]: name: one v: 1 → -",
            "list[zero]: - → name: zero",
            "list[two].v: 2 → 3",
            "plain[1]: - → new",
            "come: - → deep: 1",
        ]
    );
}

#[test]
fn secrets_are_hidden_where_they_stand() {
    let old = "kind: List\npassword: a\nsecretRef: { name: a }\nenv: [{ name: API_TOKEN, value: a }, { name: PLAIN, value: a }]\n\
               items: [{ kind: Secret, stringData: { x: a } }]\nfile: |\n  user: a\n  password: a\n  other: a\nmac: 'ENC[a]'\n\
               privateKey: { algorithm: a }\ncredentials: { name: a, user: a }";
    let new = old
        .replace(": a", ": b")
        .replace("[a]", "[b]")
        .replace("- a", "- b");
    assert_eq!(
        fields(old, &new),
        [
            "password: (masked) → (masked)",
            "secretRef.name: a → b",
            "env[API_TOKEN].value: (masked) → (masked)",
            "env[PLAIN].value: a → b",
            "items[0].stringData.x: (masked) → (masked)",
            "file: |   user: a   password:(masked)   other: a → |   user: b   password:(masked)   other: b",
            "mac: (ciphertext) → (ciphertext)",
            "privateKey.algorithm: a → b",
            "credentials.name: a → b",
            "credentials.user: (masked) → (masked)",
        ]
    );
}

#[test]
fn objects_are_known_by_what_they_are_called() {
    let object =
        "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: x, namespace: n }\ndata: { a: '1' }";
    let moved = changes(
        &[("clusters/c/one/x.yaml", object)],
        &[("clusters/c/two/y.yaml", object)],
    );
    assert_eq!(moved.len(), 1, "{moved:?}");
    assert_eq!(moved[0].moved_from.as_deref(), Some("one"));
    assert!(moved[0].fields.is_empty());
    let newer = object.replace("apiVersion: v1", "apiVersion: v2");
    let version = changes(
        &[("clusters/c/one/x.yaml", object)],
        &[("clusters/c/one/x.yaml", &newer)],
    );
    assert_eq!(version[0].verb, Verb::Changed);
    assert_eq!(version[0].subject.to_string(), "ConfigMap/n/x");
    let listing = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml]\nlabels: [{ pairs: { a: b } }]";
    let path = "clusters/c/one/kustomization.yaml";
    assert!(
        changes(
            &[(path, listing)],
            &[(path, &listing.replace("a.yaml", "b.yaml"))]
        )
        .is_empty()
    );
    assert!(changes(&[], &[(path, listing)]).is_empty());
    let labels = changes(
        &[(path, listing)],
        &[(path, &listing.replace("a: b", "a: c"))],
    );
    assert_eq!(
        labels[0].subject.to_string(),
        "labels of all objects in one"
    );
}

#[test]
fn machines_that_change_alike_are_told_together() {
    let config = |version: &str| {
        format!("machine: {{ install: {{ image: 'factory/installer/x:{version}' }} }}")
    };
    let (old, new) = (config("v1"), config("v2"));
    let files = |text| [("machines/c/a.yaml", text), ("machines/c/b.yaml", text)];
    let all = changes(&files(old.as_str()), &files(new.as_str()));
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!(all[0].subject.to_string(), "machine config of a, b");
    assert_eq!(
        effects(&files(old.as_str()), &files(new.as_str())),
        [
            (Class::Machine, "a".to_owned()),
            (Class::Machine, "b".to_owned()),
            (Class::Version, "x v1 → v2".to_owned()),
        ]
    );
}

#[test]
fn effects_are_those_that_are_certain() {
    let path = "clusters/c/unit/x.yaml";
    let object = |kind: &str, more: &str| {
        format!(
            "apiVersion: apps/v1\nkind: {kind}\nmetadata: {{ name: x, namespace: n{more} }}\nspec: {{ replicas: 1, template: {{ a: 1 }} }}"
        )
    };
    let keep = ", annotations: { kustomize.toolkit.fluxcd.io/prune: disabled }";
    let set = object("StatefulSet", "");
    let gone = |text: &str| effects(&[(path, text)], &[]);
    assert_eq!(gone(&set), [(Class::Data, "StatefulSet/n/x".to_owned())]);
    assert_eq!(
        gone(&object("StatefulSet", keep)),
        [(Class::Orphan, "StatefulSet/n/x".to_owned())]
    );
    assert_eq!(gone(&object("Deployment", "")), []);
    assert_eq!(
        gone(&object("HelmRelease", "")),
        [(Class::Uninstall, "n/x".to_owned())]
    );
    let other = set
        .replace("replicas: 1", "replicas: 3")
        .replace("a: 1", "a: 2");
    assert_eq!(
        effects(&[(path, &set)], &[(path, &other)]),
        [
            (Class::Rollout, "StatefulSet/n/x".to_owned()),
            (Class::Scale, "StatefulSet/n/x 1 → 3".to_owned()),
        ]
    );
}

#[test]
fn a_namespace_that_was_open_is_told() {
    let space = (
        "clusters/c/namespaces/n.yaml",
        "apiVersion: v1\nkind: Namespace\nmetadata: { name: n }",
    );
    let head = "metadata: { name: deny, namespace: n }\nspec: ";
    let dialects = [
        format!(
            "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\n{head}{{ podSelector: {{}}, policyTypes: [Ingress] }}"
        ),
        format!(
            "apiVersion: example.org/v2\nkind: OtherNetworkPolicy\n{head}{{ endpointSelector: {{}}, ingress: [{{}}] }}"
        ),
    ];
    for policy in &dialects {
        let policy = ("clusters/c/network-policies/deny.yaml", policy.as_str());
        let denied = effects(&[space], &[space, policy]);
        assert_eq!(denied, [(Class::Network, "n".to_owned())]);
        assert_eq!(
            effects(&[space, policy], &[space]),
            [(Class::Network, "n".to_owned())]
        );
        assert_eq!(
            effects(&[], &[space, policy]),
            [],
            "a new namespace was never open"
        );
    }
    let allow = dialects[0].replace(
        "policyTypes: [Ingress]",
        "policyTypes: [Ingress], ingress: [{}]",
    );
    assert_eq!(
        effects(
            &[space],
            &[space, ("clusters/c/network-policies/a.yaml", &allow)]
        ),
        []
    );
}

#[test]
fn texts_are_told_by_lines() {
    let path = "docs/c/page.md";
    let all = changes(&[(path, "a\nb\ntoken: x\n")], &[(path, "a\nc\ntoken: y\n")]);
    let prose = all[0].prose.clone().expect("a text that differs");
    assert_eq!((prose.added, prose.removed, prose.more), (2, 2, 0));
    assert_eq!(
        prose.diff,
        "@@ -1,3 +1,3 @@\n a\n-b\n-token:(masked)\n+c\n+token:(masked)"
    );
    assert_eq!(all[0].subject.to_string(), "docs/{cluster}/page.md");
}
