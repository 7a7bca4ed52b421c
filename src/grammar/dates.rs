//! Dates: TOML's own, and what people write instead of them.
//!
//! A date without a year is refused, never guessed: the advice names the weekday in the years around the ones
//! that the file is about, which is mostly enough for a human to tell. Quoted ISO dates are taken as well, since
//! the JSON that editors check can't tell them from bare ones.

use std::ops::RangeInclusive;

use jiff::civil::{Date, DateTime, Weekday};
use toml::value::Datetime;

use super::form::Trouble;
use super::node::Content;
use crate::calendar::MonthDay;

/// The years that a file may name. Others are slips of the pen.
pub(super) const YEARS: RangeInclusive<i16> = 1990..=2199;

/// What the pattern of a date is to editors.
pub(super) const DATE_PATTERN: &str = concat!(
    "^",
    "(199[0-9]|2[01][0-9]{2})-",
    "((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|",
    "(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|[12][0-9]))",
    "$"
);

/// What the pattern of a date with a time is to editors.
pub(super) const TIME_PATTERN: &str = concat!(
    "^",
    "(199[0-9]|2[01][0-9]{2})-",
    "((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|",
    "(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|[12][0-9]))",
    "T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"
);

/// A year to speak of in advice for a file that names none: the one of the årshjul that ships.
const SOME_YEAR: i16 = 2025;

/// A day, with a time or without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrTime {
    /// A whole day.
    Day(Date),
    /// A time of a day.
    Time(DateTime),
}

/// Where a date stands, for its advice.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    /// A time is allowed.
    pub times: bool,
    /// The keys for a first and a last day, where a table may stand instead or does.
    pub span: Option<(&'a str, &'a str)>,
    /// The date already stands in such a table.
    pub inside: bool,
    /// The newest year that the file names.
    pub year: Option<i16>,
}

/// Reads a date or a date with a time. `None` for another type.
pub(super) fn read(value: &Content, asked: Asked<'_>) -> Option<Result<DateOrTime, (&'static str, Trouble)>> {
    let parsed = match value {
        Content::Date(datetime) if datetime.date.is_none() => return None,
        Content::Date(datetime) => of_toml(*datetime),
        Content::Text(text) => of_text(text, asked),
        _ => return None,
    };
    Some(parsed.and_then(|moment| in_range(moment, asked)))
}

fn in_range(moment: DateOrTime, asked: Asked<'_>) -> Result<DateOrTime, (&'static str, Trouble)> {
    let date = match moment {
        DateOrTime::Day(date) => date,
        DateOrTime::Time(time) if asked.times => time.date(),
        DateOrTime::Time(time) => {
            let advice = match asked.span {
                Some((start, end)) if !asked.inside => {
                    format!("write `{{ {start} = {time}, {end} = {}T... }}`", time.date())
                }
                _ => format!("write the day alone: `{}`", time.date()),
            };
            return Err(("wrong-type", Trouble::new(format!("`{time}` has a time"), advice)));
        }
    };
    if YEARS.contains(&date.year()) {
        return Ok(moment);
    }
    let advice = format!("write a year from {} to {}", YEARS.start(), YEARS.end());
    Err(("out-of-range", Trouble::new(format!("the year of `{date}` is out of range"), advice)))
}

fn of_toml(datetime: Datetime) -> Result<DateOrTime, (&'static str, Trouble)> {
    if datetime.offset.is_some() {
        let message = format!("`{datetime}` has a time zone");
        return Err(("bad-date", Trouble::new(message, "write local time, without it")));
    }
    of_iso(&datetime.to_string()).ok_or_else(|| {
        let advice = "write a date such as `2025-02-12`, or `2025-02-12T13:00:00`";
        ("bad-date", Trouble::new(format!("there is no `{datetime}`"), advice))
    })
}

/// `YYYY-MM-DD`, or with `Thh:mm` or `Thh:mm:ss` after it.
fn of_iso(text: &str) -> Option<DateOrTime> {
    let (day, time) = match text.split_once('T') {
        Some((day, time)) => (day, Some(time)),
        None => (text, None),
    };
    let number = |text: &str, digits: usize| {
        let plain = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| text.parse::<i16>().ok()).flatten()
    };
    let small = |text: &str| number(text, 2).and_then(|n| i8::try_from(n).ok());
    let (year, rest) = day.split_once('-')?;
    let (month, day) = rest.split_once('-')?;
    let date = Date::new(number(year, 4)?, small(month)?, small(day)?).ok()?;
    let Some(time) = time else { return Some(DateOrTime::Day(date)) };
    let mut parts = time.split(':');
    let (hour, minute) = (small(parts.next()?)?, small(parts.next()?)?);
    let second = parts.next().map_or(Some(0), small)?;
    if parts.next().is_some() {
        return None;
    }
    let time = jiff::civil::Time::new(hour, minute, second, 0).ok()?;
    Some(DateOrTime::Time(date.to_datetime(time)))
}

