//! `${VAR}`: what Flux puts in its place after a build.

use super::kustomize::Item;
use std::collections::BTreeMap;
use syntax::{Kind, Map, Node, OriginId};

/// The label or annotation by which an object is left as it is.
const SWITCH: &str = "kustomize.toolkit.fluxcd.io/substitute";

/// The variables of a Kustomization.
#[derive(Clone, Debug, Default)]
pub(super) struct Variables {
    /// By name; `None` where the value can't be read here.
    known: BTreeMap<String, Option<String>>,
    /// Whether there are others that can't be known.
    is_open: bool,
}

/// What ConfigMaps and Secrets say, by kind and name.
#[derive(Clone, Debug, Default)]
pub(super) struct Said(BTreeMap<(String, String), BTreeMap<String, Option<String>>>);

/// A variable where it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Use<'t> {
    pub(super) name: &'t str,
    /// What counts where it is not defined.
    pub(super) default: Option<&'t str>,
    /// Whether the value is put there as it is.
    is_plain: bool,
    start: usize,
    end: usize,
}

impl Said {
    /// Takes in what an object says.
    pub(super) fn add(&mut self, item: &Item) {
        let node = &item.node;
        let kind = node.str_at(&["kind"]).unwrap_or_default();
        let name = node.str_at(&["metadata", "name"]).unwrap_or_default();
        if !matches!(kind, "ConfigMap" | "Secret") || name.is_empty() {
            return;
        }
        let key = (kind.to_owned(), name.to_owned());
        let is_known = self.0.contains_key(&key);
        let said = self.0.entry(key).or_default();
        for field in ["data", "stringData"] {
            let is_text = kind == "ConfigMap" || field == "stringData";
            for entry in node.get(field).map_or(&[][..], Node::entries) {
                let text = entry
                    .value
                    .as_str()
                    .filter(|text| is_text && !text.starts_with("ENC[") && !text.contains("${"));
                let value = text.map(str::to_owned);
                let name = entry.key.to_string();
                // Two of one name, for two clusters: which of them counts can't be known.
                let same = said.get(&name).is_none_or(|other| *other == value);
                said.insert(name, if same && !is_known { value } else { None });
            }
        }
    }
}

impl Variables {
    /// Those of a Kustomization.
    pub(super) fn read(kustomization: &Node, said: &Said) -> Variables {
        let mut variables = Variables::default();
        let Some(build) = kustomization.at(&["spec", "postBuild"]) else {
            return variables;
        };
        for from in build.get("substituteFrom").map_or(&[][..], Node::items) {
            let text = |key: &str| from.str_at(&[key]).unwrap_or_default().to_owned();
            match said.0.get(&(text("kind"), text("name"))) {
                Some(values) => variables.known.extend(
                    values
                        .iter()
                        .map(|(name, value)| (name.clone(), value.clone())),
                ),
                None => variables.is_open = true,
            }
        }
        for entry in build.get("substitute").map_or(&[][..], Node::entries) {
            let value = entry.value.scalar_text().map(String::from);
            let value = value.filter(|value| !value.contains("${"));
            variables.known.insert(entry.key.to_string(), value);
        }
        variables
    }

    /// Whether anything is substituted at all.
    fn is_used(&self) -> bool {
        !self.known.is_empty() || self.is_open
    }

    /// Puts what is known into an object.
    pub(super) fn fill(&self, node: &mut Node) {
        if self.is_used() && !is_left(node) && has_variable(node) {
            self.below(node);
        }
    }

    fn below(&self, node: &mut Node) {
        match node.kind_mut() {
            Kind::String(text) => {
                if text.contains("${")
                    && let Some(filled) = self.filled(text)
                {
                    *text = filled.into();
                }
            }
            Kind::List(_) => node
                .items_mut()
                .iter_mut()
                .for_each(|item| self.below(item)),
            Kind::Map(map) => {
                for entry in Map::entries_mut(map) {
                    self.below(&mut entry.value);
                }
            }
            Kind::Null | Kind::Bool(_) | Kind::Number(_) => {}
        }
    }

