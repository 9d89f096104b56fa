//! The lines of the example homelab: `prod` on machines, `dev` in Kind on a workstation.

use super::Line::{After, Instead, Without};
use super::{Switch, of};

/// Where a setting of `prod` goes, one of its network, and one of `dev`; the last line of `dev`.
const PROD: &str = "    provider: talos";
const NETWORK: &str = "      nodes: 10.0.10.0/24";
const DEV: &str = "    provider: kind";
const LAST: &str = "      cilium: { options: { kindHTTPPort: 8080, kindHTTPSPort: 8443 } }";

pub(super) const HOMELAB: [Switch; 44] = [
    of(
        After(PROD, "    security: { admission: false }"),
        "prod",
        "gatekeeper gatekeeper-config gatekeeper-config-2 namespaces network-policies",
        "",
    ),
    of(
        After(PROD, "    security: { network: open }"),
        "prod",
        "network-policies",
        "",
    ),
    of(
        After(PROD, "    security: { audit: none }"),
        "prod",
        "",
        "machines",
    ),
    of(
        After(PROD, "    security: { quotas: false }"),
        "prod",
        "namespaces",
        "namespaces",
    ),
    of(
        After(PROD, "    security: { podSecurity: privileged }"),
        "prod",
        "",
        "gatekeeper-config-2 machines",
    ),
    of(
        After(PROD, "    security: { secrets: external-secrets }"),
        "prod",
        "external-secrets namespaces network-policies",
        "",
    ),
    of(
        After(PROD, "    security: { podCertificates: csi-driver }"),
        "prod",
        "cert-manager-csi-driver namespaces network-policies",
        "",
    ),
    of(
        After(PROD, "    security: { issuer: false }"),
        "prod",
        "cert-manager-config cilium-config network-policies",
        "cert-manager cilium-config flux-operator-config kube-prometheus-stack kube-prometheus-stack-config photos",
    ),
    of(
        After(PROD, "    backup: { etcd: false }"),
        "prod",
        "etcd-snapshots namespaces network-policies",
        "machines namespaces",
    ),
    of(
        After(PROD, "    backup: { etcd: { upload: false } }"),
        "prod",
        "namespaces",
        "etcd-snapshots machines namespaces network-policies",
    ),
    of(
        After(PROD, "    objectives: { rpo: 15m }"),
        "prod",
        "",
        "velero-config",
    ),
    of(
        After(PROD, "    observability: false"),
        "prod",
        "alloy ceph-csi-drivers cert-manager cilium cloudnative-pg etcd-snapshots external-dns flux-operator flux-operator-config gatekeeper gatekeeper-config kube-prometheus-stack kube-prometheus-stack-config loki metrics-server namespaces network-policies node-exporter photos plugin-barman-cloud plugin-barman-cloud-config prometheus-operator-crds rook-ceph rook-ceph-cluster snapshot-controller velero velero-config",
        "ceph-csi-drivers cert-manager cilium cloudnative-pg etcd-snapshots external-dns flux-operator flux-operator-config gatekeeper gatekeeper-config machines metrics-server namespaces photos plugin-barman-cloud rook-ceph rook-ceph-cluster snapshot-controller velero velero-config",
    ),
    of(
        After(PROD, "    observability: { metrics: false }"),
        "prod",
        "cert-manager cilium flux-operator kube-prometheus-stack kube-prometheus-stack-config loki namespaces network-policies node-exporter",
        "machines namespaces network-policies",
    ),
    of(
        After(PROD, "    observability: { logs: false }"),
        "prod",
        "alloy loki namespaces network-policies",
        "kube-prometheus-stack namespaces network-policies",
    ),
    of(
        After(PROD, "    observability: { dashboards: false }"),
        "prod",
        "cert-manager cilium flux-operator kube-prometheus-stack kube-prometheus-stack-config loki network-policies node-exporter",
        "kube-prometheus-stack namespaces network-policies",
    ),
    of(
        After(PROD, "    observability: { alerts: false }"),
        "prod",
        "alloy ceph-csi-drivers cert-manager cilium cloudnative-pg etcd-snapshots external-dns flux-operator gatekeeper kube-prometheus-stack loki metrics-server network-policies node-exporter plugin-barman-cloud rook-ceph rook-ceph-cluster snapshot-controller velero",
        "ceph-csi-drivers gatekeeper kube-prometheus-stack namespaces plugin-barman-cloud rook-ceph",
    ),
    of(
        After(
            PROD,
            "    observability: { alerts: { to: { phone: false } } }",
        ),
        "prod",
        "",
        "kube-prometheus-stack",
    ),
    of(
        After(PROD, "    storage: { block: false }"),
        "prod",
        "ceph-csi-drivers namespaces network-policies rook-ceph rook-ceph-cluster",
        "kube-prometheus-stack loki photos",
    ),
    of(
        After(PROD, "    storage: { snapshots: false }"),
        "prod",
        "namespaces network-policies snapshot-controller",
        "ceph-csi-drivers namespaces rook-ceph-cluster velero velero-config",
    ),
    of(
        After(PROD, "    storage: { default: false }"),
        "prod",
        "",
        "rook-ceph-cluster",
    ),
    of(
        After(PROD, "    scaling: { metrics: false }"),
        "prod",
        "metrics-server",
        "",
    ),
    of(
        After(PROD, "    source: { webhook: false }"),
        "prod",
        "flux-operator flux-operator-config",
        "flux-operator-config",
    ),
    of(
        After(NETWORK, "      kubeProxy: true"),
        "prod",
        "",
        "cilium machines",
    ),
    of(
        Instead(
            "dns: { provider: cloudflare, secret: cloudflare }",
            "dns: false",
        ),
        "prod",
        "external-dns namespaces network-policies",
        "namespaces",
    ),
    of(
        Instead(
            "options: { routing: native,",
            "options: { encryption: wireguard, routing: native,",
        ),
        "prod",
        "",
        "cilium",
    ),
    of(
        Instead("options: { hubble: ui }", "options: { hubble: none }"),
        "dev prod",
        "",
        "cilium",
    ),
    of(
        After(DEV, "    security: { admission: gatekeeper }"),
        "dev",
        "gatekeeper gatekeeper-config gatekeeper-config-2 namespaces",
        "",
    ),
    of(
        After(DEV, "    security: { network: default-deny }"),
        "dev",
        "network-policies",
        "kind",
    ),
    of(
        After(DEV, "    security: { audit: metadata }"),
        "dev",
        "kind",
        "kind",
    ),
    of(
        After(DEV, "    security: { quotas: true }"),
        "dev",
        "namespaces",
        "",
    ),
    of(
        After(DEV, "    security: { certificates: false, issuer: false }"),
        "dev",
        "cert-manager cert-manager-config cilium-config namespaces",
        "cilium-config kind photos",
    ),
    of(
        After(DEV, "    backup: { etcd: true }"),
        "dev",
        "etcd-snapshots namespaces",
        "kind",
    ),
    of(
        After(DEV, "    observability: { crds: prometheus-operator }"),
        "dev",
        "cert-manager cilium flux-operator flux-operator-config metrics-server prometheus-operator-crds",
        "cert-manager cilium flux-operator flux-operator-config metrics-server",
    ),
    of(
        After(
            DEV,
            "    observability: { metrics: prometheus, crds: prometheus-operator }",
        ),
        "dev",
        "cert-manager cilium flux-operator flux-operator-config kube-prometheus-stack kube-prometheus-stack-config metrics-server namespaces node-exporter prometheus-operator-crds",
        "cert-manager cilium flux-operator flux-operator-config metrics-server",
    ),
    of(
        After(DEV, "    observability: { logs: loki }"),
        "dev",
        "alloy loki namespaces",
        "",
    ),
    of(
        After(DEV, "    scaling: false"),
        "dev",
        "metrics-server",
        "",
    ),
    of(
        Instead("storage: { block: local-path }", "storage: false"),
        "dev",
        "local-path",
        "kind",
    ),
    of(
        Instead(
            "storage: { block: local-path }",
            "storage: { block: local-path, default: false }",
        ),
        "dev",
        "local-path",
        "local-path",
    ),
    of(
        Instead(
            "network: { pods: [10.245.0.0/16]",
            "network: { dns: { provider: cloudflare, secret: cloudflare }, pods: [10.245.0.0/16]",
        ),
        "dev",
        "external-dns namespaces",
        "",
    ),
    of(
        After(LAST, "      cluster-api-operator: true"),
        "dev",
        "cluster-api-operator cluster-api-operator-config namespaces",
        "",
    ),
    of(
        After(
            LAST,
            "  team: { provider: capi, managedBy: dev, size: small, versions: { kubernetes: 1.36.1 }, infrastructure: { docker: {} } }",
        ),
        "added:team dev",
        "cluster-api-operator cluster-api-operator-config cluster-classes cluster-team cluster-team.engine cluster-team.kinds cluster-team.releases namespaces",
        "kind",
    ),
    of(
        After(
            "apps:",
            "  notes: { pattern: service, clusters: prod, image: \"ghcr.io/example/notes:1.0.0\", port: 8080 }",
        ),
        "prod",
        "namespaces network-policies notes",
        "",
    ),
    of(
        Without("      prod: { clusters: { tier: production }, storage: { originals"),
        "prod",
        "namespaces network-policies photos",
        "namespaces network-policies",
    ),
    of(
        Without("      dev: { clusters: { tier: development } }"),
        "dev",
        "namespaces photos",
        "",
    ),
];
