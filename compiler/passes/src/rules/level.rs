//! How much each finding matters in a cluster, by what the spec says of rules, and what it lets pass.

use super::found::{Finding, Told};
use super::place::Places;
use super::rule::{Level, Levels};
use crate::resolve::Platform;
use crate::resolve::cluster::Cluster;
use globset::GlobBuilder;
use model::object::ObjectId;
use std::collections::BTreeMap;
use syntax::{Diagnostic, Diagnostics, Entry, Map, Node, OriginId, Origins, Span, Text};

/// What became of what a spec says of rules: of its exceptions, and of levels that let pass what is an error elsewhere.
#[derive(Clone, Debug, Default)]
pub struct Exceptions {
    /// By where an exception stands.
    fates: BTreeMap<Span, Fate>,
    /// The levels that nobody gives a reason for, by where they stand: the rule, and what it is there.
    unsaid: BTreeMap<Span, (Text, Level)>,
}

/// What became of an exception.
#[derive(Clone, Debug, Default)]
struct Fate {
    rule: Text,
    used: bool,
    /// The last day, where that is over.
    over: Option<Text>,
}

/// A level in which each rule's entry is a map, so that levels merge whichever way each of them says it.
pub fn spell_out(level: &mut Node) {
    let Some(map) = level.as_map_mut() else {
        return;
    };
    if let Some(rules) = map.get_mut("rules") {
        spell_out_rules(rules);
    }
    let components = map.get_mut("components").and_then(Node::as_map_mut);
    for entry in components.map_or(&mut [][..], Map::entries_mut) {
        let component = entry.value.as_map_mut();
        if let Some(rules) = component.and_then(|map| map.get_mut("rules")) {
            spell_out_rules(rules);
        }
    }
}

fn spell_out_rules(rules: &mut Node) {
    for entry in rules.as_map_mut().map_or(&mut [][..], Map::entries_mut) {
        if entry.value.as_str().is_some() {
            let level = std::mem::replace(&mut entry.value, Node::null(OriginId::default()));
            let origin = level.origin();
            entry.value = Node::from_entries([("level", level)], origin);
        }
    }
}

/// What is said of one rule in one place: at a level of the spec, below a component, or in the component itself.
struct Said<'a> {
    rule: &'a Node,
    /// Whether it is the user's: what a component of the library lets pass need not be used.
    counts: bool,
}

/// Weighs findings.
pub(super) struct Scales<'a> {
    general: Option<&'a Node>,
    cluster: Option<&'a Cluster<'a>>,
    platform: &'a Platform,
    relied_on: bool,
    origins: &'a Origins,
}

impl<'a> Scales<'a> {
    /// For the findings of a cluster.
    pub(super) fn of_cluster(
        cluster: &'a Cluster<'a>,
        relied_on: bool,
        origins: &'a Origins,
    ) -> Self {
        Scales {
            general: cluster.at(&["rules"]),
            cluster: Some(cluster),
            platform: cluster.platform,
            relied_on,
            origins,
        }
    }

    /// For the findings of the platform itself.
    pub(super) fn of_platform(platform: &'a Platform) -> Self {
        Scales {
            general: platform.settings().get("rules"),
            cluster: None,
            platform,
            relied_on: false,
            origins: &platform.origins,
        }
    }

    /// Tells what counts here.
    pub(super) fn weigh(
        &self,
        told: Told,
        places: &Places<'_>,
        exceptions: &mut Exceptions,
        found: &mut Diagnostics,
    ) {
        self.note(exceptions);
        for finding in told.into_findings() {
            let said = self.said(&finding);
            let (level, set) = self.level(&finding, &said);
            let Some(severity) = level.severity() else {
                continue;
            };
            if said
                .iter()
                .any(|said| self.lets_pass(said, &finding, exceptions))
            {
                continue;
            }
            let diagnostic = places.tell(&finding, severity);
            // A place in the library is not where a user sets levels.
            let set = set.and_then(|origin| places.users(origin));
            let label = format!("`{}` is {} here", finding.id, indefinite(level));
            found.add(diagnostic.at(set, label));
        }
    }

