//! The one merge.

use crate::diagnostic::Diagnostics;
use crate::node::{Kind, Node};
use crate::origin::Origins;

/// Which lists append instead of replacing.
#[derive(Clone, Debug, Default)]
pub struct MergeRules {}

impl MergeRules {
    /// All lists replace.
    #[must_use]
    pub fn none() -> Self {
        MergeRules::default()
    }
}

/// Merges the more specific `over` into `base`.
pub fn merge(
    base: Node,
    over: Node,
    rules: &MergeRules,
    origins: &mut Origins,
    found: &mut Diagnostics,
) -> Node {
    let at = over.origin();
    match (base.into_kind(), over.into_kind()) {
        (Kind::Map(mut base), Kind::Map(over)) => {
            for entry in over.into_entries() {
                let value = match base.remove(&entry.key) {
                    Some(old) => merge(old.value, entry.value, rules, origins, found),
                    None => entry.value,
                };
                base.set(entry.key, entry.key_origin, value);
            }
            Node::map(base, at)
        }
        (_, over) => Node::new(over, at),
    }
}
