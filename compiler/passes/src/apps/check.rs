//! What of apps can't be lowered truthfully: facts that are missing or mean nothing, images that move, calls that lead nowhere.

use super::{Apps, Instance, Patterns, patterns};
use syntax::{Diagnostic, Diagnostics, Node, OriginId, Origins, Text};

/// The longest name that the databases' operator takes.
const DATABASE_NAME: usize = 50;

/// One environment of an app by itself.
pub fn instance(instance: &Instance, known: &Patterns, origins: &Origins, found: &mut Diagnostics) {
    let Some(pattern) = known.get(instance.pattern()) else {
        return;
    };
    refused(instance, pattern, origins, found);
    needed(instance, pattern, origins, found);
    copies(instance, origins, found);
    names(instance, origins, found);
}

/// What the pattern has no meaning for.
fn refused(instance: &Instance, pattern: &Node, origins: &Origins, found: &mut Diagnostics) {
    for refusal in pattern.get("refuses").map_or(&[][..], Node::entries) {
        let entry = instance
            .said
            .as_map()
            .and_then(|map| map.entry(&refusal.key));
        let Some(entry) = entry else { continue };
        let message = format!(
            "`{}` means nothing for the pattern `{}`",
            refusal.key,
            instance.pattern()
        );
        found.add(
            Diagnostic::error("app-field", message)
                .at(origins.place(entry.key_origin), "take it out")
                .help(refusal.value.as_str().unwrap_or_default()),
        );
    }
}

/// What the pattern can't do without.
fn needed(instance: &Instance, pattern: &Node, origins: &Origins, found: &mut Diagnostics) {
    let needs = pattern.get("needs").map_or(&[][..], Node::items).iter();
    for path in needs.filter_map(Node::as_str) {
        for (above, key) in patterns::missing(&instance.said, path) {
            // Of the app itself its name is shown.
            let whole = std::ptr::eq(above, &instance.said);
            let origin = if whole {
                instance.origin()
            } else {
                above.origin()
            };
            let message = format!(
                "{} states no `{}`, which the pattern `{}` needs",
                instance.title(),
                path.trim_end_matches('?'),
                instance.pattern()
            );
            found.add(
                Diagnostic::error("missing-key", message)
                    .at(origins.place(origin), format!("no `{key}` here")),
            );
        }
    }
}

/// How many copies there may be.
fn copies(instance: &Instance, origins: &Origins, found: &mut Diagnostics) {
    let said = &instance.said;
    let number = |path: &[&str]| Some((said.at(path)?.as_i64()?, said.at(path)?.origin()));
    let entry = |key: &str| said.as_map().and_then(|map| map.entry(key));
    if let (Some(replicas), Some(scale)) = (entry("replicas"), entry("scale")) {
        found.add(
            Diagnostic::error(
                "replicas-and-scale",
                "`replicas` and `scale` both say how many copies there are",
            )
            .at(origins.place(scale.key_origin), "by load")
            .at(origins.place(replicas.key_origin), "a fixed number")
            .help("keep one of them; `scale: false` in an environment goes back to a fixed number"),
        );
    }
    let (least, most) = (number(&["scale", "min"]), number(&["scale", "max"]));
    if let (Some((least, at)), Some((most, other))) = (least, most)
        && least > most
    {
        found.add(
            Diagnostic::error(
                "scale-range",
                format!("at least {least} copies are more than at most {most}"),
            )
            .at(origins.place(at), "the fewest")
            .at(origins.place(other), "the most"),
        );
    }
    let alone = said
        .get("storage")
        .map_or(&[][..], Node::entries)
        .iter()
        .find(|entry| entry.value.get("shared").and_then(Node::as_bool) != Some(true));
    let several = number(&["replicas"])
        .filter(|(replicas, _)| *replicas > 1)
        .or(most);
    if let (Some(volume), Some((_, at))) = (alone, several) {
        found.add(
            Diagnostic::error(
                "volume-for-one",
                format!(
                    "several copies can't mount the volume `{}` at once",
                    volume.key
                ),
            )
            .at(origins.place(at), "several copies")
            .at(
                origins.place(volume.key_origin),
                "one node at a time mounts it",
            )
            .help("write `replicas: 1`, or `shared: true` where the storage class can do that"),
        );
    }
}

