//! Which components a cluster gets: choices, what the spec switches on, and what those require.

use super::Platform;
use super::choice::suggest;
use super::managers::MANAGER;
use super::order::in_order;
use crate::component::{Component, Parts};
use crate::share::share;
use crate::template::{Evaluator, Scope};
use std::collections::{BTreeMap, BTreeSet};
use syntax::{Diagnostic, Diagnostics, Map, Node, OriginId, Origins, Span, Text};

/// The components of a cluster.
#[derive(Debug, Default)]
pub struct Selection<'p> {
    /// Each with why it is there, in dependency order: what others need comes first.
    pub components: Vec<Selected<'p>>,
    /// Each capability with the choice that serves it, or `false`.
    pub choices: Map,
}

/// A component and why it was selected.
#[derive(Clone, Debug)]
pub struct Selected<'p> {
    /// The component.
    pub component: &'p Component,
    /// What selected it.
    pub because: OriginId,
    /// The components that must be there before it.
    pub after: Vec<Text>,
}

/// What a cluster asks for.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Its provider.
    pub provider: &'a str,
    /// Its merged settings.
    pub settings: &'a Node,
    /// What its apps require.
    pub needs: &'a [Need],
}

/// A capability that something requires that is no component.
#[derive(Clone, Debug)]
pub struct Need {
    /// Who requires it.
    pub who: String,
    /// The capability.
    pub capability: Text,
    /// What who requires it is called in the spec.
    pub name: OriginId,
    /// Why who requires it is there.
    pub because: OriginId,
    /// The line that asks for it.
    pub place: Option<Span>,
}

/// Selects the components of a cluster from its merged settings.
pub fn select<'p>(
    platform: &'p Platform,
    asked: Asked<'_>,
    scope: &Scope,
    origins: &mut Origins,
    found: &mut Diagnostics,
) -> Selection<'p> {
    let mut select = Select {
        platform,
        provider: asked.provider,
        settings: asked.settings,
        scope,
        origins,
        found,
        taken: BTreeMap::new(),
        closed: BTreeSet::new(),
        choices: Map::default(),
    };
    select.choose();
    select.stated();
    select.implied();
    // What components require is there for them; apps add to it.
    select.close();
    for need in asked.needs {
        let same = |other: &&Need| other.capability == need.capability;
        let all: Vec<&Need> = asked.needs.iter().filter(same).collect();
        select.need(need, &all);
    }
    select.close();
    select.drop_unfounded();
    select.conflicts();
    select.versions();
    let Select {
        found,
        origins,
        taken,
        choices,
        ..
    } = select;
    Selection {
        components: in_order(taken, origins, found),
        choices,
    }
}

/// What selecting works on.
pub(super) struct Select<'a, 'p> {
    pub(super) platform: &'p Platform,
    pub(super) provider: &'a str,
    pub(super) settings: &'a Node,
    pub(super) scope: &'a Scope,
    pub(super) origins: &'a mut Origins,
    pub(super) found: &'a mut Diagnostics,
    pub(super) taken: BTreeMap<Text, Selected<'p>>,
    /// Those whose requirements were looked at.
    closed: BTreeSet<Text>,
    pub(super) choices: Map,
}

