//! Physical lines: how they end, how long they are, what they are made of, and how they are folded.

use std::borrow::Cow;

use super::{Findings, Shown};
use crate::ical::lines::LONGEST;

/// A line with its continuations.
#[derive(Debug)]
pub struct Logical<'a> {
    /// Where it begins.
    pub line: usize,
    /// Unfolded; what isn't UTF-8 is replaced.
    pub text: Cow<'a, str>,
}

/// The logical lines of a file (RFC 5545, 3.1).
pub fn unfold<'a>(bytes: &'a [u8], findings: &mut Findings) -> Vec<Logical<'a>> {
    let bytes = match bytes.strip_prefix(b"\xef\xbb\xbf") {
        Some(rest) => {
            let said = "the file begins with a byte order mark: leave it out, many parsers take it for text";
            findings.add(1, "bom", format_args!("{said}"));
            rest
        }
        None => bytes,
    };
    let mut ends = Ends::default();
    let mut unfolded = Vec::new();
    // The lines of the logical line under way: their numbers and their octets without the fold's blank.
    let mut parts: Vec<(usize, &[u8])> = Vec::new();
    for (index, line) in bytes.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let number = index + 1;
        let line = ends.strip(number, line);
        look_at(number, line, findings);
        match line {
            [] => {
                let said = "the line is empty, which no calendar line may be: leave it out (RFC 5545, 3.1)";
                findings.add(number, "empty-line", format_args!("{said}"));
                unfolded.extend(join(&mut parts, findings));
            }
            [b' ' | b'\t', _rest @ ..] if parts.is_empty() => findings.add(
                number,
                "stray-fold",
                format_args!("the line continues one that isn't there: begin it with a property's name"),
            ),
            [b' ' | b'\t', rest @ ..] => parts.push((number, rest)),
            _ => {
                unfolded.extend(join(&mut parts, findings));
                parts.push((number, line));
            }
        }
    }
    unfolded.extend(join(&mut parts, findings));
    ends.report(findings);
    unfolded
}

/// How the lines of a file end. Said once for the file: it is one fault, of whoever wrote it.
#[derive(Debug, Default)]
struct Ends {
    lines: usize,
    bare: usize,
    first_bare: usize,
    /// The last line, if nothing ends it.
    open: Option<usize>,
}

impl Ends {
    /// The line without what ends it.
    fn strip<'a>(&mut self, number: usize, line: &'a [u8]) -> &'a [u8] {
        self.lines += 1;
        let Some(line) = line.strip_suffix(b"\n") else {
            self.open = Some(number);
            return line;
        };
        line.strip_suffix(b"\r").unwrap_or_else(|| {
            self.bare += 1;
            if self.bare == 1 {
                self.first_bare = number;
            }
            line
        })
    }

    fn report(&self, findings: &mut Findings) {
        let Self { lines, bare, first_bare, open } = self;
        if *bare > 0 {
            findings.add(
                *first_bare,
                "line-end",
                format_args!(
                    "{bare} of {lines} lines end with a line feed alone, from here on: end every line with carriage \
                     return and line feed (RFC 5545, 3.1)"
                ),
            );
        }
        if let Some(number) = open {
            let said = "the last line isn't ended, as if the file were cut off: end it with carriage return and line feed";
            findings.add(*number, "line-end", format_args!("{said}"));
        }
    }
}

/// What can be said of a physical line alone.
fn look_at(number: usize, line: &[u8], findings: &mut Findings) {
    if line.len() > LONGEST {
        findings.add(
            number,
            "long-line",
            format_args!(
                "the line has {} octets, more than {LONGEST}: fold it, which is CRLF and a blank (RFC 5545, 3.1)",
                line.len()
            ),
        );
    }
    // The grammar's CONTROL: all below the blank but the tabulator, and DEL.
    let control = |byte: &&u8| (**byte < b' ' && **byte != b'\t') || **byte == 0x7f;
    match line.iter().find(control) {
        None => {}
        Some(b'\r') => {
            let said =
                "a carriage return stands in the line: in a text write it as \\n (RFC 5545, 3.1, 3.3.11)";
            findings.add(number, "control-character", format_args!("{said}"));
        }
        Some(byte) => findings.add(
            number,
            "control-character",
            format_args!(
                "the control character 0x{byte:02X} stands in the line: leave it out (RFC 5545, 3.1)"
            ),
        ),
    }
}

/// Makes one line of its parts, which are then gone; none of none.
fn join<'a>(parts: &mut Vec<(usize, &'a [u8])>, findings: &mut Findings) -> Option<Logical<'a>> {
    let line = parts.first()?.0;
    let text = match parts.as_slice() {
        [(_, bytes)] => match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => lossy(bytes, parts, findings),
        },
        _ => match String::from_utf8(octets(parts)) {
            Ok(text) => {
                report_cuts(&text, parts, findings);
                Cow::Owned(text)
            }
            Err(error) => lossy(error.as_bytes(), parts, findings),
        },
    };
    if !text.is_ascii()
        && let Some(at) = text.find(['\u{85}', '\u{2028}', '\u{2029}'])
    {
        let said = text[at..].chars().next().map_or(0, u32::from);
        findings.add(
            part_at(at, parts),
            "line-separator",
            format_args!(
                "some readers end the line at the character U+{said:04X}: in a text write \\n instead"
            ),
        );
    }
    parts.clear();
    Some(Logical { line, text })
}

fn octets(parts: &[(usize, &[u8])]) -> Vec<u8> {
    parts.iter().flat_map(|(_, bytes)| bytes.iter().copied()).collect()
}

/// A line that isn't UTF-8 (RFC 5545, 3.1.4).
fn lossy(bytes: &[u8], parts: &[(usize, &[u8])], findings: &mut Findings) -> Cow<'static, str> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let at = std::str::from_utf8(bytes).err().map_or(0, |error| error.valid_up_to());
    let start = text.floor_char_boundary(at.saturating_sub(10));
    findings.add(
        part_at(at, parts),
        "not-utf8",
        format_args!(
            "the line is not UTF-8, near {}: write the file as UTF-8 (RFC 5545, 3.1.4)",
            Shown(&text[start..])
        ),
    );
    Cow::Owned(text)
}

/// The folds that cut a character: the standard permits them, but parsers that decode line by line fail.
fn report_cuts(text: &str, parts: &[(usize, &[u8])], findings: &mut Findings) {
    let mut end = 0;
    for (number, bytes) in parts {
        end += bytes.len();
        if !text.is_char_boundary(end) {
            let letter = text[text.floor_char_boundary(end)..].chars().next().unwrap_or_default();
            findings.add(
                *number,
                "fold-in-character",
                format_args!("the fold at the end of the line cuts the letter `{letter}`: fold before it"),
            );
        }
    }
}

/// The number of the line that holds the octet `at` of a logical line.
fn part_at(at: usize, parts: &[(usize, &[u8])]) -> usize {
    let mut end = 0;
    let holds = |(_, bytes): &&(usize, &[u8])| {
        end += bytes.len();
        at < end
    };
    parts.iter().find(holds).or(parts.last()).map_or(1, |(number, _)| *number)
}
