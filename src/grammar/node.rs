//! The values of a file as a tree, each with its place, keys in the order of the file.

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use toml::value::Datetime;

/// A value.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub at: usize,
    pub value: Content,
}

#[derive(Clone, Debug)]
pub(super) enum Content {
    Text(String),
    /// None if it is too large to be one.
    Integer(Option<i64>),
    Decimal,
    Bool(bool),
    Date(Datetime),
    List(Vec<Node>),
    Table(Vec<Entry>),
}

/// A key and its value.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub key: String,
    pub at: usize,
    pub node: Node,
}

impl Node {
    /// A whole file.
    pub fn root(table: &Spanned<DeTable<'_>>) -> Self {
        Self { at: 0, value: Content::Table(entries(table.get_ref())) }
    }

    /// The parser's own limit of nesting bounds the recursion.
    fn of(value: &Spanned<DeValue<'_>>) -> Self {
        let content = match value.get_ref() {
            DeValue::String(text) => Content::Text(text.to_string()),
            DeValue::Integer(number) => {
                Content::Integer(i64::from_str_radix(number.as_str(), number.radix()).ok())
            }
            DeValue::Float(_) => Content::Decimal,
            DeValue::Boolean(value) => Content::Bool(*value),
            DeValue::Datetime(datetime) => Content::Date(*datetime),
            DeValue::Array(list) => Content::List(list.iter().map(Self::of).collect()),
            DeValue::Table(table) => Content::Table(entries(table)),
        };
        Self { at: value.span().start, value: content }
    }

    /// Its type in words.
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Content::Text(_) => "text",
            Content::Integer(_) => "a whole number",
            Content::Decimal => "a decimal number",
            Content::Bool(_) => "`true` or `false`",
            Content::Date(moment) => match (moment.date, moment.time) {
                (Some(_), None) => "a date",
                (Some(_), Some(_)) => "a date with a time",
                _ => "a time",
            },
            Content::List(_) => "a list",
            Content::Table(_) => "a table",
        }
    }
}

fn entries(table: &DeTable<'_>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = table
        .iter()
        .map(|(key, value)| Entry {
            key: key.get_ref().to_string(),
            at: key.span().start,
            node: Node::of(value),
        })
        .collect();
    entries.sort_by_key(|entry| entry.at);
    entries
}

/// The value of a key.
pub(super) fn find<'a>(entries: &'a [Entry], key: &str) -> Option<&'a Entry> {
    entries.iter().find(|entry| entry.key == key)
}