/// A database's name has a limit of its own.
fn names(instance: &Instance, origins: &Origins, found: &mut Diagnostics) {
    let uses = instance.said.at(&["uses", "postgres"]).is_some();
    if uses && instance.app.len() + "-db".len() > DATABASE_NAME {
        let message = format!(
            "the database of app `{}` would have a name that is too long",
            instance.app
        );
        found.add(
            Diagnostic::error("long-name", message)
                .at(
                    origins.place(instance.origin()),
                    format!("{} characters", instance.app.len()),
                )
                .help(format!(
                    "its operator takes {DATABASE_NAME}, and `-db` is added"
                )),
        );
    }
}

/// Each call leads to an app that listens in the same cluster.
pub fn calls(apps: &Apps, origins: &Origins, found: &mut Diagnostics) {
    let known: Vec<&str> = apps
        .instances
        .iter()
        .map(|other| other.app.as_str())
        .collect();
    let mut said: Vec<OriginId> = Vec::new();
    for (cluster, instances) in apps.placed() {
        for instance in instances {
            let calls = instance.said.get("talksTo").map_or(&[][..], Node::items);
            for call in calls {
                let Some(name) = call.as_str() else { continue };
                let problem = match apps.callee(cluster, instance, name) {
                    Some(callee) if listens(callee) => continue,
                    Some(callee) => deaf(callee),
                    None if known.contains(&name) => elsewhere(apps, cluster, name),
                    None => unknown(name, &known, call, origins),
                };
                if !said.contains(&call.origin()) {
                    said.push(call.origin());
                    let label = format!("called by {}", instance.title());
                    found.add(problem.at(origins.place(call.origin()), label));
                }
            }
        }
    }
}

fn listens(callee: &Instance) -> bool {
    callee.said.get("port").is_some() || callee.pattern() == "database"
}

fn deaf(callee: &Instance) -> Diagnostic {
    let message = format!("{} can't be called: it has no port", callee.title());
    Diagnostic::error("no-port", message).help("`pattern: service` answers other apps")
}

fn elsewhere(apps: &Apps, cluster: &Text, name: &str) -> Diagnostic {
    let of_app = |other: &&Instance| other.app == name;
    let here = apps
        .in_cluster(cluster)
        .map(|(_, other)| other)
        .filter(of_app);
    let environments: Vec<&str> = here
        .filter_map(|other| other.environment.as_deref())
        .collect();
    if environments.is_empty() {
        let message = format!("app `{name}` does not run in cluster `{cluster}`");
        let others = apps.instances.iter().filter(of_app);
        let others: Vec<&str> = others
            .filter_map(|other| other.environment.as_deref())
            .collect();
        let problem = Diagnostic::error("app-elsewhere", message);
        return match others.as_slice() {
            [] => problem.help("let it run in the same clusters"),
            others => problem.help(format!(
                "its environments are: {}; let one of them select the cluster",
                others.join(", ")
            )),
        };
    }
    let message = format!("app `{name}` runs several times in cluster `{cluster}`");
    Diagnostic::error("app-ambiguous", message).help(format!(
        "an environment calls the one of its own name; there are: {}",
        environments.join(", ")
    ))
}

fn unknown(name: &str, known: &[&str], call: &Node, origins: &Origins) -> Diagnostic {
    let problem = Diagnostic::error("unknown-app", format!("there is no app `{name}`"));
    match syntax::suggest::nearest(name, known.iter().copied()) {
        Some(near) => {
            let problem = problem.help(format!("did you mean `{near}`?"));
            match origins.place(call.origin()) {
                Some(span) => problem.fix(span, near),
                None => problem,
            }
        }
        None => problem.help("`talksTo` names apps of this spec; `egress` is for what is outside"),
    }
}
