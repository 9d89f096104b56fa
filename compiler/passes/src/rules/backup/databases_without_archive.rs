//! `databases-without-archive`: where copies have a place to go to, databases go there or somebody said no.

use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};
use syntax::Node;

pub const RULE: Rule = Rule {
    id: "databases-without-archive",
    group: Group::Backup,
    levels: Levels::all(Level::Warning),
    page: include_str!("databases-without-archive.md"),
    on: On::Cluster(check),
};

fn check(view: &View<'_>, told: &mut Told) {
    let Some((served, target)) = speaks(view) else {
        return;
    };
    told.add(
        Finding::new("nothing archives this cluster's databases")
            .at(served.origin(), "databases run here")
            .at(target.origin(), "copies go here")
            .help("write `databases: true`, or `databases: false` if that is meant"),
    );
}

/// What serves databases and where copies go, if nobody decided about the former.
pub(super) fn speaks<'a>(view: &View<'a>) -> Option<(&'a Node, &'a Node)> {
    let served = view.cluster.choices.get("databases.postgres");
    let served = served.filter(|choice| choice.as_str().is_some())?;
    let target = view.on(&["backup", "target"])?;
    // With an RPO it is an error of the compiler's.
    let decided = view.cluster.at(&["backup", "databases"]).is_some()
        || view.on(&["objectives", "rpo"]).is_some();
    // Where each database says that it needs no backup, nothing is missing.
    let stated = view.cluster.components.iter().flat_map(|component| {
        let claims = component.declares.get("claims");
        let claims = claims.map_or(&[][..], Node::items).iter();
        claims.filter(|claim| claim.str_at(&["copiedBy"]) == Some("databases"))
    });
    let mut stated = stated.peekable();
    let needed =
        stated.peek().is_none() || stated.any(|claim| claim.str_at(&["data"]) == Some("primary"));
    (!decided && needed).then_some((served, target))
}
