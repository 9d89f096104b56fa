//! One `${{ expression }}`: a plain path is looked up, anything else is minijinja's.

use super::scope::{EXISTS, Handle, Log, Omit, Scope};
use minijinja::value::{Value, ValueKind};
use minijinja::{Environment, UndefinedBehavior};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};
use syntax::{Kind, Map, Node, Origin, OriginId, Origins, Span, Text};

/// Steps an expression may take before it counts as runaway.
const FUEL: u64 = 1_000_000;

static ENGINE: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut engine = Environment::new();
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.set_fuel(Some(FUEL));
    super::filters::register(&mut engine);
    engine
});

/// A parsed expression and where it stands.
#[derive(Debug)]
pub struct Expression {
    source: Text,
    /// Where it stands in its template.
    pub span: Span,
    code: Code,
}

#[derive(Debug)]
enum Code {
    /// `a.b.c`: the common case, looked up without the engine.
    Path(Vec<Text>),
    /// `a.b is defined`, or `is not`: as common.
    Exists(Text, bool),
    /// The engine's, compiled when it is first asked; or why it can't be.
    Engine(Engine),
}

type Engine = OnceLock<Result<Arc<Compiled>, String>>;

type Compiled = minijinja::Expression<'static, 'static>;

/// What was compiled, by its text: the same words stand in many components, and each takes the engine ten kilobytes.
static COMPILED: Mutex<BTreeMap<Text, Arc<Compiled>>> = Mutex::new(BTreeMap::new());

/// What an expression gave.
pub enum Outcome {
    /// A value.
    Value(Node),
    /// `omit`, and what decided it.
    Omit(Vec<OriginId>),
}

impl Expression {
    /// Parses an expression.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str, span: Span) -> Result<Self, String> {
        let expression = Expression::known(text, span);
        if text.trim().is_empty() {
            return Err("an empty expression".into());
        }
        if let Code::Engine(engine) = &expression.code {
            expression.compiled(engine)?;
        }
        Ok(expression)
    }

    /// An expression that is known to be right: most of the library's are never asked, and none is compiled before it is.
    #[must_use]
    pub fn known(text: &str, span: Span) -> Self {
        let text = text.trim();
        let code = if is_path(text) {
            Code::Path(text.split('.').map(Text::from).collect())
        } else if let Some((path, wanted)) = existence(text) {
            Code::Exists(path.into(), wanted)
        } else {
            Code::Engine(OnceLock::new())
        };
        Expression {
            source: text.into(),
            span,
            code,
        }
    }

    fn compiled<'e>(&self, engine: &'e Engine) -> Result<&'e Compiled, String> {
        let known = || COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
        let compile = || {
            if let Some(compiled) = known().get(&self.source) {
                return Ok(Arc::clone(compiled));
            }
            let compiled = ENGINE.compile_expression_owned(asks_existence(&self.source));
            let compiled = Arc::new(compiled.map_err(|error| describe(&error))?);
            known().insert(self.source.clone(), Arc::clone(&compiled));
            Ok(compiled)
        };
        let compiled = engine.get_or_init(compile);
        compiled.as_deref().map_err(String::clone)
    }

    /// What the engine makes of it; the log has what it read.
    fn run(&self, engine: &Engine, scope: &Scope, log: &Log) -> Result<Value, Problem> {
        let engine = self.compiled(engine).map_err(Problem::new)?;
        let value = engine.eval(scope.root(log));
        value.map_err(|error| Problem::new(describe(&error)))
    }

    /// The expression as it was written.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Evaluates it to a tree; scalars carry an `Expr` origin with what was read.
    ///
    /// # Errors
    /// What is wrong, in words, and how to help.
    pub fn eval(
        &self,
        scope: &Scope,
        log: &Log,
        origins: &mut Origins,
    ) -> Result<Outcome, Problem> {
        match &self.code {
            Code::Path(path) => self.look_up(path, scope, origins),
            Code::Exists(path, wanted) => {
                let exists = scope.has(path, log);
                let origin = origins.add(Origin::Expr {
                    at: self.span,
                    reads: log.take().into(),
                });
                Ok(Outcome::Value(Node::bool(exists == *wanted, origin)))
            }
            Code::Engine(engine) => {
                let value = self.run(engine, scope, log)?;
                let reads = log.take();
                if value.is_undefined() {
                    return Err(Problem::new(format!(
                        "`{}` is not defined here",
                        self.source
                    )));
                }
                if value.downcast_object_ref::<Omit>().is_some() {
                    return Ok(Outcome::Omit(reads));
                }
                let origin = origins.add(Origin::Expr {
                    at: self.span,
                    reads: reads.into(),
                });
                Ok(Outcome::Value(to_node(&value, origin)))
            }
        }
    }

    /// Evaluates it as a condition: its truth and what was read.
    ///
    /// # Errors
    /// What is wrong, in words, and how to help.
    pub fn test(&self, scope: &Scope, log: &Log) -> Result<(bool, Vec<OriginId>), Problem> {
        match &self.code {
            Code::Path(path) => {
                let node = find(path, scope)?;
                Ok((truth(node), vec![node.origin()]))
            }
            Code::Exists(path, wanted) => {
                let exists = scope.has(path, log);
                Ok((exists == *wanted, log.take()))
            }
            Code::Engine(engine) => {
                let value = self.run(engine, scope, log)?;
                Ok((value.is_true(), log.take()))
            }
        }
    }

    /// The value at a plain path.
    fn look_up(
        &self,
        path: &[Text],
        scope: &Scope,
        origins: &mut Origins,
    ) -> Result<Outcome, Problem> {
        if let [word] = path
            && word == "omit"
        {
            return Ok(Outcome::Omit(Vec::new()));
        }
        let node = find(path, scope)?;
        Ok(Outcome::Value(match node.kind() {
            Kind::List(_) | Kind::Map(_) => node.clone(),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {
                let origin = origins.add(Origin::Expr {
                    at: self.span,
                    reads: [node.origin()].into(),
                });
                node.clone().with_origin(origin)
            }
        }))
    }
}

