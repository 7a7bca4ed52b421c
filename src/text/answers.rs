//! What the pages say that a link in a mail leads to: what is asked, how to answer, what is recorded.

pub mod wrong;

use jiff::civil::{Date, DateTime};

use crate::calendar::swedish::{clock, long_week, long_year};
use crate::workflow::model::Does;

/// The sentences of the templates, by the name that templates have for them.
pub const WORDS: &[(&str, &str)] = &[
    ("answer_due", "Svara senast"),
    ("answer_choose", "Välj ditt svar"),
    ("answer_choose_other", "Vill du ändra ditt svar?"),
    ("answer_choose_anyway", "Vill du ändå svara?"),
    (
        "answer_one_press",
        "Svaret sparas när du trycker på en knapp. Du kan ändra det så länge frågan är öppen.",
    ),
    ("answer_change_press", "Tryck på ett svar, så gäller det i stället för det du svarade förut."),
    ("answer_press_button", "Tryck på ett av svaren"),
    ("answer_given", "Ditt svar"),
    ("answer_given_mark", "ditt svar nu"),
    ("answer_file_now", "Inlämnad fil:"),
    ("answer_file_drop", "Ta bort filen"),
    ("answer_late", "Sista dagen har gått, men det går fortfarande bra att svara."),
    ("answer_closed", "Frågan är stängd"),
    (
        "answer_closed_unanswered",
        "Inget svar hann noteras. Undrar du något, svara på mejlet som länken stod i.",
    ),
    (
        "answer_closed_answered",
        "Svaret går inte längre att ändra här. Behöver det rättas, svara på mejlet som länken stod i.",
    ),
    ("answer_cancelled_title", "Tillfället är inställt"),
    ("answer_cancelled", "Du behöver inte svara, och du får inga fler påminnelser om det här."),
    ("answer_withdrawn_title", "Ärendet är borttaget"),
    ("answer_withdrawn", "Ärendet finns inte längre med. Du behöver inte svara på det."),
    ("answer_thanks", "Tack!"),
    ("answer_back", "Visa frågan igen eller ändra svaret"),
    ("answer_back_open", "Tillbaka till frågan"),
    ("answer_no_reminders", "Du får inga fler påminnelser om den här frågan."),
    (
        "answer_item_noted",
        "Frågan är besvarad. Den kan komma tillbaka längre fram om läget i handlingsplanen är detsamma.",
    ),
    ("answer_done", "Du kan stänga sidan."),
    ("answer_wrong", "Svaret är inte sparat än"),
    ("answer_wrong_lead", "Rätta det här och tryck på knappen igen:"),
    ("answer_wrong_file", "Välj också filen igen. Webbläsaren kommer inte ihåg den."),
    ("answer_wrong_title", "Rätta"),
    (
        "answer_more_items",
        "Är det fler? Skicka de här först och öppna sedan frågan igen. Då är fälten tomma, och det som är skickat finns kvar.",
    ),
    ("answer_already_title", "Frågan är redan besvarad"),
    (
        "answer_already",
        "Du har redan svarat på frågan, så den kan inte få mer tid eller gå vidare till någon annan. Vill du ändra svaret, öppna frågan igen och tryck på ett annat svar.",
    ),
    // Allt som väntar
    ("open_title", "Det här väntar på ditt svar"),
    (
        "open_lead",
        "Det som är mest bråttom står först. Ett svar sparas när du trycker på dess knapp, en fråga i taget.",
    ),
    ("open_contents", "Frågor på sidan"),
    ("open_top", "Till början av sidan"),
    ("open_nothing_title", "Ingenting väntar på ditt svar"),
    ("open_nothing", "När något nytt behöver ditt svar får du ett mejl. Du kan stänga sidan."),
    ("open_rest", "Det här är kvar att svara på"),
    ("open_rest_nothing", "Ingenting mer väntar på ditt svar."),
    ("open_back", "Visa allt som väntar på ditt svar"),
    // Länken
    ("over_title", "Länken har gått ut"),
    ("over_button", "Skicka en ny länk"),
    (
        "over_how",
        "Du kan få en ny. Den skickas till den e-postadress som årshjulet redan har till dig, högst en gång om dagen.",
    ),
    ("over_kind_one", "Länken ledde till en fråga att svara på."),
    ("over_kind_all", "Länken ledde till sidan med allt som väntar på ditt svar."),
    ("over_help", "Kommer inget mejl?"),
    ("over_unsaved", "Ditt svar är inte sparat."),
    ("renewed_title", "En ny länk är på väg"),
    (
        "renewed",
        "Den skickas till den e-postadress som årshjulet har till dig. Mejl skickas på dagtid, så det kan dröja till i morgon.",
    ),
    ("renewed_before_title", "En ny länk är redan skickad"),
    (
        "renewed_before",
        "I dag har en ny länk redan beställts. Titta i inkorgen och i skräpposten. I morgon kan du beställa en till.",
    ),
    ("renewed_not_title", "Det behövs ingen ny länk"),
    ("renewed_not", "Det som länken gällde behöver inte längre något svar."),
    ("link_dead_title", "Länken fungerar inte längre"),
    ("link_dead", "Länken kan vara för gammal, ersatt av en nyare eller inte ha kommit med hel från mejlet."),
    (
        "link_dead_help",
        "Svara på mejlet som länken stod i och be om en ny, eller skriv ditt svar direkt i mejlet. Då hjälper processtödet dig.",
    ),
    // Det som inte tas emot
    ("refused_title", "Svaret är inte sparat"),
    (
        "refused_unknown",
        "Det svaret finns inte bland dem som går att välja. Öppna länken i mejlet igen och tryck på ett av svaren på sidan.",
    ),
    ("refused_cross", "Svaret kom från en annan webbplats. Öppna länken i mejlet igen och svara på sidan."),
    ("refused_again", "Tillbaka till frågan"),
];

