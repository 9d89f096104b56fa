//! The Secrets that a cluster's components declare, and what may be known of each without a key.

use crate::lower::kubernetes::is_made_in_cluster;
use crate::resolve::cluster::{Cluster, resolve_cluster};
use crate::resolve::{ClusterSpec, Platform};
use crate::sealed::{FOLDER, Sealed, Secret};
use jiff::civil::Date;
use model::form::parse_duration;
use std::collections::BTreeSet;
use syntax::{Diagnostics, Node, Origins, Text};

/// What a cluster needs.
#[derive(Debug)]
pub struct Needs {
    /// The cluster.
    pub cluster: Text,
    /// The Secrets, by namespace and name.
    pub secrets: Vec<Needed>,
    /// Who may open them, as the spec says: people, and the cluster itself.
    pub recipients: BTreeSet<Text>,
    /// How many days a value may stay as it is.
    pub days: Option<u64>,
    /// What was found on the way.
    pub found: Diagnostics,
}

/// A Secret that somebody declares.
#[derive(Debug)]
pub struct Needed {
    /// Its namespace.
    pub namespace: Text,
    /// Its name.
    pub name: Text,
    /// Its keys; of some it is not said.
    pub keys: Vec<Text>,
    /// Whether its keys hold an AWS credentials file.
    pub is_ini: bool,
    /// Who declares it, in words.
    pub by: Vec<String>,
    /// The sealed file that has it.
    pub sealed: Option<Known>,
}

/// What may be known of a sealed Secret.
#[derive(Debug)]
pub struct Known {
    /// Its file, beside the spec.
    pub path: String,
    /// Its keys, each with the day of its value where that is known.
    pub keys: Vec<(Text, Option<Text>)>,
    /// Who can open it.
    pub recipients: BTreeSet<Text>,
}

impl Needs {
    /// Whether a value of one day is too old on another.
    #[must_use]
    pub fn is_too_old(&self, day: Option<&str>, today: Option<&str>) -> bool {
        let age = day.zip(today).and_then(|(day, today)| age(day, today));
        age.zip(self.days).is_some_and(|(age, most)| age > most)
    }
}

/// How many days lie between two.
pub(crate) fn age(day: &str, today: &str) -> Option<u64> {
    let (day, today): (Date, Date) = (day.parse().ok()?, today.parse().ok()?);
    u64::try_from(today.duration_since(day).as_hours() / 24).ok()
}

impl Needed {
    /// The file that has it, or should.
    #[must_use]
    pub fn path(&self, cluster: &str) -> String {
        match &self.sealed {
            Some(known) => known.path.clone(),
            None => format!("{FOLDER}/{cluster}/{}/{}.yaml", self.namespace, self.name),
        }
    }

    /// The keys that it lacks.
    pub fn missing(&self) -> impl Iterator<Item = &Text> {
        let known = self.sealed.as_ref().map_or(&[][..], |it| &it.keys);
        let lacks = |key: &&Text| !known.iter().any(|(there, _)| there == *key);
        self.keys.iter().filter(lacks)
    }
}

/// What a cluster needs.
#[must_use]
pub fn needs(platform: &Platform, spec: &ClusterSpec) -> Needs {
    let mut origins = Origins::extending(&platform.origins);
    let mut found = Diagnostics::default();
    let cluster = resolve_cluster(platform, spec, &mut origins, &mut found);
    let mut secrets: Vec<Needed> = Vec::new();
    for component in &cluster.components {
        for declared in component.secrets.items() {
            if is_made_in_cluster(&cluster, component, declared) {
                continue;
            }
            let home = component.namespace_name().unwrap_or_default();
            if let Some(needed) = needed(declared, home) {
                join(&mut secrets, needed, component.title());
            }
        }
    }
    let files = platform.sealed.get(&cluster.name);
    for needed in &mut secrets {
        needed.sealed = known(&cluster, needed, files.map_or(&[][..], Vec::as_slice));
    }
    secrets.sort_by(|a, b| (&a.namespace, &a.name).cmp(&(&b.namespace, &b.name)));
    let stated = cluster.at(&["secrets"]);
    let age = stated.and_then(|it| it.str_at(&["maxAge"]));
    Needs {
        cluster: cluster.name.clone(),
        secrets,
        recipients: stated.map(recipients).unwrap_or_default(),
        days: age.and_then(parse_duration).map(|it| it / DAY),
        found,
    }
}

/// A day, in milliseconds.
pub(crate) const DAY: u64 = 24 * 60 * 60 * 1000;

/// Whom a cluster's secrets are for, by its `secrets`: people, and the cluster itself.
pub(crate) fn recipients(secrets: &Node) -> BTreeSet<Text> {
    let people = secrets.get("people").map_or(&[][..], Node::items);
    let all = people.iter().chain(secrets.get("key"));
    all.filter_map(Node::as_str).map(Text::from).collect()
}

fn needed(declared: &Node, home: &str) -> Option<Needed> {
    let keys = declared.get("keys").map_or(&[][..], Node::items).iter();
    Some(Needed {
        namespace: declared.str_at(&["namespace"]).unwrap_or(home).into(),
        name: declared.str_at(&["name"])?.into(),
        keys: keys.filter_map(Node::as_str).map(Text::from).collect(),
        is_ini: declared.str_at(&["shape"]) == Some("ini"),
        by: Vec::new(),
        sealed: None,
    })
}

/// Two that declare one Secret need the keys of both.
fn join(all: &mut Vec<Needed>, needed: Needed, by: String) {
    let known = all
        .iter_mut()
        .find(|it| it.namespace == needed.namespace && it.name == needed.name);
    match known {
        Some(known) => {
            for key in needed.keys {
                if !known.keys.contains(&key) {
                    known.keys.push(key);
                }
            }
            known.by.push(by);
        }
        None => all.push(Needed {
            by: vec![by],
            ..needed
        }),
    }
}

fn known(cluster: &Cluster<'_>, needed: &Needed, files: &[Sealed]) -> Option<Known> {
    let mut here = files.iter().filter(|it| it.namespace == needed.namespace);
    here.find_map(|file| {
        let secret = file.secrets.iter().find(|it| it.name == needed.name)?;
        Some(Known {
            path: file.path(&cluster.name),
            keys: secret
                .keys
                .iter()
                .map(|key| (key.clone(), day(file, secret, key)))
                .collect(),
            recipients: file.recipients.clone(),
        })
    })
}

/// The day of a value. A file's own day is that of its last change: a key of which no day is noted is at least that old.
pub(crate) fn day(file: &Sealed, secret: &Secret, key: &str) -> Option<Text> {
    secret.dates.get(key).or(file.changed.as_ref()).cloned()
}
