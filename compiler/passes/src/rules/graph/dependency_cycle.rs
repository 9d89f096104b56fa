//! `dependency-cycle`: nothing waits for itself.

use super::flux::{Index, Key, key, named};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use std::collections::{BTreeMap, BTreeSet};
use syntax::{Node, OriginId};

pub const RULE: Rule = Rule {
    id: "dependency-cycle",
    group: Group::Graph,
    levels: Levels::all(Level::Error),
    page: include_str!("dependency-cycle.md"),
    on: On::Cluster(check),
};

/// What each object waits for, and where it says so.
type Edges<'v> = BTreeMap<Key<'v>, Vec<(Key<'v>, OriginId)>>;

fn check(view: &View<'_>, told: &mut Told) {
    let index = Index::of(view);
    for kind in ["Kustomization", "HelmRelease"] {
        let mut edges = Edges::new();
        for subject in index.each(kind) {
            let waits = subject.object.node.at(&["spec", "dependsOn"]);
            for reference in waits.map_or(&[][..], Node::items) {
                let home = &subject.object.id.namespace;
                if let Some((namespace, name, origin)) = named(reference, home) {
                    let to = (kind, namespace, name);
                    edges.entry(key(subject)).or_default().push((to, origin));
                }
            }
        }
        let mut walk = Walk {
            edges: &edges,
            done: BTreeSet::new(),
            way: Vec::new(),
        };
        for start in edges.keys() {
            if let Some((circle, origin)) = walk.from(*start) {
                tell(&index, &circle, origin, told);
            }
        }
    }
}

fn tell(index: &Index<'_, '_>, circle: &[Key<'_>], origin: OriginId, told: &mut Told) {
    let Some(subject) = circle.last().and_then(|last| index.get(*last)) else {
        return;
    };
    // The last of the circle is who speaks.
    let others = circle.iter().take(circle.len().saturating_sub(1));
    let others: Vec<String> = others.map(|(_, _, name)| format!("`{name}`")).collect();
    let way = match others.as_slice() {
        [] => "itself".to_owned(),
        others => format!("itself by way of {}", others.join(" and ")),
    };
    let id = &subject.object.id;
    told.add(
        Finding::new(format!("{id} waits for {way}"))
            .at(origin, "none of them is ever applied")
            .help("take out one of the edges: usually the one from what the other needs to start")
            .object(id)
            .because(subject.object.because),
    );
}

struct Walk<'v> {
    edges: &'v Edges<'v>,
    done: BTreeSet<Key<'v>>,
    way: Vec<Key<'v>>,
}

impl<'v> Walk<'v> {
    /// A circle that is met from here, and the edge that closes it.
    fn from(&mut self, at: Key<'v>) -> Option<(Vec<Key<'v>>, OriginId)> {
        if !self.done.insert(at) {
            return None;
        }
        self.way.push(at);
        let found = self.onwards(at);
        self.way.pop();
        found
    }

    fn onwards(&mut self, at: Key<'v>) -> Option<(Vec<Key<'v>>, OriginId)> {
        let edges = self.edges.get(&at)?;
        edges.iter().find_map(|(to, origin)| {
            let back = self.way.iter().position(|key| key == to);
            match back {
                Some(back) => Some((self.way.iter().skip(back).copied().collect(), *origin)),
                None => self.from(*to),
            }
        })
    }
}
