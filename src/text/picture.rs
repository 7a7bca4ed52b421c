//! What the lägesbild says, on slides, in workbooks and on pages.

use jiff::civil::Date;

use super::items::{self, day};
use crate::calendar::swedish;
use crate::items::fresh::CONFIRMED_FOR;
use crate::items::register::Source;
use crate::items::{Health, Phase};

/// The template's columns.
pub const COLUMNS: [&str; 5] = [
    "Nationellt insatsområde",
    "Prioriterat område och patientlöften",
    "Aktiviteter",
    "Uppföljning",
    "Status",
];
/// An owner who is a person, where nobody is named.
pub const A_PERSON: &str = "en namngiven person";
/// What the picture is called, before whose it is.
pub const TITLE: &str = "Lägesbild";
/// What a document of it is about.
pub const SUBJECT: &str = "Handlingsplan med läget punkt för punkt";
/// A plan without rows.
pub const EMPTY: &str = "Det finns inga punkter i planen.";

/// The heading over a group of rows.
#[must_use]
pub fn section(source: Option<Source>) -> &'static str {
    match source {
        Some(Source::National) => "Nationellt insatsområde NPO",
        Some(Source::Rsl) => "Uppdrag från RSL",
        Some(Source::Council) => "Uppdrag från kunskapsrådet",
        Some(Source::Own) => "Prioriterat område",
        None => "Punkter i handlingsplanen",
    }
}

/// The same where several plans are gathered.
#[must_use]
pub fn section_of(body: &str, section: &str) -> String {
    format!("{body}: {section}")
}

/// A heading over one of several slides.
#[must_use]
pub fn page_of(heading: &str, page: usize, pages: usize) -> String {
    if pages > 1 { format!("{heading} ({page} av {pages})") } else { heading.to_owned() }
}

/// The title of a row that goes on from the slide before.
#[must_use]
pub fn going_on(title: &str) -> String {
    format!("{title} (forts.)")
}

/// "Lägesbild RPO Medicinsk diagnostik"
#[must_use]
pub fn title(body: &str) -> String {
    format!("{TITLE} {body}")
}

/// "Läget torsdag 27 mars 2025"
#[must_use]
pub fn as_of(day: Date) -> String {
    format!("Läget {}", swedish::long_year(day))
}

/// "Plan 2025, fastställd 12 december 2024"
#[must_use]
pub fn version(version: &str) -> String {
    format!("Plan {version}")
}

/// "2025, fastställd 12 december 2024"; `state` is what was done with the version, by its code in the store.
#[must_use]
pub fn kept(name: &str, state: &str, day: &str) -> String {
    let done = match state {
        "frozen" => "under revidering sedan",
        "approved" => "fastställd",
        "published" => "publicerad",
        _ => "inläst",
    };
    format!("{name}, {done} {day}")
}

/// "ordförande i RAG Patologi"
#[must_use]
pub fn role(title: &str, body: &str) -> String {
    format!("{} i {body}", title.to_lowercase())
}

/// How old a report is: "rapporterad för 3 veckor sedan", "ej bekräftad sedan 13 oktober 2024", "aldrig rapporterad".
#[must_use]
pub fn age(reported: Option<Date>, today: Date) -> String {
    let Some(last) = reported else { return "aldrig rapporterad".to_owned() };
    match (today - last).get_days() {
        ..=0 => "rapporterad i dag".to_owned(),
        1 => "rapporterad i går".to_owned(),
        days @ 2..14 => format!("rapporterad för {days} dagar sedan"),
        days if days <= CONFIRMED_FOR => format!("rapporterad för {} veckor sedan", days / 7),
        _ => format!("ej bekräftad sedan {}", day(last, today)),
    }
}

/// Who answers for a part.
#[must_use]
pub fn owners(owners: &[String]) -> String {
    match owners {
        [] => "ingen ansvarar ännu".to_owned(),
        owners => format!("ansvarar: {}", owners.join(", ")),
    }
}

/// When something happens next.
#[must_use]
pub fn next(next: Date, today: Date) -> String {
    format!("nästa datum: {}", day(next, today))
}

/// What a part waits for: each with the day until which it does, if one is known.
#[must_use]
pub fn waits(waits: &[(String, Option<Date>)], today: Date) -> String {
    let one = |(words, until): &(String, Option<Date>)| match until {
        Some(until) => items::wait(words, Some(*until), today),
        None => words.clone(),
    };
    format!("väntar på: {}", waits.iter().map(one).collect::<Vec<_>>().join("; "))
}

/// A promise that has passed.
#[must_use]
pub fn late(last: Date, words: &str, today: Date) -> String {
    format!("skulle vara klart {}", items::deadline(last, words, today))
}

/// The word beside a health's symbol, in a legend.
#[must_use]
pub fn legend(health: Health) -> &'static str {
    match health {
        Health::Green => "enligt plan",
        Health::Yellow => "mindre problem",
        Health::Red => "allvarliga problem",
        Health::Unknown => "ingen färg angiven",
    }
}

/// What the symbols mean, in a line.
pub const DONE: &str = "avslutad";

