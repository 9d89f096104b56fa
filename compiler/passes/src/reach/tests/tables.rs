//! One policy each, and who reaches whom under it: `+` reached, `-` not, `?` it can't be told.

use super::{by_identity, plain, table};

/// The spec of a policy of namespace `a`, and calls under it.
type Rows = &'static [(&'static str, &'static [&'static str])];

#[rustfmt::skip]
const KUBERNETES: Rows = &[
    // Only what is selected is closed, and only in the directions that are named.
    ("{podSelector: {matchLabels: {app: web}}}",
        &["- b/web a/web 80", "+ b/web a/db 80", "+ a/web b/web 80"]),
    ("{podSelector: {}, policyTypes: [Egress]}",
        &["+ b/web a/web 80", "- a/web b/web 80"]),
    ("{podSelector: {}, egress: [{}]}",
        &["- b/web a/web 80", "+ a/web b/web 80"]),
    ("{podSelector: {}, policyTypes: [Ingress], egress: []}",
        &["+ a/web b/web 80"]),
    // An empty rule lets everyone in, an empty `from` too.
    ("{podSelector: {}, ingress: [{}]}",
        &["+ b/web a/web 80", "+ internet a/web 80"]),
    ("{podSelector: {}, ingress: [{from: []}]}",
        &["+ b/web a/web 80"]),
    // A pod selector alone is of the policy's own namespace; with one for namespaces both hold.
    ("{podSelector: {}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]}",
        &["+ a/web a/db 80", "- b/web a/db 80", "- a/db a/web 80"]),
    ("{podSelector: {}, ingress: [{from: [{namespaceSelector: {}}]}]}",
        &["+ b/web a/web 80", "- internet a/web 80"]),
    ("{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: b}}, podSelector: {matchLabels: {app: db}}}]}]}",
        &["- b/web a/web 80"]),
    ("{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: b}}}]}]}",
        &["+ b/web a/web 80", "- c/chart a/web 80"]),
    // Expressions.
    ("{podSelector: {matchExpressions: [{key: app, operator: NotIn, values: [web]}]}}",
        &["+ b/web a/web 80", "- b/web a/db 80"]),
    ("{podSelector: {}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchExpressions: [{key: tier, operator: Exists}]}}]}]}",
        &["+ b/web a/db 80", "- a/web a/db 80", "? c/chart a/db 80"]),
    ("{podSelector: {}, ingress: [{from: [{namespaceSelector: {}, podSelector: {matchExpressions: [{key: tier, operator: DoesNotExist}]}}]}]}",
        &["- b/web a/db 80", "+ a/web a/db 80"]),
    ("{podSelector: {matchExpressions: [{key: app, operator: Near}]}}",
        &["? b/web a/web 80"]),
    // Ports: TCP where nothing is said, ranges, names, every one of a protocol.
    ("{podSelector: {}, ingress: [{ports: [{port: 80}]}]}",
        &["+ b/web a/web 80", "- b/web a/web 81", "- b/web a/web 80/udp"]),
    ("{podSelector: {}, ingress: [{ports: [{port: 80, endPort: 90}]}]}",
        &["+ b/web a/web 90", "- b/web a/web 91"]),
    ("{podSelector: {}, ingress: [{ports: [{port: http}]}]}",
        &["+ b/web a/web 8080", "- b/web a/web 80"]),
    ("{podSelector: {}, ingress: [{ports: [{protocol: UDP}]}]}",
        &["+ b/web a/web 9/udp", "- b/web a/web 9"]),
    ("{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: http}]}]}",
        &["+ a/web b/web 8080", "? a/web c/chart 8080"]),
    // Blocks: all of an end, none of it, a part of it.
    ("{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}]}",
        &["+ a/web internet 443", "- a/web 10.1.2.3 443", "+ a/web kube-apiserver 6443", "- a/web b/web 80"]),
    ("{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 8.8.8.0/24}}]}]}",
        &["? a/web internet 443", "+ a/web 8.8.8.8 443", "- a/web 9.9.9.9 443", "? a/web example.org 443"]),
    ("{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 192.168.1.0/28}}]}]}",
        &["? node a/web 80", "+ kube-apiserver a/web 80"]),
    // A pod's own node is always let in.
    ("{podSelector: {}}",
        &["+ host a/web 80", "- node a/web 80"]),
    // What is not understood is not guessed.
    ("{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: nonsense}}]}]}",
        &["? internet a/web 80"]),
];

#[test]
fn kubernetes_policies() {
    table(false, plain, KUBERNETES);
}

