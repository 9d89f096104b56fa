//! All cells of both outputs: each change once, with the clusters that have it.

use super::CLUSTER;
use super::cell::{Change, Counts, Verb};
use super::effect::Effect;
use std::collections::BTreeMap;
use syntax::Text;

/// What changes between two outputs.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Changes by the clusters that have them, most clusters first.
    pub groups: Vec<Group>,
    /// Clusters that were not there, with what they are made of.
    pub added: Vec<(Text, Counts)>,
    /// Clusters that are no longer described.
    pub removed: Vec<(Text, Counts)>,
    /// What changes, in every cluster.
    pub counts: Counts,
    /// What that does, the gravest first, with the clusters where.
    pub effects: Vec<(Effect, Vec<Text>)>,
    /// How many clusters were compared.
    pub clusters: usize,
    /// How many of them are not what they were.
    pub touched: usize,
}

/// Changes that the same clusters have.
#[derive(Clone, Debug)]
pub struct Group {
    /// The clusters, by name.
    pub clusters: Vec<Text>,
    /// The changes, by unit and name.
    pub changes: Vec<Change>,
}

/// Cells on their way into a plan, in any order.
#[derive(Clone, Debug, Default)]
pub struct Collapse {
    changes: BTreeMap<String, (Change, Vec<Text>)>,
    effects: BTreeMap<Effect, Vec<Text>>,
    plan: Plan,
}

impl Plan {
    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.added.is_empty() && self.removed.is_empty()
    }
}

impl Collapse {
    /// Takes what changes in a cluster that both outputs have.
    pub fn cell(&mut self, cluster: &str, changes: Vec<Change>) {
        self.plan.clusters += 1;
        self.plan.touched += usize::from(!changes.is_empty());
        self.plan.counts.add(Counts::of(&changes));
        for effect in changes.iter().flat_map(|change| &change.effects) {
            let clusters = self.effects.entry(effect.clone()).or_default();
            if clusters.last().is_none_or(|last| last != cluster) {
                clusters.push(cluster.into());
            }
        }
        for change in changes.into_iter().flat_map(Change::split) {
            self.take(change.key(), change, vec![cluster.into()]);
        }
    }

    /// Takes a cluster that only one output has: all of it comes or goes.
    pub fn whole(&mut self, cluster: &str, verb: Verb, changes: &[Change]) {
        self.plan.clusters += 1;
        self.plan.touched += 1;
        let counts = Counts::of(changes);
        self.plan.counts.add(counts);
        let list = match verb {
            Verb::Added | Verb::Changed => &mut self.plan.added,
            Verb::Removed | Verb::Orphaned => &mut self.plan.removed,
        };
        list.push((cluster.into(), counts));
    }

    /// Takes what another one took.
    pub fn absorb(&mut self, other: Collapse) {
        for (key, (change, clusters)) in other.changes {
            self.take(key, change, clusters);
        }
        for (effect, clusters) in other.effects {
            self.effects.entry(effect).or_default().extend(clusters);
        }
        let (plan, theirs) = (&mut self.plan, other.plan);
        plan.clusters += theirs.clusters;
        plan.touched += theirs.touched;
        plan.counts.add(theirs.counts);
        plan.added.extend(theirs.added);
        plan.removed.extend(theirs.removed);
    }

    fn take(&mut self, key: String, change: Change, clusters: Vec<Text>) {
        match self.changes.get_mut(&key) {
            Some((known, had)) => {
                known.absorb(change);
                had.extend(clusters);
            }
            None => {
                self.changes.insert(key, (change, clusters));
            }
        }
    }

