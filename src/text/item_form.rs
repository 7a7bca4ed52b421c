//! How an item of the plan stands, in honest words: what was reported and how old that is.

use jiff::Unit;
use jiff::civil::Date;

use crate::calendar::swedish::{range, range_year};
use crate::items::Health;

/// Nothing has ever been reported.
pub const NEVER: &str = "aldrig uppdaterad";
/// Nobody owns it.
pub const NOBODY: &str = "ingen";

/// A day within a sentence: with its year, unless that is this one.
fn day(day: Date, today: Date) -> String {
    if day.year() == today.year() { range(day, day) } else { range_year(day, day) }
}

fn days_between(earlier: Date, later: Date) -> i32 {
    earlier.until((Unit::Day, later)).map_or(0, |span| span.get_days())
}

/// `1 dag`, `84 dagar`.
fn days(count: i32) -> String {
    if count == 1 { "1 dag".to_owned() } else { format!("{count} dagar") }
}

/// Health beside the age of its report: "grön, ej bekräftad sedan 13 oktober".
#[must_use]
pub fn fresh(health: Health, reported: Option<Date>, today: Date) -> String {
    let word = match health {
        Health::Unknown => "ingen färg angiven".to_owned(),
        known => known.swedish().to_lowercase(),
    };
    match reported {
        None => format!("{word}, {NEVER}"),
        Some(on) if on >= today => format!("{word}, bekräftad i dag"),
        Some(on) => format!("{word}, ej bekräftad sedan {}", day(on, today)),
    }
}

/// When the last report came: "13 oktober, för 84 dagar sedan".
#[must_use]
pub fn reported(on: Option<Date>, today: Date) -> String {
    match on {
        None => NEVER.to_owned(),
        Some(on) if on >= today => "i dag".to_owned(),
        Some(on) => format!("{}, för {} sedan", day(on, today), days(days_between(on, today))),
    }
}

/// By when it was promised: "till 31 maj 2023, 581 dagar sedan (”under våren 2023”)".
#[must_use]
pub fn promised(by: Date, words: &str, today: Date) -> String {
    let when = day(by, today);
    let said = if words.is_empty() { String::new() } else { format!(" (”{words}”)") };
    match days_between(today, by) {
        0 => format!("till i dag{said}"),
        left if left > 0 => format!("till {when}, om {}{said}", days(left)),
        passed => format!("till {when}, {} sedan{said}", days(-passed)),
    }
}

/// What it waits for: "första RPO-mötet 2025, inget datum än".
#[must_use]
pub fn waits(words: &str, until: Option<Date>, today: Date) -> String {
    match until {
        None => format!("{words}, inget datum än"),
        Some(until) => format!("{words}, {}", day(until, today)),
    }
}

/// When something is to happen next.
#[must_use]
pub fn next(on: Date, today: Date) -> String {
    let passed = if on < today { ", har passerat" } else { "" };
    format!("{}{passed}", day(on, today))
}

/// The period that a day lies in, as measures are reported: a third of a year.
#[must_use]
pub fn period(day: Date) -> String {
    format!("{} T{}", day.year(), (day.month() - 1) / 4 + 1)
}

/// Labels of what is shown of an item, and of the fields that change it.
pub mod labels {
    #![expect(missing_docs, reason = "each is the label of what has the same name")]
    pub const ITEM: &str = "Punkt";
    pub const PHASE: &str = "Läge";
    pub const HEALTH: &str = "Status";
    pub const REPORTED: &str = "Senast";
    pub const NEXT: &str = "Nästa datum";
    pub const PROMISED: &str = "Lovat";
    pub const WAITS: &str = "Väntar på";
    pub const OWNERS: &str = "Ägare";
    pub const LINE: &str = "Vad har hänt? En rad";
    pub const LINE_HINT: &str =
        "Står i punktens logg. Blir punkten röd: skriv orsaken och vilket stöd som behövs.";
    pub const OWNERS_NOW: &str = "som nu";
    pub const OWNER_NONE: &str = "Välj ägare";
    pub const EACH_OWNER: &str = "Alla som har rollen svarar var för sig";
    pub const PERIOD: &str = "Vilken period gäller värdena?";
    pub const TITLE: &str = "Vad ska punkten heta?";
    pub const MUST: &str = "Måste fyllas i.";
    pub const PROMISES: &str = "Patientlöften";
    pub const ACTIVITY: &str = "Aktivitet";
    pub const FOLLOW_UP: &str = "Uppföljning";
    pub const ANYWAY: &str = "Ser ut som ett personnummer";
    pub const ANYWAY_TICK: &str = "Spara ändå";
}

/// Several owners in a list of choices.
#[must_use]
pub fn owners_now(owners: &str) -> String {
    format!("{owners} ({})", labels::OWNERS_NOW)
}

/// What is known of a measure beside its name.
#[must_use]
pub fn measure(unit: &str, target: &str) -> Option<String> {
    let unit = Some(unit).filter(|unit| !unit.is_empty()).map(|unit| format!("Enhet: {unit}."));
    let target = Some(target).filter(|target| !target.is_empty()).map(|target| format!("Mål: {target}."));
    let said = [unit, target].into_iter().flatten().collect::<Vec<_>>().join(" ");
    Some(said).filter(|said| !said.is_empty())
}

/// A region's last value.
#[must_use]
pub fn last_value(value: &str, period: &str) -> String {
    format!("Senast {value} ({period}).")
}

/// What opens the fields of a further proposal.
#[must_use]
pub fn proposal(number: usize) -> String {
    if number == 1 { "Punkt 1".to_owned() } else { format!("Ännu en punkt ({number})") }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn an_old_report_is_called_old() {
        let today = date(2025, 1, 2);
        for (health, on, said) in [
            (Health::Green, Some(date(2024, 10, 13)), "grön, ej bekräftad sedan 13 oktober 2024"),
            (Health::Green, Some(date(2025, 1, 1)), "grön, ej bekräftad sedan 1 januari"),
            (Health::Red, Some(today), "röd, bekräftad i dag"),
            (Health::Yellow, None, "gul, aldrig uppdaterad"),
            (Health::Unknown, None, "ingen färg angiven, aldrig uppdaterad"),
        ] {
            assert_eq!(fresh(health, on, today), said);
        }
        assert_eq!(reported(Some(date(2025, 1, 1)), today), "1 januari, för 1 dag sedan");
    }

    #[test]
    fn a_promise_is_counted_in_days() {
        let today = date(2025, 1, 2);
        let spring = date(2023, 5, 31);
        assert_eq!(promised(spring, "", date(2025, 1, 1)), "till 31 maj 2023, 581 dagar sedan");
        let said = promised(date(2025, 12, 31), "under 2025", today);
        assert_eq!(said, "till 31 december, om 363 dagar (”under 2025”)");
        assert_eq!(waits("nästa RPO", None, today), "nästa RPO, inget datum än");
        assert_eq!(period(date(2025, 5, 1)), "2025 T2");
    }
}
