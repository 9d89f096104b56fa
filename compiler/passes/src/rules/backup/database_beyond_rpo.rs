//! `database-beyond-rpo`: each database is archived as soon as its objective asks for, whatever its own parameters say.

use super::data::{archiver, databases};
use crate::resolve::backup::seconds;
use crate::resolve::recovery::shown;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Told, View};

pub const RULE: Rule = Rule {
    id: "database-beyond-rpo",
    group: Group::Backup,
    levels: Levels::all(Level::Error),
    page: include_str!("database-beyond-rpo.md"),
    on: On::Cluster(check),
};

const TIMEOUT: [&str; 4] = ["spec", "postgresql", "parameters", "archive_timeout"];
/// PostgreSQL's units of time, in seconds; a bare number is of seconds.
const UNITS: [(&str, u64); 5] = [("min", 60), ("h", 3600), ("d", 86_400), ("s", 1), ("", 1)];

fn check(view: &View<'_>, told: &mut Told) {
    for subject in databases(view) {
        let (id, node) = (&subject.object.id, &subject.object.node);
        let own = node.at(&["metadata", "annotations", "formwork.dev/rpo"]);
        let rpo = own.or_else(|| view.on(&["objectives", "rpo"]));
        let timeout = node.at(&TIMEOUT).filter(|_| archiver(node).is_some());
        let (Some(rpo), Some(timeout)) = (rpo, timeout) else {
            continue;
        };
        let stated = timeout.scalar_text();
        let waits = stated.as_deref().and_then(length);
        let (Some(waits), Some(bound)) = (waits, seconds(rpo)) else {
            continue;
        };
        // Nothing is the longest wait: a segment is archived when it is full.
        if waits != 0 && waits <= bound {
            continue;
        }
        let label = match waits {
            0 => "waits until a segment is full".to_owned(),
            _ => format!("may wait {}", shown(waits)),
        };
        let finding = Finding::new(format!("the database `{}` is archived too late", id.name))
            .at(view.users_origin(timeout.origin()), label)
            .at(
                view.users_origin(rpo.origin()),
                format!("at most {} may be lost", shown(bound)),
            )
            .object(id)
            .because(subject.object.because)
            .help("take `archive_timeout` out: it then follows the objective");
        told.add(match subject.component {
            Some(component) => finding.component(component),
            None => finding,
        });
    }
}

/// The seconds of a parameter.
fn length(text: &str) -> Option<u64> {
    UNITS.iter().find_map(|(unit, scale)| {
        let number = text.trim().strip_suffix(unit)?.trim_end();
        number.parse::<u64>().ok()?.checked_mul(*scale)
    })
}

#[cfg(test)]
mod tests {
    use super::length;

    #[test]
    fn lengths_are_postgresqls() {
        for (text, seconds) in [
            ("300", Some(300)),
            ("300s", Some(300)),
            ("5min", Some(300)),
            ("1 h", Some(3600)),
            ("1d", Some(86_400)),
            ("500ms", None),
            ("soon", None),
        ] {
            assert_eq!(length(text), seconds, "{text}");
        }
    }
}
