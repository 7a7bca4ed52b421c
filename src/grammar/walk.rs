//! Compares a file with its shape and finds every difference.

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::dates::{self, Asked};
use super::form::{Form, Trouble};
use super::shape::{Field, Shape};
use super::source::Source;
use super::{advise, closest};
use crate::fault::Fault;

/// Walks through one file.
pub(super) struct Walk<'a, 'f> {
    source: &'f Source<'a>,
    /// The keys at the top of the file: one that is met deeper down has slipped below a header.
    top: &'static [Field],
    /// The newest year the file names, for advice on dates without one.
    year: Option<i16>,
    /// The keys of a first and a last day in the table that is being walked through.
    days: Option<(&'static str, &'static str)>,
    pub faults: Vec<Fault>,
}

impl<'a, 'f> Walk<'a, 'f> {
    pub fn new(source: &'f Source<'a>, shape: &Shape) -> Self {
        let top = if let Shape::Table(fields) = shape { fields } else { &[][..] };
        Self { source, top, year: dates::newest_year(source.text()), days: None, faults: Vec::new() }
    }

    /// A file's top level: its faults stand at the very beginning.
    pub fn file(&mut self, shape: &Shape, table: &DeTable<'_>) {
        match shape {
            Shape::Table(fields) => self.table(fields, 0, table),
            Shape::Map { key, value } => self.map(key, value, table),
            _ => {}
        }
    }

    fn fault(&mut self, at: usize, code: &'static str, trouble: Trouble) {
        let fault = self.source.fault(at, code, trouble.message).suggest_maybe(trouble.suggestion);
        self.faults.push(fault);
    }

    /// `key` is the nearest key above the value, for the message.
    fn value(&mut self, shape: &Shape, key: &str, value: &Spanned<DeValue<'_>>) {
        let at = value.span().start;
        match (shape, value.get_ref()) {
            (Shape::Table(fields), DeValue::Table(table)) => self.table(fields, at, table),
            (Shape::Map { key: form, value }, DeValue::Table(table)) => self.map(form, value, table),
            (Shape::List(shape), DeValue::Array(list)) => self.list(shape, key, list),
            (Shape::OneOf(shapes), found) => match shapes.iter().find(|shape| takes(shape, found)) {
                // The whole choice, for advice on how to write the other.
                Some(Shape::Date | Shape::DateOrTime) => self.date(shape, key, value),
                Some(shape) => self.value(shape, key, value),
                None => self.wrong_type(shape, key, value),
            },
            (Shape::Text { breaks }, DeValue::String(text)) => self.text(*breaks, key, at, text),
            (Shape::Form(form), DeValue::String(text)) => {
                if let Err(trouble) = (form.check)(text) {
                    self.fault(at, form.code, trouble);
                }
            }
            (Shape::Choice(words), DeValue::String(text)) if !words.contains(&text.as_ref()) => {
                let message = format!("`{key}` can't be `{text}`");
                let suggestion = advise(text, words.iter().copied());
                self.fault(at, "unknown-word", Trouble { message, suggestion });
            }
            (Shape::Choice(_), DeValue::String(_)) | (Shape::Bool, DeValue::Boolean(_)) => {}
            (Shape::Integer { least, most }, DeValue::Integer(number)) => {
                let number = i64::from_str_radix(number.as_str(), number.radix()).ok();
                if number.is_none_or(|number| !(*least..=*most).contains(&number)) {
                    let message = format!("`{key}` is out of range");
                    let advice = format!("write a whole number from {least} to {most}");
                    self.fault(at, "out-of-range", Trouble::new(message, advice));
                }
            }
            (Shape::Date | Shape::DateOrTime, _) => self.date(shape, key, value),
            _ => self.wrong_type(shape, key, value),
        }
    }

    fn table(&mut self, fields: &'static [Field], at: usize, table: &DeTable<'_>) {
        for (key, value) in table {
            match fields.iter().find(|field| field.key == key.get_ref()) {
                Some(field) => {
                    self.days = day_keys(fields);
                    self.value(field.shape, field.key, value);
                }
                None => self.unknown_key(fields, key),
            }
        }
        for field in fields.iter().filter(|field| field.required) {
            if table.get(field.key).is_none() {
                let message = format!("missing key `{}`", field.key);
                let advice = format!("add `{} = {}`", field.key, field.shape.example());
                self.fault(at, "missing-key", Trouble::new(message, advice));
            }
        }
    }

