//! What a chart knows at a place of its values: the keys that it states, shows in comments, or lists in its schema.

use super::schema::At;
use super::{Chart, read};
use std::sync::LazyLock;
use syntax::{Kind, Node};

/// Where keys are the user's own by custom, also where the chart states some.
const FREE: [&str; 9] = [
    "annotations",
    "labels",
    "selector",
    "matchlabels",
    "env",
    "args",
    "featuregates",
    "limits",
    "requests",
];

/// Where a program's own configuration stands by custom.
const CONFIGURATION: [&str; 6] = [
    "config",
    "configuration",
    "settings",
    ".ini",
    "spec",
    "data",
];

/// The fields of what charts hand to Kubernetes: see `kubernetes.yaml`.
static KUBERNETES: LazyLock<Option<Node>> =
    LazyLock::new(|| read::yaml("kubernetes.yaml", include_str!("kubernetes.yaml")).ok());

/// A place in the values, as one chart or several (a chart and those it contains) see it.
#[derive(Clone, Debug)]
pub(super) struct Place<'c>(Vec<View<'c>>);

/// What a chart says of a key.
#[derive(Debug)]
pub(super) enum Verdict<'c> {
    /// It knows it.
    Known(Place<'c>),
    /// Keys are the user's own here.
    Open,
    /// It looks like a slip of one that a comment shows, in a place where keys are the user's own.
    Unlikely(&'c str),
    /// It states others here, and not this one; by custom, configuration is handed on in such a place.
    PassedOn(Vec<&'c str>),
    /// It does not know it. What it knows there.
    Unknown(Vec<&'c str>),
}

/// A place, as one chart sees it.
#[derive(Clone, Debug)]
struct View<'c> {
    chart: &'c Chart,
    path: Vec<&'c str>,
    stated: Option<&'c Node>,
    schema: At<'c>,
}

impl<'c> Place<'c> {
    /// The top of a chart's values.
    pub(super) fn top(chart: &'c Chart) -> Self {
        Place(vec![View::top(chart)])
    }

    /// What the chart states there by itself.
    pub(super) fn stated(&self) -> Option<&'c Node> {
        self.0.iter().find_map(|view| view.stated)
    }

    /// Whether it is Kubernetes' own there, handed on.
    pub(super) fn is_handed_on(&self) -> bool {
        self.0.iter().any(|view| view.fields().is_some())
    }

    /// What it says of a key below, and of what is given there.
    pub(super) fn step(&self, key: &'c str, given: &Node) -> Verdict<'c> {
        let mut known = Vec::new();
        let mut others = Vec::new();
        for view in &self.0 {
            match view.step(key, given) {
                Step::Known(views) => known.extend(views),
                Step::Other(verdict) => others.push(verdict),
            }
        }
        if !known.is_empty() {
            return Verdict::Known(Place(known));
        }
        // What one of several charts takes is taken; what several don't know is unknown with all that they do.
        let mut unknown: Option<Vec<&'c str>> = None;
        let mut rest = Verdict::Open;
        for verdict in others {
            match verdict {
                Verdict::Unknown(keys) => unknown.get_or_insert_default().extend(keys),
                Verdict::Open | Verdict::Known(_) => return Verdict::Open,
                other @ (Verdict::Unlikely(_) | Verdict::PassedOn(_)) => rest = other,
            }
        }
        match (unknown, rest) {
            (Some(keys), Verdict::Open) => Verdict::Unknown(keys),
            (_, rest) => rest,
        }
    }

    /// What it says of a key of an item, where a list is wanted.
    pub(super) fn item(&self, key: &str) -> Verdict<'c> {
        let Some(view) = self.0.first() else {
            return Verdict::Open;
        };
        if let Some(fields) = view.fields() {
            return match fields.contains(&key) {
                true => Verdict::Open,
                false => Verdict::Unknown(fields),
            };
        }
        let mut keys = view.chart.comments.below(&view.path);
        let items = view.stated.map_or(&[][..], Node::items);
        keys.extend(
            items
                .iter()
                .flat_map(Node::entries)
                .map(|entry| entry.key.as_str()),
        );
        slip(key, &keys)
    }
}

enum Step<'c> {
    Known(Vec<View<'c>>),
    Other(Verdict<'c>),
}

impl<'c> View<'c> {
    fn top(chart: &'c Chart) -> Self {
        View {
            chart,
            path: Vec::new(),
            stated: Some(&chart.values),
            schema: chart.schema.as_ref().map(At::top).unwrap_or_default(),
        }
    }

    fn step(&self, key: &'c str, given: &Node) -> Step<'c> {
        let mut views = Vec::new();
        let part = self.chart.part(key).filter(|_| self.path.is_empty());
        if let Some(part) = part {
            match &part.chart {
                Some(chart) => views.push(View::top(chart)),
                // Nothing is known of it.
                None => return Step::Other(Verdict::Open),
            }
        }
        let stated = self.stated.and_then(|node| node.get(key));
        let schema = match &self.chart.schema {
            Some(root) => self.schema.step(root, key),
            None => At::default(),
        };
        let mut path = self.path.clone();
        path.push(key);
        if stated.is_some() || !schema.is_empty() || self.chart.comments.knows(&path) {
            views.push(View {
                chart: self.chart,
                path,
                stated,
                schema,
            });
        }
        match views.is_empty() {
            false => Step::Known(views),
            true => Step::Other(self.other(key, given)),
        }
    }

    /// What is said of a key that is nowhere.
    fn other(&self, key: &str, given: &Node) -> Verdict<'c> {
        if let Some(fields) = self.fields() {
            let is_field = |key: &str| fields.contains(&key);
            // Some charts have the same for each container, by its name.
            let below = given.entries();
            let of_container = !below.is_empty() && below.iter().all(|entry| is_field(&entry.key));
            return match is_field(key) || of_container {
                true => Verdict::Open,
                false => Verdict::Unknown(fields),
            };
        }
        let shown = self.chart.comments.below(&self.path);
        let here = self.path.last().copied().unwrap_or_default();
        let global = self.path.is_empty() && key == "global";
        let is_free = match self.stated.map(Node::kind) {
            Some(Kind::Map(map)) => map.is_empty(),
            Some(Kind::String(text)) => text.is_empty(),
            Some(Kind::Null) | None => true,
            Some(Kind::Bool(_) | Kind::Number(_) | Kind::List(_)) => true,
        };
        let is_free = is_free && self.schema.keys().next().is_none();
        if global || self.schema.is_open() {
            return Verdict::Open;
        }
        let stated = self.stated.map_or(&[][..], Node::entries);
        let mut keys: Vec<&'c str> = shown;
        keys.extend(stated.iter().map(|entry| entry.key.as_str()));
        if is_free || ends_in(here, &FREE) {
            return slip(key, &keys);
        }
        keys.extend(self.schema.keys());
        if self.path.is_empty() {
            keys.extend(self.chart.parts.iter().map(|part| part.key.as_str()));
        }
        match ends_in(here, &CONFIGURATION) {
            true => Verdict::PassedOn(keys),
            false => Verdict::Unknown(keys),
        }
    }

    /// The fields that Kubernetes has here, where the chart hands them on and says nothing of its own.
    fn fields(&self) -> Option<Vec<&'static str>> {
        let here = self.path.last()?.to_ascii_lowercase();
        let known = KUBERNETES.as_ref()?;
        let entry = known
            .entries()
            .iter()
            .find(|entry| here.ends_with(entry.key.as_str()))?;
        let own = self.stated.map_or(&[][..], Node::entries);
        let fields: Vec<&str> = entry
            .value
            .items()
            .iter()
            .filter_map(Node::as_str)
            .collect();
        // A chart with keys of its own there means something else by the word.
        let alike = own.iter().all(|own| fields.contains(&own.key.as_str()));
        alike.then_some(fields)
    }
}

/// A key that is nearly one of those that are shown.
fn slip<'c>(key: &str, shown: &[&'c str]) -> Verdict<'c> {
    match syntax::suggest::nearest(key, shown.iter().copied()) {
        Some(near) if !shown.contains(&key) => Verdict::Unlikely(near),
        Some(_) | None => Verdict::Open,
    }
}

fn ends_in(key: &str, ends: &[&str]) -> bool {
    let key = key.to_ascii_lowercase();
    ends.iter().any(|end| key.ends_with(end))
}
