//! What could be lost: the claims and databases of a cluster's components against its objectives.

use super::backup::{interval, schedule_within, seconds};
use super::cluster::Cluster;
use syntax::{Diagnostic, Diagnostics, Node, Origins, Span};

/// The most frequent copy of volumes, in seconds.
const OFTENEST: u64 = 900;

/// Checks what a cluster's components keep against what its objectives promise.
pub fn check(cluster: &Cluster<'_>, origins: &Origins, found: &mut Diagnostics) {
    let mut check = Recovery {
        cluster,
        origins,
        found,
    };
    check.claims();
    check.databases();
}

/// What would be lost at most, in a line for the build's summary; `None` where nothing is copied.
#[must_use]
pub fn note(cluster: &Cluster<'_>) -> Option<String> {
    let part = |path: &[&str], of: fn(&Node) -> Option<u64>| cluster.at(path).and_then(of);
    let parts = [
        (
            "databases",
            part(&["backup", "databases", "archiveTimeout"], seconds),
        ),
        (
            "volumes",
            part(&["backup", "volumes", "schedule"], interval),
        ),
        ("etcd", part(&["backup", "etcd", "schedule"], interval)),
    ];
    let lost: Vec<String> = parts
        .into_iter()
        .filter_map(|(name, most)| Some(format!("{} of {name}", shown(most?))))
        .collect();
    if lost.is_empty() {
        return None;
    }
    let objective = part(&["objectives", "rpo"], seconds);
    let objective = objective.map_or(String::new(), |rpo| format!(" (objective: {})", shown(rpo)));
    Some(format!(
        "At most this is lost: {}{objective}.",
        lost.join(", ")
    ))
}

/// A length of time in the largest unit that it fills.
#[must_use]
pub fn shown(seconds: u64) -> String {
    let units = [(86_400, "d"), (3600, "h"), (60, "m")];
    let unit = units
        .iter()
        .find(|(unit, _)| seconds >= *unit && seconds.is_multiple_of(*unit));
    match unit {
        Some((unit, name)) => format!("{}{name}", seconds / unit),
        None => format!("{seconds}s"),
    }
}

/// A claim whose content nothing can make again.
struct Primary<'a> {
    claim: &'a Node,
    /// What bounds its loss: its own objective, or the cluster's.
    rpo: &'a Node,
    bound: u64,
    /// The claim and its component, in words.
    title: String,
}

struct Recovery<'a, 'o> {
    cluster: &'a Cluster<'a>,
    origins: &'o Origins,
    found: &'o mut Diagnostics,
}

