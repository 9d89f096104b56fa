//! Judging by a rule of a project's own: one object, the pod that it makes, and all that a cluster has.

use super::expression::{self, Scope};
use super::{Broken, OwnRule, Validation, matching};
use crate::rules::found::{Finding, Told};
use crate::rules::view::{Subject, View, Workload};
use model::object::Object;
use std::borrow::Cow;
use syntax::Node;

impl OwnRule {
    /// Judges an object, as it is written and in the namespace that it goes to. Empty where all holds, or it is not about
    /// such objects.
    #[must_use]
    pub fn judge(&self, object: &Node, namespace: Option<&Node>) -> Vec<Broken> {
        if !self.matches.takes(object, namespace) {
            return Vec::new();
        }
        let mut scope = self.scope(object, namespace);
        for (name, condition) in &self.conditions {
            match condition.verdict(&scope) {
                Ok(true) => {}
                Ok(false) => return Vec::new(),
                Err(why) => {
                    return vec![Broken {
                        message: format!("its condition `{name}` can't be judged: {why}"),
                        at: None,
                    }];
                }
            }
        }
        for (name, variable) in &self.variables {
            scope.compute(name, variable);
        }
        let judged = self.validations.iter().enumerate();
        let broken = judged.filter_map(|(at, validation)| {
            let message = validation.broken(&scope)?;
            Some(Broken {
                message,
                at: Some(at),
            })
        });
        broken.collect()
    }

    /// Judges an object by itself, in a namespace of which only the name is known.
    #[must_use]
    pub fn judge_in_its_namespace(&self, object: &Node) -> Vec<Broken> {
        let name = object.str_at(&["metadata", "namespace"]);
        let namespace = name.map(|name| matching::named_namespace(name, None));
        self.judge(object, namespace.as_ref())
    }

    /// Judges an object by itself, and the pod that it will run.
    #[must_use]
    pub fn judge_with_pods(&self, object: &Node) -> Vec<Broken> {
        let mut broken = self.judge_in_its_namespace(object);
        let pod = Object::new(object.clone(), object.origin()).and_then(|object| {
            let subject = Subject {
                folder: "",
                object: &object,
                component: None,
            };
            Workload::of(&subject)?.as_pod()
        });
        if let Some(pod) = pod {
            broken.extend(self.judge_in_its_namespace(&pod));
        }
        broken
    }

    fn scope(&self, object: &Node, namespace: Option<&Node>) -> Scope {
        let mut scope = Scope::default();
        let text = |path: &[&str]| object.at(path).map_or(cel::Value::Null, expression::value);
        scope.set("object", expression::value(object));
        scope.set("oldObject", cel::Value::Null);
        let none = cel::Value::Null;
        scope.set(
            "namespaceObject",
            namespace.map_or_else(|| none.clone(), expression::value),
        );
        let params = self.node.get("params");
        scope.set("params", params.map_or(none, expression::value));
        let operation = cel::Value::String(std::sync::Arc::new("CREATE".to_owned()));
        let request = [
            ("operation", operation),
            ("name", text(&["metadata", "name"])),
            ("namespace", text(&["metadata", "namespace"])),
        ];
        scope.set("request", expression::object(request.into_iter()));
        scope
    }

    /// Judges every object of a cluster, and every pod that it will run.
    pub(in crate::rules) fn of_cluster(&self, view: &View<'_>, told: &mut Told) {
        told.begin_as(Cow::Owned(self.id.to_string()), self.levels);
        let named = view.subjects(&[]);
        for subject in named.filter(|it| self.matches.names(&it.object.node)) {
            told.about(subject);
            let node = &subject.object.node;
            let namespace = namespace_of(view, &subject.object.id.namespace);
            self.tell(node, namespace.as_ref(), node, told);
        }
        if !self.matches.takes_pods() {
            return;
        }
        // The API server asks of pods, which others make: of each template, the pod that it makes.
        for workload in view.workloads() {
            let Some(pod) = workload.as_pod() else {
                continue;
            };
            told.about_workload(workload);
            let namespace = namespace_of(view, &workload.id.namespace);
            self.tell(&pod, namespace.as_ref(), workload.node, told);
        }
    }

    /// Judges objects of which only the names of their namespaces are known, and the pods that they will run.
    pub(in crate::rules) fn of_objects(&self, subjects: &[Subject<'_>], told: &mut Told) {
        told.begin_as(Cow::Owned(self.id.to_string()), self.levels);
        for subject in subjects {
            told.about(subject);
            let name = subject.object.id.namespace.as_str();
            let namespace = (!name.is_empty()).then(|| matching::named_namespace(name, None));
            let node = &subject.object.node;
            if self.matches.names(node) {
                self.tell(node, namespace.as_ref(), node, told);
            }
            let pod = Workload::of(subject).filter(|_| self.matches.takes_pods());
            if let Some(pod) = pod.and_then(|workload| workload.as_pod()) {
                self.tell(&pod, namespace.as_ref(), node, told);
            }
        }
    }

    fn tell(&self, object: &Node, namespace: Option<&Node>, at: &Node, told: &mut Told) {
        for broken in self.judge(object, namespace) {
            let name = at.at(&["metadata", "name"]).unwrap_or(at);
            let validation = broken.at.and_then(|at| self.validations.get(at));
            let mut finding = Finding::new(broken.message).at(name.origin(), "");
            if let Some(validation) = validation {
                finding = finding.at(validation.node.origin(), "does not hold");
            }
            told.add(finding.help(self.fix()));
        }
    }
}

impl Validation {
    /// What is said of a scope in which it does not hold.
    fn broken(&self, scope: &Scope) -> Option<String> {
        match self.holds.verdict(scope) {
            Ok(true) => None,
            Ok(false) => {
                let made = self.message_expression.as_ref();
                let made = made.and_then(|message| message.text(scope));
                let stated = self.message.as_ref().map(ToString::to_string);
                let expression = self.node.str_at(&["expression"]).unwrap_or_default();
                Some(
                    made.or(stated)
                        .unwrap_or_else(|| format!("failed expression: {}", expression.trim())),
                )
            }
            Err(why) => Some(format!("it can't be judged: {why}")),
        }
    }
}

/// A namespace of the cluster as the API server has it: with its name as a label.
fn namespace_of(view: &View<'_>, name: &str) -> Option<Node> {
    if name.is_empty() {
        return None;
    }
    let mut namespaces = view.subjects(&["Namespace"]);
    let stated = namespaces.find(|it| it.object.id.name == name);
    Some(matching::named_namespace(
        name,
        stated.map(|it| &it.object.node),
    ))
}
