//! The order of components: what others need comes first.

use super::select::Selected;
use std::collections::BTreeMap;
use syntax::{Diagnostic, Diagnostics, Origins, Text};

/// What others need comes first, equals by name. A circle is an error.
pub fn in_order<'p>(
    mut taken: BTreeMap<Text, Selected<'p>>,
    origins: &Origins,
    found: &mut Diagnostics,
) -> Vec<Selected<'p>> {
    let mut components = Vec::with_capacity(taken.len());
    while !taken.is_empty() {
        let waits = |c: &Selected<'_>| c.after.iter().any(|name| taken.contains_key(name));
        let ready = taken.iter().find(|(_, c)| !waits(c));
        let Some(name) = ready.map(|(name, _)| name.clone()) else {
            found.add(cycle(&taken, origins));
            components.extend(taken.into_values());
            break;
        };
        components.extend(taken.remove(&name));
    }
    components
}

/// The cycle in which each component waits for the next.
fn cycle(taken: &BTreeMap<Text, Selected<'_>>, origins: &Origins) -> Diagnostic {
    let mut path: Vec<&Text> = Vec::new();
    let mut next = taken.keys().next();
    while let Some(name) = next.filter(|name| !path.contains(name)) {
        path.push(name);
        next = taken
            .get(name)
            .and_then(|c| c.after.iter().find(|after| taken.contains_key(*after)));
    }
    let start = next
        .and_then(|name| path.iter().position(|other| *other == name))
        .unwrap_or(0);
    let names: Vec<&str> = path
        .iter()
        .skip(start)
        .map(|name| name.as_str())
        .chain(next.map(Text::as_str))
        .collect();
    let message = format!(
        "components require each other in a circle: {}",
        names.join(" -> ")
    );
    let links = names.iter().zip(names.iter().skip(1));
    let problem = links.fold(
        Diagnostic::error("requires-cycle", message),
        |problem, (name, other)| {
            let requires = taken
                .get(*name)
                .and_then(|c| c.component.node.get("requires"));
            let place = requires.and_then(|node| origins.place(node.origin()));
            problem.at(place, format!("`{name}` requires what `{other}` provides"))
        },
    );
    problem.help("take one of these `requires` out; an optional one, with `?`, orders as well")
}
