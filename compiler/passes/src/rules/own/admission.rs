//! The same text for admission: what the API server judges by itself, or Gatekeeper where the cluster has that.
//!
//! A rule's objects join those of the component that provides `security.admission`, which so waits for their kinds.

use super::OwnRule;
use super::matching::kinds;
use crate::resolve::cluster::Cluster;
use crate::rules::Level;
use syntax::{Map, Node, OriginId, Origins, Text};

/// The capability whose component says how a cluster judges what is written to it.
const ADMISSION: &str = "security.admission";
/// The kind that makes kinds of constraints.
const TEMPLATE: &str = "ConstraintTemplate";

/// Adds the objects of each rule that this cluster enforces to the component that does so.
pub fn extend(cluster: &mut Cluster<'_>, origins: &mut Origins) {
    let platform = cluster.platform;
    let mut components = cluster.components.iter();
    let at = components.position(|it| it.component.provides(ADMISSION).is_some());
    let Some(component) = at.and_then(|at| cluster.components.get(at)) else {
        return;
    };
    let crds = component.declares.get("crds").map_or(&[][..], Node::items);
    let by_template = crds
        .iter()
        .any(|crds| crds.at(&["kinds", TEMPLATE]).is_some());
    let mut objects = Vec::new();
    for rule in &platform.own_rules {
        let said = cluster.at(&["rules", &rule.id]);
        let off = rule.node.get("admission").and_then(Node::as_bool) == Some(false);
        let excepted = exceptions(said);
        let (Some(action), Some(excepted), false) = (Action::of(rule, said), excepted, off) else {
            continue;
        };
        let reads: Vec<OriginId> = said.map(Node::origin).into_iter().collect();
        let reads: Vec<OriginId> = std::iter::once(rule.node.origin()).chain(reads).collect();
        let made = Made {
            rule,
            action,
            excepted,
            origin: origins.rule("rules/admission", &reads),
        };
        objects.extend(if by_template {
            made.for_gatekeeper()
        } else {
            made.for_api_server()
        });
    }
    if let Some(component) = at.and_then(|at| cluster.components.get_mut(at)) {
        component.objects.extend(objects);
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

/// A rule on its way to a cluster.
struct Made<'a> {
    rule: &'a OwnRule,
    action: Action,
    excepted: Vec<String>,
    origin: OriginId,
}

impl Made<'_> {
    fn policy(&self, key: &str) -> Option<&Node> {
        self.rule.node.at(&["policy", key])
    }

    fn text(&self, text: impl Into<Text>) -> Node {
        Node::string(text, self.origin)
    }

    fn map<'k>(&self, entries: impl IntoIterator<Item = (&'k str, Option<Node>)>) -> Node {
        let mut map = Map::default();
        for (key, value) in entries {
            if let Some(value) = value {
                map.set(key, self.origin, value);
            }
        }
        Node::map(map, self.origin)
    }

    fn metadata(&self, name: &str) -> Node {
        let about = self.rule.node.get("about").cloned();
        let about = self.map([("formwork.dev/about", about)]);
        self.map([
            ("name", Some(self.text(name))),
            ("annotations", Some(about)),
        ])
    }

    /// Conditions, variables and validations, as both know them.
    fn judgement(&self, conditions: &'static str) -> [(&'static str, Option<Node>); 3] {
        let mut all = self.named("matchConditions");
        for (at, condition) in self.excepted.iter().enumerate() {
            let name = self.text(format!("exception-{}", at + 1).as_str());
            let condition = self.text(condition.as_str());
            all.push(self.map([("name", Some(name)), ("expression", Some(condition))]));
        }
        let list = |list: Vec<Node>| (!list.is_empty()).then(|| Node::list(list, self.origin));
        [
            (conditions, list(all)),
            ("variables", list(self.named("variables"))),
            ("validations", list(self.validations())),
        ]
    }

    fn named(&self, key: &str) -> Vec<Node> {
        let makes_value = key == "variables";
        let list = self.policy(key).map_or(&[][..], Node::items).iter();
        let list = list.map(|it| {
            let expression = it.get("expression");
            self.map([
                ("name", it.get("name").cloned()),
                (
                    "expression",
                    expression.map(|text| self.with_params(text, makes_value)),
                ),
            ])
        });
        list.collect()
    }

    fn validations(&self) -> Vec<Node> {
        let list = self.policy("validations").map_or(&[][..], Node::items);
        let list = list.iter().map(|it| {
            let expression = it.get("expression");
            let made = it.get("messageExpression");
            self.map([
                (
                    "expression",
                    expression.map(|text| self.with_params(text, false)),
                ),
                ("message", it.get("message").cloned()),
                (
                    "messageExpression",
                    made.map(|text| self.with_params(text, true)),
                ),
            ])
        });
        list.collect()
    }

    /// An expression with the rule's parameters in it: `params` stands for them inside.
    fn with_params(&self, expression: &Node, makes_value: bool) -> Node {
        let (Some(params), Some(text)) = (self.rule.node.get("params"), expression.as_str()) else {
            return expression.clone();
        };
        if !text.contains("params") {
            return expression.clone();
        }
        let params = literal(params);
        let text = text.trim();
        let whole = if makes_value {
            format!("[{params}].map(params, {text})[0]")
        } else {
            format!("[{params}].all(params, {text})")
        };
        Node::string(whole.as_str(), expression.origin())
    }

    fn for_api_server(&self) -> Vec<Node> {
        let id = self.rule.id.as_str();
        let version = || Some(self.text("admissionregistration.k8s.io/v1"));
        let constraints = self.policy("matchConstraints").cloned();
        let head = [
            ("failurePolicy", Some(self.text("Fail"))),
            ("matchConstraints", constraints),
        ];
        let spec = self.map(head.into_iter().chain(self.judgement("matchConditions")));
        let policy = self.map([
            ("apiVersion", version()),
            ("kind", Some(self.text("ValidatingAdmissionPolicy"))),
            ("metadata", Some(self.metadata(id))),
            ("spec", Some(spec)),
        ]);
        let action = self.text(match self.action {
            Action::Deny => "Deny",
            Action::Warn => "Warn",
            Action::Audit => "Audit",
        });
        let bound = self.map([
            ("policyName", Some(self.text(id))),
            ("validationActions", Some(Node::list([action], self.origin))),
        ]);
        let binding = self.map([
            ("apiVersion", version()),
            ("kind", Some(self.text("ValidatingAdmissionPolicyBinding"))),
            ("metadata", Some(self.metadata(id))),
            ("spec", Some(bound)),
        ]);
        vec![policy, binding]
    }

    fn for_gatekeeper(&self) -> Vec<Node> {
        let kind: String = self
            .rule
            .id
            .split('-')
            .flat_map(|part| {
                let mut letters = part.chars();
                let first = letters.next().map(|c| c.to_ascii_uppercase());
                first.into_iter().chain(letters)
            })
            .collect();
        let name = kind.to_ascii_lowercase();
        let source = self.map(self.judgement("matchConditions"));
        let code = self.map([
            ("engine", Some(self.text("K8sNativeValidation"))),
            ("source", Some(source)),
        ]);
        let target = self.map([
            ("target", Some(self.text("admission.k8s.gatekeeper.sh"))),
            ("code", Some(Node::list([code], self.origin))),
        ]);
        let names = self.map([("kind", Some(self.text(kind.as_str())))]);
        let crd = self.map([("spec", Some(self.map([("names", Some(names))])))]);
        let template = self.map([
            ("apiVersion", Some(self.text("templates.gatekeeper.sh/v1"))),
            ("kind", Some(self.text(TEMPLATE))),
            ("metadata", Some(self.metadata(&name))),
            (
                "spec",
                Some(self.map([
                    ("crd", Some(crd)),
                    ("targets", Some(Node::list([target], self.origin))),
                ])),
            ),
        ]);
        let action = match self.action {
            Action::Deny => "deny",
            Action::Warn => "warn",
            Action::Audit => "dryrun",
        };
        let spec = self.map([
            ("enforcementAction", Some(self.text(action))),
            ("match", Some(self.constrained())),
        ]);
        let constraint = self.map([
            (
                "apiVersion",
                Some(self.text("constraints.gatekeeper.sh/v1beta1")),
            ),
            ("kind", Some(self.text(kind.as_str()))),
            ("metadata", Some(self.metadata(&self.rule.id))),
            ("spec", Some(spec)),
        ]);
        vec![template, constraint]
    }

    /// What a constraint is about: Gatekeeper asks for kinds where the API server asks for resources.
    fn constrained(&self) -> Node {
        let excluded = self.rule.matches.list("excludeResourceRules");
        let matched = self.rule.matches.list("resourceRules").iter().map(|rule| {
            let list = |key: &str| rule.get(key).cloned();
            let kinds = kinds(rule, excluded).into_iter();
            let kinds = kinds.map(|kind| self.text(kind.as_str()));
            self.map([
                ("apiGroups", list("apiGroups")),
                ("kinds", Some(Node::list(kinds, self.origin))),
            ])
        });
        let selector = |key: &str| self.rule.node.at(&["policy", "matchConstraints", key]);
        self.map([
            ("kinds", Some(Node::list(matched, self.origin))),
            ("namespaceSelector", selector("namespaceSelector").cloned()),
            ("labelSelector", selector("objectSelector").cloned()),
        ])
    }
}

/// A tree as CEL writes it.
fn literal(node: &Node) -> String {
    use syntax::Kind;
    match node.kind() {
        Kind::Null => "null".to_owned(),
        Kind::Bool(flag) => flag.to_string(),
        Kind::Number(number) => number.to_string(),
        Kind::String(text) => quoted(text),
        Kind::List(items) => {
            let items: Vec<String> = items.iter().map(literal).collect();
            format!("[{}]", items.join(", "))
        }
        Kind::Map(map) => {
            let entries = map.entries().iter();
            let entries = entries.map(|it| format!("{}: {}", quoted(&it.key), literal(&it.value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
    }
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("'");
    for c in text.chars() {
        match c {
            '\'' => quoted.push_str("\\'"),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            c => quoted.push(c),
        }
    }
    quoted.push('\'');
    quoted
}
