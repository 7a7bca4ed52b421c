//! Content lines: escaped, folded, ended by CRLF (RFC 5545, sections 3.1 and 3.3.11).

use std::borrow::Cow;

/// The most octets that a line may have, its leading space counted and its CRLF not (RFC 5545, 3.1).
pub const LONGEST: usize = 75;

/// A calendar being written, line by line.
#[derive(Debug, Default)]
pub struct Lines {
    bytes: Vec<u8>,
}

impl Lines {
    /// Writes free text, escaped. `head` is the property's name with its parameters.
    pub fn text(&mut self, head: &str, text: &str) {
        self.value(head, &escape(text));
    }

    /// Writes several texts as one list: only the commas between them stay unescaped.
    pub fn texts(&mut self, head: &str, texts: &[String]) {
        let escaped: Vec<_> = texts.iter().map(|text| escape(text)).collect();
        self.value(head, &escaped.join(","));
    }

    /// Writes an address. Blanks and control characters, which no address holds, are dropped.
    pub fn address(&mut self, head: &str, url: &str) {
        let url: String = url.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
        self.value(head, &url);
    }

    /// Writes a value that needs no escaping: a date, a number, a word of the standard.
    ///
    /// A control character in it would start a line of its own, so none gets through.
    pub fn value(&mut self, head: &str, value: &str) {
        let mut line = String::with_capacity(head.len() + 1 + value.len());
        line.extend(head.chars().chain([':']).chain(value.chars()).filter(|c| *c == '\t' || !c.is_control()));
        fold(&line, &mut self.bytes);
    }

    /// What has been written.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// Escapes a TEXT value. Every kind of line break becomes `\n`; other control characters are dropped.
///
/// The separators U+2028, U+2029 and U+0085 count as line breaks: readers that split with Unicode's rules
/// (Python's `splitlines`) would otherwise see half a line.
#[must_use]
pub fn escape(text: &str) -> Cow<'_, str> {
    let plain = |c: char| !matches!(c, '\\' | ';' | ',' | '\u{2028}' | '\u{2029}') && !c.is_control();
    if text.chars().all(plain) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' | ';' | ',' => escaped.extend(['\\', letter]),
            '\r' => {
                letters.next_if_eq(&'\n');
                escaped.push_str("\\n");
            }
            '\n' | '\u{85}' | '\u{2028}' | '\u{2029}' => escaped.push_str("\\n"),
            '\t' => escaped.push('\t'),
            other if other.is_control() => {}
            other => escaped.push(other),
        }
    }
    Cow::Owned(escaped)
}

/// Folds one logical line into physical ones and ends it.
///
/// A line is never cut inside a character, which the standard permits and readers don't survive. Nor is it
/// cut beside a blank where that can be helped: widespread parsers trim each physical line, and the blank
/// would be gone.
fn fold(line: &str, bytes: &mut Vec<u8>) {
    let mut rest = line;
    let mut room = LONGEST;
    while rest.len() > room {
        let (start, end) = rest.split_at(cut(rest, room));
        bytes.extend_from_slice(start.as_bytes());
        bytes.extend_from_slice(b"\r\n ");
        rest = end;
        room = LONGEST - 1;
    }
    bytes.extend_from_slice(rest.as_bytes());
    bytes.extend_from_slice(b"\r\n");
}

/// Where to cut a line that is longer than `room`: at most `room` octets in, and at least one character.
fn cut(line: &str, room: usize) -> usize {
    let furthest = line.floor_char_boundary(room);
    let beside_blank =
        |at: usize| line[..at].ends_with(char::is_whitespace) || line[at..].starts_with(char::is_whitespace);
    let nearest = furthest / 2;
    let mut at = furthest;
    while at > nearest && (beside_blank(at) || !line.is_char_boundary(at)) {
        at = line.floor_char_boundary(at - 1);
    }
    if at > nearest { at } else { furthest }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(head: &str, text: &str) -> String {
        let mut lines = Lines::default();
        lines.text(head, text);
        String::from_utf8(lines.into_bytes()).unwrap()
    }

    #[test]
    fn the_standards_example_of_escaping() {
        // RFC 5545, 3.3.11
        let text = "Project XYZ Final Review\nConference Room - 3B\nCome Prepared.";
        let line = "Project XYZ Final Review\\nConference Room - 3B\\nCome Prepared.";
        assert_eq!(escape(text), line);
        assert_eq!(escape(r"a\b; c, d"), r"a\\b\; c\, d");
        assert_eq!(escape("Elite Stadshotellet, Västerås"), "Elite Stadshotellet\\, Västerås");
    }

    #[test]
    fn the_standards_example_of_folding_reads_back() {
        // RFC 5545, 3.1: the same line, folded where it must be
        let text = "This is a long description that exists on a long line.";
        assert_eq!(written("DESCRIPTION", text), format!("DESCRIPTION:{text}\r\n"));
        let long = text.repeat(3);
        let folded = written("DESCRIPTION", &long);
        assert!(folded.lines().all(|line| line.len() <= LONGEST));
        assert_eq!(folded.replace("\r\n ", ""), format!("DESCRIPTION:{long}\r\n"));
    }

    #[test]
    fn a_line_of_75_octets_stays_whole_and_one_of_76_does_not() {
        let whole = written("X", &"a".repeat(LONGEST - 2));
        assert_eq!(whole.matches("\r\n").count(), 1);
        let folded = written("X", &"a".repeat(LONGEST - 1));
        assert_eq!(folded, format!("X:{}\r\n a\r\n", "a".repeat(LONGEST - 2)));
    }

    #[test]
    fn no_letter_is_split() {
        for start in 0..4 {
            let folded = written("X", &format!("{}{}", "a".repeat(start), "åäö🙂".repeat(40)));
            assert!(folded.split("\r\n").all(|line| line.len() <= LONGEST), "{folded}");
        }
    }

    #[test]
    fn a_blank_is_kept_from_the_folds() {
        let folded = written("SUMMARY", &"Nationella remisser ".repeat(20));
        assert!(folded.split("\r\n ").all(|line| !line.ends_with(' ') && !line.starts_with(' ')), "{folded}");
        let blanks = written("SUMMARY", &" ".repeat(200));
        assert_eq!(blanks.replace("\r\n ", ""), format!("SUMMARY:{}\r\n", " ".repeat(200)));
    }

    #[test]
    fn nothing_starts_a_line_of_its_own() {
        let text = "a\r\nEVIL:1\rEVIL:2\nEVIL:3\u{85}EVIL:4\u{2028}EVIL:5\u{0}\u{b}\u{1b}";
        assert_eq!(written("X", text), "X:a\\nEVIL:1\\nEVIL:2\\nEVIL:3\\nEVIL:4\\nEVIL:5\r\n");
        let mut lines = Lines::default();
        lines.address("URL", "https://example.org/a b\r\nEVIL:1");
        lines.value("STATUS\r\nEVIL", "X\nEVIL:1");
        let written = String::from_utf8(lines.into_bytes()).unwrap();
        assert_eq!(written, "URL:https://example.org/abEVIL:1\r\nSTATUSEVIL:XEVIL:1\r\n");
    }

    #[test]
    fn a_list_keeps_its_own_commas() {
        let mut lines = Lines::default();
        lines.texts("CATEGORIES", &["RSL".into(), "Möten, övriga".into()]);
        assert_eq!(lines.into_bytes(), "CATEGORIES:RSL,Möten\\, övriga\r\n".as_bytes());
    }
}