/// One of [`WORDS`]; empty for a name that isn't there.
#[must_use]
pub fn word(name: &str) -> &'static str {
    WORDS.iter().find(|(known, _)| *known == name).map_or("", |(_, said)| said)
}

/// Whose answer it will be.
#[must_use]
pub fn answering_as(name: &str, role: Option<&str>) -> String {
    match (name.is_empty(), role) {
        (false, Some(role)) => format!("Du svarar som {name}, {role}."),
        (false, None) => format!("Du svarar som {name}."),
        (true, Some(role)) => format!("Du svarar som {role}."),
        (true, None) => String::new(),
    }
}

/// A role in a body, within a sentence.
#[must_use]
pub fn role_in(role: &str, body: &str) -> String {
    format!("{role} i {body}")
}

/// Who answers for an item without a role.
pub const OWNER: &str = "ägare av punkten";
/// Somebody whose role isn't known.
pub const SOMEBODY: &str = "en annan mottagare";

/// Since when an answer stands.
#[must_use]
pub fn noted(at: DateTime) -> String {
    format!("Noterat {} {}.", long_week(at.date()), clock(at.time()))
}

/// That an answer has been recorded.
#[must_use]
pub fn recorded(label: &str) -> String {
    format!("Ditt svar är noterat: {label}")
}

/// That an answer has taken the place of another one.
#[must_use]
pub fn replaced(before: &str, after: &str) -> String {
    format!("Ditt svar är ändrat från ”{before}” till ”{after}”.")
}

/// That the same answer now stands with other particulars.
pub const RENEWED: &str = "Det du skrev eller bifogade nu gäller i stället för det som var inlämnat förut.";

/// That an answer had been recorded before.
#[must_use]
pub fn recorded_before(at: DateTime) -> String {
    format!("Svaret var redan noterat, {} {}. Ingenting har ändrats.", long_week(at.date()), clock(at.time()))
}

/// That an answer came after the end.
pub const CLOSED_TITLE: &str = "Frågan är stängd, svaret är inte sparat";

/// What stands in a question that somebody else has settled.
#[must_use]
pub fn answered_by(who: &str, label: &str, at: DateTime) -> String {
    format!(
        "Svaret är ”{label}”. Det gavs av {who} {}. Du behöver inte göra något, och du får inga fler påminnelser.",
        long_week(at.date())
    )
}

