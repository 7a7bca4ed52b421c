//! Content lines: a property's name, its parameters and its value (RFC 5545, 3.1 and 3.2).

use std::borrow::Cow;

use super::{Findings, Shown};

/// A property as it stands in the file.
#[derive(Debug)]
pub struct Property<'a> {
    /// Where it begins.
    pub line: usize,
    /// In capitals.
    pub name: Cow<'a, str>,
    /// Names in capitals with their values.
    parameters: Vec<(Cow<'a, str>, &'a str)>,
    /// What follows the colon.
    pub value: &'a str,
    /// Its parameters can't be read, so nothing can be said of its value.
    pub is_broken: bool,
}

impl<'a> Property<'a> {
    /// The value of a parameter that has one value, without quotes.
    pub fn parameter(&self, name: &str) -> Option<&'a str> {
        self.parameters.iter().find(|(own, _)| own == name).map(|(_, value)| value.trim_matches('"'))
    }

    /// Whether its value type is stated to be `kind`.
    pub fn is_stated_as(&self, kind: &str) -> bool {
        self.parameter("VALUE").is_some_and(|value| value.eq_ignore_ascii_case(kind))
    }
}

/// Takes a logical line apart; nothing if it is none.
pub fn parse<'a>(line: usize, text: &'a str, findings: &mut Findings) -> Option<Property<'a>> {
    let named = text.find([':', ';']).map(|end| text.split_at(end)).filter(|(name, _)| is_name(name));
    let Some((name, mut rest)) = named else {
        findings.add(
            line,
            "not-a-line",
            format_args!(
                "{} is no property, which is a name, `:` and a value; a line break within a text is written \\n \
                 (RFC 5545, 3.1, 3.3.11)",
                Shown(text)
            ),
        );
        return None;
    };
    let mut parameters = Vec::new();
    let mut is_broken = false;
    while let Some(after) = rest.strip_prefix(';') {
        match parameter(after) {
            Some((name, value, left)) => {
                parameters.push((capitals(name), value));
                rest = left;
            }
            None => {
                findings.add(
                    line,
                    "bad-parameter",
                    format_args!(
                        "{name} has the parameter {}, but a parameter is `NAME=value`, in double quotes if it has a \
                         colon, semicolon or comma (RFC 5545, 3.2)",
                        Shown(after)
                    ),
                );
                is_broken = true;
                rest = after.find(':').map_or("", |at| &after[at..]);
            }
        }
    }
    let value = rest.strip_prefix(':').unwrap_or_default();
    Some(Property { line, name: capitals(name), parameters, value, is_broken })
}

/// Reads `NAME=value`, and gives what follows, which begins with `;` or `:`.
fn parameter(text: &str) -> Option<(&str, &str, &str)> {
    let (name, start) = text.split_once('=').filter(|(name, _)| is_name(name))?;
    let mut rest = start;
    loop {
        rest = match rest.strip_prefix('"') {
            Some(quoted) => &quoted[quoted.find('"')? + 1..],
            None => {
                let (plain, after) = rest.split_at(rest.find([',', ';', ':'])?);
                if plain.contains('"') {
                    return None;
                }
                after
            }
        };
        match rest.strip_prefix(',') {
            Some(next) => rest = next,
            None => break,
        }
    }
    let value = &start[..start.len() - rest.len()];
    rest.starts_with([';', ':']).then_some((name, value, rest))
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Names don't tell capitals from small letters (RFC 5545, 2).
pub fn capitals(text: &str) -> Cow<'_, str> {
    match text.bytes().any(|byte| byte.is_ascii_lowercase()) {
        true => Cow::Owned(text.to_ascii_uppercase()),
        false => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Property<'_>> {
        parse(1, text, &mut Findings::default()).filter(|property| !property.is_broken)
    }

    #[test]
    fn a_line_is_a_name_parameters_and_a_value() {
        let read = read("dtstart;tzid=\"Europe/Stockholm\";X-A=1,\"2;:\",3:20250212T090000:x").unwrap();
        assert_eq!((&*read.name, read.value), ("DTSTART", "20250212T090000:x"));
        assert_eq!(read.parameter("TZID"), Some("Europe/Stockholm"));
        assert_eq!(read.parameter("X-A"), Some("1,\"2;:\",3"));
    }

    #[test]
    fn what_is_none_is_told_apart() {
        for text in [
            "",
            "Möte",
            ":x",
            "SUMMARY",
            "A B:c",
            "Å:x",
            "A;B:c",
            "A;B=\"c:d",
            "A;B=c",
            "A;=c:d",
            "A;B=c\"d\":e",
        ] {
            assert!(read(text).is_none(), "{text}");
        }
        assert!(read("A;B=:c").is_some() && read("A:").is_some());
    }
}
