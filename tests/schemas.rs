//! The committed schemas are what the types say, and what the library is held to. `UPDATE=1` writes them.

use crate::support::project::Project;
use crate::support::{children, folders, golden, none_of, root};
use model::schema::{alerts_schema, component_schema, platform_schema, profile_schema};
use model::shape::Shape;
use serde_json::Value;
use std::fs;
use syntax::parse::parse_one;
use syntax::{Diagnostics, Origins, Sources};

/// What `formwork schema NAME` prints, from a folder without a spec.
fn printed(name: &str) -> String {
    let run = Project::empty().run(&["schema", name]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    run.stdout
}

#[test]
fn are_fresh() {
    let mut findings = Vec::new();
    for name in ["platform", "profile", "component"] {
        let path = root().join("schemas").join(format!("{name}.json"));
        findings.extend(golden::text(&path, &printed(name)));
    }
    none_of(&findings);
}

/// What an editor needs: every field explained, no field left open by accident.
#[test]
fn explain_every_field() {
    let library = model::library::Library::default();
    let mut findings = Vec::new();
    for (name, schema) in [
        ("platform", platform_schema(&library)),
        ("profile", profile_schema(&library)),
        ("component", component_schema()),
        ("alerts", alerts_schema()),
    ] {
        described(&schema, &schema, name, &mut findings);
    }
    none_of(&findings);
}

fn described(root: &Value, schema: &Value, path: &str, findings: &mut Vec<String>) {
    for (key, field) in schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let target = field
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(|r| root.pointer(r.trim_start_matches('#')));
        let about = field
            .get("description")
            .or_else(|| target?.get("description"));
        if about
            .and_then(Value::as_str)
            .is_none_or(|about| about.len() < 4)
        {
            findings.push(format!("{path}.{key} has no description"));
        }
        described(root, field, &format!("{path}.{key}"), findings);
    }
    for (name, definition) in schema
        .get("$defs")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let open = definition.get("properties").is_some()
            && definition.get("additionalProperties").is_none();
        if open && !["Row", "Container"].contains(&name.as_str()) {
            findings.push(format!("{path}: {name} takes any key"));
        }
        described(root, definition, &format!("{path}:{name}"), findings);
    }
}

#[test]
fn fit_the_library() {
    let mut findings = Vec::new();
    let component = Shape::new(component_schema());
    let alerts = Shape::new(alerts_schema());
    for name in folders(&root().join("components")) {
        let file = format!("components/{name}/alerts.yaml");
        if root().join(&file).is_file() {
            findings.extend(check(&alerts, &file));
        }
        findings.extend(check(
            &component,
            &format!("components/{name}/component.yaml"),
        ));
    }
    let schema: Value = serde_json::from_str(&printed("profile")).expect("a schema in JSON");
    let profile = Shape::new(schema);
    for path in children(&root().join("profiles")) {
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .expect("a name");
        findings.extend(check(&profile, &format!("profiles/{name}")));
    }
    none_of(&findings);
}

/// What a shape says of a file of the repository.
fn check(shape: &Shape, path: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join(path)).expect("a file to read");
    let (mut sources, mut origins, mut found) = (
        Sources::default(),
        Origins::default(),
        Diagnostics::default(),
    );
    let file = sources.add(path, &text);
    let Some(mut node) = parse_one(file, &text, &mut origins, &mut found) else {
        return vec![format!("{path} can't be read")];
    };
    shape.check(&mut node, path, &sources, &origins, &mut found);
    found
        .sorted()
        .into_iter()
        .map(|d| {
            let place = d
                .span()
                .map(|span| sources.locate(span))
                .unwrap_or_default();
            format!("{place}: {} ({})", d.message, d.help.join("; "))
        })
        .collect()
}
