//! Apps: said once, placed in clusters by environment, made of the parts of their pattern, and from there on a component
//! like any other.

mod check;
mod evaluate;
mod fit;
mod host;
mod patterns;
mod place;
#[cfg(test)]
mod tests;

pub use evaluate::{Placed, evaluate, of_cluster};
pub use patterns::Patterns;
pub use place::{Around, place};
use std::collections::BTreeMap;
use syntax::{Node, OriginId, Text};

/// The apps of a platform and where they run.
#[derive(Debug, Default)]
pub struct Apps {
    /// Each environment of each app.
    pub instances: Vec<Instance>,
    /// By cluster, what runs in it.
    pub clusters: BTreeMap<Text, Vec<Place>>,
}

/// An environment of an app: what is the same wherever it runs.
#[derive(Debug)]
pub struct Instance {
    /// The app's name.
    pub app: Text,
    /// The environment's; `None` where the app says only in which clusters it runs.
    pub environment: Option<Text>,
    /// The name of its unit: the app's, with the environment's where that states a namespace of its own.
    pub unit: Text,
    /// Its namespace.
    pub namespace: Node,
    /// What is said of it: the app, and the environment over it.
    pub said: Node,
    /// Where its clusters are stated.
    pub selector: Node,
    /// Where its names stand.
    pub names: Vec<OriginId>,
}

/// An environment in a cluster.
#[derive(Debug)]
pub struct Place {
    /// Which one, in the list of all.
    pub instance: usize,
    /// The cluster's facts by which it was selected.
    pub facts: Vec<OriginId>,
}

impl Instance {
    /// Its pattern.
    #[must_use]
    pub fn pattern(&self) -> &str {
        self.said.str_at(&["pattern"]).unwrap_or_default()
    }

    /// What people call it.
    #[must_use]
    pub fn title(&self) -> String {
        match &self.environment {
            Some(environment) => format!("app `{}` ({environment})", self.app),
            None => format!("app `{}`", self.app),
        }
    }

    /// Where it is stated.
    #[must_use]
    pub fn origin(&self) -> OriginId {
        self.names.first().copied().unwrap_or_default()
    }
}

impl Apps {
    /// What runs in a cluster.
    pub fn in_cluster<'a>(
        &'a self,
        cluster: &str,
    ) -> impl Iterator<Item = (&'a Place, &'a Instance)> {
        let places = self.clusters.get(cluster).map_or(&[][..], Vec::as_slice);
        places
            .iter()
            .filter_map(|place| Some((place, self.instances.get(place.instance)?)))
    }

    /// Which environment of an app another one means in a cluster: that of the same name, else the only one.
    #[must_use]
    pub fn callee(&self, cluster: &str, caller: &Instance, app: &str) -> Option<&Instance> {
        let here = || self.in_cluster(cluster).map(|(_, other)| other);
        let of_app = || here().filter(|other| other.app == app);
        let same = of_app().find(|other| other.environment == caller.environment);
        same.or_else(|| of_app().next().filter(|_| of_app().count() == 1))
    }
}
