//! Lines that something forbids: what is said names the line, who needs what it switches off, and the way out.

use super::Line::{self, After, Without};
use super::Refused;

const PROD: &str = "    provider: talos";
const HUB: &str = "    allowSchedulingOnControlPlanes: true";

const fn of(project: &'static str, line: Line, words: &'static [&'static str]) -> Refused {
    Refused {
        project,
        line,
        words,
    }
}

pub(super) const REFUSED: [Refused; 20] = [
    of(
        "homelab",
        After(PROD, "    backup: false"),
        &[
            "nothing copies the claim `photos-originals` of app `photos`, and it is bound by an RPO",
            "nothing archives this cluster's databases, and an RPO binds them",
            "switched off here",
            "write `backup: { databases: true }`, with a `target`",
        ],
    ),
    of(
        "homelab",
        After(PROD, "    backup: { volumes: false }"),
        &[
            "nothing copies the claim `photos-originals` of app `photos`",
            "write `backup: { volumes: true }`, with a `target`",
        ],
    ),
    of(
        "homelab",
        After(PROD, "    backup: { databases: false }"),
        &[
            "nothing archives this cluster's databases, and an RPO binds them",
            "switched off here",
            "write `backup: { databases: true }`, with a `target`",
        ],
    ),
    of(
        "homelab",
        After(PROD, "    backup: { target: false }"),
        &[
            "`backup.volumes` has nowhere to go",
            "`backup.databases` has nowhere to go",
            "or write `volumes: false`",
        ],
    ),
    of(
        "homelab",
        After(PROD, "    observability: { crds: false }"),
        &[
            "component `kube-prometheus-stack` requires `observability.crds`",
            "switched off here",
            "switch it on with `observability: { crds: prometheus-operator }`",
        ],
    ),
    of(
        "homelab",
        After(
            "    provider: kind",
            "    observability: { metrics: prometheus }",
        ),
        &[
            "component `kube-prometheus-stack` requires `observability.crds`",
            "switched off here",
        ],
    ),
    of(
        "homelab",
        After(PROD, "    security: { certificates: false }"),
        &[
            "component `plugin-barman-cloud` requires `security.certificates`",
            "switched off here",
        ],
    ),
    of(
        "homelab",
        After("      nodes: 10.0.10.0/24", "      gateway: false"),
        &[
            "app `photos` (prod) requires `network.gateway`",
            "`network.gateways` has addresses, but nothing serves the Gateway API",
            "switched off here",
        ],
    ),
    of(
        "homelab",
        After("      nodes: 10.0.10.0/24", "      cni: flannel"),
        &[
            "`flannel` and `cilium` need different hosts: `cni`",
            "selects `flannel`",
            "selects `cilium`",
            "switch one of them off",
        ],
    ),
    of(
        "homelab",
        Without("      loadBalancer: { mode: l2"),
        &[
            "`network.gateways` needs `network.loadBalancer`",
            "add `loadBalancer: { mode: l2",
        ],
    ),
    of(
        "homelab",
        Without("      gateways: { internal:"),
        &[
            "cluster `prod` has no gateway `internal` to publish app `photos` (prod) at",
            "network: { gateways: { internal: ADDRESS } }",
        ],
    ),
    of(
        "homelab",
        After("    options: { hubble: ui }", "  velero: false"),
        &[
            "`backup.volumes: velero` needs `velero`, which is off",
            "or write `backup.volumes: false`",
        ],
    ),
    of(
        "homelab",
        After("    options: { hubble: ui }", "  external-dns: false"),
        &["needs `external-dns`, which is off", "`network.dns: false`"],
    ),
    of(
        "homelab",
        After("    options: { hubble: ui }", "  loki: false"),
        &[
            "`observability.logs: loki` needs `loki`, which is off",
            "`observability.logs: false`",
        ],
    ),
    of(
        "homelab",
        After("    options: { hubble: ui }", "  cert-manager: false"),
        &[
            "`security.certificates: cert-manager` needs `cert-manager`, which is off",
            "`security.certificates: false`",
        ],
    ),
    of(
        "company",
        After(HUB, "    components: { cluster-api-operator: false }"),
        &[
            "`cluster-api-operator` makes the clusters that this one manages, and is off",
            "made by this cluster",
            "take the `false` of `cluster-api-operator` out, or let another cluster make them with `managedBy`",
        ],
    ),
    of(
        "company",
        After("    id: 2", "    scaling: false"),
        &[
            "app `shop` (prod) requires `scaling.metrics`",
            "switched off here",
            "switch it on with `scaling: { metrics: metrics-server }`",
        ],
    ),
    of(
        "company",
        After("    id: 2", "    backup: { databases: false }"),
        &[
            "nothing archives this cluster's databases, and an RPO binds them",
            "switched off here",
        ],
    ),
    of(
        "company",
        After("    id: 3", "    storage: { block: rook-ceph }"),
        &[
            "`storage.block: rook-ceph` can't be had on capi",
            "write `false` to go without",
        ],
    ),
    of(
        "company",
        Without("      prod: { clusters: prod, uses:"),
        &[
            "app `payments` does not run in cluster `prod`",
            "called by app `shop` (prod)",
            "let one of them select the cluster",
        ],
    ),
];
