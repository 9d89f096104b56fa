//! The lines of the example company: `hub` on machines, which makes all others.

use super::Line::{After, Instead, Without};
use super::{Switch, of};

/// Where a setting of each cluster goes.
const HUB: &str = "    allowSchedulingOnControlPlanes: true";
const LIVE: &str = "    id: 2";
const STAGING: &str = "    id: 3";
const TRIAL: &str = "    id: 4";

pub(super) const COMPANY: [Switch; 24] = [
    of(
        After(HUB, "    observability: { metrics: false }"),
        "hub",
        "cert-manager cilium flux-operator kube-prometheus-stack kube-prometheus-stack-config namespaces network-policies node-exporter",
        "machines namespaces",
    ),
    of(
        Instead(
            "    backup: { databases: false } # nothing here has one",
            "    backup: false",
        ),
        "hub",
        "etcd-snapshots namespaces network-policies",
        "machines namespaces",
    ),
    of(
        Instead("    storage: { block: rook-ceph }", "    storage: false"),
        "hub",
        "ceph-csi-drivers namespaces network-policies rook-ceph rook-ceph-cluster",
        "kube-prometheus-stack",
    ),
    of(
        Instead(
            "security: { admission: gatekeeper }",
            "security: { admission: false }",
        ),
        "hub prod",
        "gatekeeper gatekeeper-config gatekeeper-config-2 namespaces network-policies",
        "",
    ),
    of(
        After(LIVE, "    security: { audit: none }"),
        "hub",
        "",
        "cluster-prod",
    ),
    of(
        After(LIVE, "    backup: { etcd: false }"),
        "prod",
        "etcd-snapshots network-policies",
        "namespaces",
    ),
    of(
        After(LIVE, "    workers: { count: 6 }"),
        "hub",
        "",
        "cluster-prod",
    ),
    of(
        After(STAGING, "    security: { network: open }"),
        "staging",
        "network-policies",
        "",
    ),
    of(
        After(STAGING, "    observability: { metrics: prometheus }"),
        "staging",
        "cert-manager cilium flux-operator kube-prometheus-stack kube-prometheus-stack-config namespaces network-policies node-exporter",
        "",
    ),
    of(
        After(STAGING, "    source: { ref: main }"),
        "staging",
        "",
        "cert-manager cilium cloudnative-pg flux-operator flux-operator-config metrics-server plugin-barman-cloud plugin-barman-cloud-config",
    ),
    of(
        After(TRIAL, "    observability: true"),
        "dev hub",
        "cert-manager cilium cloudnative-pg cluster-dev.kinds flux-operator flux-operator-config metrics-server payments prometheus-operator-crds shop",
        "cert-manager cilium cloudnative-pg cluster-dev.kinds cluster-dev.releases flux-operator flux-operator-config metrics-server payments shop",
    ),
    of(
        After(TRIAL, "    observability: { logs: loki }"),
        "dev hub",
        "alloy cert-manager cilium cloudnative-pg cluster-dev.kinds flux-operator flux-operator-config loki metrics-server namespaces payments prometheus-operator-crds shop",
        "cert-manager cilium cloudnative-pg cluster-dev.kinds cluster-dev.releases flux-operator flux-operator-config metrics-server payments shop",
    ),
    of(
        After(TRIAL, "    backup: { databases: true }"),
        "dev",
        "payments plugin-barman-cloud",
        "namespaces payments",
    ),
    of(
        After(TRIAL, "    backup: { volumes: true }"),
        "dev",
        "namespaces velero velero-config",
        "",
    ),
    of(
        After(TRIAL, "    security: { network: default-deny }"),
        "dev",
        "network-policies",
        "",
    ),
    of(
        After(
            TRIAL,
            "    security: { certificates: false, issuer: false }",
        ),
        "dev",
        "cert-manager cert-manager-config cilium-config namespaces",
        "cilium-config shop",
    ),
    of(
        Instead("    size: small", "    size: medium"),
        "dev hub",
        "",
        "cert-manager cilium cloudnative-pg cluster-dev cluster-dev.releases flux-operator-config metrics-server payments",
    ),
    of(
        After(
            "  # Where developers try things.",
            "  lab: { provider: capi, managedBy: hub, id: 5, size: small, infrastructure: { proxmox: { <<: *pve, pool: 10.20.40.100-10.20.40.110 } }, network: { nodes: 10.20.40.0/24, router: 10.20.40.1, apiServer: 10.20.40.10 }, domain: lab.platform.example.com }",
        ),
        "added:lab hub",
        "cluster-lab cluster-lab.engine cluster-lab.kinds cluster-lab.releases",
        "",
    ),
    of(
        Without("    metrics: { port: 9102 }"),
        "dev prod staging",
        "shop",
        "network-policies shop",
    ),
    of(
        Without("      prod: { clusters: prod, gateway: external"),
        "prod",
        "namespaces network-policies shop",
        "network-policies",
    ),
    of(
        Without("      prod: { clusters: prod }"),
        "prod",
        "invoices namespaces network-policies",
        "network-policies",
    ),
    of(
        Without("    egress: [{ to: internet, ports: [443] }]"),
        "prod staging",
        "",
        "network-policies",
    ),
    of(
        Instead("scale: { min: 3, max: 12, cpu: 70% }", "scale: false"),
        "prod",
        "shop",
        "namespaces shop",
    ),
    of(
        Instead("gateway: external", "gateway: internal"),
        "prod",
        "",
        "shop",
    ),
];