    /// A text with the values of what is known.
    fn filled(&self, text: &str) -> Option<String> {
        let mut out = String::with_capacity(text.len());
        let mut last = 0;
        for used in uses(text) {
            let value = match (self.known.get(used.name), used.default) {
                (Some(Some(value)), _) if used.is_plain => value,
                (None, Some(default)) if !self.is_open => default,
                _ => continue,
            };
            out.push_str(text.get(last..used.start)?);
            out.push_str(value);
            last = used.end;
        }
        out.push_str(text.get(last..)?);
        (last > 0).then_some(out)
    }

    /// The variables of an object that nothing defines, and where.
    pub(super) fn undefined(&self, node: &Node) -> Vec<(String, OriginId)> {
        let mut all = Vec::new();
        if !self.is_open && !self.known.is_empty() && !is_left(node) && has_variable(node) {
            self.look(node, &mut all);
        }
        all
    }

    fn look(&self, node: &Node, all: &mut Vec<(String, OriginId)>) {
        match node.kind() {
            Kind::String(text) if text.contains("${") => {
                let unknown = uses(text).into_iter().filter(|used| {
                    used.default.is_none() && used.is_plain && !self.known.contains_key(used.name)
                });
                all.extend(unknown.map(|used| (used.name.to_owned(), node.origin())));
            }
            Kind::List(items) => items.iter().for_each(|item| self.look(item, all)),
            Kind::Map(map) => {
                let values = map.entries().iter();
                values.for_each(|entry| self.look(&entry.value, all));
            }
            Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::String(_) => {}
        }
    }
}

fn is_left(node: &Node) -> bool {
    ["labels", "annotations"]
        .iter()
        .any(|key| node.str_at(&["metadata", key, SWITCH]) == Some("disabled"))
}

fn has_variable(node: &Node) -> bool {
    match node.kind() {
        Kind::String(text) => text.contains("${"),
        Kind::List(items) => items.iter().any(has_variable),
        Kind::Map(map) => map.entries().iter().any(|entry| has_variable(&entry.value)),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) => false,
    }
}

/// The variables of a text: `${NAME}`, and those with a default. `$${NAME}` is none.
pub(super) fn uses(text: &str) -> Vec<Use<'_>> {
    let mut all = Vec::new();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find("${")) {
        let start = from + at;
        from = start + 2;
        let is_escaped = text
            .get(..start)
            .is_some_and(|before| before.ends_with('$'));
        let Some(rest) = text.get(start + 2..) else {
            break;
        };
        let Some(length) = closing(rest) else { break };
        let inside = rest.get(..length).unwrap_or_default();
        let name_end = inside.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let (name, more) = inside
            .split_at_checked(name_end.unwrap_or(inside.len()))
            .unwrap_or((inside, ""));
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if is_escaped || !is_name {
            continue;
        }
        let end = start + 2 + length + 1;
        let default = [":=", ":-", "=", "-"]
            .iter()
            .find_map(|op| more.strip_prefix(op));
        all.push(Use {
            name,
            default,
            is_plain: more.is_empty() || default.is_some(),
            start,
            end,
        });
        from = end;
    }
    all
}

/// Where the brace closes that is open before a text.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return Some(at),
            '}' => depth -= 1,
            '\n' => return None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_found() {
        let names = |text: &'static str| -> Vec<(&str, Option<&str>)> {
            uses(text).iter().map(|it| (it.name, it.default)).collect()
        };
        assert_eq!(names("${A}.x"), [("A", None)]);
        assert_eq!(names("${A:=1} ${B:-}"), [("A", Some("1")), ("B", Some(""))]);
        assert_eq!(names("$${A} $A ${{ b }} ${1}"), []);
        assert_eq!(names("${A:=${B}}"), [("A", Some("${B}"))]);
        assert_eq!(names("${A^^}"), [("A", None)]);
    }

    #[test]
    fn what_is_known_is_put_in() {
        let variables = Variables {
            known: [
                ("A".to_owned(), Some("x".to_owned())),
                ("B".to_owned(), None),
            ]
            .into(),
            is_open: false,
        };
        let filled = variables.filled("${A}-${B}-${C:=y}-${D}-$${A}");
        assert_eq!(filled.as_deref(), Some("x-${B}-y-${D}-$${A}"));
    }
}
