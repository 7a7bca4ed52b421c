//! One line of the calendar a day, as `arshjul days` prints it.

use jiff::civil::Date;
use serde::Serialize;

use super::holidays::holiday;
use super::quiet::QuietPeriods;
use super::week::week_code;
use super::workday::{is_bridge, is_workday};

/// What the calendar knows about a date. The fields, their names and their order are a published format.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Day {
    pub date: Date,
    /// ISO week, `2025-W42`.
    pub week: String,
    pub workday: bool,
    /// Public holiday or one of the three eves.
    pub holiday: Option<&'static str>,
    /// Klämdag.
    pub bridge: bool,
    /// Name of the quiet period.
    pub quiet: Option<String>,
}

impl Day {
    #[must_use]
    pub fn of(date: Date, quiet: &QuietPeriods) -> Self {
        Self {
            date,
            week: week_code(date),
            workday: is_workday(date),
            holiday: holiday(date),
            bridge: is_bridge(date),
            quiet: quiet.name(date).map(str::to_owned),
        }
    }
}

/// Every day from `from` to `to`, both included; none when `to` comes first.
pub fn days(from: Date, to: Date, quiet: &QuietPeriods) -> impl Iterator<Item = Day> {
    let within = move |date: &Date| *date <= to;
    std::iter::successors(Some(from).filter(within), move |date| date.tomorrow().ok().filter(within))
        .map(|date| Day::of(date, quiet))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn lines(from: Date, to: Date) -> Vec<String> {
        days(from, to, &QuietPeriods::default()).map(|day| serde_json::to_string(&day).unwrap()).collect()
    }

    #[test]
    fn the_published_line() {
        let day = date(2025, 10, 13);
        assert_eq!(
            lines(day, day),
            [
                r#"{"date":"2025-10-13","week":"2025-W42","workday":true,"holiday":null,"bridge":false,"quiet":null}"#
            ]
        );
    }

    #[test]
    fn eves_bridges_and_quiet_are_named() {
        assert_eq!(
            lines(date(2025, 12, 31), date(2026, 1, 2)),
            [
                r#"{"date":"2025-12-31","week":"2026-W01","workday":false,"holiday":"nyårsafton","bridge":false,"quiet":"juluppehåll"}"#,
                r#"{"date":"2026-01-01","week":"2026-W01","workday":false,"holiday":"nyårsdagen","bridge":false,"quiet":"juluppehåll"}"#,
                r#"{"date":"2026-01-02","week":"2026-W01","workday":true,"holiday":null,"bridge":true,"quiet":"juluppehåll"}"#,
            ]
        );
    }

    #[test]
    fn both_ends_are_included_and_no_day_lies_between_swapped_ones() {
        assert_eq!(lines(date(2024, 1, 1), date(2024, 12, 31)).len(), 366);
        assert!(lines(date(2025, 1, 2), date(2025, 1, 1)).is_empty());
        assert_eq!(lines(date(9999, 12, 30), Date::MAX).len(), 2);
    }
}