    /// The plan, once all cells are in.
    #[must_use]
    pub fn finish(mut self) -> Plan {
        self.without_names();
        let mut groups: BTreeMap<Vec<Text>, Vec<Change>> = BTreeMap::new();
        for (change, mut clusters) in self.changes.into_values() {
            clusters.sort_unstable();
            groups.entry(clusters).or_default().push(change);
        }
        let group = |(clusters, changes)| Group {
            clusters,
            changes: joined(changes),
        };
        let mut plan = self.plan;
        plan.groups = groups.into_iter().map(group).collect();
        let size = |group: &Group| std::cmp::Reverse(group.clusters.len());
        plan.groups.sort_by_key(size);
        plan.effects = self.effects.into_iter().collect();
        for (_, places) in &mut plan.effects {
            places.sort_unstable();
            places.dedup();
        }
        plan.added.sort_by(|a, b| a.0.cmp(&b.0));
        plan.removed.sort_by(|a, b| a.0.cmp(&b.0));
        plan
    }

    /// Changes that differ only in the names of their clusters become one.
    fn without_names(&mut self) {
        let mut alike: BTreeMap<String, Vec<(String, Text)>> = BTreeMap::new();
        for (key, (change, clusters)) in &self.changes {
            if let [cluster] = clusters.as_slice() {
                let nameless = nameless(change, cluster).key();
                let same = alike.entry(nameless).or_default();
                same.push((key.clone(), cluster.clone()));
            }
        }
        for (nameless_key, keys) in alike {
            if keys.len() < 2 {
                continue;
            }
            for (key, cluster) in keys {
                if let Some((change, clusters)) = self.changes.remove(&key) {
                    let change = nameless(&change, &cluster);
                    self.take(nameless_key.clone(), change, clusters);
                }
            }
        }
        self.effects_without_names();
    }

    fn effects_without_names(&mut self) {
        let mut alike: BTreeMap<Effect, Vec<Effect>> = BTreeMap::new();
        for (effect, clusters) in &self.effects {
            if let [cluster] = clusters.as_slice() {
                let nameless = Effect {
                    subject: without(&effect.subject, cluster).to_string(),
                    ..effect.clone()
                };
                alike.entry(nameless).or_default().push(effect.clone());
            }
        }
        for (nameless, effects) in alike.into_iter().filter(|(_, all)| all.len() > 1) {
            let clusters = effects
                .iter()
                .filter_map(|effect| self.effects.remove(effect));
            let clusters: Vec<Text> = clusters.flatten().collect();
            self.effects.entry(nameless).or_default().extend(clusters);
        }
    }
}

/// The changes of a group by unit and name, the fields of each document together and by their place.
fn joined(mut changes: Vec<Change>) -> Vec<Change> {
    changes.sort_by(|a, b| a.name().cmp(&b.name()));
    let mut joined: Vec<Change> = Vec::new();
    for change in changes {
        match joined.last_mut() {
            Some(last) if last.name() == change.name() && !last.fields.is_empty() => {
                last.because.extend(change.because);
                last.fields.extend(change.fields);
            }
            Some(_) | None => joined.push(change),
        }
    }
    for change in &mut joined {
        change.fields.sort_by(|a, b| a.at.cmp(&b.at));
    }
    joined
}

/// A change with a placeholder for its cluster's name.
fn nameless(change: &Change, cluster: &str) -> Change {
    change.map(&|text| without(text, cluster))
}

/// A text with a placeholder for a name that stands in it as a word.
fn without(text: &str, name: &str) -> Text {
    let mut shown = Text::new();
    let mut rest = text;
    let mut before = None;
    while let Some(at) = rest.find(name).filter(|_| !name.is_empty()) {
        let (head, tail) = rest.split_at(at);
        let after = tail.strip_prefix(name).unwrap_or(tail);
        let is_part = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let last = head.chars().next_back().or(before);
        shown.push_str(head);
        match is_part(last) || is_part(after.chars().next()) {
            true => shown.push_str(name),
            false => shown.push_str(CLUSTER),
        }
        before = name.chars().next_back();
        rest = after;
    }
    shown.push_str(rest);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_replaced_where_it_is_a_word() {
        for (text, shown) in [
            ("prod", "{cluster}"),
            ("prod.example.org", "{cluster}.example.org"),
            ("cp-1.prod, prod-2", "cp-1.{cluster}, {cluster}-2"),
            ("production, nonprod", "production, nonprod"),
            ("prodprod", "prodprod"),
            ("", ""),
        ] {
            assert_eq!(without(text, "prod"), shown);
        }
    }
}
