//! Parts of a component that are templates: a value, or an expression or control map that makes one.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;
use std::marker::PhantomData;

/// A value that may be computed: `${{ expression }}`, or a map with one of the language's reserved keys.
pub struct Made<T>(PhantomData<T>);

/// A map whose values may be computed and that may hold reserved keys itself.
pub struct MadeMap<T>(PhantomData<T>);

/// Whatever the language can make.
#[derive(Debug)]
pub struct Any;

fn expression() -> Schema {
    json_schema!({ "type": "string", "pattern": "\\$\\{\\{", "x-made": true, "x-message": "an expression `${{ ... }}`" })
}

fn control() -> Schema {
    json_schema!({
        "type": "object",
        "anyOf": [
            { "required": ["$if"] }, { "required": ["$map"] }, { "required": ["$merge"] },
            { "required": ["$let"] }, { "required": ["$raw"] },
        ],
        "x-made": true,
        "x-message": "a map with `$if`, `$map`, `$merge`, `$let` or `$raw`",
    })
}

impl<T: JsonSchema> JsonSchema for Made<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Made{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [generator.subschema_for::<T>(), expression(), control()] })
    }
}

impl JsonSchema for Any {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Any".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({})
    }
}

impl<T: JsonSchema> JsonSchema for MadeMap<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("{}Map", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "object", "additionalProperties": generator.subschema_for::<Made<T>>() })
    }
}
