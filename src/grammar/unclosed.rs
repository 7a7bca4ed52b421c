//! Finds the bracket that was never closed. The parser notices one only where the next line makes no sense, and
//! calls that a missing comma.

use std::ops::RangeInclusive;

use super::source::Source;
use crate::fault::Fault;

/// The fault of an unclosed list or table that an error at `at` comes from, with the lines it spoils.
pub(super) fn unclosed(source: &Source<'_>, text: &str, at: usize) -> Option<(Fault, RangeInclusive<usize>)> {
    let (line, _) = source.position(at);
    let lines: Vec<&str> = text.split('\n').collect();
    let here = lines.get(line.checked_sub(1)?)?;
    let start = source.start(line);
    if text.get(start..at).is_some_and(|before| !before.trim().is_empty()) {
        return None;
    }
    let (opened, column, bracket) = opener(&lines, line - 1)?;
    let above = lines.get(opened)?;
    // In a table over several lines a key is what comes next, and then it is a comma that lacks.
    let over_lines = bracket == '{' && above.get(column + 1..).is_some_and(|rest| rest.trim().is_empty());
    let closes_other = here.trim_start().starts_with(if bracket == '{' { ']' } else { '}' });
    if over_lines || !(is_statement(here) || closes_other) {
        return None;
    }
    let (what, close) = if bracket == '{' { ("table", '}') } else { ("list", ']') };
    let fault =
        source.fault(source.start(opened + 1) + column, "syntax", format!("the {what} is not closed"));
    Some((fault.suggest(format!("add the missing `{close}`")), opened + 1..=line - 1))
}

/// Whether a line starts something of its own: `[[step]]`, `[x]` or `key = value`.
fn is_statement(line: &str) -> bool {
    let line = line.trim_start();
    let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    match line.strip_prefix('[') {
        Some(header) => header.trim_start_matches('[').starts_with(|c: char| c.is_ascii_alphabetic()),
        None => line.starts_with(word) && line.trim_start_matches(word).trim_start().starts_with('='),
    }
}

/// The innermost bracket above a line that isn't closed before it: line (from 0), byte in the line, bracket.
fn opener(lines: &[&str], below: usize) -> Option<(usize, usize, char)> {
    let mut closed = 0usize;
    for (number, line) in lines.iter().enumerate().take(below).rev() {
        if is_statement(line) && line.trim_start().starts_with('[') {
            return None;
        }
        for (column, bracket) in brackets(line).into_iter().rev() {
            match bracket {
                ']' | '}' => closed += 1,
                _ if closed > 0 => closed -= 1,
                _ => return Some((number, column, bracket)),
            }
        }
    }
    None
}

/// The brackets of a line that are neither in quotes nor in a comment.
fn brackets(line: &str) -> Vec<(usize, char)> {
    let mut quote = None;
    let mut escaped = false;
    let mut found = Vec::new();
    for (column, c) in line.char_indices() {
        match quote {
            Some('"') if escaped => escaped = false,
            Some('"') if c == '\\' => escaped = true,
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '#' => break,
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None if matches!(c, '[' | ']' | '{' | '}') => found.push((column, c)),
            None => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::SourceFile;
    use super::*;

    fn found(text: &str, at: &str) -> Option<(usize, usize, RangeInclusive<usize>)> {
        let file = SourceFile::new("a", text);
        let at = text.find(at).unwrap();
        unclosed(&Source::new(&file), text, at).map(|(fault, lines)| (fault.line, fault.column, lines))
    }

    #[test]
    fn the_bracket_that_is_never_closed_is_to_blame() {
        assert_eq!(found("a = 1\nb = [2, \"]\" # ]\nc = 3\n", "c ="), Some((2, 5, 2..=2)));
        assert_eq!(found("b = [\n  2,\n  { x = 1\n]\n", "]"), Some((3, 3, 3..=3)));
        assert_eq!(found("b = [\n  2,\n[[step]]\n", "[[step"), Some((1, 5, 1..=2)));
    }

    #[test]
    fn a_comma_that_lacks_between_lines_is_no_bracket() {
        assert_eq!(found("b = [\n  { x = 1 }\n  { x = 2 }\n]\n", "{ x = 2"), None);
        assert_eq!(found("b = {\n  x = 1\n  y = 2\n}\n", "y ="), None);
        assert_eq!(found("b = [1 2]\n", "2"), None);
        assert_eq!(found("c = 1\n", "c"), None);
    }
}
