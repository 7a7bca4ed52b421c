//! TOML into values, with every syntax fault in words for people who don't program.

use toml::Spanned;
use toml::de::{DeTable, Error};

use super::source::Source;
use crate::fault::Fault;

/// Parses a whole file. What could be read is returned even if there are faults.
pub(super) fn parse<'a>(source: &Source<'a>) -> (Spanned<DeTable<'a>>, Vec<Fault>) {
    let (table, errors) = DeTable::parse_recoverable(source.text());
    let mut faults: Vec<Fault> = Vec::new();
    for error in errors {
        let fault = explain(source, &error);
        // The parser recovers by guessing, and mostly stumbles again on the same line.
        if faults.last().is_none_or(|last| last.line != fault.line) {
            faults.push(fault);
        }
    }
    (table, faults)
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
    if starts("string values must be quoted") {
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
    if starts("key with no value") || starts("missing value") {
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
