//! The lines of the tests' own small platform, in its cluster `lab`.

use super::Line::Instead;
use super::{Switch, of};

const TEST: &str = "  test: {}";

pub(super) const STORES: [Switch; 7] = [
    of(
        Instead(TEST, "  test: { scaling: { metrics: false } }"),
        "lab",
        "metrics-server",
        "",
    ),
    of(
        Instead(
            TEST,
            "  test: { security: { certificates: false, issuer: false } }",
        ),
        "lab",
        "cert-manager cert-manager-config cilium-config namespaces",
        "cilium-config kind",
    ),
    of(
        Instead(TEST, "  test: { security: { quotas: true } }"),
        "lab",
        "namespaces",
        "",
    ),
    of(
        Instead(TEST, "  test: { security: { podSecurity: privileged } }"),
        "lab",
        "",
        "kind",
    ),
    of(
        Instead(
            TEST,
            "  test: { observability: { crds: prometheus-operator } }",
        ),
        "lab",
        "cert-manager cilium flux-operator flux-operator-config metrics-server prometheus-operator-crds",
        "cert-manager cilium flux-operator flux-operator-config metrics-server",
    ),
    of(
        Instead(TEST, "  test: { network: { gateway: false } }"),
        "lab",
        "cert-manager-config cilium-config gateway-api",
        "cilium kind",
    ),
    of(
        Instead(TEST, "  test: { components: { shop: false } }"),
        "lab",
        "namespaces shop",
        "",
    ),
];