/// Why an expression failed, and what would help.
#[derive(Debug)]
pub struct Problem {
    /// What is wrong.
    pub message: String,
    /// What to do, where it is known.
    pub help: Option<String>,
}

impl Problem {
    /// A problem without a hint.
    #[must_use]
    pub fn new(message: String) -> Self {
        Problem {
            message,
            help: None,
        }
    }
}

/// The node at a path of names.
fn find<'s>(path: &[Text], scope: &'s Scope) -> Result<&'s Node, Problem> {
    let (first, rest) = path
        .split_first()
        .ok_or_else(|| Problem::new("an empty expression".into()))?;
    let Some(mut node) = scope.get(first) else {
        return Err(unknown(first, "", scope.names()));
    };
    for (at, name) in rest.iter().enumerate() {
        let next = match node.kind() {
            Kind::Map(map) => map.get(name),
            Kind::List(items) => name.parse::<usize>().ok().and_then(|at| items.get(at)),
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => None,
        };
        let Some(next) = next else {
            let seen = path.get(..=at).unwrap_or_default().join(".");
            return Err(unknown(
                name,
                &seen,
                node.entries().iter().map(|entry| entry.key.as_str()),
            ));
        };
        node = next;
    }
    Ok(node)
}

fn unknown<'a>(name: &str, below: &str, known: impl Iterator<Item = &'a str>) -> Problem {
    let message = if below.is_empty() {
        format!("`{name}` is not defined here")
    } else {
        format!("`{below}` has no `{name}` here")
    };
    let known: Vec<&str> = known.collect();
    let near = syntax::suggest::nearest(name, known.iter().copied());
    let help = near
        .map(|near| format!("did you mean `{near}`?"))
        .or_else(|| {
            (!known.is_empty()).then(|| {
                format!(
                    "known here: {}; test with `is defined` or `| default(...)` what may be unset",
                    known.join(", ")
                )
            })
        });
    Problem { message, help }
}

/// The truth of a tree, as the engine sees it.
fn truth(node: &Node) -> bool {
    match node.kind() {
        Kind::Null => false,
        Kind::Bool(value) => *value,
        Kind::Number(text) => text.parse::<f64>().is_ok_and(|number| number != 0.0),
        Kind::String(text) => !text.is_empty(),
        Kind::List(items) => !items.is_empty(),
        Kind::Map(map) => !map.is_empty(),
    }
}

/// The engine's value as a tree; parts that are handles keep their own origins.
fn to_node(value: &Value, origin: OriginId) -> Node {
    if let Some(handle) = value.downcast_object_ref::<Handle>() {
        return handle.node().clone();
    }
    match value.kind() {
        ValueKind::Bool => Node::bool(value.is_true(), origin),
        ValueKind::Number => Node::new(Kind::Number(Text::from(value.to_string())), origin),
        ValueKind::Seq | ValueKind::Iterable => {
            let items = value.try_iter().into_iter().flatten();
            Node::list(items.map(|item| to_node(&item, origin)), origin)
        }
        ValueKind::Map => {
            let mut map = Map::default();
            for key in value.try_iter().into_iter().flatten() {
                let item = value.get_item(&key).unwrap_or(Value::UNDEFINED);
                map.set(Text::from(key.to_string()), origin, to_node(&item, origin));
            }
            Node::map(map, origin)
        }
        ValueKind::Undefined | ValueKind::None => Node::null(origin),
        ValueKind::String | ValueKind::Bytes | ValueKind::Plain | ValueKind::Invalid | _ => {
            Node::string(value.to_string(), origin)
        }
    }
}

fn is_path(text: &str) -> bool {
    let word = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    !matches!(text, "true" | "false" | "none" | "True" | "False" | "None")
        && text.split('.').all(word)
}

/// The path of `a.b is defined`, and whether it has to be there.
fn existence(text: &str) -> Option<(&str, bool)> {
    let (path, test) = text.split_once(" is ")?;
    let wanted = match test {
        "defined" => true,
        "not defined" => false,
        _ => return None,
    };
    is_path(path).then_some((path, wanted))
}

/// The engine's complaint, shortened to what a person needs.
pub(super) fn describe(error: &minijinja::Error) -> String {
    match error.detail() {
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    }
}

/// `a.b is defined` asks whether `a.b` is there, and reads no value: so the value does not count as what decided.
fn asks_existence(text: &str) -> String {
    let mut rewritten = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(" is ") {
        let (negated, test) = match after.strip_prefix("not ") {
            Some(test) => ("not ", test),
            None => ("", after),
        };
        let path = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
        let head = before.trim_end_matches(path);
        let asked = before.strip_prefix(head).unwrap_or_default();
        match test.strip_prefix("defined") {
            Some(tail) if is_path(asked) && !tail.starts_with(path) => {
                rewritten.push_str(&format!("{head}({negated}{EXISTS}('{asked}'))"));
                rest = tail;
            }
            Some(_) | None => {
                rewritten.push_str(before);
                rewritten.push_str(" is ");
                rest = after;
            }
        }
    }
    rewritten.push_str(rest);
    rewritten
}

#[cfg(test)]
mod tests {
    use super::asks_existence;

    #[test]
    fn existence_is_asked_without_reading() {
        let text = "a.b is defined and (c is not defined or d is mapping)";
        let wanted = "(exists__('a.b')) and ((not exists__('c')) or d is mapping)";
        assert_eq!(asks_existence(text), wanted);
    }
}
