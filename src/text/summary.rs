//! What the weekly summary says.

use jiff::civil::Date;

use crate::calendar::swedish::{long_week, range_year, short};

/// Heads those who have been asked and have not answered.
#[must_use]
pub fn unanswered(count: usize) -> String {
    format!("Svar som saknas: {count}")
}

/// One of them.
#[must_use]
pub fn unanswered_line(question: &str, who: &str, since: Date) -> String {
    format!("”{question}”, frågan kom {}: {who}", short(since))
}

/// A role with the number of its answers that are missing.
#[must_use]
pub fn holders(who: &str, count: usize) -> String {
    if count == 1 { who.to_owned() } else { format!("{who} ({count} svar)") }
}

/// How the items of the plans stand: without owner, stale, red, overdue promises, without follow-up.
#[must_use]
pub fn standing([ownerless, stale, red, overdue, unfollowed]: [usize; 5]) -> String {
    format!(
        "Läget i handlingsplanen: {ownerless} utan ägare, {stale} inaktuella, {red} röda, {overdue} med ett löfte som har \
         passerat, {unfollowed} där uppföljning saknas"
    )
}

/// Heads the red items.
#[must_use]
pub fn red(count: usize) -> String {
    format!("Röda punkter: {count}")
}

/// Heads the items whose promise has passed.
#[must_use]
pub fn overdue(count: usize) -> String {
    format!("Löften som har passerat: {count}")
}

/// One of them.
#[must_use]
pub fn overdue_line(title: &str, body: &str, day: Date) -> String {
    format!("{title}, {body}: lovat till {}", range_year(day, day))
}

/// Heads the items without an owner.
#[must_use]
pub fn ownerless(count: usize) -> String {
    format!("Punkter i handlingsplanen utan ägare: {count}")
}

/// One of them.
#[must_use]
pub fn ownerless_line(title: &str, body: &str) -> String {
    format!("{title}, {body}")
}

/// Heads the roles that nobody holds and that something was meant for.
#[must_use]
pub fn vacant(count: usize) -> String {
    format!("Vakanta roller som det finns meddelanden till: {count}")
}

/// One of them.
#[must_use]
pub fn vacant_line(who: &str, messages: usize) -> String {
    format!("{who}, {}", counted(messages))
}

/// Heads the mails that did not arrive.
#[must_use]
pub fn failed(count: usize) -> String {
    format!("Mejl som inte kom fram den senaste veckan, efter mottagarens roll: {count}")
}

/// One of them.
#[must_use]
pub fn failed_line(who: &str, day: Date) -> String {
    format!("{who}, {}", short(day))
}

/// Heads what waited because somebody had got enough.
#[must_use]
pub fn held_back(count: usize) -> String {
    format!("Personer som har fått så många mejl som de får på en vecka: {count}")
}

/// One of them.
#[must_use]
pub fn held_back_line(name: &str, messages: usize) -> String {
    format!("{name}, {} fick vänta till måndagen", counted(messages))
}

/// After a list that was cut.
#[must_use]
pub fn more(count: usize) -> String {
    format!("och {count} till")
}

/// The row that sums up what leaves in the coming fortnight.
#[must_use]
pub fn coming(mails: usize) -> (String, String) {
    ("Utskick de närmaste 14 dagarna".to_owned(), mails_of(mails))
}

/// What leaves on one of its days.
#[must_use]
pub fn coming_row(day: Date, mails: usize) -> (String, String) {
    (long_week(day), mails_of(mails))
}

/// Somebody in a role; the role's title is not bent.
#[must_use]
pub fn holder(role: &str, body: &str) -> String {
    format!("{body}, {role}")
}

/// Somebody without a role, who owns an item.
pub const OWNER: &str = "punktens ägare";

fn counted(messages: usize) -> String {
    if messages == 1 { "1 meddelande".to_owned() } else { format!("{messages} meddelanden") }
}

/// "Mejl" is the same in the plural.
fn mails_of(count: usize) -> String {
    format!("{count} mejl")
}
