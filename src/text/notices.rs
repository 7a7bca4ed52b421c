//! What messages say around the words that workflow files provide.

use jiff::civil::Date;

use crate::calendar::swedish::{clock, long_week, range, short_week};
use crate::workflow::model::{EntryKind, Span};

/// Fills `{field}` in a workflow file's text. The loader has refused unknown fields; a brace that is no field
/// stays as it stands.
#[must_use]
pub fn fill(template: &str, fields: &[(&str, &str)]) -> String {
    let mut text = template.to_owned();
    for (name, value) in fields {
        text = text.replace(&format!("{{{name}}}"), value);
    }
    text
}

/// Subject of an ask.
#[must_use]
pub fn ask(headline: &str, due: Date) -> String {
    format!("Svara senast {}: {headline}", short_week(due))
}

/// Subject of a reminder sent on `today`.
#[must_use]
pub fn reminder(headline: &str, due: Date, today: Date) -> String {
    match due.cmp(&today) {
        std::cmp::Ordering::Greater => format!("Påminnelse, svara senast {}: {headline}", short_week(due)),
        std::cmp::Ordering::Equal => format!("Sista dagen att svara i dag: {headline}"),
        std::cmp::Ordering::Less => {
            format!("Påminnelse, svaret skulle ha kommit {}: {headline}", short_week(due))
        }
    }
}

/// What a reminder says above the question.
#[must_use]
pub fn reminder_text(due: Date, today: Date, workdays_left: i32) -> String {
    match due.cmp(&today) {
        std::cmp::Ordering::Equal => "Vi saknar ditt svar. I dag är sista dagen.".to_owned(),
        std::cmp::Ordering::Less => {
            format!("Vi saknar ditt svar. Det skulle ha kommit senast {}.", long_week(due))
        }
        std::cmp::Ordering::Greater => {
            let days = if workdays_left == 1 { "arbetsdag" } else { "arbetsdagar" };
            format!("Vi saknar ditt svar. Sista dagen är {}, om {workdays_left} {days}.", long_week(due))
        }
    }
}

/// Subject of an escalation: `silent` of `asked` have not answered.
#[must_use]
pub fn escalation(headline: &str, silent: usize, asked: usize) -> String {
    if asked == 1 {
        format!("Svaret saknas: {headline}")
    } else {
        format!("{silent} av {asked} svar saknas: {headline}")
    }
}

/// The heading of an escalation.
#[must_use]
pub fn missing(silent: usize, asked: usize) -> String {
    if asked == 1 {
        "Svaret har inte kommit".to_owned()
    } else {
        format!("{silent} av {asked} har inte svarat")
    }
}

/// What an escalation says.
#[must_use]
pub fn escalation_text(due: Date, question: &str) -> String {
    format!("Frågan ”{question}” skulle ha besvarats senast {}. Dessa har inte svarat:", long_week(due))
}

/// Subject of an alarm about a deadline on `deadline`, sent on `today`.
#[must_use]
pub fn alarm(headline: &str, deadline: Date, today: Date) -> String {
    if deadline == today {
        format!("Larm, sista dagen är i dag: {headline}")
    } else {
        format!("Larm, sista dagen är {}: {headline}", short_week(deadline))
    }
}

/// What an alarm says.
#[must_use]
pub fn alarm_text(deadline: Date) -> String {
    format!("Sista dagen är {} och arbetet är inte markerat som klart.", long_week(deadline))
}

/// Subject of the message that hands a matter over after `nudges` nudges.
#[must_use]
pub fn hand_over_text(nudges: u16) -> String {
    match nudges {
        1 => "Ägaren har fått en påminnelse utan att något har ändrats.".to_owned(),
        n => format!("Ägaren har fått {n} påminnelser utan att något har ändrats."),
    }
}

/// The row that says what a message is about.
#[must_use]
pub fn occasion_row(kind: EntryKind, title: &str, span: Span) -> (String, String) {
    let label = match kind {
        EntryKind::Meeting => "Möte",
        EntryKind::Period => "Period",
        EntryKind::Deadline => "Tidsgräns",
    };
    let (first, last) = (span.first(), span.last());
    let when = if first == last { long_week(first) } else { range(first, last) };
    (label.to_owned(), format!("{title}, {when}"))
}

/// When an occasion is: "torsdag 20 november (v. 47)", "15–16 oktober", with its hours where it has some.
#[must_use]
pub fn when(kind: EntryKind, span: Span) -> String {
    let (first, last) = (span.first(), span.last());
    let days = if first == last { long_week(first) } else { range(first, last) };
    match span {
        Span::Timed { start, end } if first == last => {
            format!("{days}, {}–{}", clock(start.time()), clock(end.time()).trim_start_matches("kl. "))
        }
        _ if kind == EntryKind::Deadline => format!("senast {days}"),
        _ => days,
    }
}

