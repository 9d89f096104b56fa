//! What templates can see: named trees that log each value they are asked for.

use ecow::EcoVec;
use minijinja::value::{Enumerator, Object, ObjectRepr, Value};
use minijinja::{Error, ErrorKind, State};
use std::sync::{Arc, Mutex, PoisonError};
use syntax::{Kind, Node, OriginId, Text};

/// The names in scope, the innermost last.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    names: EcoVec<(Text, Node)>,
    choices: Option<Node>,
}

/// The origins of what was read since it was last taken.
#[derive(Clone, Debug, Default)]
pub struct Log(Arc<Mutex<Vec<OriginId>>>);

impl Scope {
    /// Puts a name into scope, hiding an outer one.
    #[must_use]
    pub fn with(mut self, name: &str, node: Node) -> Self {
        self.bind(name.into(), node);
        self
    }

    /// Puts a name into scope, hiding an outer one.
    pub fn bind(&mut self, name: Text, node: Node) {
        self.names.push((name, node));
    }

    /// What `capability(...)` answers: a map of capability to its choice, or `false`.
    #[must_use]
    pub fn with_choices(mut self, choices: Node) -> Self {
        self.choices = Some(choices);
        self
    }

    /// The tree of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.names
            .iter()
            .rev()
            .find(|(known, _)| known == name)
            .map(|(_, node)| node)
    }

    /// Whether there is something at a path, `a.b.c`: notes the keys that state it, and not its value.
    pub(super) fn has(&self, path: &str, log: &Log) -> bool {
        let mut steps = path.split('.');
        let mut node = steps.next().and_then(|name| self.get(name));
        for step in steps {
            let entry = node.and_then(Node::as_map).and_then(|map| map.entry(step));
            if let Some(entry) = entry {
                log.note(entry.key_origin);
            }
            node = entry.map(|entry| &entry.value);
        }
        node.is_some()
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
        Some(Handle::ask(root, &self.log))
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
        Ok(Value::from(self.scope.has(path, &self.log)))
    }
}

/// `capability('x')`.
#[derive(Debug)]
struct Capability {
    choices: Node,
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
    node: Node,
    log: Log,
}

impl Handle {
    /// The node it stands for.
    pub(super) fn node(&self) -> &Node {
        &self.node
    }

    /// What a node is to the engine: a scalar is itself, anything else an object that can be asked further.
    fn ask(node: &Node, log: &Log) -> Value {
        log.note(node.origin());
        match node.kind() {
            Kind::Null => Value::from(()),
            Kind::Bool(value) => Value::from(*value),
            Kind::Number(text) => number(text),
            Kind::String(text) => Value::from(text.as_str()),
            Kind::List(_) | Kind::Map(_) => Value::from_object(Handle {
                node: node.clone(),
                log: log.clone(),
            }),
        }
    }
}

impl Object for Handle {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        match self.node.as_map() {
            Some(_) => ObjectRepr::Map,
            None => ObjectRepr::Seq,
        }
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let value = match self.node.as_map() {
            Some(map) => map.get(key.as_str()?)?,
            None => self.node.items().get(key.as_usize()?)?,
        };
        Some(Handle::ask(value, &self.log))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let Some(map) = self.node.as_map() else {
            return Enumerator::Seq(self.node.items().len());
        };
        let keys = map.entries().iter().map(|entry| entry.key.as_str());
        Enumerator::Values(keys.map(Value::from).collect())
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