impl<'a> Recovery<'a, '_> {
    fn at(&self, path: &[&str]) -> Option<&'a Node> {
        let node = self.cluster.at(path);
        node.filter(|node| !node.is_null() && !node.is_off())
    }

    /// Every claim of the cluster's components that this one copies, with whose it is.
    fn copied_by(&self, copier: &str) -> impl Iterator<Item = (String, &'a Node)> {
        let components = self.cluster.components.iter();
        let claims = components.flat_map(|component| {
            let claims = component
                .declares
                .get("claims")
                .map_or(&[][..], Node::items);
            claims.iter().map(move |claim| (component.title(), claim))
        });
        let copies = move |claim: &Node| claim.str_at(&["copiedBy"]).unwrap_or("volumes") == copier;
        claims.filter(move |(_, claim)| copies(claim))
    }

    /// Those whose content nothing can make again, and that an objective binds.
    fn primary(&self, copier: &str) -> Vec<Primary<'a>> {
        let rpo = self.at(&["objectives", "rpo"]);
        let primary = self
            .copied_by(copier)
            .filter(|(_, claim)| is_primary(claim));
        let bound = primary.filter_map(|(owner, claim)| {
            let rpo = claim.get("rpo").or(rpo)?;
            let name = claim.str_at(&["name"]).unwrap_or_default();
            Some(Primary {
                claim,
                rpo,
                bound: seconds(rpo)?,
                title: format!("claim `{name}` of {owner}"),
            })
        });
        bound.collect()
    }

    /// Primary data must be copied, and as often as the objective says.
    fn claims(&mut self) {
        let volumes = self.at(&["backup", "volumes"]);
        let schedule = volumes.and_then(|volumes| volumes.get("schedule"));
        for primary in self.primary("volumes") {
            match schedule {
                None => self.uncopied(&primary),
                Some(schedule) => {
                    let gap = interval(schedule).unwrap_or(0);
                    if gap > primary.bound {
                        self.too_rare(&primary, schedule, gap);
                    }
                }
            }
        }
    }

    fn uncopied(&mut self, primary: &Primary<'_>) {
        let message = format!(
            "nothing copies the {}, and it is bound by an RPO",
            primary.title
        );
        let off = self
            .cluster
            .at(&["backup", "volumes"])
            .or(self.cluster.at(&["backup"]));
        let mut problem = Diagnostic::error("data-without-backup", message)
            .at(
                self.place(primary.rpo),
                format!("at most {} may be lost", shown(primary.bound)),
            )
            .at(self.stated(primary.claim), "primary data");
        if let Some(off) = off.filter(|off| off.is_off()) {
            problem = problem.at(self.place(off), "switched off here");
        }
        self.found
            .add(problem.help("write `backup: { volumes: true }`, with a `target`"));
    }

    fn too_rare(&mut self, primary: &Primary<'_>, schedule: &Node, gap: u64) {
        let message = format!(
            "volumes are copied too rarely for the RPO of the {}",
            primary.title
        );
        let help = if primary.bound < OFTENEST {
            format!(
                "no copy of volumes is made more often than every {}: keep it in a database, whose archive follows at once, or allow more",
                shown(OFTENEST)
            )
        } else {
            let within = schedule_within(primary.bound);
            format!(
                "write `schedule: \"{within}\"`, or keep it in a database, whose archive follows at once"
            )
        };
        let (here, there) = (self.place(schedule), self.place(primary.rpo));
        let mut problem = Diagnostic::error("schedule-beyond-rpo", message)
            .at(here, format!("up to {} apart", shown(gap)));
        if there != here {
            problem = problem.at(
                there,
                format!("at most {} may be lost", shown(primary.bound)),
            );
        }
        let problem = problem.at(self.stated(primary.claim), "primary data");
        self.found.add(problem.help(help));
    }

    /// Databases keep a close objective only with an archive.
    fn databases(&mut self) {
        let served = self.cluster.choices.get("databases.postgres");
        let Some(served) = served.filter(|choice| choice.as_str().is_some()) else {
            return;
        };
        if self.at(&["backup", "databases"]).is_some() {
            return;
        }
        // Where each database says that it needs no backup, nothing is missing.
        let stated: Vec<&Node> = self
            .copied_by("databases")
            .map(|(_, claim)| claim)
            .collect();
        if !stated.is_empty() && !stated.iter().any(|claim| is_primary(claim)) {
            return;
        }
        let place = self.place(served);
        let help = "write `backup: { databases: true }`, with a `target`";
        if let Some(rpo) = self.at(&["objectives", "rpo"]) {
            let bound = seconds(rpo).map_or(String::new(), shown);
            let message = "nothing archives this cluster's databases, and an RPO binds them";
            let mut problem = Diagnostic::error("databases-without-archive", message)
                .at(self.place(rpo), format!("at most {bound} may be lost"))
                .at(place, "databases run here");
            if let Some(off) = self.switched_off("databases") {
                problem = problem.at(self.place(off), "switched off here");
            }
            self.found.add(problem.help(help));
        }
    }

    fn switched_off(&self, part: &str) -> Option<&'a Node> {
        let part = self.cluster.at(&["backup", part]);
        let off = part.or_else(|| self.cluster.at(&["backup"]));
        off.filter(|node| node.is_off())
    }

    /// Where the spec says that there is a claim, else where its component does.
    fn stated(&self, claim: &Node) -> Option<Span> {
        let is_users = |span: &&Span| {
            let source = self.cluster.platform.sources.get(span.file);
            source.is_some_and(|source| !source.name().starts_with('<'))
        };
        let size = claim.get("size").unwrap_or(claim);
        let spans = self.origins.spans(size.origin());
        let users = spans.iter().find(is_users).copied();
        users
            .filter(|_| self.place(claim).is_none_or(|span| !is_users(&&span)))
            .or_else(|| self.place(claim))
    }

    fn place(&self, node: &Node) -> Option<Span> {
        self.origins.place(node.origin())
    }
}

fn is_primary(claim: &Node) -> bool {
    claim.str_at(&["data"]) == Some("primary")
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn lengths_are_shown_in_whole_units() {
        let shown: Vec<String> = [30, 90, 900, 5400, 7200, 86_400].map(shown).into();
        assert_eq!(shown, ["30s", "90s", "15m", "90m", "2h", "1d"]);
    }
}