/// Heading: it does not take place.
#[must_use]
pub fn cancelled(title: &str, when: &str) -> String {
    format!("Inställt: {title} {when}")
}

/// Heading: it takes place after all.
#[must_use]
pub fn restored(title: &str, when: &str) -> String {
    format!("Blir av: {title} {when}")
}

/// Heading: another place.
#[must_use]
pub fn elsewhere(title: &str, when: &str) -> String {
    format!("Ny plats: {title} {when}")
}

/// Heading: another date or hour.
#[must_use]
pub fn moved(title: &str, when: &str) -> String {
    format!("Ändrad tid: {title} är nu {when}")
}

/// Heading: the hours of a day that was known already.
#[must_use]
pub fn timed(title: &str, when: &str) -> String {
    format!("Tiden är satt: {title} {when}")
}

/// Heading: the place of what had none.
#[must_use]
pub fn placed(title: &str, when: &str) -> String {
    format!("Platsen är satt: {title} {when}")
}

/// Heading: a period ends on another day.
#[must_use]
pub fn extended(title: &str, last: Date) -> String {
    format!("Ändrad tid: {title} slutar nu {}", long_week(last))
}

/// What becomes of answers after a change.
#[must_use]
pub fn answers_after(asked_anew: bool) -> &'static str {
    if asked_anew {
        "Det du har svarat gäller fortfarande. Frågor som du inte har svarat på kommer på nytt till den nya tiden."
    } else {
        "Det du har svarat gäller fortfarande."
    }
}

/// The row with the time that no longer holds.
#[must_use]
pub fn before_row(when: &str) -> (String, String) {
    ("Tidigare".to_owned(), when.to_owned())
}

/// The row with the time that holds.
#[must_use]
pub fn now_row(when: &str) -> (String, String) {
    ("Nu".to_owned(), when.to_owned())
}

/// Why somebody is told of a change.
pub const WHY_CHANGE: &str = "Du får det här för att du tidigare har fått mejl om samma tillfälle.";

/// The row for an occasion that has no date yet.
#[must_use]
pub fn expected_row(title: &str, quarter: Date) -> (String, String) {
    (
        "Möte".to_owned(),
        format!("{title}, kvartal {} {}, datum ej satt", (quarter.month() + 2) / 3, quarter.year()),
    )
}

/// The row with the last day to answer.
#[must_use]
pub fn due_row(due: Date) -> (String, String) {
    ("Svara senast".to_owned(), long_week(due))
}

/// The row with the place.
#[must_use]
pub fn place_row(place: &str) -> (String, String) {
    ("Plats".to_owned(), place.to_owned())
}

/// Why a recipient gets a message.
#[must_use]
pub fn why(role: &str, body: &str) -> String {
    format!("Du får det här som {role} i {body}.")
}

/// Why an owner without a role gets a message.
#[must_use]
pub fn why_owner() -> String {
    "Du får det här som ägare av punkten.".to_owned()
}

/// One who has not answered, in a list.
#[must_use]
pub fn silent(role: &str, body: &str, name: Option<&str>) -> String {
    match name {
        Some(name) => format!("{body}, {role}: {name}"),
        None => format!("{body}, {role}: vakant"),
    }
}

/// What stands in the subject's brackets where no body is concerned.
pub const NO_BODY: &str = "Årshjul";

/// Subject of a test mail.
pub const TEST_SUBJECT: &str = "Prov av utskick";
/// What a test mail says.
pub const TEST_TEXT: &str = "Det här är ett prov. Om du läser det fungerar vägen ut för årshjulets mejl.";
/// Why somebody gets a test mail.
pub const TEST_WHY: &str =
    "Du får det här för att den som sköter årshjulet har skickat ett prov till din adress.";

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn fields_are_filled_and_other_braces_left() {
        assert_eq!(fill("Till {title} {x}", &[("title", "RSL")]), "Till RSL {x}");
    }

    #[test]
    fn a_reminder_says_how_long_is_left() {
        let due = date(2025, 10, 24);
        assert_eq!(
            reminder_text(due, date(2025, 10, 23), 1),
            "Vi saknar ditt svar. Sista dagen är fredag 24 oktober (v. 43), om 1 arbetsdag."
        );
        assert_eq!(reminder("Q?", due, due), "Sista dagen att svara i dag: Q?");
    }
}
