//! What the calendar feeds say.

use jiff::civil::Date;

use crate::calendar::swedish;

/// What a feed says it holds.
#[must_use]
pub fn description(title: &str) -> String {
    format!("Möten, perioder och tidsgränser: {title}. Ändringar kan dröja upp till ett dygn i din kalender.")
}

/// A theme that its readers want with all it has, not its meetings alone.
#[must_use]
pub fn with_periods(title: &str) -> String {
    format!("{title}, även perioder och sista dagar")
}

/// What a group's feed is called, and what it says it holds.
#[must_use]
pub fn group(body: &str, group: &str) -> (String, String) {
    (format!("{body}, grupp {group}"), format!("Passen för grupp {group}: {body}."))
}

/// What somebody's own feed is called.
pub const OWN: &str = "Mitt årshjul";

/// What somebody's own feed says it holds.
pub const OWN_DESCRIPTION: &str = "Dina gruppers möten och det du själv ska göra. Adressen är din egen, lämna inte ut \
     den. Ändringar kan dröja upp till ett dygn i din kalender.";

/// What a reader must do is coloured by.
pub const TASKS: &str = "Att göra";

/// A question that waits for its reader's answer.
#[must_use]
pub fn answer_by(question: &str) -> String {
    format!("Svara senast i dag: {question}")
}

/// The same where nothing is to be told of what it is about.
pub const ANSWER_BY: &str = "Sista dag att svara";

/// How a question is answered.
pub const ANSWER_HOW: &str =
    "Svara med knappen i mejlet från årshjulet. När du har svarat försvinner den här dagen.";

/// The next date of an item that its reader owns.
#[must_use]
pub fn next_date(item: &str) -> String {
    format!("Nästa datum: {item}")
}

/// The same where nothing is to be told of what it is about.
pub const NEXT_DATE: &str = "Nästa datum för en punkt";

/// Whose items those are.
pub const NEXT_HOW: &str = "Punkten står på dig i handlingsplanen.";

/// An all-day meeting whose hours nobody has stated.
pub const NO_TIME: &str = "Tid ej satt.";

/// A meeting whose place nobody has stated.
pub const NO_PLACE: &str = "Plats ej satt.";

/// A date that is proposed, not decided: many calendars don't show the status of an event.
pub const TENTATIVE: &str = "Preliminärt datum.";

/// The heading of what does not take place.
#[must_use]
pub fn cancelled(title: &str) -> String {
    format!("INSTÄLLT: {title}")
}

/// The heading of a day of an occasion: "Sista svarsdag: Nationell remissrunda april–juni".
#[must_use]
pub fn day_of(heading: &str, title: &str) -> String {
    format!("{heading}: {title}")
}

/// In a period's description: calendars show the end of a long bar badly.
#[must_use]
pub fn ends(last: Date) -> String {
    format!("Sista dag: {}.", swedish::long_year_week(last))
}

/// What a feed that would be too large says of what isn't in it.
#[must_use]
pub fn left_out(before: Option<Date>, after: Option<Date>) -> String {
    let before = before.map(|day| format!("det som började före {}", swedish::long_year(day)));
    let after = after.map(|day| format!("det som börjar efter {}", swedish::long_year(day)));
    let what = before.into_iter().chain(after).collect::<Vec<_>>().join(" och ");
    format!("Kalendern är så stor att {what} är utelämnat.")
}
