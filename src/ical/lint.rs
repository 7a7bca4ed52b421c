//! What is wrong in a calendar file, by its bytes: of RFC 5545, RFC 7986 and RFC 5546 that which feeds break.
//!
//! A judge of our own beside the parsers that others wrote, since of the faults that turn up in feeds no parser
//! finds all, and some none finds: lines that end with LF, long lines, doubled UIDs, days that end where they
//! begin, bare commas. Every finding has a code that stays the same, for scripts and logs:
//!
//! - the file and its lines: `no-calendar`, `too-large`, `bom`, `line-end`, `long-line`, `empty-line`,
//!   `stray-fold`, `fold-in-character`, `not-utf8`, `control-character`, `line-separator`, `not-a-line`,
//!   `bad-parameter`;
//! - components: `several-calendars`, `outside-calendar`, `misplaced-component`, `not-ended`,
//!   `end-without-begin`, `no-component`, `unknown-property`, `repeated-property`, and `missing-` with the name of
//!   what is missing: `missing-uid`;
//! - values: `unescaped`, `bad-escape`, `bad-date`, `date-without-value`, `not-utc`, `bad-duration`,
//!   `bad-recurrence`, `bad-status`, `bad-uri`, `bad-value`, `value-type-missing`;
//! - what belongs together: `duplicate-uid`, `end-before-start`, `end-equals-start`, `end-other-type`,
//!   `end-and-duration`, `until-other-type`, `alarm-repeat`, `undeclared-timezone`, `duplicate-timezone`,
//!   `empty-timezone`, `tzid-misused`, `skipped-time`, `method-without-organizer`, `attendee-in-published`.
//!
//! Not judged: whether a property may stand in its component, the values of `X-` properties other than those that
//! feeds live by, and what is a matter of taste.

mod check;
mod content;
mod known;
mod recurrence;
mod tree;
mod unfold;
mod values;
mod when;

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

/// The most bytes of a feed. No client states a limit for subscriptions; what is known of imports is about twice
/// this.
pub const LARGEST: usize = 512 * 1024;

/// The most findings of one code, and of all: one fault in a loop must not hide the others.
const MOST_OF_ONE: usize = 100;
const MOST: usize = 1_000;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// The line, from 1, as editors count them: folded lines each by itself.
    pub line: usize,
    /// A stable word for what kind of fault it is.
    pub code: &'static str,
    /// What is wrong and what to write instead, on one line. It may quote the file.
    pub message: String,
}

/// Everything that is wrong in a calendar file, by line; nothing for what can be published.
///
/// Never fails, whatever the bytes, and takes time in proportion to them, but for a logarithm where UIDs are
/// compared. At most 100 findings of a code are listed and 1,000 in all; what is left out of a code is counted in a
/// finding of its own at its first place.
#[must_use]
pub fn lint(bytes: &[u8]) -> Vec<Finding> {
    let mut findings = Findings::default();
    let lines = unfold::unfold(bytes, &mut findings);
    if !lines.iter().any(|line| line.text.trim_end().eq_ignore_ascii_case("BEGIN:VCALENDAR")) {
        return vec![no_calendar(bytes)];
    }
    if bytes.len() > LARGEST {
        let size = bytes.len() / 1024;
        findings.add(
            1,
            "too-large",
            format_args!(
                "the feed has {size} KB, more than the 512 that every client takes: publish less of it"
            ),
        );
    }
    let roots = tree::build(&lines, &mut findings);
    check::check(&roots, &mut findings);
    findings.finish()
}

/// Codes of that for which parsers refuse the whole file or lose what follows.
const UNREADABLE: &[&str] = &[
    "no-calendar",
    "bom",
    "not-utf8",
    "fold-in-character",
    "control-character",
    "not-a-line",
    "bad-parameter",
    "several-calendars",
    "outside-calendar",
    "misplaced-component",
    "not-ended",
    "end-without-begin",
    "missing-prodid",
    "missing-version",
    "missing-uid",
    "missing-dtstamp",
    "missing-dtstart",
];

/// Whether what has these findings can still be read as a calendar by the programs of subscribers.
#[must_use]
pub fn is_readable(findings: &[Finding]) -> bool {
    !findings.iter().any(|finding| UNREADABLE.contains(&finding.code))
}

