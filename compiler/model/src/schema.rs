//! The field types of [`crate::spec`] as JSON Schemas, with the library's names, choices and options filled in.

use crate::library::{Library, LibraryComponent};
use crate::spec::choice::CAPABILITY;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

/// Marks the choice of a profile: the loader judges it, since it must read the profile.
pub const PROFILES: &str = "x-profiles";
const COMPONENTS: &str = "x-components";
const RULES: &str = "x-rules";

/// The schema of `platform.yaml`.
#[must_use]
pub fn platform_schema(library: &Library) -> Value {
    schema::<crate::spec::platform::Platform>(
        "Platform",
        "platform.yaml: the platform that formwork compiles.",
        library,
    )
}

/// The schema of a profile.
#[must_use]
pub fn profile_schema(library: &Library) -> Value {
    schema::<crate::spec::platform::Profile>(
        "Profile",
        "profiles/NAME.yaml: a named set of defaults.",
        library,
    )
}

/// The schema of a component's file.
#[must_use]
pub fn component_schema() -> Value {
    schema::<crate::spec::component::Component>(
        "Component",
        "components/NAME/component.yaml: a component of the library.",
        &Library::default(),
    )
}

/// The schema of a project's own rule.
#[must_use]
pub fn rule_schema() -> Value {
    schema::<crate::spec::rule_file::RuleFile>(
        "Rule",
        "rules/NAME.yaml: a rule of a project's own.",
        &Library::default(),
    )
}

/// The schema of a component's alerts.
#[must_use]
pub fn alerts_schema() -> Value {
    schema::<crate::spec::alerts::Alerts>(
        "Alerts",
        "components/NAME/alerts.yaml: the alerts of a component.",
        &Library::default(),
    )
}

/// The schema of what a spec may say below `components.NAME.options`.
#[must_use]
pub fn options_schema(options: &Map<String, Value>) -> Value {
    json!({ "type": "object", "properties": options, "additionalProperties": false })
}

fn schema<T: JsonSchema>(title: &str, about: &str, library: &Library) -> Value {
    let generator = SchemaSettings::draft2020_12().into_generator();
    let mut schema = generator.into_root_schema_for::<T>().to_value();
    tidy(&mut schema, library);
    let mut root = Map::new();
    if let Value::Object(mut map) = schema {
        root.extend(map.remove_entry("$schema"));
        root.insert("title".into(), title.into());
        root.insert("description".into(), about.into());
        map.remove("title");
        map.remove("description");
        root.append(&mut map);
    }
    Value::Object(root)
}

