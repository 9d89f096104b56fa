//! Which clusters are meant: a flag's `NAME-GLOB` or `key=value[,key=value]` (all must hold; repeated flags add up), and the
//! same in a spec as a name, a list of names, or a map of facts.

use super::cluster::merged;
use super::{ClusterSpec, Platform};
use globset::{Glob, GlobMatcher};
use syntax::{Diagnostic, Diagnostics, Kind, Node, OriginId, Origins, Text};

/// A choice of clusters.
#[derive(Clone, Debug)]
pub enum Selector {
    /// By name: one of the globs must match.
    Name(Vec<GlobMatcher>),
    /// By facts: each key with the globs of which one must match its value.
    Facts(Vec<(Text, Vec<GlobMatcher>)>),
}

/// The facts that a selector can ask for.
const KEYS: [&str; 6] = ["domain", "id", "name", "provider", "size", "tier"];

/// How many clusters a finding names.
const FEW: usize = 8;

/// The names of clusters, or the first of many.
fn some_of(names: &[&str]) -> String {
    match names.get(..FEW) {
        Some(first) if names.len() > FEW => {
            format!("{} and {} more", first.join(", "), names.len() - FEW)
        }
        _ => names.join(", "),
    }
}

impl Selector {
    /// Reads a selector.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, Box<Diagnostic>> {
        if !text.contains('=') {
            return Ok(Selector::Name(vec![glob(text)?]));
        }
        let mut facts = Vec::new();
        for pair in text.split(',') {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let key = key.trim();
            if !KEYS.contains(&key) {
                let help = match syntax::suggest::nearest(key, KEYS) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("a selector can ask for: {}", KEYS.join(", ")),
                };
                return Err(Box::new(
                    Diagnostic::error(
                        "bad-selector",
                        format!("a cluster has no `{key}` to select by"),
                    )
                    .help(help),
                ));
            }
            facts.push((key.into(), vec![glob(value.trim())?]));
        }
        Ok(Selector::Facts(facts))
    }

    /// Reads a selector of a spec, whose shape was checked: a name, a list of names, or a map of facts.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn of(node: &Node) -> Result<Self, Box<Diagnostic>> {
        Ok(match node.kind() {
            Kind::Map(map) => {
                let facts = map.entries().iter();
                let facts = facts.map(|entry| Ok((entry.key.clone(), globs(&entry.value)?)));
                Selector::Facts(facts.collect::<Result<_, Box<Diagnostic>>>()?)
            }
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::List(_) => {
                Selector::Name(globs(node)?)
            }
        })
    }

    /// The clusters that any of the selectors means, in the platform's order; all where there is none.
    ///
    /// # Errors
    /// A selector that can't be read or that selects nothing.
    pub fn choose<'p>(
        platform: &'p Platform,
        selectors: &[String],
    ) -> Result<Vec<&'p ClusterSpec>, Box<Diagnostic>> {
        if selectors.is_empty() {
            return Ok(platform.clusters.iter().collect());
        }
        let mut chosen = vec![false; platform.clusters.len()];
        for text in selectors {
            let selector = Selector::parse(text)?;
            let mut any = false;
            for (spec, chosen) in platform.clusters.iter().zip(&mut chosen) {
                if selector.is_of(platform, spec) {
                    *chosen = true;
                    any = true;
                }
            }
            if !any {
                let known: Vec<&str> = platform
                    .clusters
                    .iter()
                    .map(|spec| spec.name.as_str())
                    .collect();
                let near = syntax::suggest::nearest(text, known.iter().copied());
                let help = match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("there are: {}", some_of(&known)),
                };
                return Err(Box::new(
                    Diagnostic::error("no-cluster", format!("no cluster is meant by `{text}`"))
                        .help(help),
                ));
            }
        }
        Ok(platform
            .clusters
            .iter()
            .zip(chosen)
            .filter(|(_, chosen)| *chosen)
            .map(|(spec, _)| spec)
            .collect())
    }

    /// Whether one of the selectors means a cluster of which only the name is known.
    #[must_use]
    pub fn any_names(selectors: &[String], name: &str) -> bool {
        let selectors = selectors.iter().map(|text| Selector::parse(text));
        selectors.into_iter().any(|selector| match selector {
            Ok(Selector::Name(globs)) => globs.iter().any(|glob| glob.is_match(name)),
            Ok(Selector::Facts(_)) | Err(_) => false,
        })
    }

    /// Whether a cluster is meant, and where the facts stand that say so. `fact` answers for all keys but the name.
    #[must_use]
    pub fn matches(
        &self,
        spec: &ClusterSpec,
        fact: impl Fn(&str) -> Option<(Text, OriginId)>,
    ) -> Option<Vec<OriginId>> {
        let name = || (spec.name.clone(), spec.name_origin);
        let asked = |key: &str| {
            if key == "name" {
                Some(name())
            } else {
                fact(key)
            }
        };
        let holds = |globs: &[GlobMatcher], text: &str| globs.iter().any(|g| g.is_match(text));
        match self {
            Selector::Name(globs) => holds(globs, &spec.name).then(|| vec![spec.name_origin]),
            Selector::Facts(facts) => {
                let held = facts.iter().map(|(key, globs)| {
                    let (text, origin) = asked(key)?;
                    holds(globs, &text).then_some(origin)
                });
                held.collect()
            }
        }
    }

    fn is_of(&self, platform: &Platform, spec: &ClusterSpec) -> bool {
        let settings = match self {
            Selector::Name(_) => None,
            Selector::Facts(_) => {
                let mut origins = Origins::extending(&platform.origins);
                let found = &mut Diagnostics::default();
                Some(merged(platform, spec, &mut origins, found))
            }
        };
        let fact = |key: &str| {
            let node = settings.as_ref()?.get(key)?;
            Some((node.scalar_text()?, node.origin()))
        };
        self.matches(spec, fact).is_some()
    }
}

fn glob(pattern: &str) -> Result<GlobMatcher, Box<Diagnostic>> {
    Glob::new(pattern)
        .map(|glob| glob.compile_matcher())
        .map_err(|problem| {
            Box::new(Diagnostic::error(
                "bad-selector",
                format!("`{pattern}` is no pattern: {}", problem.kind()),
            ))
        })
}

/// The globs of a text or of a list of texts.
fn globs(node: &Node) -> Result<Vec<GlobMatcher>, Box<Diagnostic>> {
    let one = std::slice::from_ref(node);
    let texts = match node.kind() {
        Kind::List(items) => items.as_slice(),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) | Kind::Map(_) => one,
    };
    let texts = texts.iter().filter_map(Node::scalar_text);
    texts.map(|text| glob(&text)).collect()
}
