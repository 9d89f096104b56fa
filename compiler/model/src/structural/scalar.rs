//! Texts, numbers and truth values: types, forms, and how large a number may be.

use super::format;
use super::mistake::Fault;
use super::number::Number;
use super::schema::{Format, Schema, Type};
use super::walk::Walk;
use syntax::{Kind, Node};

impl Walk<'_> {
    /// A text: its form.
    pub(super) fn text(&mut self, schema: &Schema, node: &Node, text: &str) {
        if schema.kind == Type::Quantity && !format::is_quantity(text) {
            self.say(
                Fault::Value,
                node.origin(),
                "must be an amount",
                "no amount",
            );
            self.help("write a number with a unit, such as `500m` or `20Gi`");
        } else if let Err(wanted) = format::has(schema.format, text, self.native()) {
            let message = format!("must be {wanted}");
            self.say(Fault::Value, node.origin(), &message, "not in that form");
        }
    }

    /// A number: whether it fits.
    pub(super) fn number(&mut self, schema: &Schema, node: &Node, text: &str) {
        let Some(number) = Number::of(text) else {
            self.say(
                Fault::Type,
                node.origin(),
                "must be a number",
                "JSON has no such number",
            );
            return;
        };
        let (least, most, name) = match schema.format {
            Format::Int32 => (i64::from(i32::MIN), i64::from(i32::MAX), "32"),
            _ if schema.kind == Type::IntOrString && self.native() => {
                (i64::from(i32::MIN), i64::from(i32::MAX), "32")
            }
            Format::Int64 => (i64::MIN, i64::MAX, "64"),
            Format::None
            | Format::Byte
            | Format::Cidr
            | Format::Date
            | Format::DateTime
            | Format::Duration
            | Format::Email
            | Format::Hostname
            | Format::Ipv4
            | Format::Ipv6
            | Format::Mac
            | Format::Uri
            | Format::Uuid => return,
        };
        if number
            .whole
            .is_none_or(|whole| whole < least || whole > most)
        {
            let message = format!("must fit into {name} bits");
            self.say(Fault::Value, node.origin(), &message, "too large");
            self.help(&format!("it may be from {least} to {most}"));
        }
    }

    /// A value of another type than is wanted.
    pub(super) fn wrong_type(&mut self, schema: &Schema, node: &Node) {
        let wanted = wanted(schema.kind);
        let message = format!("must be {wanted}, not {}", node.kind_name());
        self.say(
            Fault::Type,
            node.origin(),
            &message,
            &format!("{wanted} is wanted"),
        );
        let text = node.scalar_text();
        match (schema.kind, node.kind(), text) {
            (Type::String, Kind::Number(_) | Kind::Bool(_), Some(text)) => {
                self.instead(&text, &format!("\"{text}\""));
                self.help("put it into quotes");
            }
            (Type::Integer | Type::Number, Kind::String(_), Some(text))
                if Number::of(&text).is_some() =>
            {
                self.instead(&text, &text);
                self.help("leave the quotes out");
            }
            (Type::Boolean, Kind::String(_), Some(text)) => {
                let meant = match text.as_str() {
                    "true" | "yes" | "on" => "true",
                    _ => "false",
                };
                self.instead(&text, meant);
                self.help(&format!("write `{meant}` without quotes"));
            }
            _ => {}
        }
    }
}

/// Whether a value is of the type that is wanted.
pub(super) fn fits(kind: Type, node: &Node) -> bool {
    let whole = |text: &str| Number::of(text).is_some_and(|number| number.is_whole());
    match (kind, node.kind()) {
        (Type::Any, _)
        | (Type::Object, Kind::Map(_))
        | (Type::Array, Kind::List(_))
        | (Type::String | Type::IntOrString | Type::Quantity, Kind::String(_))
        | (Type::Number | Type::Quantity, Kind::Number(_))
        | (Type::Boolean, Kind::Bool(_)) => true,
        (Type::Integer | Type::IntOrString, Kind::Number(text)) => whole(text),
        (
            Type::Object
            | Type::Array
            | Type::String
            | Type::IntOrString
            | Type::Quantity
            | Type::Number
            | Type::Boolean
            | Type::Integer,
            _,
        ) => false,
    }
}

/// The words for a type.
fn wanted(kind: Type) -> &'static str {
    match kind {
        Type::Any => "a value",
        Type::Object => "a map",
        Type::Array => "a list",
        Type::String => "a string",
        Type::Integer => "a whole number",
        Type::Number => "a number",
        Type::Boolean => "`true` or `false`",
        Type::IntOrString => "a whole number or a string",
        Type::Quantity => "an amount",
    }
}
