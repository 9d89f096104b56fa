//! The policies that are built in: rules in the form of a project's own, which components enforce at admission.

use super::OwnRule;
use super::read::read_policy;
use crate::built_in::built_in;
use syntax::{Diagnostics, Origins, Sources};

/// Where their texts lie, below `src`.
pub(crate) const FOLDER: &str = "rules/admission/";

/// The policies, by id; what is wrong with their texts is reported.
pub fn policies(found: &mut Diagnostics) -> Vec<OwnRule> {
    let (mut sources, mut origins) = (Sources::default(), Origins::default());
    let name = |path: &'static str| path.strip_prefix(FOLDER);
    let files = built_in(name, &mut sources, &mut origins, found);
    let read = files
        .iter()
        .filter_map(|(id, node)| read_policy(id, node, &origins, found));
    read.collect()
}

/// Whether a policy has this id.
pub(super) fn is_policy(id: &str) -> bool {
    crate::built_in::names().any(|path| path.strip_prefix(FOLDER) == Some(id))
}
