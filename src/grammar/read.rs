//! Reading values out of a file, each with its place. What is absent or of the wrong type is `None`: the walk
//! over the file's shape has said so already.

use jiff::civil::Date;

use super::dates::{self, Asked, DateOrTime};
use super::node::{Content, Entry, Node, find};
use super::parse::{Parsed, parse};
use super::shape::Shape;
use super::source::{Source, SourceFile};
use super::walk::Walk;
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
    root: Node,
    faults: Vec<Fault>,
    broken: bool,
}

impl<'a> Document<'a> {
    /// Reads a file as `shape`, which is a table or a map. Every fault of syntax and shape is in
    /// [`Document::faults`].
    #[must_use]
    pub fn read(file: &'a SourceFile, shape: &Shape) -> Self {
        let source = Source::new(file);
        let Parsed { root, mut faults, lost } = parse(&source);
        if let Some(at) = source.text().find(char::REPLACEMENT_CHARACTER) {
            let fault = source.fault(at, "not-utf8", "the file isn't UTF-8");
            faults.push(fault.suggest("save it as UTF-8 in your editor"));
        }
        let mut walk = Walk::new(&source, shape);
        walk.file(shape, &root);
        let found = walk.faults;
        let broken = !faults.is_empty();
        // A fault on a lost line is a consequence of it, and what seems to be missing may stand there.
        let hidden = |fault: &Fault| {
            broken && (fault.code == "missing-key" || lost.iter().any(|lines| lines.contains(&fault.line)))
        };
        faults.extend(found.into_iter().filter(|fault| !hidden(fault)));
        faults.sort();
        Self { source, root, faults, broken }
    }

    /// The file.
    #[must_use]
    pub fn source(&self) -> &Source<'a> {
        &self.source
    }

    /// What is wrong with syntax and shape, in the order of the file.
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
        match &self.root.value {
            Content::Table(entries) => Table { entries, at: 0 },
            _ => Table { entries: &[], at: 0 },
        }
    }
}

/// A table of a file.
#[derive(Clone, Copy, Debug)]
pub struct Table<'a> {
    entries: &'a [Entry],
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
        find(self.entries, key).map(|entry| Value(&entry.node))
    }

    /// Where a key stands, or the table if it isn't there.
    #[must_use]
    pub fn key_at(&self, key: &str) -> usize {
        find(self.entries, key).map_or(self.at, |entry| entry.at)
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
        match find(self.entries, key)?.node.value {
            Content::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// A whole number that fits.
    #[must_use]
    pub fn integer<N: TryFrom<i64>>(&self, key: &str) -> Option<At<N>> {
        let node = &find(self.entries, key)?.node;
        let Content::Integer(Some(number)) = node.value else { return None };
        Some(At { is: N::try_from(number).ok()?, at: node.at })
    }

    /// A date.
    #[must_use]
    pub fn date(&self, key: &str) -> Option<At<Date>> {
        self.value(key)?.date()
    }

    /// The elements of a list; the value itself if it is no list; nothing if it isn't there.
    #[must_use]
    pub fn many(&self, key: &str) -> Vec<Value<'a>> {
        match find(self.entries, key).map(|entry| &entry.node) {
            None => Vec::new(),
            Some(Node { value: Content::List(list), .. }) => list.iter().map(Value).collect(),
            Some(node) => vec![Value(node)],
        }
    }

    /// The tables of a list of tables: every `[[key]]`.
    #[must_use]
    pub fn tables(&self, key: &str) -> Vec<Table<'a>> {
        self.many(key).into_iter().filter_map(Value::table).collect()
    }

    /// All keys and values in the order of the file.
    #[must_use]
    pub fn entries(&self) -> Vec<(At<&'a str>, Value<'a>)> {
        let entries = self.entries.iter();
        entries.map(|entry| (At { is: entry.key.as_str(), at: entry.at }, Value(&entry.node))).collect()
    }
}

/// A value of a file.
#[derive(Clone, Copy, Debug)]
pub struct Value<'a>(&'a Node);

impl<'a> Value<'a> {
    /// Where it starts.
    #[must_use]
    pub fn at(self) -> usize {
        self.0.at
    }

    /// As text.
    #[must_use]
    pub fn text(self) -> Option<At<&'a str>> {
        let Content::Text(text) = &self.0.value else { return None };
        Some(At { is: text, at: self.0.at })
    }

    /// As a table.
    #[must_use]
    pub fn table(self) -> Option<Table<'a>> {
        let Content::Table(entries) = &self.0.value else { return None };
        Some(Table { entries, at: self.0.at })
    }

    /// As a date or a date with a time.
    #[must_use]
    pub fn moment(self) -> Option<At<DateOrTime>> {
        let asked = Asked { times: true, span: None, inside: false, year: None };
        let moment = dates::read(&self.0.value, asked)?.ok()?;
        Some(At { is: moment, at: self.at() })
    }

    /// As a date.
    #[must_use]
    pub fn date(self) -> Option<At<Date>> {
        let At { is: DateOrTime::Day(date), at } = self.moment()? else { return None };
        Some(At { is: date, at })
    }
}
