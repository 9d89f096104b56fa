//! What can't be together: a requirement that nothing meets, and components that do the same work.

use super::contract;
use super::select::{Select, Selected};
use crate::component::Component;
use crate::load::DEFAULTS;
use syntax::{Diagnostic, Node, OriginId, Text};

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

    /// Whether somebody wrote this, not the compiler's own level.
    pub(super) fn is_stated(&self, origin: OriginId) -> bool {
        let file = self.origins.place(origin).map(|place| place.file);
        let source = file.and_then(|file| self.platform.sources.get(file));
        source.is_none_or(|source| !source.name().ends_with(DEFAULTS))
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
        let mut problem = Diagnostic::error(
            "missing-capability",
            format!("component `{name}` requires `{capability}`"),
        )
        .at(self.origins.place(by.because), "selected here");
        if let Some(off) = off {
            problem = problem.at(self.origins.place(off), "switched off here");
        }
        problem = problem.at(self.origins.place(origin), "required here");
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
        self.found.add(match (known.as_slice(), left_out) {
            ([], _) => problem.help("no component of the library provides it for this provider"),
            ([_], Some((only, entry))) => problem
                .at(self.origins.place(entry.origin()), "switched off here")
                .help(format!(
                    "only `{}` provides it: take its `false` out, or do without `{name}`",
                    only.name
                )),
            _ => problem.help(format!(
                "choose one: `{capability}:` {}",
                known.join(" or ")
            )),
        });
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
