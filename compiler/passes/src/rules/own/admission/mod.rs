//! The same text for admission: what the API server judges by itself, or Gatekeeper or Kyverno where a cluster has that.
//!
//! A rule's objects join those of the component that provides `security.admission`, which so waits for their kinds. The
//! component names policies of its own by `policies`; their texts lie in `rules/admission/`.

mod admission_policy;
mod constraint;
mod literal;
mod made;
mod validating_policy;

use super::OwnRule;
use crate::component::Component;
use crate::evaluate::Enabled;
use crate::resolve::cluster::Cluster;
use crate::rules::Level;
use made::Made;
use syntax::{Node, OriginId, Origins};

/// The capability whose component says how a cluster judges what is written to it.
const ADMISSION: &str = "security.admission";

/// Adds the objects of each rule that this cluster enforces to the component that does so.
pub fn extend(cluster: &mut Cluster<'_>, origins: &mut Origins) {
    let mut components = cluster.components.iter();
    let at = components.position(|it| it.component.provides(ADMISSION).is_some());
    let Some(component) = at.and_then(|at| cluster.components.get(at)) else {
        return;
    };
    let dialect = Dialect::of(component.component);
    let mut made = of_component(cluster, component, origins);
    made.extend(of_project(cluster, origins));
    let objects: Vec<Node> = made.iter().flat_map(|made| dialect.objects(made)).collect();
    if let Some(component) = at.and_then(|at| cluster.components.get_mut(at)) {
        component.objects.extend(objects);
    }
}

/// The policies that the component itself enforces.
fn of_component<'a>(
    cluster: &Cluster<'a>,
    component: &Enabled<'_>,
    origins: &mut Origins,
) -> Vec<Made<'a>> {
    let stated = component.policies.items().iter();
    let made = stated.filter_map(|stated| {
        let name = stated.str_at(&["rule"])?;
        let (id, file) = cluster.platform.templates.admission_rule(name)?;
        let exempt = stated.get("exempt").map_or(&[][..], Node::items);
        Some(Made {
            id,
            file,
            params: stated.get("params").or(file.get("params")).cloned(),
            action: Action::named(stated.str_at(&["action"])?)?,
            excepted: Vec::new(),
            exempt: exempt.to_vec(),
            origin: origins.rule("rules/policy", &[stated.origin()]),
        })
    });
    made.collect()
}

/// The project's own rules that this cluster enforces.
fn of_project<'a>(cluster: &Cluster<'a>, origins: &mut Origins) -> Vec<Made<'a>> {
    let mut made = Vec::new();
    for rule in &cluster.platform.own_rules {
        let said = cluster.at(&["rules", &rule.id]);
        let off = rule.node.get("admission").and_then(Node::as_bool) == Some(false);
        let excepted = exceptions(said);
        let (Some(action), Some(excepted), false) = (Action::of(rule, said), excepted, off) else {
            continue;
        };
        let reads: Vec<OriginId> = said.map(Node::origin).into_iter().collect();
        let reads: Vec<OriginId> = std::iter::once(rule.node.origin()).chain(reads).collect();
        made.push(Made {
            id: &rule.id,
            file: &rule.node,
            params: rule.node.get("params").cloned(),
            action,
            excepted,
            exempt: Vec::new(),
            origin: origins.rule("rules/admission", &reads),
        });
    }
    made
}

/// Who judges, with the API group of its kinds.
#[derive(Clone, Copy, Debug)]
enum Dialect<'a> {
    ApiServer,
    Constraints(&'a str),
    Policies(&'a str),
}

impl<'a> Dialect<'a> {
    /// By the kinds that a component brings.
    fn of(component: &'a Component) -> Dialect<'a> {
        let group = |wanted: &str| {
            let mut kinds = component.brings();
            kinds.find_map(|(group, kind, _)| (kind == wanted).then_some(group))
        };
        match (
            group(constraint::TEMPLATE),
            group(validating_policy::POLICY),
        ) {
            (Some(group), _) => Dialect::Constraints(group),
            (None, Some(group)) => Dialect::Policies(group),
            (None, None) => Dialect::ApiServer,
        }
    }

    fn objects(self, made: &Made<'_>) -> Vec<Node> {
        match self {
            Dialect::ApiServer => made.admission_policy(),
            Dialect::Constraints(group) => made.constraint(group),
            Dialect::Policies(group) => made.validating_policy(group),
        }
    }
}

/// What a violation means.
#[derive(Clone, Copy, Debug)]
enum Action {
    Deny,
    Warn,
    Audit,
}

impl Action {
    /// By the word of an option.
    fn named(word: &str) -> Option<Action> {
        Some(match word {
            "deny" => Action::Deny,
            "warn" => Action::Warn,
            "audit" => Action::Audit,
            _ => return None,
        })
    }

    /// As the API server and Kyverno call it.
    fn word(self) -> &'static str {
        match self {
            Action::Deny => "Deny",
            Action::Warn => "Warn",
            Action::Audit => "Audit",
        }
    }

    /// By the level that a rule has in a cluster; `None` where it is off.
    fn of(rule: &OwnRule, said: Option<&Node>) -> Option<Action> {
        let level = said.and_then(|said| said.str_at(&["level"]));
        match level.and_then(Level::of).unwrap_or(rule.levels.usual) {
            Level::Off => None,
            Level::Note => Some(Action::Audit),
            Level::Warning => Some(Action::Warn),
            Level::Error => Some(Action::Deny),
        }
    }
}

/// What a cluster lets pass, as conditions; `None` where it lets everything pass.
fn exceptions(said: Option<&Node>) -> Option<Vec<String>> {
    let list = said.and_then(|said| said.get("except"));
    let list = list.map_or(&[][..], Node::items).iter();
    list.map(|exception| exception.str_at(&["objects"]).map(condition))
        .collect()
}

/// The condition of not being one of the objects of an exception's pattern.
fn condition(pattern: &str) -> String {
    let parts: Vec<&str> = pattern.split('/').collect();
    let (kind, namespace, name) = match parts.as_slice() {
        [kind, namespace, name] => (*kind, Some(*namespace), *name),
        [kind, name] => (*kind, None, *name),
        _ => return "true".to_owned(),
    };
    let mut terms = vec![
        matches("object.kind", kind),
        matches(
            "(has(object.metadata.name) ? object.metadata.name : '')",
            name,
        ),
    ];
    terms.extend(namespace.map(|namespace| {
        matches(
            "(has(object.metadata.namespace) ? object.metadata.namespace : '')",
            namespace,
        )
    }));
    // The API server asks of pods, and an exception is of what makes them.
    let made = format!(
        "object.kind == 'Pod' && has(object.metadata.generateName) && {}{}",
        matches("object.metadata.generateName", &format!("{name}-*")),
        namespace.map_or_else(String::new, |namespace| format!(
            " && {}",
            matches("object.metadata.namespace", namespace)
        ))
    );
    format!("!({}) && !({made})", terms.join(" && "))
}

/// Whether a text has the form of a pattern, in CEL.
fn matches(what: &str, pattern: &str) -> String {
    if !pattern.contains('*') {
        return format!("{what} == '{pattern}'");
    }
    let mut regex = String::new();
    for c in pattern.chars() {
        match c {
            '*' => regex.push_str(".*"),
            c if c.is_ascii_alphanumeric() || c == '-' => regex.push(c),
            c => {
                regex.push('[');
                regex.push(c);
                regex.push(']');
            }
        }
    }
    format!("{what}.matches('^{regex}$')")
}
