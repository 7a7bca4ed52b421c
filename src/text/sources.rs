//! What is said of meetings that come from others' calendars.

use jiff::civil::Date;

use crate::calendar::swedish::short;

/// Why a meeting is cancelled that nobody has cancelled.
pub const GONE: &str = "Mötet finns inte längre i den kalender som det hämtas från.";

/// Heads the calendars that have not been right for a day.
#[must_use]
pub fn failing(count: usize) -> String {
    format!("Möten vars kalender har slutat fungera: {count}")
}

/// One of them.
#[must_use]
pub fn failing_line(title: &str, body: &str, since: Date) -> String {
    format!("{title}, {body}: sedan {}; det som redan är hämtat står kvar", short(since))
}