/// What is wrong with a text that is some day or days, but not as TOML writes them.
pub(super) fn trouble(text: &str, year: Option<i16>) -> Option<Trouble> {
    let asked = Asked { times: true, span: None, inside: false, year };
    if readings(&plain(text)).is_empty() {
        return None;
    }
    of_text(text, asked).err().map(|(_, trouble)| trouble)
}

/// Without blanks, and with hyphens for dashes.
fn plain(text: &str) -> String {
    text.trim().replace(['–', '—'], "-").replace(' ', "")
}

fn of_text(text: &str, asked: Asked<'_>) -> Result<DateOrTime, (&'static str, Trouble)> {
    if let Some(moment) = of_iso(text) {
        return Ok(moment);
    }
    let year = asked.year.unwrap_or(SOME_YEAR);
    let shown = text.trim();
    match readings(&plain(text)).as_slice() {
        [] => {
            let message = format!("`{shown}` is no date");
            Err(("bad-date", Trouble::new(message, "write a date such as `2025-02-12`, without quotes")))
        }
        [Reading { first, last, year: Some(stated) }] => {
            let advice = span_advice(*first, *last, *stated, asked);
            Err(("bad-date", Trouble::new(format!("`{shown}` is no date"), advice)))
        }
        [Reading { first, last, year: None }] if first == last => {
            let advice = format!("write the year: {}", weekdays(*first, year));
            Err(("date-without-year", Trouble::new(format!("`{shown}` has no year"), advice)))
        }
        [Reading { first, last, year: None }] => {
            let message = format!("`{shown}` is {} without a year", in_words(*first, *last));
            let advice = format!("{} with the right year", span_advice(*first, *last, year, asked));
            Err(("date-without-year", Trouble::new(message, advice)))
        }
        [one, other, ..] => {
            let both = format!("{} or {}", in_words(one.first, one.last), in_words(other.first, other.last));
            let advice = "write first and last day as two dates, each such as `2025-02-12`";
            Err(("bad-date", Trouble::new(format!("`{shown}` can be {both}"), advice)))
        }
    }
}

/// One way to understand what somebody wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Reading {
    first: MonthDay,
    last: MonthDay,
    year: Option<i16>,
}

/// Every way to understand `text` as a day or some days; empty if it is no date at all.
fn readings(text: &str) -> Vec<Reading> {
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return digits(text).into_iter().collect();
    }
    let numbers: Option<Vec<i16>> = text.split(['-', '/']).map(|part| part.parse().ok()).collect();
    let Some(numbers) = numbers else { return Vec::new() };
    let separators: String = text.chars().filter(|c| matches!(c, '-' | '/')).collect();
    let day = |month: i16, day: i16| MonthDay::new(month.try_into().ok()?, day.try_into().ok()?);
    let span = |first: Option<MonthDay>, last: Option<MonthDay>, year: Option<i16>| {
        Some(Reading { first: first?, last: last?, year })
    };
    let rising = |reading: &Reading| reading.first < reading.last;
    let found = match (separators.as_str(), numbers.as_slice()) {
        ("/", &[d, m]) => vec![span(day(m, d), day(m, d), None)],
        // "15-16/10" as most write it, "10-15/16" as the tail of "2025-10-15/16": at most one of them exists,
        // save where both do, and then it can't be known.
        ("-/", &[a, b, c]) => vec![
            span(day(c, a), day(c, b), None).filter(rising),
            span(day(a, b), day(a, c), None).filter(rising),
        ],
        ("/-/", &[d, m, d2, m2]) => vec![span(day(m, d), day(m2, d2), None)],
        ("--/", &[y, m, d, d2]) => vec![span(day(m, d), day(m, d2), Some(y)).filter(rising)],
        _ => Vec::new(),
    };
    found.into_iter().flatten().filter(|r| r.year.is_none_or(|year| YEARS.contains(&year))).collect()
}

/// `20250212` and `250212`.
fn digits(text: &str) -> Option<Reading> {
    let (year, rest) = match text.len() {
        8 => (text.get(..4)?.parse().ok()?, text.get(4..)?),
        6 => (2000 + text.get(..2)?.parse::<i16>().ok()?, text.get(2..)?),
        _ => return None,
    };
    let day = MonthDay::new(rest.get(..2)?.parse().ok()?, rest.get(2..)?.parse().ok()?)?;
    YEARS.contains(&year).then_some(Reading { first: day, last: day, year: Some(year) })
}

