//! What every provider tells the API server alike: what is audited, and what Pod Security admission lets in.

use super::Cx;
use crate::template::Scope;
use syntax::{Node, OriginId};

/// The audit policy of a cluster, by `security.audit`; Metadata where nothing is said.
pub fn audit(scope: &Scope, cx: &mut Cx<'_>) -> Option<Node> {
    shape("apiserver/audit", "audit", "metadata", scope, cx)
}

/// The configuration of Pod Security admission, by `security.podSecurity`; baseline where nothing is said.
pub fn admission(scope: &Scope, cx: &mut Cx<'_>) -> Option<Node> {
    shape("apiserver/admission", "podSecurity", "baseline", scope, cx)
}

/// The level that `security.KEY` states.
#[must_use]
pub fn level(scope: &Scope, key: &str) -> Option<Node> {
    scope
        .get("security")?
        .get(key)
        .filter(|level| level.as_str().is_some())
        .cloned()
}

fn shape(
    name: &str,
    key: &str,
    default: &'static str,
    scope: &Scope,
    cx: &mut Cx<'_>,
) -> Option<Node> {
    let security = scope
        .get("security")
        .map_or(OriginId::default(), |security| security.origin());
    let level =
        level(scope, key).unwrap_or_else(|| cx.text("apiserver/default", default, &[security]));
    cx.shape(name, &scope.clone().with("level", level))
}
