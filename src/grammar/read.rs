//! Reading values out of a file, each with its place. What is absent or of the wrong type is `None`: the walk
//! over the file's shape has said so already.

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::dates::{self, Asked, DateOrTime};
use super::shape::Shape;
use super::source::{Source, SourceFile};
use super::walk::Walk;
use super::{parse::parse, source};
use crate::fault::Fault;

/// A value and the place it stands at (a byte offset, see [`Source::position`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At<T> {
    /// The value.
    pub is: T,
    /// Where it starts.
    pub at: usize,
}

impl<T> At<T> {
    /// Another value at the same place.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> At<U> {
        At { is: f(self.is), at: self.at }
    }
}

/// A file that has been parsed and compared with its shape.
#[derive(Debug)]
pub struct Document<'a> {
    source: Source<'a>,
    root: Spanned<DeTable<'a>>,
    faults: Vec<Fault>,
    broken: bool,
}

impl<'a> Document<'a> {
    /// Reads a file as `shape`, which is a table or a map. Every fault of syntax and shape is in
    /// [`Document::faults`].
    #[must_use]
    pub fn read(file: &'a SourceFile, shape: &Shape) -> Self {
        let source = source::Source::new(file);
        let (root, mut faults) = parse(&source);
        if let Some(at) = source.text().find(char::REPLACEMENT_CHARACTER) {
            let fault = source.fault(at, "not-utf8", "the file isn't UTF-8");
            faults.push(fault.suggest("save it as UTF-8 in your editor"));
        }
        let mut walk = Walk::new(&source, shape);
        walk.file(shape, root.get_ref());
        let found = walk.faults;
        let broken = !faults.is_empty();
        let lost = Lost::of(&source, &faults);
        faults.extend(found.into_iter().filter(|fault| !lost.hides(fault)));
        Self { source, root, faults, broken }
    }

    /// The file.
    #[must_use]
    pub fn source(&self) -> &Source<'a> {
        &self.source
    }

    /// What is wrong with syntax and shape.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// Whether its syntax is at fault, so that some of its values are lost.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.broken
    }

    /// The values at the top.
    #[must_use]
    pub fn root(&self) -> Table<'_> {
        Table { table: self.root.get_ref(), at: 0 }
    }
}

/// The lines whose values are wrong or lost because the syntax is at fault.
struct Lost {
    lines: Vec<std::ops::RangeInclusive<usize>>,
}

impl Lost {
    /// A line that can't be parsed leaves a wrong value or none behind; a header that can't be parsed leaves all
    /// below it, up to the next one, in the wrong table.
    fn of(source: &Source<'_>, faults: &[Fault]) -> Self {
        let lines: Vec<&str> = source.text().lines().collect();
        let header = |line: usize| lines.get(line - 1).is_some_and(|line| line.trim_start().starts_with('['));
        let extent = |fault: &Fault| match fault.line {
            line if header(line) => {
                let next = (line + 1..=lines.len()).find(|line| header(*line));
                line..=next.map_or(lines.len(), |next| next - 1)
            }
            line => line..=line,
        };
        Self { lines: faults.iter().map(extent).collect() }
    }

    /// Whether a fault of shape is only a consequence. A key that seems to be missing may stand on a lost line.
    fn hides(&self, fault: &Fault) -> bool {
        !self.lines.is_empty()
            && (fault.code == "missing-key" || self.lines.iter().any(|lines| lines.contains(&fault.line)))
    }
}

/// A table of a file.
#[derive(Clone, Copy, Debug)]
pub struct Table<'a> {
    table: &'a DeTable<'a>,
    at: usize,
}

impl<'a> Table<'a> {
    /// Where it starts: at its header or brace.
    #[must_use]
    pub fn at(&self) -> usize {
        self.at
    }

    /// The value of a key.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<Value<'a>> {
        self.table.get(key).map(Value)
    }

    /// Where a key stands, or the table if it isn't there.
    #[must_use]
    pub fn key_at(&self, key: &str) -> usize {
        self.table.get_key_value(key).map_or(self.at, |(key, _)| key.span().start)
    }

    /// A text.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<At<&'a str>> {
        self.value(key)?.text()
    }

    /// A text that `read` can read.
    pub fn read<T>(&self, key: &str, read: impl FnOnce(&'a str) -> Option<T>) -> Option<At<T>> {
        let text = self.text(key)?;
        Some(At { is: read(text.is)?, at: text.at })
    }

    /// A yes or no.
    #[must_use]
    pub fn bool(&self, key: &str) -> Option<bool> {
        self.table.get(key)?.get_ref().as_bool()
    }

    /// A whole number that fits.
    #[must_use]
    pub fn integer<N: TryFrom<i64>>(&self, key: &str) -> Option<At<N>> {
        let value = self.table.get(key)?;
        let number = value.get_ref().as_integer()?;
        let number = i64::from_str_radix(number.as_str(), number.radix()).ok()?;
        Some(At { is: N::try_from(number).ok()?, at: value.span().start })
    }

    /// A date.
    #[must_use]
    pub fn date(&self, key: &str) -> Option<At<Date>> {
        self.value(key)?.date()
    }

    /// The elements of a list; the value itself if it is no list; nothing if it isn't there.
    #[must_use]
    pub fn many(&self, key: &str) -> Vec<Value<'a>> {
        match self.value(key) {
            None => Vec::new(),
            Some(Value(value)) => match value.get_ref() {
                DeValue::Array(list) => list.iter().map(Value).collect(),
                _ => vec![Value(value)],
            },
        }
    }

    /// The tables of a list of tables: every `[[key]]`.
    #[must_use]
    pub fn tables(&self, key: &str) -> Vec<Table<'a>> {
        self.many(key).into_iter().filter_map(Value::table).collect()
    }

    /// All keys and values in the order of the file. (The parser sorts keys.)
    #[must_use]
    pub fn entries(&self) -> Vec<(At<&'a str>, Value<'a>)> {
        let mut entries: Vec<_> = self
            .table
            .iter()
            .map(|(key, value)| (At { is: key.get_ref().as_ref(), at: key.span().start }, Value(value)))
            .collect();
        entries.sort_by_key(|(key, _)| key.at);
        entries
    }
}

/// A value of a file.
#[derive(Clone, Copy, Debug)]
pub struct Value<'a>(&'a Spanned<DeValue<'a>>);

impl<'a> Value<'a> {
    /// Where it starts.
    #[must_use]
    pub fn at(self) -> usize {
        self.0.span().start
    }

    /// As text.
    #[must_use]
    pub fn text(self) -> Option<At<&'a str>> {
        Some(At { is: self.0.get_ref().as_str()?, at: self.at() })
    }

    /// As a table.
    #[must_use]
    pub fn table(self) -> Option<Table<'a>> {
        Some(Table { table: self.0.get_ref().as_table()?, at: self.at() })
    }

    /// As a date or a date with a time.
    #[must_use]
    pub fn moment(self) -> Option<At<DateOrTime>> {
        let asked = Asked { times: true, span: None, inside: false, year: None };
        let moment = dates::read(self.0.get_ref(), asked)?.ok()?;
        Some(At { is: moment, at: self.at() })
    }

    /// As a date.
    #[must_use]
    pub fn date(self) -> Option<At<Date>> {
        let At { is: DateOrTime::Day(date), at } = self.moment()? else { return None };
        Some(At { is: date, at })
    }
}
