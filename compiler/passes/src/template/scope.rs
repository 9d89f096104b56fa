//! What templates can see: named trees that log each value they are asked for.

use minijinja::value::{Enumerator, Object, ObjectRepr, Value};
use minijinja::{Error, ErrorKind, State};
use std::sync::{Arc, Mutex, PoisonError};
use syntax::{Kind, Node, OriginId, Text};

/// The names in scope, the innermost last.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    names: Vec<(Text, Arc<Node>)>,
    choices: Option<Arc<Node>>,
}

/// The origins of what was read since it was last taken.
#[derive(Clone, Debug, Default)]
pub struct Log(Arc<Mutex<Vec<OriginId>>>);

impl Scope {
    /// Puts a name into scope, hiding an outer one.
    #[must_use]
    pub fn with(mut self, name: &str, node: Arc<Node>) -> Self {
        self.bind(name.into(), node);
        self
    }

    /// Puts a name into scope, hiding an outer one.
    pub fn bind(&mut self, name: Text, node: Arc<Node>) {
        self.names.push((name, node));
    }

    /// What `capability(...)` answers: a map of capability to its choice, or `false`.
    #[must_use]
    pub fn with_choices(mut self, choices: Arc<Node>) -> Self {
        self.choices = Some(choices);
        self
    }

    /// The tree of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Arc<Node>> {
        self.names
            .iter()
            .rev()
            .find(|(known, _)| known == name)
            .map(|(_, node)| node)
    }

    /// Every name, for suggestions.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|(name, _)| name.as_str())
    }

    /// The scope as the expression engine reads it.
    pub(super) fn root(&self, log: &Log) -> Value {
        Value::from_object(Root {
            scope: self.clone(),
            log: log.clone(),
        })
    }
}

impl Log {
    /// Notes that a value was read.
    pub fn note(&self, origin: OriginId) {
        let mut reads = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if origin != OriginId::default() && !reads.contains(&origin) {
            reads.push(origin);
        }
    }

    /// What was read since, and forgets it.
    #[must_use]
    pub fn take(&self) -> Vec<OriginId> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The word that drops a key or an item.
#[derive(Debug)]
pub(super) struct Omit;

impl Object for Omit {}

/// The names as one object.
#[derive(Debug)]
struct Root {
    scope: Scope,
    log: Log,
}

impl Object for Root {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let name = key.as_str()?;
        match name {
            "omit" => return Some(Value::from_object(Omit)),
            EXISTS => {
                let (scope, log) = (self.scope.clone(), self.log.clone());
                return Some(Value::from_object(Exists { scope, log }));
            }
            "capability" => {
                let choices = self.scope.choices.clone()?;
                return Some(Value::from_object(Capability {
                    choices,
                    log: self.log.clone(),
                }));
            }
            _ => {}
        }
        let root = self.scope.get(name)?;
        Some(
            Handle {
                root: Arc::clone(root),
                path: Vec::new(),
                log: self.log.clone(),
            }
            .value(),
        )
    }
}

/// The name by which expressions ask whether something is there.
pub(super) const EXISTS: &str = "exists__";

/// Whether something is there: reads the key that states it, and not its value.
#[derive(Debug)]
struct Exists {
    scope: Scope,
    log: Log,
}

impl Object for Exists {
    fn call(self: &Arc<Self>, _: &mut State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
        let path = args.first().and_then(Value::as_str).unwrap_or_default();
        let mut steps = path.split('.');
        let mut node = steps
            .next()
            .and_then(|name| self.scope.get(name))
            .map(|root| &**root);
        for step in steps {
            let entry = node.and_then(Node::as_map).and_then(|map| map.entry(step));
            if let Some(entry) = entry {
                self.log.note(entry.key_origin);
            }
            node = entry.map(|entry| &entry.value);
        }
        Ok(Value::from(node.is_some()))
    }
}

/// `capability('x')`.
#[derive(Debug)]
struct Capability {
    choices: Arc<Node>,
    log: Log,
}

impl Object for Capability {
    fn call(self: &Arc<Self>, _: &mut State<'_, '_>, args: &[Value]) -> Result<Value, Error> {
        let Some(name) = args.first().and_then(Value::as_str) else {
            return Err(Error::new(
                ErrorKind::MissingArgument,
                "capability() takes the name of a capability",
            ));
        };
        self.log.note(self.choices.origin());
        let Some(choice) = self.choices.get(name) else {
            return Ok(Value::from(false));
        };
        self.log.note(choice.origin());
        Ok(choice
            .as_str()
            .map_or_else(|| Value::from(false), Value::from))
    }
}

/// A place in a tree: it is asked, and never copied, by the expression engine.
#[derive(Debug)]
pub(super) struct Handle {
    root: Arc<Node>,
    path: Vec<usize>,
    log: Log,
}

impl Handle {
    /// The node it stands for.
    pub(super) fn node(&self) -> Option<&Node> {
        self.path
            .iter()
            .try_fold(&*self.root, |node, at| match node.kind() {
                Kind::List(items) => items.get(*at),
                Kind::Map(map) => map.entries().get(*at).map(|entry| &entry.value),
                Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => None,
            })
    }

    fn child(&self, at: usize) -> Value {
        let mut path = self.path.clone();
        path.push(at);
        Handle {
            root: Arc::clone(&self.root),
            path,
            log: self.log.clone(),
        }
        .value()
    }

    /// A scalar as itself, anything else as an object that can be asked further.
    fn value(self) -> Value {
        let Some(node) = self.node() else {
            return Value::UNDEFINED;
        };
        self.log.note(node.origin());
        match node.kind() {
            Kind::Null => Value::from(()),
            Kind::Bool(value) => Value::from(*value),
            Kind::Number(text) => number(text),
            Kind::String(text) => Value::from(text.as_str()),
            Kind::List(_) | Kind::Map(_) => Value::from_object(self),
        }
    }
}

impl Object for Handle {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        match self.node().map(Node::kind) {
            Some(Kind::List(_)) => ObjectRepr::Seq,
            _ => ObjectRepr::Map,
        }
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        match self.node()?.kind() {
            Kind::List(items) => {
                let at = key.as_usize()?;
                (at < items.len()).then(|| self.child(at))
            }
            Kind::Map(map) => {
                let key = key.as_str()?;
                let at = map.entries().iter().position(|entry| entry.key == key)?;
                Some(self.child(at))
            }
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => None,
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        match self.node().map(Node::kind) {
            Some(Kind::List(items)) => Enumerator::Seq(items.len()),
            Some(Kind::Map(map)) => Enumerator::Values(
                map.entries()
                    .iter()
                    .map(|entry| Value::from(entry.key.as_str()))
                    .collect(),
            ),
            _ => Enumerator::Empty,
        }
    }
}

/// A YAML number as the expression engine's: whole where it is whole.
fn number(text: &str) -> Value {
    if let Ok(whole) = text.parse::<i64>() {
        return Value::from(whole);
    }
    text.parse::<f64>()
        .map_or_else(|_| Value::from(text), Value::from)
}
