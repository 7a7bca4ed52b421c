//! What year may be meant: the years in which a date is a workday.

use jiff::civil::{Date, Weekday};

use crate::calendar::is_workday;
use crate::grammar::join_or;
use crate::import::notation::Stretch;

/// The years that are tried, counted from the day the list is true of.
const TRIED: std::ops::RangeInclusive<i16> = -2..=1;
/// A span longer than this is no meeting, so its ends may lie on any day.
const LONGEST_MEETING: i32 = 7;

/// In English, for people at a shell.
pub(super) fn weekday(day: Date) -> &'static str {
    match day.weekday() {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

/// Whether a span is too long for a meeting.
pub(super) fn is_long(first: Date, last: Date) -> bool {
    first.until(last).is_ok_and(|span| span.get_days() >= LONGEST_MEETING)
}

/// The years around `today` in which the date is a workday, and the weekday that was written if one was.
pub(super) fn workday_years(stretch: &Stretch, today: Date) -> Vec<(i16, Date)> {
    let years = TRIED.map(|offset| today.year().saturating_add(offset));
    let fits = |year: i16| {
        let (first, last) = stretch.written.in_year(year).ok()?;
        let workdays = is_long(first, last) || (is_workday(first) && is_workday(last));
        let named = stretch.weekday.is_none_or(|day| day == first.weekday());
        (workdays && named).then_some((year, first))
    };
    years.filter_map(fits).collect()
}

/// What to do about a date without a year. `label` is a year that the text names below, with its line.
pub(super) fn no_year(stretch: &Stretch, today: Date, label: Option<(i16, &str)>) -> String {
    let named: Vec<String> = workday_years(stretch, today)
        .iter()
        .map(|(year, day)| format!("{year} (a {})", weekday(*day)))
        .collect();
    let span = stretch.written.in_year(today.year());
    let which = if named.is_empty() || span.is_ok_and(|(first, last)| is_long(first, last)) {
        String::new()
    } else {
        let what = if stretch.weekday.is_some() { "the weekday is right" } else { "it is a workday" };
        format!("; {what} in {}", join_or(&named))
    };
    match label {
        Some((year, line)) => {
            format!("give `--year {year}` if `{line}` holds for it, or write the year on a line above{which}")
        }
        None => format!("give `--year`, or write the year on a line above{which}"),
    }
}
