//! Which clusters a flag means: `NAME-GLOB`, or `key=value[,key=value]` (all must hold); repeated flags add up.

use super::cluster::merged;
use super::{ClusterSpec, Platform};
use globset::{Glob, GlobMatcher};
use syntax::{Diagnostic, Diagnostics, Node, Origins};

/// A choice of clusters.
#[derive(Clone, Debug)]
pub enum Selector {
    /// By name.
    Name(GlobMatcher),
    /// By facts: each key with the glob its value must match.
    Facts(Vec<(String, GlobMatcher)>),
}

/// The facts that a selector can ask for.
const KEYS: [&str; 6] = ["domain", "id", "name", "provider", "size", "tier"];

impl Selector {
    /// Reads a selector.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, Box<Diagnostic>> {
        let glob = |pattern: &str| {
            Glob::new(pattern)
                .map(|glob| glob.compile_matcher())
                .map_err(|problem| {
                    Box::new(Diagnostic::error(
                        "bad-selector",
                        format!("`{pattern}` is no pattern: {}", problem.kind()),
                    ))
                })
        };
        if !text.contains('=') {
            return Ok(Selector::Name(glob(text)?));
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
            facts.push((key.to_owned(), glob(value.trim())?));
        }
        Ok(Selector::Facts(facts))
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
                if selector.matches(platform, spec) {
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
                    None => format!(
                        "there are {} clusters; `formwork build` builds them all",
                        known.len()
                    ),
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
            Ok(Selector::Name(glob)) => glob.is_match(name),
            Ok(Selector::Facts(_)) | Err(_) => false,
        })
    }

    fn matches(&self, platform: &Platform, spec: &ClusterSpec) -> bool {
        match self {
            Selector::Name(glob) => glob.is_match(&*spec.name),
            Selector::Facts(facts) => {
                let mut origins = Origins::extending(&platform.origins);
                let settings = merged(platform, spec, &mut origins, &mut Diagnostics::default());
                facts.iter().all(|(key, glob)| match key.as_str() {
                    "name" => glob.is_match(&*spec.name),
                    key => settings
                        .get(key)
                        .and_then(Node::scalar_text)
                        .is_some_and(|text| glob.is_match(&*text)),
                })
            }
        }
    }
}