impl<'p> Select<'_, 'p> {
    /// What the spec names under `components`.
    fn stated(&mut self) {
        for entry in self
            .settings
            .get("components")
            .map_or(&[][..], Node::entries)
        {
            let Some(component) = self.platform.components.get(&entry.key) else {
                self.unknown_component(&entry.key, entry.key_origin, &entry.value);
                continue;
            };
            if self.taken.contains_key(&entry.key) || entry.value.is_off() {
                continue;
            }
            let switch = entry.value.as_map().and_then(Map::switch);
            let flagged = entry.value.as_bool() == Some(true) || switch.is_some_and(|(on, _)| on);
            let only_version = entry.value.entries().iter().all(|e| e.key == "version");
            if flagged || (component.provides.is_empty() && !only_version) {
                if component.fits(self.provider) {
                    self.take(component, entry.value.origin());
                } else {
                    let name = &component.name;
                    self.found.add(
                        Diagnostic::error(
                            "wrong-provider",
                            format!("component `{name}` can't be used on {}", self.provider),
                        )
                        .at(self.origins.place(entry.key_origin), "switched on here")
                        .help(format!(
                            "switch it off for this cluster: `components: {{ {name}: false }}`"
                        )),
                    );
                }
            }
        }
    }

    /// A cluster that makes others needs what makes them.
    fn implied(&mut self) {
        let manages = self.scope.get("cluster").and_then(|it| it.get("manages"));
        let Some(origin) = manages.map(Node::origin) else {
            return;
        };
        let provides = |taken: &Selected<'_>| taken.component.provides(MANAGER).is_some();
        if !self.taken.values().any(provides) {
            self.only_choice(&MANAGER.into(), origin);
        }
    }

    fn unknown_component(&mut self, name: &str, key: OriginId, value: &Node) {
        let only_version = value
            .as_map()
            .is_some_and(|map| map.entries().iter().all(|e| e.key == "version"));
        let place = self.origins.place(key);
        let known: Vec<&str> = self.platform.components.keys().map(Text::as_str).collect();
        let near = syntax::suggest::nearest(name, known.iter().copied());
        let message = format!("there is no component `{name}`");
        let mut problem = if only_version {
            Diagnostic::warning("unknown-component", message)
        } else {
            Diagnostic::error("unknown-component", message)
        };
        problem = problem.at(place, "not in the library nor in `components/`");
        match near {
            Some(near) => problem = suggest(problem, near, place),
            None => {
                problem = problem.help(
                    "your own components go into `components/NAME/component.yaml` beside the spec",
                )
            }
        }
        self.found.add(problem);
    }

    /// Takes a component in.
    pub(super) fn take(&mut self, component: &'p Component, origin: OriginId) {
        let because = self.origins.rule("component/selected", &[origin]);
        let selected = Selected {
            component,
            because,
            after: Vec::new(),
        };
        self.taken.entry(component.name.clone()).or_insert(selected);
    }

    /// Adds what is required by what was not looked at yet, until nothing is missing.
    fn close(&mut self) {
        let is_open = |name: &&Text| !self.closed.contains(*name);
        let mut open: Vec<Text> = self.taken.keys().filter(is_open).cloned().collect();
        let (sources, origins) = (&self.platform.sources, &self.platform.origins);
        let known = open.iter().filter_map(|name| self.taken.get(name));
        let known: Vec<&Component> = known.map(|selected| selected.component).collect();
        share(self.platform.clusters.len(), known, |component| {
            component.prepare(sources, origins);
        });
        while let Some(name) = open.pop() {
            let Some(selected) = self.taken.get(&name).cloned() else {
                continue;
            };
            self.closed.insert(name.clone());
            let parts: &Parts = selected.component.parts(
                &self.platform.sources,
                &self.platform.origins,
                self.found,
            );
            let Some(template) = &parts.requires else {
                continue;
            };
            let wanted = Evaluator::new(self.origins, self.found).eval(template, self.scope);
            for wanted in wanted.as_ref().map_or(&[][..], Node::items) {
                let Some(capability) = wanted.as_str() else {
                    continue;
                };
                let (capability, optional) = match capability.strip_suffix('?') {
                    Some(capability) => (capability, true),
                    None => (capability, false),
                };
                if let Some(provider) =
                    self.require(&selected, capability, optional, wanted.origin(), &mut open)
                    && let Some(entry) = self.taken.get_mut(&name)
                    && provider != name
                {
                    entry.after.push(provider);
                }
            }
        }
    }

    /// The component that serves a required capability, selected if it is the only one that can.
    fn require(
        &mut self,
        by: &Selected<'p>,
        capability: &str,
        optional: bool,
        origin: OriginId,
        open: &mut Vec<Text>,
    ) -> Option<Text> {
        if let Some(taken) = self.server(capability) {
            return Some(taken.component.name.clone());
        }
        if optional {
            return None;
        }
        let off = self.switched_off(capability);
        match self.able(capability).as_slice() {
            [only] if off.is_none() => {
                self.take(only, by.because);
                self.chosen_by_need(only, capability, by.because);
                open.push(only.name.clone());
                Some(only.name.clone())
            }
            _ => {
                self.missing(by, capability, origin, off);
                None
            }
        }
    }

    /// Where the spec itself goes without a capability.
    fn switched_off(&self, capability: &str) -> Option<OriginId> {
        let choice = self.choices.get(capability);
        let off = choice.filter(|choice| choice.is_off()).map(Node::origin);
        off.filter(|off| self.is_stated(*off))
    }

    /// The components that could provide a capability here: not switched off, and without other work that is another's.
    pub(super) fn able(&self, capability: &str) -> Vec<&'p Component> {
        let all = self.platform.components.values();
        let able = all.filter(|c| c.fits(self.provider) && c.provides(capability).is_some());
        let off = |c: &&Component| {
            let said = self.settings.at(&["components", &c.name]);
            said.is_some_and(Node::is_off)
        };
        let elsewhere = |c: &&Component| {
            let others = c.provides.iter().filter(|p| p.capability != capability);
            others.into_iter().any(|other| {
                let chosen = self.choices.get(&other.capability).and_then(Node::as_str);
                chosen.is_some_and(|chosen| chosen != other.choice)
            })
        };
        able.filter(|c| !off(c) && !elsewhere(c)).collect()
    }

    /// What an app requires: chosen by a setting, or provided by a component that is there or the only one that can be.
    fn need(&mut self, need: &Need, all: &[&Need]) {
        let capability = need.capability.as_str();
        let off = self.switched_off(capability);
        if off.is_none() {
            if self.server(capability).is_some() {
                return;
            }
            if let [only] = self.able(capability).as_slice() {
                // What several require, none of them decides.
                let because = if all.len() > 1 {
                    let names: Vec<OriginId> = all.iter().map(|need| need.name).collect();
                    self.origins.rule("app/several", &names)
                } else {
                    need.because
                };
                self.take(only, because);
                return self.chosen_by_need(only, capability, because);
            }
        }
        let message = format!("{} requires `{capability}`", need.who);
        let mut problem =
            Diagnostic::error("missing-capability", message).at(need.place, "required here");
        if let Some(off) = self
            .choices
            .get(capability)
            .filter(|choice| choice.is_off())
        {
            problem = problem.at(self.origins.place(off.origin()), "switched off here");
        }
        let known = self.known_choices(capability);
        self.found.add(match known.as_slice() {
            [] => self.nobody_provides(problem, capability),
            known => problem.help(self.switch_on(capability, known)),
        });
    }

    /// What is not selected provides nothing; what is, provides all that it can where nobody chose.
    fn drop_unfounded(&mut self) {
        for selected in self.taken.values() {
            for provides in &selected.component.provides {
                if self.choices.get(&provides.capability).is_none() {
                    let node = Node::string(provides.choice.clone(), selected.because);
                    let stated = provides.capability.split('.').collect::<Vec<_>>();
                    // A choice that has a setting is made by the setting alone.
                    if self.settings.at(&stated).is_none() {
                        self.choices
                            .set(provides.capability.clone(), selected.because, node);
                    }
                }
            }
        }
    }
}
