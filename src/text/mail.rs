//! What a mail says around its notices.

use jiff::civil::Date;

use crate::calendar::swedish::{long_week, short_week};

/// What kind of message a section is: in a word, since colour alone tells some readers nothing.
pub mod kinds {
    #![expect(missing_docs, reason = "each is the word for the message kind of the same name")]
    pub const ALARM: &str = "Larm";
    pub const CHANGE: &str = "Ändring";
    pub const ESCALATION: &str = "Svar saknas";
    pub const REMINDER: &str = "Påminnelse";
    pub const ASK: &str = "Fråga";
    pub const NUDGE: &str = "Handlingsplanen";
    pub const TELL: &str = "Information";
    pub const SUMMARY: &str = "Sammanfattning";
}

/// What the first mail to somebody says before anything else.
pub mod first {
    /// Its heading.
    pub const HEADING: &str = "Det här är ditt första mejl från årshjulet";

    /// Where several reasons follow.
    pub const WHY_BELOW: &str = "I vilken roll du får varje sak står sist i den.";

    /// The row with the decision.
    pub const DECISION: &str = "Enligt beslut";

    /// The row that says how to check that the mail is genuine.
    pub const CONTACT: &str = "Kontrollera avsändaren";

    /// Who asks.
    #[must_use]
    pub fn who(organisation: &str) -> String {
        format!(
            "Det är {organisation} som skriver. Årshjulet är ett program som håller reda på årets möten, remisser \
             och handlingsplaner, och som frågar och påminner den som har en uppgift i dem."
        )
    }
}

/// The heads of the table in a section about several matters.
pub mod table {
    /// What a row is about.
    pub const MATTER: &str = "Gäller";
    /// The day the answer was due.
    pub const DUE: &str = "Sista dag";
    /// Who has not answered.
    pub const SILENT: &str = "Har inte svarat";
}

/// The heads of the table of contents: what, and by when.
pub const CONTENTS: [&str; 2] = ["I det här mejlet", "Svara senast"];

/// In the table of contents, where no answer is asked for.
pub const NO_ANSWER: &str = "Inget svar behövs";

/// In the table of contents, where an answer is asked for without a last day.
pub const NO_DAY: &str = "När du kan";

/// Before the names of those who have not answered, where no sentence introduces them.
pub const SILENT: &str = "Har inte svarat:";

/// Why it pays to answer.
pub const ANSWER_STOPS: &str = "När du har svarat på en fråga får du inga fler påminnelser om den.";

/// How to answer where there is no link.
pub const ANSWER_BY_REPLY: &str = "Svara genom att svara på mejlet.";

/// The link to everything that is asked of the reader.
pub const OWN_PAGE: &str = "Allt du har att svara på";

/// The link to the calendar.
pub const WHEEL: &str = "Se hela årshjulet";

/// That a link does nothing by itself: mail scanners and colleagues may open it.
pub const LINKS_ARE_SAFE: &str =
    "Att öppna en länk ändrar ingenting. Ditt svar sparas först när du trycker på en knapp på sidan.";

/// That the links know who answers.
pub const LINKS_ARE_YOURS: &str = "Svarslänkarna är dina egna. Skicka dem inte vidare.";

/// How to reach a human being.
pub const REPLY: &str =
    "Undrar du något, eller ska någon annan ha det här mejlet? Svara på mejlet, så når du processtödet.";

/// The same where no processtöd is named.
pub const REPLY_TO_SENDER: &str =
    "Undrar du något, eller ska någon annan ha det här mejlet? Svara på mejlet, så hjälper vi dig.";

/// What heads a section: its kind and the bodies it is about.
#[must_use]
pub fn section(kind: &str, bodies: &[String]) -> String {
    format!("{kind} – {}", bodies.join(", "))
}

/// Heads a section about several matters that somebody has not answered.
#[must_use]
pub fn unanswered(matters: usize) -> String {
    format!("{matters} ärenden har inte fått svar")
}

/// Heads a section about several items whose owners have not answered.
#[must_use]
pub fn handed_over(items: usize) -> String {
    format!("{items} punkter i handlingsplanen har inte fått svar")
}

/// A fact that tells a row from the others: "Status: Röd".
#[must_use]
pub fn fact(label: &str, value: &str) -> String {
    format!("{label}: {value}")
}

/// Who sends it.
#[must_use]
pub fn sent_by(organisation: &str) -> String {
    format!("Mejlet är skickat automatiskt från årshjulet i {organisation}.")
}

/// The first line.
#[must_use]
pub fn greeting(name: &str) -> String {
    if name.is_empty() { "Hej!".to_owned() } else { format!("Hej {name}!") }
}