#[rustfmt::skip]
const CILIUM: Rows = &[
    // A direction with a rule is closed, one without is not; an empty rule lets nobody through.
    ("{endpointSelector: {}, ingress: [{}]}",
        &["- b/web a/web 80", "+ a/web b/web 80", "+ b/web c/chart 80"]),
    ("{endpointSelector: {}, egress: []}",
        &["+ a/web b/web 80"]),
    ("{endpointSelector: {}, enableDefaultDeny: {ingress: false}, ingress: [{fromEndpoints: [{}]}]}",
        &["+ b/web a/web 80"]),
    // Selectors are of the policy's namespace unless they name another.
    ("{endpointSelector: {matchLabels: {app: web}}, ingress: [{fromEndpoints: [{}]}]}",
        &["+ a/db a/web 80", "- b/web a/web 80", "- internet a/web 80"]),
    ("{endpointSelector: {}, ingress: [{fromEndpoints: []}]}",
        &["- a/db a/web 80"]),
    ("{endpointSelector: {}, ingress: [{fromEndpoints: [{matchLabels: {'k8s:io.kubernetes.pod.namespace': b, app: web}}]}]}",
        &["+ b/web a/web 80", "- c/chart a/web 80"]),
    ("{endpointSelector: {}, ingress: [{fromEndpoints: [{matchLabels: {'k8s:io.cilium.k8s.namespace.labels.team': b}}]}]}",
        &["+ b/web a/web 80", "- a/db a/web 80"]),
    ("{endpointSelector: {}, ingress: [{fromEndpoints: [{matchExpressions: [{key: 'k8s:io.kubernetes.pod.namespace', operator: Exists}]}]}]}",
        &["+ b/web a/web 80", "- internet a/web 80"]),
    ("{endpointSelector: {}, ingress: [{fromEndpoints: [{matchLabels: {'reserved:host': ''}}]}]}",
        &["- b/web a/web 80"]),
    ("{endpointSelector: {}, ingress: [{fromEndpoints: [{matchLabels: {'k8s:io.cilium.k8s.policy.serviceaccount': x, 'k8s:io.kubernetes.pod.namespace': b}}]}]}",
        &["? b/web a/web 80"]),
    // Entities.
    ("{endpointSelector: {}, ingress: [{fromEntities: [remote-node]}]}",
        &["+ node a/web 80", "+ kube-apiserver a/web 80", "- internet a/web 80", "- health a/web 80"]),
    ("{endpointSelector: {}, egress: [{toEntities: [kube-apiserver]}]}",
        &["+ a/web kube-apiserver 6443", "- a/web node 6443", "- a/web internet 443"]),
    ("{endpointSelector: {}, egress: [{toEntities: [world]}]}",
        &["+ a/web internet 443", "+ a/web 10.9.9.9 443", "- a/web b/web 80"]),
    ("{endpointSelector: {}, egress: [{toEntities: [cluster]}]}",
        &["- a/web internet 443", "+ a/web b/web 80", "+ a/web node 80"]),
    ("{endpointSelector: {}, egress: [{toEntities: [all]}]}",
        &["+ a/web internet 443", "+ a/web b/web 80"]),
    ("{endpointSelector: {}, egress: [{toEntities: [elsewhere]}]}",
        &["? a/web internet 443"]),
    // Addresses select only what lies outside.
    ("{endpointSelector: {}, egress: [{toCIDR: [0.0.0.0/0]}]}",
        &["+ a/web internet 443", "- a/web b/web 80", "- a/web node 80", "- a/web kube-apiserver 6443"]),
    ("{endpointSelector: {}, egress: [{toCIDRSet: [{cidr: 10.0.0.0/8, except: [10.1.0.0/16]}]}]}",
        &["+ a/web 10.2.0.1 443", "- a/web 10.1.0.1 443"]),
    ("{endpointSelector: {}, egress: [{toCIDRSet: [{cidrGroupRef: x}]}]}",
        &["? a/web 10.2.0.1 443"]),
    // Names.
    ("{endpointSelector: {}, egress: [{toFQDNs: [{matchName: example.org}, {matchPattern: '*.example.com'}]}]}",
        &["+ a/web example.org 443", "+ a/web www.example.com 443", "- a/web a.b.example.com 443", "- a/web example.net 443", "? a/web internet 443", "- a/web b/web 80"]),
    ("{endpointSelector: {}, egress: [{toFQDNs: [{matchPattern: '**.example.com'}]}]}",
        &["+ a/web a.b.example.com 443", "- a/web example.com 443"]),
    // Ports as texts: any protocol where none is said, 0 for all, names, ranges.
    ("{endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: '80'}]}]}]}",
        &["+ b/web a/web 80", "+ b/web a/web 80/udp", "- b/web a/web 81", "+ internet a/web 80"]),
    ("{endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: '0', protocol: TCP}]}]}]}",
        &["+ b/web a/web 81", "- b/web a/web 81/udp"]),
    ("{endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: '80', endPort: 90, protocol: TCP}]}]}]}",
        &["+ b/web a/web 90", "- b/web a/web 91"]),
    ("{endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: http, protocol: TCP}]}]}]}",
        &["+ b/web a/web 8080", "- b/web a/web 80"]),
    ("{endpointSelector: {}, ingress: [{icmps: [{fields: [{type: 8}]}]}]}",
        &["- b/web a/web 80"]),
    // Denies win.
    ("{endpointSelector: {}, ingress: [{fromEntities: [all]}], ingressDeny: [{fromEntities: [world]}]}",
        &["+ b/web a/web 80", "- internet a/web 80"]),
    // What is not understood, and what lets only some requests through, is not guessed.
    ("{endpointSelector: {}, egress: [{toServices: [{k8sService: {serviceName: x}}]}]}",
        &["? a/web b/web 80"]),
    ("{endpointSelector: {}, ingress: [{toPorts: [{ports: [{port: '80'}], rules: {http: [{}]}}]}]}",
        &["? b/web a/web 80", "- b/web a/web 81"]),
    ("{endpointSelector: {}, ingress: [{}]}",
        &["+ host a/web 80"]),
];

#[test]
fn cilium_policies() {
    table(true, by_identity, CILIUM);
}