/// Makes a schema what people should read: no nulls (a key without a value is a mistake), no sizes of Rust's integers, choices
/// listed.
fn tidy(schema: &mut Value, library: &Library) {
    match schema {
        Value::Object(map) => {
            without_null(map);
            if map
                .get("format")
                .and_then(Value::as_str)
                .is_some_and(|f| f.starts_with("uint") || f.starts_with("int"))
            {
                map.remove("format");
            }
            enumerate(map, library);
            for (key, value) in map.iter_mut() {
                match (key.as_str(), value) {
                    // Below it keys are names of fields, of which one may be `default`.
                    ("properties" | "$defs", Value::Object(fields)) => {
                        fields.values_mut().for_each(|field| tidy(field, library));
                    }
                    ("default" | "examples" | "enum" | "const", _) => {}
                    (_, value) => tidy(value, library),
                }
            }
            if map.remove(COMPONENTS).is_some() {
                name_components(map, library);
            }
            if map.remove(RULES).is_some() {
                name_rules(map, library);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| tidy(item, library)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Takes the null out of what an `Option` became.
fn without_null(map: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = map.get_mut("type") {
        types.retain(|kind| kind != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            map.insert("type".into(), only);
        }
    }
    if let Some(Value::Array(choices)) = map.get_mut("enum") {
        choices.retain(|choice| !choice.is_null());
    }
    if let Some(Value::Array(branches)) = map.get_mut("anyOf") {
        branches.retain(|branch| branch.get("type").and_then(Value::as_str) != Some("null"));
        if let [Value::Object(only)] = branches.as_slice() {
            let only = only.clone();
            map.remove("anyOf");
            for (key, value) in only {
                map.entry(key).or_insert(value);
            }
        }
    }
    one_of_constants(map);
}

/// A list of described constants is an `enum` to people; what each means goes into the description.
fn one_of_constants(map: &mut Map<String, Value>) {
    let Some(Value::Array(branches)) = map.get("oneOf") else {
        return;
    };
    let constants: Option<Vec<(Value, String)>> = branches
        .iter()
        .map(|branch| {
            let about = branch
                .get("description")
                .and_then(Value::as_str)
                .unwrap_or_default();
            Some((branch.get("const")?.clone(), about.to_owned()))
        })
        .collect();
    let Some(constants) = constants else { return };
    let lines: Vec<String> = constants
        .iter()
        .filter(|(_, about)| constants.len() > 1 && !about.is_empty())
        .map(|(value, about)| format!("- `{}`: {about}", value.as_str().unwrap_or_default()))
        .collect();
    let head = map
        .get("description")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    map.remove("oneOf");
    map.insert(
        "description".into(),
        format!("{head}\n\n{}", lines.join("\n")).trim().into(),
    );
    map.insert(
        "enum".into(),
        constants.into_iter().map(|(value, _)| value).collect(),
    );
}

/// Lists the choices of a capability, or the profiles.
fn enumerate(map: &mut Map<String, Value>, library: &Library) {
    if let Some(capability) = map.get(CAPABILITY).and_then(Value::as_str) {
        let mut choices: Vec<Value> = library
            .choices(capability)
            .into_iter()
            .map(Value::from)
            .collect();
        if map.get("type").is_some_and(Value::is_array) {
            choices.push(Value::Bool(false));
        }
        if !library.components.is_empty() {
            map.remove("type");
            map.insert("enum".into(), Value::Array(choices));
        }
    }
    if map.remove(PROFILES).is_some() && !library.profiles.is_empty() {
        map.insert(
            "examples".into(),
            library
                .profiles
                .iter()
                .map(|name| Value::from(name.as_str()))
                .collect(),
        );
    }
}

/// Lists the library's components with their options, instead of any component.
fn name_components(map: &mut Map<String, Value>, library: &Library) {
    if library.components.is_empty() {
        return;
    }
    let properties: Map<String, Value> = library
        .components
        .iter()
        .map(|component| (component.name.clone(), component_entry(component)))
        .collect();
    map.remove("propertyNames");
    map.insert("properties".into(), Value::Object(properties));
    map.insert("additionalProperties".into(), Value::Bool(false));
}

/// Lists the rules, instead of any.
fn name_rules(map: &mut Map<String, Value>, library: &Library) {
    if library.rules.is_empty() {
        return;
    }
    let entry = |about: &String| json!({ "$ref": "#/$defs/StatedRule", "description": about });
    let rules = library.rules.iter();
    let properties = rules.map(|(id, about)| (id.clone(), entry(about)));
    let properties: Map<String, Value> = properties.collect();
    map.remove("propertyNames");
    map.insert("properties".into(), Value::Object(properties));
    map.insert("additionalProperties".into(), Value::Bool(false));
}

/// What a level may say of one component.
fn component_entry(component: &LibraryComponent) -> Value {
    let entry = json!({
        "anyOf": [
            { "type": "boolean" },
            {
                "type": "object",
                "properties": {
                    "version": { "$ref": "#/$defs/Component/properties/version" },
                    "options": options_schema(&component.options),
                    "values": { "$ref": "#/$defs/Component/properties/values" },
                    "patches": { "$ref": "#/$defs/Component/properties/patches" },
                    "objects": { "$ref": "#/$defs/Component/properties/objects" },
                    "adopt": { "$ref": "#/$defs/Component/properties/adopt" },
                    "rules": { "$ref": "#/$defs/Component/properties/rules" },
                },
                "additionalProperties": false,
            },
        ],
    });
    let mut entry = entry;
    if let Some(map) = entry.as_object_mut() {
        map.insert("description".into(), component.about.as_str().into());
    }
    entry
}
