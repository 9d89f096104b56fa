//! Each layer that a person wrote, against its schema: all mistakes at once, each at its line.

use crate::component::Component;
use crate::load::Loaded;
use crate::resolve::rows;
use crate::rules::OwnRule;
use crate::world::{Shelf, World};
use model::library::{Library, LibraryComponent};
use model::schema::{alerts_schema, component_schema, platform_schema, profile_schema};
use model::shape::{Shape, to_value};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use syntax::{Diagnostics, Node, Text};

/// What schemas need to know of the library.
#[must_use]
pub fn library(
    components: &BTreeMap<Text, Component>,
    profiles: &[String],
    own: &[OwnRule],
) -> Library {
    let text = |component: &Component, key: &str| {
        component.node.str_at(&[key]).unwrap_or_default().to_owned()
    };
    let components = components.values().map(|component| LibraryComponent {
        name: component.name.to_string(),
        about: text(component, "about"),
        provides: component
            .provides
            .iter()
            .map(|p| (p.capability.to_string(), p.choice.to_string()))
            .collect(),
        options: match component.node.get("options").map(to_value) {
            Some(Value::Object(options)) => options,
            _ => Map::new(),
        },
    });
    let own = own.iter();
    let own = own.map(|rule| (rule.id.to_string(), rule.about().to_owned()));
    Library {
        components: components.collect(),
        profiles: profiles.to_vec(),
        rules: crate::rules::all()
            .map(|rule| (rule.id.to_owned(), rule.page().about.to_owned()))
            .chain(own)
            .collect(),
    }
}

/// Checks the spec, and of profile and components what the project brings itself. What is unusable is taken out.
pub fn check(world: &dyn World, loaded: &mut Loaded, found: &mut Diagnostics) {
    of_project(loaded, found);
    let Loaded {
        sources,
        origins,
        spec: Some(spec),
        components,
        profiles,
        tables,
        own_rules,
        ..
    } = loaded
    else {
        return;
    };
    let rows = rows_of(spec, tables.values());
    let built_in = components.values().all(|it| it.shelf == Shelf::Library);
    if built_in && own_rules.is_empty() && rows.is_empty() && world.accepts(spec) {
        return;
    }
    let schema = platform_schema(&library(components, profiles, own_rules));
    let shape = Shape::new(schema).narrowed(spec);
    // What is missing from a file that could not be read to its end may stand where reading stopped.
    let broken = found.has_errors();
    let mut said = Diagnostics::default();
    shape.check(spec, "the spec", sources, origins, &mut said);
    found.append(if broken {
        said.without("missing-key")
    } else {
        said
    });
    if !rows.is_empty() {
        let row = Shape::new(row_schema(shape.schema()));
        for mut layer in rows {
            row.check(&mut layer, "this row", sources, origins, found);
        }
    }
}

/// Checks what the project brings beside the spec: its components, their alerts, its profile.
fn of_project(loaded: &mut Loaded, found: &mut Diagnostics) {
    let Loaded {
        sources,
        origins,
        profile,
        components,
        profiles,
        own_rules,
        ..
    } = loaded;
    let own = |component: &&mut Component| component.shelf == Shelf::Project;
    let mut own = components.values_mut().filter(own).peekable();
    if own.peek().is_some() {
        let shape = Shape::new(component_schema());
        for component in own {
            let name = format!("component `{}`", component.name);
            shape.check(&mut component.node, &name, sources, origins, found);
        }
    }
    if components.values().any(|component| component.mixin.own) {
        let shape = Shape::new(alerts_schema());
        for component in components.values_mut().filter(|c| c.mixin.own) {
            if let Some(alerts) = &mut component.mixin.alerts {
                let name = format!("the alerts of `{}`", component.name);
                shape.check(alerts, &name, sources, origins, found);
            }
        }
    }
    crate::mixin::check(components, sources, origins, found);
    let own = |node: &Node| {
        let file = origins
            .place(node.origin())
            .and_then(|span| sources.get(span.file));
        file.is_some_and(|source| !source.name().starts_with('<'))
    };
    if own(profile) {
        let schema = profile_schema(&library(components, profiles, own_rules));
        Shape::new(schema).check(profile, "the profile", sources, origins, found);
    }
}

/// The layers that the rows of templates are.
fn rows_of<'a>(spec: &'a Node, tables: impl Iterator<Item = &'a Node>) -> Vec<Node> {
    let clusters = spec.get("clusters").map_or(&[][..], Node::entries);
    let stated = clusters
        .iter()
        .filter_map(|cluster| cluster.value.get("from"));
    stated
        .chain(tables)
        .flat_map(Node::items)
        .map(rows::layer)
        .collect()
}

/// A row says what a cluster says.
fn row_schema(platform: &Value) -> Value {
    let mut schema = json!({ "$ref": "#/$defs/Cluster" });
    if let (Some(map), Some(defs)) = (schema.as_object_mut(), platform.get("$defs")) {
        map.insert("$defs".into(), defs.clone());
    }
    schema
}
