//! What is wrong with what came with an answer, and what to do.

use jiff::civil::Date;

use crate::calendar::swedish::long_year;

#[expect(missing_docs, reason = "each is what is said of the fault of the same name")]
mod plain {
    pub const DATE_MISSING: &str = "Ange ett datum.";
    pub const DATE_UNREADABLE: &str =
        "Datumet går inte att läsa. Skriv som år-månad-dag, till exempel 2026-03-31.";
    pub const DATE_PAST: &str = "Datumet har redan varit. Ange en dag efter i dag.";
    pub const NOTHING_SET: &str = "Fyll i när mötet börjar och slutar, eller var det är.";
    pub const HOURS_BACKWARDS: &str = "Mötet slutar innan det börjar. Kontrollera klockslagen.";
    pub const HOURS_UNREADABLE: &str =
        "Klockslaget går inte att läsa. Skriv timme och minut, till exempel 09:30.";
    pub const HOURS_HALF: &str = "Fyll i både när mötet börjar och när det slutar.";
    pub const LINK: &str = "Länken är ingen webbadress. Den ska börja med https:// eller http://.";
    pub const HEADING: &str = "Rubriken finns inte längre i frågan. Öppna länken i mejlet igen.";
    pub const LIST_EMPTY: &str = "Skriv minst ett ärende.";
    pub const FILE_EMPTY: &str = "Filen är tom. Välj filen igen, eller lämna in den på annat sätt.";
    pub const FILE_KIND: &str =
        "Filen är varken ett Word-dokument (.docx) eller en PDF. Spara den i något av de formaten.";
    pub const FILE_REFUSED: &str =
        "Filen stoppades av kontrollen. Spara om den, eller lämna en länk i stället.";
    pub const FILE_UNCHECKED: &str =
        "Filen kunde inte kontrolleras just nu. Försök igen om en stund, eller lämna en länk i stället.";
    pub const MARK: &str = "En av rutorna finns inte längre i frågan. Kryssa i på nytt.";
    pub const NO_REASON: &str =
        "Skriv en rad om orsaken och vilket stöd som behövs, så syns det varför punkten är röd.";
    pub const NO_CLOSING: &str = "Skriv en rad om hur punkten avslutades. Den står kvar i loggen.";
    pub const NEXT_PAST: &str = "Nästa datum har redan varit. Ange i dag eller en senare dag.";
    pub const OWNER_UNKNOWN: &str = "Den ägaren finns inte i årshjulet. Välj en annan.";
    pub const VALUE_UNKNOWN: &str =
        "Måttet finns inte längre för den här punkten. Öppna länken i mejlet igen.";
    pub const PERIOD_MISSING: &str = "Ange vilken period värdena gäller, till exempel 2025 T1.";
    pub const PROPOSED_TITLE: &str = "ange en kort titel.";
    pub const PROPOSED_ROOM: &str = "texten är för lång. Korta den.";
    pub const PROPOSED_OWNER: &str = "välj en ägare.";
    pub const PROPOSED_NEXT: &str = "ange nästa datum, i dag eller senare.";
    pub const PROPOSED_NEWS: &str =
        "den titeln finns redan i handlingsplanen. Uppdatera den punkten, eller ge den nya ett annat namn.";
    pub const TO_MISSING: &str = "Ange en e-postadress.";
    pub const TO_UNKNOWN: &str = "Den adressen finns inte i årshjulet. Kontrollera stavningen, eller svara på mejlet som länken stod i och be processtödet lägga till personen.";
    pub const TO_SELF: &str = "Det är din egen adress. Ange någon annans.";
    pub const TO_CIRCLE: &str = "Den personen har redan skickat frågan vidare till dig. Ange någon annan.";
}
pub use plain::*;

