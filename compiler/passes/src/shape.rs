//! Each layer that a person wrote, against its schema: all mistakes at once, each at its line.

use crate::component::Component;
use crate::load::Loaded;
use crate::world::Shelf;
use model::library::{Library, LibraryComponent};
use model::schema::{component_schema, platform_schema, profile_schema};
use model::shape::{Shape, to_value};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use syntax::{Diagnostics, Text};

/// What schemas need to know of the library.
#[must_use]
pub fn library(components: &BTreeMap<Text, Component>, profiles: &[String]) -> Library {
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
    Library {
        components: components.collect(),
        profiles: profiles.to_vec(),
    }
}

/// Checks the spec, and of profile and components what the project brings itself. What is unusable is taken out.
pub fn check(loaded: &mut Loaded, found: &mut Diagnostics) {
    let Loaded {
        sources,
        origins,
        spec,
        profile,
        components,
        profiles,
        ..
    } = loaded;
    let library = library(components, profiles);
    for component in components
        .values_mut()
        .filter(|component| component.shelf == Shelf::Project)
    {
        let shape = Shape::new(component_schema());
        let name = format!("component `{}`", component.name);
        shape.check(&mut component.node, &name, sources, origins, found);
    }
    let of_project = |node: &syntax::Node| {
        let file = origins
            .place(node.origin())
            .and_then(|span| sources.get(span.file));
        file.is_some_and(|source| !source.name().starts_with('<'))
    };
    if of_project(profile) {
        Shape::new(profile_schema(&library)).check(profile, "the profile", sources, origins, found);
    }
    if let Some(spec) = spec {
        Shape::new(platform_schema(&library)).check(spec, "the spec", sources, origins, found);
    }
}
