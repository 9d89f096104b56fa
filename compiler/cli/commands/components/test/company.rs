//! A component in company: its example with every other component of the library that goes with it switched on, as their
//! examples do it, on each provider that it can be used with.

use super::super::library::Library;
use super::bench::{Bench, Built};
use super::example;
use super::settings::{choice, machines, nested, put, settings, take_out, under_cluster};
use super::subject::Subject;
use passes::component::Component;
use passes::resolve::cluster::resolve_cluster;
use std::collections::{BTreeMap, BTreeSet};
use syntax::{Diagnostic, Diagnostics, Node, OriginId, Origins, Severity, print};

/// The clusters that a component is tried on where its example has another.
const CLUSTERS: [(&str, &str); 2] = [
    ("kind", include_str!("company/kind.yaml")),
    ("talos", include_str!("company/talos.yaml")),
];

/// A company, and what became of it.
#[derive(Debug)]
pub struct Company {
    /// The provider of its cluster.
    pub provider: String,
    /// How many others are in it.
    pub with: usize,
    /// What became of it.
    pub built: Built,
    /// Whether it fails even without others.
    pub failed: bool,
    /// Others that it does not go with, for no reason that they state.
    pub said: Vec<Diagnostic>,
}

/// Builds the companies of a component; none where it has no example.
pub fn build(subject: &Subject, library: &Library, example: Option<&str>) -> Vec<Company> {
    let Some(example) = example.and_then(example::tree) else {
        return Vec::new();
    };
    let (provider, settings) = settings(&example, library);
    let mut companies = Vec::new();
    for (other, cluster) in CLUSTERS {
        let Some(mut base) = example::tree(cluster) else {
            continue;
        };
        let company = Gathering {
            subject,
            library,
            provider: other,
        };
        let base = match provider == other {
            true => under_cluster(example.clone(), &machines(&base)),
            false => {
                put(&mut base, "profile", example.get("profile"));
                under_cluster(base, &company.fitting(settings.clone()))
            }
        };
        companies.extend(company.gather(base));
    }
    companies
}

/// A company while it is brought together.
struct Gathering<'a> {
    subject: &'a Subject,
    library: &'a Library,
    provider: &'a str,
}