/// A plan that can't be published yet.
#[must_use]
pub fn would_vanish(titles: &[String]) -> String {
    let titles = titles.iter().map(|title| format!("”{title}”")).collect::<Vec<_>>().join(", ");
    format!(
        "Det här skulle försvinna ur planen utan avslutande anteckning: {titles}. Skriv en rad om hur var och en \
         avslutades, eller ta upp den igen."
    )
}

/// What the chosen answer doesn't take.
#[must_use]
pub fn not_taken(what: &str, answer: &str) -> String {
    format!("Till svaret ”{answer}” hör inte {what}. Ta bort det, eller välj ett annat svar.")
}

/// What isn't taken, in a sentence: text, link, file, date, list, marks, recipient.
pub const THINGS: [&str; 16] = [
    "någon text",
    "någon länk",
    "någon fil",
    "något datum",
    "några ärenden",
    "några kryss",
    "någon e-postadress",
    "något läge",
    "någon status",
    "någon rad",
    "något nästa datum",
    "någon ägare",
    "några värden",
    "några nya punkter",
    "någon tid",
    "någon plats",
];

/// What must be there and isn't.
#[must_use]
pub fn missing(what: &str) -> String {
    format!("Svaret behöver {what}. Fyll i det och tryck på knappen igen.")
}

/// A place that is too long.
#[must_use]
pub fn place_too_long(length: usize, most: usize) -> String {
    format!("Platsen har {length} tecken. Högst {most} får plats.")
}

/// A value that is too long.
#[must_use]
pub fn value_too_long(most: usize) -> String {
    format!("Värdet eller perioden är för lång. Högst {most} tecken får plats.")
}

/// What is wrong with a proposed item.
#[must_use]
pub fn proposed(number: usize, what: &str) -> String {
    format!("Punkt {number}: {what}")
}

/// Too many items at once.
#[must_use]
pub fn too_many_proposals(most: usize) -> String {
    format!("Högst {most} punkter kan föreslås på en gång.")
}

/// Where something stands that looks like a personal number; never the number.
#[must_use]
pub fn personal_number(line: usize, character: usize) -> String {
    let line = if line == 1 { String::new() } else { format!("rad {line}, ") };
    format!(
        "Från {line}tecken {character} står det som ser ut som ett personnummer. \
         Sådana hör inte hit. Ta bort det, eller kryssa för att spara ändå."
    )
}

/// A date that must lie later.
#[must_use]
pub fn date_too_early(than: Date) -> String {
    format!("Ange en dag efter {}.", long_year(than))
}

/// A date that must lie earlier.
#[must_use]
pub fn date_too_late(last: Date) -> String {
    format!("Så lång tid finns det inte. Ange en dag senast {}.", long_year(last))
}

/// A text that is too long.
#[must_use]
pub fn text_too_long(length: usize, most: usize) -> String {
    let (length, most) = (grouped(length), grouped(most));
    format!("Texten är {length} tecken. Högst {most} får plats. Korta den, eller lämna den som fil.")
}

/// `20 001`, unbroken at a line's end.
fn grouped(number: usize) -> String {
    let (thousands, rest) = (number / 1000, number % 1000);
    if thousands == 0 { rest.to_string() } else { format!("{thousands}\u{a0}{rest:03}") }
}

/// A list that is too long.
#[must_use]
pub fn list_too_long(lines: usize, most: usize) -> String {
    format!("Listan är {lines} rader. Högst {most} får plats.")
}

/// A line without a title.
#[must_use]
pub fn line_no_title(line: usize, longest: usize) -> String {
    format!("Rad {line} har ingen titel, eller en som är längre än {longest} tecken.")
}

/// A line whose link is none.
#[must_use]
pub fn line_no_address(line: usize) -> String {
    format!("Länken på rad {line} är ingen webbadress. Den ska börja med https:// eller http://.")
}

/// A file that is too large.
#[must_use]
pub fn file_too_large(limit: u64) -> String {
    format!("Filen är för stor. Den får vara högst {}.", super::size(limit))
}