    /// What is said of a finding's rule, the most specific first.
    fn said(&self, finding: &Finding) -> Vec<Said<'a>> {
        let id: &str = &finding.id;
        let mut said = Vec::new();
        let component = finding.component.as_ref().zip(self.cluster);
        if let Some((name, cluster)) = component {
            let own = cluster.at(&["components", name, "rules", id]);
            said.extend(own.map(|rule| Said { rule, counts: true }));
        }
        let general = self.general.and_then(|rules| rules.get(id));
        said.extend(general.map(|rule| Said { rule, counts: true }));
        if let Some((name, cluster)) = component {
            let component = cluster.platform.components.get(name);
            let file = component.and_then(|component| component.node.at(&["rules", id]));
            said.extend(file.map(|rule| Said {
                rule,
                counts: false,
            }));
        }
        said
    }

    /// The level of a finding, and where it was set.
    fn level(&self, finding: &Finding, said: &[Said<'_>]) -> (Level, Option<OriginId>) {
        let stated = said.iter().find_map(|said| {
            let level = said.rule.get("level")?;
            Some((Level::of(level.as_str()?)?, Some(level.origin())))
        });
        stated.unwrap_or((self.usual(finding.levels), None))
    }

    /// What a rule is here where nothing is said of it.
    fn usual(&self, levels: Levels) -> Level {
        if self.relied_on {
            levels.relied_on
        } else {
            levels.usual
        }
    }

    fn lets_pass(&self, said: &Said<'_>, finding: &Finding, exceptions: &mut Exceptions) -> bool {
        let mut passes = false;
        for exception in said.rule.get("except").map_or(&[][..], Node::items) {
            if self.over(exception).is_some() || !covers(exception, finding.object.as_ref()) {
                continue;
            }
            passes = true;
            if let Some(fate) = self
                .span(exception)
                .and_then(|at| exceptions.fates.get_mut(&at))
            {
                fate.used |= said.counts;
            }
        }
        passes
    }

    /// The last day of an exception, where that is over.
    fn over(&self, exception: &Node) -> Option<Text> {
        let until = exception.str_at(&["until"])?;
        (self.platform.today.as_deref()? > until).then(|| until.into())
    }

    fn span(&self, stated: &Node) -> Option<Span> {
        self.origins.place(stated.origin())
    }

    /// Notes every exception that is stated for this cluster, and every level that needs a reason and has none.
    fn note(&self, exceptions: &mut Exceptions) {
        let below = |rules: &'a Node| rules.entries().iter();
        let general = self.general.into_iter().flat_map(below);
        let components = self.cluster.and_then(|cluster| cluster.at(&["components"]));
        let components = components.map_or(&[][..], Node::entries).iter();
        let components = components.filter_map(|entry| entry.value.get("rules"));
        for rule in general.chain(components.flat_map(below)) {
            if let Some((at, level)) = self.unsaid(rule) {
                exceptions.unsaid.insert(at, (rule.key.clone(), level));
            }
            for exception in rule.value.get("except").map_or(&[][..], Node::items) {
                if let Some(at) = self.span(exception) {
                    let fate = exceptions.fates.entry(at).or_default();
                    fate.rule = rule.key.clone();
                    fate.over = self.over(exception);
                }
            }
        }
    }

    /// A level of the user's by which a rule is off, or no error though it is one by itself, where no reason stands beside it.
    fn unsaid(&self, rule: &Entry) -> Option<(Span, Level)> {
        let stated = rule.value.get("level")?;
        let level = Level::of(stated.as_str()?)?;
        if level == Level::Error || rule.value.get("because").is_some() {
            return None;
        }
        let at = self.span(stated)?;
        let lowered = || {
            let levels = self.platform.levels_of(&rule.key);
            levels.is_some_and(|levels| self.usual(levels) == Level::Error)
        };
        (self.platform.is_editable(at) && (level == Level::Off || lowered())).then_some((at, level))
    }
}

