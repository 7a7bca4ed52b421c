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
