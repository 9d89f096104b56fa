//! Which pods a label selector takes: yes, no, or not to tell where not every label is known.

use syntax::{Entry, Node};

/// Whether a selector takes pods of these labels; `None` where it can't be told.
///
/// `complete` says that they have no others.
pub fn takes(selector: &Node, labels: &[Entry], complete: bool) -> Option<bool> {
    let mut all = Some(true);
    let wanted = selector.get("matchLabels").map_or(&[][..], Node::entries);
    for entry in wanted {
        let known = value(labels, &entry.key, complete);
        match known.map(|known| known == entry.value.as_str()) {
            Some(false) => return Some(false),
            Some(true) => {}
            None => all = None,
        }
    }
    let asked = selector.get("matchExpressions");
    for expression in asked.map_or(&[][..], Node::items) {
        match holds(expression, labels, complete) {
            Some(false) => return Some(false),
            Some(true) => {}
            None => all = None,
        }
    }
    all
}

/// Whether labels have this one.
pub fn has(labels: &[Entry], key: &str, wanted: Option<&str>) -> bool {
    let mut labels = labels.iter();
    labels.any(|label| label.key == key && label.value.as_str() == wanted)
}

fn holds(expression: &Node, labels: &[Entry], complete: bool) -> Option<bool> {
    let known = value(labels, expression.str_at(&["key"])?, complete)?;
    let values = expression.get("values").map_or(&[][..], Node::items);
    let among = known.is_some_and(|known| values.iter().any(|it| it.as_str() == Some(known)));
    Some(match expression.str_at(&["operator"])? {
        "In" => among,
        "NotIn" => !among,
        "Exists" => known.is_some(),
        "DoesNotExist" => known.is_none(),
        _ => return None,
    })
}

/// The value of a label: `None` where it is not known, `Some(None)` where there is none.
fn value<'a>(labels: &'a [Entry], key: &str, complete: bool) -> Option<Option<&'a str>> {
    let found = labels.iter().find(|label| label.key == key);
    match found {
        Some(label) => Some(label.value.as_str()),
        None if complete => Some(None),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::takes;
    use syntax::{Node, OriginId};

    fn node(pairs: &[(&str, &str)]) -> Node {
        let origin = OriginId::default();
        let pairs = pairs.iter();
        Node::from_entries(pairs.map(|(k, v)| (*k, Node::string(*v, origin))), origin)
    }

    #[test]
    fn what_is_not_known_is_not_told() {
        let origin = OriginId::default();
        let labels = node(&[("app", "shop")]);
        let selector = |pairs| Node::from_entries([("matchLabels", node(pairs))], origin);
        let same = selector(&[("app", "shop")]);
        assert_eq!(takes(&same, labels.entries(), true), Some(true));
        assert_eq!(takes(&same, labels.entries(), false), Some(true));
        let other = selector(&[("app", "till")]);
        assert_eq!(takes(&other, labels.entries(), false), Some(false));
        let more = selector(&[("app", "shop"), ("tier", "front")]);
        assert_eq!(takes(&more, labels.entries(), true), Some(false));
        assert_eq!(takes(&more, labels.entries(), false), None);
    }
}
