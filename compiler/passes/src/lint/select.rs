//! Whom a patch is for: the `target` of a kustomization's patch.

use regex_lite::Regex;
use syntax::Node;

/// What an object must have.
#[derive(Clone, Debug, Default)]
pub(super) struct Target {
    group: Option<String>,
    version: Option<String>,
    kind: Option<Regex>,
    name: Option<Regex>,
    namespace: Option<Regex>,
    labels: Vec<Wanted>,
    annotations: Vec<Wanted>,
}

/// What a label must be.
#[derive(Clone, Debug)]
struct Wanted {
    key: String,
    /// The values that are meant; none where any is.
    values: Option<Vec<String>>,
    is: bool,
}

impl Target {
    /// Reads a target.
    pub(super) fn read(node: &Node) -> Target {
        let text = |key: &str| {
            let text = node.str_at(&[key]).unwrap_or_default();
            (!text.is_empty()).then(|| text.to_owned())
        };
        let whole = |key: &str| text(key).and_then(|it| Regex::new(&format!("^(?:{it})$")).ok());
        Target {
            group: text("group"),
            version: text("version"),
            kind: whole("kind"),
            name: whole("name"),
            namespace: whole("namespace"),
            labels: text("labelSelector").map_or_else(Vec::new, |it| wanted(&it)),
            annotations: text("annotationSelector").map_or_else(Vec::new, |it| wanted(&it)),
        }
    }

    /// Whether an object has it.
    pub(super) fn takes(&self, object: &Node) -> bool {
        let said = object.str_at(&["apiVersion"]).unwrap_or_default();
        let (group, version) = said.rsplit_once('/').unwrap_or(("", said));
        let fits = |regex: &Option<Regex>, path: &[&str]| {
            let text = object.str_at(path).unwrap_or_default();
            regex.as_ref().is_none_or(|regex| regex.is_match(text))
        };
        let all = |wanted: &[Wanted], path: &[&str]| {
            let map = object.at(path);
            wanted.iter().all(|wanted| wanted.holds(map))
        };
        self.group.as_ref().is_none_or(|it| it == group)
            && self.version.as_ref().is_none_or(|it| it == version)
            && fits(&self.kind, &["kind"])
            && fits(&self.name, &["metadata", "name"])
            && fits(&self.namespace, &["metadata", "namespace"])
            && all(&self.labels, &["metadata", "labels"])
            && all(&self.annotations, &["metadata", "annotations"])
    }
}

impl Wanted {
    fn holds(&self, map: Option<&Node>) -> bool {
        let said = map
            .and_then(|map| map.get(&self.key))
            .and_then(Node::scalar_text);
        match (&self.values, said) {
            (None, said) => said.is_some() == self.is,
            (Some(values), Some(said)) => values.iter().any(|value| *value == said) == self.is,
            (Some(_), None) => !self.is,
        }
    }
}

/// Reads a selector: `a=b,c!=d,e,!f,g in (h, i),j notin (k)`.
fn wanted(text: &str) -> Vec<Wanted> {
    let mut parts = Vec::new();
    let mut depth = 0_i32;
    let mut part = String::new();
    for c in text.chars() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        if c == ',' && depth == 0 {
            parts.push(std::mem::take(&mut part));
        } else {
            part.push(c);
        }
    }
    parts.push(part);
    parts.iter().map(|part| one(part.trim())).collect()
}

fn one(part: &str) -> Wanted {
    let wanted = |key: &str, values: Option<Vec<String>>, is: bool| Wanted {
        key: key.trim().to_owned(),
        values,
        is,
    };
    let list = |text: &str| {
        let inside = text
            .trim()
            .trim_start_matches('(')
            .trim_end_matches(')')
            .split(',');
        inside.map(|value| value.trim().to_owned()).collect()
    };
    let value = |text: &str| Some(vec![text.trim().to_owned()]);
    if let Some((key, values)) = part.split_once(" notin ") {
        wanted(key, Some(list(values)), false)
    } else if let Some((key, values)) = part.split_once(" in ") {
        wanted(key, Some(list(values)), true)
    } else if let Some((key, other)) = part.split_once("!=") {
        wanted(key, value(other), false)
    } else if let Some((key, same)) = part.split_once("==").or_else(|| part.split_once('=')) {
        wanted(key, value(same), true)
    } else if let Some(key) = part.strip_prefix('!') {
        wanted(key, None, false)
    } else {
        wanted(part, None, true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use syntax::OriginId;

    #[test]
    fn selectors_are_read() {
        let at = OriginId::default();
        let map = Node::from_entries([("a", Node::string("b", at))], at);
        for (selector, holds) in [
            ("a=b", true),
            ("a!=b", false),
            ("a in (x, b)", true),
            ("a notin (b)", false),
            ("c notin (b)", true),
            ("a,!c", true),
            ("c", false),
        ] {
            let all = wanted(selector).iter().all(|it| it.holds(Some(&map)));
            assert_eq!(all, holds, "{selector}");
        }
    }
}
