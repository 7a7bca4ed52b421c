//! What a value may be.

use super::form::Form;

/// What a value in a file may be. Made of constants: a grammar is a `const`.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Named values; no others.
    Table(&'static [Field]),
    /// Values under names that the writer chooses; the names have a form.
    Map {
        /// The form of the names.
        key: &'static Form,
        /// What each value is.
        value: &'static Shape,
    },
    /// Any number of values of one shape.
    List(&'static Shape),
    /// One of several shapes, each of another TOML type: the type decides which of them is meant, so that a
    /// fault can say what is wrong with it and not only that nothing fits.
    OneOf(&'static [Shape]),
    /// Text that isn't blank and has no control characters.
    Text {
        /// May hold line breaks and tabs.
        breaks: bool,
    },
    /// Text in a form of its own.
    Form(&'static Form),
    /// One of a few words.
    Choice(&'static [&'static str]),
    /// A whole number.
    Integer {
        /// At least.
        least: i64,
        /// At most.
        most: i64,
    },
    /// `true` or `false`.
    Bool,
    /// A local date from 1990 to 2199, with or without quotes.
    Date,
    /// A local date or a local date with a time, with or without quotes.
    DateOrTime,
}

impl Shape {
    /// Text on one line.
    pub const LINE: Self = Self::Text { breaks: false };
    /// Text that may have several paragraphs.
    pub const PROSE: Self = Self::Text { breaks: true };
    /// An id.
    pub const SLUG: Self = Self::Form(&super::form::SLUG);
    /// A year that a programme may plan for.
    pub const YEAR: Self =
        Self::Integer { least: *super::dates::YEARS.start() as i64, most: *super::dates::YEARS.end() as i64 };

    /// What to write, in words: "a whole number".
    pub(super) fn expected(&self) -> String {
        match self {
            Self::Table(_) | Self::Map { .. } => "a table in `{ }`".to_owned(),
            Self::List(_) => "a list in `[ ]`".to_owned(),
            Self::OneOf(shapes) => super::join_or(&shapes.iter().map(Self::expected).collect::<Vec<_>>()),
            Self::Text { .. } => "text in quotes".to_owned(),
            Self::Form(form) => format!("{} in quotes, such as \"{}\"", form.name, form.example),
            Self::Choice(words) => format!("\"{}\" in quotes", words.join("\", \"")),
            Self::Integer { .. } => "a whole number".to_owned(),
            Self::Bool => "`true` or `false`".to_owned(),
            Self::Date => "a date such as `2025-02-12`".to_owned(),
            Self::DateOrTime => "a date such as `2025-02-12` or `2025-02-12T13:00:00`".to_owned(),
        }
    }

    /// How such a value looks, for a key that is missing.
    pub(super) fn example(&self) -> String {
        match self {
            Self::Table(_) | Self::Map { .. } => "{ ... }".to_owned(),
            Self::List(shape) => format!("[{}]", shape.example()),
            Self::OneOf(shapes) => shapes.first().map_or_else(String::new, Self::example),
            Self::Text { .. } => "\"...\"".to_owned(),
            Self::Form(form) => format!("\"{}\"", form.example),
            Self::Choice(words) => format!("\"{}\"", words.first().copied().unwrap_or_default()),
            Self::Integer { least, .. } => least.to_string(),
            Self::Bool => "true".to_owned(),
            Self::Date | Self::DateOrTime => "2025-02-12".to_owned(),
        }
    }
}

/// A named value of a table.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its key.
    pub key: &'static str,
    /// For the writer of the file, shown by editors.
    pub doc: &'static str,
    /// Whether the table is wrong without it.
    pub required: bool,
    /// What it is.
    pub shape: &'static Shape,
}

/// A key that must be there.
#[must_use]
pub const fn required(key: &'static str, shape: &'static Shape, doc: &'static str) -> Field {
    Field { key, doc, required: true, shape }
}

/// A key that may be left out.
#[must_use]
pub const fn optional(key: &'static str, shape: &'static Shape, doc: &'static str) -> Field {
    Field { key, doc, required: false, shape }
}