/// What isn't a calendar at all is said so and no more: each line of a web page would be a finding.
fn no_calendar(bytes: &[u8]) -> Finding {
    let first = bytes.split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
    let first = String::from_utf8_lossy(first.get(..200).unwrap_or(first));
    let message = match bytes {
        [] => {
            "the file is empty: programs take that for a calendar from which every event is gone".to_owned()
        }
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "the file is UTF-16: write UTF-8 (RFC 5545, 3.1.4)".to_owned(),
        [0x1f, 0x8b, ..] => "the file is compressed: send it as it is".to_owned(),
        _ => format!("this is no calendar: it begins with {} and has no BEGIN:VCALENDAR", Shown(&first)),
    };
    Finding { line: 1, code: "no-calendar", message }
}

/// Findings as they are made.
#[derive(Debug, Default)]
struct Findings {
    kept: Vec<Finding>,
    kinds: BTreeMap<&'static str, Kind>,
}

#[derive(Debug)]
struct Kind {
    kept: usize,
    left_out: usize,
    first_left_out: usize,
}

impl Findings {
    fn add(&mut self, line: usize, code: &'static str, message: fmt::Arguments<'_>) {
        let kind =
            self.kinds.entry(code).or_insert(Kind { kept: 0, left_out: 0, first_left_out: usize::MAX });
        if kind.kept < MOST_OF_ONE && self.kept.len() < MOST {
            kind.kept += 1;
            self.kept.push(Finding { line, code, message: message.to_string() });
        } else {
            kind.left_out += 1;
            kind.first_left_out = kind.first_left_out.min(line);
        }
    }

    fn finish(mut self) -> Vec<Finding> {
        let left_out = self.kinds.iter().filter(|(_, kind)| kind.left_out > 0);
        let said = left_out.map(|(code, kind)| Finding {
            line: kind.first_left_out,
            code,
            message: format!("{} more of these from here on are not listed", kind.left_out),
        });
        self.kept.extend(said);
        self.kept.sort();
        self.kept
    }
}

/// A piece of the file in a message: on one line, at most 40 characters of it.
struct Shown<'a>(&'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut letters = self.0.chars();
        f.write_str("`")?;
        for letter in letters.by_ref().take(40) {
            match letter.is_control() || matches!(letter, '\u{2028}' | '\u{2029}') {
                true => write!(f, "{}", letter.escape_default())?,
                false => write!(f, "{letter}")?,
            }
        }
        f.write_str(if letters.next().is_some() { "…`" } else { "`" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<(usize, &'static str)> {
        lint(text.as_bytes()).into_iter().map(|finding| (finding.line, finding.code)).collect()
    }

    #[test]
    fn what_is_no_calendar_is_one_finding() {
        for text in ["", "<!DOCTYPE html>\n<html>\n", "BEGIN:VCARD\r\nEND:VCARD\r\n", "\r\n\r\n"] {
            assert_eq!(codes(text), [(1, "no-calendar")], "{text}");
        }
        assert_eq!(lint(&[0xff, 0xfe, 0x42, 0])[0].code, "no-calendar");
    }

    #[test]
    fn one_fault_in_a_loop_hides_no_other() {
        let mut text = String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n");
        text.push_str(&"Möte\r\n".repeat(5_000));
        text.push_str("END:VCALENDAR\r\n");
        let findings = lint(text.as_bytes());
        assert_eq!(findings.len(), MOST_OF_ONE + 3);
        for code in ["missing-prodid", "no-component"] {
            assert!(findings.iter().any(|f| f.code == code), "{code}");
        }
        let said = findings.iter().find(|f| f.message.starts_with("4900 more"));
        assert_eq!(said.map(|f| (f.line, f.code)), Some((103, "not-a-line")));
    }

    #[test]
    fn a_quotation_stays_on_its_line() {
        assert_eq!(Shown("a\nb\u{2028}").to_string(), "`a\\nb\\u{2028}`");
        assert_eq!(Shown(&"å".repeat(41)).to_string(), format!("`{}…`", "å".repeat(40)));
    }
}
