//! ISO 8601 weeks, the weeks of every Swedish almanac.

use jiff::civil::Date;

/// The ISO year and week (1 to 53) of `date`. The year is the week's, not the date's:
/// 2024-12-30 lies in week 1 of 2025.
#[must_use]
pub fn iso_week(date: Date) -> (i16, i8) {
    let week = date.iso_week_date();
    (week.year(), week.week())
}

/// `2025-W42`.
#[must_use]
pub fn week_code(date: Date) -> String {
    let (year, week) = iso_week(date);
    format!("{year:04}-W{week:02}")
}

/// 52 or 53 weeks; years outside jiff's range count as its first or last.
#[must_use]
pub fn weeks_in_year(year: i16) -> i8 {
    let year = year.clamp(Date::MIN.year(), Date::MAX.year());
    // 28 December always lies in the last week of its own year (the week holds a Thursday of it).
    Date::new(year, 12, 28).map_or(52, |date| iso_week(date).1)
}