/// The heading of a question that has more time.
pub const TIME_TITLE: &str = "Du har fått mer tid";
/// The heading of a question that has gone to somebody else.
pub const PASSED_TITLE: &str = "Frågan är skickad vidare";
/// The heading of a question that somebody helps with.
pub const HELP_TITLE: &str = "Du har bett om hjälp";

/// Until when there is more time.
#[must_use]
pub fn more_time(day: Date) -> String {
    format!("Svara senast {}. Påminnelserna följer det nya datumet.", long_week(day))
}

/// Who has been asked instead.
#[must_use]
pub fn passed_to(who: &str) -> String {
    format!("Frågan ligger nu hos {who}, som får ett eget mejl. Du får inga fler påminnelser om den.")
}

/// Who has been asked too.
#[must_use]
pub fn help_from(who: &str) -> String {
    format!("Även {who} får frågan i ett eget mejl. Den är fortfarande din att svara på.")
}

/// That it had been arranged before.
pub const ARRANGED_BEFORE: &str = "Det var redan noterat. Ingenting har ändrats.";

/// What opens the form of an answer that settles nothing.
#[must_use]
pub fn invitation(does: Does) -> &'static str {
    match does {
        Does::Settle => "",
        Does::MoreTime => "Behöver du mer tid?",
        Does::PassOn => "Fel mottagare? Skicka vidare",
        Does::Help => "Ta hjälp av någon",
    }
}

/// What comes of such an answer.
#[must_use]
pub fn consequence(does: Does) -> &'static str {
    match does {
        Does::Settle => "",
        Does::MoreTime => "Datumet ändras bara för dig.",
        Does::PassOn => "Den du anger får frågan i stället för dig.",
        Does::Help => "Den du anger får också frågan. Det är fortfarande du som ansvarar för svaret.",
    }
}

/// What an item waits for whose owner takes it up at the next meeting.
pub const NEXT_MEETING: &str = "nästa möte";
/// How the plan marks an activity that is new.
pub const NEW_MARK: &str = "NY";
/// What a log says of a proposed item when the plan that has it is approved.
pub const TAKEN_UP: &str = "Handlingsplanen är godkänd: punkten är med i den nya planen.";
/// What the log of a proposed item begins with.
pub const PROPOSED: &str = "Föreslagen";

/// Labels of fields.
pub mod labels {
    #![expect(missing_docs, reason = "each is the label of the field of the same name")]
    pub const TEXT: &str = "Text";
    pub const LINK: &str = "Länk";
    pub const FILE: &str = "Fil";
    pub const FILE_OTHER: &str = "Byt till en annan fil";
    pub const UNTIL: &str = "Till och med vilken dag?";
    pub const NEW_DAY: &str = "Ny sista dag";
    pub const DAY: &str = "Datum";
    pub const MARK: &str = "Ikryssat";
    pub const LIST: &str = "Ärenden, ett på varje rad";
    pub const MARKS: &str = "Kryssa för det som stämmer";
    pub const PASS_TO: &str = "E-postadress till den som ska få frågan";
    pub const HELP_FROM: &str = "E-postadress till den som kan hjälpa till";
    pub const STARTS: &str = "Mötet börjar kl.";
    pub const ENDS: &str = "Mötet slutar kl.";
    pub const PLACE: &str = "Plats, eller länk till videomötet";
}

/// How a link is written.
pub const LINK_HINT: &str = "Hela adressen, till exempel https://exempel.se/dokument.";
/// How a date is written where the browser doesn't offer a calendar.
pub const DAY_HINT: &str = "Skriv som år-månad-dag, till exempel 2026-03-31.";
/// How matters are listed.
pub const LIST_HINT: &str =
    "Skriv titeln. Finns det en länk skriver du den efter ett lodstreck: Titel | https://…";

/// What kind of file, and how large.
#[must_use]
pub fn file_hint(limit: u64) -> String {
    format!("Word (.docx) eller PDF, högst {}.", size(limit))
}

