//! What the calendar feeds say.

use jiff::civil::Date;

use crate::calendar::swedish;

/// What a feed says it holds.
#[must_use]
pub fn description(title: &str) -> String {
    format!("Möten, perioder och tidsgränser: {title}. Ändringar kan dröja upp till ett dygn i din kalender.")
}

/// An all-day meeting whose hours nobody has stated.
pub const NO_TIME: &str = "Tid ej satt.";

/// A date that is proposed, not decided: many calendars don't show the status of an event.
pub const TENTATIVE: &str = "Preliminärt datum.";

/// The heading of what does not take place.
#[must_use]
pub fn cancelled(title: &str) -> String {
    format!("INSTÄLLT: {title}")
}

/// The heading of the day on which a period ends.
#[must_use]
pub fn last_day(title: &str) -> String {
    format!("Sista svarsdag: {title}")
}

/// In a period's description: calendars show the end of a long bar badly.
#[must_use]
pub fn ends(last: Date) -> String {
    format!("Sista dag: {}.", swedish::long_year_week(last))
}
