//! The objects that a cluster lets pass, as conditions in CEL.

use syntax::Node;

/// What a cluster lets pass, as conditions; `None` where it lets everything pass.
pub(super) fn exceptions(said: Option<&Node>) -> Option<Vec<String>> {
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
