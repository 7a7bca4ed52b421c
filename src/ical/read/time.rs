//! Dates, times and durations as they are written (RFC 5545, 3.3.4 to 3.3.6), and as some servers write them.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

/// A value of DATE or DATE-TIME.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    Date(Date),
    /// On the clocks of the value's zone.
    Local(DateTime),
    Instant(Timestamp),
}

/// A date or a date with a time. Besides the standard's forms: dashes and colons, no seconds, 24:00, a lower-case t and
/// z, an offset in the place of the Z, and a blank in that of the T.
pub fn written(text: &str) -> Option<Written> {
    let text = text.trim();
    if !text.is_ascii() || text.len() > 40 {
        return None;
    }
    let (day, rest) = match text.split_once(['T', 't', ' ']) {
        Some((day, rest)) => (day, Some(rest)),
        None => (text, None),
    };
    let day = date(day)?;
    let Some(rest) = rest else { return Some(Written::Date(day)) };
    let zone_at = rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len());
    let (clock, zone) = rest.split_at(zone_at);
    let local = at(day, clock)?;
    match zone {
        "" => Some(Written::Local(local)),
        "Z" | "z" => instant(Offset::UTC, local),
        _ => instant(offset(zone)?, local),
    }
}

fn instant(offset: Offset, local: DateTime) -> Option<Written> {
    offset.to_timestamp(local).ok().map(Written::Instant)
}

fn date(text: &str) -> Option<Date> {
    let digits = digits(text, '-')?;
    if digits.len() != 8 {
        return None;
    }
    Date::new(digits[..4].parse().ok()?, digits[4..6].parse().ok()?, digits[6..].parse().ok()?).ok()
}

/// A time of day on a date. 24:00 is the next midnight, and a leap second is the one before it.
fn at(day: Date, text: &str) -> Option<DateTime> {
    let digits = digits(text.split('.').next()?, ':')?;
    let (hour, minute, second) = match digits.len() {
        4 => (&digits[..2], &digits[2..], "0"),
        6 => (&digits[..2], &digits[2..4], &digits[4..]),
        _ => return None,
    };
    let (hour, minute, second): (i8, i8, i8) =
        (hour.parse().ok()?, minute.parse().ok()?, second.parse().ok()?);
    if (hour, minute, second) == (24, 0, 0) {
        return day.tomorrow().ok().map(|next| next.to_datetime(Time::midnight()));
    }
    Time::new(hour, minute, second.min(59), 0).ok().map(|time| day.to_datetime(time))
}

/// The digits of a text that holds nothing else but separators.
fn digits(text: &str, separator: char) -> Option<String> {
    let digits: String = text.trim().chars().filter(|c| *c != separator).collect();
    digits.bytes().all(|b| b.is_ascii_digit()).then_some(digits)
}

/// An offset from UTC: `+0100`, `-05:30`, `+01`, `+011234`.
pub fn offset(text: &str) -> Option<Offset> {
    let text = text.trim();
    let sign = match text.bytes().next()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let digits = digits(&text[1..], ':')?;
    let part = |from: usize| digits.get(from..from + 2).map_or(Some(0), |two| two.parse::<i32>().ok());
    if !matches!(digits.len(), 2 | 4 | 6) {
        return None;
    }
    Offset::from_seconds(sign * (part(0)? * 3600 + part(2)? * 60 + part(4)?)).ok()
}

/// A duration: whole days, and what remains. Negative ones are understood. A T that is missing is forgiven (`P12H`).
pub fn duration(text: &str) -> Option<(i32, SignedDuration)> {
    let text = text.trim().to_ascii_uppercase();
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(&text)),
    };
    let mut number: Option<i32> = None;
    let (mut days, mut seconds) = (0_i32, 0_i64);
    for letter in rest.strip_prefix('P')?.chars() {
        if let Some(digit) = letter.to_digit(10) {
            number = Some(number.unwrap_or(0).checked_mul(10)?.checked_add(i32::try_from(digit).ok()?)?);
            continue;
        }
        if letter == 'T' && number.is_none() {
            continue;
        }
        let amount = number.take()?;
        match letter {
            'W' => days = days.checked_add(amount.checked_mul(7)?)?,
            'D' => days = days.checked_add(amount)?,
            'H' => seconds += i64::from(amount) * 3600,
            'M' => seconds += i64::from(amount) * 60,
            'S' => seconds += i64::from(amount),
            _ => return None,
        }
    }
    let some = rest.bytes().any(|b| b.is_ascii_digit());
    (number.is_none() && some).then(|| (sign * days, SignedDuration::from_secs(i64::from(sign) * seconds)))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn dates_and_times_as_they_are_written() {
        let nine = date(2025, 4, 1).at(9, 0, 0, 0);
        let moment = |text: &str| Some(Written::Instant(text.parse().unwrap()));
        for (text, wanted) in [
            ("20250401", Some(Written::Date(date(2025, 4, 1)))),
            (" 2025-04-01 ", Some(Written::Date(date(2025, 4, 1)))),
            ("20250401T090000", Some(Written::Local(nine))),
            ("2025-04-01T09:00:00", Some(Written::Local(nine))),
            ("2025-04-01 09:00", Some(Written::Local(nine))),
            ("20250401T0900", Some(Written::Local(nine))),
            ("20250401T090000.000", Some(Written::Local(nine))),
            ("20250331T240000", Some(Written::Local(date(2025, 4, 1).at(0, 0, 0, 0)))),
            ("20161231T235960Z", moment("2016-12-31T23:59:59Z")),
            ("20250401t070000z", moment("2025-04-01T07:00:00Z")),
            ("20250401T090000+0200", moment("2025-04-01T07:00:00Z")),
            ("20250401T090000.000Z", moment("2025-04-01T09:00:00Z")),
            ("20250229", None),
            ("20250401T", None),
            ("20250401T250000", None),
            ("20250401T09", None),
            ("", None),
            ("i morgon", None),
            ("2025040å", None),
            ("+2250401", None),
        ] {
            assert_eq!(written(text), wanted, "{text}");
        }
    }

    #[test]
    fn durations_as_they_are_written() {
        let of = |days, seconds| Some((days, SignedDuration::from_secs(seconds)));
        // The first two are RFC 5545, 3.3.6.
        for (text, wanted) in [
            ("P15DT5H0M20S", of(15, 18_020)),
            ("P7W", of(49, 0)),
            ("PT1H30M", of(0, 5400)),
            ("P1D", of(1, 0)),
            ("+pt15m", of(0, 900)),
            ("-PT15M", of(0, -900)),
            ("P12H", of(0, 43_200)),
            ("PT0S", of(0, 0)),
            ("P", None),
            ("PT", None),
            ("1H", None),
            ("PT5", None),
            ("P99999999999D", None),
            ("P999999999W", None),
            ("PTH", None),
        ] {
            assert_eq!(duration(text), wanted, "{text}");
        }
    }

    #[test]
    fn offsets() {
        let seconds = |text: &str| offset(text).map(Offset::seconds);
        assert_eq!(
            (seconds("+0100"), seconds("-05:30"), seconds("+01")),
            (Some(3600), Some(-19_800), Some(3600))
        );
        assert_eq!(
            (seconds("+011234"), seconds("0100"), seconds("+1"), seconds("+9999")),
            (Some(4354), None, None, None)
        );
        assert_eq!((seconds(""), seconds("+"), seconds("å")), (None, None, None));
    }
}
