//! What `.sops.yaml` says of a file: the first rule whose pattern is found in its path.

use regex_lite::Regex;
use std::collections::BTreeSet;
use syntax::{Node, Text};

/// The creation rules, read.
pub(super) struct CreationRules<'a>(Vec<(Option<Regex>, &'a Node)>);

impl<'a> CreationRules<'a> {
    /// Reads them; `None` where a pattern is of a kind that only SOPS understands.
    pub(super) fn read(sops: &'a Node) -> Option<CreationRules<'a>> {
        let rules = sops
            .get("creation_rules")
            .map_or(&[][..], Node::items)
            .iter();
        let rules = rules.map(|rule| {
            let pattern = rule.str_at(&["path_regex"]).filter(|it| !it.is_empty());
            let pattern = match pattern {
                Some(pattern) => Some(Regex::new(pattern).ok()?),
                None => None,
            };
            Some((pattern, rule))
        });
        rules.collect::<Option<Vec<_>>>().map(CreationRules)
    }

    /// The rule for a file.
    pub(super) fn of(&self, path: &str) -> Option<&'a Node> {
        let fits = |pattern: &Option<Regex>| pattern.as_ref().is_none_or(|it| it.is_match(path));
        self.0
            .iter()
            .find(|(pattern, _)| fits(pattern))
            .map(|(_, rule)| *rule)
    }
}

/// The keys of age that a rule seals to; `None` where other means seal too.
pub(super) fn recipients(rule: &Node) -> Option<BTreeSet<Text>> {
    const OTHERS: [&str; 7] = [
        "pgp",
        "kms",
        "gcp_kms",
        "hckms",
        "azure_keyvault",
        "hc_vault_transit_uri",
        "key_groups",
    ];
    if OTHERS
        .iter()
        .any(|key| rule.get(key).is_some_and(|it| !it.is_null()))
    {
        return None;
    }
    let stated = rule.get("age")?;
    let texts = stated
        .items()
        .iter()
        .chain(stated.as_str().is_some().then_some(stated));
    let keys = texts
        .filter_map(Node::as_str)
        .flat_map(|text| text.split(','));
    let keys = keys.map(str::trim).filter(|key| !key.is_empty());
    Some(keys.map(Text::from).collect())
}
