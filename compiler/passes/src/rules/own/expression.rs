//! CEL as the API server has it, as far as a desk can: trees go in, a verdict comes out.
//!
//! Left out, and refused where a rule is read: what asks the API server (`authorizer`) and libraries for addresses and URLs.

use cel::extractors::This;
use cel::objects::{Key, Map};
use cel::{Context, Env, ExecutionError, Program, Value, extensions};
use model::form::parse_quantity;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};
use syntax::{Kind, Node};

/// What the API server knows and this does not.
pub(super) const NOT_HERE: &[&str] = &[
    "authorizer",
    "cidr",
    "ip",
    "isCIDR",
    "isIP",
    "isSemver",
    "isURL",
    "semver",
    "url",
];

/// The functions and macros that expressions may use.
static ENV: LazyLock<Arc<Env>> = LazyLock::new(|| {
    let mut env = Env::stdlib();
    for extension in [extensions::strings, extensions::lists, extensions::math] {
        // Each is added once, so none can be there already.
        let _ = env.add_extension(extension);
    }
    Arc::new(env)
});

/// An expression, compiled.
#[derive(Debug)]
pub struct Expression(Program);

impl Expression {
    /// Compiles a text.
    ///
    /// # Errors
    /// Where it can't be read (line and column from 1) and why.
    pub fn compile(text: &str) -> Result<Expression, (usize, usize, String)> {
        let program = ENV.compile(text).map_err(|problems| {
            let first = problems.errors.into_iter().next();
            first.map_or((1, 1, "it can't be read".to_owned()), |it| {
                let number = |at: isize| usize::try_from(at).unwrap_or(1).max(1);
                (number(it.pos.0), number(it.pos.1), it.msg)
            })
        })?;
        let unknown = {
            let used = program.references();
            let known = |name: &&&str| used.has_function(**name) || used.has_variable(**name);
            NOT_HERE.iter().find(known).copied()
        };
        match unknown {
            Some(name) => Err((1, 1, format!("`{name}` is not known before a cluster is"))),
            None => Ok(Expression(program)),
        }
    }

    fn value(&self, scope: &Scope) -> Result<Value, String> {
        self.0
            .execute(&scope.context())
            .map_err(|problem| problem.to_string())
    }

    /// What it says of a scope: a verdict, or why there is none.
    pub(super) fn verdict(&self, scope: &Scope) -> Result<bool, String> {
        let Value::Bool(verdict) = self.value(scope)? else {
            return Err("it is neither true nor false".to_owned());
        };
        Ok(verdict)
    }

    /// The text that it makes in a scope.
    pub(super) fn text(&self, scope: &Scope) -> Option<String> {
        let Value::String(text) = self.value(scope).ok()? else {
            return None;
        };
        Some(text.to_string())
    }
}

/// What expressions see.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    names: BTreeMap<&'static str, Value>,
    variables: BTreeMap<String, Value>,
}

impl Scope {
    /// Gives a name a value.
    pub(super) fn set(&mut self, name: &'static str, value: Value) {
        self.names.insert(name, value);
    }

    /// Computes a variable; where it can't be, whatever uses it fails, as it would at admission.
    pub(super) fn compute(&mut self, name: &str, expression: &Expression) {
        if let Ok(value) = expression.value(self) {
            self.variables.insert(name.to_owned(), value);
        }
    }

    fn context(&self) -> Context<'static, 'static> {
        let mut context = Context::with_env(Arc::clone(&ENV));
        for (name, value) in &self.names {
            context.add_variable_from_value(*name, value.clone());
        }
        let variables = self.variables.iter();
        let variables = variables.map(|(name, value)| (name.as_str(), value.clone()));
        context.add_variable_from_value("variables", object(variables));
        // Each is added once, so none can be there already.
        let _ = functions(&mut context);
        context
    }
}

