//! Variables that nothing defines: Flux puts nothing in their place.

use super::Look;
use crate::lint::clusters::Cluster;
use std::collections::BTreeMap;
use syntax::{Diagnostic, OriginId};

/// Judges a cluster.
pub(super) fn check(look: &mut Look<'_>, cluster: &Cluster) {
    for unit in &cluster.units {
        let mut undefined: BTreeMap<String, Vec<OriginId>> = BTreeMap::new();
        for item in unit.items.iter().filter(|item| !item.generated) {
            for (name, at) in unit.variables.undefined(&item.node) {
                let places = undefined.entry(name).or_default();
                if !places.contains(&at) {
                    places.push(at);
                }
            }
        }
        for (name, places) in undefined {
            let more = places.len().saturating_sub(1);
            let message = match more {
                0 => format!(
                    "`${{{name}}}` is not defined in Kustomization `{}`",
                    unit.id.1
                ),
                1 => format!(
                    "`${{{name}}}` is not defined in Kustomization `{}`, here and in another place",
                    unit.id.1
                ),
                more => format!(
                    "`${{{name}}}` is not defined in Kustomization `{}`, here and in {more} more places",
                    unit.id.1
                ),
            };
            let at = places.first().and_then(|at| look.repo.place(*at));
            let build = unit.node.at(&["spec", "postBuild"]).unwrap_or(&unit.node);
            let problem = Diagnostic::warning("undefined-substitution", message)
                .at(at, "nothing is put here")
                .at(look.repo.place(build.origin()), "what is defined");
            look.add(problem.help(
                "define it, give it a default with `:=`, or write `$${` where the text itself is meant",
            ));
        }
    }
}
