//! Numbers of cells as text.

use jiff::Span;
use jiff::civil::{Date, date};

/// What a number in a cell stands for, by its format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Format {
    /// Itself.
    #[default]
    Number,
    /// A share: 0.5 is 50%.
    Percent,
    /// A day.
    Day,
    /// A time of day.
    Time,
    /// A day and a time.
    Moment,
}

impl Format {
    /// The formats that no file spells out (ECMA-376, part 1, 18.8.30).
    pub fn built_in(number: u32) -> Self {
        match number {
            9 | 10 => Self::Percent,
            14..=17 | 27..=31 | 36 | 50..=54 | 57 | 58 => Self::Day,
            18..=21 | 32..=35 | 45 | 47 | 55 | 56 => Self::Time,
            22 => Self::Moment,
            _ => Self::Number,
        }
    }

    /// A format that a file spells out. Hours, minutes or seconds that go on counting past a day stay a number.
    pub fn of_code(code: &str) -> Self {
        let letters = bare(code);
        let has = |wanted: &[char]| letters.contains(wanted);
        if letters.contains("general") {
            return Self::Number;
        }
        match (has(&['y', 'd']), has(&['h', 's'])) {
            (true, true) => Self::Moment,
            (true, false) => Self::Day,
            (false, true) => Self::Time,
            (false, false) if has(&['m']) => Self::Day,
            (false, false) if has(&['%']) => Self::Percent,
            (false, false) => Self::Number,
        }
    }

    /// A number as it is written in a cell, as text: days as `2025-01-31`, times as `14:30`, with a decimal point,
    /// and at most the 15 digits that Excel shows. As it stands where it is no number, or no day that Excel knows.
    pub fn show(self, written: &str, from_1904: bool) -> String {
        let written = written.trim();
        let Some(value) = written.parse::<f64>().ok().filter(|v| v.is_finite()) else {
            return written.to_owned();
        };
        match self {
            Self::Number => plain(value),
            Self::Percent => format!("{}%", plain(value * 100.0)),
            Self::Day | Self::Time | Self::Moment => {
                self.moment(value, from_1904).unwrap_or_else(|| plain(value))
            }
        }
    }

    fn moment(self, value: f64, from_1904: bool) -> Option<String> {
        if !(0.0..2_958_466.0).contains(&value) {
            return None;
        }
        let mut days = value.floor();
        let mut seconds = ((value - days) * 86_400.0).round();
        if seconds >= 86_400.0 {
            (days, seconds) = (days + 1.0, 0.0);
        }
        #[expect(clippy::cast_possible_truncation, reason = "both are whole numbers below three millions")]
        let (days, seconds) = (days as i64, seconds as i64);
        let time = format!("{:02}:{:02}", seconds / 3600, seconds / 60 % 60);
        let time = if seconds % 60 == 0 { time } else { format!("{time}:{:02}", seconds % 60) };
        match self {
            Self::Time if days == 0 => Some(time),
            Self::Day => Some(day(days, from_1904)?.to_string()),
            _ if seconds == 0 => Some(day(days, from_1904)?.to_string()),
            _ => Some(format!("{} {time}", day(days, from_1904)?)),
        }
    }
}

/// The day with a number. Excel counts a 29 February 1900 that never was; before it, everything is a day later.
fn day(number: i64, from_1904: bool) -> Option<Date> {
    let start = match number {
        _ if from_1904 => date(1904, 1, 1),
        1..=59 => date(1899, 12, 31),
        61.. => date(1899, 12, 30),
        _ => return None,
    };
    start.checked_add(Span::new().try_days(number).ok()?).ok()
}

/// A number with at most 15 digits.
fn plain(value: f64) -> String {
    let rounded = format!("{value:.14e}").parse::<f64>().unwrap_or(value);
    // Zero has a sign, which nobody wants to read.
    if rounded == 0.0 { "0".to_owned() } else { rounded.to_string() }
}

/// The letters of a format's first section that stand for something: without quotations, escapes and brackets.
/// Nothing of one that counts hours, minutes or seconds on, past a day: `[h]:mm`.
fn bare(code: &str) -> String {
    let mut letters = code.chars();
    let mut bare = String::new();
    while let Some(letter) = letters.next() {
        match letter {
            ';' => break,
            '"' => while letters.next().is_some_and(|l| l != '"') {},
            '[' => {
                let inside: String = letters.by_ref().take_while(|l| *l != ']').collect();
                let counts_on =
                    ["h", "m", "s"].iter().any(|l| inside.to_lowercase().trim_start_matches(l).is_empty());
                if counts_on && !inside.is_empty() {
                    return String::new();
                }
            }
            '\\' | '_' | '*' => {
                letters.next();
            }
            letter => bare.extend(letter.to_lowercase()),
        }
    }
    bare
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_tell_days_from_numbers() {
        for (code, format) in [
            ("yyyy\\-mm\\-dd", Format::Day),
            ("[$-41D]d mmmm yyyy;@", Format::Day),
            ("mmm", Format::Day),
            ("hh:mm:ss", Format::Time),
            ("yyyy-mm-dd hh:mm", Format::Moment),
            ("General", Format::Number),
            ("0.00\" dagar\"", Format::Number),
            ("[Red]#,##0", Format::Number),
            ("0%", Format::Percent),
            ("[h]:mm", Format::Number),
            ("[HH]:MM", Format::Number),
            ("@", Format::Number),
        ] {
            assert_eq!(Format::of_code(code), format, "{code}");
        }
    }

    #[test]
    fn days_are_those_that_excel_shows() {
        let day = |value: &str| Format::Day.show(value, false);
        assert_eq!(day("45688"), "2025-01-31");
        assert_eq!(day("1"), "1900-01-01");
        assert_eq!(day("59"), "1900-02-28");
        assert_eq!(day("60"), "60");
        assert_eq!(day("61"), "1900-03-01");
        assert_eq!(day("2958465"), "9999-12-31");
        assert_eq!(day("2958466"), "2958466");
        assert_eq!(day("-1"), "-1");
        assert_eq!(Format::Day.show("44226", true), "2025-01-31");
        assert_eq!(Format::Moment.show("45688.604166666664", false), "2025-01-31 14:30");
        assert_eq!(Format::Moment.show("45688.99999999", false), "2025-02-01");
        assert_eq!(Format::Time.show("0.60434027777", false), "14:30:15");
    }

    #[test]
    fn numbers_have_the_digits_that_people_see() {
        let number = |value: &str| Format::Number.show(value, false);
        assert_eq!(number("0.30000000000000004"), "0.3");
        assert_eq!(number("2025"), "2025");
        assert_eq!(number("1.0"), "1");
        assert_eq!(number("-0"), "0");
        assert_eq!(number("1E3"), "1000");
        assert_eq!(number("NaN"), "NaN");
        assert_eq!(number("i går"), "i går");
        assert_eq!(Format::Percent.show("0.07", false), "7%");
    }

    proptest::proptest! {
        #[test]
        fn nothing_panics(code: String, value: f64, text: String) {
            let format = Format::of_code(&code);
            let _ = format.show(&value.to_string(), true);
            let _ = Format::Moment.show(&value.to_string(), false);
            let _ = Format::Moment.show(&text, false);
        }
    }
}
