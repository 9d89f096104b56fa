//! `monitor-selects-nothing`: what a monitor asks for is there.

use super::alerts::about;
use crate::rules::{Finding, Group, Level, Levels, On, Rule, Subject, Told, View};
use model::object::ObjectId;
use syntax::{Entry, Node};

pub const RULE: Rule = Rule {
    id: "monitor-selects-nothing",
    group: Group::Observability,
    levels: Levels::all(Level::Warning),
    page: include_str!("monitor-selects-nothing.md"),
    on: On::Cluster(check),
};

/// Kinds that make neither pods nor Services but those which are seen: where there are others, not all is known.
const SEEN: [&str; 22] = [
    "Certificate",
    "CiliumNetworkPolicy",
    "ConfigMap",
    "CronJob",
    "DaemonSet",
    "Deployment",
    "ExternalSecret",
    "HTTPRoute",
    "HorizontalPodAutoscaler",
    "Job",
    "LimitRange",
    "Namespace",
    "NetworkPolicy",
    "PersistentVolumeClaim",
    "PodDisruptionBudget",
    "PodMonitor",
    "PrometheusRule",
    "ResourceQuota",
    "Service",
    "ServiceAccount",
    "ServiceMonitor",
    "StatefulSet",
];

fn check(view: &View<'_>, told: &mut Told) {
    for subject in view.subjects(&["PodMonitor", "ServiceMonitor"]) {
        if subject.object.id.group == "monitoring.coreos.com"
            && let Some(finding) = judge(view, subject)
        {
            told.add(about(subject, finding));
        }
    }
}

/// A thing that a monitor may select: its labels as far as they are known, and the names of its ports.
struct Target<'a> {
    labels: &'a [Entry],
    ports: Vec<&'a str>,
    /// The labels that its folder gives it, where it is a Service of an app.
    given: Option<&'a Node>,
    is_service: bool,
}

fn judge(view: &View<'_>, subject: &Subject<'_>) -> Option<Finding> {
    let (id, node) = (&subject.object.id, &subject.object.node);
    let services = id.kind == "ServiceMonitor";
    let selector = node.at(&["spec", "selector"])?;
    let namespaces = namespaces(id, node)?;
    let targets = targets(view, &namespaces, services);
    let mut chosen = targets
        .iter()
        .filter(|target| target.is_taken_by(selector))
        .peekable();
    let what = if services { "Service" } else { "pod" };
    if chosen.peek().is_none() {
        let all_known = namespaces.iter().all(|name| is_known(view, name));
        return all_known.then(|| {
            Finding::new(format!("{} `{}` selects no {what}", id.kind, id.name))
                .at(selector.origin(), format!("no {what} has these labels"))
                .help(format!("name the labels of the {what} itself, and its namespace in `namespaceSelector` where that is another"))
        });
    }
    let ports: Vec<&str> = chosen
        .flat_map(|target| target.ports.iter().copied())
        .collect();
    let endpoints = if services {
        "endpoints"
    } else {
        "podMetricsEndpoints"
    };
    let endpoints = node.at(&["spec", endpoints]).map_or(&[][..], Node::items);
    let named = endpoints.iter().filter_map(|endpoint| endpoint.get("port"));
    let missing = named
        .into_iter()
        .find(|port| port.as_str().is_some_and(|port| !ports.contains(&port)))?;
    let name = missing.as_str().unwrap_or_default();
    let all_known = namespaces.iter().all(|name| is_known(view, name));
    all_known.then(|| {
        Finding::new(format!(
            "{} `{}` asks at a port that no {what} has",
            id.kind, id.name
        ))
        .at(missing.origin(), format!("no port is called `{name}`"))
        .help(match ports.is_empty() {
            true => format!("give the {what} a port with that name"),
            false => format!("there are: {}", ports.join(", ")),
        })
    })
}

/// The namespaces that a monitor looks into; `None` for all of them.
fn namespaces<'a>(id: &'a ObjectId, node: &'a Node) -> Option<Vec<&'a str>> {
    let stated = node.at(&["spec", "namespaceSelector"]);
    if stated.and_then(|it| it.get("any")).and_then(Node::as_bool) == Some(true) {
        return None;
    }
    let names = stated.and_then(|it| it.get("matchNames"));
    let names: Vec<&str> = names
        .map_or(&[][..], Node::items)
        .iter()
        .filter_map(Node::as_str)
        .collect();
    Some(if names.is_empty() {
        vec![&id.namespace]
    } else {
        names
    })
}

