//! What the compiled draft and the list for the diary say.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::calendar::{civil, swedish};

/// Below the title: what it is.
pub const SUBTITLE: &str = "Sammanställning av svar – underlag till samordnat svar";

/// Labels of the facts below the title.
pub mod facts {
    #![expect(missing_docs, reason = "each is the label of the fact of the same name")]
    pub const DIARY: &str = "Diarienummer";
    pub const NO_DIARY: &str = "saknas";
    pub const LINK: &str = "Handlingar";
    pub const BODY: &str = "Sammanställs av";
    pub const PERIOD: &str = "Svarstid";
    pub const DUE: &str = "Intern sista svarsdag";
    pub const CLOSES: &str = "Sista svarsdag";
    pub const AS_OF: &str = "Läget";
    pub const ANSWERS: &str = "Svar";
    pub const SENT: &str = "Inskickat";
}

/// How many have answered.
#[must_use]
pub fn answered(answered: usize, asked: usize) -> String {
    match asked {
        0 => "ingen är tillfrågad".to_owned(),
        _ => format!("{answered} av {asked} tillfrågade har svarat"),
    }
}

/// `fredag 24 oktober 2025 kl. 14.45`
#[must_use]
pub fn moment(at: Timestamp) -> String {
    let local = civil(at);
    format!("{} {}", swedish::long_year(local.date()), swedish::clock(local.time()))
}

/// The heading over those who ticked something.
#[must_use]
pub fn marked(mark: &str) -> String {
    format!("Markerat: {mark}")
}

/// Nobody ticked it.
#[must_use]
pub fn not_marked(mark: &str) -> String {
    format!("Ingen har markerat ”{mark}”.")
}

/// The part that holds the texts.
pub const TEXTS: &str = "Synpunkter";
/// A section of texts under no heading, beside others that have one.
pub const NO_HEADING: &str = "Utan rubrik";
/// A section that nobody wrote in.
pub const NO_TEXTS: &str = "Ingen har skrivit något här.";
/// What a table holds, to a screen reader.
#[must_use]
pub fn table(section: &str) -> String {
    format!("Svar per region och grupp: {section}")
}

/// Heads of the columns: region, who, text.
pub const REGION: &str = "Region";
/// See [`REGION`].
pub const WHO: &str = "Lämnat av";
/// See [`REGION`].
pub const TEXT: &str = "Synpunkter";
/// In the column of regions, for a body of no region.
pub const NO_REGION: &str = "Ingen region";

/// The part that lists everybody by what they answered.
pub const BY_ANSWER: &str = "Så har de tillfrågade svarat";
/// The list of those who are silent.
pub const SILENT: &str = "Har inte svarat";
/// An empty list.
pub const NOBODY: &str = "Ingen.";
/// The part that lists files and addresses.
pub const ATTACHED: &str = "Bilagor och länkar";
/// No file and no address came.
pub const NOTHING_ATTACHED: &str = "Inga bilagor eller länkar har lämnats.";

/// An answer that something to read belongs to came without.
pub const BARE: &str = "utan text, länk och bilaga";

/// The day of an answer, after who gave it.
#[must_use]
pub fn on(day: Date) -> String {
    swedish::long_year(day)
}

/// A later last day of one's own.
#[must_use]
pub fn more_time(until: Date) -> String {
    format!("har fått tid till {}", swedish::long_year(until))
}

/// A file's name, after who handed it in.
#[must_use]
pub fn file(name: &str) -> String {
    format!("bilaga {name}")
}

/// The header of each page.
#[must_use]
pub fn page_head(diary: Option<&str>, body: &str) -> String {
    let number = diary.unwrap_or(facts::NO_DIARY);
    format!("{} {number} · {body}", facts::DIARY)
}

/// The footer of each page: before, between and after the page's number and the number of pages.
pub const PAGE: [&str; 2] = ["Sida ", " av "];

/// The heads of the list for the diary.
pub const DIARY: [&str; 8] =
    ["Diarienummer", "Ärende", "Öppnat", "Sista svarsdag", "Tillfrågad", "Svarade", "Svar", "Inskickat"];