/// What Kubernetes adds to CEL: <https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-cel-libraries>.
fn functions(context: &mut Context<'_, '_>) -> Result<(), cel::DeclarationError> {
    context.add_function("isQuantity", |text: Value| amount_of(&text).is_some())?;
    context.add_function("quantity", |text: Value| {
        amount_of(&text).ok_or_else(|| wrong("quantity", "it is no quantity".to_owned()))
    })?;
    context.add_function("isGreaterThan", |This(a): This<f64>, b: f64| a > b)?;
    context.add_function("isLessThan", |This(a): This<f64>, b: f64| a < b)?;
    context.add_function("asApproximateFloat", |This(a): This<f64>| a)?;
    context.add_function("isSorted", |This(list): This<Arc<Vec<Value>>>| {
        list.is_sorted_by(|a, b| a.partial_cmp(b).is_some_and(std::cmp::Ordering::is_le))
    })?;
    context.add_function("sum", |This(list): This<Arc<Vec<Value>>>| sum(&list))?;
    context.add_function(
        "find",
        |This(text): This<Arc<String>>, pattern: Arc<String>| {
            let pattern = regex(&pattern)?;
            let found = pattern.find(&text).map(|it| it.as_str().to_owned());
            Ok::<_, ExecutionError>(Arc::new(found.unwrap_or_default()))
        },
    )?;
    Ok(())
}

/// The value of a quantity. The API server has a text where a file may have a number.
#[expect(
    clippy::cast_precision_loss,
    reason = "quantities are compared as floats, far below where that matters"
)]
fn amount_of(value: &Value) -> Option<f64> {
    match value {
        Value::String(text) => amount(text),
        Value::Int(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        Value::List(_)
        | Value::Map(_)
        | Value::Function(..)
        | Value::UInt(_)
        | Value::Bytes(_)
        | Value::Bool(_)
        | Value::Opaque(_)
        | Value::Struct(_)
        | Value::Null => None,
    }
}

/// The value of a quantity in all forms that Kubernetes reads.
fn amount(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let small = |unit: char, scale: f64| {
        let number = unsigned.strip_suffix(unit)?;
        Some(parse_quantity(number)? * scale)
    };
    // An exponent ends in a digit; a unit such as `E` does not.
    let plain = unsigned
        .bytes()
        .all(|b| b.is_ascii_digit() || b".eE+-".contains(&b));
    let exponent = || {
        let ends = unsigned.ends_with(|c: char| c.is_ascii_digit());
        unsigned.parse::<f64>().ok().filter(|_| plain && ends)
    };
    let size = parse_quantity(unsigned)
        .or_else(|| small('u', 1e-6))
        .or_else(|| small('n', 1e-9))
        .or_else(exponent)?;
    Some(if text.starts_with('-') { -size } else { size })
}

fn regex(pattern: &str) -> Result<regex_lite::Regex, ExecutionError> {
    regex_lite::Regex::new(pattern).map_err(|problem| wrong("find", problem.to_string()))
}

fn sum(list: &[Value]) -> Result<Value, ExecutionError> {
    let mut whole = 0_i64;
    let mut part = 0.0_f64;
    let mut floats = false;
    for value in list {
        match value {
            Value::Int(number) => {
                let more = whole.checked_add(*number);
                whole = more.ok_or_else(|| wrong("sum", "the numbers are too large".to_owned()))?;
            }
            Value::Float(number) => {
                floats = true;
                part += number;
            }
            Value::List(_)
            | Value::Map(_)
            | Value::Function(..)
            | Value::UInt(_)
            | Value::String(_)
            | Value::Bytes(_)
            | Value::Bool(_)
            | Value::Opaque(_)
            | Value::Struct(_)
            | Value::Null => return Err(wrong("sum", "these are no numbers".to_owned())),
        }
    }
    Ok(if floats {
        Value::Float(part)
    } else {
        Value::Int(whole)
    })
}

fn wrong(function: &str, message: String) -> ExecutionError {
    ExecutionError::function_error(function, message)
}

/// A tree as expressions see it: whole numbers are integers.
pub(super) fn value(node: &Node) -> Value {
    match node.kind() {
        Kind::Null => Value::Null,
        Kind::Bool(flag) => Value::Bool(*flag),
        Kind::Number(number) => match (node.as_i64(), number.as_str().parse::<f64>()) {
            (Some(whole), _) => Value::Int(whole),
            (None, Ok(number)) => Value::Float(number),
            (None, Err(_)) => Value::Null,
        },
        Kind::String(text) => Value::String(Arc::new(text.to_string())),
        Kind::List(items) => Value::List(Arc::new(items.iter().map(value).collect())),
        Kind::Map(map) => object(
            map.entries()
                .iter()
                .map(|entry| (entry.key.as_str(), value(&entry.value))),
        ),
    }
}

/// A map by its keys.
pub(super) fn object<'k>(entries: impl Iterator<Item = (&'k str, Value)>) -> Value {
    let entries = entries.map(|(key, value)| (Key::String(Arc::new(key.to_owned())), value));
    Value::Map(Map {
        map: Arc::new(entries.collect()),
    })
}
