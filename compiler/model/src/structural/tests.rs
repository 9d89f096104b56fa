//! Each verdict, on real kinds.

use super::table::{all_kinds, of_kind};
use super::{Fault, Schemas, Verdict};
use syntax::parse::parse_one;
use syntax::{Diagnostics, Node, Origins, Sources};

fn node(text: &str) -> Node {
    let (mut sources, mut origins) = (Sources::default(), Origins::default());
    let mut found = Diagnostics::default();
    let file = sources.add("object.yaml", text);
    let node = parse_one(file, text, &mut origins, &mut found).expect(text);
    assert!(found.is_empty(), "{text}");
    node
}

/// The mistakes of an object as `fault path`.
fn mistakes(text: &str) -> Vec<String> {
    match Schemas::default().check(&node(text)) {
        Verdict::Checked(found) => found
            .iter()
            .map(|mistake| format!("{} {}", mistake.fault.id(), mistake.path))
            .collect(),
        other @ (Verdict::NoKind(_) | Verdict::NoVersion(_) | Verdict::NoTable) => {
            vec![format!("{other:?}")]
        }
    }
}

fn config_map(rest: &str) -> String {
    format!("{{apiVersion: v1, kind: ConfigMap, metadata: {{name: a, namespace: b}}, {rest}}}")
}

fn pod(container: &str) -> String {
    format!(
        "{{apiVersion: v1, kind: Pod, metadata: {{name: a, namespace: b}}, spec: {{containers: [{{name: c, image: x, {container}}}]}}}}"
    )
}

fn release(spec: &str) -> String {
    format!(
        "{{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, metadata: {{name: a, namespace: b}}, spec: {{{spec}}}}}"
    )
}

fn of(group: &str, kind: &str, spec: &str) -> String {
    format!(
        "{{apiVersion: {group}, kind: {kind}, metadata: {{name: a, namespace: b}}, spec: {{{spec}}}}}"
    )
}

#[test]
fn each_verdict() {
    for (object, expected) in [
        (config_map("data: {a: b}"), &[][..]),
        (config_map("data: {a: 1}"), &["field-type data.a"]),
        (config_map("data: {a: null}"), &[]),
        (config_map("dta: {}"), &["unknown-field dta"]),
        (config_map("binaryData: {a: YQ==}"), &[]),
        (
            config_map("binaryData: {a: YQ}"),
            &["field-value binaryData.a"],
        ),
        (pod(""), &[]),
        (
            pod("imagee: x"),
            &["unknown-field spec.containers[0].imagee"],
        ),
        (pod("tty: 'true'"), &["field-type spec.containers[0].tty"]),
        (pod("args: x"), &["field-type spec.containers[0].args"]),
        (
            pod("command: {}"),
            &["field-type spec.containers[0].command"],
        ),
        (pod("resources: {limits: {cpu: 1, memory: 1.5Gi}}"), &[]),
        (
            pod("resources: {limits: {cpu: 1x}}"),
            &["field-value spec.containers[0].resources.limits.cpu"],
        ),
        (pod("resources: null"), &[]),
        (
            pod("ports: [{containerPort: 80.5}]"),
            &["field-type spec.containers[0].ports[0].containerPort"],
        ),
        (pod("ports: [{containerPort: 80.0}]"), &[]),
        (pod("ports: [{containerPort: 0x50}]"), &[]),
        (
            pod("ports: [{containerPort: 2147483648}]"),
            &["field-value spec.containers[0].ports[0].containerPort"],
        ),
        (
            pod("ports: [{}]"),
            &["missing-field spec.containers[0].ports[0].containerPort"],
        ),
        (
            pod("ports: [{containerPort: null}]"),
            &["missing-field spec.containers[0].ports[0].containerPort"],
        ),
        (
            pod("ports: [{containerPort: 1}, {containerPort: 1, protocol: TCP}]"),
            &["field-twice spec.containers[0].ports[1]"],
        ),
        (
            pod("ports: [{containerPort: 1}, {containerPort: 1, protocol: UDP}]"),
            &[],
        ),
        (
            pod("imagePullPolicy: always"),
            &["field-value spec.containers[0].imagePullPolicy"],
        ),
        (pod("imagePullPolicy: ''"), &[]),
        (pod("livenessProbe: {httpGet: {port: http}}"), &[]),
        (
            pod("livenessProbe: {httpGet: {port: true}}"),
            &["field-type spec.containers[0].livenessProbe.httpGet.port"],
        ),
        (
            pod("env: [{name: A}, {name: A}]"),
            &["field-twice spec.containers[0].env[1]"],
        ),
        (
            release("interval: 1h, chartRef: {kind: OCIRepository, name: x}"),
            &[],
        ),
        (
            release(
                "interval: 1h, chartRef: {kind: OCIRepository, name: x}, values: {any: [1, null, {x: y}]}",
            ),
            &[],
        ),
        (
            release("interval: 1h, chartRef: null, values: null"),
            &["field-type spec.chartRef"],
        ),
        (release("interval: null"), &["missing-field spec.interval"]),
        (
            release("interval: 1 fortnight"),
            &["field-value spec.interval"],
        ),
        (release("interval: 1h, maxHistory: 2147483648"), &[]),
        (
            release("interval: 1h, install: {remediation: {retries: three}}"),
            &["field-type spec.install.remediation.retries"],
        ),
        (
            release("interval: 1h, dependsOn: [null]"),
            &["field-type spec.dependsOn[0]"],
        ),
        (
            release("interval: 1h, releaseName: ''"),
            &["field-value spec.releaseName"],
        ),
        (
            release("interval: 1h, chartRef: {kind: Chart, name: x}"),
            &["field-value spec.chartRef.kind"],
        ),
        (
            of(
                "cert-manager.io/v1",
                "Certificate",
                "secretName: a, issuerRef: {name: x}, duration: 1h",
            ),
            &[],
        ),
        (
            of(
                "cert-manager.io/v1",
                "Certificate",
                "secretName: a, issuerRef: {}",
            ),
            &["missing-field spec.issuerRef.name"],
        ),
        (
            of(
                "cert-manager.io/v1",
                "Certificate",
                "secretName: a, issuerRef: {name: x}, revisionHistoryLimit: 2147483648",
            ),
            &["field-value spec.revisionHistoryLimit"],
        ),
        (
            of(
                "monitoring.coreos.com/v1",
                "PrometheusRule",
                "groups: [{name: a}, {name: a}]",
            ),
            &["field-twice spec.groups[1]"],
        ),
        (
            of(
                "monitoring.coreos.com/v1",
                "PrometheusRule",
                "groups: [{name: a, rules: [{expr: 1}, {expr: up, for: 5m}]}]",
            ),
            &[],
        ),
        (
            of(
                "monitoring.coreos.com/v1",
                "PrometheusRule",
                "groups: [{name: a, rules: [{expr: up, for: 5 minutes}]}]",
            ),
            &["field-value spec.groups[0].rules[0].for"],
        ),
        (
            of(
                "fluxcd.controlplane.io/v1",
                "FluxInstance",
                "distribution: {version: 2.x, registry: x}, components: [helm]",
            ),
            &["field-value spec.components[0]"],
        ),
    ] {
        assert_eq!(mistakes(&object), expected, "{object}");
    }
}

