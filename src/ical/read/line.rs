//! One property: its name, parameters and value (RFC 5545, 3.1), and the text in it (3.3.11).

use ical::property::PropertyParser;

/// A longer name with parameters is read by its name alone. Thunderbird puts whole pages into a parameter, and the
/// parser looks for the line's end at each of them.
const LONGEST_HEAD: usize = 1_000;

/// A property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Property {
    /// The line of the file.
    pub line: usize,
    /// As it is written, still escaped.
    pub value: String,
    /// None if they could not be read.
    parameters: Option<Vec<(String, Vec<String>)>>,
}

impl Property {
    /// Whether its parameters could be read.
    pub fn is_sound(&self) -> bool {
        self.parameters.is_some()
    }

    /// The first value of a parameter, which is given in capitals.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().flatten().find(|(key, _)| key == name)?;
        found.1.first().map(|value| value.trim())
    }
}

/// A line in its parts: the name, what stands up to the colon, and the value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts<'a> {
    pub name: &'a str,
    head: &'a str,
    pub value: &'a str,
}

/// Takes a line apart. None if it isn't of the form NAME...:VALUE.
pub fn parts(line: &str) -> Option<Parts<'_>> {
    let line = line.trim_start_matches(['\u{feff}', ' ', '\t']);
    let name_end = line.find([';', ':'])?;
    let name = line[..name_end].trim_end();
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if name.is_empty() || !name.chars().all(is_name) {
        return None;
    }
    let mut quoted = false;
    let colon = line.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b':' && !quoted
    });
    // A quote that never ends hides every colon; then the first is meant.
    let colon = colon.or_else(|| line.find(':'))?;
    Some(Parts { name, head: &line[..colon], value: &line[colon + 1..] })
}

impl Parts<'_> {
    /// The whole property.
    ///
    /// The parser gets the line up to its value: it would take blanks from the value's end and colons from its start.
    pub fn property(&self, line: usize) -> Property {
        let parsed = || {
            let head = format!("{}:", self.head);
            let property = PropertyParser::from_reader(head.as_bytes()).next()?.ok()?;
            property.value.is_none().then(|| property.params.unwrap_or_default())
        };
        let parameters = if self.head.len() > LONGEST_HEAD { None } else { parsed() };
        Property { line, value: self.value.to_owned(), parameters }
    }
}

/// The text of a TEXT value. `\n` is a line break, and a backslash before other signs that servers escape is dropped;
/// before anything else it stays, since somebody forgot to escape it. Control characters are dropped.
pub fn unescape(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut letters = value.chars().peekable();
    while let Some(letter) = letters.next() {
        match (letter, letters.peek()) {
            ('\\', Some('n' | 'N')) => {
                letters.next();
                text.push('\n');
            }
            ('\\', Some('\\' | ';' | ',' | ':' | '"')) => text.extend(letters.next()),
            ('\u{85}' | '\u{2028}' | '\u{2029}', _) => text.push('\n'),
            (other, _) if other.is_control() && other != '\t' => {}
            (other, _) => text.push(other),
        }
    }
    text
}

/// Text of several lines without blank ends, cut off after `most` characters; none if nothing is left.
pub fn prose(value: &str, most: usize) -> Option<String> {
    let text = unescape(value);
    let text = text.trim();
    let end = text.char_indices().nth(most).map(|(at, _)| at);
    match end {
        _ if text.is_empty() => None,
        None => Some(text.to_owned()),
        Some(end) => Some(format!("{}…", text[..end].trim_end())),
    }
}

/// Text on one line, cut off after `most` characters; none if nothing is left.
pub fn single(value: &str, most: usize) -> Option<String> {
    let words = |text: String| text.split(['\n', '\t']).map(str::trim).collect::<Vec<_>>().join(" ");
    prose(value, most).map(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> (String, String, Option<String>) {
        let parts = parts(line).unwrap();
        let property = parts.property(1);
        (parts.name.to_owned(), property.value.clone(), property.parameter("TZID").map(str::to_owned))
    }

    #[test]
    fn names_parameters_and_values() {
        let of = |name: &str, value: &str, zone: Option<&str>| {
            (name.to_owned(), value.to_owned(), zone.map(str::to_owned))
        };
        assert_eq!(read("SUMMARY:RSL: möte "), of("SUMMARY", "RSL: möte ", None));
        assert_eq!(read("SUMMARY:::x"), of("SUMMARY", "::x", None));
        assert_eq!(read("X:"), of("X", "", None));
        assert_eq!(
            read("dtstart;tzid=Europe/Stockholm:20250401T090000"),
            of("dtstart", "20250401T090000", Some("Europe/Stockholm"))
        );
        let quoted = "DTSTART;X=a;TZID=\"(UTC+01:00) Bern; Rom, Wien\":20250401T090000";
        assert_eq!(read(quoted), of("DTSTART", "20250401T090000", Some("(UTC+01:00) Bern; Rom, Wien")));
    }

    #[test]
    fn what_is_no_property() {
        for line in ["", "Välkomna", "utan kolon; alls", ":värde", "två ord:x", "<html>", "Å:x", ";A=b:c"]
        {
            assert_eq!(parts(line), None, "{line}");
        }
    }

    #[test]
    fn parameters_that_cannot_be_read_leave_the_value() {
        for line in ["SUMMARY;X:Möte", "SUMMARY;=a:Möte", "SUMMARY;X=\"a:Möte", "SUMMARY;X=\"a\"b:Möte"] {
            let property = parts(line).unwrap().property(1);
            assert_eq!((property.value.as_str(), property.parameter("X")), ("Möte", None), "{line}");
            assert!(!property.is_sound(), "{line}");
        }
        let page = format!("DESCRIPTION;ALTREP=\"data:text/html,{}\":Möte", "<p>;:".repeat(1000));
        assert_eq!(parts(&page).unwrap().property(1).value, "Möte");
    }

    #[test]
    fn text_is_unescaped_and_forgiven() {
        // RFC 5545, 3.3.11
        let text = "Project XYZ Final Review\\nConference Room - 3B\\nCome Prepared.";
        assert_eq!(unescape(text), "Project XYZ Final Review\nConference Room - 3B\nCome Prepared.");
        assert_eq!(unescape(r"a\\b\; c\, d\N"), "a\\b; c, d\n");
        assert_eq!(unescape("kl\\: 9 \\\"X\\\" C:\\mapp \\"), "kl: 9 \"X\" C:\\mapp \\");
        assert_eq!(unescape("a\u{0}\u{b}b\u{2028}c"), "ab\nc");
        assert_eq!(single(" RSL\\n möte\t2 ", 400).unwrap(), "RSL möte 2");
        assert_eq!(prose("åäö", 2).unwrap(), "åä…");
        assert_eq!(prose(" \\n ", 2), None);
    }
}
