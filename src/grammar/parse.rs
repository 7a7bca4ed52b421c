//! TOML into values, with every syntax fault in words for people who don't program.

use std::ops::RangeInclusive;

use toml::de::{DeTable, Error};

use super::node::Node;
use super::source::Source;
use super::unclosed::unclosed;
use crate::fault::Fault;

/// So many broken lines are told of one file; who has more has probably not written TOML at all.
const MOST: usize = 25;

/// What could be read of a file.
pub(super) struct Parsed {
    pub root: Node,
    /// One for each broken line.
    pub faults: Vec<Fault>,
    /// The lines that were passed over.
    pub lost: Vec<RangeInclusive<usize>>,
}

/// Parses a whole file. The parser goes on after a fault, but a missing quote lets it misread all that follows;
/// so only the foremost fault is believed, the line is taken away, and the rest is parsed again.
pub(super) fn parse(source: &Source<'_>) -> Parsed {
    parse_text(source, source.text().to_owned())
}

fn parse_text(source: &Source<'_>, mut text: String) -> Parsed {
    let mut faults = Vec::new();
    let mut lost: Vec<RangeInclusive<usize>> = Vec::new();
    loop {
        let (table, errors) = DeTable::parse_recoverable(&text);
        let root = Node::root(&table);
        // The parser tells of an unclosed text after what it misread because of it.
        let first = errors.iter().min_by_key(|error| (start(error), !error.message().contains("string")));
        let Some(error) = first else { return Parsed { root, faults, lost } };
        let (fault, lines, below) = match unclosed(source, &text, start(error)) {
            Some((fault, lines)) => (fault, lines, None),
            None => {
                let fault = explain(source, error);
                let lines = extent(source, fault.line);
                let below = (lines.start() < lines.end()).then(|| lines.start() + 1..=*lines.end());
                (fault, lines, below)
            }
        };
        let again = lost.iter().any(|lines| lines.contains(&fault.line));
        if !again {
            faults.push(fault);
        }
        if again || faults.len() >= MOST || !source.blank(&mut text, &lines) {
            // What is left can't be trusted: nothing of it is said to be wrong.
            return Parsed { root, faults, lost: vec![1..=usize::MAX] };
        }
        // Faults in the lines that are lost with a header are told all the same.
        faults.extend(below.into_iter().flat_map(|lines| faults_of(source, lines)));
        lost.push(lines);
    }
}

/// The syntax faults of some lines by themselves.
fn faults_of(source: &Source<'_>, lines: RangeInclusive<usize>) -> Vec<Fault> {
    let mut text = source.text().to_owned();
    source.blank(&mut text, &(1..=lines.start() - 1));
    source.blank(&mut text, &(lines.end() + 1..=usize::MAX));
    parse_text(source, text).faults
}

/// The lines that are lost with a broken one: below a header all that belongs to it, which would end up in the
/// wrong table.
fn extent(source: &Source<'_>, line: usize) -> RangeInclusive<usize> {
    let lines: Vec<&str> = source.text().lines().collect();
    let header = |line: usize| lines.get(line - 1).is_some_and(|line| line.trim_start().starts_with('['));
    if !header(line) {
        return line..=line;
    }
    let next = (line + 1..=lines.len()).find(|line| header(*line));
    line..=next.map_or(lines.len().max(line), |next| next - 1)
}

fn start(error: &Error) -> usize {
    error.span().map_or(0, |span| span.start)
}

fn explain(source: &Source<'_>, error: &Error) -> Fault {
    let span = error.span().unwrap_or(0..0);
    let message = error.message();
    let found = source.text().get(span.clone()).unwrap_or_default();
    let fault = |message: String, advice: &str| {
        source
            .fault(span.start, "syntax", message)
            .suggest_maybe((!advice.is_empty()).then(|| advice.to_owned()))
    };
    let starts = |start: &str| message.starts_with(start);
    if starts("duplicate key") {
        let message = format!("`{found}` stands twice in the same table");
        return source.fault(span.start, "duplicate-key", message).suggest("keep one of them");
    }
    if starts("string values must be quoted") && !found.trim().is_empty() {
        return fault(format!("`{}` has no quotes", first_line(found)), "write text in quotes: \"...\"");
    }
    if starts("missing comma between") {
        return fault("a comma is missing before this".to_owned(), "put a comma between the values");
    }
    if starts("unclosed array table") || starts("unclosed table") {
        return fault("the header is not closed".to_owned(), "write `[[step]]` with as many `]` as `[`");
    }
    if starts("unclosed array") {
        return fault("the list is not closed".to_owned(), "add the missing `]`");
    }
    if starts("unclosed inline table") {
        return fault("the table is not closed".to_owned(), "add the missing `}`");
    }
    if starts("invalid unquoted key") {
        return fault(
            "a key has only letters a-z, digits, `_` and `-`".to_owned(),
            "write å and ä as a, ö as o, and hyphens instead of spaces",
        );
    }
    if starts("invalid multi-line") {
        return fault("the text in three quotes is not closed".to_owned(), "put three quotes at both ends");
    }
    if starts("key with no value") || starts("missing value") || starts("string values must be quoted") {
        return fault("the key has no value".to_owned(), "write `key = value`");
    }
    if starts("missing opening quote") || starts("invalid basic string") || starts("invalid literal string") {
        return fault("the text is not closed".to_owned(), "put a quote `\"` at both ends");
    }
    if starts("invalid date") || starts("invalid datetime") || starts("invalid time") {
        return fault(format!("`{}` is no date", first_line(found)), "write a date such as `2025-02-12`");
    }
    fault(format!("this can't be read as TOML: {}", message.replace('\n', " ")), "")
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