    fn unknown_key(&mut self, fields: &[Field], key: &Spanned<std::borrow::Cow<'_, str>>) {
        let name: &str = key.get_ref();
        let allowed = fields.iter().map(|field| field.key);
        let suggestion = match closest(name, allowed.clone()) {
            None if self.top.iter().any(|field| field.key == name) => {
                Some(format!("move `{name}` to the top of the file, above the first `[[`"))
            }
            _ => advise(name, allowed),
        };
        let message = format!("unknown key `{name}`");
        self.fault(key.span().start, "unknown-key", Trouble { message, suggestion });
    }

    fn map(&mut self, form: &Form, shape: &Shape, table: &DeTable<'_>) {
        for (key, value) in table {
            if let Err(trouble) = (form.check)(key.get_ref()) {
                self.fault(key.span().start, form.code, trouble);
            }
            self.value(shape, key.get_ref(), value);
        }
    }

    fn list(&mut self, shape: &Shape, key: &str, list: &DeArray<'_>) {
        for element in list {
            self.value(shape, key, element);
        }
    }

    fn text(&mut self, breaks: bool, key: &str, at: usize, text: &str) {
        let control = |c: char| c.is_control() && u32::from(c) < 0x80 && !(breaks && "\n\r\t".contains(c));
        if !text.chars().any(|c| c > ' ' && c != '\u{7f}') {
            self.fault(at, "empty-text", Trouble::new(format!("`{key}` is empty"), "write some text"));
        } else if text.chars().any(control) {
            let message = format!("`{key}` has a line break or another control character");
            self.fault(at, "control-character", Trouble::new(message, "write it on one line"));
        }
    }

    fn date(&mut self, shape: &Shape, key: &str, value: &Spanned<DeValue<'_>>) {
        let instead = span_keys(shape);
        let inside = instead.is_none();
        let asked = Asked { times: has_times(shape), span: instead.or(self.days), inside, year: self.year };
        match dates::read(value.get_ref(), asked) {
            Some(Ok(_)) => {}
            Some(Err((code, trouble))) => self.fault(value.span().start, code, trouble),
            None => self.wrong_type(shape, key, value),
        }
    }

    fn wrong_type(&mut self, shape: &Shape, key: &str, value: &Spanned<DeValue<'_>>) {
        let message = format!("`{key}` is {}", kind(value.get_ref()));
        let advice = format!("write {}", shape.expected());
        self.fault(value.span().start, "wrong-type", Trouble::new(message, advice));
    }
}

/// Whether a value of this type can only be meant as `shape`.
fn takes(shape: &Shape, value: &DeValue<'_>) -> bool {
    match shape {
        Shape::Table(_) | Shape::Map { .. } => value.is_table(),
        Shape::List(_) => value.is_array(),
        Shape::OneOf(shapes) => shapes.iter().any(|shape| takes(shape, value)),
        Shape::Text { .. } | Shape::Form(_) | Shape::Choice(_) => value.is_str(),
        Shape::Integer { .. } => value.is_integer(),
        Shape::Bool => value.is_bool(),
        Shape::Date | Shape::DateOrTime => value.is_datetime() || value.is_str(),
    }
}

fn has_times(shape: &Shape) -> bool {
    match shape {
        Shape::DateOrTime => true,
        Shape::OneOf(shapes) => shapes.iter().any(has_times),
        _ => false,
    }
}

/// The keys of the first and the last day, where a table may stand instead of a date.
fn span_keys(shape: &Shape) -> Option<(&'static str, &'static str)> {
    let Shape::OneOf(shapes) = shape else { return None };
    shapes.iter().find_map(|shape| match shape {
        Shape::Table(fields) => day_keys(fields),
        _ => None,
    })
}

fn day_keys(fields: &[Field]) -> Option<(&'static str, &'static str)> {
    let mut days =
        fields.iter().filter(|f| matches!(f.shape, Shape::Date | Shape::DateOrTime)).map(|f| f.key);
    Some((days.next()?, days.next()?))
}

/// A value's type in words.
fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a decimal number",
        DeValue::Boolean(_) => "`true` or `false`",
        DeValue::Datetime(moment) => match (moment.date, moment.time) {
            (Some(_), None) => "a date",
            (Some(_), Some(_)) => "a date with a time",
            _ => "a time",
        },
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