impl Gathering<'_> {
    fn gather(&self, base: Node) -> Option<Company> {
        let alone = self.build(&base);
        let own = alone
            .platform
            .as_ref()?
            .components
            .get(self.subject.name.as_str())?;
        if !own.fits(self.provider) {
            return None;
        }
        let Some(taken) = self.taken(&alone) else {
            // It does not build alone: that is said where its example is judged, unless the cluster is another.
            return alone.found.has_errors().then(|| self.company(alone, true));
        };
        if !taken.values().any(|name| *name == self.subject.name) {
            // It can't be used with this provider, or its example chooses otherwise there.
            return None;
        }
        let others = self.others(taken);
        let whole = others.iter().fold(base.clone(), |spec, (_, settings)| {
            under_cluster(spec, settings)
        });
        let built = self.build(&whole);
        if !built.found.has_errors() {
            return Some(self.company(built, false));
        }
        Some(self.one_by_one(base, alone, others))
    }

    /// Where all together don't build: each that does is kept, each other is named.
    fn one_by_one(&self, base: Node, alone: Built, others: Vec<(String, Node)>) -> Company {
        let (mut spec, mut last, mut said) = (base, alone, Vec::new());
        for (name, settings) in others {
            let next = under_cluster(spec.clone(), &settings);
            let built = self.build(&next);
            let error = built
                .found
                .iter()
                .find(|f| f.severity == Severity::Error)
                .cloned();
            match error {
                None => (spec, last) = (next, built),
                Some(error) => said.push(
                    Diagnostic::warning(
                        "company",
                        format!(
                            "`{}` does not build together with `{name}` on {}: {}",
                            self.subject.name, self.provider, error.message
                        ),
                    )
                    .help("where they exclude each other, let both provide the same capability"),
                ),
            }
        }
        Company {
            said,
            ..self.company(last, false)
        }
    }

    fn company(&self, built: Built, failed: bool) -> Company {
        let all = self.taken(&built).unwrap_or_default();
        let names: BTreeSet<&String> = all.values().collect();
        Company {
            with: names.len().saturating_sub(1),
            provider: self.provider.to_owned(),
            built,
            failed,
            said: Vec::new(),
        }
    }

    fn build(&self, spec: &Node) -> Built {
        let bench = Bench {
            subject: self.subject,
            library: self.library,
            name: format!("<company on {}>", self.provider),
            spec: print::print(spec),
        };
        bench.build()
    }

    /// The components of the first cluster by what they provide and by name; `None` where it can't be had.
    fn taken(&self, built: &Built) -> Option<BTreeMap<String, String>> {
        let platform = built
            .platform
            .as_ref()
            .filter(|_| !built.found.has_errors())?;
        let mut taken = BTreeMap::new();
        for spec in &platform.clusters {
            let mut origins = Origins::extending(&platform.origins);
            let mut found = Diagnostics::default();
            let cluster = resolve_cluster(platform, spec, &mut origins, &mut found);
            for component in &cluster.components {
                let name = component.name.to_string();
                for provides in &component.component.provides {
                    taken.insert(provides.capability.to_string(), name.clone());
                }
                taken.insert(format!("component {name}"), name);
            }
        }
        Some(taken)
    }

    /// The others that provide nothing which is provided already, each with the settings of its example.
    fn others(&self, mut taken: BTreeMap<String, String>) -> Vec<(String, Node)> {
        let mut others = Vec::new();
        for component in self.library.components.values() {
            let name = component.name.to_string();
            let capabilities = || component.provides.iter().map(|p| p.capability.to_string());
            let own = format!("component {name}");
            if taken.contains_key(&own)
                || !component.fits(self.provider)
                || capabilities().any(|capability| taken.contains_key(&capability))
            {
                continue;
            }
            for capability in capabilities().chain([own]) {
                taken.insert(capability, name.clone());
            }
            let settings = self.settings_of(component, &taken);
            others.push((name, settings));
        }
        others
    }

    /// What switches a component on: what its example says, where that goes with what is chosen already, else its name.
    fn settings_of(&self, component: &Component, taken: &BTreeMap<String, String>) -> Node {
        let readme = self.library.text(&component.name, "README.md");
        let specs = readme
            .map(|(text, _)| example::specs(&text))
            .unwrap_or_default();
        let spec = specs.first().and_then(|spec| example::tree(spec));
        let said = spec.map(|spec| self.fitting(settings(&spec, self.library).1));
        said.filter(|said| !self.chooses_otherwise(said, taken))
            .unwrap_or_else(|| {
                nested(
                    &["components", &component.name],
                    Node::bool(true, OriginId::default()),
                )
            })
    }

    /// Settings without the choices that can't be had on this provider: its own take their place.
    fn fitting(&self, mut said: Node) -> Node {
        let provides = |component: &&Component| component.fits(self.provider);
        for component in self.library.components.values() {
            for unfit in component
                .provides
                .iter()
                .filter(|_| !component.fits(self.provider))
            {
                let path: Vec<&str> = unfit.capability.split('.').collect();
                let able = self.library.components.values().filter(provides);
                let mut able = able.filter_map(|other| other.provides(&unfit.capability));
                if able.all(|other| other.choice != unfit.choice)
                    && choice(&said, &path) == Some(&*unfit.choice)
                {
                    take_out(&mut said, &path);
                }
            }
        }
        said
    }

    /// Whether settings choose a component that provides what another provides already.
    fn chooses_otherwise(&self, said: &Node, taken: &BTreeMap<String, String>) -> bool {
        self.library.components.values().any(|component| {
            let chosen = component.provides.iter().any(|provides| {
                let path: Vec<&str> = provides.capability.split('.').collect();
                choice(said, &path) == Some(&*provides.choice)
            });
            let elsewhere = |capability: &str| {
                taken
                    .get(capability)
                    .is_some_and(|name| *name != *component.name)
            };
            chosen
                && component
                    .provides
                    .iter()
                    .any(|provides| elsewhere(&provides.capability))
        })
    }
}