fn targets<'a>(view: &'a View<'a>, namespaces: &[&str], services: bool) -> Vec<Target<'a>> {
    let within = |id: &ObjectId| namespaces.contains(&id.namespace.as_str());
    if services {
        let all = view.subjects(&["Service"]);
        return all
            .filter(|it| within(&it.object.id))
            .map(|it| {
                let node = &it.object.node;
                let app = it
                    .component
                    .and_then(|name| view.component(name)?.app.as_ref());
                Target {
                    labels: node
                        .at(&["metadata", "labels"])
                        .map_or(&[][..], Node::entries),
                    ports: names(node.at(&["spec", "ports"])),
                    given: app.and_then(|app| app.get("labels")),
                    is_service: true,
                }
            })
            .collect();
    }
    let all = view.workloads().iter();
    all.filter(|it| within(&it.id) && it.pod.is_some())
        .map(|it| Target {
            labels: it.labels,
            ports: it
                .all_containers()
                .flat_map(|container| names(container.get("ports")))
                .collect(),
            given: None,
            is_service: false,
        })
        .collect()
}

fn names(ports: Option<&Node>) -> Vec<&str> {
    let ports = ports.map_or(&[][..], Node::items).iter();
    ports.filter_map(|port| port.str_at(&["name"])).collect()
}

/// Whether all pods and Services of a namespace are seen here: only plain objects make any.
fn is_known(view: &View<'_>, namespace: &str) -> bool {
    let mut owners = view
        .cluster
        .components
        .iter()
        .filter(|it| it.namespace_name() == Some(namespace))
        .peekable();
    let owned = owners.peek().is_some();
    let plain = owners.all(|it| {
        let made = |key: &str| it.declares.get(key).map_or(&[][..], Node::items);
        it.chart.is_null()
            && it.git.is_null()
            && made("workloads").is_empty()
            && made("services").is_empty()
    });
    let mut objects = view.objects.iter();
    owned
        && plain
        && objects.all(|(_, object)| {
            object.id.namespace != namespace || SEEN.contains(&object.id.kind.as_str())
        })
}

impl Target<'_> {
    /// Whether a selector takes it, or may.
    fn is_taken_by(&self, selector: &Node) -> bool {
        let equal = selector.get("matchLabels").map_or(&[][..], Node::entries);
        let equal = equal.iter().all(|label| {
            let wanted = label.value.as_str();
            self.may(&label.key, |value| value.is_some() && value == wanted)
        });
        let rules = selector
            .get("matchExpressions")
            .map_or(&[][..], Node::items);
        equal && rules.iter().all(|rule| self.may_meet(rule))
    }

    fn may_meet(&self, rule: &Node) -> bool {
        let key = rule.str_at(&["key"]).unwrap_or_default();
        let values = rule.get("values").map_or(&[][..], Node::items);
        let among = |value: Option<&str>| {
            value.is_some_and(|value| values.iter().any(|it| it.as_str() == Some(value)))
        };
        match rule.str_at(&["operator"]) {
            Some("In") => self.may(key, among),
            Some("NotIn") => self.may(key, |value| !among(value)),
            Some("Exists") => self.may(key, |value| value.is_some()),
            Some("DoesNotExist") => self.may(key, |value| value.is_none()),
            _ => true,
        }
    }

    /// Whether a label may be as asked: folders give Services labels of their own.
    fn may(&self, key: &str, asked: impl Fn(Option<&str>) -> bool) -> bool {
        let own = self.labels.iter().find(|label| label.key == key);
        if asked(own.and_then(|label| label.value.as_str())) {
            return true;
        }
        let given = self.given.and_then(|given| given.str_at(&[key]));
        let folders = key.starts_with("formwork.dev/")
            || matches!(
                key,
                "app.kubernetes.io/managed-by" | "app.kubernetes.io/part-of"
            );
        self.is_service && (folders || (given.is_some() && asked(given)))
    }
}
