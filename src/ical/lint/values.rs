//! The value of one property alone (RFC 5545, 3.3 and 3.8).

use super::content::Property;
use super::known::{self, Text};
use super::when::{self, Duration, Moment};
use super::{Findings, Shown, recurrence};

/// Judges a property's value; `component` is what it stands in.
pub fn check(property: &Property<'_>, component: &str, findings: &mut Findings) {
    let Property { line, name, value, is_broken, .. } = property;
    if *is_broken {
        return;
    }
    state_of_type(property, findings);
    if let Some(kind) = known::text(name) {
        text(property, kind, findings);
    }
    let mut bad = |fits: bool, expected: &str| {
        if !fits {
            let value = Shown(value);
            findings.add(
                *line,
                "bad-value",
                format_args!("{name} is {value}, but must be {expected} (RFC 5545, 3.8)"),
            );
        }
    };
    let is = |word: &str| value.eq_ignore_ascii_case(word);
    match &**name {
        "DTSTART" if matches!(component, "STANDARD" | "DAYLIGHT") => {
            let is_local = matches!(Moment::parse(value), Some(Moment::Local(_)));
            let fits = is_local && property.parameter("TZID").is_none();
            bad(fits, "a local time without TZID and `Z`: 19700329T020000");
        }
        "DTSTART" | "DTEND" | "DUE" | "RECURRENCE-ID" | "EXDATE" => when::check(property, findings),
        "RDATE" if !property.is_stated_as("PERIOD") => when::check(property, findings),
        "DTSTAMP" | "CREATED" | "LAST-MODIFIED" | "COMPLETED" | "ACKNOWLEDGED" => {
            when::check_utc(property, findings);
        }
        "TRIGGER" if property.is_stated_as("DATE-TIME") => when::check_utc(property, findings),
        "TRIGGER" => duration(property, false, findings),
        "DURATION" | "REFRESH-INTERVAL" | "X-PUBLISHED-TTL" => duration(property, true, findings),
        "RRULE" => {
            if let Some(wrong) = recurrence::wrong(value) {
                let rule = Shown(value);
                findings.add(
                    *line,
                    "bad-recurrence",
                    format_args!("RRULE {rule} can't be followed: {wrong} (RFC 5545, 3.3.10)"),
                );
            }
        }
        "STATUS" => status(property, component, findings),
        "URL" | "SOURCE" | "TZURL" | "ORGANIZER" | "ATTENDEE" => uri(property, findings),
        "VERSION" => bad(is("2.0"), "2.0"),
        "CALSCALE" => bad(is("GREGORIAN"), "GREGORIAN: programs know no other"),
        "TRANSP" => bad(is("OPAQUE") || is("TRANSPARENT"), "OPAQUE or TRANSPARENT"),
        "SEQUENCE" | "REPEAT" => bad(is_within(value, 0, i32::MAX), "a whole number from 0"),
        "PRIORITY" => bad(is_within(value, 0, 9), "from 0 to 9"),
        "PERCENT-COMPLETE" => bad(is_within(value, 0, 100), "from 0 to 100"),
        "TZOFFSETFROM" | "TZOFFSETTO" => bad(is_offset(value), "a sign, hours and minutes: +0100"),
        "GEO" => bad(is_place(value), "degrees north and east: 58.410807;15.621373"),
        _ => {}
    }
}

/// A value type that has no default must be stated (RFC 7986, 5).
fn state_of_type(property: &Property<'_>, findings: &mut Findings) {
    let Property { line, name, .. } = property;
    let types = known::stated_types(name);
    if let Some(first) = types.first()
        && !types.iter().any(|kind| property.is_stated_as(kind))
    {
        findings.add(
            *line,
            "value-type-missing",
            format_args!("{name} must say of what type it is: write {name};VALUE={first}: (RFC 7986, 5)"),
        );
    }
}

