//! `no-such-path`: the folder that a Kustomization applies is there.

use super::paths::{Folders, added, path};
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use syntax::Node;
use syntax::suggest::nearest;

pub const RULE: Rule = Rule {
    id: "no-such-path",
    group: Group::Graph,
    levels: Levels::all(Level::Error),
    page: include_str!("no-such-path.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    let mut added = added(view).peekable();
    if added.peek().is_none() {
        return;
    }
    let folders = Folders::of(view);
    // What else lies in the repository is not known; what is in this cluster's folder is.
    let Some(cluster) = folders.cluster else {
        return;
    };
    let known = |name: &str| {
        let units = folders.units.values();
        units
            .map(|unit| unit.object.id.name.as_str())
            .any(|unit| unit == name)
    };
    for subject in added {
        let Some(rest) = path(subject).and_then(|path| path.strip_prefix(cluster)) else {
            continue;
        };
        let name = rest.split('/').next().unwrap_or(rest);
        if name == "flux" || known(name) {
            continue;
        }
        let id = &subject.object.id;
        let stated = subject.object.node.at(&["spec", "path"]);
        let names = folders
            .units
            .values()
            .map(|unit| unit.object.id.name.as_str());
        told.add(
            Finding::new(format!(
                "{id} applies the folder `{name}` of this cluster, which is not there"
            ))
            .at(
                stated.map(Node::origin).unwrap_or_default(),
                "no unit is called so",
            )
            .help(match nearest(name, names) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "name a folder that there is: each unit has one".to_owned(),
            })
            .object(id)
            .because(subject.object.because),
        );
    }
}