/// How to write some days, when the first is in `year`.
fn span_advice(first: MonthDay, last: MonthDay, year: i16, asked: Asked<'_>) -> String {
    let closes = if last < first { year + 1 } else { year };
    let (first_day, last_day) = (first.in_year(year), last.in_year(closes));
    match asked.span {
        _ if first == last => format!("write `{first_day}`"),
        Some((start, end)) if asked.inside => format!("write `{start} = {first_day}, {end} = {last_day}`"),
        Some((start, end)) => format!("write `{{ {start} = {first_day}, {end} = {last_day} }}`"),
        None => format!("write one day, `{first_day}` or `{last_day}`"),
    }
}

fn in_words(first: MonthDay, last: MonthDay) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let month = |day: MonthDay| {
        usize::try_from(day.month() - 1).ok().and_then(|i| MONTHS.get(i)).copied().unwrap_or_default()
    };
    if first.month() == last.month() {
        format!("{}-{} {}", first.day(), last.day(), month(first))
    } else {
        format!("{} {} to {} {}", first.day(), month(first), last.day(), month(last))
    }
}

/// "2024-09-19 is a Thursday, 2025-09-19 is a Friday": the day in the years around `year`.
fn weekdays(day: MonthDay, year: i16) -> String {
    let years = [year.saturating_sub(1), year, year.saturating_add(1)];
    let each = years.map(|year| {
        let date = day.in_year(year);
        format!("{date} is a {}", weekday(date))
    });
    each.join(", ")
}

fn weekday(date: Date) -> &'static str {
    match date.weekday() {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

/// The newest year in which `text` names a day (`2025-02-12`).
pub(super) fn newest_year(text: &str) -> Option<i16> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let days = text.match_indices('-').filter_map(|(dash, _)| {
        let start = dash.checked_sub(4)?;
        let shaped = (start..dash).all(digit)
            && [dash + 1, dash + 2, dash + 4, dash + 5].into_iter().all(digit)
            && bytes.get(dash + 3) == Some(&b'-');
        let year = shaped.then(|| text.get(start..dash)).flatten()?;
        year.parse().ok().filter(|year| YEARS.contains(year))
    });
    days.max()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        let asked = Asked { times: true, span: Some(("start", "end")), inside: false, year: Some(2025) };
        match of_text(text, asked) {
            Ok(moment) => format!("{moment:?}"),
            Err((code, Trouble { message, suggestion })) => {
                format!("{code}: {message}, {}", suggestion.unwrap_or_default())
            }
        }
    }

    #[test]
    fn a_day_without_a_year_is_told_its_weekdays() {
        assert_eq!(
            told("19/9"),
            "date-without-year: `19/9` has no year, write the year: 2024-09-19 is a Thursday, \
             2025-09-19 is a Friday, 2026-09-19 is a Saturday"
        );
    }

    #[test]
    fn days_in_odd_notation_are_told_as_first_and_last() {
        let expected = "is 15-16 October without a year, \
                        write `{ start = 2025-10-15, end = 2025-10-16 }` with the right year";
        assert_eq!(told("10-15/16"), format!("date-without-year: `10-15/16` {expected}"));
        assert_eq!(told("15–16/10"), format!("date-without-year: `15–16/10` {expected}"));
        assert_eq!(
            told("15/11-14/2"),
            "date-without-year: `15/11-14/2` is 15 November to 14 February without a year, \
             write `{ start = 2025-11-15, end = 2026-02-14 }` with the right year"
        );
        assert_eq!(
            told("2025-10-15/16"),
            "bad-date: `2025-10-15/16` is no date, write `{ start = 2025-10-15, end = 2025-10-16 }`"
        );
    }

    #[test]
    fn what_can_be_two_things_is_told_as_both() {
        assert!(
            told("10-11/12").starts_with("bad-date: `10-11/12` can be 10-11 December or 11-12 October, ")
        );
    }

    #[test]
    fn what_is_no_date_is_not_bent_into_one() {
        for text in
            ["13-15/16", "32/1", "30/2", "0/0", "", "kl 10-15", "2025-02-30", "99999/1", "v. 42", "-/-/"]
        {
            assert!(told(text).starts_with(&format!("bad-date: `{text}` is no date, ")), "{}", told(text));
        }
    }

    #[test]
    fn iso_dates_are_read_with_or_without_quotes_and_time() {
        assert_eq!(told("2025-02-12"), "Day(2025-02-12)");
        assert_eq!(told("2025-02-12T13:00"), "Time(2025-02-12T13:00:00)");
        assert_eq!(told("250212"), "bad-date: `250212` is no date, write `2025-02-12`");
        assert_eq!(told("20250212"), "bad-date: `20250212` is no date, write `2025-02-12`");
    }

    #[test]
    fn the_newest_year_of_a_file_is_found() {
        assert_eq!(newest_year("a = [2024-02-12, 2026-10-10]\nb = 9999-01-01 # 15-16"), Some(2026));
        assert_eq!(newest_year("---"), None);
        assert_eq!(newest_year("år-2025"), None);
    }
}