/// What must be escaped in a text is, and nothing else (RFC 5545, 3.3.11).
fn text(property: &Property<'_>, kind: Text, findings: &mut Findings) {
    let Property { line, name, value, .. } = property;
    if !value.contains(['\\', ';', ',']) {
        return;
    }
    let (mut bare, mut wrong) = (None, None);
    let mut letters = value.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('\\' | ';' | ',' | 'n' | 'N') => {}
                other => wrong = wrong.or(Some(other)),
            },
            ';' => bare = bare.or(Some(';')),
            ',' if kind == Text::One => bare = bare.or(Some(',')),
            _ => {}
        }
    }
    if let Some(bare) = bare {
        findings.add(
            *line,
            "unescaped",
            format_args!(
                "the text of {name}, {}, has a bare `{bare}`: write `\\{bare}` (RFC 5545, 3.3.11)",
                Shown(value)
            ),
        );
    }
    if let Some(after) = wrong {
        let after =
            after.map_or("nothing".to_owned(), |letter| Shown(letter.encode_utf8(&mut [0; 4])).to_string());
        findings.add(
            *line,
            "bad-escape",
            format_args!(
                "the text of {name} has a backslash before {after}, but only `\\\\`, `\\;`, `\\,` and `\\n` are \
                 escapes: write a backslash as two (RFC 5545, 3.3.11)"
            ),
        );
    }
}

fn duration(property: &Property<'_>, positive: bool, findings: &mut Findings) {
    let Property { line, name, value, .. } = property;
    let what = match Duration::parse(value) {
        Some(duration) if positive && !duration.is_positive => "but must be longer than nothing",
        Some(_) => return,
        None => "which is no duration: write P1D, PT12H or P2W, with hours and minutes after a `T`",
    };
    findings.add(*line, "bad-duration", format_args!("{name} is {}, {what} (RFC 5545, 3.3.6)", Shown(value)));
}

fn status(property: &Property<'_>, component: &str, findings: &mut Findings) {
    let Property { line, value, .. } = property;
    let known = known::statuses(component);
    if !known.is_empty() && !known.iter().any(|status| value.eq_ignore_ascii_case(status)) {
        findings.add(
            *line,
            "bad-status",
            format_args!(
                "STATUS is {}, but a {component} is {} (RFC 5545, 3.8.1.11)",
                Shown(value),
                known.join(", ")
            ),
        );
    }
}

/// A scheme, and no blanks: more is for whoever fetches it.
fn uri(property: &Property<'_>, findings: &mut Findings) {
    let Property { line, name, value, .. } = property;
    let is_scheme = |text: &str| {
        let of_scheme = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
        text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.bytes().all(of_scheme)
    };
    let has_scheme = value.split_once(':').is_some_and(|(scheme, _)| is_scheme(scheme));
    if !has_scheme || value.contains(char::is_whitespace) {
        findings.add(
            *line,
            "bad-uri",
            format_args!(
                "{name} is {}, which is no address: it begins with https: or mailto: and has no blanks (RFC 5545, 3.3.13)",
                Shown(value)
            ),
        );
    }
}

fn is_within(value: &str, least: i32, most: i32) -> bool {
    value.parse().is_ok_and(|number: i32| (least..=most).contains(&number))
}

/// `+0100`, or `+010012` as zones of the nineteenth century have it (RFC 5545, 3.3.14).
fn is_offset(value: &str) -> bool {
    let digits = value.strip_prefix(['+', '-']).filter(|digits| matches!(digits.len(), 4 | 6));
    let Some(digits) = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit())) else {
        return false;
    };
    let below =
        |at: usize, most: u8| digits.get(at..at + 2).is_none_or(|n| n.parse().is_ok_and(|n: u8| n < most));
    let is_nothing = digits.bytes().all(|byte| byte == b'0');
    below(0, 24) && below(2, 60) && below(4, 60) && !(is_nothing && value.starts_with('-'))
}

fn is_place(value: &str) -> bool {
    let within = |text: &str, most: f64| text.parse().is_ok_and(|degrees: f64| degrees.abs() <= most);
    value.split_once(';').is_some_and(|(north, east)| within(north, 90.0) && within(east, 180.0))
}