/// The heading of a mail with several messages, of which `asks` want an answer.
#[must_use]
pub fn heading(all: usize, asks: usize) -> String {
    match asks {
        0 => format!("{} att känna till", things(all)),
        n => format!("{} att svara på", things(n)),
    }
}

/// What follows that heading: the day of the first answer, and what is only told.
#[must_use]
pub fn introduction(all: usize, asks: usize, due: Option<Date>) -> String {
    if asks == 0 {
        return "Inget svar behövs.".to_owned();
    }
    let by_when = due.map(|due| match asks {
        1 => format!("Svara senast {}.", long_week(due)),
        _ => format!("Den första ska besvaras senast {}.", long_week(due)),
    });
    let rest = match all.saturating_sub(asks) {
        0 => None,
        1 => Some("En sak är bara att läsa.".to_owned()),
        n => Some(format!("{n} saker är bara att läsa.")),
    };
    by_when.into_iter().chain(rest).collect::<Vec<_>>().join(" ")
}

/// The subject of a mail with several messages, without its brackets.
#[must_use]
pub fn subject(all: usize, asks: usize, due: Option<Date>) -> String {
    match (asks, due) {
        (1, Some(due)) => format!("{} senast {}", heading(all, asks), short_week(due)),
        (2.., Some(due)) => format!("{} – först senast {}", heading(all, asks), short_week(due)),
        (_, None) | (0, _) => heading(all, asks),
    }
}

/// The subject of a mail whose first message is urgent and has `more` behind it.
#[must_use]
pub fn subject_with_more(first: &str, more: usize) -> String {
    format!("{first} – och {} till", things(more))
}

/// The possible answers, in a sentence.
#[must_use]
pub fn answers(labels: &[String]) -> String {
    let labels: Vec<_> = labels.iter().map(|label| quoted(label)).collect();
    match labels.split_last() {
        Some((last, [])) => format!("Du kan svara {last}."),
        Some((last, others)) => format!("Du kan svara {} eller {last}.", others.join(", ")),
        None => String::new(),
    }
}

/// The link to the answer page. It says what about, since a screen reader lists links without their context.
#[must_use]
pub fn answer_link(about: &str) -> String {
    format!("Svara på {}", quoted(about))
}

/// The link to more about something that wants no answer.
#[must_use]
pub fn read_link(about: &str) -> String {
    format!("Läs mer om {}", quoted(about))
}

/// One line of the table of contents: what kind, about which body where there are several, and what.
#[must_use]
pub fn entry(kind: &str, body: Option<&str>, headline: &str) -> String {
    match body {
        Some(body) => format!("{kind}, {body}: {headline}"),
        None => format!("{kind}: {headline}"),
    }
}

/// The day in the table of contents.
#[must_use]
pub fn by(due: Date) -> String {
    short_week(due)
}

/// In quotation marks; those inside become single ones.
fn quoted(text: &str) -> String {
    format!("”{}”", text.replace(['”', '"'], "’"))
}

fn things(count: usize) -> String {
    if count == 1 { "1 sak".to_owned() } else { format!("{count} saker") }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const FRIDAY: Date = date(2025, 10, 24);

    #[test]
    fn a_digest_is_counted() {
        assert_eq!(subject(3, 3, Some(FRIDAY)), "3 saker att svara på – först senast fre 24 okt (v. 43)");
        assert_eq!(subject(3, 1, Some(FRIDAY)), "1 sak att svara på senast fre 24 okt (v. 43)");
        assert_eq!(subject(3, 2, None), "2 saker att svara på");
        assert_eq!(subject(2, 0, None), "2 saker att känna till");
        assert_eq!(
            introduction(3, 2, Some(FRIDAY)),
            "Den första ska besvaras senast fredag 24 oktober (v. 43). En sak är bara att läsa."
        );
        assert_eq!(
            introduction(3, 1, Some(FRIDAY)),
            "Svara senast fredag 24 oktober (v. 43). 2 saker är bara att läsa."
        );
        assert_eq!(introduction(2, 2, None), "");
        assert_eq!(introduction(2, 0, None), "Inget svar behövs.");
    }

    #[test]
    fn answers_are_a_sentence() {
        let labels = ["Ja", "Nej", "Vet inte"].map(String::from);
        assert_eq!(answers(&labels), "Du kan svara ”Ja”, ”Nej” eller ”Vet inte”.");
        assert_eq!(answers(&labels[..1]), "Du kan svara ”Ja”.");
        assert_eq!(answers(&[]), "");
        assert_eq!(
            answer_link("”Bildlagring” är inte påbörjad"),
            "Svara på ”’Bildlagring’ är inte påbörjad”"
        );
    }
}
