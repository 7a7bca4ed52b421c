//! What the demonstration's own pages say.

use jiff::civil::{DateTime, Time};

use crate::calendar::iso_week;
use crate::calendar::swedish::{clock, long_year, short};

/// The sentences of templates, by the name that templates have for them.
pub const WORDS: &[(&str, &str)] = &[
    ("demo_title", "Ett år på några minuter"),
    (
        "demo_what",
        "Årshjulet håller reda på årets möten, remissrundor och sista dagar. Det mejlar rätt person i rätt tid, påminner bara den som inte har svarat och säger till i god tid innan något brister. Här går ett helt år på några minuter, med det riktiga årshjulet för Sydöstra sjukvårdsregionen.",
    ),
    (
        "demo_invented",
        "Alla personer, RPO-möten och punkter i handlingsplanen är påhittade. Inga mejl lämnar datorn om du inte har bett om det.",
    ),
    ("demo_now", "I demonstrationen är det"),
    ("demo_forward", "Gå framåt i tiden"),
    ("demo_next", "Nästa utskick"),
    ("demo_day", "En dag"),
    ("demo_week", "En vecka"),
    ("demo_month", "En månad"),
    ("demo_to", "Gå till en dag"),
    ("demo_go", "Gå dit"),
    ("demo_one_way", "Tiden går bara framåt. Det som har hänt på vägen finns i brevlådan."),
    ("demo_look", "Se vad som har hänt"),
    ("demo_mailbox", "Brevlådan"),
    (
        "demo_mailbox_about",
        "Alla mejl som har gått ut. Öppna ett och svara på det, så ser du vad som händer.",
    ),
    ("demo_home", "Lägesbilden"),
    ("demo_home_about", "Det alla får se: vad som händer härnäst och hur det går med planerna."),
    ("demo_year", "Året"),
    ("demo_year_about", "Alla möten, rundor och sista dagar, kvartal för kvartal."),
    ("demo_subscribe", "Kalendern"),
    ("demo_subscribe_about", "Så prenumererar man på årshjulet i Outlook, Google och Apple."),
    ("demo_coming", "Det som går ut härnäst"),
    (
        "demo_coming_lead",
        "Planen är känd i förväg. Svarar någon innan dess försvinner deras påminnelser härifrån.",
    ),
    ("demo_coming_when", "När"),
    ("demo_coming_what", "Vad"),
    ("demo_coming_to", "Till"),
    ("demo_coming_nothing", "Ingenting är planerat den närmaste tiden."),
    ("mailbox_lead", "Så här ser mejlen ut för dem som får dem. Länkarna i mejlen fungerar."),
    ("mailbox_filter", "Mottagare"),
    ("mailbox_all", "Alla mottagare"),
    ("mailbox_show", "Visa"),
    ("mailbox_list", "Mejl, de nyaste först"),
    ("mailbox_none", "Inga mejl har gått ut än. Gå framåt i tiden, så kommer det första."),
    ("mailbox_newer", "Nyare mejl"),
    ("mailbox_older", "Äldre mejl"),
    ("mailbox_pages", "Fler mejl"),
    ("mailbox_choose", "Välj ett mejl i listan för att läsa det."),
    ("mailbox_from", "Från"),
    ("mailbox_to", "Till"),
    ("mailbox_sent", "Skickat"),
    ("mailbox_body", "Mejlets innehåll"),
    ("mailbox_unreadable", "Mejlet går inte att visa."),
    ("around_label", "Demonstration"),
    ("around_note", "Demonstration med påhittade personer och möten"),
];

/// One of [`WORDS`]; empty for a name that isn't there.
#[must_use]
pub fn word(name: &str) -> &'static str {
    WORDS.iter().find(|(known, _)| *known == name).map_or("", |(_, said)| said)
}

/// The virtual moment: "måndag 3 februari 2025", and below it "vecka 6, kl. 09.00".
#[must_use]
pub fn now(at: DateTime) -> (String, String) {
    (long_year(at.date()), format!("vecka {}, {}", iso_week(at.date()).1, clock(at.time())))
}

/// How fast the clock goes: `minutes` of the year for each second at the screen; none if it stands still.
#[must_use]
pub fn pace(minutes: Option<i64>) -> String {
    match minutes {
        None => "Tiden står still tills du trycker på en knapp.".to_owned(),
        Some(60) => "Tiden går: en timme på en sekund.".to_owned(),
        Some(minutes) if minutes % 1440 == 0 => format!("Tiden går: {} dygn på en sekund.", minutes / 1440),
        Some(minutes) if minutes % 60 == 0 => format!("Tiden går: {} timmar på en sekund.", minutes / 60),
        Some(minutes) => format!("Tiden går: {minutes} minuter på en sekund."),
    }
}

/// How much has happened so far.
#[must_use]
pub fn so_far(mails: u64, people: u64, answers: u64) -> String {
    let count = |n: u64, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    format!(
        "Hittills: {} till {} och {}.",
        count(mails, "mejl", "mejl"),
        count(people, "person", "personer"),
        count(answers, "svar", "svar")
    )
}

/// "mån 3 feb kl. 08.00"
#[must_use]
pub fn moment(at: DateTime) -> String {
    format!("{} {}", short(at.date()), clock(at.time()))
}

/// The day of a list, without the time where that is midnight.
#[must_use]
pub fn sent(at: DateTime) -> String {
    if at.time() == Time::midnight() {
        long_year(at.date())
    } else {
        format!("{} {}", long_year(at.date()), clock(at.time()))
    }
}

/// A recipient to choose, with how many mails there are.
#[must_use]
pub fn recipient(name: &str, mails: u64) -> String {
    format!("{name} ({mails})")
}

/// Where in the mailbox the reader is.
#[must_use]
pub fn page(page: u64, pages: u64) -> String {
    format!("Sida {page} av {pages}")
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_clock_is_said_plainly() {
        assert_eq!(pace(None), "Tiden står still tills du trycker på en knapp.");
        assert_eq!(pace(Some(60)), "Tiden går: en timme på en sekund.");
        assert_eq!(pace(Some(1440)), "Tiden går: 1 dygn på en sekund.");
        assert_eq!(pace(Some(10)), "Tiden går: 10 minuter på en sekund.");
        let (day, more) = now(date(2025, 2, 3).at(9, 0, 0, 0));
        assert_eq!((day.as_str(), more.as_str()), ("måndag 3 februari 2025", "vecka 6, kl. 09.00"));
        assert_eq!(so_far(1, 1, 0), "Hittills: 1 mejl till 1 person och 0 svar.");
    }
}