/// Which answers a field belongs to.
#[must_use]
pub fn belongs_to(labels: &[&str]) -> String {
    let quoted: Vec<String> = labels.iter().map(|label| format!("”{label}”")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [one] => format!("Hör till svaret {one}."),
        [most @ .., last] => format!("Hör till svaren {} och {last}.", most.join(", ")),
    }
}

/// What introduces fields, below answers that need none.
#[must_use]
pub fn fill_in(labels: &[&str]) -> String {
    match labels {
        [one] => format!("Eller fyll i och tryck på ”{one}”"),
        _ => "Eller fyll i och tryck på ett av svaren längre ned".to_owned(),
    }
}

/// The same where the fields open first when somebody wants them.
#[must_use]
pub fn fill_in_later(labels: &[&str]) -> String {
    let quoted: Vec<String> = labels.iter().map(|label| format!("”{label}”")).collect();
    format!("Fyll i och svara {}", quoted.join(" eller "))
}

/// A file's size: `12 kB`, `3,4 MB`.
#[must_use]
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} byte"),
        1_000..1_000_000 => format!("{} kB", bytes.div_ceil(1_000)),
        _ if bytes.is_multiple_of(1_000_000) => format!("{} MB", bytes / 1_000_000),
        _ => {
            let tenths = bytes / 100_000;
            format!("{},{} MB", tenths / 10, tenths % 10)
        }
    }
}

/// A file by its name and size.
#[must_use]
pub fn file(name: &str, bytes: u64) -> String {
    format!("{name} ({})", size(bytes))
}

/// What is asked of one person, counted.
#[must_use]
pub fn open_count(count: usize) -> String {
    if count == 1 {
        "1 fråga väntar på ditt svar.".to_owned()
    } else {
        format!("{count} frågor väntar på ditt svar.")
    }
}

/// A question in a list of links.
#[must_use]
pub fn open_entry(from_body: &str, headline: &str, due: Option<Date>) -> String {
    let from = if from_body.is_empty() { String::new() } else { format!("{from_body}: ") };
    let due = due.map(|day| format!(" – senast {}", long_week(day))).unwrap_or_default();
    format!("{from}{headline}{due}")
}

/// Until when an expired link worked.
#[must_use]
pub fn over_since(day: Date) -> String {
    format!("Länken fungerade till och med {}.", long_year(day))
}

/// For which body an expired link asked.
#[must_use]
pub fn over_for(body: &str) -> String {
    format!("Frågan gällde {body}.")
}

/// What stands first in the subject of a mail with a new link.
#[must_use]
pub fn renewed_subject(subject: &str) -> String {
    format!("Ny länk: {subject}")
}

/// Why somebody gets a mail with a new link.
pub const RENEWED_WHY: &str =
    "Du får mejlet för att en ny länk beställdes på sidan som den förra ledde till.";

/// That the whole form was too large to be read.
#[must_use]
pub fn refused_large(limit: u64) -> String {
    format!(
        "Det du skickade är för stort. En fil får vara högst {}. Gå tillbaka, välj en mindre fil eller lämna en länk, och tryck på ditt svar igen.",
        size(limit)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_said_as_people_say_them() {
        let said = [(12, "12 byte"), (1_001, "2 kB"), (3_450_000, "3,4 MB"), (10_000_000, "10 MB")];
        for (bytes, expected) in said {
            assert_eq!(size(bytes), expected);
        }
    }

    #[test]
    fn a_field_names_the_answers_it_belongs_to() {
        assert_eq!(belongs_to(&["Ja"]), "Hör till svaret ”Ja”.");
        assert_eq!(belongs_to(&["Ja", "Delvis", "Senare"]), "Hör till svaren ”Ja”, ”Delvis” och ”Senare”.");
    }

    #[test]
    fn a_word_has_one_name() {
        let all = WORDS.iter().chain(super::super::web::WORDS);
        let names: std::collections::BTreeSet<_> = all.clone().map(|(name, _)| name).collect();
        assert_eq!(names.len(), all.count());
    }
}