/// "12 punkter, 14 delar"
#[must_use]
pub fn size(rows: usize, parts: usize) -> String {
    let rows_said = counted(rows, "punkt", "punkter");
    if parts == rows { rows_said } else { format!("{rows_said} i {}", counted(parts, "del", "delar")) }
}

/// "4 pågår, 3 ej påbörjade ..."
#[must_use]
pub fn phases<'a>(counts: impl IntoIterator<Item = (&'a Phase, &'a usize)>) -> String {
    let one = |(phase, count): (&Phase, &usize)| {
        let word = match (phase, count) {
            (Phase::NotStarted, 2..) => "ej påbörjade".to_owned(),
            (Phase::Undecided, 2..) => "ej beslutade".to_owned(),
            (Phase::Done, 2..) => "avslutade".to_owned(),
            (Phase::Unknown, _) => "utan angivet läge".to_owned(),
            (phase, _) => phase.swedish().to_lowercase(),
        };
        format!("{count} {word}")
    };
    counts.into_iter().map(one).collect::<Vec<_>>().join(", ")
}

/// What wants attention, a line each; empty where nothing does.
#[must_use]
pub fn attention(stale: usize, unowned: usize, late: usize) -> Vec<String> {
    let mut lines = Vec::new();
    if stale > 0 {
        lines.push(format!("{stale} har inte bekräftats de senaste {CONFIRMED_FOR} dagarna"));
    }
    if unowned > 0 {
        lines.push(format!("{unowned} har ingen som ansvarar"));
    }
    if late > 0 {
        lines.push(format!("{} skulle ha varit klart tidigare", counted(late, "punkt", "punkter")));
    }
    lines
}

/// "2 punkter"
#[must_use]
pub fn counted(count: usize, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}

/// The heading over what has changed.
#[must_use]
pub fn since(since: Date) -> String {
    format!("{SINCE} {}", swedish::range_year(since, since))
}

/// Nothing has since then.
#[must_use]
pub fn unchanged(since: Date) -> String {
    format!("inget har ändrats eller skrivits sedan {}", swedish::range_year(since, since))
}

/// What that heading begins with.
pub const SINCE: &str = "Ändrat sedan";
/// Nothing has.
pub const NOTHING_CHANGED: &str = "Inget har ändrats eller skrivits.";

/// Words for what has changed.
pub mod changed {
    use jiff::civil::Date;

    use super::super::items::day;
    use crate::items::register::LogKind;

    /// It came.
    pub const ADDED: &str = "ny i planen";

    /// It was called something else.
    #[must_use]
    pub fn renamed(from: &str) -> String {
        format!("hette förut ”{from}”")
    }

    /// Another word than before.
    #[must_use]
    pub fn from_to(from: &str, to: &str) -> String {
        format!("{} → {}", from.to_lowercase(), to.to_lowercase())
    }

    /// A line of the log.
    #[must_use]
    pub fn line(on: Date, kind: LogKind, text: &str, today: Date) -> String {
        let on = day(on, today);
        match (kind, text) {
            (LogKind::Report, text) => format!("{on}: {text}"),
            (kind, "") => format!("{on}: {}", kind.swedish().to_lowercase()),
            (kind, text) => format!("{on}, {}: {text}", kind.swedish().to_lowercase()),
        }
    }
}

/// The columns of a workbook beside the template's: where a row comes from before them, what the register knows
/// after them, its id last.
pub mod workbook {
    /// The sheet.
    pub const SHEET: &str = "Handlingsplan";
    /// Where the row comes from.
    pub const SOURCE: &str = "Källa";
    /// What the register knows beside the template.
    pub const MORE: [&str; 5] =
        ["Senast rapporterat", "Ansvarar", "Nästa datum", "Väntar på", "Skulle vara klart"];
    /// The row's id.
    pub const ID: &str = "id";
}

/// What a table is, to whoever hears it.
#[must_use]
pub fn table(heading: &str, first: usize, last: usize) -> String {
    if first == last {
        format!("{heading}: punkt {first}")
    } else {
        format!("{heading}: punkterna {first}–{last}")
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_age_of_a_report_is_told_ever_less_exactly_until_it_is_stale() {
        let today = date(2025, 3, 27);
        let told = |days: i64| age(Some(today.saturating_sub(jiff::Span::new().days(days))), today);
        assert_eq!(told(0), "rapporterad i dag");
        assert_eq!(told(13), "rapporterad för 13 dagar sedan");
        assert_eq!(told(21), "rapporterad för 3 veckor sedan");
        assert_eq!(told(90), "rapporterad för 12 veckor sedan");
        assert_eq!(told(91), "ej bekräftad sedan 26 december 2024");
        assert_eq!(age(None, today), "aldrig rapporterad");
    }

    #[test]
    fn counts_are_said_in_words() {
        assert_eq!(size(12, 14), "12 punkter i 14 delar");
        assert_eq!(size(1, 1), "1 punkt");
        let counts = std::collections::BTreeMap::from([(Phase::NotStarted, 3), (Phase::Ongoing, 1)]);
        assert_eq!(phases(&counts), "3 ej påbörjade, 1 pågår");
    }
}