#[test]
fn schemas_put_together() {
    let policy = |spec: &str| of("cilium.io/v2", "CiliumNetworkPolicy", spec);
    let selector = "endpointSelector: {}, ingress";
    assert_eq!(mistakes(&policy(&format!("{selector}: []"))), [""; 0]);
    for (rest, path) in [
        (
            "[{fromEntities: [moon]}]",
            "spec.ingress[0].fromEntities[0]",
        ),
        ("[], nodeSelector: {}", "spec"),
    ] {
        assert_eq!(
            mistakes(&policy(&format!("{selector}: {rest}"))),
            [format!("field-value {path}")]
        );
    }
    let said = |spec: &str| match Schemas::default().check(&node(&policy(spec))) {
        Verdict::Checked(found) => found.into_iter().map(|mistake| mistake.message).collect(),
        other @ (Verdict::NoKind(_) | Verdict::NoVersion(_) | Verdict::NoTable) => {
            vec![format!("{other:?}")]
        }
    };
    assert_eq!(
        said("endpointSelector: {}"),
        ["must have at least one of `ingress`, `ingressDeny`, `egress`, `egressDeny`"]
    );
}

#[test]
fn metadata_has_rules_of_its_own() {
    let labelled = |labels: &str| {
        format!(
            "{{apiVersion: v1, kind: ConfigMap, metadata: {{name: a, namespace: b, labels: {{{labels}}}}}}}"
        )
    };
    for (labels, expected) in [
        ("a.b/c: d_e", &[][..]),
        ("a: ''", &[]),
        ("a: null", &[]),
        ("a: 1", &["field-type metadata.labels.a"]),
        ("a: b c", &["field-value metadata.labels.a"]),
        ("a/b/c: d", &["field-value metadata.labels[a/b/c]"]),
        ("-a: d", &["field-value metadata.labels.-a"]),
    ] {
        assert_eq!(mistakes(&labelled(labels)), expected, "{labels}");
    }
    for (object, expected) in [
        (
            "{apiVersion: v1, kind: Namespace, metadata: {name: a.b}}",
            &["field-value metadata.name"][..],
        ),
        (
            "{apiVersion: v1, kind: Namespace, metadata: {name: a, namespace: b}}",
            &["unknown-field metadata.namespace"],
        ),
        (
            "{apiVersion: v1, kind: Secret, metadata: {name: a.b}}",
            &["missing-field metadata.namespace"],
        ),
        (
            "{apiVersion: v1, kind: Secret, metadata: {name: a, namespace: A}}",
            &["field-value metadata.namespace"],
        ),
        (
            "{apiVersion: v1, kind: Secret, metadata: {name: a, namespace: b, annotation: {}}}",
            &["unknown-field metadata.annotation"],
        ),
        (
            "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: 'a:b'}}",
            &[],
        ),
        (
            "{apiVersion: helm.toolkit.fluxcd.io/v2, kind: HelmRelease, metadata: {name: A, namespace: b, labls: {}}, spec: {interval: 1m}}",
            &["unknown-field metadata.labls", "field-value metadata.name"],
        ),
    ] {
        assert_eq!(mistakes(object), expected, "{object}");
    }
    let template = "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a, namespace: b}, spec: {selector: {}, template: {metadata: {labels: {a: b c}}, spec: {containers: []}}}}";
    assert_eq!(
        mistakes(template),
        ["field-value spec.template.metadata.labels.a"]
    );
}

