//! Which choices settings make: a text at a capability's path, or the `engine` of the map there.

use super::managers::MANAGER;
use super::select::Select;
use crate::component::Component;
use crate::rules;
use syntax::{Diagnostic, Kind, Map, Node, OriginId, Span, Text};

/// The settings that are a map, and may be stated as the name of their engine alone.
const ENGINES: [[&str; 2]; 2] = [["observability", "logs"], ["observability", "metrics"]];

/// A level in which each of those settings is a map, and each rule, so that levels merge whichever way each of them says it.
pub(super) fn spelt_out(mut level: Node) -> Node {
    rules::spell_out(&mut level);
    for [section, key] in ENGINES {
        let setting = level
            .as_map_mut()
            .and_then(|map| map.get_mut(section)?.as_map_mut()?.get_mut(key));
        if let Some(setting) = setting.filter(|setting| setting.as_str().is_some()) {
            let origin = setting.origin();
            *setting = Node::from_entries([("engine", setting.clone())], origin);
        }
    }
    level
}

impl<'p> Select<'_, 'p> {
    /// What settings choose: a text at a capability's path.
    pub(super) fn choose(&mut self) {
        let mut capabilities: Vec<&Text> = self
            .platform
            .components
            .values()
            .flat_map(|c| c.provides.iter().map(|p| &p.capability))
            .collect();
        capabilities.sort_unstable();
        capabilities.dedup();
        for capability in capabilities {
            let path: Vec<&str> = capability.split('.').collect();
            let Some(setting) = stated(self.settings, &path) else {
                continue;
            };
            let engine = setting.get("engine").unwrap_or(setting);
            match engine.kind() {
                Kind::String(choice) => self.choice(capability, choice, engine.origin()),
                Kind::Map(_) => self.only_choice(capability, engine.origin()),
                Kind::Bool(true) => self.only_choice(capability, engine.origin()),
                Kind::Null | Kind::Bool(false) | Kind::Number(_) | Kind::List(_) => {
                    let off = Node::bool(false, engine.origin());
                    self.choices.set(capability.clone(), engine.origin(), off);
                }
            }
        }
    }

    /// A section that is on and names no engine takes the only one that there is.
    pub(super) fn only_choice(&mut self, capability: &Text, origin: OriginId) {
        let mut known = self.known_choices(capability);
        known.sort_unstable();
        known.dedup();
        let problem = match known.as_slice() {
            [only] => {
                let only = Text::from(*only);
                return self.choice(capability, &only, origin);
            }
            [] => Diagnostic::error(
                "unknown-choice",
                format!("nothing provides `{capability}` on {}", self.provider),
            )
            .help(format!("write `{capability}: false` to go without")),
            several => Diagnostic::error(
                "missing-choice",
                format!("several components provide `{capability}`"),
            )
            .help(format!(
                "choose one: `engine: {}`",
                several.join("` or `engine: ")
            )),
        };
        let place = self.origins.place(origin);
        self.found.add(problem.at(place, "names no engine"));
    }

    fn choice(&mut self, capability: &Text, choice: &Text, origin: OriginId) {
        let provides = |c: &&Component| c.provides(capability).is_some_and(|p| p.choice == *choice);
        let able: Vec<&'p Component> = self.platform.components.values().filter(provides).collect();
        let Some(component) = able.iter().find(|c| c.fits(self.provider)) else {
            self.unknown_choice(capability, choice, origin, &able);
            return;
        };
        let entry = self.settings.at(&["components", &component.name]);
        if let Some(off) = entry.filter(|entry| entry.is_off()) {
            self.choice_off(component, capability, choice, (origin, switch_origin(off)));
            return;
        }
        self.take(component, origin);
        self.choices.set(
            capability.clone(),
            origin,
            Node::string(choice.clone(), origin),
        );
    }

    /// A choice whose component is off: chosen at the one origin, switched off at the other.
    fn choice_off(
        &mut self,
        component: &Component,
        capability: &str,
        choice: &str,
        (chosen, off): (OriginId, OriginId),
    ) {
        let name = &component.name;
        // That others are made here is said by those others: no setting of this cluster's.
        let (message, what, help) = match capability {
            MANAGER => (
                format!("`{name}` makes the clusters that this one manages, and is off"),
                "made by this cluster",
                format!(
                    "take the `false` of `{name}` out, or let another cluster make them with `managedBy`"
                ),
            ),
            _ => (
                format!("`{capability}: {choice}` needs `{name}`, which is off"),
                "chosen here",
                format!(
                    "take its `false` out, choose another `{capability}`, or write `{capability}: false`"
                ),
            ),
        };
        // What a person can edit comes first.
        let mut places = [(chosen, what), (off, "switched off here")];
        places.sort_by_key(|(origin, _)| !self.is_users(*origin));
        let at = |problem: Diagnostic, (origin, label): (OriginId, &str)| {
            problem.at(self.origins.place(origin), label)
        };
        let problem = places
            .into_iter()
            .fold(Diagnostic::error("choice-off", message), at);
        self.found.add(problem.help(help));
    }

    fn unknown_choice(
        &mut self,
        capability: &str,
        choice: &str,
        origin: OriginId,
        elsewhere: &[&Component],
    ) {
        let place = self.origins.place(origin);
        let known = self.known_choices(capability);
        let mut problem = if elsewhere.is_empty() {
            Diagnostic::error(
                "unknown-choice",
                format!("nothing provides `{capability}: {choice}`"),
            )
            .at(place, "unknown")
        } else {
            Diagnostic::error(
                "unknown-choice",
                format!("`{capability}: {choice}` can't be had on {}", self.provider),
            )
            .at(
                place,
                format!("not for a cluster of provider {}", self.provider),
            )
        };
        match syntax::suggest::nearest(choice, known.iter().copied()) {
            Some(near) => problem = suggest(problem, near, place),
            None if known.is_empty() => problem = problem.help("write `false` to go without"),
            None => {
                problem = problem.help(format!(
                    "there are: {}; `false` goes without",
                    known.join(", ")
                ))
            }
        }
        self.found.add(problem);
    }

    /// The choices of a capability that this provider can have.
    pub(super) fn known_choices(&self, capability: &str) -> Vec<&'p str> {
        let able = self
            .platform
            .components
            .values()
            .filter(|c| c.fits(self.provider));
        able.filter_map(|c| c.provides(capability))
            .map(|p| p.choice.as_str())
            .collect()
    }
}

/// The setting at a path, a switched-off section on the way counting as it.
fn stated<'n>(settings: &'n Node, path: &[&str]) -> Option<&'n Node> {
    let mut node = settings;
    for key in path {
        if node.is_off() {
            return Some(node);
        }
        node = node.get(key)?;
    }
    Some(node)
}

/// Where a section was switched off.
fn switch_origin(node: &Node) -> OriginId {
    node.as_map()
        .and_then(Map::switch)
        .map_or(node.origin(), |(_, origin)| origin)
}

/// Adds what was probably meant.
pub(super) fn suggest(problem: Diagnostic, near: &str, place: Option<Span>) -> Diagnostic {
    let problem = problem.help(format!("did you mean `{near}`?"));
    match place {
        Some(span) => problem.fix(span, near),
        None => problem,
    }
}