impl Platform {
    /// The levels of a rule, built in or the project's own, where a spec says nothing.
    fn levels_of(&self, id: &str) -> Option<Levels> {
        let own = || self.own_rules.iter().find(|rule| rule.id == id);
        let built_in = super::find(id).map(|rule| rule.levels);
        built_in.or_else(|| own().map(|rule| rule.levels))
    }
}

impl Exceptions {
    /// Brings together what became of them in two clusters.
    pub fn append(&mut self, other: Exceptions) {
        self.unsaid.extend(other.unsaid);
        for (at, fate) in other.fates {
            let known = self.fates.entry(at).or_default();
            known.rule = fate.rule;
            known.used |= fate.used;
            known.over = fate.over;
        }
    }

    /// Tells of exceptions that let nothing pass or no longer hold, and of levels without a reason, once every cluster was
    /// judged.
    pub fn tell(&self, found: &mut Diagnostics) {
        for (at, (rule, level)) in &self.unsaid {
            let (what, help) = match level {
                Level::Off => ("off", "say why: `{ level: off, because: ... }`"),
                Level::Note | Level::Warning | Level::Error => (
                    "no error here",
                    "say why beside it: `{ level: ..., because: ... }`",
                ),
            };
            let message = format!("`{rule}` is {what}, and nobody says why");
            found.add(
                Diagnostic::warning("rule-off-without-reason", message)
                    .at(*at, "without a reason")
                    .help(help),
            );
        }
        for (at, fate) in &self.fates {
            let rule = &fate.rule;
            let told = match &fate.over {
                Some(day) => Diagnostic::warning(
                    "expired-exception",
                    format!("an exception to `{rule}` held until {day}"),
                )
                .at(*at, "no longer holds")
                .help("mend what it let pass, or say until when it holds now"),
                None if fate.used => continue,
                None => Diagnostic::warning(
                    "unused-exception",
                    format!("an exception to `{rule}` lets nothing pass"),
                )
                .at(*at, "nothing is found here")
                .help("take it out: it would hide what comes later"),
            };
            found.add(told);
        }
    }
}

/// Whether an exception is about an object; one that names none is about everything.
fn covers(exception: &Node, object: Option<&ObjectId>) -> bool {
    let Some(pattern) = exception.str_at(&["objects"]) else {
        return true;
    };
    object.is_some_and(|id| {
        let full = format!("{}/{}/{}", id.kind, id.namespace, id.name);
        let short = format!("{}/{}", id.kind, id.name);
        matches(pattern, &full) || matches(pattern, &short)
    })
}

/// Whether a text has the form of a pattern; `*` stands for anything between two `/`.
fn matches(pattern: &str, text: &str) -> bool {
    let glob = GlobBuilder::new(pattern).literal_separator(true).build();
    glob.is_ok_and(|glob| glob.compile_matcher().is_match(text))
}

fn indefinite(level: Level) -> &'static str {
    match level {
        Level::Off => "off",
        Level::Note => "a note",
        Level::Warning => "a warning",
        Level::Error => "an error",
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns_match_part_by_part() {
        for (pattern, text, same) in [
            ("Deployment/shop/web", "Deployment/shop/web", true),
            ("Deployment/shop/*", "Deployment/shop/web", true),
            ("*/shop/*", "Job/shop/web", true),
            ("*/we*b", "Job/web", true),
            ("*/w*e*b", "Job/we", false),
            ("Deployment/*", "Deployment/shop/web", false),
            ("Deployment/shop", "Deployment/shop/web", false),
        ] {
            assert_eq!(matches(pattern, text), same, "{pattern} {text}");
        }
    }
}