#[test]
fn kinds_and_versions_are_known() {
    let verdict = |text: &str| Schemas::default().check(&node(text));
    assert_eq!(
        verdict("{apiVersion: apps/v1, kind: Deploymnt, metadata: {name: a}}"),
        Verdict::NoKind(Some("Deployment"))
    );
    assert_eq!(
        verdict("{apiVersion: apps/v1beta1, kind: Deployment, metadata: {name: a}}"),
        Verdict::NoVersion(vec!["v1".to_owned()])
    );
    assert_eq!(
        verdict("{apiVersion: example.org/v1, kind: Deployment, metadata: {name: a}}"),
        Verdict::NoTable
    );
}

#[test]
fn a_definition_teaches_a_kind() {
    let crd = node(
        "spec: {group: example.org, scope: Cluster, names: {kind: Thing}, versions: [{name: v1, schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {size: {type: integer, minimum: 1, nullable: true}, port: {x-kubernetes-int-or-string: true, anyOf: [{type: integer}, {type: string}]}}}}}}}]}",
    );
    let mut schemas = Schemas::default();
    schemas.define(&crd);
    let paths = |spec: &str| -> Vec<(Fault, String)> {
        let thing = format!(
            "{{apiVersion: example.org/v1, kind: Thing, metadata: {{name: a}}, spec: {spec}}}"
        );
        match schemas.check(&node(&thing)) {
            Verdict::Checked(found) => found.into_iter().map(|m| (m.fault, m.path)).collect(),
            other @ (Verdict::NoKind(_) | Verdict::NoVersion(_) | Verdict::NoTable) => {
                panic!("{other:?}")
            }
        }
    };
    let none: Vec<(Fault, String)> = Vec::new();
    assert_eq!(paths("{size: 2, port: a}"), none);
    assert_eq!(paths("{size: null, port: 1}"), none);
    assert_eq!(paths("{size: 0}"), [(Fault::Value, "spec.size".to_owned())]);
    assert_eq!(
        paths("{sice: 2}"),
        [(Fault::Unknown, "spec.sice".to_owned())]
    );
    assert_eq!(
        paths("{port: true}"),
        [(Fault::Type, "spec.port".to_owned())]
    );
}

/// Every schema of every table can be read, and every pattern compiled.
#[test]
fn tables_are_whole() {
    let (mut kinds, mut patterns) = (0, 0);
    for (group, kind) in all_kinds() {
        let table = of_kind(group, kind).expect(kind);
        let line = table.kind(group, kind).expect(kind);
        assert!(!line.versions.is_empty(), "{kind}.{group}");
        for version in &line.versions {
            assert!(table.child(&version.schema).is_some(), "{kind}.{group}");
        }
        kinds += 1;
        for schema in (0..).map_while(|line| table.schema(line)) {
            if let Some(pattern) = schema
                .rules
                .as_ref()
                .and_then(|rules| rules.pattern.as_ref())
            {
                assert!(pattern.regex().is_some(), "{}", pattern.text);
                patterns += 1;
            }
        }
    }
    assert!(
        kinds > 300 && patterns > 300,
        "{kinds} kinds, {patterns} patterns"
    );
}
