//! The published schema says the same as code and as what is compiled at run time.

use super::{Published, form};
use model::form::FORMS;
use model::shape::to_value;
use serde_json::{Map, Value, json};
use std::fs;
use std::path::Path;
use syntax::parse::parse_one;
use syntax::{Diagnostics, Origins, Sources};

#[test]
fn every_form_has_its_function() {
    let names: Vec<&str> = FORMS.iter().map(|form| form.name).collect();
    assert_eq!(form::NAMES, names);
}

/// Every example, and every copy of it in which one value is of another kind, one text is wrong, one key is missing, one
/// is new.
#[test]
fn both_say_the_same_of_every_example_and_of_its_mutants() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let schema = fs::read_to_string(root.join("schemas/platform.json")).unwrap_or_default();
    let schema: Value = serde_json::from_str(&schema).unwrap_or_default();
    let options = FORMS.iter().fold(jsonschema::options(), |options, form| {
        options.with_format(form.name, |text: &str| (form.check)(text).is_ok())
    });
    let options = options.should_validate_formats(true);
    let validator = options.build(&schema).map_err(|error| error.to_string());
    let validator = validator.unwrap_or_else(|problem| panic!("the schema: {problem}"));
    let (mut taken, mut refused) = (0, 0);
    for example in ["homelab", "company", "minimal"] {
        let spec = root.join(format!("examples/{example}/platform.yaml"));
        let text = fs::read_to_string(spec).unwrap_or_default();
        let (mut origins, mut found) = (Origins::default(), Diagnostics::default());
        let file = Sources::default().add("platform.yaml", &text);
        let spec = parse_one(file, &text, &mut origins, &mut found);
        let spec = spec.as_ref().map(to_value).unwrap_or_default();
        let said: Vec<String> = validator
            .iter_errors(&spec)
            .map(|error| error.to_string())
            .collect();
        assert!(Published::is_valid(&spec), "{example}: {said:?}");
        mutants(&spec, &mut |mutant| {
            let verdict = Published::is_valid(mutant);
            assert_eq!(verdict, validator.is_valid(mutant), "{mutant}");
            *(if verdict { &mut taken } else { &mut refused }) += 1;
        });
    }
    assert!(
        taken > 500 && refused > 1000,
        "{taken} taken, {refused} refused"
    );
}

/// Calls `ask` with each copy of `spec` that has one mistake, or what may be one.
fn mutants(spec: &Value, ask: &mut dyn FnMut(&Value)) {
    let mut places = Vec::new();
    collect(spec, &mut String::new(), &mut places);
    for place in &places {
        for wrong in [
            json!(null),
            json!(-1),
            json!("~ x"),
            json!([]),
            json!({ "x": 1 }),
        ] {
            let mut mutant = spec.clone();
            if let Some(value) = mutant.pointer_mut(place) {
                *value = wrong;
                ask(&mutant);
            }
        }
        let mut mutant = spec.clone();
        if let Some(Value::Object(map)) = mutant.pointer_mut(place) {
            map.insert("unknown".to_owned(), json!(true));
            ask(&mutant);
        }
        for key in keys(spec.pointer(place)) {
            let mut mutant = spec.clone();
            if let Some(map) = mutant.pointer_mut(place).and_then(Value::as_object_mut) {
                map.shift_remove(&key);
                ask(&mutant);
            }
        }
    }
}

fn keys(value: Option<&Value>) -> Vec<String> {
    let map = value.and_then(Value::as_object);
    map.map(Map::keys).into_iter().flatten().cloned().collect()
}

fn collect(value: &Value, at: &mut String, places: &mut Vec<String>) {
    places.push(at.clone());
    let mut below = |key: &str, value: &Value| {
        let length = at.len();
        at.push('/');
        at.push_str(&key.replace('~', "~0").replace('/', "~1"));
        collect(value, at, places);
        at.truncate(length);
    };
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| below(key, value)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(index, value)| below(&index.to_string(), value)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
