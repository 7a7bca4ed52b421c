//! A shape as JSON Schema (draft 2020-12), for editors.

use serde_json::{Map, Value, json};

use super::dates::{DATE_PATTERN, TIME_PATTERN};
use super::shape::{Field, Shape};

/// The schema of files of a shape.
///
/// TOML's dates are strings in it, since that is how editors hand them to a validator. It has no way to tell a
/// bare date from quoted text, so it can't refuse a date where text is asked for; the loader does.
#[must_use]
pub fn schema(title: &str, shape: &Shape) -> Value {
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    schema.insert("title".to_owned(), json!(title));
    schema.extend(of(shape));
    Value::Object(schema)
}

fn of(shape: &Shape) -> Map<String, Value> {
    let value = match shape {
        Shape::Table(fields) => table(fields),
        Shape::Map { key, value } => json!({
            "type": "object",
            "propertyNames": { "pattern": key.pattern },
            "additionalProperties": of(value),
        }),
        Shape::List(shape) => json!({ "type": "array", "items": of(shape) }),
        Shape::OneOf(shapes) => json!({ "anyOf": shapes.iter().map(of).collect::<Vec<_>>() }),
        // A character that isn't blank, and no control characters (beside line breaks and tabs).
        Shape::Text { breaks: false } => json!({
            "type": "string",
            "pattern": r"^[^\x00-\x1F\x7F]*[^\x00-\x20\x7F][^\x00-\x1F\x7F]*$",
        }),
        Shape::Text { breaks: true } => json!({
            "type": "string",
            "pattern": r"^[^\x00-\x08\x0B\x0C\x0E-\x1F\x7F]*[^\x00-\x20\x7F][^\x00-\x08\x0B\x0C\x0E-\x1F\x7F]*$",
        }),
        Shape::Form(form) => {
            json!({ "type": "string", "pattern": form.pattern, "examples": [form.example] })
        }
        Shape::Choice(words) => json!({ "enum": words }),
        Shape::Integer { least, most } => json!({ "type": "integer", "minimum": least, "maximum": most }),
        Shape::Bool => json!({ "type": "boolean" }),
        Shape::Date => json!({ "type": "string", "format": "date", "pattern": DATE_PATTERN }),
        // No `format: date-time`: it demands a time zone, and local time has none.
        Shape::DateOrTime => {
            json!({ "anyOf": [of(&Shape::Date), { "type": "string", "pattern": TIME_PATTERN }] })
        }
    };
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

fn table(fields: &[Field]) -> Value {
    let properties: Map<String, Value> = fields
        .iter()
        .map(|field| {
            let mut property = Map::new();
            property.insert("description".to_owned(), json!(field.doc));
            property.extend(of(field.shape));
            (field.key.to_owned(), Value::Object(property))
        })
        .collect();
    let required: Vec<&str> = fields.iter().filter(|f| f.required).map(|f| f.key).collect();
    let mut table = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if let (Value::Object(table), false) = (&mut table, required.is_empty()) {
        table.insert("required".to_owned(), json!(required));
    }
    table
}
