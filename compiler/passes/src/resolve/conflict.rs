//! What can't be together: a requirement that nothing meets, and components that do the same work.

use super::contract;
use super::select::{Select, Selected};
use crate::component::Component;
use model::spec::choice::CAPABILITIES;
use syntax::source::BUILT_IN;
use syntax::suggest::nearest;
use syntax::{Diagnostic, Node, OriginId, Text};

/// Where the levels below the spec stand: they say what holds where nobody asks for anything else.
const DEFAULTS: &str = "profiles/";

impl<'p> Select<'_, 'p> {
    /// The component that serves a capability: the chosen one, else whoever provides it.
    pub(super) fn server(&self, capability: &str) -> Option<&Selected<'p>> {
        let chosen = self.choices.get(capability).and_then(Node::as_str);
        let serves = |taken: &&Selected<'p>| {
            taken
                .component
                .provides(capability)
                .is_some_and(|provides| chosen.is_none_or(|chosen| provides.choice == chosen))
        };
        self.taken.values().find(serves)
    }

    /// Whether the spec says this, not the compiler's own level nor a profile.
    pub(super) fn is_stated(&self, origin: OriginId) -> bool {
        let file = self.origins.place(origin).map(|place| place.file);
        let source = file.and_then(|file| self.platform.sources.get(file));
        let path = source.map_or("", |source| source.name());
        let path = path.strip_prefix(BUILT_IN).unwrap_or(path);
        !path.starts_with(DEFAULTS)
    }

    /// Whether a person can edit the place: it is in the project, not in the library.
    pub(super) fn is_users(&self, origin: OriginId) -> bool {
        let place = self.origins.place(origin);
        place.is_some_and(|place| self.platform.is_editable(place))
    }

    /// What a requirement takes in serves the capability, where no setting had a say.
    pub(super) fn chosen_by_need(&mut self, taken: &Component, capability: &str, by: OriginId) {
        let unset = self.choices.get(capability).is_none_or(Node::is_off);
        if let Some(provides) = taken.provides(capability).filter(|_| unset) {
            let choice = Node::string(provides.choice.clone(), by);
            self.choices.set(capability, by, choice);
        }
    }

    /// Nothing meets a requirement: who needs it, and how to have it.
    pub(super) fn missing(
        &mut self,
        by: &Selected<'p>,
        capability: &str,
        origin: OriginId,
        off: Option<OriginId>,
    ) {
        let name = &by.component.name;
        let known = self.known_choices(capability);
        let entry = |c: &&Component| self.settings.at(&["components", &c.name]);
        let left_out = self
            .platform
            .components
            .values()
            .filter(|c| c.fits(self.provider) && c.provides(capability).is_some())
            .find_map(|c| {
                entry(&c)
                    .filter(|entry| entry.is_off())
                    .map(|entry| (c, entry))
            });
        let off = off.or_else(|| left_out.map(|(_, entry)| entry.origin()));
        // What a person can edit comes first: the line that selects it, or else the one that switches off what it needs.
        let mut places = vec![(by.because, "selected here")];
        places.extend(off.map(|off| (off, "switched off here")));
        places.sort_by_key(|(origin, _)| !self.is_users(*origin));
        places.push((origin, "required here"));
        let message = format!("component `{name}` requires `{capability}`");
        let problem = places.into_iter().fold(
            Diagnostic::error("missing-capability", message),
            |problem, (origin, label)| problem.at(self.origins.place(origin), label),
        );
        self.found.add(match (known.as_slice(), left_out) {
            ([_], Some((only, _))) => problem.help(format!(
                "only `{}` provides it: take its `false` out, or do without `{name}`",
                only.name
            )),
            ([], _) => self.nobody_provides(problem, capability),
            (known, _) => problem.help(format!(
                "{}, or do without `{name}`",
                self.switch_on(capability, known)
            )),
        });
    }

    /// The lines of a spec that switch a capability on: those of its setting, else of the components that provide it.
    pub(super) fn switch_on(&self, capability: &str, choices: &[&str]) -> String {
        let lines: Vec<String> = match capability.split_once('.') {
            _ if !CAPABILITIES.contains(&capability) => self
                .able(capability)
                .iter()
                .map(|c| format!("`components: {{ {}: true }}`", c.name))
                .collect(),
            // A section that is a map names its choice as the engine.
            Some(("backup", part)) => choices
                .iter()
                .map(|choice| format!("`backup: {{ {part}: {{ engine: {choice} }} }}`"))
                .collect(),
            Some((section, key)) => choices
                .iter()
                .map(|choice| format!("`{section}: {{ {key}: {choice} }}`"))
                .collect(),
            None => choices
                .iter()
                .map(|choice| format!("`{capability}: {choice}`"))
                .collect(),
        };
        format!("switch it on with {}", lines.join(" or "))
    }

    /// No component can serve a capability: perhaps another name was meant.
    pub(super) fn nobody_provides(&self, problem: Diagnostic, capability: &str) -> Diagnostic {
        let components = self.platform.components.values();
        let provided = components.flat_map(|c| &c.provides);
        let known = provided.map(|provides| provides.capability.as_str());
        match nearest(capability, known.filter(|known| *known != capability)) {
            Some(near) => problem.help(format!("did you mean `{near}`?")),
            None => problem.help(format!(
                "no component of the library provides it on {}; one of your own goes into `components/` (docs/components.md)",
                self.provider
            )),
        }
    }

    /// A capability is served by one component: one that is there for nothing else than what another serves is a conflict.
    pub(super) fn conflicts(&mut self) {
        let mut told: Vec<Text> = Vec::new();
        let mut problems = Vec::new();
        for selected in self.taken.values() {
            let provides = &selected.component.provides;
            let mut rivals = Vec::new();
            for provides in provides {
                let rival = self.rival(selected, &provides.capability);
                rivals.extend(rival.map(|rival| (&provides.capability, rival)));
            }
            let Some((capability, rival)) = rivals.first() else {
                continue;
            };
            if rivals.len() < provides.len() || told.contains(&rival.component.name) {
                continue;
            }
            told.push(selected.component.name.clone());
            problems.push(self.conflict(selected, rival, capability));
        }
        problems
            .into_iter()
            .for_each(|problem| self.found.add(problem));
    }

    /// Another component that serves a capability, where it was chosen or where nobody chose.
    fn rival(&self, selected: &Selected<'p>, capability: &str) -> Option<&Selected<'p>> {
        let own = selected.component.provides(capability)?;
        let chosen = self.choices.get(capability).and_then(Node::as_str);
        let stated = self.stated_at(capability);
        if stated && chosen == Some(own.choice.as_str()) {
            return None;
        }
        self.taken.values().find(|other| {
            other.component.name != selected.component.name
                && other
                    .component
                    .provides(capability)
                    .is_some_and(|provides| !stated || chosen == Some(provides.choice.as_str()))
        })
    }

    fn stated_at(&self, capability: &str) -> bool {
        let path: Vec<&str> = capability.split('.').collect();
        self.settings.at(&path).is_some()
    }

    fn conflict(
        &self,
        selected: &Selected<'p>,
        rival: &Selected<'p>,
        capability: &str,
    ) -> Diagnostic {
        let (one, other) = (&selected.component.name, &rival.component.name);
        Diagnostic::error(
            "conflicting-components",
            format!("`{one}` and `{other}` both provide `{capability}`"),
        )
        .at(
            self.origins.place(selected.because),
            format!("selects `{one}`"),
        )
        .at(
            self.origins.place(rival.because),
            format!("selects `{other}`"),
        )
        .help(format!(
            "one cluster has room for one of them: write `components: {{ {one}: false }}`, or `{other}: false`"
        ))
    }

    /// The cluster's Kubernetes must be one that each component runs on. Of a version that the spec chose itself nothing is known.
    pub(super) fn versions(&mut self) {
        let Some(kubernetes) = self.settings.at(&["versions", "kubernetes"]) else {
            return;
        };
        for selected in self.taken.values() {
            let node = &selected.component.node;
            let Some(range) = node.get("kubernetes") else {
                continue;
            };
            let stated = self
                .settings
                .at(&["components", &selected.component.name, "version"]);
            let own = node.at(&["chart", "version"]).or(node.at(&["git", "tag"]));
            if stated.is_some() && stated != own {
                continue;
            }
            let allowed = contract::allows(
                range.as_str().unwrap_or_default(),
                kubernetes.as_str().unwrap_or_default(),
            );
            let problem = match allowed {
                Ok(true) => continue,
                Ok(false) => self.outside(selected, range, kubernetes),
                Err(why) => Diagnostic::error(
                    "bad-range",
                    format!(
                        "component `{}` states no range of versions",
                        selected.component.name
                    ),
                )
                .at(self.origins.place(range.origin()), why)
                .help(format!("write it like `{}`", contract::EXAMPLE)),
            };
            self.found.add(problem);
        }
    }

    fn outside(&self, selected: &Selected<'p>, range: &Node, kubernetes: &Node) -> Diagnostic {
        let name = &selected.component.name;
        let range_text = range.as_str().unwrap_or_default();
        Diagnostic::error(
            "kubernetes-outside",
            format!(
                "component `{name}` does not run on Kubernetes {}",
                kubernetes.as_str().unwrap_or_default()
            ),
        )
        .at(
            self.origins.place(kubernetes.origin()),
            format!("not in `{range_text}`"),
        )
        .at(
            self.origins.place(selected.because),
            format!("selects `{name}`"),
        )
        .at(self.origins.place(range.origin()), "what it runs on")
        .help(format!(
            "choose a Kubernetes in this range, or a version of the component that was made for yours: `components: {{ {name}: {{ version: ... }} }}`"
        ))
    }
}
