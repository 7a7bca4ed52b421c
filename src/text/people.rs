//! What is said about who holds a role, who stands in, and who decides.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::calendar::swedish::{clock, long, long_week, long_year, range, range_year};
use crate::calendar::{civil, iso_week};
use crate::workflow::model::Span;

/// Why somebody gets what is meant for a role that nobody holds.
#[must_use]
pub fn why_vacant(role: &str, body: &str) -> String {
    format!("Rollen {role} i {body} är vakant. Därför kommer frågan till dig.")
}

/// One who has not answered for a vacant role, in a list.
#[must_use]
pub fn silent_stand_in(role: &str, body: &str, name: &str) -> String {
    format!("{body}, {role}: vakant, frågan gick till {name}")
}

/// What `{week}` stands for in the heading of a summary.
#[must_use]
pub fn week(day: Date) -> String {
    format!("v. {}", iso_week(day).1)
}

/// Heading of the mail to a new holder of a role.
#[must_use]
pub fn new_holder(role: &str, body: &str) -> String {
    format!("Du är nu {role} i {body}")
}

/// What the mail to a new holder says above the questions: how many are `open`, and how many are `coming`.
#[must_use]
pub fn new_holder_text(open: usize, coming: usize) -> Vec<String> {
    let questions = |n: usize| if n == 1 { "1 fråga".to_owned() } else { format!("{n} frågor") };
    let mut said = Vec::new();
    if open > 0 {
        let asked = if open == 1 { "har ställts" } else { "har redan ställts" };
        said.push(format!("{} {asked} till rollen och är inte {}.", questions(open), answered(open)));
    }
    if coming > 0 {
        said.push(format!(
            "{} kommer inom 30 dagar. Du får ett mejl om var och en när det är dags.",
            questions(coming)
        ));
    }
    said
}

fn answered(open: usize) -> &'static str {
    if open == 1 { "besvarad" } else { "besvarade" }
}

/// The row of an open question.
#[must_use]
pub fn open_row(question: &str, due: Date) -> (String, String) {
    (question.to_owned(), format!("svara senast {}", long_week(due)))
}

/// The row of a question that comes later.
#[must_use]
pub fn coming_row(question: &str, asked: Date, due: Option<Date>) -> (String, String) {
    let due = due.map(|due| format!(", svara senast {}", long_week(due))).unwrap_or_default();
    (question.to_owned(), format!("kommer {}{due}", long(asked)))
}

/// Why a new holder gets a mail.
#[must_use]
pub fn why_new_holder(role: &str, body: &str, from: Date) -> String {
    format!("Du får det här för att du är {role} i {body} från och med {}.", long_year(from))
}

/// A meeting is in time to decide.
#[must_use]
pub fn decides(who: &str, meeting: Span) -> String {
    let (first, last) = (meeting.first(), meeting.last());
    let when =
        if first == last { long_week(first) } else { format!("{} ({})", range(first, last), week(first)) };
    format!("{who} hinner behandla svaret: {when}.")
}

/// No meeting is in time to decide on what is `ready` on a day: which are nearest before and after, and who anchors
/// it instead.
#[must_use]
pub fn decides_not(
    who: &str,
    ready: Date,
    (before, after): (Option<Span>, Option<Span>),
    otherwise: &str,
) -> String {
    let day = |span: Span| match (span.first(), span.last()) {
        (first, last) if first == last && first.year() == ready.year() => long(first),
        (first, last) if first == last => long_year(first),
        (first, last) if first.year() == ready.year() => range(first, last),
        (first, last) => range_year(first, last),
    };
    let nearest = match (before, after) {
        (Some(before), Some(after)) => {
            format!("senaste möte {} är före förslaget, nästa {} är för sent", day(before), day(after))
        }
        (Some(before), None) => {
            format!("senaste möte {} är före förslaget, och inget senare är känt", day(before))
        }
        (None, Some(after)) => format!("nästa möte {} är för sent", day(after)),
        (None, None) => return format!("Inget möte i {who} är känt. Utan möte: förankras i {otherwise}."),
    };
    format!("{who} hinner inte behandla svaret ({nearest}). Förankras i {otherwise}.")
}

/// A calendar that hasn't noticed.
#[must_use]
pub fn unseen(feed: &str, fetched: Timestamp) -> String {
    let fetched = civil(fetched);
    let (day, time) = (long_week(fetched.date()), clock(fetched.time()));
    format!("Din kalender ”{feed}” har inte hämtat ändringen. Den hämtade årshjulet senast {day}, {time}.")
}

/// What to do about it.
pub const UNSEEN_HOW: &str = "Det är kalenderprogrammet som bestämmer hur ofta det hämtar. I många program kan du be om \
     det själv: leta efter Uppdatera eller Skicka/ta emot. Vill du inte ha mejl som det här väljer du bort dem på sidan \
     Din kalender. Du kommer dit från länken Allt du har att svara på, här nedanför.";

/// Why it comes.
pub const UNSEEN_WHY: &str = "Du får det här för att du prenumererar på årshjulet i din kalender.";
