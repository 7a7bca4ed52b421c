//! TOML into values, with every syntax fault in words for people who don't program.

use std::ops::RangeInclusive;

use toml::de::{DeTable, Error};

use super::dates;
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
    parse_text(source, source.text().to_owned(), true)
}

/// With `whole`, the lines that are lost with a header are searched by themselves. Those are not searched again: a
/// fault in them may be told to lie in the header, and would be looked for without end.
fn parse_text(source: &Source<'_>, mut text: String, whole: bool) -> Parsed {
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
        faults.extend(below.filter(|_| whole).into_iter().flat_map(|lines| faults_of(source, lines)));
        lost.push(lines);
    }
}

/// The syntax faults of some lines by themselves.
fn faults_of(source: &Source<'_>, lines: RangeInclusive<usize>) -> Vec<Fault> {
    let mut text = source.text().to_owned();
    source.blank(&mut text, &(1..=lines.start() - 1));
    source.blank(&mut text, &(lines.end() + 1..=usize::MAX));
    parse_text(source, text, false).faults
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

/// A parser's fault in words for people who don't program.
fn explain(source: &Source<'_>, error: &Error) -> Fault {
    let span = error.span().unwrap_or(0..0);
    let found = source.text().get(span.clone()).unwrap_or_default().lines().next().unwrap_or_default();
    let line = source.line(span.start);
    let said = |message: String, advice: String| {
        source.fault(span.start, "syntax", message).suggest_maybe((!advice.is_empty()).then_some(advice))
    };
    if error.message().starts_with("duplicate key") {
        let advice = match line.trim_start().strip_prefix('[') {
            Some(header) if !header.starts_with('[') && !header.contains('.') => {
                format!("write `[[{found}]]`, with two brackets at both ends")
            }
            _ => "keep one of them".to_owned(),
        };
        let message = format!("`{found}` stands twice in the same table");
        return source.fault(span.start, "duplicate-key", message).suggest(advice);
    }
    if let Some((message, advice)) = unquoted(source, error, found) {
        return said(message, advice);
    }
    if error.message().starts_with("key with no value") && line.contains('=') {
        let key = line.split('=').next().unwrap_or_default().trim();
        let advice = format!("write a hyphen instead of the space, such as `{}`", key.replace(' ', "-"));
        return said(format!("`{key}` is more than one word"), advice);
    }
    if error.message().starts_with("invalid unquoted key") && found.starts_with(':') {
        return said("a colon stands after the key".to_owned(), "write `=` instead".to_owned());
    }
    if error.message().starts_with("invalid date") {
        return said(format!("`{found}` is no date"), "write a date such as `2025-02-12`".to_owned());
    }
    let known = WORDS.iter().find(|(start, ..)| error.message().starts_with(start));
    match known {
        Some((_, message, advice)) => said((*message).to_owned(), (*advice).to_owned()),
        None => said(format!("this can't be read as TOML: {}", error.message()), String::new()),
    }
}

/// What is written where text belongs, but without quotes.
fn unquoted(source: &Source<'_>, error: &Error, found: &str) -> Option<(String, String)> {
    if !error.message().starts_with("string values must be quoted") || found.trim().is_empty() {
        return None;
    }
    if found.contains(['”', '“', '„', '’', '‘', '»', '«']) {
        let message = "the quotes are those of a word processor".to_owned();
        return Some((message, "write straight quotes: \"...\"".to_owned()));
    }
    if let Some(trouble) = dates::trouble(found, dates::newest_year(source.text())) {
        return Some((trouble.message, trouble.suggestion.unwrap_or_default()));
    }
    Some((format!("`{found}` has no quotes"), "write text in quotes: \"...\"".to_owned()))
}

/// How the parser's description of a fault begins; what is told instead; what to write.
const WORDS: &[(&str, &str, &str)] = &[
    ("string values must be quoted", "the key has no value", "write `key = value`"),
    ("missing comma between", "a comma is missing before this", "put a comma between the values"),
    ("extra comma", "there is a comma too many", "remove it"),
    ("unclosed array table", "the header is not closed", "write `[[step]]` with as many `]` as `[`"),
    ("unclosed table", "the header is not closed", "write `[[step]]` with as many `]` as `[`"),
    ("unclosed array", "the list is not closed", "add the missing `]`"),
    ("unclosed inline table", "the table is not closed", "add the missing `}`"),
    (
        "invalid unquoted key",
        "a key has only letters a-z, digits, `_` and `-`",
        "write å and ä as a, ö as o, and hyphens instead of spaces",
    ),
    ("invalid multi-line", "the text in three quotes is not closed", "put three quotes at both ends"),
    ("key with no value", "the key has no value", "write `key = value`"),
    ("missing value", "the key has no value", "write `key = value`"),
    ("missing opening quote", "the text is not closed", "put a quote `\"` at both ends"),
    ("invalid basic string", "the text is not closed", "put a quote `\"` at both ends"),
    ("invalid literal string", "the text is not closed", "put a quote `'` at both ends"),
    (
        "missing escaped value",
        "a backslash in text has a meaning of its own",
        "write `\\\\` for a backslash, or put the text in single quotes",
    ),
    (
        "unexpected key or value",
        "there is something more after the value",
        "end the line here; a quote within text is written `\\\"`",
    ),
    ("invalid time", "this is no time", "write a time such as `2025-02-12T13:00:00`"),
];
